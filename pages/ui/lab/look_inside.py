"""Links from a run to the screens that look inside it, at the checkpoint that is shown."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import navigation, session
from pages.ui.common.i18n import _
from seqgan_core.insight.models import steps_of
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.strategies import STRATEGIES


def links(record: RunRecord, step: int | None) -> None:
    """Draw the links; `step` is where the run is looked at, None for its newest state."""
    steps = [at for at in steps_of(session.lab().store, record.id) if step is None or at <= step]
    if not steps:
        return
    query = {"run": record.id} | ({} if step is None else {"step": str(max(steps))})
    pages = [(navigation.ROLLOUTS, _("Q of every token"), ":material/account_tree:")]
    if STRATEGIES[record.config.strategy].trains_discriminator:
        pages.append((navigation.DISCRIMINATOR, _("What D reads"), ":material/policy:"))
    pages.append((navigation.EXPOSURE, _("Where G drifts"), ":material/healing:"))
    with st.container(horizontal=True, key="look-inside"):
        for page, label, icon in pages:
            st.page_link(page, label=label, icon=icon, query_params=query)
