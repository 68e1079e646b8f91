"""Deleted runs: undo right after, bring back later, or remove for good."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.errors import in_words
from pages.ui.common.i18n import _
from pages.ui.runs import run_table


def undo() -> None:
    """After a deletion: what went, and the button that brings it back."""
    gone: list[str] = st.session_state.get("library.deleted", [])
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo"):
        html.quiet(_("{n} deleted: {names}.").format(n=len(gone), names=", ".join(gone)))
        if st.button(_("Undo"), icon=":material/undo:", key="undo.button"):
            st.session_state["library.deleted"] = []
            with in_words():
                for run_id in gone:
                    session.lab().store.undelete(run_id)
                run_table.fresh()


def trash() -> None:
    """The deleted runs, if there are any."""
    store = session.lab().store
    deleted = [record for record in store.runs(include_deleted=True) if record.deleted]
    if not deleted:
        return
    title = _("Deleted runs ({n})").format(n=len(deleted))
    with st.expander(title, icon=":material/delete:"):
        for record in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                html.quiet(f"{record.name} · {record.id}")
                back, purge = f"back.{record.id}", f"purge.{record.id}"
                if st.button(_("Bring back"), key=back, icon=":material/undo:"):
                    with in_words():
                        store.undelete(record.id)
                        st.rerun()
                if st.button(_("Remove for good"), key=purge, icon=":material/delete_forever:"):
                    with in_words():
                        store.purge(record.id)
                        st.rerun()
