"""The models of a screen: those that ship first, then runs; the choice is in the address."""

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from pages.ui.common import session, url_state
from pages.ui.common.i18n import plain
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.models import steps_of
from seqgan_core.insight.writing.sampler import sampler_titles
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _
from seqgan_core.runs.store import StoreError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.model_files import load_shipped, read_cards
from seqgan_core.training.strategies import STRATEGIES

FAVOURITE = "seqgan"  # the strategy of the default model


@dataclass(frozen=True)
class ModelOption:
    """A model that can be chosen: its key, its title, and its settings."""

    key: str
    title: str
    config: TrainConfig

    @property
    def verse(self) -> bool:
        """Whether it writes lines of equal length."""
        return self.config.task == "poems"

    @property
    def has_discriminator(self) -> bool:
        return STRATEGIES[self.config.strategy].trains_discriminator


def available(kind: Kind) -> dict[str, ModelOption]:
    """The models of this screen by key; draws which model files cannot be read."""
    models = {}
    for problem in read_cards()[1]:
        st.warning(plain(problem), icon=":material/warning:")
    store = session.lab().store
    for task in CORPUS_TASKS:
        for key, title in sampler_titles(store, task).items():
            config = _config(key)
            if config is not None and kind.has(config):
                models[key] = ModelOption(key, title, config)
    return models


def first(models: dict[str, ModelOption]) -> str:
    """The key of the default model."""
    favourites = (key for key, model in models.items() if model.config.strategy == FAVOURITE)
    return next(favourites, next(iter(models)))


def choose(
    kind: Kind, models: dict[str, ModelOption], name: str, label: str, *, none_label: str = ""
) -> str:
    """Draw a choice of a model, kept in the address as `name`; "" for none, if allowed.

    Args:
        kind: of screen.
        models: to choose from, by key.
        name: in the address.
        label: over the choice.
        none_label: label of the choice of no model; "" where a model must be chosen.
    """
    linked = url_state.text(name)
    if linked and linked not in models:
        # a model is not compared with itself
        twice = bool(none_label) and linked == url_state.text("who")
        older = None if twice else from_key(kind, linked)
        if older is None:
            if not twice:
                st.session_state[f"{kind.task}-lost"] = linked
            url_state.put(**{name: None})
        else:
            models[linked] = older
    default = "" if none_label else first(models)
    current = linked if linked in models else default
    options = ([""] if none_label else []) + list(models)
    key = f"{kind.task}-{name}"
    pending = st.session_state.pop(f"{key}-pending", None)
    index = 0  # Streamlit wants no other default where the state is set
    if pending in options:
        st.session_state[key] = pending
    elif st.session_state.get(key, current) in options:
        # The browser falls back to this if an interrupted run never reached it.
        index = options.index(st.session_state.get(key, current))
    else:  # a run's newest checkpoint has moved on
        st.session_state[key] = current
    chosen: str = st.selectbox(
        label, options, index, key=key,
        format_func=lambda key: visible_text(label_of(key, models) if key else none_label),
        on_change=lambda: st.session_state.pop(f"{kind.task}-lost", None),
    )  # fmt: skip
    url_state.put(**{name: chosen or None})
    return chosen


def use(kind: Kind, key: str) -> None:
    """Choose this model and show its samples: for a button's callback.

    The widget must not be set here: what the browser holds would win over it.
    """
    st.session_state[f"{kind.task}-who-pending"] = key
    open_tab(kind.task, "samples", who=key)


def open_tab(task: str, slug: str, **address: str) -> None:
    """Open a tab of a screen, with these values in the address: for a button's callback."""
    st.session_state.pop(f"{task}-tabs", None)
    url_state.put(tab=slug, **address)


def label_of(key: str, models: dict[str, ModelOption]) -> str:
    """A model's title; where two share it, with the end of the run's id and the epoch."""
    title = models[key].title
    if "@" not in key or [model.title for model in models.values()].count(title) < 2:
        return title
    run, _at, step = key.partition("@")
    epoch = steps_of(session.lab().store, run).get(int(step), 0.0)
    return _("{title} · {run} · epoch {epoch:g}").format(title=title, run=run[-6:], epoch=epoch)


def from_key(kind: Kind, key: str) -> ModelOption | None:
    """The model of a key from a link, such as an older checkpoint."""
    store = session.lab().store
    run, at, step = key.partition("@")
    try:
        record = store.run(run) if at and step.isdecimal() else None
        if record is None or not kind.has(record.config):
            return None
        known = int(step) in {point.step for point in store.checkpoints(record.id)}
    except (StoreError, ValueError):
        return None
    return ModelOption(key, record.name, record.config) if known else None


def missing(kind: Kind) -> str:
    """The key from a link whose model is not here; shown until another model is chosen."""
    return str(st.session_state.get(f"{kind.task}-lost", ""))


def _config(key: str) -> TrainConfig | None:
    """A model's settings; None for a model with settings of a newer program."""
    if "@" in key:
        return session.lab().store.run(key.partition("@")[0]).config
    try:
        return _shipped_config(key)
    except ConfigError:
        return None


@lru_cache(maxsize=32)
def _shipped_config(name: str) -> TrainConfig:
    return make_config(**load_shipped(name).card.config)


def has_critic(model: ModelOption, models: dict[str, ModelOption]) -> bool:
    """Whether the model, or one that ships, has a D that can score its tunes."""
    config, options = model.config, [model, *(m for m in models.values() if "@" not in m.key)]
    data = (config.music_form, config.transpose)
    return any(
        option.has_discriminator
        and (option.config.music_form, option.config.transpose) == data
        and max(option.config.d_widths) <= config.sequence_length
        for option in options
    )


def shared_critic(pair: tuple[ModelOption, ...]) -> str:
    """Whose D scores two models, since one scale needs one D; "" for each model's own."""
    if len(pair) < 2:
        return ""
    return next((model.key for model in pair if model.has_discriminator), "")
