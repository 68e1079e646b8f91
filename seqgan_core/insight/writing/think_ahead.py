"""Writing with a tree search at every token: sequences that D scores higher than plain samples."""

import math
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.tree_search import SearchNoise, roots_of, search, search_noise
from seqgan_core.training.build import tree_search_settings
from seqgan_core.training.config import ConfigError
from seqgan_core.training.randomness import rng_for

MOST = 64  # simulations per token
ROWS = 256  # searched at once: their trees are in memory together


def no_discriminator(title: str) -> ConfigError:
    """Why a model without a D cannot think ahead."""
    return ConfigError("ahead.no-discriminator", title=title)


def d_score(sampler: Sampler, tokens: Tokens) -> float:
    """The mean of P(real) over sequences (n, T), by the sampler's own D; NaN without one."""
    D = sampler.discriminator
    return math.nan if D is None else float(D.probability_real(tokens).double().mean())


@torch.no_grad()
def think_ahead(
    sampler: Sampler,
    n: int,
    seed: int,
    simulations: int,
    temperature: float = 1.0,
    fixed: Mapping[int, int] | None = None,
) -> Job[Tokens]:
    """As `sample_tokens`, but each token is what a tree search for a high D chooses: (n, T).

    The prior and the roll-outs are G's at this temperature, without tokens that are no words. What
    D scores has the fixed tokens in place; as when sampling, those before them do not know them.
    `simulations` is S of every token; a larger S keeps the noise of a smaller one.

    Raises:
        ConfigError: there is no D, or a number is out of range.
    """
    D = sampler.discriminator
    if not 1 <= simulations <= MOST:
        raise ConfigError("ahead.simulations", n=simulations, most=MOST)
    if D is None:
        raise no_discriminator(sampler.title)
    if temperature <= 0:
        raise ConfigError("ahead.temperature", t=temperature)
    generator, end, T = sampler.policy(temperature), sampler.end, sampler.length
    fixed, possible = fixed or {}, generator.vocab_size - len(sampler.never)
    settings = replace(tree_search_settings(sampler.config, possible), simulations=simulations)

    def reward(full: Tokens) -> Tensor:
        full = full.clone()
        for t, token in fixed.items():
            full[:, t] = token
        if end is not None:  # what follows an end is padding
            full[(full == end).cumsum(1) > 0] = end
        return D(full)

    tokens = torch.zeros(n, T, dtype=torch.long, device=generator.embedding.device)
    for first in range(0, n, ROWS):
        part = tokens[first : first + ROWS]
        rows = torch.arange(len(part), device=part.device)  # that have not ended
        for t in range(T):
            if t in fixed:
                part[rows, t] = fixed[t]
            elif len(rows):
                roots = roots_of(generator, sampler.value, part[rows], range(t, t + 1))
                one = replace(roots, tokens=roots.tokens[:1])
                streams = ((first + row) * T + t for row in rows.tolist())
                noise = [  # of each row by itself, so that it does not depend on the others
                    search_noise(one, settings, rng_for(seed, "ahead", stream, part.device))
                    for stream in streams
                ]
                gumbel = torch.cat([each.gumbel for each in noise])
                joined = SearchNoise(gumbel, torch.cat([each.rollouts for each in noise], dim=1))
                part[rows, t] = search(
                    generator, sampler.value, reward, roots, settings, joined, end
                ).chosen
            if end is not None:
                ended = part[rows, t] == end
                part[rows[ended], t:] = end
                rows = rows[~ended]
            yield (first + len(part) * (t + 1) / T) / n
    return tokens
