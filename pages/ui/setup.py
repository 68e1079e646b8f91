"""The form that sets up a run: preset, what differs from it, the device, the time it takes."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui import address, fields, service
from pages.ui.errors import sentence, told
from pages.ui.pieces import quiet
from pages.ui.text import _
from seqgan_core.figures.progress import duration
from seqgan_core.figures.settings import (
    Difference,
    assignments,
    command_line,
    differences,
    shown,
)
from seqgan_core.training.config import (
    ConfigError,
    TrainConfig,
    field_info,
    make_config,
    parse_changes,
)
from seqgan_core.training.devices import describe_device, resolve_device
from seqgan_core.training.presets import PRESET_HELP, PRESETS
from seqgan_core.training.strategies import STRATEGIES

_FIRST = ("strategy", "seed")  # shown without opening all settings


def setup() -> None:
    """Draw the form; its own fragment, so that a change of a setting redraws nothing else."""
    st.fragment(_setup)()


@told
def _setup() -> None:
    st.subheader(_("Set up a run"), anchor=False)
    preset = st.segmented_control(
        _("Preset"), list(PRESETS), default=_from_address("preset", next(iter(PRESETS))),
        required=True, key="preset", width="stretch",
    )  # fmt: skip
    quiet(_(PRESET_HELP[preset]))
    changes = _changes(preset)
    for name in _FIRST:
        _field(preset, name, changes)
    quiet(_(STRATEGIES[str(_value(preset, "strategy", changes))].help))
    with st.expander(_("All settings"), icon=":material/tune:"):
        group = st.pills(
            _("Group"), list(fields.GROUPS), default="adversarial", required=True,
            format_func=fields.GROUPS.__getitem__, key="group", label_visibility="collapsed",
        )  # fmt: skip
        for name in fields.names_in(group):
            if name not in _FIRST:
                _field(preset, name, changes)
    config = _checked(preset, changes)
    if config is not None:
        _facts(preset, config)
    _start(preset, config)


def _field(preset: str, name: str, changes: dict[str, Any]) -> None:
    base = getattr(PRESETS[preset], name)
    generation = st.session_state.get("form.generation", 0)  # a reset draws fresh widgets
    now = fields.widget(name, _value(preset, name, changes), f"{preset}.{name}.{generation}")
    if now == base:
        changes.pop(name, None)
    else:
        changes[name] = now


def _value(preset: str, name: str, changes: dict[str, Any]) -> Any:
    return changes.get(name, getattr(PRESETS[preset], name))


def _changes(preset: str) -> dict[str, Any]:
    """What this viewer changed in each preset; the first time, what the address says."""
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault("form.changes", {})
    if preset not in kept:
        kept[preset] = {}
        if st.query_params.get("preset") == preset:
            try:
                asked = parse_changes(st.query_params.get_all("set"))
                config = make_config(PRESETS[preset], **asked)
                kept[preset] = {name: getattr(config, name) for name in asked}
            except ConfigError as error:
                st.warning(_("The address asks for settings that cannot be: {error}").format(error=error))
    return kept[preset]


def _checked(preset: str, changes: dict[str, Any]) -> TrainConfig | None:
    try:
        config = make_config(PRESETS[preset], **changes)
        resolve_device(config.device)
    except ConfigError as error:
        st.error(sentence(error), icon=":material/error:")
        return None
    return config


def _facts(preset: str, config: TrainConfig) -> None:
    changed = differences(PRESETS[preset].model_dump(), config.model_dump())
    _write_address(preset, assignments(changed))
    if changed:
        items = "".join(map(_difference, changed))
        st.html(f'<ul class="differs" aria-label="{_("differs from the preset")}">{items}</ul>')
        st.button(_("Back to the preset"), on_click=_reset, args=(preset,), type="tertiary", icon=":material/undo:")
    device = resolve_device(config.device)
    seconds = estimate(config)
    where = _("On {device}").format(device=describe_device(device))
    st.markdown(f":material/memory: {where}  \n:material/schedule: " + _("About {time}").format(time=duration(seconds)))
    with st.popover(_("As a command"), icon=":material/terminal:", type="tertiary"):
        st.code(command_line(preset, changed), language="bash", wrap_lines=True)


def _start(preset: str, config: TrainConfig | None) -> None:
    busy = service.lab().manager.state().active is not None
    label = _("Add to the queue") if busy else _("Start training")
    if st.button(label, type="primary", width="stretch", disabled=config is None, key="start",
                 icon=":material/play_arrow:") and config is not None:  # fmt: skip
        run_id = service.lab().manager.start(config, preset=preset)
        address.show(run_id)
        if busy:
            st.toast(_("Another run is training; yours waits its turn in the queue."), icon=":material/schedule:")
        st.rerun()
    if busy:
        quiet(_("One run trains at a time. Yours waits its turn."))


def _difference(change: Difference) -> str:
    paper = field_info(change.name)["paper"]
    beside = f"<em>{_('paper')} {escape(shown(paper))}</em>" if paper is not None else ""
    title = escape(_(field_info(change.name)["title"]))
    return f"<li><span>{title}</span><s>{escape(shown(change.base))}</s><b>{escape(shown(change.now))}</b>{beside}</li>"


def _reset(preset: str) -> None:
    st.session_state["form.changes"][preset] = {}
    st.session_state["form.generation"] = st.session_state.get("form.generation", 0) + 1


def _from_address(name: str, otherwise: str) -> str:
    value = st.query_params.get(name, otherwise)
    return value if value in PRESETS else otherwise


def _write_address(preset: str, asked: list[str]) -> None:
    st.query_params["preset"] = preset
    if asked:
        st.query_params["set"] = asked
    else:
        st.query_params.pop("set", None)


@st.cache_data(max_entries=200, show_spinner=False)
def _estimate(config_json: str) -> float | None:
    try:
        from seqgan_core.training.estimate import estimate_seconds
    except ImportError:
        return None
    config = TrainConfig.model_validate_json(config_json)
    return estimate_seconds(config, resolve_device(config.device))


def estimate(config: TrainConfig) -> float | None:
    """The seconds that a run with these settings takes here."""
    return _estimate(config.model_dump_json())
