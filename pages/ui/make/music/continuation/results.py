"""N continuations of a beginning: the best as cards, all in a table, and their variety."""

from __future__ import annotations

import math

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.html import notices
from pages.ui.common.plotly_chart import charts
from pages.ui.make.music.cards.player import Playback, download_buttons, inline_note
from pages.ui.make.music.cards.score_cards import melodies
from seqgan_core.figures.make.continuation import fan
from seqgan_core.insight.writing.continuation import Continuations, sounding
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import STEP

FIRST = 4  # ways that are seen at once
CLOSE, FEW = 0.1, 4  # scores of fewer ways, or closer together, say little of their spread


def continuations(continued: Continuations, playback: Playback) -> None:
    """Draw what a model made of a beginning."""
    _explanation(continued)
    _facts(continued)
    rows, form = continued.tokens.tolist(), continued.sampler.config.music_form
    shown = FIRST if url_state.text("ways_all") != "yes" else len(rows)
    given, until = len(playback.melody(continued.prefix, form).notes), len(continued.prefix) * STEP
    tunes = [
        playback.tune(str(at), _title(continued, at), row, form, given=given, until=until)
        for at, row in enumerate(rows[:shown])
    ]
    melodies(tunes, "music.ways")
    best = playback.melody(rows[0], form, _best_title(continued))
    with st.container(horizontal=True, vertical_alignment="center", key="music-ways-keep"):
        _more(len(rows))
        inline_note(_("Keep the first:"))
        download_buttons(
            best, playback.instrument, f"gone-on-{continued.request.seed}", "music.ways.files"
        )
    notices(findings(continued))
    _table(continued)


def picture(continued: Continuations) -> None:
    """Draw all continuations as lines from the beginning."""
    figure = fan(
        sounding(continued.tokens), len(continued.prefix), continued.variety.shared_steps,
        ranked=continued.scores is not None,
    )  # fmt: skip
    charts([[figure]], "music.ways.fan")


def findings(continued: Continuations) -> list[str]:
    """What to notice, a sentence each, computed from what was found."""
    sentences = (_mean(continued), _spread(continued), _surprising(continued), _foreign(continued))
    return [sentence for sentence in sentences if sentence]


def _explanation(continued: Continuations) -> None:
    """What the order means, and what the form cannot say."""
    if continued.scores is None:
        html.quiet(
            _(
                "No ranking: {name} was trained without a discriminator, and no model that ships "
                "has a D for its form, its keys and its length. So they stand as the dice fell. "
                "Choose a SeqGAN model above to see a ranking."
            ).format(name=continued.sampler.title)
        )
    else:
        html.quiet(
            _(
                "Ranked by P(real), the opinion of one discriminator, that of {judge}: it reads "
                "the whole tune, your notes too. Another D, or you, may well rank otherwise."
            ).format(judge=continued.judge)
        )
    if continued.sampler.config.music_form == "keys":
        html.quiet(
            _(
                "{name} knows one pitch for each step and no rest: what you held or left silent "
                "it reads as the pitch that sounds, again and again."
            ).format(name=continued.sampler.title)
        )


def _facts(continued: Continuations) -> None:
    facts, n = [], len(continued.tokens)
    if continued.scores is not None:
        facts.append((_("Mean P(real)"), f"{continued.mean:.2f}", _within(continued)))
        if n > 1:
            low, high = float(continued.scores[-1]), float(continued.scores[0])
            facts.append((_("Worst to best"), f"{low:.2f} – {high:.2f}", ""))
    variety = continued.variety
    facts.append((_("Different"), f"{variety.different}", _("of {n}").format(n=n)))
    if variety.pairs:
        steps = continued.sampler.length - len(continued.prefix)
        pairs = _("1 pair") if variety.pairs == 1 else _("{n} pairs").format(n=variety.pairs)
        facts += [
            (_("Two differ in"), f"{variety.difference:.0%}",
             _("of the {steps} steps after yours, over {pairs}").format(
                 steps=steps, pairs=pairs)),
            (_("They part after"), f"{variety.shared_steps:.1f}", _("steps that both have alike")),
        ]  # fmt: skip
    html.facts(facts)


