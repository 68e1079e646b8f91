"""Runs laid beside each other: their curves, and the settings in which they part."""

from __future__ import annotations

import streamlit as st

from pages.ui import pieces, service
from pages.ui.chart import charts
from pages.ui.text import _
from seqgan_core.figures import comparison
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import TrainConfig, field_info


def side_by_side(records: list[RunRecord]) -> None:
    """Both NLLs of the runs on one axis each, then a table of what differs."""
    st.header(_("Side by side"), anchor=False)
    curves = service.named_apart(service.lab().store, records)
    overlays = [comparison.overlay(curves, metric) for metric in ("nll_oracle", "nll_test")]
    charts([overlays], "overlay", even=True)
    titles = {name: _(field_info(name)["title"]) for name in TrainConfig.model_fields}
    configs = {f"{record.name} ({record.id})": record.config.model_dump() for record in records}
    different = comparison.parting(configs, titles)
    st.subheader(_("Where their settings part"), anchor=False)
    if different.empty:
        pieces.quiet(_("They have the same settings: what differs is the machine or the moment."))
    else:
        st.table(different)
