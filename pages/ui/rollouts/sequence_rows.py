"""The explored sequences as rows of tokens, coloured by Q, one of them chosen."""

import math

import numpy as np
import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.component import component
from pages.ui.common.i18n import escape
from pages.ui.rollouts.rewards import words_of
from pages.ui.rollouts.settings import Place, Settings
from seqgan_core.figures.rollouts import figures, findings
from seqgan_core.figures.rollouts.findings import SHOWN, percent, value_words
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _

_mount = component(
    "token_rows", html='<div class="token-rows"></div><p class="said quiet" aria-live="polite"></p>'
)


def chosen_place(rows: int, length: int) -> Place:
    """Row and index of the chosen token, which the address counts from 1."""
    row = url_state.number("row", 1, 1, rows)
    token = url_state.number("token", (length + 1) // 2, 1, length)
    return row - 1, token - 1


def rows(
    explored: Exploration, read: Reader, chosen: Place, settings: Settings,
    update: PolicyUpdate | None,
) -> None:  # fmt: skip
    """Draw the rows, what to notice in them, and what their colours stand for."""
    st.subheader(_("Q of every token"), anchor=False)
    q, error = explored.q, explored.std_error
    names = [read.names(row) for row in explored.tokens]
    padding = [read.padding(row) for row in explored.tokens]
    html.finding(findings.steepest(explored.steepest(), q, names))
    fills = figures.fills(q, settings.scale)
    cells: list[list[dict[str, object]]] = []
    announcement = ""
    for row, tokens in enumerate(names):
        cells.append([])
        for t, token in enumerate(tokens):
            note = f"{q[row, t]:.3f}"
            parts = [_place_words((row, t), q[row, t], error[row, t], explored, padding[row][t])]
            if update is not None:
                before, after = update.before[row, t], update.after[row, t]
                note += " " + ("▲" if after > before else "▼" if after < before else "=")
                words = _("one update: {before} to {after}")
                parts.append(words.format(before=percent(before), after=percent(after)))
            label = " · ".join([f"{token} {note}", *parts])  # begins with what is visible
            if (row, t) == chosen:
                announcement = " · ".join([token, *parts])  # the label has Q twice
            look = {"fill": float(fills[row, t]), "padding": padding[row][t]}
            cells[-1].append({"text": token, "label": label, "note": note, **look})
    data = {
        "rows": cells,
        "names": [str(number) for number in range(1, len(cells) + 1)],
        "chosen": list(chosen),
        "colour": "reward",
        "said": announcement,  # spoken by screen readers whenever it changes
        "unit": read.unit or "",
    }
    _mount("rollouts-rows", data, {"chosen": _choose})
    if any(map(any, padding)):
        html.quiet(_("∎ ends a sequence; the padding after it is grey."))
    _legend(q, settings, chosen[0])


def _choose(at: list[float]) -> None:
    url_state.put(row=int(at[0]) + 1, token=int(at[1]) + 1)


def _place_words(at: Place, q: float, error: float, explored: Exploration, padding: bool) -> str:
    """A token's position and Q; the last has one score, and so no error."""
    last = at[1] + 1 == explored.tokens.shape[1]
    if padding:
        words = _("position {t} of sequence {b}, after the end: padding, Q {q}, N = {n}")
    elif last:
        words = _("position {t} of sequence {b}, Q {q}, one score, no standard error")
    else:
        words = _("position {t} of sequence {b}, Q {q}, N = {n}")
    shown = value_words(q, math.nan if last else error)
    return words.format(t=at[1] + 1, b=at[0] + 1, q=shown, n=1 if last else explored.n)


def _legend(q: np.ndarray, settings: Settings, row: int) -> None:
    """The ramp of the colours, with the numbers at its ends."""
    low, high = figures.bounds(q, settings.scale)[row]
    words = {
        "row": _("from the lowest to the highest Q of each row; numbers of sequence {b}"),
        "batch": _("from the lowest to the highest Q of all rows"),
        "unit": _(words_of(settings.view.reward).scale),
    }[settings.scale].format(b=row + 1)
    if high - low < SHOWN:
        words = _("all the same: {q:.3f}").format(q=low)
    st.html(
        f'<p class="ramp"><span>{low:.3f}</span><i aria-hidden="true"></i>'
        f"<span>{high:.3f}</span> <small>{escape(words)}</small></p>"
    )
