"""Which comparison is shown: a recorded one, or the library's own runs measured now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.i18n import ASSETS, plain
from pages.ui.methods import own_runs, text_comparison
from seqgan_core.figures.methods import (
    curves,
    findings,
    frontier_gaps,
    means,
    plane,
    report,
    significance,
)
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.methods import METHODS, REFERENCE
from seqgan_core.judge.report import load_report
from seqgan_core.judge.report_file import ReportError
from seqgan_core.judge.report_file import plain as as_json
from seqgan_core.judge.study import load_study
from seqgan_core.judge.sweeps.plan import PlanError
from seqgan_core.messages import _
from seqgan_core.training.config import ConfigError, make_config
from seqgan_core.training.setup.presets import preset as preset_named

FOLDER = ASSETS / "comparison"
OWN = "own"
_DEFAULT = {  # what `compare` takes when it is not told
    "strategies": ",".join(METHODS),
    "samples": 100_000,
    "budget": "updates",
    "reference": REFERENCE,
}


@dataclass(frozen=True)
class Source:
    """A comparison, its distances to MLE's temperatures, its size in words, and its command."""

    comparison: dict[str, Any]
    gaps: list[dict[str, Any]]
    size: str
    command: str


def choose() -> Source | None:
    """Draw the choice; None while one's own runs are measured, or where there is nothing."""
    recorded, problems = recorded_comparisons(FOLDER)
    for problem in problems:
        st.warning(plain(problem), icon=":material/warning:")
    names = titles(recorded) | {OWN: _("My own runs")}
    key = url_state.one_of("source", list(names), next(iter(names)))
    if recorded:
        key = st.pills(
            _("Comparison"),
            list(names),
            default=key,
            required=True,
            format_func=lambda key: plain(names[key]),
            key="methods.source",
        )
    text_comparison.doors()
    return _own() if key == OWN else _recorded(key, recorded[key])


def _own() -> Source | None:
    url_state.put(source=OWN)
    comparison = own_runs.own_comparison()
    return None if comparison is None else _source(comparison, "")


def _recorded(stem: str, comparison: dict[str, Any]) -> Source:
    url_state.put(source=stem)
    own_runs.forget_address()
    html.quiet(
        _("A recorded comparison: it ships with the app, and its command below makes it anew.")
    )
    runs = sum(len(row["results"]) for row in comparison["rows"])
    html.facts(
        [
            (_("Methods"), str(len(comparison["rows"])), ""),
            (_("Runs"), str(runs), report.seeds_text(comparison)),
            (_("Samples"), f"{comparison['samples']:,}", _("of each run")),
        ]
    )
    return _source(comparison, f"assets/comparison/{stem}.json")


def recorded_comparisons(folder: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The comparisons in a folder by their file's name, and what is wrong with other files.

    Studies, which the Strategies screen shows, and comparisons of text are passed over.
    """
    comparisons, problems = {}, []
    for path in sorted(folder.glob("*.json")):
        stat = path.stat()
        loaded = _load(path, stat.st_mtime_ns, stat.st_size)
        if isinstance(loaded, dict):
            comparisons[path.stem] = loaded
        elif loaded:
            problems.append(loaded)
    return comparisons, problems


@lru_cache(maxsize=16)
def _load(path: Path, _changed: int, _size: int) -> dict[str, Any] | str:
    """A comparison, a sentence on what is wrong with it, or nothing for a study or for text."""
    try:
        comparison = load_report(path)
        if text_comparison.is_text(comparison):
            return ""  # it stands on Poems or on Speeches
        _draw_once(comparison)
    except PlanError as error:
        return "" if _is_study(path) else _("The file {what}.").format(what=error)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        text = _(
            "The file {name} is damaged ({what}); make it anew with `python -m seqgan_core compare "
            "--out`."
        )
        return text.format(name=path.name, what=f"{type(error).__name__}: {error}")
    return comparison


def _draw_once(comparison: dict[str, Any]) -> None:
    """Draw all of it for nobody: a file that was cut by hand fails here, not amid the page."""
    source = _source(comparison, "")
    if not report.trained(comparison):
        raise ValueError("it holds no trained method")
    for metric in report.metrics(comparison):
        means.means(comparison, metric)
        significance.jump(comparison, metric)
        for by in report.OBSERVATIONS:
            significance.differences(comparison, metric, by)
        for along in curves.BY:
            curves.learning(comparison, metric, along)
    findings.findings(comparison, source.gaps, source.size)
    plane.plane(comparison, source.gaps, plane.selectable(comparison))
    frontier_gaps.gaps_by_seed(source.gaps)


def _is_study(path: Path) -> bool:
    try:
        load_study(path)
    except ReportError:
        return False
    return True


def titles(recorded: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What each is called: its preset, its budget, its seeds; with the file where two are alike."""
    words = {
        "updates": _("as many updates each"),
        "seconds": _("as many seconds each"),
    }
    names = {}
    for stem, comparison in recorded.items():
        about = comparison["about"]
        parts = [str(about.get("preset", stem)).capitalize(), words.get(about.get("budget"), "")]
        names[stem] = ", ".join(filter(None, parts))
    all_names = list(names.values())
    return {s: f"{text} ({s})" if all_names.count(text) > 1 else text for s, text in names.items()}


def _source(comparison: dict[str, Any], out: str) -> Source:
    if text_comparison.is_text(comparison):  # nothing of it is measured by an oracle
        return Source(comparison, [], "", findings.command(comparison, _DEFAULT, out))
    return Source(
        comparison,
        as_json(distances(comparison)),
        size_words(comparison),
        findings.command(comparison, _DEFAULT, out),
    )


def size_words(comparison: dict[str, Any]) -> str:
    """The size that a comparison was made at: preset, V and T."""
    about = comparison["about"]
    try:
        config = make_config(preset_named(about["preset"]), **about.get("changes", {}))
    except (ConfigError, KeyError):
        return str(about.get("preset", _("a size that its file does not say")))
    words = _("the {preset} preset's size (V = {v}, T = {t})")
    if about.get("changes"):
        words = _("the {preset} preset changed (V = {v}, T = {t})")
    return words.format(preset=about["preset"], v=config.vocab_size, t=config.sequence_length)
