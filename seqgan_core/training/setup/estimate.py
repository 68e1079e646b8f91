"""How long a run takes: the measured cost of each unit of work, times how often it is done."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache, partial

import torch

from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.rollout import complete
from seqgan_core.paper.tree_search import SearchSettings, roots_of, search, search_noise
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.build import make_discriminator, make_generator, make_value_network
from seqgan_core.training.config import TrainConfig, make_config, settings_where
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.learners.cuda_graphs import CAPTURING
from seqgan_core.training.learners.updates import (
    DiscriminatorLearner,
    MleLearner,
    PolicyLearner,
    ValueLearner,
)
from seqgan_core.training.strategies import STRATEGIES, has_value_network

PROBE_WEIGHT = 64 * 5000  # rows of logits times V, to measure the cost of a sequence
SCORE_WEIGHT = 10**10  # products, to measure D's cost of a completion: about a second
TREES = 256  # to measure the cost of a node


@dataclass(frozen=True)
class UnitCosts:
    """Seconds on this machine, now."""

    mle_update: float
    scheduled_update: float
    policy_update: float
    d_update: float
    sample: float  # one sequence
    score: float  # D of one completion, in a batch
    judge: float  # D of one sequence, with whose others it shares nothing
    value_update: float
    node: float  # of one tree, valued by the value network
    bleu: float  # BLEU of one completion
    nll: float  # one sequence


def estimate_seconds(config: TrainConfig, device: torch.device) -> float:
    """An estimate of the run's seconds, from a short measurement of each unit of work.

    Measuring takes a tenth of a second for small settings and a second or two at the paper's size.
    The result is cached for settings of the same sizes, so moving a slider of the schedule is fast.
    Call `prepare_cpu` before: the probe must run as training does.
    """
    c, row = config, STRATEGIES[config.strategy]
    cost = unit_costs(_sizes_only(config), device)
    adversarial = bool(row.pretrains and c.rounds)
    pretraining = c.pretrain_epochs if row.pretrains else 0
    updates = c.rounds * c.g_steps if adversarial else 0
    mle_update = cost.scheduled_update if row.scheduled else cost.mle_update
    seconds = 0.0 if c.task in CORPUS_TASKS else (c.n_train + c.n_test) * cost.sample
    seconds += pretraining * (c.n_train // c.batch_size) * mle_update

    if row.reward is None:
        seconds += updates * mle_update
    else:
        seconds += updates * (c.g_batch_size * cost.sample + cost.policy_update)
        seconds += updates * _ahead(c, cost)
        if row.rolls_out:
            score = cost.score if row.trains_discriminator else cost.bleu
            completions = c.n_rollouts * (c.sequence_length - 1) * c.g_batch_size
            # a completion draws half a sequence on average
            seconds += updates * completions * (cost.sample / 2 + score)
    if row.trains_discriminator and adversarial:
        n = c.d_samples if c.d_samples is not None else c.n_train
        a_set = n * cost.sample + c.d_epochs * (2 * n // c.batch_size_of_d) * cost.d_update
        seconds += (c.d_pretrain_steps + c.rounds * c.d_steps) * a_set
    evaluations = 1 + pretraining // c.evaluate_every
    evaluations += c.rounds // c.evaluate_every if adversarial else 0
    sampled, held_out = c.n_eval * (cost.sample + cost.nll), c.n_test * cost.nll
    seconds += evaluations * (sampled + held_out)
    if adversarial and row.reward is not None:
        judged = 0.0 if c.task in CORPUS_TASKS else sampled
        seconds += len(TEMPERATURES) * (judged + held_out)
    return seconds


def _ahead(c: TrainConfig, cost: UnitCosts) -> float:
    """Seconds of an update for what a strategy does in place of roll-outs, and for v."""
    row, B, T = STRATEGIES[c.strategy], c.g_batch_size, c.sequence_length
    seconds = c.v_steps * cost.value_update if has_value_network(c) else 0.0
    if row.ahead is not None:
        seconds += B * cost.judge
    if row.ahead == "best_of_n":
        seconds += c.n_rollouts * (T - 1) * B * (cost.sample + cost.judge)
    if row.ahead == "tree_search":
        rollout = cost.sample / 2 + cost.judge if c.search_rollout_share else 0.0
        seconds += (c.search_simulations + 1) * B * T * (cost.node + rollout)
    return seconds


def _sizes_only(config: TrainConfig) -> TrainConfig:
    """The settings with all that do not change a unit's cost at their defaults."""
    probed = settings_where(lambda facts: facts.probed)
    sizes = {name: getattr(config, name) for name in probed}
    return make_config(n_train=max(16, config.batch_size, config.batch_size_of_d), **sizes)


