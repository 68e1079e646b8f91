"""What one may take away from a run: its numbers, the whole of it, and the command for another."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.run.download import bundle_button, csv_button
from pages.ui.lab.form_state import from_preset
from seqgan_core.figures.settings import command_line
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.setup.presets import PRESETS


def command(record: RunRecord) -> str:
    """The command that trains this run again."""
    preset = record.preset if record.preset in PRESETS else "paper"
    return command_line(preset, from_preset(preset, record.config))


@st.dialog(_("Take away"))
def export_dialog(record: RunRecord) -> None:
    """CSV, bundle and command."""
    csv_button(record, _("Evaluations as CSV"))
    bundle_button(record, _("The whole run as a bundle"))
    st.markdown(_("The same run from a terminal:"))
    st.code(command(record), language="bash", wrap_lines=True)
