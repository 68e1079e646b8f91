"""The tabs of the Strategies screen: the paper's four settings, the grid, one setting at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import streamlit as st

from pages.ui.common import choice, html, url_state
from pages.ui.common.component import component
from pages.ui.common.i18n import plain
from pages.ui.common.plotly_chart import charts
from pages.ui.common.run.missing_runs import missing, queue_button
from pages.ui.strategies import study_source
from pages.ui.strategies.setting_detail import show_setting
from pages.ui.strategies.study_source import StudyName, StudyView
from seqgan_core.figures.settings import shown
from seqgan_core.figures.strategies import curves, findings, grid, words
from seqgan_core.figures.strategies import one_at_a_time as factor_figures
from seqgan_core.judge.one_at_a_time import effect_of, factors
from seqgan_core.judge.study import PAPER_FOUR, Axis, Setting, by_triple
from seqgan_core.messages import _, long_text, ngettext, remark
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import field_info

# Tables of buttons: arrow keys move, Enter or Space or a click chooses.
_heat_maps = component(
    "heat_map", html='<div class="heat-maps"></div><p class="said quiet" aria-live="polite"></p>'
)


def paper_tab() -> None:
    """The four settings of the paper's Figure 3, next to each other."""
    study, axis = _study("strategies", "figure3")
    known = by_triple(study.settings)
    settings = [known[triple] for triple in PAPER_FOUR if triple in known]
    if not any(setting.runs for setting in settings):
        label = _("Train all four, one seed each")
        _nothing_yet(study, remark("strategies.paper-none"), settings, label)
        return
    html.quiet(remark("strategies.paper", preset=study.plan.preset))
    frame = curves.frame_of(settings, axis)
    drawn = [curves.curves(setting, frame) for setting in settings]
    charts([drawn], "strategies-paper", even=True)
    _notice(findings.compared(settings), study, settings, rule=words.rule())
    _numbers(settings)


def grid_tab() -> None:
    """Generator updates against D's epochs, as heat maps; a cell opens under them."""
    study, axis = _study("strategies")
    by_id = {grid.cell_id(at): setting for at, setting in by_triple(study.settings).items()}
    settings = list(by_id.values())
    if not study.tried:
        label = _("Train one seed of each setting")
        _nothing_yet(study, remark("strategies.grid-none"), settings, label)
        return
    html.quiet(remark("strategies.heat-maps"))
    usual = grid.cell_id(Setting({}, study.base).triple)
    chosen = url_state.one_of("cell", list(by_id), usual if usual in by_id else next(iter(by_id)))
    url_state.put(cell=chosen)
    maps = list(map(asdict, grid.heat_maps(settings)))
    cells = (cell for row in maps[0]["cells"] for cell in row if cell)
    said = next((cell["label"] for cell in cells if cell["id"] == chosen), "")
    data = {"maps": maps, "chosen": chosen, "said": said}
    _heat_maps("strategies-map", data, {"chosen": lambda name: url_state.put(cell=str(name))})
    _notice(findings.grid(settings), study, settings, rule=words.rule())
    show_setting(study, by_id[chosen], axis)
    _numbers(settings)


def factors_tab() -> None:
    """Where both NLLs end against each of four settings; one value is looked at closely."""
    study, axis = _study("one_at_a_time")
    if len(study.tried) < 2:  # the recorded glance run is the preset itself
        about = remark("strategies.factors-none", preset=study.plan.preset)
        _nothing_yet(study, about, study.settings, _("Train one seed of each value"))
        return
    html.quiet(remark("strategies.factors", preset=study.plan.preset))
    effects = [effect_of(factor, study.settings) for factor in factors(study.base)]
    y_range = factor_figures.common_range(study.settings)
    drawn = [factor_figures.effect_of_factor(effect, y_range=y_range) for effect in effects]
    charts([drawn[:2], drawn[2:]], "strategies-factors", even=True)
    _notice(findings.factors_finding(effects), study, study.settings)
    by_name = {_address_of(setting): setting for setting in study.settings}
    names = {name: _name(setting) for name, setting in by_name.items()}
    chosen = choice.one_of("cell", _("Value"), names, key="strategies-value", widget="select")
    url_state.put(cell=chosen)
    show_setting(study, by_name[chosen], axis, names[chosen])
    _numbers(study.settings, [*names.values()])


