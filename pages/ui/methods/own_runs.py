"""A comparison of your own runs: those that ended are measured, the missing ones can be queued."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from pages.ui.common import choice, html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.buttons import action
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from pages.ui.common.run import missing_runs
from seqgan_core.figures.methods.names import method_name
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.judge.comparison import compare_runs, opened
from seqgan_core.judge.methods import METHODS, method_of, methods_plan
from seqgan_core.judge.report import About, Report
from seqgan_core.judge.sweeps.plan import Plan, PlanError, Planned, is_done, stored
from seqgan_core.messages import _, ngettext, remark
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord, StoreError
from seqgan_core.tasks.protocol import DataError
from seqgan_core.training.setup.presets import PRESETS

SAMPLES = (2000, 10_000, 100_000)
MOST_SEEDS = 20
POLL_EVERY = 2.0  # seconds between two looks while something trains
_ADDRESS = ("preset", "seeds", "methods", "samples")
_SELECTED = "methods.selected"

Runs = Mapping[Planned, RunRecord]


class OwnSettings(NamedTuple):
    """The comparison that was chosen."""

    preset: str
    seeds: int
    methods: tuple[str, ...]
    samples: int


def own_comparison() -> Report | None:
    """Draw the choices and the state of the runs; the comparison once it is measured."""
    own = _settings()
    try:
        plan = methods_plan(own.preset, own.methods, range(1, own.seeds + 1), {})
    except PlanError as error:  # a corpus that has not been fetched
        st.info(plain(sentence(error)), icon=":material/download:")
        return None
    selected = _selected_runs(plan, own)
    _panel(plan, {record.id for record in selected.values()})
    if selected:
        return _measured(own, selected)
    html.empty(_("None of these runs has ended yet"), remark("methods.none-ended"))
    return None


def forget_address() -> None:
    """A recorded comparison has no such settings."""
    url_state.put(**dict.fromkeys(_ADDRESS))


def _settings() -> OwnSettings:
    first, second, third = st.columns([1.3, 0.7, 1.3], vertical_alignment="bottom")
    preset = choice.one_of("preset", _("Preset"), list(PRESETS), default="lesson", place=first,
                           key="methods-preset", widget="pills")  # fmt: skip
    seeds = choice.number(
        "seeds", _("Seeds per method"), 1, MOST_SEEDS, 5, key="methods-seeds", place=second,
        help=remark("methods.seeds"),
    )  # fmt: skip
    samples = choice.one_of(
        "samples", _("Samples per run"), {n: f"{n:,}" for n in SAMPLES}, default=10_000,
        key="methods-samples", place=third, width="stretch",
        help=_("The paper draws 100,000; fewer are faster but noisier"),
    )  # fmt: skip
    chosen = choice.several(
        "methods", _("Methods"), {name: method_name(name) for name in METHODS},
        default=METHODS, key="methods-methods",
    )  # fmt: skip
    if not chosen:
        html.quiet(_("No method is chosen, so all are compared."))
    return OwnSettings(preset, seeds, tuple(chosen) or METHODS, samples)


# -- the runs --------------------------------------------------------------------------------------


def _usable(record: RunRecord) -> bool:
    """Whether a run has ended and left a model to measure."""
    return is_done(record) and bool(session.lab().store.checkpoints(record.id))


def _selected_runs(plan: Plan, own: OwnSettings) -> Runs:
    """The runs that are compared: those that had ended when these settings were chosen.

    What ends later is added by a button: measuring again at each end would take the figures away
    while they are read, and the processor from the training.
    """
    stored_runs = stored(session.lab().store, plan)
    done = {planned: record for planned, record in stored_runs.items() if _usable(record)}
    remembered = st.session_state.get(_SELECTED)
    if remembered is None or remembered[0] != own or not remembered[1]:
        remembered = (own, {record.id for record in done.values()})
        st.session_state[_SELECTED] = remembered
    return {planned: record for planned, record in done.items() if record.id in remembered[1]}


def _panel(plan: Plan, selected: set[str]) -> None:
    """Draw how many of the runs there are; again every two seconds while some of them train."""
    live = any(r.status in LIVE for r in stored(session.lab().store, plan).values())
    st.fragment(_counts, run_every=POLL_EVERY if live else None)(plan, selected, live)


@show_errors()
def _counts(plan: Plan, selected: set[str], was_live: bool) -> None:
    stored_runs = stored(session.lab().store, plan)
    live = sum(record.status in LIVE for record in stored_runs.values())
    if was_live and not live:
        st.rerun()  # nothing more to look for
    ended = [record for record in stored_runs.values() if _usable(record)]
    missing = missing_runs.missing(plan.runs, stored_runs)
    html.facts(
        (_("Ended"), str(len(ended)), _("of {n} runs").format(n=len(plan.runs))),
        (_("Compared below"), str(len(selected)), ""),
        (_("Training or queued"), str(live), ""),
        (_("Missing"), str(len(missing)), ""),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if more := sum(record.id not in selected for record in ended):
            label = ngettext("Add {n} ended run", "Add {n} ended runs", more)
            action(label, "add", "methods-add", st.session_state.pop, _SELECTED, None)
        missing_runs.queue_button(plan, missing, stored_runs, key="methods-queue", primary=True)
    with st.expander(_("Status of the runs")):
        _grid(plan, stored_runs)


def _grid(plan: Plan, stored_runs: Runs) -> None:
    by_place = {(method_of(p.config), p.config.seed): p for p in plan.runs}
    strategies = list(dict.fromkeys(strategy for strategy, _seed in by_place))
    seeds = sorted({seed for _strategy, seed in by_place})
    rows = [
        [method_name(name), *(_status(stored_runs.get(by_place[name, seed])) for seed in seeds)]
        for name in strategies
    ]
    head = [_("method"), *(_("seed {n}").format(n=seed) for seed in seeds)]
    html.table(head, rows, _("One row per method, one column per seed"))
    for record in stored_runs.values():
        if record.status == "failed":
            html.quiet(f"{record.name} ({record.id}): {record.reason}")


def _status(record: RunRecord | None) -> str:
    if record is None:
        return _("– missing")
    status = html.status_text(record.status)
    bare = is_done(record) and not _usable(record)
    return _("{status}, no checkpoint").format(status=status) if bare else status


# -- measuring -------------------------------------------------------------------------------------


def _measured(own: OwnSettings, selected: Runs) -> Report | None:
    lab = session.lab()
    steps = {
        record.id: max(point.step for point in lab.store.checkpoints(record.id))
        for record in selected.values()
    }
    key = ("methods", own, tuple(sorted(steps.items())))
    what = ngettext("Measuring {n} run", "Measuring {n} runs", len(selected))
    outcome = result(key, lambda: _job(lab.models, own, selected, steps), what)
    if outcome is None:
        return None
    report, unreadable = outcome
    for problem in unreadable:
        st.warning(_("One run is left out: {problem}").format(problem=plain(problem)))
    return report


def _job(
    models: Models, own: OwnSettings, runs: Runs, steps: Mapping[str, int]
) -> Job[tuple[Report, list[str]]]:
    """The report of the runs that can be opened, and why others cannot."""
    whole: dict[Planned, RunRecord] = {}
    unreadable = []
    for planned, record in runs.items():
        try:
            opened(models, record, steps[record.id])
        except (StoreError, DataError) as error:
            unreadable.append(sentence(error))
        else:
            whole[planned] = record
        yield 0.0
    if not whole:
        raise StoreError("compare.none-readable", why=" ".join(unreadable))
    settings = {"preset": own.preset, "seeds": own.seeds, "strategies": own.methods}
    about = About(changes={}, budget="updates", **settings)
    return (yield from compare_runs(models, whole, own.samples, about=about)), unreadable
