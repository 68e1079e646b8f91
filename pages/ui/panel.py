"""One run as it is: where it stands, its charts, its followed sequences. Live while it trains."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui import address, controls, pieces, service
from pages.ui.chart import chart
from pages.ui.errors import told
from pages.ui.setup import estimate
from pages.ui.text import _
from seqgan_core.figures import learning, notices
from seqgan_core.figures.curves import Curves, replay_positions
from seqgan_core.figures.progress import Progress, duration, progress
from seqgan_core.figures.sequences import changed, shares_changed
from seqgan_core.runs.manager import ManagerState
from seqgan_core.runs.store import RunRecord

_MOVING = ("starting", "running", "pausing", "stopping")


def panel(record: RunRecord, compared: list[RunRecord]) -> None:
    """Draw the run; once a second while it trains, otherwise once."""
    state = service.lab().manager.state()
    moving = state.active == record.id and state.status in _MOVING
    live = (moving or _elsewhere(record, state.active)) and address.step_shown() is None
    st.session_state["panel.seen"] = _seen(record, state)
    st.fragment(_panel, run_every=1.0 if live else None)(record.id, compared)


def _elsewhere(record: RunRecord, active: str | None) -> bool:
    """Whether another program, such as the command line, trains it."""
    return record.status in ("running", "queued") and record.id != active


@told
def _panel(run_id: str, compared: list[RunRecord]) -> None:
    lab = service.lab()
    record = lab.store.run(run_id)
    if st.session_state.get("panel.seen") != _seen(record, lab.manager.state()):
        st.rerun()  # another state has other buttons, and another pace
    whole = service.curves(lab.store, record)
    with st.container(key="run-head"):
        controls.controls(record)
        at = progress(whole, record.seconds, _foreseen(record))
        _standing(record, whole, at)
    step = _look_back(record, whole)
    seen = whole if step is None else whole.until(step)
    main_charts(seen, service.named_apart(lab.store, compared), key="lab")
    other_charts(seen, key="lab")
    followed(seen)


def main_charts(curves: Curves, compared: list[Curves] | None = None, *, key: str) -> None:
    """Quality and coverage: the chart to look at first, and the same magnified."""
    wide, narrow = st.columns([1.75, 1], gap="medium")
    with wide:
        arrival = st.session_state.get("arrival")
        chart(learning.nll(curves, compared or []), f"{key}.nll", arrival=arrival)
    with narrow:
        chart(learning.since_switch(curves), f"{key}.since")


def other_charts(curves: Curves, *, key: str) -> None:
    """What explains the first two: D, its reward, and how G takes it."""
    for row in (("accuracy", "mean_q"), ("entropy", "grad_norm")):
        for column, name in zip(st.columns(2, gap="medium"), row, strict=True):
            with column:
                chart(getattr(learning, name)(curves), f"{key}.{name}")


def followed(curves: Curves) -> None:
    """The eight followed sequences at the last evaluation, against the one before."""
    st.subheader(_("The same eight sequences, followed"), anchor=False)
    rows: list[Any] = curves.evaluated["followed"].tolist() if len(curves.evaluated) else []
    if not rows:
        pieces.quiet(
            _(
                "They appear with the first evaluation: sampled each time with the same noise, so "
                "what changes comes from the weights."
            )
        )
        return
    before = rows[-2] if len(rows) > 1 else None
    marks = changed(before, rows[-1])
    words = notices.followed(shares_changed(marks) if before is not None else [])
    noise = _("sampled with the same noise each time, so what moves comes from the weights")
    st.html(
        f'<p class="quiet">{escape(words)}. <span class="key"><i aria-hidden="true"></i>'
        f"{escape(_('changed'))}</span> · {escape(noise)}</p>"
    )
    pieces.followed(rows[-1], before)


def _standing(record: RunRecord, curves: Curves, at: Progress) -> None:
    if record.reason:
        st.warning(record.reason, icon=":material/info:")
    if record.status in ("running", "paused", "queued"):
        left = (
            _("about {time} left").format(time=duration(at.seconds_left)) if at.seconds_left else ""
        )
        st.progress(at.fraction, text=" · ".join(filter(None, [at.label, left])))
    best, now = curves.best_mle(), curves.latest("nll_oracle")
    pieces.facts(
        [
            (
                _("NLL_oracle"),
                _number(now),
                _("MLE's best {best}").format(best=_number(best)) if best else "",
            ),
            (_("NLL_test"), _number(curves.latest("nll_test")), ""),
            (_("Training time"), duration(record.seconds), ""),
            (_("Epoch"), f"{curves.epoch:.0f}", _("of {n:.0f}").format(n=curves.end)),
            (_("Device"), record.device or "–", ""),
        ]
    )


def _look_back(record: RunRecord, curves: Curves) -> int | None:
    """The step looked back at; a slider over the evaluations chooses it."""
    steps = list(replay_positions(curves.evaluated))
    step = address.step_shown()
    if step is None or not steps:
        return None
    epochs = dict(zip(steps, curves.evaluated["epoch"], strict=True))
    nearest = max((at for at in steps if at <= step), default=steps[0])
    chosen = st.select_slider(
        _("Looking back at epoch"), steps, value=nearest,
        format_func=lambda at: f"{epochs[at]:g}", key=f"look.{record.id}",
    )  # fmt: skip
    if chosen != nearest:
        address.set_step(int(chosen))
    return int(chosen)


def _foreseen(record: RunRecord) -> float | None:
    return estimate(record.config) if record.status in ("running", "paused") else None


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _seen(record: RunRecord, state: ManagerState) -> tuple[object, ...]:
    mine = state.status if state.active == record.id else None
    return record.id, mine, record.status, address.step_shown() is None
