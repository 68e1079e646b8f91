"""What is said under the figures of the Strategies screen."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import _
from pages.ui.strategies.missing_runs import offer_missing
from pages.ui.strategies.study_source import Shown
from seqgan_core.figures.strategies.study import Setting
from seqgan_core.figures.strategies.verdicts import rule


def notice(said: Sequence[str], study: Shown, settings: Sequence[Setting]) -> None:
    """What to notice now, the rule that it follows, and the runs that are missing to be sure."""
    if any(said):
        lines = "".join(f"<p>{escape(text)}</p>" for text in said)
        title = escape(_("What to notice now"))
        st.html(f'<div class="notice-now"><b>{title}</b>{lines}</div>')
        html.quiet(rule())
    offer_missing(study, settings)
