"""The value network, the tree search and the best of n in training."""

from typing import Any

import pytest
import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.objectives import policy_gradient_loss
from seqgan_core.paper.rollout import best_of
from seqgan_core.paper.tree_search import SearchSettings, finished, roots_of, search, search_noise
from seqgan_core.paper.value_network import ValueNetwork
from seqgan_core.training.config import WITH_VALUES, TrainConfig, make_config
from seqgan_core.training.events import (
    CheckpointDue,
    DiscriminatorUpdated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
)
from seqgan_core.training.learners.updates import PolicyLearner, PolicyReading, ValueLearner
from seqgan_core.training.steps import Steps
from seqgan_core.training.strategies import STRATEGIES, has_value_network
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.models import (
    all_sequences,
    exact_q,
    probabilities,
    random_tokens,
    rng,
    small_generator,
    table_reward,
)

TINY = make_config(
    vocab_size=20, sequence_length=5, n_train=128, n_test=64, g_embedding_size=8, g_hidden_size=8,
    d_embedding_size=8, d_widths=(1, 2), d_filters=(8, 8), batch_size=32, pretrain_epochs=1,
    d_pretrain_steps=1, rounds=2, g_steps=2, d_steps=2, d_epochs=1, g_batch_size=8, n_rollouts=3,
    n_eval=64, checkpoint_every=1, evaluate_every=1, report_every=3, device="cpu", v_size=8,
    search_simulations=4, search_actions=6, search_candidates=4,
)  # fmt: skip
WITH_V: dict[str, dict[str, Any]] = {
    "seqgan": {"q_normalisation": "value"},
    "actor_critic": {"strategy": "actor_critic"},
    "tree_search": {"strategy": "tree_search", "search_negatives": True},
}


def tiny(**changes: Any) -> TrainConfig:
    return make_config(TINY, **changes)


def policy_updates(events: list[Event]) -> list[GeneratorUpdated]:
    return [e for e in events if isinstance(e, GeneratorUpdated) and e.mean_q is not None]


# -- the value network -----------------------------------------------------------------------------


