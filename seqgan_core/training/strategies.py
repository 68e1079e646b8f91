"""One table: each training method is a row that says where the training signal comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seqgan_core.messages import N_

if TYPE_CHECKING:  # the command line reads the table without torch
    from torch import Tensor

    from seqgan_core.paper.discriminator import Discriminator
    from seqgan_core.paper.rollout import Reward
    from seqgan_core.paper.tokens import Tokens
    from seqgan_core.tasks.protocol import Task
    from seqgan_core.training.config import TrainConfig


@dataclass(frozen=True)
class Context:
    """What a reward may depend on."""

    config: TrainConfig
    task: Task
    discriminator: Discriminator | None


@dataclass(frozen=True)
class ConstantReward:
    """The reward of every sequence is `value`: a control that knows nothing about the data."""

    value: float = 1.0

    def __call__(self, tokens: Tokens) -> Tensor:
        """(M, T) -> (M,)."""
        import torch

        return torch.full((len(tokens),), self.value, device=tokens.device)


@dataclass(frozen=True)
class RandomReward:
    """The reward of every completed sequence is noise, uniform in [0, 1]: a fairer control.

    A constant has no gradient under a baseline; noise goes through the same normalisation as D's
    scores, and still knows nothing about the data.
    """

    seed: int

    def q_values(self, tokens: Tokens, n_rollouts: int, update: int) -> Tensor:
        """The mean over N roll-outs, without drawing them: (B, T) -> (B, T).

        Exact, because the noise does not depend on the sequence. It depends on the seed, the
        update and the row alone, not on the size of the batch or on the device.
        """
        import torch

        from seqgan_core.training.randomness import rng_for

        rng = rng_for(self.seed, "random-reward", update)
        noise = torch.rand(*tokens.shape, n_rollouts, generator=rng)  # (B, T, N)
        q = noise.mean(-1)
        q[:, -1] = noise[:, -1, 0]  # complete: one score, not N
        return q.to(tokens.device)


LookAhead = Literal["actor_critic", "tree_search", "best_of_n"]


@dataclass(frozen=True)
class Strategy:
    """A row of the table."""

    title: str  # shown through `_`; a sentence about it: `remark("strategy.…")`
    pretrains: bool = True  # whether it starts with MLE
    scheduled: bool = False  # whether MLE feeds G some of its own tokens, more of them each epoch
    # makes the reward of the policy gradient; None for methods without one, which continue with MLE
    # updates in the rounds (or, without pre-training, do nothing)
    reward: Callable[[Context], Reward | RandomReward] | None = None
    trains_discriminator: bool = False  # whether D learns too
    # whether Q needs roll-outs (the mean of a constant or of noise is known)
    rolls_out: bool = True
    # whether `q_normalisation` applies (it would turn a constant into zero)
    normalises_q: bool = True
    # what replaces lines 9 to 12: advantages of the value network, the policy that a tree search
    # improves, or the best of many samples, to be imitated
    ahead: LookAhead | None = None


def _discriminator_reward(context: Context) -> Reward:
    assert context.discriminator is not None
    return context.discriminator


def _bleu_reward(context: Context) -> Reward:
    from seqgan_core.paper.bleu import Bleu

    task, order = context.task, context.config.bleu_order
    return Bleu(task.train_data(), order, task.vocabulary.size, end=task.end)


RewardName = Literal["discriminator", "bleu", "constant"]
REWARDS: dict[str, Callable[[Context], Reward]] = {
    "discriminator": _discriminator_reward,
    "bleu": _bleu_reward,
    "constant": lambda context: ConstantReward(),
}

# what the rows have in common whose G looks ahead by D's score of finished sequences
_AHEAD: dict[str, Any] = {
    "reward": REWARDS["discriminator"],
    "trains_discriminator": True,
    "rolls_out": False,
    "normalises_q": False,
}
STRATEGIES: dict[str, Strategy] = {
    "seqgan": Strategy(N_("SeqGAN"), reward=REWARDS["discriminator"], trains_discriminator=True),
    "mle": Strategy(N_("MLE")),
    "scheduled_sampling": Strategy(N_("Scheduled sampling"), scheduled=True),
    "pg_bleu": Strategy(N_("PG-BLEU"), reward=REWARDS["bleu"]),
    "random": Strategy(N_("Random"), pretrains=False),
    "constant_reward": Strategy(
        N_("Constant reward"), reward=REWARDS["constant"], rolls_out=False, normalises_q=False
    ),
    "random_reward": Strategy(
        N_("Random reward"), reward=lambda c: RandomReward(c.config.seed), rolls_out=False
    ),
    "actor_critic": Strategy(N_("Actor-critic"), ahead="actor_critic", **_AHEAD),
    "tree_search": Strategy(N_("Tree search"), ahead="tree_search", **_AHEAD),
    "best_of_n": Strategy(N_("Best of n"), ahead="best_of_n", **_AHEAD),
}


def has_value_network(config: TrainConfig) -> bool:
    """Whether a run trains a value network."""
    row = STRATEGIES[config.strategy]
    as_baseline = config.q_normalisation == "value" and row.reward and row.normalises_q
    return row.ahead in ("actor_critic", "tree_search") or bool(as_baseline)


def keeps_searched(config: TrainConfig) -> bool:
    """Whether a run keeps what its search found, for D."""
    return STRATEGIES[config.strategy].ahead == "tree_search" and config.search_negatives


def reward_names(config: TrainConfig) -> list[str]:
    """The rewards that can score a run's sequences; its own reward comes first."""
    strategy = STRATEGIES[config.strategy]
    names = [name for name in REWARDS if name != "discriminator" or strategy.trains_discriminator]
    return sorted(names, key=lambda name: REWARDS[name] is not strategy.reward)
