"""BLEU: NLTK's numbers to 1e-9, whatever the sequences."""

import itertools
import math
from collections import Counter

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from seqgan_core.paper import ngram_index
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from tests.support.examples import examples
from tests.support.tiny.models import random_tokens

END = 0


def ragged(rows: int, length: int, vocab: int, seed: int) -> torch.Tensor:
    """Sequences of 0 to `length` tokens 1..vocab, then END, then whatever follows an end."""
    tokens = random_tokens(rows, length, vocab, seed) + 1
    lengths = random_tokens(rows, 1, length + 1, seed + 7)
    after = random_tokens(rows, length, vocab + 1, seed + 8)
    place = torch.arange(length)
    return tokens.where(place < lengths, END).where(place <= lengths, after)


def up_to_end(tokens: torch.Tensor, end: int | None = END) -> list[list[int]]:
    return [list(itertools.takewhile(lambda token: token != end, row)) for row in tokens.tolist()]


def by_nltk(references: list[list[int]], row: list[int], order: int) -> float:
    weights = tuple([1 / order] * order)
    smoothing = SmoothingFunction().method1
    return float(sentence_bleu(references, row, weights, smoothing_function=smoothing))


@settings(max_examples=examples(60))
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
    computed = Bleu(references, order, vocab + 1).scores(rows)
    assert computed.shape == (5, order)
    for row, scores in zip(rows.tolist(), computed.tolist(), strict=True):
        for n in range(1, order + 1):
            assert scores[n - 1] == pytest.approx(by_nltk(references.tolist(), row, n), abs=1e-9)


@settings(max_examples=examples(40))
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
    computed = self_bleu(tokens, order, vocab).tolist()
    for i, row in enumerate(rows):
        others = rows[:i] + rows[i + 1 :]
        assert computed[i] == pytest.approx(by_nltk(others, row, order), abs=1e-9)


@settings(max_examples=examples(150))
@given(
    vocab=st.integers(1, 6),
    lengths=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    refs=st.integers(1, 12),
    order=st.integers(1, 5),
    seed=st.integers(0, 10_000),
)
@example(vocab=1, lengths=(5, 5), refs=1, order=5, seed=0)
def test_scores_of_sequences_of_any_length_are_nltks(
    vocab: int, lengths: tuple[int, int], refs: int, order: int, seed: int
) -> None:
    order = min(order, lengths[0])
    references = ragged(refs, lengths[0], vocab, seed)
    rows = ragged(12, lengths[1], vocab + 1, seed + 1)  # vocab + 1 is in no reference
    computed = Bleu(references, order, vocab + 2, end=END).scores(rows)
    for row, scores in zip(up_to_end(rows), computed.tolist(), strict=True):
        for n in range(1, order + 1):
            expected = by_nltk(up_to_end(references), row, n)
            assert scores[n - 1] == pytest.approx(expected, abs=1e-9)


def test_short_and_empty_sequences() -> None:
    references = torch.tensor([[1, 2, 3, 0, 0, 0], [1, 2, 3, 4, 5, 6]])
    rows = torch.tensor([[0] * 6, [1, 0, 5, 5, 5, 5], [1, 2, 0, 0, 0, 0], [1, 2, 3, 4, 0, 0]])
    computed = Bleu(references, 3, 7, end=END).scores(rows).tolist()
    assert computed[0] == [0, 0, 0]  # nothing written
    short = math.exp(1 - 3 / 1)  # the closest reference has 3 tokens
    assert computed[1] == pytest.approx([short, short * 0.1 ** (1 / 2), short * 0.01 ** (1 / 3)])
    short = math.exp(1 - 3 / 2)
    assert computed[2] == pytest.approx([short, short, short * 0.1 ** (1 / 3)])
    assert computed[3] == [1, 1, 1]  # 4 tokens lie nearer to 3 than to 6: no penalty


def test_of_two_closest_references_the_shorter_counts() -> None:
    references = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    row = torch.tensor([[1, 1, 1, 1, 0]])
    assert Bleu(references, 1, 2, end=END)(row).item() == 1
    assert Bleu(references[:1], 1, 2, end=END)(row).item() == pytest.approx(math.exp(-1 / 4))


