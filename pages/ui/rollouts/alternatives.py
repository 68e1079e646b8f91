"""Other tokens at the chosen position, and what one real update does."""

import streamlit as st

from pages.ui.common import html
from pages.ui.common.background_job import of_models
from pages.ui.common.plotly_chart import charts, charts_and_tables, tables
from pages.ui.rollouts.settings import Place, Settings
from seqgan_core.figures.rollouts import figures
from seqgan_core.figures.rollouts.findings import percent, points
from seqgan_core.figures.style import signed
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.rollouts.view import options_view
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import N_, _, remark
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import STRATEGIES

_WEIGHTS = {
    "none": N_("Q unchanged"),
    "centre": N_("Q minus the batch mean at its position"),
    "standardise": N_("Q minus the batch mean at its position, divided by its standard deviation"),
    "advantage": N_("Q minus the Q of the previous token"),
    "value": N_("Q minus the value network's value of the prefix"),
}


def alternatives(chosen: Settings, explored: Exploration, place: Place, read: Reader) -> None:
    """Draw the likeliest other tokens with their Q, and both models' probabilities."""
    row, t = place
    tokens, what = tuple(explored.tokens[row].tolist()), _("Rolling out other tokens")
    options = of_models(what, options_view, chosen.view, tokens, t, chosen.n)
    if options is None:
        return
    names = read.names([choice.token for choice in options.choices])
    drawn = [
        figures.alternatives(names, options.choices),
        figures.conditional(read.names(range(read.vocabulary.size)), options),
    ]
    charts_and_tables([drawn], "rollouts-tokens")


def one_update(
    update: PolicyUpdate, names: list[str], chosen: Place, config: TrainConfig, reward: str
) -> None:
    """Draw what a real update did to the tokens; `names` are those of the chosen sequence."""
    before, after = float(update.before[chosen]), float(update.after[chosen])
    how = "none" if reward == "constant" else config.q_normalisation
    row, t = chosen
    fresh = STRATEGIES[config.strategy].reward is None
    about = "rollouts.update-fresh" if fresh else "rollouts.update"
    left, right = st.columns([1, 1.7], gap="large")
    with left:
        html.quiet(remark(about, b=len(update.weights), rate=config.g_learning_rate))
        html.facts(
            (_("P({token}) before").format(token=names[t]), percent(before), ""),
            (_("after"), percent(after), f"{points(before, after)}, × {after / before:.3f}"),
            (_("weight"), signed(update.weights[chosen], 3), _(_WEIGHTS[how])),
            (_("gradient norm"), f"{update.grad_norm:.3f}",
             _("clipped at {norm:g}").format(norm=config.max_grad_norm)),
        )  # fmt: skip
    drawn = figures.update_scatter(update, row, t)
    with right:
        charts([[drawn]], "rollouts-update")
    tables([drawn], "rollouts-update")
