"""Work on one poem: what else could stand at a place, and places that are drawn again.

G reads only what is before a token, D reads the whole poem.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Sampler, sample_tokens
from seqgan_core.insight.writing.samples import SampleSet, critic_of, value_tokens
from seqgan_core.paper.rollout import complete_prefix
from seqgan_core.training.randomness import rng_for

OTHERS = 10  # tokens that are shown beside the one that stands there
DRAWN = 16  # candidates for places that are drawn again


@dataclass(frozen=True)
class Candidate:
    """A token that could stand at a place; without a D the last three are NaN."""

    token: int
    probability: float  # G's, given the tokens before
    kept: float = math.nan  # P(real) of the poem with it, all other tokens kept
    # the mean P(real) over N poems that keep what is before it and are rolled on, Eq. (4), and the
    # standard error of that mean; for the last token it is `kept`, without an error
    q: float = math.nan
    std_error: float = math.nan


@torch.no_grad()
def alternatives(
    models: Models, samples: SampleSet, row: int, t: int
) -> Job[tuple[list[Candidate], str]]:
    """What could stand at index t of a poem, and the title of the model whose D scores, "" if none.

    The token that stands there comes first, then the likeliest others. All are rolled on with the
    same random numbers, so that their differences are less noisy than each alone.

    Raises:
        ConfigError, StoreError, DataError: the model whose D scores cannot be opened.
    """
    sampler, request, poem = samples.sampler, samples.request, samples.tokens[row]
    generator, T = sampler.policy(), len(poem)
    by_g = generator.logits(poem[None])[0, t].softmax(-1)  # (V,)
    possible = by_g.topk(min(OTHERS + 1, int((by_g > 0).sum()))).indices.tolist()
    standing = int(poem[t])
    tokens = [standing, *[token for token in possible if token != standing][:OTHERS]]
    yield 0.2
    critic = critic_of(models, sampler, request.critic)
    if critic is None or critic.discriminator is None:
        shown = zip(tokens, by_g[tokens].tolist(), strict=True)
        return [Candidate(*each) for each in shown], ""
    D = critic.discriminator.probability_real
    variants = poem.repeat(len(tokens), 1)
    variants[:, t] = torch.tensor(tokens)
    kept = D(variants).double()  # (M,)
    rolled = kept[None]  # (N, M); after the last token nothing is left to draw
    if t < T - 1:
        rng = rng_for(request.seed, "alternatives", row)
        noise = torch.rand(request.rollouts, 1, T, generator=rng).expand(-1, len(tokens), -1)
        completions = complete_prefix(generator, variants, t, noise)  # (N, M, T)
        yield 0.5
        rolled = D(completions.flatten(0, 1)).double().view(len(noise), -1)
    N = len(rolled)
    errors = rolled.std(0, correction=min(1, N - 1)) / N**0.5
    columns = (by_g[tokens].double(), kept, rolled.mean(0), errors)
    scored = zip(tokens, *(column.tolist() for column in columns), strict=True)
    return [Candidate(*each) for each in scored], critic.title


@torch.no_grad()
def draw_again(
    sampler: Sampler, poem: Sequence[int], places: Collection[int], seed: int,
    temperature: float = 1.0, drawn: int = DRAWN, allowed: Mapping[int, list[int]] | None = None,
) -> tuple[int, ...]:  # fmt: skip
    """The poem with the tokens at `places` drawn again; all others are kept as they are.

    G reads only what is before, so a draw by G alone (`drawn` 1) knows nothing of what follows.
    Here each of `drawn` candidates has its tokens drawn from G, place by place, with the kept ones
    put in between; its weight is the probability of these,

        w = Π_t G(y_t | y_{1:t-1})  over the kept places t,

    and one candidate is chosen in proportion to the weights. This is sampling-importance-resampling
    (Rubin 1987) with the exact weights of p(tokens at `places` | all others), so the draw follows
    that conditional as `drawn` grows; with few candidates it lies between G alone and it. G is that
    of the temperature (above 0), with the `allowed` tokens of `sample_tokens` at their places; a
    kept token that is not among these is taken as it is.
    """
    fixed = {t: token for t, token in enumerate(poem) if t not in places}
    allowed = {t: known for t, known in (allowed or {}).items() if fixed.get(t, known[0]) in known}
    candidates = sample_tokens(sampler, drawn, seed, temperature, fixed, allowed, "drawn again")
    logits = sampler.policy(temperature).logits(candidates)  # (drawn, T, V)
    for t, known in allowed.items():
        own = logits[:, t, known]
        logits[:, t] = -torch.inf
        logits[:, t, known] = own
    log_probs = logits.log_softmax(-1).gather(2, candidates[..., None])[..., 0]  # (drawn, T)
    weights = log_probs[:, list(fixed)].double().sum(1).softmax(0)
    chosen = torch.multinomial(weights, 1, generator=rng_for(seed, "drawn again: choice"))
    return tuple(candidates[int(chosen)].tolist())


def is_poem(sampler: Sampler, tokens: Sequence[int]) -> bool:
    """Whether the sampler could have written these tokens."""
    possible = set(range(len(sampler.words))) - sampler.never
    return len(tokens) == sampler.length and possible.issuperset(tokens)


def with_poem(
    models: Models, samples: SampleSet, row: int, poem: tuple[int, ...]
) -> Job[SampleSet]:
    """The samples with another poem in that row, coloured as the others are."""
    request = replace(samples.request, poem=(row, poem))
    tokens, values = samples.tokens.clone(), samples.values
    tokens[row] = torch.tensor(poem)
    own, _judge = yield from value_tokens(models, request, samples.sampler, tokens[row : row + 1])
    if values is not None and own is not None:
        values = values.clone()
        values[row] = own[0]
    texts = samples.sampler.text(tokens)
    return replace(samples, request=request, tokens=tokens, texts=texts, values=values)
