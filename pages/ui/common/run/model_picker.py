"""Chooses the model to inspect: a run and one of its checkpoints, both kept in the URL."""

import math
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.i18n import plain
from seqgan_core.insight.models import steps_of
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, remark
from seqgan_core.runs.store import RunRecord, StoreError
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


def run_label(record: RunRecord) -> str:
    """A run in a list to choose from."""
    return visible_text(f"{record.name}  ·  {record.id}")


def linked_run(default: RunRecord | None) -> RunRecord | None:
    """The run in the address, or the default one.

    A run that is missing is named in a notice, which stays while the default one is shown.
    """
    run_id = url_state.text("run")
    shown = default
    if run_id:
        try:
            shown = session.lab().store.run(run_id)
        except StoreError:
            st.session_state["run-missing"] = run_id, default and default.id
    if shown is None:
        return None
    missing, instead = st.session_state.get("run-missing", ("", None))
    if missing and instead == shown.id:
        text = _("There is no run {id} in this library; {name} is shown instead.")
        st.warning(plain(text.format(id=missing[:80], name=shown.name)), icon=":material/info:")
    else:
        st.session_state.pop("run-missing", None)
    url_state.put(run=shown.id)
    return shown


def choose_run(shown: RunRecord, records: list[RunRecord], place: Any) -> None:
    """Draw the choice of a run, which is now `shown`; another one is shown at once."""
    by_id = {record.id: record for record in [shown, *records]}
    chosen = place.selectbox(
        _("Run"), list(by_id), format_func=lambda key: run_label(by_id[key]),
        key=f"pick.{shown.id}",
    )  # fmt: skip
    if chosen != shown.id:
        url_state.put(run=chosen, step=None)
        st.rerun()


def pick_model() -> PickedModel | None:
    """Draw the choice of run and checkpoint; None, after saying why, where there is none."""
    lab = session.lab()
    records = [record for record in lab.store.runs() if steps_of(lab.store, record.id)]
    shown = linked_run(_default_run(records))
    if shown is None:
        _explain_no_model()
        return None
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    st.session_state["picked"] = shown.id
    choose_run(shown, records, left)
    steps = steps_of(lab.store, shown.id)
    if not steps:
        _explain_no_checkpoint(shown)
        return None
    with right:
        step = _pick_checkpoint(shown, steps)
    return PickedModel(shown, step, steps)


def _default_run(records: list[RunRecord]) -> RunRecord | None:
    """The run viewed last, the one in training, a recorded lesson, or the newest."""
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
        text = _("There is no checkpoint at step {step}. Checkpoints: {known}.")
        # The address is mended at once, and the page may be drawn again before this is read.
        st.session_state["picked.wrong"] = record.id, text.format(step=at, known=known)
        at = None
    wrong_run, wrong = st.session_state.get("picked.wrong", ("", ""))
    if wrong_run == record.id:
        st.warning(wrong)
    if len(steps) == 1:
        only = next(iter(steps))
        url_state.put(step=only)
        label = checkpoint_label(record, steps, only)
        html.quiet(_("One checkpoint: {label}").format(label=label))
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
    """Where in its run a checkpoint was taken: "MLE epoch 10", "round 40"."""
    epoch, switch = steps[step], record.config.pretrain_epochs
    if epoch < switch:
        return _("MLE epoch {n:g}").format(n=epoch)
    if epoch > switch:
        return _("round {n:g}").format(n=epoch - switch)
    if step > _discriminator_start(record):
        return _("after D pre-training")
    return _("end of MLE") if switch else _("start")


def _discriminator_start(record: RunRecord) -> float:
    """The step at which D's pre-training began; infinity where it did not."""
    phases = session.lab().store.frame(record.id, "PhaseStarted")
    began = phases.loc[phases["phase"] == "pretrain_discriminator", "step"] if len(phases) else ()
    return float(min(began, default=math.inf))


def _explain_no_model() -> None:
    html.empty(_("No model yet"), remark("picker.no-model"))
    navigation.link(navigation.LAB, _("Open the training lab"))


def _explain_no_checkpoint(record: RunRecord) -> None:
    html.empty(
        _("This run has no checkpoint yet"),
        _("{name} appears here once it has saved one. Or choose another run above.").format(
            name=record.name
        ),
    )
