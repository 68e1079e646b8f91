"""Verse as a task: every sequence has the same lines, as the paper's quatrains of 20 characters."""

from __future__ import annotations

from seqgan_core.tasks.corpus import Corpus, CorpusError
from seqgan_core.tasks.text.task import TextTask

ORDERS = (2,)  # Paper: BLEU-2 for poems, whose words have one or two characters


def poems_task(
    corpus: Corpus, min_count: int = 1, words: tuple[str, ...] | None = None
) -> TextTask:
    """The task of a corpus of verse; T is what its lines hold together.

    Raises:
        CorpusError: the corpus is running text.
    """
    if not corpus.lines:
        raise CorpusError(
            f"{corpus.title} is running text, without lines of equal length; "
            "take it with task=speech"
        )
    length = sum(corpus.lines)
    return TextTask("poems", corpus, length, min_count=min_count, orders=ORDERS, words=words)
