"""N-gram models: their samples follow the counts, and reach the BLEU that was measured before."""

import os
from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import Tensor

from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.copying import CopyIndex
from seqgan_core.paper.ngram_model import NGramModel
from seqgan_core.paper.tokens import Tokens
from tests.support.paths import ROOT
from tests.support.tiny.models import (
    all_sequences,
    chi_square_p_value,
    number_of,
    random_tokens,
    rng,
)

END = 0


def probability(row: list[int], training: list[list[int]], order: int) -> float:
    """Of one sequence, by counting what followed each of its contexts; None stands before it."""
    result = 1.0
    for t, token in enumerate(row):
        for n in range(order, 0, -1):
            context = ([None] * order + row[:t])[len(row[:t]) + order - n + 1 :]
            followers = Counter(
                sequence[k]
                for sequence in training
                for k in range(len(sequence))
                if ([None] * order + sequence[:k])[k + order - n + 1 :] == context
            )
            if followers:
                break
        result *= followers[token] / followers.total()
        if token == END:
            break
    return result


def sampled(model: NGramModel, vocab: int, length: int, n: int = 40_000) -> Tensor:
    """How often each possible sequence was drawn."""
    tokens = model.sample(n, length, rng(5))
    return torch.bincount(number_of(tokens, vocab), minlength=vocab**length)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_samples_follow_the_counts(order: int) -> None:
    V, T = 3, 4
    training = random_tokens(7, T, V, seed=3)  # few, so that some contexts lack a follower
    every = all_sequences(V, T)
    plain = [[token + 1 for token in row] for row in training.tolist()]  # END is no token here
    expected = torch.tensor(
        [probability([token + 1 for token in row], plain, order) for row in every.tolist()]
    )
    assert expected.sum() == pytest.approx(1)
    counts = sampled(NGramModel(training, order, V), V, T)
    assert counts[expected == 0].sum() == 0
    assert chi_square_p_value(counts[expected > 0], expected[expected > 0]) > 0.01


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_end_is_learned_and_padded(order: int) -> None:
    V, T = 4, 4
    training = torch.tensor([[1, 2, 0, 3], [1, 0, 0, 0], [2, 2, 3, 1], [3, 1, 2, 0]])
    rows = [row[: row.index(END) + 1] if END in row else row for row in training.tolist()]
    every = all_sequences(V, T)
    padded = ((every == END).cumsum(1) > 0) <= (every == END)  # after an end only ends
    expected = torch.tensor(
        [
            probability(row, rows, order) if fits else 0.0
            for row, fits in zip(every.tolist(), padded.all(1).tolist(), strict=True)
        ]
    )
    assert expected.sum() == pytest.approx(1)
    model = NGramModel(training, order, V, end=END)
    counts = sampled(model, V, T)
    assert counts[expected == 0].sum() == 0
    assert chi_square_p_value(counts[expected > 0], expected[expected > 0]) > 0.01


def test_a_context_that_nothing_followed_backs_off() -> None:
    training = torch.tensor([[0, 1], [0, 1], [2, 1]])
    tokens = NGramModel(training, 3, 3).sample(4000, 3, rng())
    assert (tokens[:, 1] == 1).all()  # the text goes on after its end, where nothing followed 1
    shares = torch.bincount(tokens[:, 2], minlength=3) / 4000
    assert shares.tolist() == pytest.approx([2 / 6, 3 / 6, 1 / 6], abs=0.03)


def test_the_same_seed_gives_the_same_samples() -> None:
    model = NGramModel(random_tokens(50, 6, 9), 2, 9)
    assert torch.equal(model.sample(20, 8, rng(1)), model.sample(20, 8, rng(1)))
    assert not torch.equal(model.sample(20, 8, rng(1)), model.sample(20, 8, rng(2)))
    assert model.sample(0, 8, rng(1)).shape == (0, 8)


def test_what_cannot_be_is_refused() -> None:
    some = random_tokens(3, 4, 5)
    with pytest.raises(ValueError, match="no training sequences"):
        NGramModel(random_tokens(0, 4, 5), 2, 5)
    for order in (0, 9):
        with pytest.raises(ValueError, match=f"order is {order}"):
            NGramModel(some, order, 20_000)


# -- the poems -------------------------------------------------------------------------------------

DEFAULT = ROOT.parent / "shared" / "corpora"
POEMS = Path(os.environ.get("SEQGAN_CORPUS_MIRROR") or DEFAULT) / "poems"


@pytest.fixture(scope="module")
def poems() -> tuple[Tokens, Tokens, int]:
    """Training and test poems of 20 characters, and V; V is a character that no training has."""
    text, split = POEMS / "tang_quatrains.txt", POEMS / "tang_quatrains.split.txt"
    if not (text.is_file() and split.is_file()):
        pytest.skip("the poems are not here; SEQGAN_CORPUS_MIRROR says in which folder they are")
    parts: dict[str, list[list[str]]] = {"train": [], "valid": [], "test": []}
    lines = text.read_text(encoding="utf-8").splitlines()
    for line, part in zip(lines, split.read_text().split(), strict=True):
        parts[part].append([mark for mark in line.split() if mark not in ("，", "。")])
    words = sorted({word for poem in parts["train"] for word in poem})
    number = {word: i for i, word in enumerate(words)}
    train, test = (
        torch.tensor([[number.get(word, len(words)) for word in poem] for poem in parts[name]])
        for name in ("train", "test")
    )
    return train, test, len(words)


def pooled_bleu_2(bleu: Bleu, tokens: Tokens) -> float:
    """Matches of all sequences over places of all, unsmoothed: how the numbers were measured."""
    scores, T = bleu.scores(tokens), tokens.shape[1]
    words = (scores[:, 0] * T).round()
    pairs = (scores[:, 1] ** 2 / scores[:, 0] * (T - 1)).round()  # 0.1 stands for none
    return float((words.sum() / (len(tokens) * T) * pairs.sum() / (len(tokens) * (T - 1))) ** 0.5)


def test_trivial_models_reach_the_bleu_of_real_poems(
    poems: tuple[Tokens, Tokens, int],
) -> None:
    train, test, V = poems
    assert (len(train), len(test), train.shape[1]) == (11_296, 4098, 20)
    bleu, copies = Bleu(test, 2, V), CopyIndex(train)
    assert pooled_bleu_2(bleu, train) == pytest.approx(0.599, abs=0.001)
    samples = {n: NGramModel(train, n, V).sample(4000, 20, rng(n)) for n in (1, 2, 3)}
    assert pooled_bleu_2(bleu, samples[1]) == pytest.approx(0.342, abs=0.004)
    assert pooled_bleu_2(bleu, samples[2]) == pytest.approx(0.600, abs=0.005)
    # The mean over sequences, which is what is shown, is lower, and the order is the same.
    shown = {n: float(bleu(tokens).mean()) for n, tokens in samples.items()}
    assert shown == pytest.approx({1: 0.323, 2: 0.590, 3: 0.586}, abs=0.005)
    assert float(bleu(train).mean()) == pytest.approx(0.5865, abs=0.0005)
    # A trigram model mostly recites: five characters in a row are a line of a poem.
    assert float((copies.longest(samples[2]).length >= 5).double().mean()) < 0.01
    assert float((copies.longest(samples[3]).length >= 5).double().mean()) > 0.95
