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

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan_core.paper.generator import FastSampler, Generator, State
from seqgan_core.paper.rollout import Reward
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.value_network import ValueNetwork

VISIT_OFFSET, VALUE_SCALE = 50.0, 0.1  # of the improved policy, as Danihelka et al. publish them


@dataclass(frozen=True)
class SearchSettings:
    """How to search."""

    simulations: int = 16  # S, 1 or more
    actions: int = 16  # k, G's likeliest tokens that a node considers; at most V
    candidates: int = 8  # m, the actions of the root that sequential halving begins with; at most k
    exploration: float = 1.25  # c, from 1.25 (MuZero) to 8 (PPO-MCTS)
    # λ, the share of the roll-out in a leaf's value; 1 without a value network
    rollout_share: float = 0.5


@dataclass(frozen=True)
class Roots:
    """M prefixes to search from, the shorter ones first."""

    tokens: Tokens  # (M, T); only the first `lengths` tokens of a row are read
    lengths: Sequence[int]  # of M prefixes, ascending, each from 0 to T - 1
    g: State  # G's states, which predict the next token; (M, H)
    v: State | None  # the value network's states after the prefix; None without one


@dataclass(frozen=True)
class Tree:
    """M trees; node 0 is the root, node s was added by simulation s.

    Where a simulation ended at a complete sequence again, no action leads to its node.
    """

    # actions, prior: (M, S + 1, k), the tokens that a node considers, and G's probabilities of
    # them, divided by their sum
    actions: Tensor
    prior: Tensor
    left_out: Tensor  # (M, S + 1), G's probability of all other tokens
    child: Tensor  # (M, S + 1, k), the node that an action leads to; 0 where it was never taken
    # visits, totals: (M, S + 1, k), N, and the sum of the values that were backed up
    visits: Tensor
    totals: Tensor
    values: Tensor  # (M, S + 1), a node's own: (1 - λ) · v + λ · D(roll-out), or D at the end
    tokens: Tokens  # (M, S + 1, T), of which `lengths` (M, S + 1) are the node's prefix
    lengths: Tensor
    ended: Tensor  # (M, S + 1), whether the prefix is a complete sequence
    root_scores: Tensor  # (M, k), Gumbel + log P of the root's actions

    def q(self, node: Tensor) -> Tensor:
        """The mean value of the actions of `node` (M,), its own value where N is 0: (M, k)."""
        rows = torch.arange(len(node), device=node.device)
        n, own = self.visits[rows, node], self.values[rows, node]
        return torch.where(n > 0, self.totals[rows, node] / n.clamp(min=1), own[:, None])

    def completed(self) -> Tensor:
        """The values of the root's actions; where N is 0 the mixed value stands: (M, k)."""
        n, prior = self.visits[:, 0], self.prior[:, 0]
        q, seen = self.totals[:, 0] / n.clamp(min=1), n > 0
        share = (prior * seen).sum(1, keepdim=True)
        mean = (prior * q * seen).sum(1, keepdim=True) / share.clamp(min=1e-12)
        total = n.sum(1, keepdim=True)
        return torch.where(seen, q, (self.values[:, :1] + total * mean) / (1 + total))

    def scale(self) -> tuple[Tensor, Tensor]:
        """The smallest value in each tree, and the range of its values, both (M, 1)."""
        means, seen = self.totals / self.visits.clamp(min=1), self.visits > 0
        own = self.values[:, :1]
        low = torch.minimum(means.masked_fill(~seen, torch.inf).amin((1, 2))[:, None], own)
        high = torch.maximum(means.masked_fill(~seen, -torch.inf).amax((1, 2))[:, None], own)
        return low, (high - low).clamp(min=1e-8)

    def gains(self) -> Tensor:
        """What the search adds to the logits of the root's actions: (M, k)."""
        low, span = self.scale()
        factor = (VISIT_OFFSET + self.visits[:, 0].amax(1, keepdim=True)) * VALUE_SCALE
        return factor * (self.completed() - low) / span


