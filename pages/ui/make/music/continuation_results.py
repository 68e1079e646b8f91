"""N continuations of a beginning: the best as cards, all in a table, and their variety."""

import math
from dataclasses import replace

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.plotly_chart import charts, tables
from pages.ui.make import cards
from pages.ui.make.cards import Look, Piece, tune_of
from pages.ui.make.export import tune_buttons
from seqgan_core.figures.make.continuation import fan
from seqgan_core.insight.writing.continuation import Continuations, sounding
from seqgan_core.messages import _, ngettext, remark
from seqgan_core.tasks.music.tokens import REST

FIRST = 4  # continuations that are shown at once
CLOSE, FEW = 0.1, 4  # fewer scores, or scores closer together, say little of their spread


def continuations(continued: Continuations, look: Look) -> None:
    """Draw what a model made of a beginning."""
    _explanation(continued)
    _facts(continued)
    texts = continued.sampler.text(continued.tokens)
    shown = FIRST if url_state.text("ways_all") != "yes" else len(texts)
    pieces = [
        Piece(str(at), _title(continued, at), words, given=len(continued.prefix))
        for at, words in enumerate(texts[:shown])
    ]
    cards.draw(continued.sampler, pieces, "music-ways", look)
    with st.container(horizontal=True, vertical_alignment="center", key="music-ways-keep"):
        _more(len(texts))
        html.quiet(_("Export the first:"), inline=True)
        title = _("Drawn by hand, continued by {name}").format(name=continued.sampler.title)
        tune_buttons(
            replace(tune_of(continued.sampler, texts[0], look), title=title), look.instrument,
            f"continued-{continued.request.seed}", "music-ways-export",
        )  # fmt: skip
    html.notices(findings(continued))
    _table(continued)


def picture(continued: Continuations) -> None:
    """Draw all continuations as lines from the beginning."""
    given = sum(token <= REST for token in continued.prefix)  # without the marks of whole tunes
    figure = fan(
        sounding(continued.tokens), given, continued.variety.shared_steps,
        ranked=continued.scores is not None,
    )  # fmt: skip
    charts([[figure]], "music-ways-fan")
    tables([figure], "music-ways-fan")


def findings(continued: Continuations) -> list[str]:
    """What to notice, a sentence each."""
    return [_mean(continued), _spread(continued), _surprising(continued), _foreign(continued)]


def _explanation(continued: Continuations) -> None:
    """What the order means, and what the form cannot express."""
    name = continued.sampler.title
    if continued.scores is None:
        html.quiet(remark("make.not-ranked", name=name))
    else:
        html.quiet(remark("make.ranked", judge=continued.judge))
    if continued.sampler.config.music_form == "keys":
        html.quiet(remark("make.keys-only", name=name))


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
        pairs = ngettext("over {n} pair", "over {n} pairs", variety.pairs)
        facts += [
            (_("Two differ in"), f"{variety.difference:.0%}",
             _("of the {steps} steps after yours, {pairs}").format(steps=steps, pairs=pairs)),
            (_("They diverge after"), f"{variety.shared_steps:.1f}", _("steps in common")),
        ]  # fmt: skip
    html.facts(*facts)


def _within(continued: Continuations) -> str:
    n = len(continued.tokens)
    if n < 2:
        return _("N = 1")
    return _("± {error:.2f} standard error, N = {n}").format(error=continued.error, n=n)


def _mean(continued: Continuations) -> str:
    if continued.scores is None:
        return ""
    if continued.request.temperature != 1.0:
        return remark("finding.mean-is-not-q", t=continued.request.temperature)
    return remark("finding.mean-is-q", mean=continued.mean, n=len(continued.tokens))


def _spread(continued: Continuations) -> str:
    """Whether the beginning or what follows decides, as far as N scores can say."""
    if continued.scores is None or len(continued.scores) < 2:
        return ""
    low, high = float(continued.scores[-1]), float(continued.scores[0])
    if high - low < CLOSE:
        if len(continued.scores) < FEW:
            return ""  # so few may lie close together by chance
        return remark("finding.alike", low=low, high=high)
    return remark("finding.spread", low=low, high=high)


def _surprising(continued: Continuations) -> str:
    at = int(continued.surprisal.argmax())
    nats = float(continued.surprisal[at])
    return remark(
        "finding.least-likely-step",
        step=at + 1, word=continued.sampler.words[continued.prefix[at]],
        name=continued.sampler.title,
        times=math.exp(nats),
    )  # fmt: skip


def _foreign(continued: Continuations) -> str:
    """Notes outside the two keys that a transposed model has learned in."""
    if not continued.out_of_key:
        return ""
    return remark(
        "finding.other-keys", name=continued.sampler.title, notes=", ".join(continued.out_of_key)
    )


def _title(continued: Continuations, at: int) -> str:
    n = len(continued.tokens)
    if continued.scores is None:
        return _("{rank} of {n}, not ranked").format(rank=at + 1, n=n)
    return _("{rank} of {n} · P(real) {p:.2f}").format(
        rank=at + 1, n=n, p=float(continued.scores[at])
    )


def _more(n: int) -> None:
    """The button that shows the rest, or hides it again."""
    if n <= FIRST:
        return
    whole = url_state.text("ways_all") == "yes"
    st.button(
        _("Show the first {n} only").format(n=FIRST) if whole
        else _("Show the other {n}").format(n=n - FIRST),
        icon=":material/expand_less:" if whole else ":material/expand_more:",
        key="music-ways-all", on_click=url_state.put, kwargs={"ways_all": None if whole else "yes"},
    )  # fmt: skip


def _table(continued: Continuations) -> None:
    known, rows = len(continued.prefix), []
    for at, row in enumerate(continued.tokens.tolist()):
        score = "–" if continued.scores is None else f"{float(continued.scores[at]):.3f}"
        names = " ".join(continued.sampler.words[token] for token in row[known:])
        rows.append([str(at + 1), score, str(continued.draws[at]), names])
    with st.expander(_("All of them as a table")), st.container(key="music-ways-table"):
        html.table(
            [_("rank"), _("P(real)"), _("draw"), _("the steps after yours")],
            rows,
            _("“–” holds the note before it; all begin with: {start}").format(
                start=" ".join(continued.sampler.words[token] for token in continued.prefix)
            ),
        )
