"""Training lab: start a run, and watch whether it improves or only loses diversity."""

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.i18n import escape, plain
from pages.ui.common.run.model_picker import choose_run, linked_run, run_label
from pages.ui.lab.run_form import setup
from pages.ui.lab.run_panel import panel
from seqgan_core.messages import _, remark
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.setup.config_rules import measured_by


def draw() -> None:
    st.title(_("Training lab"), anchor=False)
    html.lede(_("Train a model, and watch whether it improves or only loses diversity."))
    lab = session.lab()
    records = lab.store.runs()
    active = lab.manager.state().active
    own = [record for record in records if record.status != "recorded"]
    quickest = sorted(records, key=lambda record: record.seconds)  # of those that ship: glance
    active_or_newest = sorted(own, key=lambda record: record.id != active)
    shown = linked_run(next(iter(active_or_newest or quickest), None))
    with st.container(key="lab-with-run" if shown else "lab-empty"):
        left, right = st.columns([1, 2.9], gap="large")
        with right, st.container(key="lab-right"):
            if shown is None:
                no_run_yet()
            else:
                panel(shown, choose_runs(shown, records))
        with left, st.container(key="lab-left"):  # last: reading a corpus may be slow
            setup()


def no_run_yet() -> None:
    html.empty(_("No runs yet"), remark("lab.no-runs"))


def choose_runs(shown: RunRecord, records: list[RunRecord]) -> list[RunRecord]:
    """Choose another run to show, and runs to compare it with; returns these."""
    with st.container(key="only-narrow"):
        st.html(f'<a href="#set-up">{escape(_("Set up a run"))} ↓</a>')
    by_id = {record.id: record for record in [shown, *records]}
    same = measured_by(shown.config)
    others = [key for key in by_id if key != shown.id and measured_by(by_id[key].config) == same]
    linked = url_state.runs_compared(session.lab().store)
    linked_ids = {record.id for record in linked}
    left, right = st.columns([1.2, 1])
    choose_run(shown, records, left)
    compared_ids = right.multiselect(
        _("Compare with"),
        others,
        default=[key for key in others if key in linked_ids],
        format_func=lambda key: run_label(by_id[key]),
        placeholder=_("runs on the same task") if others else _("no other run on this task"),
        key=f"with.{shown.id}",
    )
    for record in linked:
        if measured_by(record.config) != same:
            text = _("{name} cannot be compared with this run: it was measured on different data.")
            st.warning(plain(text.format(name=record.name)), icon=":material/info:")
    st.query_params["with"] = compared_ids
    return [by_id[key] for key in compared_ids]


navigation.show(draw)
