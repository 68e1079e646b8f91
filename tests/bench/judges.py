"""Discriminators that the search for a signal tries; each is a reward and learns from sets."""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan_core.paper.discriminator import REAL, Discriminator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.learners.updates import DiscriminatorLearner
from seqgan_core.training.randomness import rng_for

BATCH = 256  # rows of D's updates


class Judge(Protocol):
    """D, trained on a set of real and of fake sequences at a time."""

    def learn(self, real: Tokens, fake: Tokens, number: int) -> None:
        """One pass over set `number`, (n, T) each."""
        ...

    def log_odds(self, tokens: Tokens) -> Tensor:
        """log D / (1 - D): (M, T) -> (M,)."""
        ...


def reward_of(judge: Judge) -> Callable[[Tokens], Tensor]:
    """D(Y): (M, T) -> (M,)."""
    return lambda tokens: judge.log_odds(tokens).sigmoid()


def shuffled(n_real: int, n: int, seed: int, number: int) -> list[tuple[Tensor, Tensor]]:
    """Rows and labels of a set's batches, its first `n_real` rows real."""
    order = torch.randperm(n, generator=rng_for(seed, "judge-order", number))
    return [(rows, (rows < n_real).long()) for rows in order.split(BATCH)]


class MeanPooled(Discriminator):
    """The paper's D with the mean over places instead of the maximum."""

    def features(self, tokens: Tokens) -> Tensor:
        embedded = F.embedding(tokens, self.embedding)
        maps = zip(self.maps(embedded), self.conv_biases, strict=True)
        return torch.cat([(places + bias).relu().mean(1) for places, bias in maps], dim=1)


class Cnn:
    """The small D of one CPU's minutes: filters of widths 1 and 2.

    Args:
        spectral: no matrix may stretch by more than this; None: no bound.
    """

    def __init__(
        self,
        vocab_size: int,
        seed: int,
        kind: type[Discriminator] = Discriminator,
        spectral: float | None = None,
        widths: Sequence[int] = (1, 2),
        filters: Sequence[int] = (32, 64),
        l2: float = 0.02,
    ) -> None:
        self.model = kind(vocab_size, 16, widths, filters)
        self.model.initialise(rng_for(seed, "init-d"))
        self._seed, self._spectral = seed, spectral
        self._learner = DiscriminatorLearner(self.model, 0.01, l2, graphs=False)
        self._updates = 0

    def learn(self, real: Tokens, fake: Tokens, number: int) -> None:
        tokens = torch.cat([real, fake])
        for rows, labels in shuffled(len(real), len(tokens), self._seed, number):
            rng = rng_for(self._seed, "dropout", self._updates)
            self._learner(tokens[rows], labels, self.model.dropout_mask(len(rows), 0.5, rng))
            self._updates += 1
            if self._spectral is not None:
                bound(self.model, self._spectral)

    @torch.no_grad()
    def log_odds(self, tokens: Tokens) -> Tensor:
        parts = [self.model.logits(some) for some in tokens.split(1024)]
        scores = torch.cat(parts)
        return scores[:, REAL] - scores[:, 1 - REAL]


@torch.no_grad()
def bound(model: nn.Module, most: float) -> None:
    """Scales each matrix whose largest singular value is above `most` down to it."""
    for parameter in model.parameters():
        if parameter.dim() < 2:
            continue
        matrix = parameter.flatten(1)
        gram = matrix.t() @ matrix if len(matrix) > matrix.shape[1] else matrix @ matrix.t()
        largest = torch.linalg.eigvalsh(gram)[-1].sqrt()
        parameter.mul_(min(1.0, most / float(largest)))


class NGrams:
    """D on log-likelihood ratios of pairs of tokens, counted in the real data.

    For each distance d, the mean over places of log p(b | a) / p(b), and the share of pairs that
    the data has; and the mean of log p(b). A real sequence is read with counts that lack its own
    pairs. Only a linear layer on these few numbers is trained.

    Args:
        data: (n, T), the real sequences.
        vocab_size: V.
        distances: of the pairs.
        shares_only: see only the shares of pairs that the data has.
        weight: of p(b) in p(b | a), as so many tokens.
        rate: Adam's.
    """

    def __init__(
        self,
        data: Tokens,
        vocab_size: int,
        distances: Sequence[int] = (1,),
        shares_only: bool = False,
        weight: float = 100.0,
        rate: float = 0.02,
    ) -> None:
        self._vocab_size, self._weight, self._distances = vocab_size, weight, tuple(distances)
        self._single = torch.bincount(data.flatten(), minlength=vocab_size).float()
        self._all = data.numel()
        self._pairs = {d: self._codes(data, d).unique(return_counts=True) for d in distances}
        n = len(self._distances)
        self._seen = list(range(2, 2 * n + 1, 2)) if shares_only else list(range(1 + 2 * n))
        self._linear = nn.Linear(len(self._seen), 1)
        nn.init.zeros_(self._linear.weight)
        nn.init.zeros_(self._linear.bias)
        self._adam = torch.optim.Adam(self._linear.parameters(), lr=rate)
        self._scale: tuple[Tensor, Tensor] | None = None

    def _codes(self, tokens: Tokens, distance: int) -> Tensor:
        """Each pair as one number: (M, T - distance)."""
        return tokens[:, :-distance] * self._vocab_size + tokens[:, distance:]

    def features(self, tokens: Tokens, own: int = 0) -> Tensor:
        """(M, T) -> (M, F); `own` is 1 for sequences of the data, whose pairs count one less."""
        of_single = (self._single[tokens] - own).clamp(min=0)  # (M, T)
        log_p = ((of_single + 0.5) / self._all).log()
        columns = [log_p.mean(1)]
        for d in self._distances:
            known, counts = self._pairs[d]
            codes = self._codes(tokens, d)
            place = torch.searchsorted(known, codes).clamp(max=len(known) - 1)
            found = (known[place] == codes) * (counts[place] - own).clamp(min=0)
            lift = (found / log_p[:, d:].exp() + self._weight).log()
            lift = lift - (of_single[:, :-d] + self._weight).log()
            columns += [lift.mean(1), (found > 0).float().mean(1)]
        return torch.stack([columns[k] for k in self._seen], dim=1)

    def learn(self, real: Tokens, fake: Tokens, number: int) -> None:
        both = torch.cat([self.features(real, own=1), self.features(fake)])
        if self._scale is None:
            self._scale = both.mean(0), both.std(0)
        for rows, labels in shuffled(len(real), len(both), 0, number):
            self._adam.zero_grad()
            odds = self._linear(self._standard(both[rows]))[:, 0]
            F.binary_cross_entropy_with_logits(odds, labels.float()).backward()
            self._adam.step()

    def _standard(self, features: Tensor) -> Tensor:
        mean, std = self._scale or (0.0, 1.0)
        return (features - mean) / std

    @torch.no_grad()
    def log_odds(self, tokens: Tokens) -> Tensor:
        odds: Tensor = self._linear(self._standard(self.features(tokens)))
        return odds[:, 0]


class Ensemble:
    """The mean of the log-odds of several."""

    def __init__(self, members: Sequence[Judge]) -> None:
        self.members = members

    def learn(self, real: Tokens, fake: Tokens, number: int) -> None:
        for member in self.members:
            member.learn(real, fake, number)

    def log_odds(self, tokens: Tokens) -> Tensor:
        return torch.stack([member.log_odds(tokens) for member in self.members]).mean(0)
