"""Buttons that download a run; the file is made when one is pressed."""

import io
from collections.abc import Callable

import streamlit as st

from pages.ui.common import session
from seqgan_core.messages import _
from seqgan_core.runs.bundle import export_bundle
from seqgan_core.runs.store import RunRecord


def csv_button(record: RunRecord, label: str) -> None:
    """Download a run's evaluations."""

    def csv() -> str:
        frame = session.lab().store.frame(record.id, "Evaluated")
        return str(frame.drop(columns="followed", errors="ignore").to_csv(index=False))

    _button(label, csv, f"{record.id}.csv", "text/csv", "table")


def bundle_button(record: RunRecord, label: str) -> None:
    """Download a run with its events and checkpoints in one file."""

    def bundle() -> bytes:
        target = io.BytesIO()
        export_bundle(session.lab().store, record.id, target)
        return target.getvalue()

    about = _("The run with its events and checkpoints in one file, for another machine")
    _button(label, bundle, f"{record.id}.zip", "application/zip", "archive", about)


def _button(
    label: str, make: Callable[[], str | bytes], file: str, kind: str, icon: str, about: str = ""
) -> None:
    icon, key = f":material/{icon}:", f"export-{file.rpartition('.')[2]}"
    st.download_button(
        label, make, file, kind, icon=icon, on_click="ignore", key=key, help=about or None
    )
