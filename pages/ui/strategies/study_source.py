"""Where the runs of a study come from: recorded with the app, or trained in this library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from pages.ui.common import session, url_state
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import ASSETS
from seqgan_core.figures.strategies.study import Setting, read_settings, settings_key
from seqgan_core.judge.study import load_study, study
from seqgan_core.judge.sweeps.plan import Plan, PlanError, Planned, is_done, read_plan, stored
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.setup.config_rules import REPEATS
from seqgan_core.training.setup.presets import preset as preset_named

RECORDED = ASSETS / "comparison"
PLANS = ASSETS / "plans"

StudyName = Literal["strategies", "one_at_a_time"]
Source = Literal["recorded", "library"]


@dataclass(frozen=True)
class StudyView:
    """A study on the screen.

    Attributes:
        settings: every setting of the plan, tried or not, and what else was recorded.
        planned: the plan's runs by their setting's key.
        stored_runs: those of them that this library holds, ended or not.
        base: all settings of the preset.
        source: whose runs `settings` hold.
        problem: why no recorded study can be shown; empty where one can.
    """

    name: StudyName
    plan: Plan
    settings: list[Setting]
    planned: dict[str, list[Planned]]
    stored_runs: dict[Planned, RunRecord]
    base: dict[str, Any]
    source: Source
    problem: str

    @property
    def tried(self) -> list[Setting]:
        return [setting for setting in self.settings if setting.runs]


def choose_study(name: StudyName) -> StudyView:
    """The study as the address wants it; draws the choice of its runs, where there is one.

    Raises:
        PlanError: the plan cannot be read.
    """
    plan = read_plan(PLANS / f"{name}.toml")
    base = preset_named(plan.preset).model_dump()
    store = session.lab().store
    stored_runs = stored(store, plan)
    settings, problem = _recorded(name, plan, base)
    source = _source() if settings is not None else "library"
    if settings is None or source == "library":
        ended = {planned: record for planned, record in stored_runs.items() if is_done(record)}
        settings = read_settings(study(store, plan, ended), base)
    planned: dict[str, list[Planned]] = {}
    for run in plan.runs:
        planned.setdefault(settings_key(_changes(run, base)), []).append(run)
    return StudyView(
        name,
        plan,
        _with_untried(planned, settings, base),
        planned,
        stored_runs,
        base,
        source,
        problem,
    )


def command(name: StudyName) -> str:
    """What makes the recorded study anew."""
    plan, file = _from_root(PLANS / f"{name}.toml"), _from_root(RECORDED / f"{name}.json")
    return f"python -m seqgan_core sweep {plan} --out {file}"


def _recorded(
    name: StudyName, plan: Plan, base: dict[str, Any]
) -> tuple[list[Setting] | None, str]:
    """The study that ships, or why there is none to show."""
    path = RECORDED / f"{name}.json"
    if not path.exists():
        text = _("no study is recorded in {file}, so this library's runs are shown")
        return None, sentence(ValueError(text.format(file=_from_root(path))))
    try:
        report = load_study(path)
        if report.get("preset") != plan.preset:
            text = _("{file} was made from the preset {theirs}, not {ours}")
            raise PlanError(
                text.format(file=path.name, theirs=report.get("preset"), ours=plan.preset)
            )
        return read_settings(report, base), ""
    except PlanError as error:
        why = str(error)
    except ValueError as error:
        why = _("{file} is damaged: {why}").format(file=path.name, why=error)
    text = _("the recorded study cannot be shown, so this library's runs are: {why}")
    return None, sentence(ValueError(text.format(why=why)))


def _source() -> Source:
    names: dict[Source, str] = {
        "recorded": _("recorded with the app"),
        "library": _("this library's"),
    }
    options: list[Source] = list(names)
    linked = url_state.one_of("study", options, "recorded")
    chosen = st.segmented_control(
        _("Runs"),
        options,
        default=next(name for name in options if name == linked),
        format_func=lambda name: names[name],
        required=True,
        key="strategies.study",
    )
    url_state.put(study=chosen)
    return chosen


def _changes(planned: Planned, base: dict[str, Any]) -> dict[str, Any]:
    """What sets a planned run's setting apart, as a study tells it."""
    return {
        name: value
        for name, value in planned.config.model_dump().items()
        if value != base[name] and name not in REPEATS
    }


def _with_untried(
    planned: dict[str, list[Planned]], settings: list[Setting], base: dict[str, Any]
) -> list[Setting]:
    by_key = {setting.key: setting for setting in settings}
    for key, runs in planned.items():
        changes = _changes(runs[0], base)
        by_key.setdefault(key, Setting(changes, {**base, **changes}))
    order = list(planned)
    return sorted(
        by_key.values(),
        key=lambda setting: order.index(setting.key) if setting.key in planned else len(order),
    )


def _from_root(path: Path) -> Path:
    """As it is typed in the project's root."""
    root = ASSETS.parent
    return path.relative_to(root) if path.is_relative_to(root) else path