@lru_cache(maxsize=32)
def unit_costs(sizes: TrainConfig, device: torch.device) -> UnitCosts:
    """Measures each unit of work after a warm-up, on models of these sizes."""
    with CAPTURING if device.type == "cuda" else nullcontext():  # a run may be capturing its steps
        return _measured(sizes, device)


def _measured(c: TrainConfig, device: torch.device) -> UnitCosts:
    generator, discriminator = make_generator(c, device), make_discriminator(c, device)
    rng = torch.Generator(device=device).manual_seed(0)
    # as many as training handles at once: small vocabularies go in large batches
    n = min(2048, max(64, PROBE_WEIGHT // c.vocab_size))
    n = max(8, min(n, 2_000_000 // c.sequence_length**2))  # completions hold T² tokens each
    probe = generator.sample(n, c.sequence_length, rng)
    batch = generator.sample(c.batch_size, c.sequence_length, rng)
    policy_batch = generator.sample(c.g_batch_size, c.sequence_length, rng)
    d_batch = generator.sample(c.batch_size_of_d, c.sequence_length, rng)
    labels = torch.zeros(len(d_batch), dtype=torch.long, device=device)
    mask = discriminator.dropout_mask(len(d_batch), c.d_dropout_keep, rng)
    q = torch.rand(policy_batch.shape, generator=rng, device=device)
    rate = c.pretrain_learning_rate
    mle = MleLearner(generator, rate, c.max_grad_norm)
    scheduled = MleLearner(generator, rate, c.max_grad_norm, graphs=False)
    noise = torch.rand(batch.shape, generator=rng, device=device)
    policy = PolicyLearner(generator, c.g_learning_rate, c.max_grad_norm)
    d_learner = DiscriminatorLearner(discriminator, c.d_learning_rate, c.d_l2)
    some = probe[: _scored(c, n)]
    completions = complete(generator, some, 1, rng)
    n_completions = max(1, completions.shape[0] * len(some))
    value = make_value_network(c, device)
    v_learner = ValueLearner(value, c.v_learning_rate, 1)
    roots = roots_of(generator, value, probe[: max(1, TREES // c.sequence_length)])
    k = min(16, c.vocab_size)
    nodes = SearchSettings(8, k, min(8, k), rollout_share=0.0)
    search_with = search_noise(roots, nodes, rng)
    bleu = Bleu(probe, c.bleu_order, c.vocab_size)
    timed = partial(_seconds, device)

    return UnitCosts(
        mle_update=timed(lambda: mle(batch)),
        scheduled_update=timed(lambda: scheduled(batch, noise < 0.5, noise)),
        policy_update=timed(lambda: policy(policy_batch, q, q)),
        d_update=timed(lambda: d_learner(d_batch, labels, mask)),
        sample=timed(lambda: generator.sample(n, c.sequence_length, rng)) / n,
        score=timed(lambda: discriminator.score_completions(completions, some)) / n_completions,
        judge=timed(lambda: discriminator(some)) / len(some),
        value_update=timed(lambda: v_learner(policy_batch, q, q)),
        node=timed(lambda: search(generator, value, discriminator, roots, nodes, search_with))
        / (len(roots.lengths) * (1 + nodes.simulations)),
        bleu=timed(lambda: bleu(completions.flatten(0, 2))) / n_completions,
        nll=timed(lambda: sequence_nll(generator, probe)) / n,
    )


def _scored(sizes: TrainConfig, n: int) -> int:
    """How many of the n rows of the probe are completed and scored; fewer with wide filters.

    A row has T - 1 prefixes, whose completions D reads in all of their T places.
    """
    c = sizes
    filters = sum(w * f for w, f in zip(c.d_widths, c.d_filters, strict=True))
    products = c.sequence_length * (c.sequence_length - 1) * filters * c.d_embedding_size
    return max(8, min(n, SCORE_WEIGHT // max(1, products)))


def _seconds(device: torch.device, work: Callable[[], object]) -> float:
    """The faster of two calls after one that warms up.

    On a CPU it is the time of this thread, so that other runs do not count.
    """
    fine = time.get_clock_info("thread_time").resolution <= 1e-6  # not on every system
    clock = time.thread_time if device.type == "cpu" and fine else time.perf_counter
    best = float("inf")
    for attempt in range(3):
        start = clock()
        work()
        if device.type == "cuda":
            torch.cuda.current_stream(device).synchronize()
        if attempt:
            best = min(best, clock() - start)
    return best
