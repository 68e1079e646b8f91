"""Small models and the whole of their distributions, for tests that want exact answers."""

import itertools

import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.value_network import ValueNetwork


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small_generator(
    vocab_size: int = 3, std: float = 1.0, seed: int = 0, size: int = 4
) -> Generator:
    return Generator(vocab_size, size, size).initialise(rng(seed), std)


def small_discriminator(vocab_size: int = 3, seed: int = 0) -> Discriminator:
    return Discriminator(vocab_size, 6, (1, 2, 3), (5, 4, 3)).initialise(rng(seed))


def small_value_network(vocab_size: int, length: int, size: int = 4, seed: int = 0) -> ValueNetwork:
    return ValueNetwork(vocab_size, length, size).initialise(rng(seed))


def random_tokens(rows: int, length: int, vocab_size: int, seed: int = 0) -> Tokens:
    return torch.randint(vocab_size, (rows, length), generator=rng(seed))


def all_sequences(vocab_size: int, length: int) -> Tokens:
    """(V^T, T), in the order of their digits."""
    return torch.tensor(list(itertools.product(range(vocab_size), repeat=length)))


def number_of(tokens: Tensor, vocab_size: int) -> Tensor:
    """The place of each sequence (..., T) in `all_sequences`."""
    digits = vocab_size ** torch.arange(tokens.shape[-1] - 1, -1, -1)
    return (tokens * digits).sum(-1)


def table_reward(vocab_size: int, length: int, seed: int = 0) -> tuple[Tensor, object]:
    """A reward with a number of its own for every sequence, as its table and as a function."""
    table = torch.rand(vocab_size**length, generator=rng(seed))
    return table, lambda tokens: table[number_of(tokens, vocab_size)]


def probabilities(generator: Generator, sequences: Tokens) -> Tensor:
    """G(Y) of whole sequences, in float64, by multiplying next-token softmaxes from the start."""
    tokens, state = torch.zeros(len(sequences), dtype=torch.long), None
    result = torch.ones(len(sequences), dtype=torch.float64)
    for t in range(sequences.shape[1]):
        state = generator.advance(tokens, state or generator.initial_state(len(sequences)))
        p = (state.h @ generator.w_output + generator.b_output).double().softmax(-1)
        tokens = sequences[:, t]
        result = result * p[torch.arange(len(tokens)), tokens]
    return result


def exact_q(generator: Generator, table: Tensor, tokens: Tokens, vocab_size: int) -> Tensor:
    """Q (B, T): the expected reward of the prefixes y_1..y_t, summed over every ending."""
    T = tokens.shape[1]
    every = all_sequences(vocab_size, T)
    p = probabilities(generator, every).detach()
    q = torch.empty(tokens.shape, dtype=torch.float64)
    for b in range(len(tokens)):
        for t in range(1, T + 1):
            begins = (every[:, :t] == tokens[b, :t]).all(dim=1)
            q[b, t - 1] = (p[begins] * table[begins]).sum() / p[begins].sum()
    return q


def chi_square_p_value(counts: Tensor, expected: Tensor) -> float:
    """The p-value of the counts (K,) under the probabilities (K,); rare cells are put together."""
    from scipy.stats import chisquare

    n = counts.sum()
    expected_counts = expected.double() / expected.double().sum() * n
    rare = expected_counts < 5
    observed, predicted = counts[~rare].double(), expected_counts[~rare]
    if rare.any():
        observed = torch.cat([observed, counts[rare].sum()[None].double()])
        predicted = torch.cat([predicted, expected_counts[rare].sum()[None]])
    return float(chisquare(observed.numpy(), predicted.numpy()).pvalue)
