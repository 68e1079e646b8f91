"""Roll-outs, a value network and a tree against the true Q, where all sentences can be counted."""

import itertools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.rollout import Reward, q_values
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.tree_search import SearchSettings, roots_of, search, search_noise
from seqgan_core.paper.value_network import ValueNetwork, prefix_targets, value_loss
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.trace.tiny_problem import TINY
from seqgan_core.training.trainer import Trainer

FITTED, JUDGED = 512, 256  # samples of G that v is fitted to, and others that all are judged on
STEPS, RATE = 300, 3e-3  # of Adam
N = 16  # roll-outs and simulations


@dataclass(frozen=True)
class Truth:
    """Errors, estimate minus truth, of Q at the positions 1 .. T - 1 of n sequences: (n, T - 1).

    `rollouts`, `value` and `tree` are judged on the same tokens, G's; `chosen` is the tree's Q of
    the token that it would write.
    """

    sentences: int  # all that there are, which the truth was enumerated from
    rollouts: np.ndarray
    value: np.ndarray
    tree: np.ndarray
    chosen: np.ndarray


def true_q(generator: Generator, reward: Reward, tokens: Tokens) -> tuple[Tensor, int]:
    """Q of every token of `tokens` (B, T) as a sum over all endings, (B, T); and V^T."""
    V, T = generator.vocab_size, tokens.shape[1]
    every = torch.tensor(list(itertools.product(range(V), repeat=T)))  # in the order of digits
    with torch.no_grad():
        p, scores = generator.log_probs(every).double().sum(1).exp(), reward(every).double()
    columns = []
    for t in range(1, T + 1):
        places = (tokens[:, :t] * V ** torch.arange(t - 1, -1, -1)).sum(1)
        weight, total = (part.view(V**t, -1).sum(1)[places] for part in (p, p * scores))
        columns.append(total / weight)
    return torch.stack(columns, dim=1), len(every)


def against_truth() -> Job[Truth]:
    """Trains the problem of Algorithm 1, and compares the estimates under its G and D."""
    trainer = Trainer(TINY)
    for event in trainer.events():
        yield 0.3 * min(1.0, event.epoch / (TINY.pretrain_epochs + TINY.rounds))
    generator, D = trainer.models.generator, trainer.models.discriminator
    assert D is not None
    T, rng = TINY.sequence_length, rng_for(TINY.seed, "against the truth")
    network = ValueNetwork(TINY.vocab_size, T, TINY.v_size).initialise(rng)
    both = generator.sample(FITTED + JUDGED, T, rng)
    fitted, judged = both[:FITTED], both[FITTED:]
    targets = prefix_targets(q_values(generator, D, fitted, N, rng).q)
    adam = torch.optim.Adam(network.parameters(), RATE)
    for step in range(STEPS):
        adam.zero_grad()
        value_loss(network, fitted, targets).backward()  # type: ignore[no-untyped-call]
        adam.step()
        yield 0.3 + 0.6 * step / STEPS
    true, sentences = true_q(generator, D, judged)
    settings = SearchSettings(N, TINY.vocab_size, TINY.vocab_size)  # every token is a candidate
    roots = roots_of(generator, network, judged)
    found = search(generator, network, D, roots, settings, search_noise(roots, settings, rng))

    def by_tree(tokens: Tokens) -> Tensor:
        """The root's Q of each of `tokens` (B, T), after the prefix in `judged`."""
        places = found.tree.actions[:, 0] == tokens.t().reshape(-1, 1)  # (T·B, V)
        return found.q[places].view(T, -1).t()

    def errors(estimate: Tensor, truth: Tensor = true) -> np.ndarray:
        return (estimate[:, : T - 1].double() - truth[:, : T - 1]).detach().numpy()

    chosen = found.chosen.view(T, -1).t()
    true_of_chosen = true.clone()
    for t in range(T - 1):
        variant = judged.clone()
        variant[:, t] = chosen[:, t]
        true_of_chosen[:, t] = true_q(generator, D, variant)[0][:, t]
    return Truth(
        sentences, errors(q_values(generator, D, judged, N, rng).q),
        errors(network.values(judged)[:, 1:]), errors(by_tree(judged)),
        errors(by_tree(chosen), true_of_chosen),
    )  # fmt: skip