@settings(max_examples=examples(60))
@given(
    vocab=st.integers(1, 4), length=st.integers(1, 7), n=st.integers(2, 9), seed=st.integers(0, 999)
)
def test_self_bleu_of_sequences_of_any_length(vocab: int, length: int, n: int, seed: int) -> None:
    tokens, order = ragged(n, length, vocab, seed), min(3, length)
    rows = up_to_end(tokens)
    computed = self_bleu(tokens, order, vocab + 1, end=END).tolist()
    for i, row in enumerate(rows):
        expected = by_nltk(rows[:i] + rows[i + 1 :], row, order)
        assert computed[i] == pytest.approx(expected, abs=1e-9)


def test_what_no_vocabulary_holds_matches_nothing_but_has_its_place() -> None:
    V, seed = 4, 3
    references, rows = random_tokens(8, 6, V + 1, seed), random_tokens(30, 6, V + 1, seed + 1)
    apart = rows.where(rows < V, V + 1)  # for NLTK another word than the references' V
    computed = Bleu(references, 3, V).scores(rows)
    for row, scores in zip(apart.tolist(), computed.tolist(), strict=True):
        for n in (1, 2, 3):
            expected = by_nltk(references.tolist(), row, n)
            assert scores[n - 1] == pytest.approx(expected, abs=1e-9)
    alone = torch.full((1, 6), V)
    assert Bleu(alone, 3, V)(alone).item() == 0


@pytest.mark.parametrize(("vocab", "order"), [(5000, 5), (20_000, 5), (2**31, 6)])
def test_no_vocabulary_is_too_large(vocab: int, order: int) -> None:
    few = random_tokens(60, 9, 4, 1)
    rows = random_tokens(20, 9, 4, 2)
    words = torch.tensor([0, 1, vocab // 2, vocab - 1])
    computed = Bleu(words[few], order, vocab).scores(words[rows])
    assert torch.equal(computed, Bleu(few, order, 4).scores(rows))
    assert torch.equal(
        self_bleu(words[few], order, vocab),
        self_bleu(few, order, 4),
    )
    for n in range(1, order + 1):
        assert distinct(words[few], n, vocab) == distinct(few, n, 4)


def test_sequences_of_another_length_than_the_references() -> None:
    references, rows = random_tokens(5, 8, 3, 1), random_tokens(9, 5, 3, 2)
    for some, many in ((rows, references), (references, rows)):
        computed = Bleu(many, 3, 3).scores(some)
        for row, scores in zip(some.tolist(), computed.tolist(), strict=True):
            assert scores[2] == pytest.approx(by_nltk(many.tolist(), row, 3), abs=1e-9)


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    references, rows = random_tokens(40, 8, 5, 1), random_tokens(30, 8, 5, 2)
    whole = Bleu(references, 4, 5).scores(rows)
    monkeypatch.setattr(ngram_index, "ROWS", 7)
    assert torch.equal(Bleu(references, 4, 5).scores(rows), whole)
    assert Bleu(references, 4, 5)(rows).shape == (30,)
    assert Bleu(references, 4, 5).scores(rows[:0]).shape == (0, 4)


def test_distinct_counts_n_grams() -> None:
    tokens = torch.tensor([[1, 2, 1, 2], [1, 2, 3, 3]])
    assert distinct(tokens, 1, 5) == 3 / 8
    assert distinct(tokens, 2, 5) == 4 / 6


@settings(max_examples=examples(40))
@given(n=st.integers(1, 5), rows=st.integers(1, 9), seed=st.integers(0, 999))
def test_distinct_leaves_the_padding_out(n: int, rows: int, seed: int) -> None:
    tokens = ragged(rows, 4, 3, seed)
    grams: Counter[tuple[int, ...]] = Counter()
    for row in up_to_end(tokens):
        grams.update(zip(*(row[k:] for k in range(n)), strict=False))
    computed = distinct(tokens, n, 4, end=END)
    if grams:
        assert computed == len(grams) / grams.total()
    else:
        assert math.isnan(computed)


def test_what_cannot_be_is_refused() -> None:
    some = random_tokens(3, 4, 5)
    with pytest.raises(ValueError, match="order is 5"):
        Bleu(some, 5, 5)
    with pytest.raises(ValueError, match="at least one"):
        Bleu(some[:0], 2, 5)
    with pytest.raises(ValueError, match="2 or more"):
        self_bleu(some[:1], 2, 5)
