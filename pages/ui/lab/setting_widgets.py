"""One widget for one setting, made from what the config says of it."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal

import streamlit as st

from seqgan_core.figures.settings import shown
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import CorpusChoice, corpus_choices
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, field_info
from seqgan_core.training.setup.model_files import load_shipped, shipped_names
from seqgan_core.training.strategies import STRATEGIES

GROUPS = {
    "run": _("Run"),
    "data": _("Data"),
    "generator": _("Generator"),
    "mle": _("MLE"),
    "discriminator": _("Discriminator"),
    "adversarial": _("Rounds"),
    "measure": _("Measuring"),
}


def names_in(group: str) -> list[str]:
    """The settings of a group, in the config's order."""
    return [name for name in TrainConfig.model_fields if field_info(name)["group"] == group]


def label(name: str) -> str:
    """A setting's title with its symbol."""
    info = field_info(name)
    symbol = info["symbol"]
    return _(info["title"]) + (f"  *{symbol}*" if symbol and symbol != info["title"] else "")


def help_text(name: str) -> str:
    """What the setting means, its bounds, and the paper's value."""
    info = field_info(name)
    paragraphs = [_(info["help"])]
    low, high = info.get("ge", info.get("gt")), info.get("le", info.get("lt"))
    if low is not None and high is not None:
        template = _("more than {low}, at most {high}") if "gt" in info else _("{low} to {high}")
        paragraphs.append(
            _("Allowed: {range}.").format(range=template.format(low=shown(low), high=shown(high)))
        )
    if info["paper"] is not None:
        paragraphs.append(_("The paper: {value}.").format(value=shown(info["paper"])))
    paragraphs.append(f"`{name}`")
    return "\n\n".join(paragraphs)


def widget(name: str, value: Any, key: str, task: str = "synthetic") -> Any:
    """Draw the setting's widget and return its value now.

    What a text and a model to start from can be depends on the `task`.
    """
    info = field_info(name)
    marked = label(name)
    if info["paper"] is not None:
        same = value == info["paper"]
        marked += "  :green-badge[✓ {0}]" if same else "  :gray-badge[{0}]"
        marked = marked.format(
            _("paper") if same else _("paper {v}").format(v=shown(info["paper"]))
        )
    plain, optional = _type_of(name)
    shared = {"key": key, "help": help_text(name)}
    choices = _choices(name, plain, task)
    if choices is not None:
        return _choice(marked, name, value, choices, task, shared)
    if plain is bool:
        return st.toggle(marked, value=bool(value), **shared)
    if plain is tuple:
        return _numbers(st.text_input(marked, value=shown(value), **shared), value)
    if plain is str:
        return st.text_input(marked, value=value or "", **shared).strip() or None
    return _number(marked, value, plain, info, optional, shared)


def _choice(
    marked: str, name: str, value: Any, choices: dict[str, str], task: str, shared: dict[str, Any]
) -> Any:
    """One of the choices; "" among them stands for None, which a select box takes for no choice."""
    options = list(choices)
    if not options:
        st.selectbox(marked, [], placeholder=_("none here"), **shared)
        return value
    current = value or ""
    if current not in choices:  # of another task, or gone from this machine
        current = first_available(task) if name == "corpus" else ""
        current = current if current in choices else options[0]
    chosen = st.selectbox(
        marked, options, index=options.index(current), format_func=choices.__getitem__, **shared
    )
    return chosen or None


def _number(
    marked: str,
    value: Any,
    plain: type,
    info: dict[str, Any],
    optional: bool,
    shared: dict[str, Any],
) -> Any:
    low, high = info.get("ge", info.get("gt")), info.get("le", info.get("lt"))
    if plain is float:
        shared |= {"format": "%g", "step": (info["default"] or 1.0) / 10}
    low, high = (None if bound is None else plain(bound) for bound in (low, high))
    return st.number_input(
        marked,
        min_value=low,
        max_value=high,
        value=None if value is None else plain(value),
        placeholder=_("none") if optional else None,
        **shared,
    )


def _numbers(text: str, value: Any) -> Any:
    """`"1, 2"` as `(1, 2)`; what cannot be read is passed on, for the config to refuse."""
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
        return {choice.name: _corpus_label(choice) for choice in corpus_choices(task)}
    if name == "start_from":
        return {"": _("nothing: random weights")} | _models(task)
    if plain is Literal:
        return {
            value: value for value in typing.get_args(TrainConfig.model_fields[name].annotation)
        }
    return None


def first_available(task: str) -> str | None:
    """The first text of a task that can be read now; None where each must be fetched."""
    return next((choice.name for choice in corpus_choices(task) if choice.available), None)


def _corpus_label(choice: CorpusChoice) -> str:
    if choice.uploaded:
        return _("{title} (your own)").format(title=choice.title)
    if choice.available:
        return _(choice.title)
    return _("{title} (to be fetched, {size})").format(title=_(choice.title), size=choice.size)


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