@pytest.mark.parametrize("changes", WITH_V.values(), ids=WITH_V)
def test_what_v_learns_is_reported_from_before_it_learnt(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    learn = ValueLearner.__call__

    def spied(learner: ValueLearner, tokens: Tensor, values: Tensor, targets: Tensor) -> Any:
        assert torch.equal(values, learner.model.values(tokens))
        seen.append((values, targets))
        reading = learn(learner, tokens, values, targets)
        assert not torch.equal(values, learner.model.values(tokens))
        return reading

    monkeypatch.setattr(ValueLearner, "__call__", spied)
    updates = policy_updates(list(Trainer(tiny(**changes)).events()))
    assert len(updates) == len(seen) == 2 * 2
    for event, (v, target) in zip(updates, seen, strict=True):
        log_likelihood = target * v.log() + (1 - target) * (1 - v).log()
        assert event.v_loss == pytest.approx(float(-log_likelihood.mean()), abs=1e-5)
        unexplained = float((target - v).var(correction=0) / target.var(correction=0))
        assert event.v_explained == pytest.approx(1 - unexplained, rel=1e-3, abs=1e-3)
        assert event.v_bias == pytest.approx(float((v - target).mean()), abs=1e-6)


def test_v_learns_the_means_of_the_roll_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    values, targets = [], []
    roll_out, learn = Steps.q_values, ValueLearner.__call__

    def rolled_out(steps: Steps, *args: Any) -> Any:
        q, rollouts = roll_out(steps, *args)
        assert rollouts is not None
        values.append(rollouts.scores.mean(0).t())  # (B, T)
        return q, rollouts

    def learnt(learner: ValueLearner, *args: Tensor) -> Any:
        targets.append(args[2])
        return learn(learner, *args)

    monkeypatch.setattr(Steps, "q_values", rolled_out)
    monkeypatch.setattr(ValueLearner, "__call__", learnt)
    list(Trainer(tiny(q_normalisation="value")).events())
    for mean, target in zip(values, targets, strict=True):
        assert torch.allclose(target[:, 1:], mean[:, :-1])
        assert torch.allclose(target[:, 0], mean[:, 0].mean())


@pytest.mark.parametrize("decay", [1.0, 0.6, 0.0])
def test_with_exact_values_actor_critic_has_the_true_gradient(
    decay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Averaged over all 27 sequences, against d/dθ Σ_Y G(Y)·R(Y)."""
    V = T = 3
    every = all_sequences(V, T)
    table, reward = table_reward(V, T)
    config = tiny(
        strategy="actor_critic", vocab_size=V, sequence_length=T, gae_decay=decay, g_init_std=1.0,
    )  # fmt: skip
    steps = Trainer(config)
    G = steps.models.generator
    p, q = probabilities(G, every), exact_q(G, table, every, V)
    start = (p.detach() * table).sum().expand(len(every), 1)
    exact = torch.cat([start, q[:, :-1]], dim=1)  # of the prefixes of 0 .. T - 1 tokens
    update: list[Tensor] = []

    def caught(learner: PolicyLearner, *given: Tensor) -> PolicyReading:
        update.extend(given)
        return PolicyReading(0, 0, 0, 0, 0)

    monkeypatch.setattr(ValueNetwork, "values", lambda network, tokens: exact)
    monkeypatch.setattr(ValueLearner, "__call__", lambda *given: None)
    monkeypatch.setattr(PolicyLearner, "__call__", caught)
    monkeypatch.setattr(steps, "reward", lambda tokens: reward(tokens).double())
    steps.look_ahead(every, rng())
    tokens, returns, weights = update
    assert torch.equal(tokens, every)
    assert torch.allclose(returns - exact, weights)
    if decay == 1.0:
        assert torch.allclose(weights, table.double()[:, None] - exact)
    parts = torch.autograd.grad(-(p * table).sum(), list(G.parameters()))
    loss, _ = policy_gradient_loss(G, every, p.detach()[:, None] * weights)
    for direct, part in zip(parts, torch.autograd.grad(loss, list(G.parameters())), strict=True):
        assert torch.allclose(part, direct, atol=1e-6)
    assert max(float(part.abs().max()) for part in parts) > 0.01


@pytest.mark.parametrize(
    ("changes", "least", "most"),
    [
        ({"strategy": "actor_critic"}, 8, 8),
        ({"strategy": "best_of_n"}, 8 * (3 * (5 - 1) + 1), 8 * (3 * (5 - 1) + 1)),  # as roll-outs
        ({"strategy": "tree_search", "search_rollout_share": 0}, 8 + 1, 8 + 8 * 5 * 4),  # the ends
        ({"strategy": "tree_search"}, 8 + 8 * 5 * (1 + 4), 8 + 8 * 5 * (1 + 4)),
    ],
)
def test_how_many_sequences_d_scores_for_an_update(
    changes: dict[str, Any], least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, rows = Trainer(tiny(**changes)), list[int]()
    score = Discriminator.__call__

    def counted(discriminator: Discriminator, tokens: Tensor) -> Tensor:
        rows.append(len(tokens))
        return score(discriminator, tokens)

    monkeypatch.setattr(Discriminator, "__call__", counted)
    list(steps.generator_step())
    assert least <= sum(rows) <= most


# -- best of n and the search ----------------------------------------------------------------------


def test_the_best_of_n_is_the_rewards_favourite() -> None:
    G = small_generator(3)
    _, reward = table_reward(3, 4)
    tokens, rows = G.sample(5, 4, rng(1)), []

    def watched(tokens: Tensor) -> Tensor:
        rows.append(tokens.view(-1, 5, 4))
        return reward(tokens)

    best, highest = best_of(G, watched, tokens, 2, rng(2))
    candidates = torch.cat(rows)
    assert candidates.shape == (2 * (4 - 1) + 1, 5, 4)
    assert torch.equal(candidates[0], tokens)
    scores = reward(candidates.flatten(0, 1)).view(-1, 5)
    assert torch.equal(highest, scores.max(0).values)
    assert torch.equal(best, candidates[scores.argmax(0), torch.arange(5)])
    assert float(highest.mean()) > float(scores.mean()) + 0.1


def test_what_the_search_chose_is_completed_by_g() -> None:
    G, (_, reward) = small_generator(4, std=60.0), table_reward(4, 5)  # sure of every next token
    tokens = random_tokens(3, 5, 4)
    roots, settings = roots_of(G, None, tokens), SearchSettings(4, 3, 3)
    found = search(G, None, reward, roots, settings, search_noise(roots, settings, rng(3)))
    for row, t, token, written in zip(
        roots.tokens.tolist(), roots.lengths, found.chosen.tolist(),
        finished(G, roots, found, rng(4)).tolist(), strict=True,
    ):  # fmt: skip
        assert written == greedily([*row[:t], token], G)
    unsure = small_generator(4)
    first, second = (finished(unsure, roots, found, rng(seed)) for seed in (4, 5))
    assert not torch.equal(first, second)


def greedily(begin: list[int], G: Generator) -> list[int]:
    """The five tokens that a G without doubt writes after these."""
    while len(begin) < 5:
        padded = torch.tensor([begin + [0] * (5 - len(begin))])
        begin = [*begin, int(G.logits(padded)[0, len(begin)].argmax())]
    return begin


def test_d_meets_what_the_search_found() -> None:
    trainer, plain = Trainer(tiny(**WITH_V["tree_search"])), Trainer(tiny(strategy="tree_search"))
    found = trainer.models.searched
    assert found is not None
    assert found.shape == (8 * 5, 5)
    data = trainer.d_data
    for event in trainer.events():
        if isinstance(event, PhaseStarted) and event.phase == "adversarial":
            assert (found == -1).all()  # D was pre-trained on G's samples alone
            plain.load({k: t for k, t in trainer.state().items() if k != "searched"},
                       trainer.counters)  # fmt: skip
            assert torch.equal(data.draw(7)[1], plain.d_data.draw(7)[1])
        if isinstance(event, DiscriminatorUpdated) and event.phase == "adversarial":
            number = trainer.counters["d_sets"]
            assert isinstance(number, int)
            known = set(map(tuple, found.tolist()))
            _, fake = data.draw(number)
            assert len(fake) == 128
            assert all(tuple(row) in known for row in fake[:40].tolist())  # min(128 // 2, 8 · 5)
            assert not all(tuple(row) in known for row in fake[40:].tolist())
            assert len({tuple(data.draw(n)[1][0].tolist()) for n in range(9)}) > 1
    few = Trainer(tiny(**WITH_V["tree_search"], d_samples=32))
    assert isinstance(list(few.events())[-1], Finished)
    known = set(map(tuple, few.models.searched.tolist()))  # type: ignore[union-attr]
    inside = [tuple(row) in known for row in few.d_data.draw(99)[1].tolist()]
    assert all(inside[:16])
    assert not all(inside[16:])


# -- the run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [*WITH_V.values(), {"strategy": "best_of_n"}, {"strategy": "tree_search", "v_steps": 1}],
)
def test_it_goes_on_from_every_event_as_if_unbroken(changes: dict[str, Any]) -> None:
    config = tiny(**changes)
    trainer, states = Trainer(config), []
    events = []
    for event in trainer.events():
        events.append(event)
        states.append((trainer.state(), trainer.counters))
    end = states[-1][0]
    inside_a_set = 0
    for index in range(len(events) // 2, len(events) - 1):
        inside_a_set += states[index][1]["d_batch"] > 0
        resumed = Trainer(config)
        resumed.load(*states[index])
        assert list(resumed.events()) == events[index + 1 :], events[index]
        assert all(torch.equal(tensor, end[name]) for name, tensor in resumed.state().items())
    assert inside_a_set > 1


@pytest.mark.parametrize("changes", WITH_V.values(), ids=WITH_V)
def test_a_value_network_that_becomes_nan_stops_the_run(changes: dict[str, Any]) -> None:
    trainer, events = Trainer(tiny(**changes)), []
    for event in trainer.events():
        events.append(event)
        if isinstance(event, PhaseStarted) and event.phase == "adversarial":
            assert trainer.models.value is not None
            with torch.no_grad():
                trainer.models.value.output.bias.fill_(torch.nan)
    assert isinstance(events[-1], Finished)
    assert events[-1].status == "diverged"
    assert "became infinite or NaN" in events[-1].reason
    assert not any(isinstance(e, CheckpointDue) and e.epoch > 1 for e in events)


def test_a_run_without_a_value_network_says_nothing_of_it() -> None:
    trainer = Trainer(tiny())
    updates = policy_updates(list(trainer.events()))
    assert {(e.v_loss, e.v_explained, e.v_bias) for e in updates} == {(None, None, None)}
    assert trainer.models.value is None
    assert not any(name.startswith(("value", "adam.value", "searched")) for name in trainer.state())


def test_a_trace_has_the_values_that_were_subtracted() -> None:
    config = tiny(q_normalisation="value", rounds=1, g_steps=1)
    v = q = None
    for event in Trainer(config, traced=True).events():
        variables = getattr(event, "variables", {})
        v, q = variables.get("v") or v, variables.get("q") or q
        if variables.get("weights"):
            assert v is not None
            left = torch.tensor(q) - torch.tensor(v)
            assert torch.allclose(torch.tensor(variables["weights"]), left, atol=1e-6)
            return
    raise AssertionError("no update was traced")


def test_the_strategies_that_can_have_a_value_network_are_those_of_the_table() -> None:
    def asked(strategy: str) -> TrainConfig:
        changes = {"q_normalisation": "value", "strategy": strategy}
        return TrainConfig().model_copy(update=changes)

    assert set(WITH_VALUES) == {name for name in STRATEGIES if has_value_network(asked(name))}
