"""The form that sets up a run: preset, task, what differs, the device, the time it takes."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.ui.common import session, token_reader, url_state
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.html import quiet
from pages.ui.common.i18n import plain
from pages.ui.common.run.estimate import estimate
from pages.ui.lab import form_state, setting_widgets
from seqgan_core.figures.progress import duration
from seqgan_core.figures.settings import Difference, command_line, shown
from seqgan_core.messages import _
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.protocol import DataError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import ConfigError, TrainConfig, field_info, make_config
from seqgan_core.training.setup.config_rules import decided_settings, hidden_settings, idle_settings
from seqgan_core.training.setup.devices import describe_device, resolve_device
from seqgan_core.training.setup.presets import PRESET_HELP, PRESETS
from seqgan_core.training.strategies import STRATEGIES

_ALWAYS_SHOWN = ("task", "corpus", "start_from", "strategy", "seed")  # outside "All settings"


def setup() -> None:
    """Draw the form; its own fragment, so that a change of a setting redraws nothing else."""
    st.fragment(_setup)()


@show_errors()
def _setup() -> None:
    st.subheader(_("Set up a run"), anchor="set-up")
    preset = st.pills(
        _("Preset"),
        list(PRESETS),
        default=form_state.preset_in_address(),
        required=True,
        key="preset",
    )
    quiet(_(PRESET_HELP[preset]))
    changes = form_state.changes(preset)
    task = _field(preset, "task", changes)
    if task in CORPUS_TASKS:
        _field(preset, "corpus", changes, task)
        _field(preset, "start_from", changes, task)
    strategy = _field(preset, "strategy", changes)
    quiet(_(STRATEGIES[strategy].help))
    _field(preset, "seed", changes)
    hidden = _hidden(preset, task, changes)
    with st.expander(_("All settings"), icon=":material/tune:"):
        group = st.pills(
            _("Group"),
            list(setting_widgets.GROUPS),
            default="adversarial",
            required=True,
            format_func=setting_widgets.GROUPS.__getitem__,
            key="group",
            label_visibility="collapsed",
        )
        names = [name for name in setting_widgets.names_in(group) if name not in hidden]
        for name in names:
            if name not in _ALWAYS_SHOWN:
                _field(preset, name, changes, task)
        if not set(names) - set(_ALWAYS_SHOWN):
            quiet(_("The corpus decides all of these: its vocabulary, its length, its sequences."))
    # What means nothing to this task is kept for the way back, and not asked for.
    config = _config_from(preset, {key: changes[key] for key in changes if key not in hidden})
    if config is not None:
        changed = form_state.from_preset(preset, config)
        _show_differences(preset, changed)
        config = _settled(config)
        if config is not None:
            _forecast(config)
        with st.popover(_("As a command"), icon=":material/terminal:", type="tertiary"):
            st.code(command_line(preset, changed), language="bash", wrap_lines=True)
    _start(preset, config)


def _field(preset: str, name: str, changes: dict[str, Any], task: str = "") -> Any:
    base = getattr(PRESETS[preset], name)
    key = f"{preset}.{name}.{form_state.generation()}"
    if name in ("corpus", "start_from"):  # of another task these are other choices
        key += f".{task}"
    value = setting_widgets.widget(name, changes.get(name, base), key, task)
    if value == base:
        changes.pop(name, None)
    else:
        changes[name] = value
    return value


def _hidden(preset: str, task: str, changes: dict[str, Any]) -> frozenset[str]:
    """The settings that are not asked for: the task, its text or a model to start from decides."""
    changed = {"task": task, "start_from": changes.get("start_from", PRESETS[preset].start_from)}
    try:
        return hidden_settings(make_config(PRESETS[preset], **changed))
    except ConfigError:
        return frozenset({*idle_settings(task), *decided_settings(task)})


def _config_from(preset: str, changes: dict[str, Any]) -> TrainConfig | None:
    """The settings as they were chosen; None, after saying why, where they do not fit."""
    try:
        return make_config(PRESETS[preset], **changes)
    except ConfigError as error:
        st.error(plain(sentence(error)), icon=":material/error:")
        return None


def _settled(config: TrainConfig) -> TrainConfig | None:
    """The settings with what their text decides; None, after saying why, where it cannot be had."""
    try:
        resolve_device(config.device)
        if config.task not in CORPUS_TASKS:
            return config
        with st.spinner(_("Reading what it learns from")):
            return resolve_config(config)
    except CorpusMissing as error:
        st.info(plain(sentence(error)), icon=":material/download:")
        token_reader.door(config.task)
    except (ConfigError, DataError) as error:
        st.error(plain(sentence(error)), icon=":material/error:")
    return None


def _show_differences(preset: str, changed: list[Difference]) -> None:
    """What differs from the preset, here and in the address, and the way back."""
    form_state.write_address(preset, changed)
    if changed:
        items = "".join(map(_difference_html, changed))
        about = escape(_("differs from the preset"))
        st.html(f'<ul class="differs" aria-label="{about}">{items}</ul>')
        st.button(
            _("Back to the preset"),
            on_click=form_state.reset,
            args=(preset,),
            type="tertiary",
            icon=":material/undo:",
        )


def _forecast(config: TrainConfig) -> None:
    """What the text made of the settings, where it will run, and for about how long."""
    if config.task in CORPUS_TASKS:
        template = _("{n:,} sequences of up to {t} tokens, a vocabulary of {v:,}")
        if "sequence_length" in decided_settings(config.task):
            template = _("{n:,} sequences of {t} tokens, a vocabulary of {v:,}")
        text = template.format(n=config.n_train, t=config.sequence_length, v=config.vocab_size)
        st.markdown(f":material/article: {text}")
    device = describe_device(resolve_device(config.device))
    time = _("About {time}").format(time=duration(estimate(config)))
    st.markdown(f":material/memory: {device}  \n:material/schedule: {time}")


def _difference_html(change: Difference) -> str:
    info = field_info(change.name)
    paper = info["paper"]
    paper_html = f"<em>{_('paper')} {escape(shown(paper))}</em>" if paper is not None else ""
    values = f"<s>{escape(shown(change.base))}</s><b>{escape(shown(change.now))}</b>"
    return f"<li><span>{escape(_(info['title']))}</span>{values}{paper_html}</li>"


def _start(preset: str, config: TrainConfig | None) -> None:
    busy = session.lab().manager.state().active is not None
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
        with show_errors():
            run_id = session.lab().manager.start(config, preset=preset)
            url_state.show(run_id)
            st.session_state["arrival"] = run_id
            if busy:
                text = _("Another run is training; yours waits its turn in the queue.")
                st.toast(text, icon=":material/schedule:")
            st.rerun()
