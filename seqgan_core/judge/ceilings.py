"""What stands beside a BLEU: real text, and models that only count n-grams, measured alike.

BLEU against a whole test set grows with the size of that set, and trivial models reach the BLEU of
real text. So a BLEU is read beside these rows, and a model's together with how varied its text is
and how much of it is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import LongTensor, Tensor

from seqgan_core.insight.rows import some_rows
from seqgan_core.insight.work import Work, finish
from seqgan_core.judge.significance import Summary, summarise
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.copying import Copies
from seqgan_core.paper.ngram import NGramModel
from seqgan_core.tasks.text_task import TextTask
from seqgan_core.training.randomness import rng_for

MODELS = {"unigram": 1, "bigram": 2, "trigram": 3}
VARIED = 2000  # sequences that self-BLEU and distinct-n look at: both depend on how many
DISTINCT = (2, 3)
COPIED = (5, 10)  # tokens in a row; five characters are a line of a quatrain


@dataclass(frozen=True)
class Ceiling:
    """One row: some text, measured as a model's samples are.

    Attributes:
        name: "real" (training text), "held out" (test text, each sequence against the others), or
            the n-gram model that wrote it.
        n: sequences measured.
        references: sequences that each one's BLEU was counted against.
        bleu: the mean of each order over the sequences, with its 95% interval.
        varied: sequences that self-BLEU and distinct-n were counted in; both change with them.
        self_bleu: by order, the mean of each sequence against the others; 1 is all alike. Empty
            where there is but one.
        distinct: by n, the share of n-grams that are different ones.
        copied: by n, the share of sequences with a run of n tokens that stands in the training
            text; None for the training text itself. Held-out text says how much is natural.
    """

    name: str
    n: int
    references: int
    bleu: dict[int, Summary]
    varied: int
    self_bleu: dict[int, float]
    distinct: dict[int, float]
    copied: dict[int, float] | None


def ceilings(task: TextTask, orders: Sequence[int], n: int, seed: int) -> list[Ceiling]:
    """The rows, real text first.

    Args:
        task: of text.
        orders: of BLEU and self-BLEU; 1 or more, at most the sequences' length.
        n: sequences a row; a row of real text has fewer where there are fewer.
        seed: of what is chosen and drawn.

    Raises:
        ValueError: `n` is below 2, or an order does not fit.
    """
    return finish(working_out(task, orders, n, seed))


def working_out(task: TextTask, orders: Sequence[int], n: int, seed: int) -> Work[list[Ceiling]]:
    """As `ceilings`, for a background thread."""
    if n < 2:
        raise ValueError(f"n is {n}; it must be 2 or more")
    if not orders:
        raise ValueError("orders is empty; name at least one order of BLEU")
    V, end, T = task.vocabulary.size, task.end, task.sequence_length
    train, references = task.train_data(), task.references()
    bleu = Bleu(references, max(orders), V, end)
    copies = Copies(train, end)
    yield 0.1

    def scores(tokens: LongTensor) -> dict[int, Tensor]:
        found = bleu.scores(tokens)
        return {order: found[:, order - 1] for order in orders}

    def row(
        name: str, tokens: LongTensor, bleus: dict[int, Tensor], others: int, copied: bool = True
    ) -> Ceiling:
        some: LongTensor = tokens[:VARIED]  # type: ignore[assignment]
        runs = copies.longest(tokens).length if copied else None
        return Ceiling(
            name,
            len(tokens),
            others,
            {order: summarise(values.cpu().numpy()) for order, values in bleus.items()},
            len(some),
            {o: float(self_bleu(some, o, V, end).mean()) for o in orders if len(some) > 1},
            {k: distinct(some, k, V, end) for k in DISTINCT if k <= T},
            None if runs is None else {k: _share(runs >= k) for k in COPIED if k <= T},
        )

    real = some_rows(train, n, seed, "ceilings")
    rows = [row("real", real, scores(real), len(references), copied=False)]
    yield 0.3
    if len(references) > 1:
        chosen = some_rows(
            torch.arange(len(references), device=train.device),  # type: ignore[arg-type]
            n, seed, "ceilings.held out",
        )  # fmt: skip
        held_out: LongTensor = references[chosen]  # type: ignore[assignment]
        bleus = {order: self_bleu(references, order, V, end)[chosen] for order in orders}
        rows.append(row("held out", held_out, bleus, len(references) - 1))
    for done, (name, order) in enumerate(MODELS.items()):
        yield 0.45 + 0.18 * done
        rng = rng_for(seed, f"ceilings.{name}", device=train.device)
        written = NGramModel(train, order, V, end).sample(n, T, rng)
        rows.append(row(name, written, scores(written), len(references)))
    return rows


def _share(which: Tensor) -> float:
    return float(which.double().mean())
