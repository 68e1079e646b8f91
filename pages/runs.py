"""Runs: everything that was trained here; compare, resume, export, delete."""

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.buttons import action
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import plain
from pages.ui.runs import run_table
from pages.ui.runs.compare_runs import compared
from seqgan_core.messages import _, remark
from seqgan_core.runs.bundle import import_bundle


def draw() -> None:
    st.title(_("Runs"), anchor=False)
    html.lede(_("Every run, with its settings, curves and checkpoints, saved on disk."))
    lab = session.lab()
    records = lab.store.runs()
    queue = lab.manager.state().queue
    html.facts(
        (_("Runs"), str(len(records)), ""),
        (_("Queued"), str(len(queue)), ""),
        (_("Disk used"), f"{lab.store.disk_used() / 2**20:,.0f}", "MiB"),
    )
    run_table.undo()
    if records:
        selected = run_table.table(records)
        run_table.actions(selected)
        if len(selected) > 1:
            compared(selected)
    else:
        no_run_yet()
    if queue:
        queued_runs(queue)
    import_section()
    run_table.trash()


def no_run_yet() -> None:
    html.empty(_("No runs yet"), remark("runs.none"))
    navigation.link(navigation.LAB, _("Open the training lab"))


def queued_runs(queue: tuple[str, ...]) -> None:
    st.header(_("Queue"), anchor=False)
    lab = session.lab()
    for place, run_id in enumerate(queue, start=1):
        with st.container(horizontal=True, vertical_alignment="center"):
            html.quiet(f"{place}. {lab.store.run(run_id).name} · {run_id}")
            action(_("Remove"), "close", f"cancel.{run_id}", lab.manager.cancel, run_id)


def import_section() -> None:
    with st.expander(_("Import a bundle"), icon=":material/upload:"):
        file = st.file_uploader(_("A run exported as a bundle (.zip)"), type="zip", key="bundle")
        if file is not None and st.session_state.get("bundle.done") != file.file_id:
            with show_errors():
                run_id = import_bundle(session.lab().store, file)
                st.session_state["bundle.done"] = file.file_id
                st.toast(_("Imported as {run}.").format(run=plain(run_id)), icon=":material/check:")
                st.rerun()


navigation.show(draw)
