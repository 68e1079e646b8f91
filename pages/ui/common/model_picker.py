"""Chooses the model to inspect: a run and one of its checkpoints, both kept in the URL."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from seqgan_core.insight.models import steps_of
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.strategies import STRATEGIES


@dataclass(frozen=True)
class PickedModel:
    """A stored model: `step` is one of `steps`, which gives each checkpoint's epoch."""

    record: RunRecord
    step: int
    steps: dict[int, float]

    @property
    def has_discriminator(self) -> bool:
        return STRATEGIES[self.record.config.strategy].trains_discriminator


def pick_model() -> PickedModel | None:
    """Draw the choice of run and checkpoint; None, after saying why, where there is none.

    Raises:
        StoreError: the address names a run that is not here.
    """
    lab = session.lab()
    records = [record for record in lab.store.runs() if steps_of(lab.store, record.id)]
    run_id = url_state.text("run")
    shown = lab.store.run(run_id) if run_id else _default_run(records)
    if shown is None:
        _explain_no_model()
        return None
    by_id = {record.id: record for record in [shown, *records]}
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    chosen = left.selectbox(
        _("Run"),
        list(by_id),
        format_func=lambda key: f"{by_id[key].name}  ·  {key}",
        key=f"pick.{shown.id}",
    )
    if chosen != shown.id:
        url_state.put(run=chosen, step=None)
        st.session_state["picked"] = chosen
        st.rerun()
    url_state.put(run=shown.id)
    st.session_state["picked"] = shown.id
    steps = steps_of(lab.store, shown.id)
    if not steps:
        _explain_no_checkpoint(shown)
        return None
    with right:
        step = _pick_checkpoint(shown, steps)
    return PickedModel(shown, step, steps)


def _default_run(records: list[RunRecord]) -> RunRecord | None:
    """The run viewed last, or the one training, or a recorded lesson, or the newest."""
    active = session.lab().manager.state().active
    for run_id in (st.session_state.get("picked"), active):
        for record in records:
            if record.id == run_id:
                return record
    with_d = [r for r in records if STRATEGIES[r.config.strategy].trains_discriminator]
    recorded = [r for r in with_d if r.status == "recorded" and r.preset == "lesson"]
    return next(iter([*recorded, *with_d, *records]), None)


def _pick_checkpoint(record: RunRecord, steps: dict[int, float]) -> int:
    """A slider over the run's checkpoints; starts at the one in the URL, or the newest."""
    at = url_state.step_shown()
    if at is not None and at not in steps:
        known = ", ".join(map(str, steps))
        text = _("There is no checkpoint at step {step}; there are: {known}.")
        # the address is mended at once, and the page may be drawn again before it is read
        st.session_state["picked.wrong"] = record.id, text.format(step=at, known=known)
        at = None
    wrong_run, wrong = st.session_state.get("picked.wrong", ("", ""))
    if wrong_run == record.id:
        st.warning(wrong)
    if len(steps) == 1:
        only = next(iter(steps))
        url_state.put(step=only)
        html.quiet(_("One checkpoint: {words}").format(words=checkpoint_label(record, steps, only)))
        return only
    chosen = st.select_slider(
        _("Checkpoint"),
        list(steps),
        value=at if at is not None else max(steps),
        format_func=lambda step: checkpoint_label(record, steps, step),
        key=f"step.{record.id}",
        on_change=lambda: st.session_state.pop("picked.wrong", None),
    )
    url_state.put(step=chosen)
    return int(chosen)


def checkpoint_label(record: RunRecord, steps: dict[int, float], step: int) -> str:
    """The point in its run at which a checkpoint was taken: "MLE epoch 10", "round 40"."""
    epoch, switch = steps[step], record.config.pretrain_epochs
    if epoch < switch:
        return _("MLE epoch {n:g}").format(n=epoch)
    if epoch > switch:
        return _("round {n:g}").format(n=epoch - switch)
    if step > _discriminator_start(record):
        return _("D's first training")
    return _("MLE's end") if switch else _("the start")


def _discriminator_start(record: RunRecord) -> float:
    """The step at which D's first training began; no step is later than infinity."""
    phases = session.lab().store.frame(record.id, "PhaseStarted")
    began = phases.loc[phases["phase"] == "pretrain_discriminator", "step"] if len(phases) else ()
    return float(min(began, default=math.inf))


def _explain_no_model() -> None:
    html.empty(
        _("No model to look into yet"),
        _(
            "A run shows here as soon as it has saved a checkpoint. Start one in the training lab: "
            "the glance preset takes half a minute."
        ),
    )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")


def _explain_no_checkpoint(record: RunRecord) -> None:
    html.empty(
        _("This run has no checkpoint yet"),
        _("{name} shows here when it has saved one; or choose another run above.").format(
            name=record.name
        ),
    )
