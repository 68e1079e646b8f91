"""The third part of the Strategies screen: one setting at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.plotly_chart import charts
from pages.ui.strategies.missing_runs import nothing_yet, notice
from pages.ui.strategies.setting_detail import show_setting
from pages.ui.strategies.settings import chosen_cell
from pages.ui.strategies.study_source import StudyView
from pages.ui.strategies.tables import ends_table
from seqgan_core.figures.settings import shown as written
from seqgan_core.figures.strategies import one_at_a_time as figures
from seqgan_core.figures.strategies import one_at_a_time_text as words
from seqgan_core.figures.strategies.study import Axis, Setting
from seqgan_core.messages import _
from seqgan_core.training.config import TrainConfig, field_info


def one_at_a_time(study: StudyView, axis: Axis) -> None:
    """Where both NLLs end against each setting; one of the values is looked at closely."""
    info = {name: field_info(name) for name in TrainConfig.model_fields}
    names = words.factors(study.base, info)
    if len(study.tried) < 2:  # the recorded glance run is the preset itself
        nothing_yet(
            study,
            _(
                "Here four settings are turned, one at a time, around the {preset} preset: the "
                "number of roll-outs, the memory of the roll-out policy, and both learning rates. "
                "Every value's seeds end as dots, so that an effect can be told from luck."
            ).format(preset=study.plan.preset),
            [runs[0] for runs in study.planned.values()],
            _("Train one seed of each value"),
        )
        return
    html.quiet(
        _(
            "Around the {preset} preset one setting is turned at a time; the vertical axis is the "
            "same everywhere, so that effects can be compared by eye."
        ).format(preset=study.plan.preset)
    )
    y_range = figures.common_range(study.settings)
    drawn = [
        figures.effect(
            words.settings_of_factor(study.settings, factor, study.base), factor, y_range=y_range
        )
        for factor in names
    ]
    charts([drawn[:2], drawn[2:]], "strategies.knobs", even=True)
    text = words.notice(study.settings, names, study.base)
    notice([text], study, study.settings)
    chosen = _choose_value(study.settings)
    show_setting(study, chosen, axis, _name(chosen))
    with st.expander(_("The numbers as a table")):
        ends_table(study.settings, {setting.key: _name(setting) for setting in study.settings})


def _name(setting: Setting) -> str:
    """What sets it apart, in the words of the form."""
    if not setting.changes:
        return _("the preset itself")
    return ", ".join(
        f"{_(field_info(name)['title'])} {written(value)}"
        for name, value in setting.changes.items()
    )


def _choose_value(settings: Sequence[Setting]) -> Setting:
    """The value looked at closely; the address names it by what it sets."""
    ids = {
        ",".join(f"{name}={written(value)}" for name, value in setting.changes.items())
        or "preset": setting
        for setting in settings
    }
    options = list(ids)
    linked = chosen_cell(options, options[0])
    chosen = st.selectbox(
        _("Look at"),
        options,
        index=options.index(linked),
        format_func=lambda name: _name(ids[name]),
        key="strategies.value",
    )
    url_state.put(cell=chosen)
    return ids[chosen]