def _within(continued: Continuations) -> str:
    n = len(continued.tokens)
    if n < 2:
        return _("N = 1")
    return _("± {error:.2f} standard error, N = {n}").format(error=continued.error, n=n)


def _mean(continued: Continuations) -> str:
    if continued.scores is None:
        return ""
    if continued.request.temperature != 1.0:
        return _(
            "At temperature {t:g} the mean is no Q: that is defined by the model's own dice, at 1."
        ).format(t=continued.request.temperature)
    words = _(
        "The mean, {mean:.2f}, is Q of the last step that you drew, by N = {n} roll-outs: what "
        "training would have paid for it."
    ).format(mean=continued.mean, n=len(continued.tokens))
    if len(continued.tokens) > 1:
        words += " " + _("Its standard error is {error:.2f}.").format(error=continued.error)
    return words


def _spread(continued: Continuations) -> str:
    """Whether the beginning or what follows decides, as far as N scores can say."""
    if continued.scores is None or len(continued.scores) < 2:
        return ""
    low, high = float(continued.scores[-1]), float(continued.scores[0])
    if high - low < CLOSE:
        if len(continued.scores) < FEW:
            return ""  # so few may lie close together by chance
        return _(
            "D hardly tells one from another ({low:.2f} to {high:.2f}): to it, the beginning and "
            "the model's manner decide, not the way taken."
        ).format(low=low, high=high)
    return _(
        "The same beginning, and D takes one way for real with {high:.2f}, another with {low:.2f}: "
        "what a note is worth depends on what follows, so many ways are asked."
    ).format(low=low, high=high)


def _surprising(continued: Continuations) -> str:
    at = int(continued.surprisal.argmax())
    nats = float(continued.surprisal[at])
    return _(
        "Of what you drew, step {step} (“{word}”) surprises {name} most: it gave it one chance in "
        "{times:,.0f}."
    ).format(
        step=at + 1, word=continued.sampler.words[continued.prefix[at]],
        name=continued.sampler.title,
        times=math.exp(nats),
    )  # fmt: skip


def _foreign(continued: Continuations) -> str:
    """Notes outside the two keys that a transposed model has learned in."""
    if not continued.out_of_key:
        return ""
    return _(
        "{name} learned all tunes in C major or A minor. Outside these keys: {notes}. A D that was "
        "trained on such tunes has hardly met this ground either, so take its numbers lightly."
    ).format(name=continued.sampler.title, notes=", ".join(continued.out_of_key))


def _title(continued: Continuations, at: int) -> str:
    n = len(continued.tokens)
    if continued.scores is None:
        return _("Way {rank} of {n}, not ranked").format(rank=at + 1, n=n)
    return _("{rank} of {n} · P(real) {p:.2f}").format(
        rank=at + 1, n=n, p=float(continued.scores[at])
    )


def _best_title(continued: Continuations) -> str:
    return _("Drawn by hand, gone on with by {name}").format(name=continued.sampler.title)


def _more(n: int) -> None:
    """The button that shows the rest, or hides it again."""
    if n <= FIRST:
        return
    whole = url_state.text("ways_all") == "yes"
    st.button(
        _("Show the first {n} only").format(n=FIRST) if whole
        else _("Show the other {n}").format(n=n - FIRST),
        icon=":material/expand_less:" if whole else ":material/expand_more:",
        key="music.ways.all", on_click=url_state.put, kwargs={"ways_all": None if whole else "yes"},
    )  # fmt: skip


def _table(continued: Continuations) -> None:
    known, rows = len(continued.prefix), []
    for at, row in enumerate(continued.tokens.tolist()):
        score = "–" if continued.scores is None else f"{float(continued.scores[at]):.3f}"
        names = " ".join(continued.sampler.words[token] for token in row[known:])
        rows.append([str(at + 1), score, str(continued.draws[at]), names])
    with st.expander(_("All of them as a table")), st.container(key="music-ways-table"):
        html.table(
            [_("rank"), _("P(real)"), _("throw"), _("the steps after yours")],
            rows,
            _("“–” goes on with the note before it; all begin with: {start}").format(
                start=" ".join(continued.sampler.words[token] for token in continued.prefix)
            ),
        )
