"""Two parts of the Strategies screen: the paper's four settings, and the grid of both moves."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.plotly_chart import charts
from pages.ui.strategies.heat_map import heat_maps
from pages.ui.strategies.missing_runs import nothing_yet, notice
from pages.ui.strategies.setting_detail import show_setting
from pages.ui.strategies.settings import chosen_cell
from pages.ui.strategies.study_source import StudyView
from pages.ui.strategies.tables import ends_table, rounds_table
from seqgan_core.figures.strategies import curves as figures
from seqgan_core.figures.strategies import grid as grids
from seqgan_core.figures.strategies import notices
from seqgan_core.figures.strategies.study import PAPER_FOUR, Axis, Setting, by_triple
from seqgan_core.messages import _


def paper(study: StudyView, axis: Axis) -> None:
    """The four settings of the paper's Figure 3 beside each other."""
    known = by_triple(study.settings)
    settings = [known[triple] for triple in PAPER_FOUR if triple in known]
    if not any(setting.runs for setting in settings):
        first = [
            study.planned[setting.key][0] for setting in settings if setting.key in study.planned
        ]
        nothing_yet(
            study,
            _(
                "Here the four settings (g-steps, d-steps, k) of the paper's Figure 3 stand beside "
                "each other on common axes: both NLLs above, D's accuracy below. Whether a setting "
                "learns, stalls or collapses is found out by training it."
            ),
            first,
            _("Train the four, one seed each"),
        )
        return
    html.quiet(
        _(
            "The four settings of the paper's Figure 3, at the size of the {preset} preset and on "
            "common axes. Thick: the mean over the seeds, which ends with the first of them; thin: "
            "every seed; dashed: where MLE ended. A line that leaves the axis has risen far above "
            "it."
        ).format(preset=study.plan.preset)
    )
    frame = figures.frame_of(settings, axis)
    charts(
        [[figures.curves(setting, frame) for setting in settings]], "strategies.paper", even=True
    )
    notice(notices.compared(settings), study, settings)
    with st.expander(_("The numbers as a table")):
        ends_table(settings)
        for setting in settings:
            rounds_table(setting)


def grid(study: StudyView, axis: Axis) -> None:
    """Generator updates against D's epochs, as heat maps; a cell opens under them."""
    settings = by_triple(study.settings)
    ids = {grids.cell_id(triple): setting for triple, setting in settings.items()}
    if not study.tried:
        nothing_yet(
            study,
            _(
                "Here a table has a row for each number of g-steps and a column for each number "
                "of D's epochs a round. Its cells say how far NLL_oracle and NLL_test moved since "
                "MLE, and how strong D became: too little of D misleads G, too much silences it."
            ),
            [runs[0] for runs in study.planned.values()],
            _("Train one seed of each setting"),
        )
        return
    html.quiet(
        _(
            "Rows: generator updates a round. Columns: D's epochs a round, d-steps × k. Changes "
            "are in nats per token since MLE ended, means over the seeds. Choose a cell to see its "
            "curves."
        )
    )
    usual = grids.cell_id(Setting({}, study.base).triple)
    chosen = chosen_cell(list(ids), usual if usual in ids else next(iter(ids)))
    drawn = list(settings.values())
    heat_maps(
        grids.heat_maps(drawn),
        "strategies.map",
        chosen,
        lambda name: url_state.put(cell=name),
    )
    notice([notices.grid(drawn)], study, drawn)
    show_setting(study, ids[chosen], axis)
    with st.expander(_("The numbers as a table")):
        ends_table(drawn)
