"""The form that sets up a run: preset, settings, changes, the device and the time it takes."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.ui.common import session, url_state
from pages.ui.common.buttons import button
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.html import quiet
from pages.ui.common.i18n import escape, plain
from pages.ui.common.run import token_reader
from pages.ui.common.run.estimate import estimate
from pages.ui.lab import form_state, setting_widgets
from seqgan_core.figures.progress import duration
from seqgan_core.figures.settings import Difference, command_line, shown
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, remark
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import ConfigError, TrainConfig, field_info, make_config
from seqgan_core.training.setup.config_rules import decided_settings, hidden_settings, idle_settings
from seqgan_core.training.setup.devices import describe_device, resolve_device
from seqgan_core.training.setup.presets import PRESETS

_ALWAYS_SHOWN = ("task", "corpus", "start_from", "strategy", "seed")  # outside "All settings"


def setup() -> None:
    """Draw the form; its own fragment, so that a change of a setting redraws nothing else."""
    st.fragment(_setup)()


@show_errors()
def _setup() -> None:
    st.subheader(_("Set up a run"), anchor="set-up")
    usual = form_state.preset_in_address()
    preset = st.pills(_("Preset"), list(PRESETS), default=usual, required=True, key="preset")
    quiet(remark(f"preset.{preset}"))
    form = _Form(preset, form_state.changes(preset))
    task = form.field("task")
    if task in CORPUS_TASKS:
        form.field("corpus", task)
        form.field("start_from", task)
    strategy = form.field("strategy")
    quiet(remark(f"strategy.{strategy}"))
    form.field("seed")
    start = st.container(key="start-place")  # filled when the settings below are known
    hidden = form.hidden(task)
    look = {"icon": ":material/tune:", "on_change": "rerun"}
    settings = st.expander(_("All settings"), key="all-settings", **look)
    if settings.open:
        with settings:
            _all_settings(form, task, hidden)
    setting_widgets.paper_marks(form.drawn)
    # A setting that this task has no use for is kept for the way back, and left out here.
    chosen = {name: value for name, value in form.changes.items() if name not in hidden}
    with start:
        config = settled = None
        with show_errors():
            config = make_config(PRESETS[preset], **chosen)
            settled = _settled(config)
        _start(preset, settled)
        if settled is not None:
            _forecast(settled)
    if config is not None:
        changed = form_state.from_preset(preset, config)
        _show_differences(preset, changed)
        with st.popover(_("Command"), icon=":material/terminal:", type="tertiary"):
            st.code(visible_text(command_line(preset, changed)), language="bash", wrap_lines=True)


@dataclass
class _Form:
    """The settings of a preset, with what was changed and the values of the widgets drawn."""

    preset: str
    changes: dict[str, Any]
    drawn: dict[str, Any] = field(default_factory=dict)

    def field(self, name: str, task: str = "") -> Any:
        """Draw a setting and keep its change; corpora and models belong to a `task`."""
        base = getattr(PRESETS[self.preset], name)
        key = f"{self.preset}.{name}.{form_state.generation()}"
        if name in ("corpus", "start_from"):
            key += f".{task}"
        value = setting_widgets.widget(name, self.changes.get(name, base), key, task)
        self.drawn[key] = value
        if value == base:
            self.changes.pop(name, None)
        else:
            self.changes[name] = value
        return value

    def hidden(self, task: str) -> frozenset[str]:
        """Settings that the task, its corpus or the model to start from decides."""
        preset = PRESETS[self.preset]
        start_from = self.changes.get("start_from", preset.start_from)
        try:
            return hidden_settings(make_config(preset, task=task, start_from=start_from))
        except ConfigError:
            return frozenset({*idle_settings(task), *decided_settings(task)})


def _all_settings(form: _Form, task: str, hidden: frozenset[str]) -> None:
    """The settings of one group at a time."""
    group = st.pills(
        _("Group"), list(setting_widgets.GROUPS), default="adversarial", required=True, key="group",
        format_func=lambda name: _(setting_widgets.GROUPS[name]), label_visibility="collapsed",
    )  # fmt: skip
    skipped = hidden.union(_ALWAYS_SHOWN)
    names = [name for name in setting_widgets.names_in(group) if name not in skipped]
    for name in names:
        form.field(name, task)
    if not names:
        quiet(_("The corpus sets the vocabulary, the length and the number of training sequences."))


def _show_differences(preset: str, changed: list[Difference]) -> None:
    """What differs from the preset, here and in the address, and a button that resets it."""
    form_state.write_address(preset, changed)
    if changed:
        items = "".join(map(_difference_html, changed))
        about = escape(_("Changes to the preset"))
        st.html(f'<ul class="differs" aria-label="{about}">{items}</ul>')
        label = _("Reset to the preset")
        button(label, "undo", "reset-preset", form_state.reset, preset, type="tertiary")


def _forecast(config: TrainConfig) -> None:
    """The size of the corpus, and about how long the run takes on what."""
    if config.task in CORPUS_TASKS:
        template = _("{n:,} training sequences of up to {t} tokens, vocabulary {v:,}")
        if "sequence_length" in decided_settings(config.task):
            template = _("{n:,} training sequences of {t} tokens, vocabulary {v:,}")
        quiet(template.format(n=config.n_train, t=config.sequence_length, v=config.vocab_size))
    device, time = describe_device(resolve_device(config.device)), duration(estimate(config))
    quiet(_("About {time} on {device}").format(time=time, device=device))


def _settled(config: TrainConfig) -> TrainConfig | None:
    """The settings with what their corpus decides; None, after saying why, where it is missing.

    Raises:
        ConfigError, DataError: they fit no corpus or no device.
    """
    try:
        resolve_device(config.device)
        if config.task not in CORPUS_TASKS:
            return config
        with st.spinner(_("Reading the corpus")):
            return resolve_config(config)
    except CorpusMissing as error:
        st.info(plain(sentence(error)), icon=":material/download:")
        token_reader.door(config.task)
        return None


def _difference_html(change: Difference) -> str:
    info = field_info(change.name)
    values = f"<s>{escape(shown(change.base))}</s><b>{escape(shown(change.now))}</b>"
    if info["paper"] is not None:
        paper = _("paper: {v}").format(v=shown(info["paper"]))
        values += f"<em>{escape(paper)}</em>"
    return f"<li><span>{escape(_(info['title']))}</span>{values}</li>"


def _start(preset: str, config: TrainConfig | None) -> None:
    busy = session.lab().manager.state().active is not None
    label = _("Add to the queue") if busy else _("Start training")
    off = config is None
    pressed = button(label, "play_arrow", "start", type="primary", width="stretch", disabled=off)
    if busy:
        quiet(_("One run trains at a time; this one joins the queue."))
    if pressed and config is not None:
        with show_errors():
            run_id = session.lab().manager.start(config, preset=preset)
            url_state.put(run=run_id, step=None)
            st.session_state["arrival"] = run_id
            if busy:
                st.toast(_("The run is in the queue."), icon=":material/schedule:")
            st.rerun()
