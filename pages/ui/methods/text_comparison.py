"""A comparison of one's own runs on text: quality beside its ceilings and beside variety."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.i18n import _
from pages.ui.common.plotly_chart import charts
from pages.ui.methods import tables
from seqgan_core.figures.methods import curves, text_findings, text_means, text_plane, text_report
from seqgan_core.figures.methods.report import method_name, p_text, untested


def is_text(found: dict[str, Any]) -> bool:
    """Whether a comparison is of text, which is judged by BLEU and by no oracle."""
    rows = found["rows"]
    return bool(rows) and any(metric.startswith("bleu_") for metric in rows[0]["summary"])


def doors() -> None:
    """Where the recorded comparisons of text stand."""
    with st.container(horizontal=True, vertical_alignment="center"):
        html.quiet(_("Recorded comparisons on text stand beside their ceilings on:"))
        st.page_link(navigation.POEMS, label=_("Poems"))
        st.page_link(navigation.SPEECHES, label=_("Speeches"))


def parts(found: dict[str, Any], command: str) -> None:
    """Draw the comparison: what it shows, every metric, the plane, the curves, the tests."""
    there = text_report.metrics(found)
    bleu = [metric for metric in there if metric.startswith("bleu_")]
    st.header(_("What this shows"), anchor=False)
    said = text_findings.findings(found, bleu[-1]) if bleu else []
    if said:
        rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
        st.html(f'<ol class="shows">{rows}</ol>')
    else:
        html.quiet(_("SeqGAN and MLE are needed before there is something to compare."))
    st.header(_("Quality and variety, never one without the other"), anchor=False)
    levels = [text_means.levels(found, metric) for metric in there]
    charts([levels[at : at + 2] for at in range(0, len(levels), 2)], "methods.levels", even=True)
    st.header(_("Better, or only sharper?"), anchor=False)
    charts([[text_plane.plane(found, metric) for metric in bleu]], "methods.textplane", even=True)
    st.header(_("How they learned"), anchor=False)
    charts([[curves.learning(found, "nll_test", "epoch")]], "methods.curves")
    with st.expander(_("The numbers as tables")):
        _every_run(found, there)
        _tests(found, there)
        tables.curves(found, "nll_test", "epoch")
    st.header(_("How it was made"), anchor=False)
    st.code(command, language="bash", wrap_lines=True)


def _every_run(found: dict[str, Any], there: list[str]) -> None:
    rows = [
        [
            f"{method_name(row['strategy'])}, {result['seed']}",
            *(f"{result['values'][metric]:.3f}" for metric in there),
            result["run"],
        ]
        for row in found["rows"]
        for result in row["results"]
    ]
    head = [_("method, seed"), *(text_report.metric_of(m).title for m in there), _("run")]
    html.table(head, rows, _("Every run, at most {n:,} samples of each").format(n=found["samples"]))


def _tests(found: dict[str, Any], there: list[str]) -> None:
    """Every method against the reference, a run being one observation."""
    tested = found["over_runs"]
    rows = [
        [
            f"{text_report.metric_of(metric).title}, {method_name(test['first'])}",
            f"{test['difference']:+.3f} [{test['low']:+.3f}, {test['high']:+.3f}]",
            p_text(test["p_holm"]),
            f"{test['n_first']}, {test['n_second']}",
        ]
        for metric in there
        for test in tested.get(metric, [])
    ]
    if why := untested(found):
        html.quiet(why)
    if rows:
        head = [_("metric, method"), _("difference [95%]"), _("Holm's p"), _("n, n")]
        caption = _("Less {second}, one observation is a run: Welch's test")
        html.table(head, rows, caption.format(second=method_name(found["reference"])))
