"""What the roll-out explorer shows, and how: every choice stands in the address."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.common import choice, html
from pages.ui.common.buttons import button
from pages.ui.common.i18n import plain
from pages.ui.common.run.model_picker import PickedModel
from pages.ui.rollouts.rewards import words_of
from seqgan_core.figures.rollouts.figures import Scale
from seqgan_core.insight.rollouts.explore import MOST
from seqgan_core.insight.rollouts.view import View
from seqgan_core.messages import _, remark
from seqgan_core.training.strategies import REWARDS, STRATEGIES, reward_names

FIRST_SEED = 1  # of the command line too
LAST_SEED = 10**9
USUAL_N = 16  # the paper's


Place = tuple[int, int]  # row and index of a token


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
    """Draw the choices."""
    config = picked.record.config
    rewards = {name: _(words_of(name).name) for name in reward_names(config)}
    scales: dict[Scale, str]
    scales = {"batch": _("all rows"), "row": _("each row"), "unit": _("0 to 1")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="rollouts-settings"):
        sequences = choice.one_of(
            "sequences", _("Sequences"),
            {"followed": _("the eight tracked"), "fresh": _("eight fresh samples")},
            key="rollouts-sequences",
        )  # fmt: skip
        reward = choice.one_of(
            "reward", _("Reward"), rewards,
            key=f"rollouts-reward-{'-'.join(rewards)}",  # with other options it is another widget
        )  # fmt: skip
        scale = choice.one_of("scale", _("Colour range"), scales, key="rollouts-scale")
        n = choice.number(
            "n", _("Roll-outs N"), 1, MOST, USUAL_N, key="rollouts-n", slider=True, width=260,
            help=_("A larger N keeps the first roll-outs and adds to them. The paper uses 16."),
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="rollouts-draws"):
        seed = _seed()
        label, about = _("Show one update as arrows"), remark("rollouts.arrows")
        arrows = choice.toggle("update", label, key="rollouts-arrows", help=about)
    seeds = "rollouts.seed" if seed == FIRST_SEED else "rollouts.other-seed"
    html.quiet(remark(seeds, seed=seed, first=FIRST_SEED))
    if not picked.has_discriminator:
        own = STRATEGIES[config.strategy].reward
        by = next((name for name, reward in REWARDS.items() if reward is own), "")
        about = words_of(by).trained_by if own else "rollouts.trained-without"
        st.info(remark(about, name=plain(picked.record.name)), icon=":material/info:")
    if rule := words_of(reward).rule:
        html.quiet(remark(rule, order=config.bleu_order, n=config.n_train))
    view = View(picked.record.id, picked.step, sequences, seed, reward)
    return Settings(view, n, scale, arrows)


def _seed() -> int:
    """The seed, and the two buttons that change it."""
    key = "rollouts-seed"
    seed = choice.number("seed", _("Seed"), 0, LAST_SEED, FIRST_SEED, key=key, width=130)
    back = _("Back to seed {seed}").format(seed=FIRST_SEED)
    for label, icon, value, off, about in (
        (_("Resample"), "casino", seed + 1, seed == LAST_SEED, _("Draw new roll-outs")),
        (_("Reset seed"), "replay", FIRST_SEED, seed == FIRST_SEED, back),
    ):
        button(label, icon, f"rollouts-{icon}", choice.change, "seed", key, value,
               disabled=off, help=about)  # fmt: skip
    return seed
