"""Planned runs that the library lacks: which they are, what they cost, and the button for them."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from pages.ui.common import session
from pages.ui.common.buttons import action
from pages.ui.common.run.estimate import estimate
from seqgan_core.figures.progress import duration
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, stored
from seqgan_core.messages import _, ngettext
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord


def missing(planned: Iterable[Planned], stored_runs: Mapping[Planned, RunRecord]) -> list[Planned]:
    """What has to be trained or resumed, seed by seed, so that all settings grow together."""
    lacking = [
        run
        for run in planned
        if (record := stored_runs.get(run)) is None
        or not (is_done(record) or record.status in LIVE)
    ]
    return sorted(lacking, key=lambda run: run.config.seed)


def cost(runs: Iterable[Planned], stored_runs: Mapping[Planned, RunRecord]) -> float:
    """Seconds that the runs take here, one after the other; what was trained is not counted."""
    begun = {run: record.seconds for run, record in stored_runs.items()}
    return sum(max(0.0, estimate(run.config) - begun.get(run, 0.0)) for run in runs)


def queue_button(
    plan: Plan,
    runs: Sequence[Planned],
    stored_runs: Mapping[Planned, RunRecord],
    *,
    key: str,
    label: str = "",
    primary: bool = False,
) -> None:
    """A button with the number of `runs` and their time, which queues them; nothing without runs.

        queue_button(plan, missing(plan.runs, have), have, key="methods-queue", primary=True)

    Args:
        plan: names the runs, and says their preset.
        runs: of the plan, those that are missing.
        stored_runs: those that the library has, some of which may be resumed.
        key: of the button.
        label: instead of "Queue 12 missing runs".
        primary: whether it is the screen's main button.
    """
    if not runs:
        return
    count = ngettext("Queue {n} missing run", "Queue {n} missing runs", len(runs))
    time = duration(cost(runs, stored_runs))
    text = _("{action} · about {time}").format(action=label or count, time=time)
    about = _("Runs train one at a time on this machine; you can close the page.")

    def pressed() -> None:
        n = queue(plan, runs)
        queued = ngettext("{n} run is in the queue.", "{n} runs are in the queue.", n)
        st.toast(queued, icon=":material/schedule:")

    kind = "primary" if primary else "secondary"
    action(text, "playlist_add", key, pressed, type=kind, help=about)


def queue(plan: Plan, runs: Iterable[Planned]) -> int:
    """Start those of `runs` that are still missing, and resume those that were begun.

    Returns:
        How many: another tab may have been quicker.
    """
    lab = session.lab()
    stored_runs = stored(lab.store, plan)
    lacking = missing(runs, stored_runs)
    for run in lacking:
        record = stored_runs.get(run)
        if record is None:
            name = f"{plan.name}: {run.label}"[:120]  # as a sweep names it
            lab.manager.start(run.config, preset=plan.preset, name=name)
        else:
            lab.manager.resume(record.id)
    return len(lacking)
