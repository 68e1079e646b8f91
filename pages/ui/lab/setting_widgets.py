"""One widget for one setting, made from its field in the config."""

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from seqgan_core.figures.settings import shown
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import N_, _
from seqgan_core.tasks.corpora.registry import sources
from seqgan_core.tasks.corpora.source import Source
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, field_info
from seqgan_core.training.setup.model_files import load_shipped, shipped_names
from seqgan_core.training.strategies import STRATEGIES

GROUPS = {
    "run": N_("Run"),
    "data": N_("Data"),
    "generator": N_("Generator"),
    "mle": N_("MLE"),
    "discriminator": N_("Discriminator"),
    "adversarial": N_("Adversarial"),
    "ahead": N_("Thinking ahead"),
    "measure": N_("Evaluation"),
}


def names_in(group: str) -> list[str]:
    """The settings of a group, in the config's order."""
    return [name for name in TrainConfig.model_fields if field_info(name)["group"] == group]


def label(name: str) -> str:
    """A setting's title with its symbol."""
    info = field_info(name)
    symbol = info["symbol"]
    return _(info["title"]) + (f" ({symbol})" if symbol and symbol != info["title"] else "")


def help_text(name: str) -> str:
    """What the setting means, its bounds, and the paper's value."""
    info = field_info(name)
    paragraphs = [info["help"]]
    low, high = _bounds(info)
    if low is not None and high is not None:
        allowed = _("Allowed: {low} to {high}.")
        if "gt" in info:
            allowed = _("Allowed: more than {low}, at most {high}.")
        paragraphs.append(allowed.format(low=shown(low), high=shown(high)))
    if info["paper"] is not None:
        value = f"`{info['paper']}`" if isinstance(info["paper"], str) else shown(info["paper"])
        paragraphs.append(_("The paper: {value}.").format(value=value))
    paragraphs.append(f"`{name}`")
    return "\n\n".join(paragraphs)


def widget(name: str, value: Any, key: str, task: str = "synthetic") -> Any:
    """Draw the setting's widget and return its value now.

    The corpora and models to choose from depend on the `task`.
    """
    info = field_info(name)
    plain, optional = _type_of(name)
    title = label(name)
    shared = {"key": key, "help": help_text(name)}
    choices = _choices(name, plain, task)
    if choices is not None:
        return _choice(title, name, value, choices, task, shared)
    if plain is bool:
        return st.toggle(title, value=bool(value), **shared)
    if plain is tuple:
        return _numbers(st.text_input(title, value=shown(value), **shared), value)
    if plain is str:
        return st.text_input(title, value=visible_text(value or ""), **shared).strip() or None
    return _number(title, value, plain, info, optional, shared)


def paper_marks(values: Mapping[str, Any]) -> None:
    """Mark widgets whose setting has a value in the paper: equal, or what the paper's is.

    Marks are style, so that the name of an input is its label alone.

    Args:
        values: of the settings, by the key of their widget; the setting is its second part.
    """
    rules = []
    for key, value in values.items():
        paper = field_info(key.split(".")[1])["paper"]
        if paper is None:
            continue
        text = _("✓ paper") if value == paper else _("paper: {v}").format(v=shown(paper))
        place = f".st-key-{key.replace('.', '-')} [data-testid=stWidgetLabel] p::after"
        colour = "real" if value == paper else "quiet"
        rules.append(f'{place} {{ content: "{text}" / ""; color: var(--{colour}) }}')
    with st.container(key="paper-marks"):  # hidden; a bare style goes when another part is redrawn
        st.html(f"<style>{' '.join(rules)}</style><span></span>")


def _choice(
    title: str, name: str, value: Any, choices: dict[str, str], task: str, shared: dict[str, Any]
) -> Any:
    """One of the choices; "" stands for None, which a select box takes for no choice."""
    options = list(choices)
    if not options:
        st.selectbox(title, [], placeholder=_("none available"), **shared)
        return value
    current = value or ""
    if current not in choices:  # of another task, or removed
        current = first_available(task) if name == "corpus" else ""
        current = current if current in choices else options[0]
    at, words = options.index(current), lambda option: visible_text(choices[option])
    return st.selectbox(title, options, at, format_func=words, **shared) or None


def _number(
    title: str, value: Any, plain: type, info: dict[str, Any], optional: bool, look: dict[str, Any]
) -> Any:
    if plain is float:
        look |= {"format": "%g", "step": (info["default"] or 1.0) / 10}
    low, high, now = (
        None if number is None else plain(number) for number in (*_bounds(info), value)
    )
    placeholder = _("none") if optional else None
    return st.number_input(title, low, high, now, placeholder=placeholder, **look)


def _bounds(info: dict[str, Any]) -> tuple[Any, Any]:
    """The lowest and the highest value of a setting; None for none."""
    return info.get("ge", info.get("gt")), info.get("le", info.get("lt"))


def _numbers(text: str, value: Any) -> Any:
    """`"1, 2"` as `(1, 2)`; other text is returned as it is, for the config to refuse."""
    try:
        return tuple(int(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        return text


def _type_of(name: str) -> tuple[Any, bool]:
    annotation = TrainConfig.model_fields[name].annotation
    if isinstance(annotation, types.UnionType):
        inner = [part for part in typing.get_args(annotation) if part is not type(None)]
        return inner[0], True
    return typing.get_origin(annotation) or annotation, False


def _choices(name: str, plain: Any, task: str) -> dict[str, str] | None:
    if name == "task":
        return {key: _(title) for key, title in TASKS.items()}
    if name == "strategy":
        return {key: _(row.title) for key, row in STRATEGIES.items()}
    if name == "corpus":
        return {source.name: _corpus_label(source) for source in sources(task)}
    if name == "start_from":
        return {"": _("random weights")} | _models(task)
    if plain is Literal:
        values = typing.get_args(TrainConfig.model_fields[name].annotation)
        return dict(zip(values, values, strict=True))
    return None


def first_available(task: str) -> str | None:
    """The first corpus of a task that is on this machine; None if each must be downloaded."""
    return next((source.name for source in sources(task) if source.have()), None)


def _corpus_label(source: Source) -> str:
    if source.uploaded:
        return _("{title} (upload)").format(title=source.label)
    if source.have():
        return source.label
    return _("{title} (download, {size})").format(title=source.label, size=source.size)


def _models(task: str) -> dict[str, str]:
    """The models that ship for a task; a damaged one cannot be chosen."""
    titles: dict[str, str] = {}
    for name in shipped_names():
        try:
            card = load_shipped(name).card
        except ConfigError:
            continue
        if card.task == task:
            titles[name] = card.title
    return titles
