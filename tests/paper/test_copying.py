"""Copied runs and nearest sequences: what a search by hand finds."""

import itertools
from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqgan_core.paper import copying
from seqgan_core.paper.copying import NO_MATCH, CopyIndex, SharedNgrams, edit_distances
from seqgan_core.paper.ngram_index import UNKNOWN
from seqgan_core.paper.tokens import Tokens
from tests.support.examples import examples
from tests.support.tiny.models import random_tokens

Row = list[int]
END = 0


def ragged(rows: int, length: int, vocab: int, seed: int) -> Tokens:
    """Sequences of 0 to `length` tokens 1..vocab; after the end stands anything."""
    tokens = random_tokens(rows, length, vocab, seed) + 1
    lengths = random_tokens(rows, 1, length + 1, seed + 7)
    after = random_tokens(rows, length, vocab + 1, seed + 8)
    place = torch.arange(length)
    return tokens.where(place < lengths, END).where(place <= lengths, after)


def up_to_end(tokens: torch.Tensor) -> list[Row]:
    return [list(itertools.takewhile(lambda token: token != END, row)) for row in tokens.tolist()]


def grams(row: Row, n: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(row[k : k + n]) for k in range(len(row) - n + 1))


def longest_by_hand(row: Row, training: list[Row]) -> tuple[int, int, int, int]:
    for n in range(len(row), 0, -1):
        for start in range(len(row) - n + 1):
            for number, candidate in enumerate(training):
                for at in range(len(candidate) - n + 1):
                    if row[start : start + n] == candidate[at : at + n]:
                        return n, start, number, at
    return 0, 0, NO_MATCH, NO_MATCH


def edits_by_hand(a: Row, b: Row) -> int:
    before = list(range(len(b) + 1))
    for i, token in enumerate(a):
        now = [i + 1]
        for j, target in enumerate(b):
            now.append(min(before[j] + (token != target), before[j + 1] + 1, now[j] + 1))
        before = now
    return before[-1]


def nearest_by_hand(row: Row, training: list[Row]) -> tuple[int, int, int, int]:
    def key(number: int) -> tuple[int, int, int, int]:
        candidate = training[number]
        pairs, words = ((grams(row, n) & grams(candidate, n)).total() for n in (2, 1))
        return -pairs, -words, edits_by_hand(row, candidate), number

    pairs, words, distance, number = min(key(number) for number in range(len(training)))
    return (number, -pairs, -words, distance) if words else (NO_MATCH, 0, 0, len(row))


@settings(max_examples=examples(120))
@given(
    vocab=st.integers(1, 6),
    widths=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    n=st.integers(1, 9),
    seed=st.integers(0, 10_000),
    ends=st.booleans(),
)
def test_what_a_search_by_hand_finds(
    vocab: int, widths: tuple[int, int], n: int, seed: int, ends: bool
) -> None:
    if ends:
        training, tokens = ragged(n, widths[0], vocab, seed), ragged(7, widths[1], vocab, seed + 1)
        rows, others = up_to_end(tokens), up_to_end(training)
    else:
        training = random_tokens(n, widths[0], vocab, seed)
        tokens = random_tokens(7, widths[1], vocab + 1, seed + 1)  # also what no training holds
        rows, others = tokens.tolist(), training.tolist()
    copies = CopyIndex(training, END if ends else None)
    runs, near = copies.longest(tokens), copies.nearest(tokens)
    found_runs = torch.stack([runs.length, runs.start, runs.row, runs.at], 1).tolist()
    found_near = torch.stack([near.row, near.bigrams, near.tokens, near.distance], 1).tolist()
    assert found_runs == [list(longest_by_hand(row, others)) for row in rows]
    assert found_near == [list(nearest_by_hand(row, others)) for row in rows]


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 10_000), vocab=st.integers(1, 4))
def test_edit_distances(seed: int, vocab: int) -> None:
    a, b = ragged(9, 6, vocab, seed), ragged(9, 8, vocab, seed + 1)
    rows, others = up_to_end(a), up_to_end(b)
    lengths = [torch.tensor([len(row) for row in part]) for part in (rows, others)]
    computed = edit_distances(a, lengths[0], b, lengths[1])
    assert computed.tolist() == [edits_by_hand(x, y) for x, y in zip(rows, others, strict=True)]


def test_a_copied_line_in_a_new_poem() -> None:
    training = torch.tensor([[1, 2, 3, 4, 5, 6], [7, 8, 9, 1, 2, 3], [4, 4, 4, 4, 4, 4]])
    poem = torch.tensor([[9, 9, 8, 9, 1, 2], [1, 2, 3, 4, 5, 6], [11, 11, 11, 11, 11, 11]])
    copies = CopyIndex(training)
    runs = copies.longest(poem)
    assert runs.length.tolist() == [4, 6, 0]
    assert (runs.start[0].item(), runs.row[0].item(), runs.at[0].item()) == (2, 1, 1)
    near = copies.nearest(poem)
    assert near.row.tolist() == [1, 0, NO_MATCH]
    assert near.distance.tolist() == [3, 0, 6]


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    training, tokens = ragged(40, 7, 5, 1), ragged(30, 7, 5, 2)
    whole = CopyIndex(training, END).nearest(tokens)
    monkeypatch.setattr(copying, "SCORES", 3 * 40)
    monkeypatch.setattr(copying, "PAIRS", 4)
    monkeypatch.setattr(copying, "ROWS", 7)
    again = CopyIndex(training, END).nearest(tokens)
    for name in ("row", "bigrams", "tokens", "distance"):
        assert torch.equal(getattr(again, name), getattr(whole, name))


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 10_000), vocab=st.integers(1, 6), length=st.integers(1, 7))
def test_shared_ngrams_by_brute_force(seed: int, vocab: int, length: int) -> None:
    references, rows = (random_tokens(8, length, vocab + 1, s) - 1 for s in (seed, seed + 1))
    expected = [
        [(Counter(a) & Counter(b)).total() for b in without_unknown(references)]
        for a in without_unknown(rows)
    ]
    assert SharedNgrams(references).count(rows).tolist() == expected


def without_unknown(ids: Tokens) -> list[list[int]]:
    return [[number for number in row if number != UNKNOWN] for row in ids.tolist()]


def test_nothing_to_search_is_nothing_found() -> None:
    copies = CopyIndex(random_tokens(3, 4, 5))
    none = random_tokens(0, 4, 5)
    assert copies.longest(none).length.shape == copies.nearest(none).row.shape == (0,)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no training sequences"):
        CopyIndex(random_tokens(0, 4, 5))
