"""Running text as a task: sentences of up to T tokens, as of the paper's speeches."""

from __future__ import annotations

from seqgan_core.tasks.corpus import Corpus, CorpusError
from seqgan_core.tasks.text.task import TextTask

ORDERS = (3, 4)  # Paper: BLEU-3 and BLEU-4 for speech


def speech_task(
    corpus: Corpus, length: int, min_count: int = 1, words: tuple[str, ...] | None = None
) -> TextTask:
    """The task of a corpus of running text; longer sentences than `length` tokens are left out.

    Raises:
        CorpusError: the corpus is verse, or no sentence is short enough.
    """
    if corpus.lines:
        raise CorpusError(f"{corpus.title} is verse of equal lines; take it with task=poems")
    orders = tuple(n for n in ORDERS if n <= length) or (length,)
    return TextTask("speech", corpus, length, min_count=min_count, orders=orders, words=words)
