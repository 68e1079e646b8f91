"""N ways on from a beginning: the best as cards, all in a table, how different they are."""

from __future__ import annotations

import math

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.html import notices
from pages.ui.common.i18n import _
from pages.ui.common.plotly_chart import charts
from pages.ui.make.music.cards.player import Played, beside, files
from pages.ui.make.music.cards.score_cards import melodies
from seqgan_core.figures.make.continuation import fan
from seqgan_core.insight.writing.continuation import Continuations, sounding
from seqgan_core.tasks.music.tokens import STEP

FIRST = 4  # ways that are seen at once
CLOSE, FEW = 0.1, 4  # scores of fewer ways, or closer together, say little of their spread


def ways(found: Continuations, played: Played) -> None:
    """Draw what a model made of a beginning."""
    _told(found)
    _facts(found)
    rows, form = found.tokens.tolist(), found.sampler.config.music_form
    shown = FIRST if url_state.text("ways_all") != "yes" else len(rows)
    given, until = len(played.melody(found.prefix, form).notes), len(found.prefix) * STEP
    tunes = [
        played.tune(str(at), _title(found, at), row, form, given=given, until=until)
        for at, row in enumerate(rows[:shown])
    ]
    melodies(tunes, "music.ways")
    best = played.melody(rows[0], form, _called(found))
    with st.container(horizontal=True, vertical_alignment="center", key="music-ways-keep"):
        _more(len(rows))
        beside(_("Keep the first:"))
        files(best, played.instrument, f"gone-on-{found.request.seed}", "music.ways.files")
    notices(noticed(found))
    _table(found)


def picture(found: Continuations) -> None:
    """Draw all ways on as lines from the beginning."""
    drawn = fan(
        sounding(found.tokens), len(found.prefix), found.variety.shared_steps,
        ranked=found.scores is not None,
    )  # fmt: skip
    charts([[drawn]], "music.ways.fan")


def noticed(found: Continuations) -> list[str]:
    """What to notice, a sentence each, computed from what was found."""
    return [said for said in (_mean(found), _spread(found), _surprising(found), _foreign(found))
            if said]  # fmt: skip


def _told(found: Continuations) -> None:
    """What the order means, and what the form cannot say."""
    if found.scores is None:
        html.quiet(
            _(
                "No ranking: {name} was trained without a discriminator, and no model that ships "
                "has a D for its form, its keys and its length. So they stand as the dice fell. "
                "Choose a SeqGAN model above to see a ranking."
            ).format(name=found.sampler.title)
        )
    else:
        html.quiet(
            _(
                "Ranked by P(real), the opinion of one discriminator, that of {judge}: it reads "
                "the whole tune, your notes too. Another D, or you, may well rank otherwise."
            ).format(judge=found.judge)
        )
    if found.sampler.config.music_form == "keys":
        html.quiet(
            _(
                "{name} knows one pitch for each step and no rest: what you held or left silent "
                "it reads as the pitch that sounds, again and again."
            ).format(name=found.sampler.title)
        )


def _facts(found: Continuations) -> None:
    facts, n = [], len(found.tokens)
    if found.scores is not None:
        facts.append((_("Mean P(real)"), f"{found.mean:.2f}", _within(found)))
        if n > 1:
            low, high = float(found.scores[-1]), float(found.scores[0])
            facts.append((_("Worst to best"), f"{low:.2f} – {high:.2f}", ""))
    variety = found.variety
    facts.append((_("Different"), f"{variety.different}", _("of {n}").format(n=n)))
    if variety.pairs:
        steps = found.sampler.length - len(found.prefix)
        pairs = _("1 pair") if variety.pairs == 1 else _("{n} pairs").format(n=variety.pairs)
        facts += [
            (_("Two differ in"), f"{variety.difference:.0%}",
             _("of the {steps} steps after yours, over {pairs}").format(
                 steps=steps, pairs=pairs)),
            (_("They part after"), f"{variety.shared_steps:.1f}", _("steps that both have alike")),
        ]  # fmt: skip
    html.facts(facts)


def _within(found: Continuations) -> str:
    n = len(found.tokens)
    if n < 2:
        return _("N = 1")
    return _("± {error:.2f} standard error, N = {n}").format(error=found.error, n=n)


def _mean(found: Continuations) -> str:
    if found.scores is None:
        return ""
    if found.request.temperature != 1.0:
        return _(
            "At temperature {t:g} the mean is no Q: that is defined by the model's own dice, at 1."
        ).format(t=found.request.temperature)
    words = _(
        "The mean, {mean:.2f}, is Q of the last step that you drew, by N = {n} roll-outs: what "
        "training would have paid for it."
    ).format(mean=found.mean, n=len(found.tokens))
    if len(found.tokens) > 1:
        words += " " + _("Its standard error is {error:.2f}.").format(error=found.error)
    return words


def _spread(found: Continuations) -> str:
    """Whether the beginning or what follows decides, as far as N scores can say."""
    if found.scores is None or len(found.scores) < 2:
        return ""
    low, high = float(found.scores[-1]), float(found.scores[0])
    if high - low < CLOSE:
        if len(found.scores) < FEW:
            return ""  # so few may lie close together by chance
        return _(
            "D hardly tells one from another ({low:.2f} to {high:.2f}): to it, the beginning and "
            "the model's manner decide, not the way taken."
        ).format(low=low, high=high)
    return _(
        "The same beginning, and D takes one way for real with {high:.2f}, another with {low:.2f}: "
        "what a note is worth depends on what follows, so many ways are asked."
    ).format(low=low, high=high)


def _surprising(found: Continuations) -> str:
    at = int(found.surprisal.argmax())
    nats = float(found.surprisal[at])
    return _(
        "Of what you drew, step {step} (“{word}”) surprises {name} most: it gave it one chance in "
        "{times:,.0f}."
    ).format(
        step=at + 1, word=found.sampler.words[found.prefix[at]], name=found.sampler.title,
        times=math.exp(nats),
    )  # fmt: skip


def _foreign(found: Continuations) -> str:
    """Notes outside the two keys that a transposed model has learned in."""
    if not found.out_of_key:
        return ""
    return _(
        "{name} learned all tunes in C major or A minor. Outside these keys: {notes}. A D that was "
        "trained on such tunes has hardly met this ground either, so take its numbers lightly."
    ).format(name=found.sampler.title, notes=", ".join(found.out_of_key))


def _title(found: Continuations, at: int) -> str:
    n = len(found.tokens)
    if found.scores is None:
        return _("Way {rank} of {n}, not ranked").format(rank=at + 1, n=n)
    return _("{rank} of {n} · P(real) {p:.2f}").format(rank=at + 1, n=n, p=float(found.scores[at]))


def _called(found: Continuations) -> str:
    return _("Drawn by hand, gone on with by {name}").format(name=found.sampler.title)


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


def _table(found: Continuations) -> None:
    known, rows = len(found.prefix), []
    for at, row in enumerate(found.tokens.tolist()):
        score = "–" if found.scores is None else f"{float(found.scores[at]):.3f}"
        names = " ".join(found.sampler.words[token] for token in row[known:])
        rows.append([str(at + 1), score, str(found.draws[at]), names])
    with st.expander(_("All of them as a table")), st.container(key="music-ways-table"):
        html.table(
            [_("rank"), _("P(real)"), _("throw"), _("the steps after yours")],
            rows,
            _("“–” goes on with the note before it; all begin with: {start}").format(
                start=" ".join(found.sampler.words[token] for token in found.prefix)
            ),
        )
