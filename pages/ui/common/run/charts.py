"""The charts of one run, and its followed sequences."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui.common import html
from pages.ui.common.plotly_chart import charts
from pages.ui.common.token_reader import reader
from seqgan_core.figures.run import findings, learning
from seqgan_core.figures.run.curves import Curves
from seqgan_core.figures.run.followed import changed, shares_changed
from seqgan_core.figures.style import Figure
from seqgan_core.messages import _
from seqgan_core.training.config import TrainConfig


def main_charts(curves: Curves, key: str) -> None:
    """Quality and coverage: the chart to look at first, and the same magnified."""
    charts(_quality(curves, [])[:1], key)


def all_charts(curves: Curves, compared: list[Curves], key: str) -> None:
    """The main charts, then what explains them: D, its reward, and how G takes it."""
    charts(
        [
            *_quality(curves, compared),
            [learning.accuracy(curves), learning.mean_q(curves)],
            [learning.entropy(curves), learning.grad_norm(curves)],
        ],
        key,
        arrival=st.session_state.get("arrival"),
    )


def _quality(curves: Curves, compared: list[Curves]) -> list[list[Figure]]:
    """Figures of G's quality by the oracle or, for text, the held-out text; drawn first."""
    rows = [[learning.nll(curves, compared), learning.since_switch(curves)]]
    if not curves.has_oracle:
        rows.append([learning.bleu(curves, compared), learning.since_switch_bleu(curves)])
    return rows


def followed(curves: Curves, config: TrainConfig) -> None:
    """The eight followed sequences at the last evaluation, against the one before."""
    st.subheader(_("The same eight sequences, followed"), anchor=False)
    rows: list[Any] = curves.evaluated["followed"].tolist() if len(curves.evaluated) else []
    if not rows:
        html.quiet(
            _(
                "They appear with the first evaluation: sampled each time with the same noise, so "
                "what changes comes from the weights."
            )
        )
        return
    before = rows[-2] if len(rows) > 1 else None
    read = reader(config)
    marks = [
        [mark for mark, pad in zip(row, read.padding(tokens), strict=True) if not pad]
        for row, tokens in zip(changed(before, rows[-1]), rows[-1], strict=True)
    ]
    words = findings.followed(shares_changed(marks) if before is not None else [])
    noise = _("sampled with the same noise each time, so what moves comes from the weights")
    st.html(
        f'<p class="quiet">{escape(words)}. <span class="key"><i aria-hidden="true"></i>'
        f"{escape(_('changed'))}</span> · {escape(noise)}</p>"
    )
    html.followed(rows[-1], before, read)
