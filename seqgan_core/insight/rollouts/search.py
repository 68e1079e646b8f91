"""A tree search from one prefix, recorded simulation by simulation, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.rollouts.explore import MOST
from seqgan_core.paper.rollout import Reward
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.tree_search import (
    Found,
    SearchNoise,
    SearchSettings,
    Tree,
    roots_of,
    search,
    search_noise,
)
from seqgan_core.runs.open_checkpoint import OpenCheckpoint
from seqgan_core.training.build import tree_search_settings
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.randomness import rng_for


@dataclass(frozen=True)
class Written:
    """A complete sequence (T,), and the reward's score of it."""

    tokens: list[int]
    score: float


@dataclass(frozen=True)
class PrefixValue:
    """v of a prefix, and the mean score of fresh roll-outs of it with its standard error."""

    v: float
    mean: float
    std_error: float


@dataclass(frozen=True, eq=False)
class PrefixSearch:
    """S simulations from a prefix; K = S + 1 nodes of k actions, node s by simulation s."""

    prefix: list[int]  # the tokens that the search begins after
    found: Found  # of one root
    # visits, totals: (K, K, k), N and the sum of values after simulation 0 (none) to S
    visits: np.ndarray
    totals: np.ndarray
    # by_search, by_sample, by_likeliest: the sequence completed by a search at every position, by G
    # with the noise of the root's roll-out, and by G's likeliest tokens
    by_search: Written
    by_sample: Written
    by_likeliest: Written
    prefix_value: PrefixValue | None  # None without a value network

    def root(self) -> dict[str, list[float]]:
        """The root's statistics, each with k values: `q` is the mixed value where N is 0."""
        tree = self.found.tree
        parts = {"action": tree.actions[:, 0], "prior": tree.prior[:, 0]}
        parts |= {"visits": tree.visits[:, 0], "q": self.found.q, "improved": self.found.improved}
        return {name: part[0].tolist() for name, part in parts.items()}

    def path(self, simulation: int) -> list[tuple[int, int]]:
        """The edges (node, action) that a simulation took, from the root on; [] for 0."""
        if not simulation:
            return []
        taken = self.visits[simulation] - self.visits[simulation - 1]
        return [(node, action) for node, action in np.argwhere(taken).tolist()]


def search_settings(config: TrainConfig, **changes: float) -> SearchSettings:
    """The settings of a run's search, with `changes` to `TrainConfig`, as its vocabulary allows.

    Raises:
        ConfigError: a change is out of range.
    """
    c = make_config(config, **changes)
    if c.search_simulations > MOST:
        raise ConfigError("search.simulations", n=c.search_simulations, most=MOST)
    return tree_search_settings(c)


@torch.no_grad()
def search_prefix(
    checkpoint: OpenCheckpoint,
    reward: Reward,
    prefix: Sequence[int],
    settings: SearchSettings,
    seed: int,
) -> Job[PrefixSearch]:
    """Searches after `prefix`, 0 to T - 1 tokens, and then at every later position.

    The noise depends on the seed and the position alone; a larger S keeps the first draws.

    Raises:
        ConfigError: the prefix is complete already.
    """
    generator, network, end = checkpoint.generator, checkpoint.value, checkpoint.task.end
    T, device, start = checkpoint.config.sequence_length, checkpoint.device, len(prefix)
    if start >= T or end in prefix:
        raise ConfigError("search.prefix", n=start, last=T - 1)
    row = torch.zeros(1, T, dtype=torch.long, device=device)
    row[0, :start] = torch.tensor(prefix, dtype=torch.long)
    frames: list[tuple[Tensor, Tensor]] = []

    def record(tree: Tree) -> None:
        frames.append((tree.visits[0].clone(), tree.totals[0].clone()))

    def look(t: int, watched: bool = False) -> tuple[Found, SearchNoise]:
        roots = roots_of(generator, network, row, range(t, t + 1))
        noise = search_noise(roots, settings, rng_for(seed, "explorer: search", t, device))
        watch = record if watched else None
        return search(generator, network, reward, roots, settings, noise, end, watch), noise

    def by_g(uniforms: Tensor, temperature: float = 1.0) -> Tokens:
        state = generator.states(row)[start].rows(torch.zeros(len(uniforms), dtype=torch.long))
        rest = generator.continue_from(state, uniforms[:, start:], temperature)
        if end is not None:
            ends = rest == end
            rest = rest.masked_fill(ends.cumsum(1) > ends.long(), end)  # padding
        return torch.cat([row[:, :start].expand(len(rest), -1), rest], dim=1)

    def written(tokens: Tokens) -> Written:
        return Written(tokens[0].tolist(), float(reward(tokens)))

    found, noise = look(start, watched=True)
    own = written(by_g(noise.rollouts[0])), written(by_g(noise.rollouts[0], 0.0))
    about = None
    if network is not None:
        uniforms = torch.rand(
            MOST, T, generator=rng_for(seed, "explorer: v", start, device), device=device
        )
        scores = reward(by_g(uniforms)).double()
        v = float(network.values(row)[0, start])
        about = PrefixValue(v, float(scores.mean()), float(scores.std() / MOST**0.5))
    row[0, start] = found.chosen[0]
    for t in range(start + 1, T):
        yield t / T
        if end is not None and row[0, t - 1] == end:
            row[0, t:] = end
            break
        row[0, t] = look(t)[0].chosen[0]
    visits, totals = zip((torch.zeros_like(frames[0][0]),) * 2, *frames, strict=True)
    return PrefixSearch(
        list(prefix), found, torch.stack(visits).cpu().numpy(), torch.stack(totals).cpu().numpy(),
        written(row), *own, about,
    )  # fmt: skip
