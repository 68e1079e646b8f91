"""Tree search: equal to a plain one on Python objects, to hand-computed cases, and to the truth."""

import math
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import Tensor

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.rollout import Reward
from seqgan_core.paper.tree_search import (
    Found,
    Roots,
    SearchNoise,
    SearchSettings,
    State,
    halving,
    improved_policy_loss,
    roots_of,
    search,
    search_noise,
)
from seqgan_core.paper.value_network import ValueNetwork
from tests.support.tiny.models import (
    all_sequences,
    chi_square_p_value,
    exact_q,
    random_tokens,
    rng,
    small_discriminator,
    small_generator,
    small_value_network,
    table_reward,
)

V, T = 4, 4
SETTINGS = SearchSettings(simulations=9, actions=3, candidates=2, exploration=1.25)


# -- a plain search: one tree, a Python object a node ----------------------------------------------


@dataclass
class Node:
    prefix: list[int]
    ended: bool
    own: float
    actions: list[int]
    prior: list[float]
    left_out: float
    n: list[int] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    child: dict[int, "Node"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.n = [0] * len(self.actions)
        self.total = [0.0] * len(self.actions)


@dataclass
class PlainSearch:
    generator: Generator
    network: ValueNetwork | None
    reward: Reward
    settings: SearchSettings
    uniforms: Tensor  # (S + 1, T) of this root
    end: int | None = None

    def node(self, prefix: list[int], number: int) -> Node:
        stopped = self.end is not None and number > 0 and prefix[-1] == self.end
        ended = stopped or len(prefix) == T
        row = torch.tensor([prefix + [0] * (T - len(prefix))])
        padded = torch.cat([row, row[:, :1]], dim=1)  # so that the last state exists
        p = self.generator.logits(padded)[0, len(prefix)].softmax(-1).detach()
        best, actions = p.topk(self.settings.actions)
        share = 1.0 if self.network is None else self.settings.rollout_share
        if ended:
            fill = self.end if stopped else 0
            own = float(self.reward(torch.tensor([(prefix + [fill or 0] * T)[:T]])))
        else:
            own = 0.0
            if self.network is not None:
                own += (1 - share) * float(self.network.values(row)[0, len(prefix)])
            if share:
                own += share * float(self.reward(self.rollout(prefix, self.uniforms[number])))
        return Node(
            prefix, ended, own, actions.tolist(), (best / best.sum()).tolist(),
            1 - float(best.sum()),
        )  # fmt: skip

    def rollout(self, prefix: list[int], uniforms: Tensor) -> Tensor:
        tokens = list(prefix)
        while len(tokens) < T:
            t = len(tokens)
            row = torch.tensor([tokens + [0] * (T - t)])
            state = self.generator.states(row)[t]
            rest = self.generator.continue_from(state, uniforms[None, t : t + 1])
            tokens.append(int(rest[0, 0]))
        return torch.tensor([tokens])

    def run(self, root_prefix: list[int], gumbel: Tensor) -> tuple[Node, list[float], int]:
        """The root, π' and the chosen token."""
        s = self.settings
        root = self.node(root_prefix, 0)
        scores = [float(g) + math.log(p) for g, p in zip(gumbel, root.prior, strict=True)]
        for number, visits in enumerate(halving(s.candidates, s.simulations), start=1):
            low, span = self.scale(root)
            gains = self.gains(root)
            allowed = [a for a in range(s.actions) if root.n[a] == visits]
            a = max(allowed, key=lambda a: scores[a] + gains[a])
            node, path = root, [(root, a)]
            while a in node.child and not node.child[a].ended:
                node = node.child[a]
                total = sum(node.n)
                puct = []
                for b in range(s.actions):
                    q = node.total[b] / node.n[b] if node.n[b] else node.own
                    explore = node.prior[b] * math.sqrt(total) / (1 + node.n[b])
                    puct.append((q - low) / span + s.exploration * explore)
                a = max(range(s.actions), key=lambda b: puct[b])
                path.append((node, a))
            if a not in node.child:
                node.child[a] = self.node([*node.prefix, node.actions[a]], number)
            for at, b in path:
                at.n[b] += 1
                at.total[b] += node.child[a].own
        gains = self.gains(root)
        weights = [p * math.exp(g) for p, g in zip(root.prior, gains, strict=True)]
        favourites = [a for a in range(s.actions) if root.n[a] == max(root.n)]
        chosen = max(favourites, key=lambda a: scores[a] + gains[a])
        return root, [w / sum(weights) for w in weights], root.actions[chosen]

    def scale(self, root: Node) -> tuple[float, float]:
        seen, left = [root.own], [root]
        while left:
            node = left.pop()
            seen += [t / n for t, n in zip(node.total, node.n, strict=True) if n]
            left += node.child.values()
        return min(seen), max(max(seen) - min(seen), 1e-8)

    def gains(self, root: Node) -> list[float]:
        low, span = self.scale(root)
        seen = [a for a in range(len(root.n)) if root.n[a]]
        share = sum(root.prior[a] for a in seen)
        mean = sum(root.prior[a] * root.total[a] / root.n[a] for a in seen) / (share or 1)
        mixed = (root.own + sum(root.n) * mean) / (1 + sum(root.n))
        q = [root.total[a] / root.n[a] if root.n[a] else mixed for a in range(len(root.n))]
        return [(50 + max(root.n)) * 0.1 * (value - low) / span for value in q]


def prepared(share: float = 0.5, simulations: int = 9, **changes: object) -> tuple[object, ...]:
    settings = replace(SETTINGS, rollout_share=share, simulations=simulations, **changes)
    G, network = small_generator(V), small_value_network(V, T, 5, seed=3)
    roots = roots_of(G, network, random_tokens(6, T, V))
    return G, network, table_reward(V, T)[1], roots, settings, search_noise(roots, settings, rng(4))


@pytest.mark.parametrize("end", [None, 2])
@pytest.mark.parametrize("share", [0.0, 0.5, None])
def test_many_trees_at_once_equal_a_plain_search_each(share: float | None, end: int | None) -> None:
    """Every prefix of six sequences; value leaves, mixed leaves, and no value network."""
    G, network, reward, roots, settings, noise = prepared(share or 0.0, simulations=24)
    if share is None:
        network, roots = None, replace(roots, v=None)
    found = search(G, network, reward, roots, settings, noise, end)
    for row, length in enumerate(roots.lengths):
        plain = PlainSearch(G, network, reward, settings, noise.rollouts[:, row], end)
        root, improved, chosen = plain.run(roots.tokens[row, :length].tolist(), noise.gumbel[row])
        assert found.tree.actions[row, 0].tolist() == root.actions
        assert found.tree.visits[row, 0].tolist() == root.n
        assert found.tree.totals[row, 0].tolist() == pytest.approx(root.total, abs=1e-5)
        assert float(found.tree.left_out[row, 0]) == pytest.approx(root.left_out, abs=1e-6)
        assert found.improved[row].tolist() == pytest.approx(improved, abs=1e-4)
        assert int(found.chosen[row]) == chosen
        value = (root.own + sum(root.total)) / (1 + sum(root.n))
        assert float(found.value[row]) == pytest.approx(value, abs=1e-5)


def test_a_tree_does_not_depend_on_its_neighbours() -> None:
    G, network, reward, roots, settings, noise = prepared()
    together = search(G, network, reward, roots, settings, noise)
    for row in (0, 7, 23):
        part = slice(row, row + 1)
        alone = search(
            G, network, reward,
            Roots(roots.tokens[part], roots.lengths[part], roots.g.rows(part), roots.v.rows(part)),
            settings, SearchNoise(noise.gumbel[part], noise.rollouts[:, part]),
        )  # fmt: skip
        assert torch.equal(alone.tree.visits[0], together.tree.visits[row])
        assert torch.allclose(alone.improved[0], together.improved[row], atol=1e-5)


def test_the_same_noise_gives_the_same_trees_and_the_roots_are_not_changed() -> None:
    G, network, reward, roots, settings, noise = prepared()
    before = [part.clone() for part in (*roots.g, *roots.v, roots.tokens)]
    first, second = (search(G, network, reward, roots, settings, noise) for _ in range(2))
    assert torch.equal(first.improved, second.improved)
    assert all(map(torch.equal, before, (*roots.g, *roots.v, roots.tokens)))


# -- by hand ---------------------------------------------------------------------------------------


def by_hand(root_value: float, values: dict[int, float], settings: SearchSettings) -> Found:
    """A search from the empty prefix at V = 3, T = 1: P = (0.5, 0.3, 0.2), D = `values`."""
    G = Generator(3, 2, 2)
    with torch.no_grad():
        for parameter in G.parameters():
            parameter.zero_()
        G.b_output.copy_(torch.tensor([0.5, 0.3, 0.2]).log())
    network = ValueNetwork(3, 1, 2)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.output.bias.fill_(math.log(root_value / (1 - root_value)))
    roots = roots_of(G, network, torch.zeros(1, 1, dtype=torch.long))
    noise = SearchNoise(torch.zeros(1, 3), torch.zeros(settings.simulations + 1, 1, 1))

    def reward(tokens: Tensor) -> Tensor:
        return torch.tensor([values[int(token)] for token in tokens[:, 0]])

    return search(G, network, reward, roots, settings, noise)


def test_the_improved_policy_by_hand() -> None:
    """Two of three actions are tried, D gives 0.2 and 0.8; v of the root is 0.5.

    Visited mean: (0.5 · 0.2 + 0.3 · 0.8) / 0.8 = 0.425; mixed (0.5 + 2 · 0.425) / 3 = 0.45. Scaled
    by 0.2 .. 0.8: 0, 1, 0.41667. (50 + 1) · 0.1 = 5.1 of it is added to log P.
    """
    settings = SearchSettings(2, 3, 2, 1.25, 0.0)
    found = by_hand(0.5, {0: 0.2, 1: 0.8, 2: 0.9}, settings)
    assert found.tree.visits[0, 0].tolist() == [1, 1, 0]
    assert found.q[0].tolist() == pytest.approx([0.2, 0.8, 0.45], abs=1e-6)
    weights = [0.5, 0.3 * math.exp(5.1), 0.2 * math.exp(5.1 * 0.25 / 0.6)]
    assert found.improved[0].tolist() == pytest.approx([w / sum(weights) for w in weights], 1e-4)
    assert int(found.chosen[0]) == 1
    assert float(found.value[0]) == pytest.approx((0.5 + 0.2 + 0.8) / 3)


def test_sequential_halving_gives_the_better_half_the_rest() -> None:
    """m = 2, S = 6: both actions 3 times; m = 3 in 2 rounds: each once, then the best two."""
    assert halving(2, 6) == [0, 0, 1, 1, 2, 2]
    assert halving(8, 16) == [0] * 8 + [1] * 4 + [2, 2, 3, 3]
    assert halving(1, 3) == [0, 1, 2]
    assert [len(halving(m, S)) for m in range(1, 9) for S in (1, 5, 64)] == [1, 5, 64] * 8
    found = by_hand(0.5, {0: 0.2, 1: 0.8, 2: 0.9}, SearchSettings(7, 3, 3, 1.25, 0.0))
    assert found.tree.visits[0, 0].tolist() == [1, 3, 3]


def test_puct_by_hand() -> None:
    """T = 2, one action at the root; D is 1 after (0, 1) and 0 elsewhere, v is 0.5 everywhere.

    Simulation 1 adds (0) with value 0.5. Then at (0), with P = (0.5, 0.3, 0.2) and c = 1:
    simulation 2: ΣN = 0, all alike, the likeliest: 0, D = 0. The tree's range is 0 .. 0.5, for the
    root's action has mean 0.25 now. Simulation 3: action 0 has 0 + 0.5 · 1 / 2 = 0.25, action 1 has
    1 + 0.3 · 1 = 1.3, action 2 has 1.2: so 1, D = 1. Simulation 4: range 0 .. 1, √2 = 1.414: 0.354,
    1 + 0.3 · 1.414 / 2 = 1.212, 0.5 + 0.2 · 1.414 = 0.783: 1 again.
    """
    G = Generator(3, 2, 2)
    network = ValueNetwork(3, 2, 2)
    with torch.no_grad():
        for parameter in (*G.parameters(), *network.parameters()):
            parameter.zero_()
        G.b_output.copy_(torch.tensor([0.5, 0.3, 0.2]).log())
    roots = roots_of(G, network, torch.zeros(1, 2, dtype=torch.long), range(1))
    settings = SearchSettings(4, 3, 1, 1.0, 0.0)
    noise = SearchNoise(torch.tensor([[9.0, 0.0, 0.0]]), torch.zeros(5, 1, 2))
    seen = []
    found = search(
        G, network, lambda tokens: (tokens == torch.tensor([0, 1])).all(1).float(), roots, settings,
        noise, watch=lambda tree: seen.append(tree.visits[0, 1].tolist()),
    )  # fmt: skip
    assert seen == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 2, 0]]
    assert float(found.q[0, 0]) == pytest.approx((0.5 + 0 + 1 + 1) / 4)


