"""Where the runs of a study come from: recorded with the lab, or trained in this library."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pages.ui.common import choice, session
from pages.ui.common.errors import error_message
from pages.ui.common.i18n import ASSETS
from pages.ui.common.recorded import recorded
from seqgan_core.judge.report_file import ReportError
from seqgan_core.judge.study import Setting, Study, changes_of, settings_key, study
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, read_plan, stored
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.presets import preset as preset_named
from seqgan_core.training.setup.provenance import Provenance

RECORDED = ASSETS / "comparison"
PLANS = ASSETS / "plans"

StudyName = Literal["strategies", "one_at_a_time", "figure3"]


@dataclass(frozen=True)
class StudyView:
    """A study on the screen."""

    name: StudyName
    plan: Plan
    settings: list[Setting]  # every setting of the plan, tried or not, and what else was recorded
    planned: dict[str, list[Planned]]  # the plan's runs by their setting's key
    stored_runs: dict[Planned, RunRecord]  # those of them that this library holds, ended or not
    base: TrainConfig  # the preset
    # what recorded the runs that `settings` hold; None where they are this library's
    made: Provenance | None
    problem: str  # why there are no recorded runs; empty where there are

    @property
    def tried(self) -> list[Setting]:
        return [setting for setting in self.settings if setting.runs]


def choose_study(name: StudyName, full_size: StudyName | None = None) -> StudyView:
    """The study with the runs that the address wants; draws the choices, where there are any.

    `full_size` can be chosen instead, where it is recorded.

    Raises:
        PlanError: the plan cannot be read.
    """
    if full_size and is_recorded(full_size):
        sizes = {name: _("small"), full_size: _("the paper's")}
        name = choice.one_of("size", _("Size"), sizes, key="strategies-size")
    plan = read_plan(PLANS / f"{name}.toml")
    base = preset_named(plan.preset)
    store = session.lab().store
    stored_runs = stored(store, plan)
    settings: list[Setting] = []
    problem, source = "", "library"
    try:
        settings = recorded_settings(name, plan, base)
        options = {"recorded": _("recorded"), "library": _("your runs")}
        source = choice.one_of("study", _("Runs"), options, key="strategies-study")
    except ReportError as error:
        text = _("The recorded study is not available, so your runs are shown: {why}")
        problem = text.format(why=error_message(error))
    if source == "library":
        ended = {planned: record for planned, record in stored_runs.items() if is_done(record)}
        settings = study(store, plan, ended).settings(base)
    planned: dict[str, list[Planned]] = {}
    for run in plan.runs:
        planned.setdefault(settings_key(changes_of(run.config, base)), []).append(run)
    settings = _with_untried(planned, settings, base)
    file = RECORDED / f"{name}.json"
    made = recorded(file, Study.load).versions if source == "recorded" else None
    return StudyView(name, plan, settings, planned, stored_runs, base, made, problem)


def is_recorded(name: StudyName) -> bool:
    """Whether the study ships."""
    return (RECORDED / f"{name}.json").is_file()


def command(name: StudyName) -> str:
    """What makes the recorded study again."""
    plan, file = _from_root(PLANS / f"{name}.toml"), _from_root(RECORDED / f"{name}.json")
    what = "reproduce figure3" if name == "figure3" else f"sweep {plan}"
    return f"python -m seqgan_core {what} --out {file}"


def recorded_settings(name: StudyName, plan: Plan, base: TrainConfig) -> list[Setting]:
    """The settings of the study that ships.

    Raises:
        ReportError: there is none that can be shown, and why.
    """
    report = recorded(RECORDED / f"{name}.json", Study.load)
    if report.preset != plan.preset:
        raise ReportError("study.preset", file=f"{name}.json", theirs=report.preset,
                          ours=plan.preset, command=command(name))  # fmt: skip
    return report.settings(base)


def _with_untried(
    planned: dict[str, list[Planned]], settings: list[Setting], base: TrainConfig
) -> list[Setting]:
    """The settings in the plan's order, those without runs among them; then what else there is."""
    by_key = {setting.key: setting for setting in settings}
    ordered = {
        key: by_key.get(key) or Setting(changes_of(runs[0].config, base), runs[0].config)
        for key, runs in planned.items()
    }
    return list((ordered | by_key).values())


def _from_root(path: Path) -> Path:
    """As it is typed in the project's root."""
    root = ASSETS.parent
    return path.relative_to(root) if path.is_relative_to(root) else path
