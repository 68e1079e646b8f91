"""The recorded comparison: metrics of the methods, of real data and of n-gram models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common import html
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import ASSETS, plain
from pages.ui.common.plotly_chart import charts
from pages.ui.common.recorded import recorded
from pages.ui.make.screen_kind import Kind
from seqgan_core.figures.methods import (
    findings,
    paper,
    text_findings,
    text_means,
    text_plane,
    text_report,
)
from seqgan_core.figures.methods.report import method_name, seeds_text
from seqgan_core.judge.report import load_report
from seqgan_core.messages import Problem, _
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.training.setup.presets import PRESETS

FOLDER = ASSETS / "comparison"


def comparison(kind: Kind) -> None:
    """Draw the comparison of this screen's task, or say what records one."""
    html.quiet(_about(kind))
    path = FOLDER / f"{kind.report}.json"
    if path.is_file():
        try:
            _comparison(kind, recorded(path, _load))
        except Problem as problem:
            st.warning(plain(sentence(problem)), icon=":material/warning:")
    else:
        _missing(kind, path)
    _paper(kind)


def _about(kind: Kind) -> str:
    if kind.music:
        return _(
            "BLEU-4 counts the n-grams of four steps that held-out tunes also have; MSE is the "
            "distance of the pitches to the nearest held-out tune, in semitones squared. Neither "
            "hears form or harmony, so compare them with real tunes and n-gram models, and read "
            "them with diversity and copies."
        )
    return _(
        "BLEU counts the n-grams of {tokens} that real held-out text also has. It grows with that "
        "text, and a bigram model can reach it, so compare it with real text and n-gram models, "
        "and read it with diversity and copies."
    ).format(**kind.words)


def _comparison(kind: Kind, report: dict[str, Any]) -> None:
    metrics = text_report.metrics(report)
    bleu = [metric for metric in metrics if metric.startswith("bleu_")]
    sentences = text_findings.findings(report, bleu[0]) if bleu else []
    html.quiet(_description(report))
    html.notices(sentences)
    figures = [text_means.levels(report, metric) for metric in metrics]
    pairs = [figures[at : at + 2] for at in range(0, len(figures), 2)]
    charts(pairs, f"{kind.task}-levels", even=True)
    if bleu and "self_bleu" in metrics:
        charts([[text_plane.plane(report, metric) for metric in bleu]], f"{kind.task}-plane",
               even=True)  # fmt: skip
    with st.expander(_("The numbers as tables")):
        _table(report, metrics)
        for metric in bleu:
            _temperatures(report, metric)
    html.quiet(_("This command records it again:"))
    out = f"assets/comparison/{kind.report}.json"
    html.command(findings.command(report, {}, out))


def _description(report: dict[str, Any]) -> str:
    """What was compared."""
    about = report["about"]
    config = PRESETS.get(about["preset"])
    corpus = about["changes"].get("corpus") or (config.corpus if config else about["preset"])
    book = CORPORA[corpus].title if corpus in CORPORA else str(corpus)
    methods = ", ".join(method_name(row["strategy"]) for row in report["rows"])
    return _(
        "Recorded: {methods}, trained on {book} ({n}). The model chosen above is not in it."
    ).format(methods=methods, book=book, n=seeds_text(report))


def _table(report: dict[str, Any], metrics: list[str]) -> None:
    head = [_("method"), _("runs"), *(text_report.metric_of(metric).title for metric in metrics)]
    rows = [
        [
            method_name(row["strategy"]),
            str(len(row["results"])),
            *(_cell(row["summary"][metric], metric) for metric in metrics),
        ]
        for row in report["rows"]
    ]
    baselines = {metric: text_report.baselines(report, metric) for metric in metrics}
    for key in text_report.BASELINES:
        values = [baselines[metric].get(key) for metric in metrics]
        if any(value is not None for value in values):
            digits = [text_report.metric_of(metric).digits for metric in metrics]
            cells = [
                "–" if value is None else f"{value:.{d}f}"
                for value, d in zip(values, digits, strict=True)
            ]
            rows.append([text_report.baseline_name(key), "–", *cells])
    caption = _("Mean over runs with its 95% interval; of each run {n:,} samples at most").format(
        n=report["samples"]
    )
    html.table(head, rows, caption)


def _cell(summary: dict[str, Any], metric: str) -> str:
    digits = text_report.metric_of(metric).digits
    mean, low, high = summary["mean"], summary["low"], summary["high"]
    if low is None:
        return f"{mean:.{digits}f}"
    return f"{mean:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _temperatures(report: dict[str, Any], metric: str) -> None:
    title = text_report.metric_of(metric).title
    rows = [
        [f"{point['temperature']:g}", f"{point['bleu']:.3f}", f"{point['self_bleu']:.3f}"]
        for point in text_plane.points(report, metric)
    ]
    if rows:
        html.table([_("temperature"), title, "self-BLEU-3"], rows, _("MLE at several temperatures"))


def _missing(kind: Kind, path: Path) -> None:
    html.empty(
        _("No comparison is recorded"),
        _("The command below records one: MLE and SeqGAN over several seeds, real tunes and n-gram "
          "models. It takes a while.")
        if kind.music
        else _("The command below records one: MLE and SeqGAN over several seeds, real text and "
               "n-gram models. It takes a while."),
    )  # fmt: skip
    words = f"python -m seqgan_core compare --preset {kind.report} --strategies mle,seqgan"
    html.command(f"{words} --out assets/comparison/{path.name}")


def _paper(kind: Kind) -> None:
    with st.container(key="paper-says"):
        st.subheader(_("The paper's numbers"), anchor=False)
        html.table(
            [_("metric"), "MLE", "SeqGAN", _("real tunes") if kind.music else _("real text")],
            paper.text_rows(kind.task),
            _("The paper's numbers"),
        )
        html.quiet(paper.text_caveat(kind.task))


def _load(path: Path) -> dict[str, Any]:
    report = load_report(path)
    _draw_once(report)
    return report


def _draw_once(report: dict[str, Any]) -> None:
    """Draw every figure once: a file that was cut by hand fails here, not amid the page."""
    if not report["rows"]:
        raise ValueError("it holds no method")
    _description(report)
    for metric in text_report.metrics(report):
        text_means.levels(report, metric)
        if metric.startswith("bleu_"):
            text_plane.plane(report, metric)
            text_findings.findings(report, metric)
    findings.command(report, {})