# -- the truth -------------------------------------------------------------------------------------


def test_one_simulation_with_uniform_values_chooses_as_g_does() -> None:
    n = 4000
    G = small_generator(V)
    roots = roots_of(G, None, torch.zeros(n, T, dtype=torch.long), range(1))
    settings = SearchSettings(1, V, 1, 1.25)
    found = search(
        G, None, lambda tokens: torch.full((len(tokens),), 0.5), roots, settings,
        search_noise(roots, settings, rng(1)),
    )  # fmt: skip
    p = G.logits(roots.tokens[:1])[0, 0].softmax(-1).detach()
    assert chi_square_p_value(torch.bincount(found.chosen, minlength=V), p) > 1e-3
    assert torch.allclose(found.improved, found.tree.prior[:, 0], atol=1e-5)


class ExactValues(ValueNetwork):
    """v as the sum over all endings; only for whole sequences' prefixes at one length."""

    def __init__(self, values: Tensor) -> None:
        super().__init__(V, T, V)
        self.known = values  # V(prefix) of the one-token prefixes

    def advance(self, tokens: Tensor, state: State) -> State:
        return State(one_hot(tokens), state.c)

    def value(self, h: Tensor, lengths: Tensor) -> Tensor:
        return (h * self.known).sum(1)


def one_hot(tokens: Tensor) -> Tensor:
    return torch.nn.functional.one_hot(tokens, V).float()


