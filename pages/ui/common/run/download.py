"""Buttons that download a run: its evaluations as CSV, or all of it as a bundle."""

from __future__ import annotations

import io

import streamlit as st

from pages.ui.common import session
from seqgan_core.messages import _
from seqgan_core.runs.bundle import export_bundle
from seqgan_core.runs.store import RunRecord


def csv_button(record: RunRecord, label: str) -> None:
    """Download a run's evaluations; the file is made on request."""
    store = session.lab().store

    def csv() -> str:
        frame = store.frame(record.id, "Evaluated")
        return str(frame.drop(columns="followed", errors="ignore").to_csv(index=False))

    st.download_button(
        label,
        csv,
        f"{record.id}.csv",
        "text/csv",
        icon=":material/table:",
        on_click="ignore",
        key="take.csv",
    )


def bundle_button(record: RunRecord, label: str) -> None:
    """Download a run with its events and checkpoints in one file."""
    store = session.lab().store

    def bundle() -> bytes:
        target = io.BytesIO()
        export_bundle(store, record.id, target)
        return target.getvalue()

    st.download_button(
        label,
        bundle,
        f"{record.id}.zip",
        "application/zip",
        icon=":material/archive:",
        on_click="ignore",
        key="take.bundle",
        help=_("The run with its events and checkpoints in one file, for another machine"),
    )
