"""The chosen token: its completions, their scores, and how their mean is its Q."""

import math

import numpy as np
import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import escape, plain
from pages.ui.common.plotly_chart import charts_and_tables
from pages.ui.rollouts.settings import Place
from seqgan_core.figures.rollouts import figures
from seqgan_core.figures.rollouts.findings import value_words
from seqgan_core.insight.rollouts.explore import Exploration
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, ngettext, remark

LISTED = 16  # scores that the formula writes out in full
ENDS = (4, 1)  # of more: how many at its beginning and at its end


def detail(explored: Exploration, read: Reader, chosen: Place, reward: str) -> None:
    """Draw the formula with its numbers in it, and the list of completions."""
    row, t = chosen
    tokens = explored.tokens[row]
    finished = t + 1 == len(tokens)
    name = plain(read.vocabulary.name(int(tokens[t])))
    title = _("Token {token}, position {t} of sequence {b}")
    st.subheader(title.format(token=name, t=t + 1, b=row + 1), anchor=False)
    scores = explored.scores[row, t]
    q, error = float(explored.q[chosen]), float(explored.std_error[chosen])
    if finished:
        q, error, scores, completions = float(scores[0]), math.nan, scores[:1], tokens[None]
        html.quiet(remark("rollouts.last-token"))
        st.html(f'<p class="sum"><b>Q = {q:.5f} ≈ {q:.3f}</b></p>')
    else:
        completions = explored.completions[row, t]
        st.html(_formula(scores, q, error))
        html.quiet(remark("rollouts.completions"))
    _list(completions, read, t, scores, (q, error), reward)


def _formula(scores: np.ndarray, q: float, error: float) -> str:
    """Eq. (4) with the numbers in it; the spread behind the standard error under it."""
    n = len(scores)
    if n > 1 and scores.min() == scores.max():
        words = _("all {n} scores are {score:g}").format(n=n, score=round(q, 5))
        return f'<p class="sum"><b>Q = {q:.3f}</b>: {escape(words)}</p>'
    head, tail = (n, 0) if n <= LISTED else ENDS
    terms = [f"{score:.5f}" for score in scores]
    shown = [*terms[:head], *(["…"] if tail else []), *(terms[-tail:] if tail else [])]
    words = f"Q = ({' + '.join(shown)}) / {n} = {q:.5f} ≈ <b>{q:.3f}</b>"
    if math.isnan(error):
        spread = escape(_("One roll-out has no standard error."))
    else:
        s = error * math.sqrt(n)
        spread = f"± s / √N = {s:.5f} / √{n} = {error:.5f} ≈ <b>{error:.3f}</b>"
    return f'<p class="sum">{words}<br>{spread}</p>'


def _list(
    completions: np.ndarray, read: Reader, t: int, scores: np.ndarray,
    mean: tuple[float, float], reward: str,
) -> None:  # fmt: skip
    """The completions in the order they were drawn; index t is the chosen token."""
    q, error = mean
    names = [_written(row, t, read) for row in completions]
    if read.unit is None:  # numbers stand under each other
        width = max(len(token) for row in names for token in row)
        names = [[token.rjust(width, "\N{FIGURE SPACE}") for token in row] for row in names]
    items = "".join(
        f"<li>{_sentence(row, t, read.between)}"
        f'<span class="track" aria-hidden="true"><i style="--score:{score:.4f}"></i></span>'
        f'<span class="score">{score:.5f}</span></li>'
        for row, score in zip(names, scores, strict=True)
    )
    fields = {"n": len(scores), "t": t + 1, "q": value_words(q, error)}
    about = remark("rollouts.listed", **fields)
    if t + 1 == completions.shape[1]:
        about = _("The finished sequence and its score, {q}").format(**fields)
    elif len(scores) == 1:
        text = _("One completion: the first {t} tokens are the prefix; score {q}")
        about = text.format(**fields)
    style = f"--mean:{q:.4f};--error:{0.0 if math.isnan(error) else error:.4f}"
    kind = "by-d" if reward == "discriminator" else "by-rule"
    kind += " prose" * (read.unit == "words")
    kind += " whole" * (len(scores) <= LISTED)  # shown without scrolling
    ticks = "".join(f'<i style="left:{100 * x:g}%">{x:g}</i>' for x in (0, 0.5, 1))
    st.html(
        f'<div class="rolled {kind}" style="{style}" tabindex="0" role="region" '
        f'aria-label="{escape(about)}"><p class="axis" aria-hidden="true">'
        f'<span class="ticks">{ticks}</span><span class="unit">{escape(_("score"))}</span></p>'
        f"<ol>{items}</ol></div>"
    )


def _written(row: np.ndarray, t: int, read: Reader) -> list[str]:
    """The tokens of a completion, without the padding that follows its end."""
    padding = read.padding(row)
    return [name for at, name in enumerate(read.names(row)) if at <= t or not padding[at]]


def _sentence(row: list[str], t: int, between: str) -> str:
    """Kept, chosen, drawn."""
    prefix, drawn = between.join(row[:t]), between.join(row[t + 1 :])
    return (
        f'<span class="words"><span class="kept">{escape(prefix)}</span>{between}'
        f"<b>{escape(row[t])}</b>{between}<span>{escape(drawn)}</span></span>"
    )


def convergence(explored: Exploration, chosen: Place, n: int) -> None:
    """Draw how mean and standard error settle as roll-outs are added.

    `explored` holds all that were drawn, of which the page uses `n`.
    """
    st.subheader(ngettext("Is {n} roll-out enough?", "Are {n} roll-outs enough?", n), anchor=False)
    row, t = chosen
    if t + 1 == explored.tokens.shape[1]:
        text = _("The sequence is finished: one score, {q:.3f}, and nothing to roll out.")
        html.quiet(text.format(q=explored.scores[row, t, 0]))
        return
    running = explored.running(row, t)
    drawn = [figures.settling(running, n), figures.error(running, n)]
    charts_and_tables([drawn], "rollouts-convergence")