def about_tab() -> None:
    """How this is measured, what the paper saw, and how to make it again."""
    with st.container(width=780):
        st.markdown(long_text("strategies"))
    names: list[StudyName] = ["strategies", "one_at_a_time"]
    if study_source.is_recorded("figure3"):
        names.append("figure3")
    html.quiet(remark("strategies.commands"))
    st.code("\n".join(map(study_source.command, names)), language="bash", wrap_lines=True)


def _study(name: StudyName, full_size: StudyName | None = None) -> tuple[StudyView, Axis]:
    """The study with the runs chosen, and what its curves are drawn against."""
    axes: dict[Axis, str]
    axes = {"seconds": _("seconds"), "rounds": _("epochs"), "updates": _("generator updates")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="strategies-settings"):
        study = study_source.choose_study(name, full_size)
        axis = choice.one_of("x", _("Horizontal axis"), axes, key="strategies-axis")
    if study.problem:
        st.info(plain(study.problem), icon=":material/info:")
    return study, axis


def _name(setting: Setting) -> str:
    """What sets it apart, in the words of the form."""
    if not setting.changes:
        return _("The preset")
    changes = setting.changes.items()
    return ", ".join(f"{_(field_info(name)['title'])} {shown(value)}" for name, value in changes)


def _address_of(setting: Setting) -> str:
    changes = [f"{name}={shown(value)}" for name, value in setting.changes.items()]
    return ",".join(changes) or "preset"


def _notice(
    sentences: Sequence[str], study: StudyView, settings: Sequence[Setting], rule: str = ""
) -> None:
    """What to notice, and the runs that this library lacks."""
    html.notices(sentences, rule)
    if study.made:
        runs = sum(len(setting.runs) for setting in settings)
        html.quiet(study.made.line(ngettext("{n} run", "{n} runs", runs)))
    else:
        planned = [run for setting in settings for run in study.planned.get(setting.key, [])]
        _waiting(study.stored_runs[run] for run in planned if run in study.stored_runs)
        lacking = missing(planned, study.stored_runs)
        queue_button(study.plan, lacking, study.stored_runs, key="strategies-queue")


def _nothing_yet(study: StudyView, about: str, settings: Sequence[Setting], label: str) -> None:
    """Too few runs have ended: what they would show, and the buttons that train them."""
    html.empty(_("Nothing to compare yet"), about)
    _waiting(study.stored_runs.values())
    firsts = [study.planned[s.key][0] for s in settings if s.key in study.planned]
    first = missing(firsts, study.stored_runs)
    every = missing(study.plan.runs, study.stored_runs)
    with st.container(horizontal=True, horizontal_alignment="center"):
        have = study.stored_runs
        queue_button(study.plan, first, have, key="strategies-first", label=label, primary=True)
        if len(every) > len(first):
            queue_button(study.plan, every, have, key="strategies-queue")


def _waiting(records: Iterable[RunRecord]) -> None:
    count = sum(record.status in LIVE for record in records)
    if count:
        html.quiet(ngettext(
            "{n} run is queued or training; it appears here once it has ended.",
            "{n} runs are queued or training; each appears here once it has ended.", count,
        ))  # fmt: skip


def _numbers(settings: Sequence[Setting], names: Sequence[str] = ()) -> None:
    place = st.expander(_("All settings as a table"), key="strategies-numbers", on_change="rerun")
    if place.open:
        with place:
            html.table(*grid.table(settings, names))