@dataclass(frozen=True)
class Found:
    """What a search found out about M roots."""

    tree: Tree
    q: Tensor  # (M, k), the mean value of each action of the root; the mixed value where N is 0
    improved: Tensor  # (M, k), π' over the root's actions; the rows sum to 1
    chosen: Tokens  # (M,), the token that the search would write
    value: Tensor  # (M,), the mean of all that was backed up to the root, its own value included


@dataclass(frozen=True)
class SearchNoise:
    """All randomness of a search: `gumbel` (M, k), and `rollouts` (S + 1, M, T) in [0, 1).

    Row 0 of `rollouts` is the root's own. More simulations keep the first rows.
    """

    gumbel: Tensor
    rollouts: Tensor


def roots_of(
    generator: Generator,
    network: ValueNetwork | None,
    tokens: Tokens,
    positions: range | None = None,
) -> Roots:
    """The prefixes of `positions` tokens (by default 0 .. T - 1) of every row of `tokens` (B, T).

    The shorter ones first: root p·B + b is the prefix of `positions[p]` tokens of row b.
    """
    B, T = tokens.shape
    positions = range(T) if positions is None else positions

    def chosen(states: list[State]) -> State:
        h, c = zip(*(states[t] for t in positions), strict=True)
        return State(torch.cat(h), torch.cat(c))

    with torch.no_grad():
        g = chosen(generator.states(tokens))
    v = None if network is None else chosen(network.states(tokens))
    lengths = [t for t in positions for _ in range(B)]
    return Roots(tokens.repeat(len(positions), 1), lengths, g, v)


def search_noise(roots: Roots, settings: SearchSettings, rng: torch.Generator) -> SearchNoise:
    """The noise of a search; `rng` is on the roots' device."""
    device, (M, T) = roots.tokens.device, roots.tokens.shape
    uniforms = torch.rand(M, settings.actions, generator=rng, device=device)
    rows = [torch.rand(M, T, generator=rng, device=device) for _ in range(1 + settings.simulations)]
    gumbel = -(-uniforms.clamp(min=1e-20).log()).clamp(min=1e-20).log()
    return SearchNoise(gumbel, torch.stack(rows))


@torch.no_grad()
def search(
    generator: Generator,
    network: ValueNetwork | None,
    reward: Reward,
    roots: Roots,
    settings: SearchSettings,
    noise: SearchNoise,
    end: int | None = None,
    watch: Callable[[Tree], None] | None = None,
) -> Found:
    """Searches from all roots at once.

    Args:
        generator: G, the prior and the roll-out policy.
        network: v; without one every leaf is valued by a roll-out.
        reward: scores complete sequences.
        roots: from `roots_of`.
        settings: how to search.
        noise: from `search_noise`, for these roots and settings.
        end: a token that ends a sequence; the rest is filled with it.
        watch: called after each simulation with the live trees.

    Raises:
        ValueError: the settings cannot be used, or the roots are not in order.
    """
    S, k = settings.simulations, settings.actions
    if S < 1 or not 1 <= settings.candidates <= k <= generator.vocab_size:
        raise ValueError(f"{settings} must have S >= 1 and 1 <= m <= k <= V")
    if list(roots.lengths) != sorted(roots.lengths):
        raise ValueError("the roots must come with the shorter prefixes first")
    growing = _Growing(generator, network, reward, roots, settings, noise, end)
    tree = growing.tree
    for number, visits in enumerate(halving(settings.candidates, S), start=1):
        growing.simulate(number, visits)
        if watch is not None:
            watch(tree)
    q, gains, n = tree.completed(), tree.gains(), tree.visits[:, 0]
    improved = (tree.prior[:, 0].log().clamp(min=-1e9) + gains).softmax(1)
    favourites = (tree.root_scores + gains).masked_fill(n < n.amax(1, keepdim=True), -torch.inf)
    chosen = tree.actions[:, 0].gather(1, favourites.argmax(1, keepdim=True)).squeeze(1)
    value = (tree.values[:, 0] + tree.totals[:, 0].sum(1)) / (1 + n.sum(1))
    return Found(tree, q, improved, chosen, value)