def test_with_exact_values_each_action_tried_once_has_its_true_q() -> None:
    G, (table, reward) = small_generator(V), table_reward(V, T)
    firsts = torch.arange(V)[:, None].repeat(1, T)
    true = exact_q(G, table, firsts, V)[:, 0].float()
    network = ExactValues(true)
    roots = roots_of(G, network, torch.zeros(1, T, dtype=torch.long), range(1))
    settings = SearchSettings(V, V, V, 1.25, 0.0)
    found = search(G, network, reward, roots, settings, search_noise(roots, settings, rng(1)))
    assert found.tree.visits[0, 0].tolist() == [1] * V
    assert torch.allclose(found.q[0], true[found.tree.actions[0, 0]], atol=1e-6)


def test_a_long_search_finds_the_best_ending() -> None:
    """Of all 16 endings of two tokens, from leaves that are single roll-outs."""
    G, (table, reward) = small_generator(V), table_reward(V, T, seed=5)
    tokens = torch.tensor([[1, 2, 0, 0]])
    roots = roots_of(G, None, tokens, range(2, 3))
    settings = SearchSettings(400, V, V, 1.25)
    found = search(G, None, reward, roots, settings, search_noise(roots, settings, rng(1)))
    every = all_sequences(V, T)
    endings = (every[:, :2] == tokens[0, :2]).all(1)
    best = every[endings][table[endings].argmax()]
    assert int(found.chosen[0]) == int(best[2])
    assert found.improved[0].argmax() == (found.tree.actions[0, 0] == best[2]).nonzero()


