"""Words for a run's tokens; where its text is not on this machine, their numbers and why."""

from __future__ import annotations

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.errors import sentence
from pages.ui.text import _
from seqgan_core.insight.reader import Reader, numbers, reader_of
from seqgan_core.tasks.task import DataError
from seqgan_core.training.config import ConfigError, TrainConfig


def reader(config: TrainConfig) -> Reader:
    """How the tokens of a run are read; says on the page why they are numbers, if they are."""
    try:
        return reader_of(config)
    except (ConfigError, DataError) as error:
        pieces.quiet(_("Tokens are shown as numbers: {why}").format(why=sentence(error)))
        return numbers(config)


def page_of(task: str) -> str:
    """The page where texts of a task are fetched, added and read."""
    return nav.SPEECHES if task == "speech" else nav.POEMS


def door(task: str) -> None:
    """A link to that page."""
    label = _("Open Speeches") if task == "speech" else _("Open Poems")
    st.page_link(page_of(task), label=label, icon=":material/menu_book:")
