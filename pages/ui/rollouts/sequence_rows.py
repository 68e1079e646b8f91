"""The explored sequences as rows of tokens, coloured by Q, one of them chosen."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.token_rows import Cell, Place, token_rows
from pages.ui.rollouts.settings import Settings
from seqgan_core.figures.rollouts import q_values
from seqgan_core.figures.rollouts.alternatives import percent
from seqgan_core.figures.rollouts.q_values import value_words
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _

_UNIT = {
    "discriminator": _("from 0, surely fake, to 1, surely real"),
    "bleu": _("from 0, no token known, to 1, every phrase known"),
    "constant": _("from 0 to 1"),
}


def chosen_place(rows: int, length: int) -> Place:
    """Row and index of the chosen token, which the address counts from 1."""
    row = url_state.number("row", 1, 1, rows)
    token = url_state.number("token", (length + 1) // 2, 1, length)
    url_state.put(row=row, token=token)
    return row - 1, token - 1


def rows(
    explored: Exploration,
    read: Reader,
    chosen: Place,
    settings: Settings,
    update: PolicyUpdate | None,
) -> None:
    """Draw the rows, what to notice in them, and what their colours stand for."""
    st.subheader(_("Eight sequences, a value for every token"), anchor=False)
    q, error = explored.q, explored.std_error
    names = [read.names(row) for row in explored.tokens]
    padding = [read.padding(row) for row in explored.tokens]
    html.finding(q_values.steepest(q, error, names, explored.n))
    fills = q_values.fills(q, settings.scale)

    def announcement(token: str, at: Place) -> str:
        last = at[1] + 1 == q.shape[1]
        words = _token_sentence(token, at, q[at], error[at], 0 if last else explored.n)
        after = " " + _("It stands after the end: padding.")
        return words + (after if padding[at[0]][at[1]] else "")

    cells = []
    for row, tokens in enumerate(names):
        cells.append([])
        for t, token in enumerate(tokens):
            label = announcement(token, (row, t))
            note = f"{q[row, t]:.3f}"
            if update is not None and settings.arrows:
                arrow, words = _update_mark(update.before[row, t], update.after[row, t])
                note, label = f"{note} {arrow}", f"{label} {words}"
            fill = float(fills[row, t])
            cells[-1].append(Cell(token, label, note, fill, padding[row][t]))
    row, t = chosen
    token_rows(
        cells,
        "rollouts.rows",
        chosen=chosen,
        on_choose=lambda at: url_state.put(row=at[0] + 1, token=at[1] + 1),
        announcement=announcement(names[row][t], chosen),
        unit=read.unit,
    )
    if any(map(any, padding)):
        html.quiet(_("∎ ends a sentence; what stands after it is padding, and is greyed."))
    _legend(q, settings, row)


def _token_sentence(token: str, at: Place, q: float, error: float, n: int) -> str:
    """A token and its Q as a sentence, for screen readers too; the last has one score, n = 0."""
    row, t = at
    words = (
        _("Token {token}, position {t} of sequence {b}: Q {q}, N = {n}.")
        if n
        else _("Token {token}, position {t} of sequence {b}: Q {q}, one score, no error.")
    )
    shown = value_words(q, error if n else math.nan)
    return words.format(token=token, t=t + 1, b=row + 1, q=shown, n=n)


def _update_mark(before: float, after: float) -> tuple[str, str]:
    arrow = "▲" if after > before else "▼" if after < before else "="
    words = _("One update: {before} to {after}.").format(
        before=percent(before), after=percent(after)
    )
    return arrow, words


def _legend(q: np.ndarray, settings: Settings, row: int) -> None:
    """The ramp of the colours, with the numbers at its ends."""
    low, high = q_values.bounds(q, settings.scale)[row]
    words = {
        "row": _("each row from its lowest to its highest Q; numbers of sequence {b}"),
        "batch": _("from the lowest to the highest Q of all rows"),
        "unit": _UNIT.get(settings.view.reward, _("from 0 to 1")),
    }[settings.scale].format(b=row + 1)
    if high - low < q_values.SHOWN:
        words = _("all the same, {q:.3f}: one shade").format(q=low)
    st.html(
        f'<p class="ramp"><span>{low:.3f}</span><i aria-hidden="true"></i>'
        f"<span>{high:.3f}</span> <small>{escape(words)}</small></p>"
    )
