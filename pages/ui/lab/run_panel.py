"""One run: its progress, its charts and its samples; live while it trains."""

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import plain
from pages.ui.common.run import charts
from pages.ui.common.run.estimate import estimate
from pages.ui.common.tabs import Tab, tabs
from pages.ui.lab import run_controls
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.progress import Progress, duration, progress, time_left
from seqgan_core.figures.run.curves import Curves, replay_positions
from seqgan_core.insight.models import steps_of
from seqgan_core.messages import _
from seqgan_core.runs.manager import ManagerState
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.strategies import STRATEGIES

_MOVING = ("starting", "running", "pausing", "stopping")


def panel(record: RunRecord, compared: list[RunRecord]) -> None:
    """Draw the run: every second while it trains, otherwise once."""
    state = session.lab().manager.state()
    moving = state.active == record.id and state.status in _MOVING
    live = (moving or _trains_elsewhere(record, state.active)) and url_state.step_shown() is None
    st.session_state["panel.seen"] = _state_of(record, state)
    st.fragment(_panel, run_every=1.0 if live else None)(record.id, compared)


def _trains_elsewhere(record: RunRecord, active: str | None) -> bool:
    """Whether another program, such as the command line, trains it."""
    return record.status in ("running", "queued") and record.id != active


@show_errors()
def _panel(run_id: str, compared: list[RunRecord]) -> None:
    lab = session.lab()
    record = lab.store.run(run_id)
    if st.session_state.get("panel.seen") != _state_of(record, lab.manager.state()):
        st.rerun()  # another state has other buttons, and another interval
    curves = session.curves(lab.store, record)
    with st.container(key="run-head"):
        pretrains = STRATEGIES[record.config.strategy].pretrains
        run_controls.controls(record, pretraining=pretrains and curves.switch is None)
        expected = estimate(record.config) if record.status in ("running", "paused") else None
        at = progress(curves, record.seconds, expected)
        _summary(record, curves, at)
    step = _history(record, curves)
    shown = curves if step is None else curves.until(step)
    others = session.with_distinct_names(lab.store, compared)
    parts = [
        Tab("quality", _("Quality"), lambda: charts.quality(shown, "lab", others)),
        Tab("samples", _("Samples"), lambda: charts.followed(shown, record.config)),
        Tab("d", _("Discriminator"), lambda: charts.discriminator(shown, "lab-d")),
        Tab("g", _("Generator"), lambda: charts.generator(shown, "lab-g")),
    ]
    tabs("part", parts, key="lab-part")
    _links(record, step)


def _summary(record: RunRecord, curves: Curves, at: Progress) -> None:
    gone = _("This run is deleted. You can restore it on the Runs page.")
    if reason := gone if record.deleted else record.reason:
        st.warning(plain(reason), icon=":material/info:")
    if record.status in ("running", "paused", "queued"):
        words = " · ".join(filter(None, [at.label, time_left(at.seconds_left)]))
        st.progress(at.fraction, text=words)
    html.facts(
        *_measurements(curves),
        (_("Training time"), duration(record.seconds), ""),
        (_("Epoch"), f"{curves.epoch:.0f}", _("of {n:.0f}").format(n=curves.end)),
        (_("Device"), record.device or "–", ""),
    )


def _measurements(curves: Curves) -> list[tuple[str, str, str]]:
    """Quality and coverage, which are read together."""
    judge = "nll_oracle" if curves.has_oracle else "nll_test"
    recent, end = curves.recent(judge), curves.at_switch(judge)
    baseline = ""
    if recent is not None and end is not None:  # the number itself is a single evaluation
        baseline = _("{recent} lately, MLE {end}").format(recent=_number(recent), end=_number(end))
    test = _number(curves.latest("nll_test"))
    if curves.has_oracle:
        oracle = metric_of("nll_oracle").title, _number(curves.latest("nll_oracle")), baseline
        return [oracle, (metric_of("nll_test").title, test, "")]
    more = _("self-BLEU {value}").format(value=_number(curves.latest("self_bleu")))
    bleus = [
        (metric_of(name).title, _number(curves.latest(name)), more * (name == curves.bleus[-1]))
        for name in curves.bleus
    ]
    return [(metric_of("nll_test").title, test, baseline), *bleus]


def _history(record: RunRecord, curves: Curves) -> int | None:
    """The step of the history that is shown; a slider over the evaluations chooses it."""
    steps = list(replay_positions(curves.evaluated))
    step = url_state.step_shown()
    if step is None or not steps:
        return None
    epochs = dict(zip(steps, curves.evaluated["epoch"], strict=True))
    nearest = max((at for at in steps if at <= step), default=steps[0])
    chosen = st.select_slider(
        _("Epoch"), steps, value=nearest, format_func=lambda at: f"{epochs[at]:g}",
        key=f"history.{record.id}",
    )  # fmt: skip
    if chosen != nearest:
        url_state.put(step=int(chosen))
    return int(chosen)


def _links(record: RunRecord, step: int | None) -> None:
    """Links to the screens that look inside the run, at the checkpoint of `step` or the newest."""
    steps = [at for at in steps_of(session.lab().store, record.id) if step is None or at <= step]
    if not steps:
        return
    query = {"run": record.id} | ({} if step is None else {"step": str(max(steps))})
    with st.container(horizontal=True, key="look-inside"):
        navigation.link(navigation.ROLLOUTS, **query)
        if STRATEGIES[record.config.strategy].trains_discriminator:
            navigation.link(navigation.DISCRIMINATOR, **query)
        navigation.link(navigation.EXPOSURE, **query)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _state_of(record: RunRecord, state: ManagerState) -> tuple[object, ...]:
    mine = state.status if state.active == record.id else None
    return record.id, mine, record.status, url_state.step_shown() is None