def test_imitation_has_the_gradient_of_the_whole_divergence() -> None:
    """KL(π' ‖ π_θ) over all V tokens, where π' keeps the probability of the tokens left out."""
    G, network, reward, _, settings, _ = prepared()
    tokens = random_tokens(6, T, V)
    roots = roots_of(G, network, tokens)
    found = search(G, network, reward, roots, settings, search_noise(roots, settings, rng(2)))
    loss, entropy = improved_policy_loss(G, tokens, found)
    quick = torch.autograd.grad(loss, list(G.parameters()))
    log_p = G.logits(tokens).transpose(0, 1).flatten(0, 1).log_softmax(-1)
    target = log_p.detach().exp()
    kept = 1 - found.tree.left_out[:, 0]
    target = target.scatter(1, found.tree.actions[:, 0], kept[:, None] * found.improved)
    assert torch.allclose(target.sum(1), torch.ones(len(target)), atol=1e-5)
    whole = (target * (target.log() - log_p)).sum(1).mean()
    slow = torch.autograd.grad(whole, list(G.parameters()), retain_graph=True)
    assert float(loss.detach()) == pytest.approx(float(whole.detach()), abs=1e-5)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(quick, slow, strict=True))
    assert entropy.item() == pytest.approx(-(log_p.exp() * log_p).sum(1).mean().item(), abs=1e-5)


