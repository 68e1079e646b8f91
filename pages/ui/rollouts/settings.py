"""What the roll-out explorer looks at, and how: every choice stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.i18n import plain
from pages.ui.common.model_picker import PickedModel
from seqgan_core.figures.rollouts.q_values import Scale
from seqgan_core.insight.rollouts.explore import MOST
from seqgan_core.insight.rollouts.view import View
from seqgan_core.messages import _
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import REWARDS, STRATEGIES, reward_names

FIRST_SEED = 1  # of the command line too
LAST_SEED = 10**9
USUAL_N = 16  # the paper's

_SEQUENCES = {"followed": _("the eight followed"), "fresh": _("eight fresh ones")}
_REWARDS = {
    "discriminator": _("discriminator"), "bleu": _("BLEU"), "constant": _("constant 1"),
}  # fmt: skip
_COLOURS: dict[Scale, str] = {"row": _("each row"), "batch": _("all rows"), "unit": _("0 to 1")}


@dataclass(frozen=True)
class Settings:
    """The view, the N that is used of its roll-outs, and what colours and arrows say.

    `arrows`: whether each token shows where one update takes it.
    """

    view: View
    n: int
    scale: Scale
    arrows: bool


def settings(picked: PickedModel) -> Settings:
    """Draw the choices, and write them into the address."""
    rewards = reward_names(picked.record.config)
    with st.container(key="explorer-settings"):
        first, second, third, fourth = st.columns([1.3, 1.1, 1.2, 1.2])
        with first:
            sequences = _choice(_("Sequences"), "sequences", _SEQUENCES, "followed")
        with second:
            words = {name: _REWARDS.get(name, name) for name in rewards}
            reward = _choice(_("Reward"), "reward", words, rewards[0])
        with third:
            n = st.slider(
                _("Roll-outs N"), 1, MOST, url_state.number("n", USUAL_N, 1, MOST),
                key="rollouts.n",
                help=_("A larger N keeps the first draws and adds to them; the paper uses 16."),
            )  # fmt: skip
        with fourth:
            scale = _choice(_("Colour goes over"), "scale", _COLOURS, "batch")
    url_state.put(n=n)
    with st.container(horizontal=True, vertical_alignment="center", key="explorer-dice"):
        seed = _seed(sequences)
        arrows = _arrows()
    if not picked.has_discriminator:
        _no_discriminator(picked)
    _rule(reward, picked.record.config)
    view = View(picked.record.id, picked.step, sequences, seed, reward)
    return Settings(view, n, scale, arrows)


def _choice(label: str, name: str, words: dict[Any, str], default: str) -> Any:
    """One of a few, side by side; its name and value stand in the address."""
    chosen = st.segmented_control(
        label,
        list(words),
        default=url_state.one_of(name, list(words), default),
        required=True,
        format_func=lambda option: words[option],
        key=f"rollouts.{name}.{'.'.join(words)}",  # one of other options is another widget
    )
    # The usual reward is each run's own: it is not carried over to a run that was trained by none.
    url_state.put(**{name: None if name == "reward" and chosen == default else chosen})
    return chosen


def _seed(sequences: str) -> int:
    """The seed of the dice, in the address, and the two buttons that change it."""
    seed = url_state.number("seed", FIRST_SEED, 0, LAST_SEED)
    url_state.put(seed=seed)
    st.button(
        _("Resample"), icon=":material/casino:", on_click=url_state.put,
        kwargs={"seed": seed + 1}, help=_("Roll on with new dice"),
    )  # fmt: skip
    st.button(
        _("Same dice"), icon=":material/replay:", on_click=url_state.put,
        kwargs={"seed": FIRST_SEED}, disabled=seed == FIRST_SEED,
        help=_("Back to dice {seed}").format(seed=FIRST_SEED),
    )  # fmt: skip
    words = (
        _(
            "Dice {seed}, the command line's own: whatever you change, the same numbers roll, "
            "so what differs comes from the weights."
        )
        if seed == FIRST_SEED
        else _("Dice {seed}: what moved against dice {first} is chance, and N tames it.")
    )
    if sequences == "fresh":
        words += " " + _("They draw the fresh sequences too.")
    html.quiet(words.format(seed=seed, first=FIRST_SEED))
    return seed


def _arrows() -> bool:
    on = st.toggle(
        _("Arrows of one update"),
        value=url_state.text("update") == "yes",
        key="rollouts.arrows",
        help=_("Marks each token whose probability one real update raises or lowers"),
    )
    url_state.put(update="yes" if on else None)
    return on


def _no_discriminator(picked: PickedModel) -> None:
    words = {
        "bleu": _("{name} was trained by BLEU in place of a discriminator."),
        "constant": _("{name} was trained without a discriminator: every sentence earned 1."),
    }
    own = STRATEGIES[picked.record.config.strategy].reward
    by = next((name for name in words if REWARDS[name] is own), "")
    none = _("{name} was trained without a discriminator, and by no reward.")
    other = _("{name} was trained without a discriminator.")
    text = (
        words.get(by, other if own else none)
        + " "
        + _("Choose a run trained by SeqGAN above to see what a discriminator pays for.")
    )
    st.info(text.format(name=plain(picked.record.name)), icon=":material/info:")


def _rule(reward: str, config: TrainConfig) -> None:
    """What a reward that is no model pays for."""
    if reward == "constant":
        html.quiet(
            _("A constant reward scores every sentence 1, so every Q is 1: nothing is told apart.")
        )
    if reward == "bleu":
        text = _(
            "BLEU-{order} scores a sentence by the share of its phrases, of up to {order} tokens, "
            "that the {n:,} training sequences hold: 1 where they hold all. It knows no rare and "
            "no common, so one safe sentence again and again earns as much as many."
        )
        html.quiet(text.format(order=config.bleu_order, n=config.n_train))
