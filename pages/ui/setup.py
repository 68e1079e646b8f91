"""The form that sets up a run: preset, what differs from it, the device, the time it takes."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui import address, fields, form_state, service
from pages.ui.errors import in_words, sentence, told
from pages.ui.pieces import quiet
from pages.ui.text import _, plain
from seqgan_core.figures.progress import duration
from seqgan_core.figures.settings import Difference, command_line, differences, shown
from seqgan_core.training.config import ConfigError, TrainConfig, field_info, make_config
from seqgan_core.training.devices import describe_device, resolve_device
from seqgan_core.training.estimate import estimate_seconds
from seqgan_core.training.presets import PRESET_HELP, PRESETS
from seqgan_core.training.strategies import STRATEGIES

_FIRST = ("strategy", "seed")  # shown without opening all settings


def setup() -> None:
    """Draw the form; its own fragment, so that a change of a setting redraws nothing else."""
    st.fragment(_setup)()


@told
def _setup() -> None:
    st.subheader(_("Set up a run"), anchor="set-up")
    preset = st.segmented_control(
        _("Preset"),
        list(PRESETS),
        default=form_state.preset_asked(),
        required=True,
        key="preset",
        width="stretch",
    )
    quiet(_(PRESET_HELP[preset]))
    changes = form_state.changes(preset)
    _field(preset, "strategy", changes)
    strategy = changes.get("strategy", PRESETS[preset].strategy)
    quiet(_(STRATEGIES[strategy].help))
    _field(preset, "seed", changes)
    with st.expander(_("All settings"), icon=":material/tune:"):
        group = st.pills(
            _("Group"),
            list(fields.GROUPS),
            default="adversarial",
            required=True,
            format_func=fields.GROUPS.__getitem__,
            key="group",
            label_visibility="collapsed",
        )
        for name in fields.names_in(group):
            if name not in _FIRST:
                _field(preset, name, changes)
    config = _checked(preset, changes)
    if config is not None:
        _foreseen(preset, config)
    _start(preset, config)


def _field(preset: str, name: str, changes: dict[str, Any]) -> None:
    base = getattr(PRESETS[preset], name)
    key = f"{preset}.{name}.{form_state.generation()}"
    now = fields.widget(name, changes.get(name, base), key)
    if now == base:
        changes.pop(name, None)
    else:
        changes[name] = now


def _checked(preset: str, changes: dict[str, Any]) -> TrainConfig | None:
    try:
        config = make_config(PRESETS[preset], **changes)
        resolve_device(config.device)
    except ConfigError as error:
        st.error(plain(sentence(error)), icon=":material/error:")
        return None
    return config


def _foreseen(preset: str, config: TrainConfig) -> None:
    """What differs from the preset, where it will run, and for about how long."""
    changed = differences(PRESETS[preset].model_dump(), config.model_dump())
    form_state.write_address(preset, changed)
    if changed:
        items = "".join(map(_difference, changed))
        about = escape(_("differs from the preset"))
        st.html(f'<ul class="differs" aria-label="{about}">{items}</ul>')
        st.button(
            _("Back to the preset"),
            on_click=form_state.reset,
            args=(preset,),
            type="tertiary",
            icon=":material/undo:",
        )
    device = describe_device(resolve_device(config.device))
    time = _("About {time}").format(time=duration(estimate(config)))
    st.markdown(f":material/memory: {device}  \n:material/schedule: {time}")
    with st.popover(_("As a command"), icon=":material/terminal:", type="tertiary"):
        st.code(command_line(preset, changed), language="bash", wrap_lines=True)


def _difference(change: Difference) -> str:
    info = field_info(change.name)
    paper = info["paper"]
    beside = f"<em>{_('paper')} {escape(shown(paper))}</em>" if paper is not None else ""
    values = f"<s>{escape(shown(change.base))}</s><b>{escape(shown(change.now))}</b>"
    return f"<li><span>{escape(_(info['title']))}</span>{values}{beside}</li>"


def _start(preset: str, config: TrainConfig | None) -> None:
    busy = service.lab().manager.state().active is not None
    pressed = st.button(
        _("Add to the queue") if busy else _("Start training"),
        type="primary",
        width="stretch",
        disabled=config is None,
        key="start",
        icon=":material/play_arrow:",
    )
    if busy:
        quiet(_("One run trains at a time. Yours waits its turn."))
    if pressed and config is not None:
        with in_words():
            run_id = service.lab().manager.start(config, preset=preset)
            address.show(run_id)
            st.session_state["arrival"] = run_id
            if busy:
                said = _("Another run is training; yours waits its turn in the queue.")
                st.toast(said, icon=":material/schedule:")
            st.rerun()


def estimate(config: TrainConfig) -> float:
    """The seconds that a run with these settings takes here."""
    return _estimate(config.model_dump_json())


@st.cache_data(max_entries=200, show_spinner=False)
def _estimate(config_json: str) -> float:
    config = TrainConfig.model_validate_json(config_json)
    return estimate_seconds(config, resolve_device(config.device))
