"""A comparison of one's own runs on text: quality beside its ceilings and beside variety."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.plotly_chart import charts
from pages.ui.methods import tables
from seqgan_core.figures.methods import curves, text_findings, text_means, text_plane, text_report
from seqgan_core.figures.methods.report import method_name, p_text, untested
from seqgan_core.messages import _


def is_text(comparison: dict[str, Any]) -> bool:
    """Whether a comparison is of text, which is judged by BLEU and by no oracle."""
    rows = comparison["rows"]
    return bool(rows) and any(metric.startswith("bleu_") for metric in rows[0]["summary"])


def doors() -> None:
    """Where the recorded comparisons of text stand."""
    with st.container(horizontal=True, vertical_alignment="center"):
        html.quiet(_("Recorded comparisons on text stand beside their ceilings on:"))
        st.page_link(navigation.POEMS, label=_("Poems"))
        st.page_link(navigation.SPEECHES, label=_("Speeches"))


def sections(comparison: dict[str, Any], command: str) -> None:
    """Draw the comparison: what it shows, every metric, the plane, the curves, the tests."""
    shown = text_report.metrics(comparison)
    bleu = [metric for metric in shown if metric.startswith("bleu_")]
    st.header(_("What this shows"), anchor=False)
    statements = text_findings.findings(comparison, bleu[-1]) if bleu else []
    if statements:
        rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in statements)
        st.html(f'<ol class="shows">{rows}</ol>')
    else:
        html.quiet(_("SeqGAN and MLE are needed before there is something to compare."))
    st.header(_("Quality and variety, never one without the other"), anchor=False)
    levels = [text_means.levels(comparison, metric) for metric in shown]
    charts([levels[at : at + 2] for at in range(0, len(levels), 2)], "methods.levels", even=True)
    st.header(_("Better, or only sharper?"), anchor=False)
    charts(
        [[text_plane.plane(comparison, metric) for metric in bleu]], "methods.textplane", even=True
    )
    st.header(_("How they learned"), anchor=False)
    charts([[curves.learning(comparison, "nll_test", "epoch")]], "methods.curves")
    with st.expander(_("The numbers as tables")):
        _every_run(comparison, shown)
        _tests(comparison, shown)
        tables.curves(comparison, "nll_test", "epoch")
    st.header(_("How it was made"), anchor=False)
    st.code(command, language="bash", wrap_lines=True)


def _every_run(comparison: dict[str, Any], shown: list[str]) -> None:
    rows = [
        [
            f"{method_name(row['strategy'])}, {result['seed']}",
            *(f"{result['values'][metric]:.3f}" for metric in shown),
            result["run"],
        ]
        for row in comparison["rows"]
        for result in row["results"]
    ]
    head = [_("method, seed"), *(text_report.metric_of(m).title for m in shown), _("run")]
    html.table(
        head, rows, _("Every run, at most {n:,} samples of each").format(n=comparison["samples"])
    )


def _tests(comparison: dict[str, Any], shown: list[str]) -> None:
    """Every method against the reference, a run being one observation."""
    tested = comparison["over_runs"]
    rows = [
        [
            f"{text_report.metric_of(metric).title}, {method_name(test['first'])}",
            f"{test['difference']:+.3f} [{test['low']:+.3f}, {test['high']:+.3f}]",
            p_text(test["p_holm"]),
            f"{test['n_first']}, {test['n_second']}",
        ]
        for metric in shown
        for test in tested.get(metric, [])
    ]
    if why := untested(comparison):
        html.quiet(why)
    if rows:
        head = [_("metric, method"), _("difference [95%]"), _("Holm's p"), _("n, n")]
        caption = _("Less {second}, one observation is a run: Welch's test")
        html.table(head, rows, caption.format(second=method_name(comparison["reference"])))
