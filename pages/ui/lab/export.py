"""What one may take away from a run: its numbers, the whole of it, and the command for another."""

from __future__ import annotations

import io

import streamlit as st

from pages.ui.common import session
from pages.ui.common.i18n import _
from pages.ui.lab.form_state import from_preset
from seqgan_core.figures.settings import command_line
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.setup.presets import PRESETS


def csv_button(record: RunRecord, label: str) -> None:
    """Download a run's evaluations; the file is made when it is asked for."""
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
        store.export_bundle(record.id, target)
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


def command(record: RunRecord) -> str:
    """The command that trains this run again."""
    preset = record.preset if record.preset in PRESETS else "paper"
    return command_line(preset, from_preset(preset, record.config))


@st.dialog(_("Take away"))
def take_away(record: RunRecord) -> None:
    """CSV, bundle and command."""
    csv_button(record, _("Evaluations as CSV"))
    bundle_button(record, _("The whole run as a bundle"))
    st.markdown(_("The same run from a terminal:"))
    st.code(command(record), language="bash", wrap_lines=True)
