"""The three updates: MLE for G, the policy gradient for G, cross-entropy for D.

The first and the last sum their measurements on the device; `read` copies the sums to the host
once per report, so that no inner loop waits for the GPU.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.objectives import (
    discriminator_loss,
    mle_loss,
    policy_gradient_loss,
    scheduled_sampling_loss,
)
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.tree_search import Found, improved_policy_loss
from seqgan_core.paper.value_network import ValueNetwork, value_loss
from seqgan_core.training.learners.cuda_graphs import GraphedStep
from seqgan_core.training.learners.optimisers import adam_tensors, make_adam

UPDATES_IN_A_GRAPH = 10  # divides every preset's `report_every`


class Reading(NamedTuple):
    """Means over the updates since the last reading."""

    updates: int
    loss: float
    metric: float  # gradient norm (MLE) or accuracy (D)


class _Learner:
    """Adam for one model, its step, and running sums of the step's measurements.

    `_update` changes weights, moments and sums in place, and gets the same shapes in every call.

    Attributes:
        at_once: how many updates one graph makes; 1 without graphs.
    """

    _update: Callable[..., None]

    def __init__(self, model: nn.Module, learning_rate: float, graphs: bool) -> None:
        device = next(model.parameters()).device
        self.model = model
        self.adam = make_adam(model.parameters(), learning_rate, device)
        self._sums = torch.zeros(2, device=device)  # loss, and gradient norm or accuracy
        self._updates = 0
        state = [*model.parameters(), *adam_tensors(self.adam).values(), self._sums]
        graphed = graphs and device.type == "cuda"
        self.at_once = UPDATES_IN_A_GRAPH if graphed else 1
        self._one, self._several = (GraphedStep(state, graphed) for _ in range(2))

    def __call__(self, *inputs: Tensor) -> None:
        """One update."""
        self.updates(*(tensor[None] for tensor in inputs))

    def updates(self, *inputs: Tensor) -> None:
        """One update on each row of the inputs, all (K, …); `at_once` rows are one graph."""
        K = len(inputs[0])
        if self.at_once == K:
            self._several(self._update_each, *inputs)
        else:
            for row in zip(*inputs, strict=True):
                self._one(self._update, *row)
        self._updates += K

    def _update_each(self, *inputs: Tensor) -> None:
        for row in zip(*inputs, strict=True):
            self._update(*row)

    def read(self) -> Reading:
        """Means since the last reading; waits for the device."""
        loss, metric = (self._sums / max(1, self._updates)).tolist()
        reading = Reading(self._updates, loss, metric)
        self._sums.zero_()
        self._updates = 0
        return reading


class MleLearner(_Learner):
    """Line 2 of Algorithm 1: MLE of the true tokens. Reads loss and gradient norm.

    G is fed the true tokens (teacher forcing), perhaps with a dropout mask, or, given `truth` and
    `uniforms`, its own tokens where `truth` is False (scheduled sampling; not in a graph).
    """

    model: Generator

    def __init__(
        self,
        generator: Generator,
        learning_rate: float,
        max_grad_norm: float,
        graphs: bool = True,
        end: int | None = None,
    ) -> None:
        self._max_grad_norm, self._end = max_grad_norm, end
        super().__init__(generator, learning_rate, graphs)

    def _update(self, tokens: Tensor, *noise: Tensor) -> None:
        self.adam.zero_grad(set_to_none=True)
        if len(noise) == 2:
            loss = scheduled_sampling_loss(self.model, tokens, *noise, self._end)
        else:
            loss = mle_loss(self.model, tokens, self._end, *noise)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self._max_grad_norm)
        self.adam.step()
        self._sums.add_(torch.stack([loss.detach(), norm]))


class DiscriminatorLearner(_Learner):
    """Lines 5 and 16: D learns to distinguish real from fake. Reads loss and training accuracy."""

    model: Discriminator

    def __init__(
        self, discriminator: Discriminator, learning_rate: float, l2: float, graphs: bool = True
    ) -> None:
        self._l2 = l2
        super().__init__(discriminator, learning_rate, graphs)

    def _update(self, tokens: Tensor, labels: Tensor, dropout_mask: Tensor) -> None:
        self.adam.zero_grad(set_to_none=True)
        loss, right = discriminator_loss(self.model, tokens, labels, self._l2, dropout_mask)
        loss.backward()  # type: ignore[no-untyped-call]
        self.adam.step()
        self._sums.add_(torch.stack([loss.detach(), right / len(labels)]))


class PolicyReading(NamedTuple):
    """Measurements of one policy-gradient update."""

    loss: float  # per token of the batch
    grad_norm: float  # before clipping
    mean_q: float
    std_q: float
    entropy: float  # nats per token, along the sampled sequences


class PolicyLearner:
    """Line 12: the policy gradient for G, with its own Adam, whose moments start at 0."""

    def __init__(self, generator: Generator, learning_rate: float, max_grad_norm: float) -> None:
        self.model = generator
        self._max_grad_norm = max_grad_norm
        device = generator.embedding.device
        self.adam = make_adam(generator.parameters(), learning_rate, device)

    def __call__(self, tokens: Tokens, q: Tensor, weights: Tensor) -> PolicyReading:
        """One update on `tokens` (B, T), each token weighted by `weights` (B, T).

        `q` (B, T) is Q before normalisation; it is only measured.
        """
        loss, entropy = policy_gradient_loss(self.model, tokens, weights)
        return self._update(loss, loss.detach() / tokens.numel(), entropy, q)

    def imitate(self, tokens: Tokens, found: Found) -> PolicyReading:
        """One update towards what a search found out about all prefixes of `tokens` (B, T)."""
        loss, entropy = improved_policy_loss(self.model, tokens, found)
        return self._update(loss, loss.detach(), entropy, found.value)

    def _update(self, loss: Tensor, shown: Tensor, entropy: Tensor, q: Tensor) -> PolicyReading:
        self.adam.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self._max_grad_norm)
        self.adam.step()
        measured = torch.stack([shown, norm, q.mean(), q.std(correction=0), entropy])
        return PolicyReading(*measured.tolist())


class ValueReading(NamedTuple):
    """How well v knew the targets before it learnt from them."""

    v_loss: float  # cross-entropy, nats
    v_explained: float  # explained variance: 1 - Var(target - v) / Var(target), at most 1
    v_bias: float  # mean v - mean target


class ValueLearner:
    """v learns the scores that a generator step made anyway, with its own Adam."""

    def __init__(self, network: ValueNetwork, learning_rate: float, steps: int) -> None:
        self.model, self._steps = network, steps
        device = network.embedding.weight.device
        self.adam = make_adam(network.parameters(), learning_rate, device)

    def __call__(self, tokens: Tokens, values: Tensor, targets: Tensor) -> ValueReading:
        """Some updates on `tokens` (B, T); `values` and `targets` (B, T), of their prefixes."""
        losses = []
        for _ in range(self._steps):
            self.adam.zero_grad(set_to_none=True)
            loss = value_loss(self.model, tokens, targets)
            loss.backward()  # type: ignore[no-untyped-call]
            self.adam.step()
            losses.append(loss.detach())
        unexplained = (targets - values).var(correction=0)
        share = unexplained / targets.var(correction=0).clamp(min=1e-12)
        bias = values.mean() - targets.mean()
        return ValueReading(*torch.stack([losses[0], 1 - share, bias]).tolist())


@dataclass(frozen=True)
class Learners:
    """The updates of a run; `discriminator` and `value` are None for a method without them."""

    mle: MleLearner
    policy: PolicyLearner
    discriminator: DiscriminatorLearner | None
    value: ValueLearner | None
