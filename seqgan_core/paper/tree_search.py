"""Monte Carlo tree search over G's next tokens: B trees at once, in lock step.

SeqGAN's conclusion names it as future work (Yu et al. 2017). A tree's root value is the value of
the search policy, not of G, so it is no Q for Eq. (8): the search gives G a policy to imitate.

    inner node   argmax_a  q̂(a) + c · P(a) · √ΣN / (1 + N(a))              PUCT (Silver et al. 2017)
    root         the best m of Gumbel + log P by sequential halving         (Danihelka et al. 2022)
    leaf         (1 - λ) · v + λ · D(one roll-out); a complete sequence: D
    target       π' = softmax(log P + (50 + max N) · 0.1 · q̂), completed by the mixed value

q̂ is scaled to [0, 1] over the tree, because D's scores lie in a narrow band. P has G's k likeliest
tokens. No Python object is made for a node, and no simulation waits for the device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from seqgan_core.paper.generator import State
from seqgan_core.paper.tokens import Tokens

VISIT_OFFSET, VALUE_SCALE = 50.0, 0.1  # of the improved policy, as Danihelka et al. publish them


@dataclass(frozen=True)
class SearchSettings:
    """How to search.

    Attributes:
        simulations: S, 1 or more.
        actions: k, G's likeliest tokens that a node considers; at most V.
        candidates: m, the actions of the root that sequential halving begins with; at most k.
        exploration: c, from 1.25 (MuZero) to 8 (PPO-MCTS).
        rollout_share: λ, the share of the roll-out in a leaf's value; 1 without a value network.
    """

    simulations: int = 16
    actions: int = 16
    candidates: int = 8
    exploration: float = 1.25
    rollout_share: float = 0.5


@dataclass(frozen=True)
class Roots:
    """M prefixes to search from, the shorter ones first.

    Attributes:
        tokens: (M, T); only the first `lengths` tokens of a row are read.
        lengths: of M prefixes, ascending, each from 0 to T - 1.
        g: G's states, which predict the next token; (M, H).
        v: the value network's states after the prefix; None without one.
    """

    tokens: Tokens
    lengths: Sequence[int]
    g: State
    v: State | None


@dataclass(frozen=True)
class Tree:
    """M searched trees; node 0 is the root, node s was added by simulation s.

    Attributes:
        actions, prior: (M, S + 1, k), the tokens that a node considers, and their share of G's
            probability of all k.
        left_out: (M, S + 1), G's probability of all other tokens.
        child: (M, S + 1, k), the node that an action leads to; -1 where it was never taken.
        visits, totals: (M, S + 1, k), N, and the sum of the values that were backed up.
        values: (M, S + 1), a node's own value: (1 - λ) · v + λ · D(roll-out), or D at the end.
        lengths, ended: (M, S + 1), tokens of the prefix; whether it is complete.
        root_scores: (M, k), Gumbel + log P of the root's actions.
    """

    actions: Tensor
    prior: Tensor
    left_out: Tensor
    child: Tensor
    visits: Tensor
    totals: Tensor
    values: Tensor
    lengths: Tensor
    ended: Tensor
    root_scores: Tensor


@dataclass(frozen=True)
class Found:
    """What a search found out about M roots.

    Attributes:
        tree: the trees.
        q: (M, k), the mean value of each action of the root; the mixed value where N is 0.
        improved: (M, k), π' over the root's actions; the rows sum to 1.
        chosen: (M,), the token that the search would write.
        value: (M,), the mean of all that was backed up to the root, its own value included.
    """

    tree: Tree
    q: Tensor
    improved: Tensor
    chosen: Tokens
    value: Tensor


@dataclass(frozen=True)
class SearchNoise:
    """All randomness of a search: `gumbel` (M, k), and `rollouts` (S + 1, M, T) in [0, 1).

    Row 0 of `rollouts` is the root's own. More simulations keep the first rows.
    """

    gumbel: Tensor
    rollouts: Tensor
