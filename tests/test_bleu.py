"""BLEU: NLTK's numbers to 1e-9, whatever the sequences."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from seqgan_core.paper import bleu
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from tests.small import random_tokens


def by_nltk(references: list[list[int]], row: list[int], order: int) -> float:
    weights = tuple([1 / order] * order)
    smoothing = SmoothingFunction().method1
    return float(sentence_bleu(references, row, weights, smoothing_function=smoothing))


@settings(deadline=None, max_examples=60)
@given(
    vocab=st.integers(1, 6),
    length=st.integers(2, 9),
    refs=st.integers(1, 12),
    order=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_scores_are_nltks(vocab: int, length: int, refs: int, order: int, seed: int) -> None:
    order = min(order, length)
    references = random_tokens(refs, length, vocab, seed)
    rows = random_tokens(5, length, vocab + 1, seed + 1)  # some tokens no reference holds
    found = Bleu(references, order, vocab + 1).scores(rows)
    assert found.shape == (5, order)
    for row, scores in zip(rows.tolist(), found.tolist(), strict=True):
        for n in range(1, order + 1):
            assert scores[n - 1] == pytest.approx(by_nltk(references.tolist(), row, n), abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(
    vocab=st.integers(1, 5),
    length=st.integers(3, 7),
    n=st.integers(2, 9),
    order=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_self_bleu_leaves_the_sequence_itself_out(
    vocab: int, length: int, n: int, order: int, seed: int
) -> None:
    tokens = random_tokens(n, length, vocab, seed)
    rows = tokens.tolist()
    found = self_bleu(tokens, order, vocab).tolist()
    for i, row in enumerate(rows):
        others = rows[:i] + rows[i + 1 :]
        assert found[i] == pytest.approx(by_nltk(others, row, order), abs=1e-9)


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    references, rows = random_tokens(40, 8, 5, 1), random_tokens(30, 8, 5, 2)
    whole = Bleu(references, 4, 5).scores(rows)
    monkeypatch.setattr(bleu, "ROWS", 7)
    assert torch.equal(Bleu(references, 4, 5).scores(rows), whole)
    assert Bleu(references, 4, 5)(rows).shape == (30,)
    assert Bleu(references, 4, 5).scores(rows[:0]).shape == (0, 4)


def test_distinct_counts_n_grams() -> None:
    tokens = torch.tensor([[1, 2, 1, 2], [1, 2, 3, 3]])
    assert distinct(tokens, 1, 5) == 3 / 8  # type: ignore[arg-type]
    assert distinct(tokens, 2, 5) == 4 / 6  # type: ignore[arg-type]


def test_what_cannot_be_is_refused() -> None:
    some = random_tokens(3, 4, 5)
    with pytest.raises(ValueError, match="order is 5"):
        Bleu(some, 5, 5)
    with pytest.raises(ValueError, match="64 bits"):
        Bleu(some, 4, 100_000)
    with pytest.raises(ValueError, match="at least one"):
        Bleu(some[:0], 2, 5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2 or more"):
        self_bleu(some[:1], 2, 5)  # type: ignore[arg-type]
