"""How good it is: the recorded comparison, with what real data and counting models reach."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common import html
from pages.ui.common.html import command, notices
from pages.ui.common.i18n import ASSETS, plain
from pages.ui.common.plotly_chart import charts
from pages.ui.make.screen_kind import MUSIC, Kind
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
from seqgan_core.judge.sweeps.plan import PlanError
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.training.setup.presets import PRESETS

FOLDER = ASSETS / "comparison"


def comparison(kind: Kind) -> None:
    """Draw the comparison of this screen's task, or say kindly that it is missing."""
    st.header(_("How good are they?"), anchor=False)
    html.quiet(_about(kind))
    path = FOLDER / f"{kind.report}.json"
    report = _load(path, *_stamp(path))
    if isinstance(report, str):
        _missing(kind, path, report)
    else:
        _comparison(kind, report)
    _paper(kind)


def _about(kind: Kind) -> str:
    if kind == MUSIC:
        return _(
            "BLEU-4 counts the runs of four steps that held-out tunes also have; MSE is how far, "
            "in semitones squared, the pitches lie from the nearest held-out tune. Neither hears "
            "form or harmony. So both are read beside real tunes, beside models that only count "
            "a few steps at a time, and never without variety and copies."
        )
    return _(
        "BLEU counts the runs of {tokens} that real held-out text also has. It grows with that "
        "text, and a model that knows two {tokens} at a time can reach it, so it is read "
        "beside real text, beside such models, and never without variety and copies."
    ).format(tokens=kind.tokens)


def _comparison(kind: Kind, report: dict[str, Any]) -> None:
    metrics = text_report.metrics(report)
    bleu = [metric for metric in metrics if metric.startswith("bleu_")]
    sentences = text_findings.findings(report, bleu[0]) if bleu else []
    html.quiet(_description(kind, report))
    notices(sentences)
    figures = [text_means.levels(report, metric) for metric in metrics]
    pairs = [figures[at : at + 2] for at in range(0, len(figures), 2)]
    charts(pairs, f"make.{kind.task}.levels", even=True)
    if bleu and "self_bleu" in metrics:
        charts([[text_plane.plane(report, metric) for metric in bleu]], f"make.{kind.task}.plane",
               even=True)  # fmt: skip
    with st.expander(_("The numbers as tables")):
        _table(report, metrics)
        for metric in bleu:
            _temperatures(report, metric)
    html.quiet(_("This makes it anew:"))
    out = f"assets/comparison/{kind.report}.json"
    command(findings.command(report, {}, out))


def _description(kind: Kind, report: dict[str, Any]) -> str:
    """What was compared; the model chosen above is not part of it."""
    about = report["about"]
    config = PRESETS.get(about["preset"])
    corpus = about["changes"].get("corpus") or (config.corpus if config else about["preset"])
    book = CORPORA[corpus].title if corpus in CORPORA else str(corpus)
    words = (
        _("Recorded: {methods}, trained on {book} ({n}). It stays as it is, whoever composes "
          "above.")
        if kind == MUSIC
        else _("Recorded: {methods}, trained on {book} ({n}). It stays as it is, whoever writes "
               "above.")
    )  # fmt: skip
    methods = _(" and ").join(method_name(row["strategy"]) for row in report["rows"])
    return words.format(methods=methods, book=book, n=seeds_text(report))


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
        html.table(
            [_("temperature"), title, "self-BLEU-3"], rows, _("MLE with its temperature turned")
        )


def _missing(kind: Kind, path: Path, why: str) -> None:
    if path.is_file():
        st.warning(plain(why), icon=":material/warning:")
        return
    html.empty(
        _("No comparison has been recorded yet"),
        _(
            "Here MLE and SeqGAN would stand side by side over several seeds, with {real} and "
            "n-gram models beside them. The command below makes it; that takes a while."
        ).format(real=_("real tunes") if kind == MUSIC else _("real text")),
    )
    out = f"assets/comparison/{path.name}"
    words = f"python -m seqgan_core compare --preset {kind.report} --strategies mle,seqgan"
    command(f"{words} --out {out}")


def _paper(kind: Kind) -> None:
    with st.container(key="paper-says"):
        st.subheader(_("The paper's own numbers"), anchor=False)
        html.table(
            [_("metric"), "MLE", "SeqGAN", _("real tunes") if kind == MUSIC else _("real text")],
            paper.text_rows(kind.task),
            _("The paper's numbers"),
        )
        html.quiet(paper.text_caveat(kind.task))


def _stamp(path: Path) -> tuple[int, int]:
    """What says whether a file has changed; zeros where there is none."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int) -> dict[str, Any] | str:
    """The comparison, or a sentence on what is wrong with it."""
    try:
        report = load_report(path)
        _draw_once(report)
    except PlanError as error:
        return _("The file {what}.").format(what=error)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        return _(
            "The file {name} is damaged ({what}); make it anew with `python -m seqgan_core compare "
            "--out`."
        ).format(name=path.name, what=f"{type(error).__name__}: {error}")
    return report


def _draw_once(report: dict[str, Any]) -> None:
    """Draw every figure once: a file that was cut by hand fails here, not amid the page."""
    if not report["rows"]:
        raise ValueError("it holds no method")
    _description(MUSIC, report)
    for metric in text_report.metrics(report):
        text_means.levels(report, metric)
        if metric.startswith("bleu_"):
            text_plane.plane(report, metric)
            text_findings.findings(report, metric)
    findings.command(report, {})
