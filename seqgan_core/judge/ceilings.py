"""What a BLEU is compared with: real text and n-gram models, measured like a model's samples.

BLEU against a whole test set grows with the size of that set, and trivial models reach the BLEU of
real text. So a BLEU comes with these rows, and with how varied the text is and how much of it is
copied.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.statistics import random_rows
from seqgan_core.judge.report import Ceiling
from seqgan_core.judge.significance import summarise
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.copying import CopyIndex
from seqgan_core.paper.ngram_model import NGramModel
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.training.randomness import rng_for

MODELS = {"unigram": 1, "bigram": 2, "trigram": 3}
VARIED = 2000  # sequences that self-BLEU and distinct-n look at: both depend on how many
DISTINCT = (2, 3)
COPIED = (5, 10)  # tokens in a row; five characters are a line of a quatrain


def ceilings(task: CorpusTask, orders: Sequence[int], n: int, seed: int) -> Job[list[Ceiling]]:
    """The rows, real text first.

    Args:
        task: of a corpus.
        orders: of BLEU and self-BLEU; 1 or more, at most the sequences' length.
        n: sequences a row; a row of real text has fewer where there are fewer.
        seed: of the choice and of the draws.

    Raises:
        ValueError: `n` is below 2, or an order does not fit.
    """
    if n < 2:
        raise ValueError(f"n is {n}; it must be 2 or more")
    if not orders:
        raise ValueError("orders is empty; name at least one order of BLEU")
    measure = TextMeasure(task, orders)
    train, references = task.train_data(), task.references()
    yield 0.1
    rows = [measure.row("real", random_rows(train, n, seed, "ceilings"), copied=False)]
    yield 0.3
    if len(references) > 1:
        rows.append(measure.held_out("held out", n, seed))
    for done, (name, order) in enumerate(MODELS.items()):
        yield 0.45 + 0.18 * done
        rng = rng_for(seed, f"ceilings.{name}", device=train.device)
        model = NGramModel(train, order, task.vocabulary.size, task.end)
        rows.append(measure.row(name, model.sample(n, task.sequence_length, rng)))
    return rows


class TextMeasure:
    """Measures a task's sequences in the same way whatever their source.

    Args:
        task: of a corpus.
        orders: of BLEU and self-BLEU.

    Raises:
        ValueError: an order does not fit.
    """

    def __init__(self, task: CorpusTask, orders: Sequence[int]) -> None:
        self._V, self._end, self._orders = task.vocabulary.size, task.end, orders
        self._references = task.references()
        self._bleu = Bleu(self._references, max(orders), self._V, self._end)
        self._sequence_metrics = task.sequence_metrics
        self._copies = CopyIndex(task.train_data(), self._end)

    def row(self, name: str, tokens: Tokens, copied: bool = True) -> Ceiling:
        """BLEU of `tokens` (n, T) against the whole test text, and the other metrics."""
        scores = self._bleu.scores(tokens)
        bleu = {order: scores[:, order - 1] for order in self._orders}
        others = self._sequence_metrics(tokens)
        return self._row(name, tokens, bleu, len(self._references), others, copied)

    def held_out(self, name: str, n: int, seed: int) -> Ceiling:
        """At most n sequences of the test text, each against all the others."""
        references = self._references
        numbers = torch.arange(len(references), device=references.device)
        chosen = random_rows(numbers, n, seed, "ceilings.held out")
        texts = references[chosen]
        bleu = {o: self_bleu(references, o, self._V, self._end)[chosen] for o in self._orders}
        others = self._sequence_metrics(references, leave_one_out=True)
        others = {key: values[chosen] for key, values in others.items()}
        return self._row(name, texts, bleu, len(references) - 1, others)

    def _row(
        self,
        name: str,
        tokens: Tokens,
        bleu: dict[int, Tensor],
        references: int,
        others: dict[str, Tensor],
        copied: bool = True,
    ) -> Ceiling:
        compared = tokens[:VARIED]
        V, end, T = self._V, self._end, tokens.shape[1]
        runs = self._copies.longest(tokens).length if copied else None
        return Ceiling(
            name=name,
            n=len(tokens),
            references=references,
            bleu={order: summarise(values.cpu().numpy()) for order, values in bleu.items()},
            varied=len(compared),
            self_bleu={o: float(self_bleu(compared, o, V, end).mean())
                       for o in bleu if len(compared) > 1},
            distinct={k: distinct(compared, k, V, end) for k in DISTINCT if k <= T},
            copied=None if runs is None else {k: _share(runs >= k) for k in COPIED if k <= T},
            run=None if runs is None else float(runs.double().mean()),
            others={key: summarise(values.double().cpu().numpy())
                    for key, values in others.items()},
        )  # fmt: skip


def _share(which: Tensor) -> float:
    return float(which.double().mean())
