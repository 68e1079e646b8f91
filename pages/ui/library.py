"""The list of runs, and what can be done with those that are ticked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import nav, pieces, service
from pages.ui.errors import in_words
from pages.ui.exports import bundle_button, csv_button
from pages.ui.text import _
from seqgan_core.figures.progress import duration
from seqgan_core.runs.records import RESUMABLE
from seqgan_core.runs.store import RunRecord


def table(records: list[RunRecord]) -> list[RunRecord]:
    """The list, sortable by its heads; returns the ticked runs."""
    frame = pd.DataFrame([_row(record) for record in records])
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"library.{st.session_state.get('library.generation', 0)}",
        height=min(36 * (len(records) + 1) + 3, 560),
        row_height=36,
        column_config={
            "star": st.column_config.TextColumn(_("★"), width=40),
            "name": st.column_config.TextColumn(_("Run"), width="medium"),
            "status": st.column_config.TextColumn(_("Status"), width="small"),
            "oracle": st.column_config.NumberColumn(
                _("NLL_oracle"), format="%.3f", help=_("At the last evaluation; lower is better")
            ),
            "best": st.column_config.NumberColumn(
                _("best"), format="%.3f", help=_("Lowest NLL_oracle of the run")
            ),
            "test": st.column_config.NumberColumn(
                _("NLL_test"), format="%.3f", help=_("At the last evaluation; lower is better")
            ),
            "epoch": st.column_config.NumberColumn(_("Epoch"), format="%.0f"),
            "time": st.column_config.TextColumn(_("Training time")),
            "created": st.column_config.DatetimeColumn(_("Created"), format="D MMM, HH:mm"),
            "device": st.column_config.TextColumn(_("Device")),
            "id": st.column_config.TextColumn(_("Id")),
        },
    )
    return [records[index] for index in event.selection.rows if index < len(records)]


def _row(record: RunRecord) -> dict[str, Any]:
    return {
        "star": "★" if record.starred else "",
        "name": record.name,
        "status": pieces.status_text(record.status),
        "oracle": record.metrics.get("nll_oracle"),
        "test": record.metrics.get("nll_test"),
        "best": record.best.get("nll_oracle"),
        "epoch": record.epoch,
        "time": duration(record.seconds),
        "created": record.created,
        "device": record.device,
        "id": record.id,
    }


def actions(ticked: list[RunRecord]) -> None:
    """Buttons for the ticked runs; those that need exactly one are greyed with more."""
    store, manager = service.lab().store, service.lab().manager
    one = ticked[0] if len(ticked) == 1 else None
    with st.container(horizontal=True, key="run-actions"):
        if (
            st.button(_("Open"), type="primary", icon=":material/visibility:", disabled=not one)
            and one
        ):
            st.switch_page(nav.TRAINING_LAB, query_params={"run": one.id})
        can = (
            one is not None and one.status in RESUMABLE and one.status not in ("queued", "running")
        )
        if st.button(_("Resume"), icon=":material/play_arrow:", disabled=not can) and one:
            with in_words():
                manager.resume(one.id)
                st.rerun()
        with st.popover(_("Rename"), icon=":material/edit:", disabled=not one):
            if one:
                _rename(one)
        starred = bool(ticked) and all(record.starred for record in ticked)
        if st.button(
            _("Unstar") if starred else _("Star"), icon=":material/star:", disabled=not ticked
        ):
            _each(ticked, lambda run_id: store.star(run_id, not starred))
        if one:
            csv_button(one, _("CSV"))
            bundle_button(one, _("Bundle"))
        if st.button(_("Delete"), icon=":material/delete:", disabled=not ticked):
            gone = _each(ticked, store.delete, again=False)
            st.session_state["library.deleted"] = gone
            _fresh()
    if not ticked:
        pieces.quiet(
            _(
                "Tick one run to open, resume, rename or export it; tick two or more to compare "
                "them."
            )
        )


def undo() -> None:
    """After a deletion: what went, and the button that brings it back."""
    gone: list[str] = st.session_state.get("library.deleted", [])
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo"):
        pieces.quiet(_("{n} deleted: {names}.").format(n=len(gone), names=", ".join(gone)))
        if st.button(_("Undo"), icon=":material/undo:", key="undo.button"):
            _each_id(gone, service.lab().store.undelete)
            st.session_state["library.deleted"] = []
            _fresh()


def _rename(record: RunRecord) -> None:
    with st.form(f"rename.{record.id}", border=False):
        name = st.text_input(_("Name"), value=record.name, max_chars=80)
        if st.form_submit_button(_("Save the name")):
            with in_words():
                service.lab().store.rename(record.id, name)
                st.rerun()


def _each(records: list[RunRecord], act: Callable[[str], Any], *, again: bool = True) -> list[str]:
    return _each_id([record.id for record in records], act, again=again)


def _each_id(run_ids: list[str], act: Callable[[str], Any], *, again: bool = False) -> list[str]:
    done = []
    for run_id in run_ids:
        with in_words():
            act(run_id)
            done.append(run_id)
    if again and len(done) == len(run_ids):
        st.rerun()
    return done


def _fresh() -> None:
    """Draw the list anew with nothing ticked."""
    st.session_state["library.generation"] = st.session_state.get("library.generation", 0) + 1
    st.rerun()
