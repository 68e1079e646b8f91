"""Runs: everything that was trained here, and what can be done with it."""

import streamlit as st

from pages.ui import library, nav, pieces, service
from pages.ui.errors import in_words
from pages.ui.side_by_side import side_by_side
from pages.ui.text import _

nav.guard()
st.title(_("Runs"), anchor=False)
pieces.lede(
    _(
        "Every run with its settings, its curves and its checkpoints. Nothing here is lost by "
        "closing the app."
    )
)

lab = service.lab()
records = lab.store.runs()
state = lab.manager.state()
pieces.facts(
    [
        (_("Runs"), str(len(records)), ""),
        (_("In the queue"), str(len(state.queue)), ""),
        (_("Disk used"), f"{lab.store.disk_used() / 2**20:,.0f}", "MiB"),
    ]
)
library.undo()
if not records:
    pieces.empty(
        _("No run yet"),
        _(
            "Runs appear here as soon as they start, with their settings, seeds and best numbers. "
            "Start one in the training lab, or import a bundle below."
        ),
    )
    st.page_link(nav.TRAINING_LAB, label=_("Open the training lab"), icon=":material/science:")
else:
    ticked = library.table(records)
    library.actions(ticked)
    if len(ticked) > 1:
        side_by_side(ticked)

if state.queue:
    st.header(_("Queue"), anchor=False)
    for place, run_id in enumerate(state.queue, start=1):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{place}. {lab.store.run(run_id).name}")
            if st.button(_("Take out"), key=f"cancel.{run_id}", icon=":material/close:"):
                with in_words():
                    lab.manager.cancel(run_id)
                    st.rerun()

with st.expander(_("Import a bundle"), icon=":material/upload:"):
    given = st.file_uploader(_("A run exported as a bundle (.zip)"), type="zip", key="bundle")
    if given is not None and st.session_state.get("bundle.done") != given.file_id:
        with in_words():
            run_id = lab.store.import_bundle(given)
            st.session_state["bundle.done"] = given.file_id
            st.toast(_("Imported as {run}.").format(run=run_id), icon=":material/check:")
            st.rerun()

deleted = [record for record in lab.store.runs(include_deleted=True) if record.deleted]
if deleted:
    with st.expander(_("Deleted runs ({n})").format(n=len(deleted)), icon=":material/delete:"):
        for record in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(record.name)
                pieces.quiet(record.id)
                if st.button(_("Bring back"), key=f"back.{record.id}", icon=":material/undo:"):
                    with in_words():
                        lab.store.undelete(record.id)
                        st.rerun()
                if st.button(
                    _("Remove for good"), key=f"purge.{record.id}", icon=":material/delete_forever:"
                ):
                    with in_words():
                        lab.store.purge(record.id)
                        st.rerun()
