"""Runs: everything that was trained here, and what can be done with it."""

import streamlit as st

from pages.ui import library, nav, pieces, service
from pages.ui.errors import in_words
from pages.ui.side_by_side import side_by_side
from pages.ui.text import _
from pages.ui.trash import trash, undo


def draw() -> None:
    st.title(_("Runs"), anchor=False)
    pieces.lede(
        _(
            "Every run with its settings, its curves and its checkpoints. Nothing here is lost by "
            "closing the app."
        )
    )
    lab = service.lab()
    records = lab.store.runs()
    queue = lab.manager.state().queue
    pieces.facts(
        [
            (_("Runs"), str(len(records)), ""),
            (_("In the queue"), str(len(queue)), ""),
            (_("Disk used"), f"{lab.store.disk_used() / 2**20:,.0f}", "MiB"),
        ]
    )
    undo()
    if records:
        ticked = library.table(records)
        library.actions(ticked)
        if len(ticked) > 1:
            side_by_side(ticked)
    else:
        nothing_yet()
    if queue:
        waiting(queue)
    bring_in()
    trash()


def nothing_yet() -> None:
    pieces.empty(
        _("No run yet"),
        _(
            "Runs appear here as soon as they start, with their settings, seeds and best "
            "numbers. Start one in the training lab, or import a bundle below."
        ),
    )
    st.page_link(nav.TRAINING_LAB, label=_("Open the training lab"), icon=":material/science:")


def waiting(queue: tuple[str, ...]) -> None:
    st.header(_("Queue"), anchor=False)
    lab = service.lab()
    for place, run_id in enumerate(queue, start=1):
        with st.container(horizontal=True, vertical_alignment="center"):
            pieces.quiet(f"{place}. {lab.store.run(run_id).name} · {run_id}")
            if st.button(_("Take out"), key=f"cancel.{run_id}", icon=":material/close:"):
                with in_words():
                    lab.manager.cancel(run_id)
                    st.rerun()


def bring_in() -> None:
    with st.expander(_("Import a bundle"), icon=":material/upload:"):
        given = st.file_uploader(_("A run exported as a bundle (.zip)"), type="zip", key="bundle")
        if given is not None and st.session_state.get("bundle.done") != given.file_id:
            with in_words():
                run_id = service.lab().store.import_bundle(given)
                st.session_state["bundle.done"] = given.file_id
                st.toast(_("Imported as {run}.").format(run=run_id), icon=":material/check:")
                st.rerun()


nav.show(draw)
