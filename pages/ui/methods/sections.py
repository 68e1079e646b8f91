"""The methods screen: the main figures and what they show; the rest in tabs."""

from functools import partial

import streamlit as st

from pages.ui.common import choice, glossary, html
from pages.ui.common.i18n import escape, plain
from pages.ui.common.plotly_chart import charts, charts_and_tables
from pages.ui.common.tabs import Tab, tabs
from pages.ui.methods.comparison_source import Source
from seqgan_core.figures.methods import (
    curves,
    findings,
    gaps,
    means,
    names,
    paper,
    path_plane,
    plane,
    significance,
)
from seqgan_core.figures.methods import tables as numbers
from seqgan_core.figures.metrics import metric_of
from seqgan_core.judge.frontier_distance import rivals
from seqgan_core.judge.mean_curves import By, mean_curves
from seqgan_core.judge.report import Observation, Report
from seqgan_core.messages import _, remark

# What it would show was written down before it was made.
EXPECTED = "assets/comparison/thinking-ahead"


def draw(source: Source) -> None:
    """One comparison: quality and what it may cost, what to notice, and tabs for the rest."""
    report = source.report
    main = [m for m in names.main_pair(report) if m in names.metrics(report)]
    if not main:
        html.empty(_("Nothing was measured"), _("This comparison contains no method."))
        return
    if chosen := names.chosen_text(report):
        html.quiet(chosen)
    charts_and_tables([[means.means(report, metric) for metric in main]], "methods-means")
    if source.file:
        html.quiet(report.versions.line(names.seeds_text(report)))
    expected = remark("methods.expected") if source.file.startswith(EXPECTED) else ""
    html.notices([findings.first_by_each(report), findings.beyond_real(report), expected])
    terms = [*main, "confidence_interval", "ceiling" if report.is_text else "why-two-nlls"]
    glossary.terms(*("bleu" if key.startswith("bleu_") else key for key in terms))
    sections = [
        Tab("findings", _("Findings"), partial(_findings, source)),
        Tab("tests", _("Tests"), partial(_tests, report)),
        Tab("temperature", _("Temperature"), partial(_temperature, source)),
        Tab("metrics", _("More metrics"), partial(_more_metrics, report, main)),
        Tab("curves", _("Learning curves"), partial(_curves, report)),
        Tab("numbers", _("Numbers and command"), partial(_numbers, source)),
    ]
    table = Tab("paper", _("The paper"), partial(_paper, source))
    if report.at_paper_size:
        sections[:0] = [
            table._replace(label=_("The paper's table, at its size")),
            Tab("made-of", _("What the number is made of"), partial(_made_of, report)),
        ]
    elif not report.is_text:  # the paper's numbers on text are on the screens of Create
        sections.insert(-1, table)
    tabs("part", sections, key="methods-part")


def _findings(source: Source) -> None:
    found = findings.findings(source.report, source.gaps, source.size)
    if not found:
        html.quiet(_("Train at least two methods to compare them."))
        return
    rows = "".join(
        f"<li><b>{escape(lead)}</b> {escape(html.typeset(text))}</li>" for lead, text in found
    )
    st.html(f'<ol class="shows">{rows}</ol>')


def _tests(report: Report) -> None:
    html.quiet(remark("methods.what-a-test-asks"))
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    observations: dict[Observation, str] = {"run": _("a run"), "sentence": _("a sequence")}
    by = choice.one_of(
        "obs", _("One observation is"), observations, help=glossary.term("observation"),
        key="methods-obs", place=left,
    )  # fmt: skip
    metric = choice.one_of(
        "metric", _("Metric"), {m: metric_of(m).title for m in names.metrics(report)},
        key="methods-metric", widget="pills", place=right,
    )  # fmt: skip
    title = metric_of(metric).title
    if report.tests(metric, by):
        charts([[significance.differences(report, metric, by)]], "methods-tests")
    elif by == "run":
        why = names.untested(report) or _("This comparison contains no test of it.")
        html.empty(_("No test of {metric} over runs").format(metric=title), why)
    else:
        why = remark("methods.sets-only", metric=title)
        html.empty(_("No test of {metric} over sequences").format(metric=title), why)
    html.notices([significance.observation_matters(report, metric)])


def _temperature(source: Source) -> None:
    report = source.report
    html.quiet(remark("methods.curve-to-beat"))
    planes = {y: (x, y) for x, y in names.planes(report)}
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    near = choice.one_of(
        "zoom", _("Show"), {"all": _("all runs"), "near": _("near MLE's curve")},
        key="methods-zoom", place=left,
    )  # fmt: skip
    chosen = choice.several(
        "curves", _("Also vary the temperature of"),
        {method: plain(names.method_name(method)) for method in plane.selectable(report)},
        key="methods-curves", place=right,
    )  # fmt: skip
    bleu = list(planes)[-1]
    if len(planes) > 1:
        options = {y: metric_of(y).title for y in planes}
        bleu = choice.one_of("bleu", _("Quality"), options, key="methods-bleu", default=bleu)
    x, y = planes[bleu]
    distances = source.gaps_in(x, y)
    drawn = plane.plane(report, x, y, distances, chosen, near=near == "near")
    charts_and_tables([[drawn, gaps.gaps_by_seed(distances)]], "methods-plane", even=False)
    html.notices(findings.distances_in_words(distances, report.reference))


def _more_metrics(report: Report, main: list[str]) -> None:
    html.quiet(remark("methods.more-metrics"))
    rest = [metric for metric in names.metrics(report) if metric not in main]
    drawn = [means.means(report, metric, small=True) for metric in rest]
    rows = [drawn[at : at + 3] for at in range(0, len(drawn), 3)]
    charts_and_tables(rows, "methods-varied", even=False)


def _curves(report: Report) -> None:
    axes: dict[By, str] = {"epoch": _("epochs"), "seconds": _("seconds")}
    by = choice.one_of("by", _("Horizontal axis"), axes, key="methods-by")
    shown = [m for m in ("nll_oracle", "nll_test") if m in names.metrics(report)]
    drawn = [curves.learning(report, mean_curves(report, m, by), m, by) for m in shown]
    charts_and_tables([drawn], "methods-learning")


def _paper(source: Source) -> None:
    table = paper.table(source.report, rivals(source.report))
    if table.rows:
        html.table(*table, stacked=True)
    charts([[paper.orders(source.report, source.size)]], "methods-paper")


def _made_of(report: Report) -> None:
    gaps = rivals(report)
    charts_and_tables([[path_plane.made_of(report, gaps)]], "methods-made-of")
    html.notices(path_plane.in_words(report, gaps))


def _numbers(source: Source) -> None:
    html.table(*numbers.means(source.report))
    if why := names.untested(source.report):
        html.quiet(why)
    place = st.expander(_("Every run and every test"), key="methods-every-number",
                        on_change="rerun")  # fmt: skip
    if place.open:
        with place:
            for table in (numbers.runs(source.report), *numbers.tests(source.report)):
                html.table(*table)
    html.quiet(remark("methods.command"))
    html.command(source.command)
