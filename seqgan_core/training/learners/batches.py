"""The rows of each batch; every order depends only on the seed and the counters."""

from functools import lru_cache

import torch
from torch import Tensor

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.strategies import STRATEGIES


def shuffled_batch(config: TrainConfig, n: int, update: int, device: torch.device) -> Tensor:
    """The rows (B,) of MLE update number `update`.

    Paper: the authors' code keeps the order of the file, as `shuffle` False does. Here: each epoch
    is shuffled by default, because with few sequences Adam adapts to a fixed order.
    """
    B = config.batch_size
    epoch, batch = divmod(update, n // B)
    if not config.shuffle:
        return torch.arange(batch * B, (batch + 1) * B, device=device)
    order = _order(config.seed, "mle-order", epoch, n, str(device))
    return order[batch * B : (batch + 1) * B]


@lru_cache(maxsize=4)
def _order(seed: int, stream: str, step: int, n: int, device: str) -> Tensor:
    # Drawn on the CPU and copied once per epoch, so that all devices train in the same order.
    return torch.randperm(n, generator=rng_for(seed, stream, step)).to(device)


def feeding(
    config: TrainConfig, n: int, update: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Scheduled sampling's noise at MLE update number `update`, both (B, T).

    Where the true token is fed, with probability ε = max(0, 1 - decay · epoch), and the uniforms
    that draw G's own tokens elsewhere.
    """
    B, T = config.batch_size, config.sequence_length
    epsilon = max(0.0, 1.0 - config.feeding_decay * (update // (n // B)))
    rng = rng_for(config.seed, "feeding", update, device)
    coins, uniforms = torch.rand(2, B, T, generator=rng, device=device)
    return coins < epsilon, uniforms


def generator_dropout(config: TrainConfig, update: int, device: torch.device) -> Tensor:
    """The dropout mask of G at MLE update number `update`: (B, T, E + H) of 0 and 1/keep."""
    c, rng = config, rng_for(config.seed, "dropout of G", update, device)
    shape = c.batch_size, c.sequence_length, c.g_embedding_size + c.g_hidden_size
    kept = torch.rand(shape, generator=rng, device=device) >= c.g_dropout
    return kept / (1 - c.g_dropout)


class MleData:
    """The real sequences in MLE's batches."""

    def __init__(self, config: TrainConfig, task: Task) -> None:
        self._config, self._real = config, task.train_data()
        self._scheduled = STRATEGIES[config.strategy].scheduled
        self.batches_in_epoch = len(self._real) // config.batch_size  # no incomplete one

    def batches(self, updates: range) -> tuple[Tensor, ...]:
        """The batches of these K updates: tokens (K, B, T); with scheduled sampling also the noise
        of `feeding`, (K, B, T) each, else with dropout of G its masks (K, B, T, E + H).
        """
        c, n, device = self._config, len(self._real), self._real.device
        rows = torch.stack([shuffled_batch(c, n, update, device) for update in updates])
        tokens = self._real[rows]
        if self._scheduled:
            noise = [feeding(c, n, update, device) for update in updates]
            return (tokens, *map(torch.stack, zip(*noise, strict=True)))
        if c.g_dropout:
            return tokens, torch.stack([generator_dropout(c, update, device) for update in updates])
        return (tokens,)


class DiscriminatorData:
    """Sets of new negatives and as many real sequences, mixed into batches.

    A set depends only on its number (the generator does not change while D trains), so a run that
    is resumed inside a set sees the same sequences. Of a tree search's findings (`searched`, kept
    in checkpoints) up to half of the negatives are taken.
    """

    def __init__(
        self, config: TrainConfig, task: Task, generator: Generator, searched: Tensor | None = None
    ) -> None:
        self._config, self._task, self._generator = config, task, generator
        self._searched = searched
        self.n = config.d_samples if config.d_samples is not None else len(task.train_data())
        self.batches_in_epoch = 2 * self.n // config.batch_size_of_d
        self._number = -1
        self._tokens: Tensor = torch.empty(0)

    def draw(self, number: int) -> tuple[Tokens, Tokens]:
        """Set `number` as (real, fake), each (n, T); drawn unless it is the current one."""
        if number != self._number:
            self._draw(number)
        return self._tokens[: self.n], self._tokens[self.n :]

    def batches(self, number: int, batches: range) -> tuple[Tokens, Tokens]:
        """These K batches (counted over the k epochs) of set `number`.

        Tokens (K, B, T) and labels (K, B).
        """
        self.draw(number)
        rows = torch.stack([self._rows(number, batch) for batch in batches])
        labels = (rows < self.n).long()  # the first half is real
        return self._tokens[rows], labels

    def _rows(self, number: int, batch: int) -> Tensor:
        epoch, index = divmod(batch, self.batches_in_epoch)
        device = self._tokens.device
        order = _order(self._config.seed, f"d-order-{number}", epoch, 2 * self.n, str(device))
        B = self._config.batch_size_of_d
        return order[index * B : (index + 1) * B]

    @property
    def batches_in_set(self) -> int:
        """Batches in a set, over the k epochs."""
        return self.batches_in_epoch * self._config.d_epochs

    def forget(self) -> None:
        """Draw the set again at the next batch, because the generator's weights have changed."""
        self._number = -1

    def _draw(self, number: int) -> None:
        c, real = self._config, self._task.train_data()
        if self.n < len(real):
            some = torch.randperm(len(real), generator=rng_for(c.seed, "d-real", number))[: self.n]
            real = real[some.to(real.device)]
        rng = rng_for(c.seed, "negatives", number, real.device)
        fake = self._generator.sample(self.n, real.shape[1], rng)
        if self._searched is not None and self._searched[0, 0] >= 0:
            order = torch.randperm(len(self._searched), generator=rng_for(c.seed, "found", number))
            found = self._searched[order[: self.n // 2].to(real.device)]
            fake[: len(found)] = found
        self._tokens, self._number = torch.cat([real, fake]), number
