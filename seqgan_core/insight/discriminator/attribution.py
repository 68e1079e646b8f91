"""Attribution: the n-grams of a sequence that won D's max-pooling, and the effect of each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.paper import filter_effects
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.runs.store import StoreError
from seqgan_core.training.evaluation import FOLLOWED, followed_sequences

VARIANTS = 128  # sequences that are scored together, between two yields


@dataclass(frozen=True)
class FilterEffect:
    """A filter that an n-gram excites.

    `number` counts all F filters from 0; `activation` is its c̃; `effect` = D(Y) minus D without
    this filter alone, and `effect_logit` the same before the softmax.
    """

    number: int
    activation: float
    effect: float
    effect_logit: float


@dataclass(frozen=True)
class Bracket:
    """An n-gram that won at least one filter's max-pooling, with all the filters that it won.

    `without` is D of the sequence with these filters switched off together, `effect` = D(Y) minus
    that (above 0: the n-gram pushes D towards real), `effect_logit` the same before the softmax.
    """

    start: int
    width: int
    tokens: tuple[int, ...]
    filters: tuple[FilterEffect, ...]
    without: float
    effect: float
    effect_logit: float


@dataclass(frozen=True)
class Attribution:
    """One sequence as D scores it."""

    tokens: tuple[int, ...]  # (T,)
    score: float  # D(Y), the probability of being real; `logit` = log(D / (1 - D))
    logit: float
    nothing: float  # D's score if no filter were active
    n_filters: int  # F; `n_silent` of them are 0 in this sequence
    n_silent: int
    brackets: tuple[Bracket, ...]  # the strongest effect first


def discriminator_of(models: Models, run_id: str, step: int) -> Discriminator:
    """The run's D at a checkpoint.

    Raises:
        StoreError: it has none, or the checkpoint cannot be opened.
    """
    D = models.at(run_id, step).discriminator
    if D is None:
        raise StoreError("run.no-discriminator", run=run_id)
    return D


def attribution_at(
    models: Models, run_id: str, step: int, tokens: Sequence[int]
) -> Job[Attribution]:
    """`attribute` for a stored model."""
    yield 0.0
    return (yield from attribute(discriminator_of(models, run_id, step), tokens))


def attribute(D: Discriminator, tokens: Sequence[int]) -> Job[Attribution]:
    """Every winning n-gram of `tokens` (T,), measured by switching off and scoring again."""
    row = torch.as_tensor(tokens, dtype=torch.long, device=D.embedding.device)[None]
    values, starts = (part[0] for part in filter_effects.winners(D, row))
    score, logit = (float(part) for part in filter_effects.verdict(D, values[None]))
    fired = (starts != filter_effects.NOWHERE).nonzero()[:, 0]
    yield 0.1

    alone: list[tuple[float, float]] = []
    for part in filter_effects.without_each(D, values, fired):
        alone += zip(part.probability.tolist(), part.logit.tolist(), strict=True)
        yield 0.1 + 0.4 * len(alone) / max(1, len(fired))

    won: dict[tuple[int, int], list[FilterEffect]] = defaultdict(list)
    widths = filter_effects.filter_widths(D).tolist()
    places, heights = starts.tolist(), values.tolist()
    for number, (p, log_odds) in zip(fired.tolist(), alone, strict=True):
        effect = FilterEffect(number, heights[number], score - p, logit - log_odds)
        won[places[number], widths[number]].append(effect)

    off = torch.zeros(len(won) + 1, len(values), dtype=torch.bool, device=values.device)
    for k, filters in enumerate(won.values()):
        off[k, [filter.number for filter in filters]] = True
    off[-1] = True  # and D's score without any filter
    together: list[tuple[float, float]] = []
    for part in filter_effects.without(D, values, off):
        together += zip(part.probability.tolist(), part.logit.tolist(), strict=True)
        yield 0.5 + 0.5 * len(together) / len(off)

    brackets = [
        Bracket(
            start, width, tuple(row[0, start : start + width].tolist()),
            tuple(sorted(filters, key=lambda filter: -abs(filter.effect))),
            p, score - p, logit - log_odds,
        )
        for ((start, width), filters), (p, log_odds) in zip(won.items(), together[:-1], strict=True)
    ]  # fmt: skip
    brackets.sort(key=lambda bracket: (-abs(bracket.effect), bracket.start, bracket.width))
    return Attribution(
        tuple(row[0].tolist()), score, logit, together[-1][0],
        len(values), len(values) - len(fired), tuple(brackets),
    )  # fmt: skip


def alternatives(
    models: Models, run_id: str, step: int, tokens: Sequence[int], place: int
) -> Job[np.ndarray]:
    """D's score with each of all V tokens at index `place` of `tokens`: (V,)."""
    yield 0.0
    D = discriminator_of(models, run_id, step)
    V = len(D.embedding)
    rows = torch.as_tensor(tokens, dtype=torch.long, device=D.embedding.device).repeat(V, 1)
    rows[:, place] = torch.arange(V, device=rows.device)
    scores: list[float] = []
    for part in torch.split(rows, VARIANTS):
        scores += D.probability_real(part).tolist()
        yield len(scores) / V
    return np.array(scores)


@dataclass(frozen=True)
class BracketChange:
    """How the n-gram of a place changed when tokens were edited.

    `before` and `after` are None where the n-gram won nothing there.
    """

    start: int
    width: int
    before: Bracket | None
    after: Bracket | None

    @property
    def change(self) -> float:
        before, after = (each.effect if each else 0.0 for each in (self.before, self.after))
        return after - before


def bracket_changes(before: Attribution, after: Attribution) -> list[BracketChange]:
    """The places whose winning n-gram came, went or changed; the largest change first."""
    old = {(bracket.start, bracket.width): bracket for bracket in before.brackets}
    new = {(bracket.start, bracket.width): bracket for bracket in after.brackets}
    changes = [
        BracketChange(start, width, old.get((start, width)), new.get((start, width)))
        for start, width in old.keys() | new.keys()
    ]
    changes = [c for c in changes if _content(c.before) != _content(c.after)]
    return sorted(changes, key=lambda c: (-abs(c.change), c.start, c.width))


def _content(bracket: Bracket | None) -> tuple[tuple[int, ...], frozenset[int]] | None:
    if bracket is None:
        return None
    return bracket.tokens, frozenset(filter.number for filter in bracket.filters)


@dataclass(frozen=True)
class SequenceOptions:
    """Sequences to choose from: G's eight that every screen follows, and eight held-out real ones.

    `vocab_size` is V; `d_updates` says how often D had been updated.
    """

    followed: tuple[tuple[int, ...], ...]
    real: tuple[tuple[int, ...], ...]
    vocab_size: int
    d_updates: int


def sequence_options(models: Models, run_id: str, step: int) -> Job[SequenceOptions]:
    yield 0.0
    checkpoint = models.at(run_id, step)
    yield 0.3
    task = models.task(run_id)
    return SequenceOptions(
        tuple(map(tuple, followed_sequences(checkpoint).tolist())),
        tuple(map(tuple, task.test_data()[:FOLLOWED].tolist())),
        task.vocabulary.size,
        int(checkpoint.counters["d_updates"]),
    )
