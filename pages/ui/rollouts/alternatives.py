"""What else could stand in the chosen token's place, and what one real update does."""

from __future__ import annotations

import math

import streamlit as st

from pages.ui.common import html
from pages.ui.common.plotly_chart import charts
from pages.ui.common.token_rows import Place
from seqgan_core.figures.rollouts import alternatives as figures
from seqgan_core.figures.rollouts.alternatives import percent, points, rank
from seqgan_core.figures.rollouts.q_values import signed, value_words
from seqgan_core.insight.rollouts.explore import PolicyUpdate
from seqgan_core.insight.rollouts.view import Options
from seqgan_core.messages import _
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import STRATEGIES

_WEIGHTS = {
    "none": _("Q as it is"),
    "centre": _("Q less the batch's mean at its position"),
    "standardise": _("Q less the batch's mean at its position, by its standard deviation"),
    "advantage": _("Q less the Q of the token before"),
}


def alternatives(options: Options, vocabulary: Vocabulary, last: bool) -> None:
    """Draw the likeliest other tokens with their Q, and both models' probabilities.

    `last`: each finishes the sequence, so its one score has no error.
    """
    choices = options.choices
    names = [vocabulary.name(choice.token) for choice in choices]
    charts(
        [
            [
                figures.alternatives(
                    names,
                    [choice.q for choice in choices],
                    [choice.std_error for choice in choices],
                    [choice.gap_error for choice in choices],
                ),
                figures.conditional(
                    [vocabulary.name(token) for token in range(vocabulary.size)],
                    choices[0].token,
                    options.by_g,
                    options.by_oracle,
                ),
            ]
        ],
        "rollouts.instead",
        even=True,
    )
    with st.expander(_("The numbers as a table")):
        _table(options, names, last)


def _table(options: Options, names: list[str], last: bool) -> None:
    by_oracle = options.by_oracle
    head = [_("token"), _("Q"), _("less the chosen one's Q"), _("by G"), _("rank by G")]
    if by_oracle is not None:
        head += [_("by the oracle"), _("rank by the oracle")]
    rows = []
    for name, choice in zip(names, options.choices, strict=True):
        gap = choice.q - options.choices[0].q
        cells = [
            _("{token} (chosen)").format(token=name) if choice.chosen else name,
            value_words(choice.q, math.nan if last else choice.std_error),
            "–" if choice.chosen else _signed(gap, math.nan if last else choice.gap_error),
            percent(choice.probability),
            str(rank(options.by_g, choice.token)),
        ]
        if by_oracle is not None:
            cells += [percent(by_oracle[choice.token]), str(rank(by_oracle, choice.token))]
        rows.append(cells)
    html.table(head, rows, _("The chosen token and the likeliest others in its place"))


def _signed(gap: float, error: float) -> str:
    return ("−" if gap < 0 else "+") + value_words(abs(gap), error)


def one_update(
    update: PolicyUpdate, names: list[list[str]], chosen: Place, config: TrainConfig, reward: str
) -> None:
    """Draw what a real update on the sequences did to their tokens."""
    before, after = float(update.before[chosen]), float(update.after[chosen])
    how = "none" if reward == "constant" else config.q_normalisation
    row, _t = chosen
    left, right = st.columns([1, 1.7], gap="large")
    words = _(
        "One policy-gradient update of a copy of G on these {b} sequences, with the run's own "
        "optimiser state at this checkpoint and learning rate {rate:g}. The run itself stays as it "
        "is."
    ).format(b=len(names), rate=config.g_learning_rate)
    if STRATEGIES[config.strategy].reward is None:
        words += " " + _("This run takes no such updates, so its optimiser starts here.")
    with left:
        html.quiet(words)
        html.facts(
            [
                (_("probability before"), percent(before), ""),
                (_("after"), percent(after), f"{points(before, after)}, × {after / before:.3f}"),
                (_("its weight"), signed(update.weights[chosen], 3), _WEIGHTS[how]),
                (_("length of the gradient"), f"{update.grad_norm:.3f}",
                 _("cut at {norm:g}").format(norm=config.max_grad_norm)),
            ]
        )  # fmt: skip
    with right:
        charts(
            [[figures.update_scatter(update.weights, update.before, update.after, *chosen)]],
            "rollouts.update",
        )
    with st.expander(_("The numbers as a table")):
        html.table(
            [_("position"), _("token"), _("weight"), _("before"), _("after"), _("relative change")],
            [
                [
                    str(t + 1),
                    token,
                    signed(update.weights[row, t], 5),
                    percent(update.before[row, t]),
                    percent(update.after[row, t]),
                    signed(100 * (update.after[row, t] / update.before[row, t] - 1), 3) + " %",
                ]
                for t, token in enumerate(names[row])
            ],
            _("What one update does to the tokens of sequence {b}").format(b=row + 1),
        )
