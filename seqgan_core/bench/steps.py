"""The steps of the paper's experiment, at the paper's size, in both versions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from seqgan_core.bench import textbook
from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.rollout import q_values
from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.build import make_discriminator, make_generator
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner, PolicyLearner
from seqgan_core.training.randomness import rng_for


@dataclass(frozen=True)
class Step:
    """Both versions of a step; `textbook_warm_up` is a short part of the textbook version.

    The steps of other methods have no textbook version; SeqGAN's generator step is their measure.
    """

    name: str
    title: str
    flops: float  # of its matrix products, the least that its formulas need; 0 where it has none
    ours: Callable[[], object]
    textbook: Callable[[], object] | None = None
    textbook_warm_up: Callable[[], object] | None = None


def make_steps(config: TrainConfig, device: torch.device) -> list[Step]:
    """The steps on random models and tokens; both versions start from the same weights."""
    B, T, N = config.batch_size, config.sequence_length, config.n_rollouts
    rng = rng_for(config.seed, "bench", 0, device)

    def draw_tokens(n: int) -> Tokens:
        return torch.randint(config.vocab_size, (n, T), generator=rng, device=device)

    tokens = draw_tokens(B)
    references, order = draw_tokens(config.n_train), config.bleu_order
    by_bleu = Bleu(references, order, config.vocab_size)
    labels = (torch.arange(B, device=device) % 2).long()
    q = torch.rand(B, T, generator=rng, device=device)
    generator, slow_generator = make_generator(config, device), make_generator(config, device)
    discriminator = make_discriminator(config, device)
    slow_discriminator = textbook.Conv2dDiscriminator(discriminator)

    g_rate, d_rate, clip = config.g_learning_rate, config.d_learning_rate, config.max_grad_norm
    learn_mle = MleLearner(generator, config.pretrain_learning_rate, clip)
    learn_policy = PolicyLearner(generator, g_rate, clip)
    learn_d = DiscriminatorLearner(discriminator, d_rate, config.d_l2)
    slow_mle = torch.optim.Adam(slow_generator.parameters(), lr=config.pretrain_learning_rate)
    slow_policy = torch.optim.Adam(slow_generator.parameters(), lr=g_rate)
    slow_d = torch.optim.Adam(slow_discriminator.parameters(), lr=d_rate)

    def textbook_reward(n_rollouts: int = N) -> torch.Tensor:
        score = slow_discriminator.probability_real
        return textbook.q_values(slow_generator, score, tokens, n_rollouts, rng)

    def generator_step() -> None:
        sampled = generator.sample(B, T, rng)
        values = q_values(generator, discriminator, sampled, N, rng)
        learn_policy(sampled, values.q, values.q)

    def textbook_generator_step() -> None:
        sampled = textbook.sample(slow_generator, B, T, rng)
        score = slow_discriminator.probability_real
        values = textbook.q_values(slow_generator, score, sampled, N, rng)
        textbook.policy_step(slow_generator, slow_policy, sampled, values)

    def mask() -> torch.Tensor:
        return discriminator.dropout_mask(B, config.d_dropout_keep, rng)

    flops = count_flops(config)
    return [
        Step(
            "mle_step",
            f"MLE step of {B}",
            flops["mle_step"],
            lambda: learn_mle(tokens),
            lambda: textbook.mle_step(slow_generator, slow_mle, tokens),
        ),
        Step(
            "sample",
            f"sampling {B} sequences",
            flops["sample"],
            lambda: generator.sample(B, T, rng),
            lambda: textbook.sample(slow_generator, B, T, rng),
        ),
        Step(
            "reward",
            f"reward of {B} sequences, {N} roll-outs",
            flops["reward"],
            lambda: q_values(generator, discriminator, tokens, N, rng),
            textbook_reward,
            lambda: textbook_reward(1),
        ),
        Step(
            "bleu",
            f"BLEU-{order} of {B} sequences, {config.n_train} references",
            0.0,
            lambda: by_bleu(tokens),
            lambda: textbook.bleu(references, tokens, order),
            lambda: textbook.bleu(references, tokens[:1], order),
        ),
        Step(
            "generator_step",
            f"full generator step of {B}",
            flops["sample"] + flops["reward"] + flops["mle_step"],
            generator_step,
            textbook_generator_step,
            lambda: textbook.policy_step(slow_generator, slow_policy, tokens, q),
        ),
        Step(
            "discriminator_step",
            f"D step of {B}",
            flops["discriminator_step"],
            lambda: learn_d(tokens, labels, mask()),
            lambda: textbook.discriminator_step(
                slow_discriminator, slow_d, tokens, labels, config.d_l2, mask()
            ),
        ),
        *_ahead(config, device),
    ]


def _ahead(c: TrainConfig, device: torch.device) -> Iterator[Step]:
    """The generator steps of the methods that look ahead without SeqGAN's roll-outs."""
    B, k = c.batch_size, min(c.search_actions, c.vocab_size)
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("actor_critic", f"actor-critic step of {B}", {}),
        ("tree_search", f"tree-search step of {B}, v alone", {"search_rollout_share": 0.0}),
        ("tree_search", f"tree-search step of {B}, half roll-outs", {"search_rollout_share": 0.5}),
    ]
    for strategy, title, changes in rows:
        few = {"n_train": max(16, B, c.batch_size_of_d), "n_test": 16, "d_samples": None}
        nodes = {"search_actions": k, "search_candidates": min(c.search_candidates, k)}
        config = make_config(
            c, strategy=strategy, device=device.type, g_batch_size=B, **few, **nodes, **changes
        )
        share = changes.get("search_rollout_share")
        name = strategy if share is None else f"{strategy}_{share:g}"
        yield Step(name, title, 0.0, _generator_step(config))


def _generator_step(config: TrainConfig) -> Callable[[], object]:
    run = Algorithm1(config, cuda_graphs=False)
    return lambda: list(run.generator_step())


def count_flops(config: TrainConfig) -> dict[str, float]:
    """FLOPs of the matrix products that the formulas need, two for each multiplication.

    A gradient takes twice its forward products, but a filter's only those of one window. In a
    roll-out a convolution is a sum over one table of every token at every place.
    """
    c = config
    B, T, N, H = c.batch_size, c.sequence_length, c.n_rollouts, c.g_hidden_size
    token = 2 * H * (c.vocab_size + 4 * (c.g_embedding_size + H))  # one step of G, with its softmax
    highway = 4 * sum(c.d_filters) ** 2
    window = [2 * n * w * c.d_embedding_size for n, w in zip(c.d_filters, c.d_widths, strict=True)]
    every = sum(one * (T - w + 1) for one, w in zip(window, c.d_widths, strict=True))
    rolled_out = N * B * T * (T - 1) / 2  # tokens
    scored = B * (N * (T - 1) + 1)  # sequences
    return {
        "mle_step": 3 * B * T * token,
        "sample": B * T * token,
        "reward": rolled_out * token + scored * highway + c.vocab_size * sum(window),
        "discriminator_step": B * (3 * highway + every + 2 * sum(window)),
    }
