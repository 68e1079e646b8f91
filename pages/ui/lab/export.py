"""Export of a run: its numbers, all of it, and the command that trains it again."""

import streamlit as st

from pages.ui.common.run.download import bundle_button, csv_button
from pages.ui.lab.form_state import from_preset
from seqgan_core.figures.settings import command_line
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.setup.presets import PRESETS


def command(record: RunRecord) -> str:
    """The command that trains this run again."""
    preset = record.preset if record.preset in PRESETS else "paper"
    return visible_text(command_line(preset, from_preset(preset, record.config)))


def export(record: RunRecord) -> None:
    """Open a dialog with CSV, bundle and command."""
    st.dialog(_("Export"))(_dialog)(record)


def _dialog(record: RunRecord) -> None:
    csv_button(record, _("Evaluations (CSV)"))
    bundle_button(record, _("Run with its checkpoints (bundle)"))
    st.markdown(_("Train the same run from a terminal:"))
    st.code(command(record), language="bash", wrap_lines=True)
