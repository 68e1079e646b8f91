"""Q of all sequences as maps: at this checkpoint, and through training."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.i18n import plain
from pages.ui.common.model_picker import PickedModel, checkpoint_label
from pages.ui.rollouts.settings import Settings
from seqgan_core.figures.rollouts import q_values
from seqgan_core.insight.rollouts.explore import Exploration
from seqgan_core.insight.rollouts.view import QHistory, q_history
from seqgan_core.messages import _
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.training.evaluation import FOLLOWED

_MOVES = {
    "discriminator": _(
        "◀ is the checkpoint chosen above. The same noise and the same dice at each. Two things "
        "move: G, which writes other tokens and other endings, and D, which judges them anew. Q "
        "that rises may mean better sentences or a more lenient D; the training lab tells which."
    ),
    "bleu": _(
        "◀ is the checkpoint chosen above. The same noise and the same dice at each, and BLEU "
        "never changes its mind: what moves is G. Q that rises may mean better sentences, or ever "
        "the same safe ones; the training lab's NLL_test tells which."
    ),
}
AT_ONCE = 3e8  # windows that D's filters read in a few seconds; beyond them a button asks


def maps(
    picked: PickedModel, settings: Settings, explored: Exploration, vocabulary: Vocabulary, row: int
) -> None:
    """Draw Q of every sequence now; through training, that of sequence `row` and the mean."""
    st.subheader(_("Q of all eight, and how it changed through training"), anchor=False)
    left, right = html.columns_for(explored.tokens.shape[1])
    with left:
        _now(explored, vocabulary, settings)
    with right:
        if settings.view.reward == "constant":
            html.quiet(_("A constant reward is the same at every checkpoint: nothing to follow."))
            return
        through = _through(picked, settings) if _is_wanted(picked, settings) else None
        if through is None:
            return
        for sentence in through.unreadable:
            st.warning(plain(sentence))
        if not through.steps:
            html.finding(q_values.single_checkpoint_text([]))
            return
        names = [checkpoint_label(picked.record, picked.steps, step) for step in through.steps]
        heads = [
            f"{name} ◀" if step == picked.step else name
            for name, step in zip(names, through.steps, strict=True)
        ]
        _written(through, names, heads, row, vocabulary)
    with left:
        _average(through, names, heads)
    with right:
        html.quiet(_MOVES.get(settings.view.reward, ""))


def _now(explored: Exploration, vocabulary: Vocabulary, settings: Settings) -> None:
    q = explored.q
    html.finding(q_values.best_and_worst(q))
    _map(
        [
            *(_("sequence {b}").format(b=b + 1) for b in range(len(q))),
            _("mean of {n}").format(n=len(q)),
        ],
        [*_named(explored.tokens, vocabulary), [""] * q.shape[1]],
        np.vstack([q, q.mean(axis=0)]),
        np.vstack([q_values.fills(q, settings.scale), np.zeros((1, q.shape[1]))]),
        _("Q by sequence and position, N = {n}").format(n=explored.n),
    )


def _through(picked: PickedModel, settings: Settings) -> QHistory | None:
    view, models, steps = settings.view, session.lab().models, tuple(picked.steps)
    through: QHistory | None = result(
        ("rollouts through training", replace(view, step=0), steps, settings.n),  # of no one step
        lambda: q_history(models, view, steps, settings.n),
        _("Rolling on at every checkpoint"),
    )
    return through


def _written(
    through: QHistory, names: list[str], heads: list[str], row: int, vocabulary: Vocabulary
) -> None:
    html.finding(q_values.history_text(names, through.tokens, through.q, row))
    _map(
        heads,
        _named(through.tokens[:, row], vocabulary),
        through.q[:, row],
        q_values.fills(through.q[:, row], "batch"),
        _("Sequence {b} by checkpoint and position").format(b=row + 1),
    )


def _average(through: QHistory, names: list[str], heads: list[str]) -> None:
    average = through.q.mean(axis=1)  # (C, T)
    html.finding(q_values.mean_history_text(names, through.q))
    _map(
        heads,
        [[""] * average.shape[1]] * len(average),
        average,
        q_values.fills(average, "batch"),
        _("Mean of the {n} sequences by checkpoint and position").format(n=through.q.shape[1]),
    )


def _named(tokens: np.ndarray, vocabulary: Vocabulary) -> list[list[str]]:
    return [[vocabulary.name(int(token)) for token in row] for row in tokens]


def _is_wanted(picked: PickedModel, settings: Settings) -> bool:
    """Whether to work it out: at once where it is small, else when it was asked for."""
    config = picked.record.config
    sentences = len(picked.steps) * FOLLOWED * config.sequence_length * settings.n
    by_d = settings.view.reward == "discriminator"
    readers = sum(config.d_filters) if by_d else config.sequence_length  # BLEU: pairs of places
    if sentences * config.sequence_length * readers <= AT_ONCE:
        return True
    if url_state.one_of("through", ["yes"], ""):
        return True
    html.quiet(
        _(
            "This rolls on at every checkpoint of a large model, {n} in all: it takes a while, in "
            "the background."
        ).format(n=len(picked.steps))
    )
    st.button(
        _("Work it out"), icon=":material/timeline:", on_click=url_state.put,
        kwargs={"through": "yes"},
    )  # fmt: skip
    return False


def _map(
    heads: list[str], names: list[list[str]], q: np.ndarray, fills: np.ndarray, caption: str
) -> None:
    """A table whose cells are tinted by their fill, 0 to 1."""
    top = "".join(f'<th scope="col">{t + 1}</th>' for t in range(q.shape[1]))
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