def halving(candidates: int, simulations: int) -> list[int]:
    """Sequential halving: how often the action that each simulation takes was taken before.

    The candidates take turns, in about log₂ m rounds of equal length, each with the better half.

    >>> halving(4, 8), halving(1, 3)
    ([0, 0, 0, 0, 1, 1, 2, 2], [0, 1, 2])
    """
    rounds = max(1, (candidates - 1).bit_length())
    left, visits, order = candidates, 0, list[int]()
    while len(order) < simulations:
        for _ in range(max(1, simulations // (rounds * left))):
            order += [visits] * left
            visits += 1
        left = max(min(2, candidates), left // 2)
    return order[:simulations]


class _Prefixes(NamedTuple):
    """M prefixes to add to the trees."""

    tokens: Tokens  # (M, T), of which `lengths` (M,) are the prefix
    lengths: Tensor
    ended: Tensor  # (M,), whether it is a complete sequence
    g: State  # the models' states after it; v's is None without a value network
    v: State | None


class _Growing:
    """The trees of a search, and the models' states at their nodes."""

    def __init__(
        self,
        generator: Generator,
        network: ValueNetwork | None,
        reward: Reward,
        roots: Roots,
        settings: SearchSettings,
        noise: SearchNoise,
        end: int | None,
    ) -> None:
        self._generator, self._network, self._reward = generator, network, reward
        self._settings, self._rollouts, self._end = settings, noise.rollouts, end
        self._share = 1.0 if network is None else settings.rollout_share
        self._root_lengths = list(roots.lengths)
        self._sampler = FastSampler(generator)
        (M, T), nodes, k = roots.tokens.shape, settings.simulations + 1, settings.actions
        self._rows = torch.arange(M, device=roots.tokens.device)
        new, tokens = roots.g.h.new_zeros, roots.tokens.new_zeros
        self._g = State(*(new(M, nodes, generator.hidden_size) for _ in range(2)))
        self._v = (
            None if network is None else State(*(new(M, nodes, network.size) for _ in range(2)))
        )
        self.tree = Tree(
            actions=tokens(M, nodes, k),
            prior=new(M, nodes, k),
            left_out=new(M, nodes),
            child=tokens(M, nodes, k),
            visits=new(M, nodes, k),
            totals=new(M, nodes, k),
            values=new(M, nodes),
            tokens=tokens(M, nodes, T),
            lengths=tokens(M, nodes),
            ended=tokens(M, nodes, dtype=torch.bool),
            root_scores=noise.gumbel.clone(),
        )
        lengths = torch.tensor(self._root_lengths, device=roots.tokens.device)
        self._add(0, _Prefixes(roots.tokens, lengths, lengths < 0, roots.g, roots.v))
        self.tree.root_scores.add_(self.tree.prior[:, 0].log().clamp(min=-1e9))

    def simulate(self, number: int, visits: int) -> None:
        """One simulation in every tree; its action of the root was taken `visits` times before."""
        tree, rows = self.tree, self._rows
        node, active = torch.zeros_like(rows), torch.ones_like(rows, dtype=torch.bool)
        parent, action_there = node, node
        ended_at = torch.zeros_like(rows)  # 0 where the simulation adds a node
        low, span = tree.scale()
        path = []
        for depth in range(number):  # there are `number` nodes so far, so no path is longer
            action = self._inner_action(node, low, span) if depth else self._root_action(visits)
            path.append((node, action, active))
            child = tree.child[rows, node, action]
            parent = torch.where(active, node, parent)
            action_there = torch.where(active, action, action_there)
            known = active & (child > 0)
            ended = known & tree.ended[rows, child]
            ended_at = torch.where(ended, child, ended_at)
            node, active = torch.where(known, child, node), known & ~ended
            if node.device.type == "cpu" and not active.any():  # a GPU would have to be waited for
                break
        token = tree.actions[rows, parent, action_there]
        longer = _extended(
            tree.tokens[rows, parent], tree.lengths[rows, parent], token, self._end
        )  # fmt: skip
        adds = ended_at == 0
        # An ended node has no states: what is computed for it is written to no action's node.
        g = self._sampler.advance(token, State(*(part[rows, parent] for part in self._g)))
        v = None
        if self._network is not None and self._v is not None:
            v = self._network.advance(token, State(*(part[rows, parent] for part in self._v)))
        self._add(number, _Prefixes(*longer, g, v))
        tree.child[rows, parent, action_there] = torch.where(adds, number, ended_at)
        value = torch.where(adds, tree.values[:, number], tree.values[rows, ended_at])
        for at, action, passed in path:
            tree.visits[rows, at, action] += passed.float()
            tree.totals[rows, at, action] += passed * value

    def _root_action(self, visits: int) -> Tensor:
        scores = self.tree.root_scores + self.tree.gains()
        return scores.masked_fill(self.tree.visits[:, 0] != visits, -torch.inf).argmax(1)

    def _inner_action(self, node: Tensor, low: Tensor, span: Tensor) -> Tensor:
        tree, rows = self.tree, self._rows
        n = tree.visits[rows, node]
        curiosity = tree.prior[rows, node] * n.sum(1, keepdim=True).sqrt() / (1 + n)
        q = (tree.q(node) - low) / span
        return (q + self._settings.exploration * curiosity).argmax(1)

    def _add(self, number: int, new: _Prefixes) -> None:
        """Writes node `number` of every tree."""
        tree = self.tree
        tree.tokens[:, number] = new.tokens
        tree.lengths[:, number] = new.lengths
        tree.ended[:, number] = new.ended
        for kept, state in zip(self._g, new.g, strict=True):
            kept[:, number] = state
        for rows in self._sampler.chunks(len(new.tokens)):
            logits = self._generator.output_logits(new.g.h[rows])  # (m, V)
            best, actions = logits.topk(self._settings.actions)
            probability = (best - logits.logsumexp(1, keepdim=True)).exp()
            sums = probability.sum(1, keepdim=True)
            tree.actions[rows, number] = actions
            tree.prior[rows, number] = probability / sums
            tree.left_out[rows, number] = (1 - sums.squeeze(1)).clamp(min=0)
        tree.values[:, number] = self._value(number, new)
        if new.v is not None and self._v is not None:
            for kept, state in zip(self._v, new.v, strict=True):
                kept[:, number] = state

    def _value(self, number: int, new: _Prefixes) -> Tensor:
        tokens, lengths, ended, g, v = new
        known = torch.zeros_like(g.h[:, 0])
        if self._network is not None and v is not None:
            known = self._network.value(v.h, lengths)
        if self._share:
            start = int(number > 0)  # a leaf is at least one token longer than its root
            begin = lengths.masked_fill(ended, tokens.shape[1])
            full = _completed(
                self._sampler, tokens, begin, self._root_lengths, g, start, self._rollouts[number]
            )
            score = self._reward(full)
            return torch.where(ended, score, torch.lerp(known, score, self._share))
        if known.device.type == "cpu":
            some = ended.nonzero().squeeze(1)
        else:  # the rows that can be complete by now: which of them are, a GPU would have to say
            T = tokens.shape[1]
            first = bisect_right(self._root_lengths, T - number - 1) if self._end is None else 0
            some = self._rows[first:]
        if number and len(some):
            known[some] = torch.where(ended[some], self._reward(tokens[some]), known[some])
        return known


def _completed(
    sampler: FastSampler,
    tokens: Tokens,
    lengths: Tensor,
    root_lengths: Sequence[int],
    g: State,
    start: int,
    uniforms: Tensor,
) -> Tokens:
    """`tokens` (M, T) from the index `lengths` on drawn from G; none is below root + start."""
    full, T = tokens.clone(), tokens.shape[1]
    for rows in sampler.chunks(len(tokens)):
        roots = root_lengths[rows]
        state = State(*(part[rows].clone() for part in g))
        for t in range(roots[0] + start, T):
            n = bisect_right(roots, t - start)  # of the others no row begins at t
            part = slice(rows.start, rows.start + n)
            now = state.rows(slice(n))
            begun = t >= lengths[part]
            drawn = sampler.draw(now.h, uniforms[part, t])
            full[part, t] = torch.where(begun, drawn, full[part, t])
            moved = sampler.advance(full[part, t], now)
            for old, new in zip(now, moved, strict=True):
                old.copy_(torch.where(begun[:, None], new, old))
    return full


def _extended(
    tokens: Tokens, lengths: Tensor, token: Tensor, end: int | None
) -> tuple[Tokens, Tensor, Tensor]:
    """Prefixes (M, T) with one more token, their lengths, and whether they are complete now."""
    T = tokens.shape[1]
    tokens = tokens.scatter(1, lengths[:, None], token[:, None])
    lengths = lengths + 1
    ended = lengths == T
    if end is not None:
        rest = torch.arange(T, device=tokens.device) >= lengths[:, None]
        tokens = tokens.masked_fill((token == end)[:, None] & rest, end)
        ended = ended | (token == end)
    return tokens, lengths, ended


@torch.no_grad()
def finished(
    generator: Generator, roots: Roots, found: Found, rng: torch.Generator, end: int | None = None
) -> Tokens:
    """Each root with the token that the search chose, completed by G: (M, T)."""
    sampler = FastSampler(generator)
    uniforms = torch.rand(roots.tokens.shape, generator=rng, device=roots.tokens.device)
    lengths = found.tree.lengths[:, 0]
    tokens, longer, ended = _extended(roots.tokens, lengths, found.chosen, end)
    g, begin = sampler.advance(found.chosen, roots.g), longer.masked_fill(ended, tokens.shape[1])
    return _completed(sampler, tokens, begin, list(roots.lengths), g, 1, uniforms)


def improved_policy_loss(
    generator: Generator, tokens: Tokens, found: Found
) -> tuple[Tensor, Tensor]:
    """KL(π' ‖ π_θ) at every prefix of `tokens` (B, T), the mean in nats per token.

    π' moves probability among the k actions only; what they leave out stays as it is. Then the
    gradient with respect to the logits is π_θ - π', which is 0 elsewhere, so that no softmax over V
    is needed. It is the gradient at the weights that searched: for one update.

    Args:
        generator: G, with the weights that searched.
        tokens: (B, T).
        found: of `roots_of(generator, network, tokens)`.

    Returns:
        The loss, and G's mean entropy along the tokens, both scalars on the device.
    """
    h = generator.hidden(tokens).transpose(0, 1).flatten(0, 1)  # (T·B, H), as the roots
    actions, prior = found.tree.actions[:, 0], found.tree.prior[:, 0]
    logits = torch.einsum("mkh,mh->mk", F.embedding(actions, generator.output_weight.t()), h)
    logits = logits + generator.b_output[actions]
    kept = 1 - found.tree.left_out[:, 0]
    divergence = kept * F.kl_div(
        prior.clamp(min=1e-30).log(), found.improved, reduction="none"
    ).sum(1)
    pull = (kept[:, None] * (prior - found.improved) * logits).sum(1).mean()
    with torch.no_grad():
        _, entropy = generator.weighted_nll(tokens, torch.zeros_like(tokens, dtype=h.dtype))
    return divergence.mean() + pull - pull.detach(), entropy
