"""The charts of one run, and its followed sequences."""

from itertools import chain
from typing import Any

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import escape
from pages.ui.common.plotly_chart import charts, charts_and_tables, tables
from pages.ui.common.run.token_reader import reader
from seqgan_core.figures.run import findings, learning, value_network
from seqgan_core.figures.run.curves import Curves
from seqgan_core.figures.run.followed import changed, shares_changed
from seqgan_core.messages import _, remark
from seqgan_core.training.config import TrainConfig


def quality(
    curves: Curves, key: str, compared: list[Curves] | None = None, *, brief: bool = False
) -> None:
    """Quality and coverage: the chart to look at first, and the same magnified.

    Args:
        curves: of the run.
        key: of the component.
        compared: other runs on the same task.
        brief: only the first row of figures.
    """
    others = compared or []
    rows = [[learning.nll(curves, others), learning.since_switch(curves)]]
    if not curves.has_oracle and not brief:
        rows.append([learning.bleu(curves, others), learning.since_switch_bleu(curves)])
    charts(rows, key, arrival=st.session_state.get("arrival"))
    tables(chain.from_iterable(rows), key)


def discriminator(curves: Curves, key: str) -> None:
    """How well D tells samples from data, the reward it gives, and how well v foresees it."""
    rows = [[learning.accuracy(curves), learning.mean_q(curves)], value_network.charts(curves)]
    charts_and_tables([row for row in rows if row], key)


def generator(curves: Curves, key: str) -> None:
    """How diverse G's choices are, and how large its gradients."""
    charts_and_tables([[learning.entropy(curves), learning.grad_norm(curves)]], key)


def followed(curves: Curves, config: TrainConfig) -> None:
    """Eight samples at the last evaluation, compared with the evaluation before."""
    st.subheader(_("Eight samples, tracked through training"), anchor=False)
    rows: list[Any] = curves.evaluated["followed"].tolist() if len(curves.evaluated) else []
    if not rows:
        html.quiet(remark("samples.none-yet"))
        return
    before = rows[-2] if len(rows) > 1 else None
    read = reader(config)
    marks = [
        [mark for mark, pad in zip(row, read.padding(tokens), strict=True) if not pad]
        for row, tokens in zip(changed(before, rows[-1]), rows[-1], strict=True)
    ]
    words = findings.followed(shares_changed(marks) if before is not None else [])
    noise = remark("lab.same-numbers")
    st.html(
        f'<p class="quiet">{escape(words)}. {escape(noise)} '
        f'<span class="key"><i aria-hidden="true"></i>{escape(_("changed"))}</span></p>'
    )
    html.followed(rows[-1], before, read)
