"""Runs compared: their curves, and the settings in which they differ."""

from collections.abc import Sequence

import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.i18n import plain
from pages.ui.common.plotly_chart import charts_and_tables
from seqgan_core.figures.run import overlay
from seqgan_core.figures.run.curves import Curves
from seqgan_core.messages import _, remark
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.corpora.registry import title_of
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS
from seqgan_core.training.config import TrainConfig, field_info
from seqgan_core.training.setup.config_rules import measured_by


def compared(records: list[RunRecord]) -> None:
    """A chart for each metric, then a table of the settings that differ."""
    st.header(_("Comparison"), anchor=False)
    groups = _comparable_groups(records)
    if len(groups) > 1:
        html.quiet(remark("runs.groups", n=len(groups)))
    for number, group in enumerate(groups):
        if len(groups) > 1:
            st.subheader(_group_title(group[0].config), anchor=False)
        curves = session.with_distinct_names(session.lab().store, group)
        overlays = [overlay.overlay(curves, metric) for metric in _metrics(curves)]
        key = f"overlay.{number}" if number else "overlay"
        charts_and_tables([overlays], key)
    titles = {name: _(field_info(name)["title"]) for name in TrainConfig.model_fields}
    configs = {
        plain(f"{record.name} ({record.id})"): record.config.model_dump() for record in records
    }
    different = overlay.differing_settings(configs, titles)
    st.subheader(_("Settings that differ"), anchor=False)
    if different.empty:
        html.quiet(_("All settings are the same."))
    else:
        st.table(different.map(plain))


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
    task, corpus = _(TASKS[config.task]), plain(title_of(config.corpus))
    text = _("{task}: {corpus}, vocabulary of {v:,} tokens")
    return text.format(task=task, corpus=corpus, v=config.vocab_size)


def _metrics(curves: Sequence[Curves]) -> tuple[str, ...]:
    """The metrics to draw: of text, quality together with diversity."""
    if curves[0].has_oracle:
        return ("nll_oracle", "nll_test")
    bleus = max((run.bleus for run in curves), key=len)
    return ("nll_test", *bleus[-1:], "self_bleu")