@pytest.mark.parametrize(
    "changes", [{"simulations": 0}, {"actions": V + 1}, {"candidates": 4}, {"candidates": 0}]
)
def test_settings_that_cannot_be_searched_with_are_refused(changes: dict[str, int]) -> None:
    G, network, reward, roots, settings, noise = prepared()
    with pytest.raises(ValueError, match="S >= 1 and 1 <= m <= k <= V"):
        search(G, network, reward, roots, replace(settings, **changes), noise)


def test_roots_out_of_order_are_refused() -> None:
    G, network, reward, roots, settings, noise = prepared()
    backwards = replace(roots, lengths=roots.lengths[::-1])
    with pytest.raises(ValueError, match="shorter prefixes first"):
        search(G, network, reward, backwards, settings, noise)


@pytest.mark.parametrize("end", [None, 2])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_no_simulation_waits_for_a_gpu(share: float, end: int | None) -> None:
    """Tensors without numbers fail at all that would have to read one (see test_rollout.py)."""
    G, D = small_generator(V).to("meta"), small_discriminator(V).to("meta")
    network = ValueNetwork(V, T, 5).to("meta")
    tokens = G.sample_with(torch.empty(6, T, device="meta"))
    settings = replace(SETTINGS, rollout_share=share)
    roots = roots_of(G, network, tokens)
    gumbel = torch.empty(6 * T, settings.actions, device="meta")
    rollouts = torch.empty(settings.simulations + 1, 6 * T, T, device="meta")
    found = search(G, network, D, roots, settings, SearchNoise(gumbel, rollouts), end)
    loss, _entropy = improved_policy_loss(G, tokens, found)
    loss.backward()
    assert found.improved.shape == (6 * T, settings.actions)
