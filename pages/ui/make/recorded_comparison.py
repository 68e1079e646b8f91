"""The recorded comparison: metrics of the methods, of real data and of n-gram models."""

from pathlib import Path

import streamlit as st

from pages.ui.common import html
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import ASSETS, plain
from pages.ui.common.plotly_chart import charts, tables
from pages.ui.common.recorded import recorded
from pages.ui.make.screen_kind import Kind
from seqgan_core.figures.methods import findings, means, names, paper, plane
from seqgan_core.figures.methods import tables as numbers
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.report import Report
from seqgan_core.messages import Problem, _, remark
from seqgan_core.tasks.corpora.registry import title_of
from seqgan_core.training.setup.presets import PRESETS

FOLDER = ASSETS / "comparison"


def comparison(kind: Kind) -> None:
    """Draw the comparison of this screen's task, or say what records one."""
    html.quiet(remark(f"make.metrics-{kind.data}", **kind.words))
    path = FOLDER / f"{kind.task}.json"
    if path.is_file():
        try:
            _comparison(kind, recorded(path, Report.load))
        except Problem as problem:
            st.warning(plain(sentence(problem)), icon=":material/warning:")
    else:
        _missing(kind, path)
    _paper(kind)


def _comparison(kind: Kind, report: Report) -> None:
    pairs = [pair for pair in names.planes(report) if set(pair) <= set(names.metrics(report))]
    gaps = {pair: distances(report, *pair) for pair in pairs}
    main = gaps[pairs[-1]] if pairs else []
    html.quiet(_description(report))
    html.quiet(report.versions.line(names.seeds_text(report)))
    found = findings.findings(report, main, _book(report))
    html.notices([_("{lead} {text}").format(lead=lead, text=text) for lead, text in found])
    drawn = [means.means(report, metric) for metric in names.metrics(report)]
    charts([drawn[at : at + 2] for at in range(0, len(drawn), 2)], f"{kind.task}-means", even=True)
    if pairs:
        planes = [plane.plane(report, *pair, gaps[pair]) for pair in pairs]
        charts([planes], f"{kind.task}-plane", even=True)
        tables(planes, f"{kind.task}-plane")
    html.table(*numbers.means(report))
    html.quiet(_("This command records it again:"))
    html.command(findings.command(report, {}, f"assets/comparison/{kind.task}.json"))


def _description(report: Report) -> str:
    """What was compared."""
    methods = ", ".join(map(names.method_name, report.strategies))
    words = _("Recorded: {methods}, trained on {book} ({n}).")
    words = words.format(methods=methods, book=_book(report), n=names.seeds_text(report))
    return " ".join(filter(None, [words, names.chosen_text(report)]))


def _book(report: Report) -> str:
    preset = report.about.preset or ""
    config = PRESETS.get(preset)
    corpus = str(report.about.changes.get("corpus") or (config.corpus if config else preset))
    return title_of(corpus)


def _missing(kind: Kind, path: Path) -> None:
    html.empty(_("No comparison is recorded"), remark(f"make.record-{kind.data}"))
    words = f"python -m seqgan_core compare --preset {kind.task} --strategies mle,seqgan"
    html.command(f"{words} --out assets/comparison/{path.name}")


def _paper(kind: Kind) -> None:
    with st.container(key="paper-says"):
        st.subheader(_("The paper's numbers"), anchor=False)
        html.table(
            [_("metric"), "MLE", "SeqGAN", _("real tunes") if kind.music else _("real text")],
            paper.text_rows(kind.task),
            _("As commonly cited from the paper's tables"),
        )
        html.quiet(paper.text_caveat(kind.task))
