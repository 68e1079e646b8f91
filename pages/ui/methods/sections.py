"""The parts of the methods screen: each asks what it needs, draws, and says what it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.i18n import plain
from pages.ui.common.plotly_chart import charts
from pages.ui.methods import tables, text_comparison
from pages.ui.methods.comparison_source import Source
from seqgan_core.figures.methods import curves as methods_curves
from seqgan_core.figures.methods import (
    findings,
    frontier_gaps,
    means,
    paper,
    plane,
    report,
    significance,
)
from seqgan_core.messages import _

_SEPARATOR = "."  # of methods in the address: a comma would be written as %2C
_DIVERSITY = ("self_bleu", "distinct_2", "distinct_3")


def all_sections(source: Source) -> None:
    """Everything about one comparison, from what it shows to how it was made."""
    if text_comparison.is_text(source.comparison):
        text_comparison.sections(source.comparison, source.command)
        return
    if not report.metrics(source.comparison):
        html.empty(_("Nothing was measured"), _("This comparison holds no method."))
        return
    _shows(source)
    _means(source)
    _observation(source)
    _plane(source)
    _curves(source)
    _paper(source)
    _command_section(source)


def _shows(source: Source) -> None:
    comparison = source.comparison
    st.header(_("What this shows"), anchor=False)
    statements = findings.findings(comparison, source.gaps, source.size)
    if statements:
        rows = "".join(
            f"<li><b>{escape(lead)}</b> {escape(_bound(text))}</li>" for lead, text in statements
        )
        st.html(f'<ol class="shows">{rows}</ol>')
    else:
        html.quiet(_("Two trained methods are needed before there is something to compare."))


# -- 1 ---------------------------------------------------------------------------------------------


def _means(source: Source) -> None:
    comparison = source.comparison
    st.header(_("Quality and coverage, never one without the other"), anchor=False)
    metrics = report.metrics(comparison)
    first = [metric for metric in metrics if metric not in _DIVERSITY]
    charts([[means.means(comparison, m) for m in first]], "methods.means", even=True)
    notice(means.notice(comparison))
    varied = [metric for metric in metrics if metric in _DIVERSITY]
    st.subheader(_("How varied the samples are"), anchor=False)
    html.quiet(
        _(
            "Of the first 2,000 samples of each run: all three depend on how many are looked at. "
            "Nearer to real data is better; more varied than real data is no merit."
        )
    )
    charts([[means.means(comparison, m, small=True) for m in varied]], "methods.varied")
    with st.expander(_("The numbers as tables")):
        tables.means(comparison)
        tables.every_run(comparison)


# -- 2 ---------------------------------------------------------------------------------------------


def _observation(source: Source) -> None:
    comparison = source.comparison
    st.header(_("What is one observation?"), anchor=False)
    html.quiet(
        _(
            "A test asks whether a difference would come out again. Which difference, and again "
            "how? With other seeds, or with other sentences of the same two models?"
        )
    )
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    by = _one_of(
        left,
        _("One observation is"),
        "obs",
        {"run": _("a run"), "sentence": _("a sentence")},
    )
    metrics = report.metrics(comparison)
    metric = right.pills(
        _("Metric"),
        metrics,
        default=url_state.one_of("metric", metrics, metrics[0]),
        required=True,
        format_func=lambda key: report.METRICS[key].title,
        key="methods.metric",
    )
    url_state.put(metric=metric)
    observation: report.Observation = "sentence" if by == "sentence" else "run"
    if not significance.tests_of(comparison, metric, observation):
        _no_test(comparison, metric, observation)
    else:
        charts([[significance.differences(comparison, metric, observation)]], "methods.tests")
    notice(significance.jump(comparison, metric))
    with st.expander(_("All tests as tables")):
        tables.tests(comparison)


def _no_test(comparison: report.Report, metric: str, by: report.Observation) -> None:
    title = report.METRICS[metric].title
    if by == "run":
        why = report.untested(comparison) or _("This comparison holds no test of it.")
        html.empty(_("No test over runs of {metric}").format(metric=title), why)
        return
    text = _(
        "{metric} belongs to a set of sentences: each is measured against the others. So a "
        "sentence is no observation of it, and only runs can be tested."
    )
    html.empty(_("No sentence has a {metric} of its own").format(metric=title),
                 text.format(metric=title))  # fmt: skip


# -- 3 ---------------------------------------------------------------------------------------------


def _plane(source: Source) -> None:
    comparison, gaps = source.comparison, source.gaps
    st.header(_("Better, or only sharper?"), anchor=False)
    html.quiet(
        _(
            "Any model writes more probable sentences when its temperature is turned down, and "
            "leaves more out. That costs no training, so it is the curve to beat."
        )
    )
    linked = url_state.text("curves").split(_SEPARATOR)
    offered = plane.selectable(comparison)
    curves: Sequence[str] = []
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    zoom = _one_of(left, _("Show"), "zoom", {"all": _("all runs"), "near": _("near MLE's curve")})
    if offered:
        curves = right.pills(
            _("Turn the temperature of these as well"),
            offered,
            selection_mode="multi",
            default=[method for method in offered if method in linked],
            format_func=lambda method: plain(report.method_name(method)),
            key=f"methods.curves.{'.'.join(offered)}",
        )
    url_state.put(curves=_SEPARATOR.join(curves) or None)
    charts(
        [
            [
                plane.plane(comparison, gaps, curves, near=zoom == "near"),
                frontier_gaps.gaps_by_seed(gaps),
            ]
        ],
        "methods.plane",
    )
    notice(frontier_gaps.notice(gaps, comparison["reference"]))
    with st.expander(_("The numbers as tables")):
        tables.distances(gaps)
        tables.temperatures(comparison)


# -- 4 ---------------------------------------------------------------------------------------------


def _curves(source: Source) -> None:
    comparison = source.comparison
    st.header(_("How they learned"), anchor=False)
    chosen = _one_of(
        st,
        _("Along"),
        "by",
        {"epoch": _("epochs and rounds"), "seconds": _("seconds")},
    )
    by: methods_curves.By = "seconds" if chosen == "seconds" else "epoch"
    drawn = [m for m in ("nll_oracle", "nll_test") if m in report.metrics(comparison)]
    charts(
        [[methods_curves.learning(comparison, m, by) for m in drawn]], "methods.curves", even=True
    )
    with st.expander(_("The numbers as tables")):
        for metric in drawn:
            tables.curves(comparison, metric, by)


# -- 5 ---------------------------------------------------------------------------------------------


def _paper(source: Source) -> None:
    st.header(_("Beside the paper's table"), anchor=False)
    left, right = st.columns([1, 1], gap="large")
    with left:
        charts([[paper.orders(source.comparison, source.size)]], "methods.paper")
    with right:
        tables.paper(source.comparison)


def _command_section(source: Source) -> None:
    st.header(_("How it was made"), anchor=False)
    html.quiet(
        _(
            "The command trains what is missing, measures all of it and tests it. Where every run "
            "is there already it only measures."
        )
    )
    st.code(source.command, language="bash", wrap_lines=True)


# -- shared ----------------------------------------------------------------------------------------


def notice(text: str) -> None:
    """What to notice now, under a row of figures."""
    html.notices([_bound(text)])


def _bound(text: str) -> str:
    """What belongs together stays on one line, n = 5; a minus is one, as in figures."""
    minus = re.sub(r"(?<!\w)-(?=\d)", "−", text)
    return minus.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def _one_of(place: Any, label: str, name: str, options: dict[str, str]) -> str:
    """One of a few words, by buttons; it stands in the address."""
    chosen = place.segmented_control(
        label,
        list(options),
        default=url_state.one_of(name, list(options), next(iter(options))),
        format_func=lambda key: options[key],
        required=True,
        key=f"methods.{name}",
    )
    url_state.put(**{name: chosen})
    return str(chosen)
