"""Runs laid beside each other: their curves, and the settings in which they part."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.i18n import plain
from pages.ui.common.plotly_chart import charts
from seqgan_core.figures.run import overlay
from seqgan_core.figures.run.curves import Curves
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.corpora.registry import corpus_title
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS
from seqgan_core.training.config import TrainConfig, field_info
from seqgan_core.training.setup.config_rules import measured_by


def side_by_side(records: list[RunRecord]) -> None:
    """The runs' numbers on one axis each, then a table of what differs in their settings."""
    st.header(_("Side by side"), anchor=False)
    groups = _comparable_groups(records)
    if len(groups) > 1:
        html.quiet(
            _(
                "These runs were measured by {n} different things: numbers of unlike tasks or "
                "texts say nothing beside each other, so each kind has charts of its own."
            ).format(n=len(groups))
        )
    for number, group in enumerate(groups):
        if len(groups) > 1:
            st.subheader(_group_title(group[0].config), anchor=False)
        curves = session.with_distinct_names(session.lab().store, group)
        overlays = [overlay.overlay(curves, metric) for metric in _metrics(curves)]
        charts([overlays], f"overlay.{number}" if number else "overlay", even=True)
    titles = {name: _(field_info(name)["title"]) for name in TrainConfig.model_fields}
    configs = {f"{record.name} ({record.id})": record.config.model_dump() for record in records}
    different = overlay.differing_settings(configs, titles)
    st.subheader(_("Where their settings part"), anchor=False)
    if different.empty:
        html.quiet(_("They have the same settings: what differs is the machine or the moment."))
    else:
        st.table(different)


def _comparable_groups(records: Sequence[RunRecord]) -> list[list[RunRecord]]:
    """The runs in groups of those that can be compared, in the order given."""
    groups: dict[tuple[object, ...], list[RunRecord]] = {}
    for record in records:
        groups.setdefault(measured_by(record.config), []).append(record)
    return list(groups.values())


def _group_title(config: TrainConfig) -> str:
    """What the runs of a group have in common."""
    if config.task not in CORPUS_TASKS:
        return _(TASKS[config.task])
    return _("{task}: {text}, {v:,} tokens in its vocabulary").format(
        task=_(TASKS[config.task]), text=plain(corpus_title(config.corpus)), v=config.vocab_size
    )


def _metrics(curves: Sequence[Curves]) -> tuple[str, ...]:
    """What is overlaid: for text quality with diversity beside it."""
    if curves[0].has_oracle:
        return ("nll_oracle", "nll_test")
    bleus = max((run.bleus for run in curves), key=len)
    return ("nll_test", *bleus[-1:], "self_bleu")
