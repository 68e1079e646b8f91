"""Which comparison is shown: a recorded one, or your own runs, measured now."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import streamlit as st

from pages.ui.common import choice, html, navigation
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import ASSETS, plain
from pages.ui.common.recorded import recorded
from pages.ui.methods import own_runs
from seqgan_core.figures.methods import findings
from seqgan_core.figures.methods.names import planes, seeds_text
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.methods import METHODS, REFERENCE
from seqgan_core.judge.report import Distance, Report
from seqgan_core.judge.report_file import ReportError
from seqgan_core.messages import _
from seqgan_core.training.config import ConfigError, make_config
from seqgan_core.training.setup.presets import preset as preset_named

FOLDER = ASSETS / "comparison"
OWN = "own"
_STUDIES = "seqgan-study-"  # in the folder too, for Strategies
_DEFAULT = {  # of the command's options
    "strategies": ",".join(METHODS), "samples": 100_000, "budget": "updates",
    "reference": REFERENCE,
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A comparison, and the file it is recorded in."""

    report: Report
    file: str = ""

    @cached_property
    def gaps(self) -> list[Distance]:
        """Distances from MLE's curve, in the last plane: that of the main pair of metrics."""
        return self.gaps_in(*planes(self.report)[-1])

    def gaps_in(self, x: str, y: str) -> list[Distance]:
        """Distances from MLE's curve in any plane."""
        return distances(self.report, x, y)

    @property
    def size(self) -> str:
        """The size it was made at."""
        return size_words(self.report)

    @property
    def command(self) -> str:
        """The command that makes it."""
        return findings.command(self.report, _DEFAULT, self.file)


def choose() -> Source | None:
    """Draw the choice; None while your own runs are measured, or where there is nothing."""
    reports, problems = recorded_comparisons(FOLDER)
    for problem in problems:
        st.warning(plain(problem), icon=":material/warning:")
    names = {stem: plain(title) for stem, title in titles(reports).items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        options = names | {OWN: _("Your runs")}
        key = choice.one_of(
            "source", _("Comparison"), options, key="methods-source", widget="pills"
        )
        st.markdown(f":small[{_('On text and music:')}]", width="content")
        for page in (navigation.POEMS, navigation.SPEECHES, navigation.MUSIC):
            st.page_link(page, label=_(navigation.TITLES[page]), width="content")
    if key == OWN:
        measured = own_runs.own_comparison()
        return None if measured is None else Source(measured)
    own_runs.forget_address()
    report = reports[key]
    html.facts(
        (_("Methods"), str(len(report.rows)), ""),
        (_("Runs"), str(sum(len(row.results) for row in report.rows)), seeds_text(report)),
        (_("Samples"), f"{report.samples:,}", _("per run")),
    )
    return Source(report, f"assets/comparison/{key}.json")


def recorded_comparisons(folder: Path) -> tuple[dict[str, Report], list[str]]:
    """The comparisons in a folder by their file's name, and what is wrong with other files.

    Left out are studies, which Strategies shows, and comparisons of text, which Create shows.
    """
    reports, problems = {}, []
    for path in sorted(folder.glob("*.json")):
        try:
            report = recorded(path, Report.load)
        except ReportError as error:
            if not str(error.fields.get("version")).startswith(_STUDIES):
                problems.append(sentence(error))
        else:
            if not report.is_text:
                reports[path.stem] = report
    return reports, problems


def titles(reports: Mapping[str, Report]) -> dict[str, str]:
    """The name of each: preset and budget, or oracle; with the file where two are alike."""
    names = {}
    for stem, report in reports.items():
        text = {
            "updates": _("Equal updates ({preset})"),
            "seconds": _("Equal seconds ({preset})"),
        }.get(report.about.budget or "", "{preset}")
        if set(report.strategies) & {"actor_critic", "tree_search"}:
            text = {
                "updates": _("Thinking ahead, T = {length}"),
                "seconds": _("Thinking ahead, T = {length}, equal seconds"),
            }[report.about.budget or "updates"]
        if report.at_paper_size:
            text = _("The paper's size, another oracle")
            if report.has_paper_oracle:
                text = _("The paper's size, the authors' oracle")
        length = report.config.get("sequence_length")
        names[stem] = text.format(preset=report.about.preset or stem, length=length)
    all_names = list(names.values())
    return {s: f"{text}: {s}" if all_names.count(text) > 1 else text for s, text in names.items()}


def size_words(report: Report) -> str:
    """The size that a comparison was made at: preset, V and T."""
    about = report.about
    try:
        config = make_config(preset_named(about.preset or ""), **about.changes)
    except ConfigError:
        return about.preset or _("a size that its file does not state")
    if config.corpus:
        text = _("the {preset} preset (corpus {corpus})")
    elif about.changes.keys() - {"oracle_path"}:  # which is no size
        text = _("the changed {preset} preset (V = {v}, T = {t})")
    else:
        text = _("the {preset} preset (V = {v}, T = {t})")
    return text.format(
        preset=about.preset, corpus=config.corpus, v=config.vocab_size, t=config.sequence_length
    )
