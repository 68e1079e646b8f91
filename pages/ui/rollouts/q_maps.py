"""Q of all sequences as maps: at this checkpoint, and through training."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.background_job import of_models
from pages.ui.common.buttons import button
from pages.ui.common.i18n import escape, plain
from pages.ui.common.run.model_picker import PickedModel, checkpoint_label
from pages.ui.rollouts.rewards import words_of
from pages.ui.rollouts.settings import Settings
from seqgan_core.figures.rollouts import figures, findings
from seqgan_core.insight.rollouts.explore import Exploration
from seqgan_core.insight.rollouts.view import QHistory, q_history
from seqgan_core.messages import _, remark
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.training.evaluation import FOLLOWED

AT_ONCE = 3e8  # windows that D's filters read in a few seconds; beyond them a button asks


def maps(
    picked: PickedModel, settings: Settings, explored: Exploration, vocabulary: Vocabulary, row: int
) -> None:
    """Draw Q of every sequence now; through training, that of sequence `row` and the mean."""
    left, right = html.columns_for(explored.tokens.shape[1])
    with left:
        _now(explored, vocabulary, settings)
    with right:
        if settings.view.reward == "constant":
            html.quiet(_("A constant reward is the same at every checkpoint."))
            return
        through = _through(picked, settings) if _is_wanted(picked, settings) else None
        if through is None:
            return
        for sentence in through.unreadable:
            st.warning(plain(sentence))
        if not through.steps:
            html.finding(findings.single_checkpoint([]))
            return
        names = [checkpoint_label(picked.record, picked.steps, step) for step in through.steps]
        heads = [
            f"{name} ◀" if step == picked.step else name
            for name, step in zip(names, through.steps, strict=True)
        ]
        html.finding(findings.history(names, through.tokens, through.q, row))
        caption = _("Q of sequence {b} by checkpoint and position").format(b=row + 1)
        tokens, q = through.tokens[:, row], through.q[:, row]
        _map(heads, _named(tokens, vocabulary), q, figures.fills(q, "batch"), caption)
    with left:
        average = through.q.mean(axis=1)  # (C, T)
        html.finding(findings.mean_history(names, through.q))
        caption = _("Mean Q of {n} sequences by checkpoint and position")
        caption = caption.format(n=through.q.shape[1])
        unnamed = [[""] * average.shape[1]] * len(average)
        _map(heads, unnamed, average, figures.fills(average, "batch"), caption)
    with right:
        if through_words := words_of(settings.view.reward).through:
            html.quiet(remark(through_words))


def _now(explored: Exploration, vocabulary: Vocabulary, settings: Settings) -> None:
    q = explored.q
    html.finding(findings.best_and_worst(q))
    heads = [_("sequence {b}").format(b=b + 1) for b in range(len(q))]
    _map(
        [*heads, _("mean of {n}").format(n=len(q))],
        [*_named(explored.tokens, vocabulary), [""] * q.shape[1]],
        np.vstack([q, q.mean(axis=0)]),
        np.vstack([figures.fills(q, settings.scale), np.zeros((1, q.shape[1]))]),
        _("Q by sequence and position, N = {n}").format(n=explored.n),
    )


def _through(picked: PickedModel, settings: Settings) -> QHistory | None:
    view, what = replace(settings.view, step=0), _("Rolling out at every checkpoint")  # of no one
    return of_models(what, q_history, view, tuple(picked.steps), settings.n)


def _named(tokens: np.ndarray, vocabulary: Vocabulary) -> list[list[str]]:
    return [[vocabulary.name(int(token)) for token in row] for row in tokens]


def _is_wanted(picked: PickedModel, settings: Settings) -> bool:
    """Whether to compute it: at once where it is small, else on request."""
    config = picked.record.config
    sequences = len(picked.steps) * FOLLOWED * config.sequence_length * settings.n
    by_d = settings.view.reward == "discriminator"
    readers = sum(config.d_filters) if by_d else config.sequence_length  # BLEU: pairs of places
    if sequences * config.sequence_length * readers <= AT_ONCE:
        return True
    if url_state.one_of("through", ["yes"], ""):
        return True
    html.quiet(remark("rollouts.slow", n=len(picked.steps)))
    button(_("Compute"), "timeline", "rollouts-through", partial(url_state.put, through="yes"))
    return False


def _map(
    heads: list[str], names: list[list[str]], q: np.ndarray, fills: np.ndarray, caption: str
) -> None:
    """A table whose cells are tinted by their fill, 0 to 1."""
    top = html.columns(str(t + 1) for t in range(q.shape[1]))
    body = "".join(
        f'<tr><th scope="row">{escape(head)}</th>'
        + "".join(
            f'<td style="--fill:{fill:.2f}"><b>{escape(name)}</b>{value:.3f}</td>'
            for name, value, fill in zip(row, line, tints, strict=True)
        )
        + "</tr>"
        for head, row, line, tints in zip(heads, names, q, fills, strict=True)
    )
    st.html(html.framed("heat", caption, f"<td></td>{top}", body))
