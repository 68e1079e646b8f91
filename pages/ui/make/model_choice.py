"""Who can write for a screen: models that ship first, then runs; chosen in the address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from pages.ui.common import session, url_state
from pages.ui.common.i18n import plain
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.writing.sampler import sampler_titles
from seqgan_core.messages import _
from seqgan_core.runs.store import StoreError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.model_files import load_shipped, read_cards
from seqgan_core.training.strategies import STRATEGIES

FAVOURITE = "seqgan"  # what is shown first, if a model that ships was made by it


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
    """All who can write for this screen, by key; says which models cannot be read."""
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
    return next(
        (key for key, model in models.items() if model.config.strategy == FAVOURITE),
        next(iter(models)),
    )


def choose(
    kind: Kind, models: dict[str, ModelOption], name: str, label: str, *, none_label: str = ""
) -> str:
    """Draw a choice of a model, kept in the address as `name`; "" for none, if allowed.

    Args:
        kind: of screen.
        models: who can write.
        name: in the address.
        label: over the choice.
        none_label: label of the choice of no model; "" where a model must be chosen.
    """
    linked = url_state.text(name)
    if linked and linked not in models:
        twice = bool(none_label) and linked == url_state.text("who")  # beside itself: nobody
        older = None if twice else from_key(kind, linked)
        if older is None:
            if not twice:
                st.session_state[f"make.{kind.task}.lost"] = linked
            url_state.put(**{name: None})
        else:
            models[linked] = older
    default = "" if none_label else first(models)
    current = linked if linked in models else default
    options = ([""] if none_label else []) + list(models)
    key = f"make.{kind.task}.{name}"
    pending = st.session_state.pop(f"{key}.wished", None)
    index = 0  # as if nothing were set here, which Streamlit does not want beside a set value
    if pending in options:
        st.session_state[key] = pending
    elif st.session_state.get(key, current) in options:
        # Also what the browser falls back to, if a drawing that was cut short never reached it.
        index = options.index(st.session_state.get(key, current))
    else:  # a run's newest checkpoint has moved on
        st.session_state[key] = current
    chosen: str = st.selectbox(
        label,
        options,
        index,
        format_func=lambda option: label_of(option, models) if option else none_label,
        key=key,
        on_change=lambda: st.session_state.pop(f"make.{kind.task}.lost", None),
    )
    url_state.put(**{name: chosen or None})
    return chosen


def use(kind: Kind, key: str) -> None:
    """Let this one write from the next drawing of the whole page on.

    The choice itself must not be set here: what the browser holds would win over it.
    """
    url_state.put(who=key)
    st.session_state[f"make.{kind.task}.who.wished"] = key


def label_of(key: str, models: dict[str, ModelOption]) -> str:
    """A model's title; where two share it, with the end of the run's id and the step."""
    title = models[key].title
    if "@" not in key or [model.title for model in models.values()].count(title) < 2:
        return title
    run, _at, step = key.partition("@")
    return f"{title} · {run[-6:]} · {_('step')} {step}"


def from_key(kind: Kind, key: str) -> ModelOption | None:
    """The model of a key from a link, such as an older checkpoint."""
    store = session.lab().store
    run, at, step = key.partition("@")
    try:
        record = store.run(run) if at and step.isdecimal() else None
        if record is None or not kind.has(record.config):
            return None
        if int(step) not in {point.step for point in store.checkpoints(record.id)}:
            return None
    except (StoreError, ValueError):
        return None
    return ModelOption(key, record.name, record.config)


def missing(kind: Kind) -> str:
    """The key from a link whose model is not here; shown until another model is chosen."""
    return str(st.session_state.get(f"make.{kind.task}.lost", ""))


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
