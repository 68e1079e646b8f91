"""What a traced trainer tells of every line, and that telling it changes nothing."""

import copy
import math

import pytest
import torch

from seqgan_core.paper.objectives import discriminator_loss
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.events import EVENT_TYPES, CheckpointDue, Event, Finished, Traced
from seqgan_core.training.learners.optimisers import adam_tensors
from seqgan_core.training.learners.updates import PolicyLearner
from seqgan_core.training.trace.tiny_problem import TINY, WHAT_IFS, tiny
from seqgan_core.training.trace.tracer import VARIABLES
from seqgan_core.training.trainer import Trainer

SHORT = {"rounds": 2, "pretrain_epochs": 2}


def traced_events(config: TrainConfig) -> list[Traced]:
    return [event for event in Trainer(config, traced=True).events() if isinstance(event, Traced)]


@pytest.fixture(scope="module")
def base() -> list[Traced]:
    return traced_events(tiny())


def rounds_of(events: list[Traced], line: int) -> list[Traced]:
    return [event for event in events if event.line == line]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rollout_policy": "average", "q_normalisation": "standardise", "g_steps": 2},
        {"strategy": "constant_reward"},
        {"strategy": "mle"},
        {"strategy": "random"},
        {"d_max_accuracy": 0.501, "d_steps": 2, "report_every": 3},
    ],
    ids=["tiny", "average", "constant", "mle", "random", "balanced"],
)
def test_a_traced_run_is_the_untraced_run(changes: dict[str, object]) -> None:
    config = tiny(**SHORT | changes)
    plain, traced = Trainer(config), Trainer(config, traced=True)
    plain_events: list[Event] = []
    states = []
    for event in plain.events():
        plain_events.append(event)
        states.append((plain.state(), plain.counters))
    others = (event for event in traced.events() if not isinstance(event, Traced))
    for event, expected, (state, counters) in zip(others, plain_events, states, strict=True):
        assert event == expected
        assert traced.counters == counters
        now = traced.state()
        assert all(torch.equal(now[name], tensor) for name, tensor in state.items())
    assert plain_events[-1] == Finished(
        plain_events[-1].step, plain_events[-1].epoch, 19, "finished"
    )


def test_without_tracing_there_are_no_traced_events() -> None:
    assert not any(isinstance(event, Traced) for event in Trainer(tiny(**SHORT)).events())
    assert "Traced" not in EVENT_TYPES  # so no library can hold one


def test_the_lines_come_in_the_papers_order(base: list[Traced]) -> None:
    before = [1, 2, 3] + [4, 5] * TINY.d_pretrain_steps
    values = [line for _ in range(TINY.sequence_length) for line in (9, 10)]
    a_round = [6, 7, 8, *values, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert [event.line for event in base] == before + a_round * TINY.rounds
    assert [event.round for event in rounds_of(base, 6)] == list(range(1, TINY.rounds + 1))
    assert [event.round for event in rounds_of(base, 19)] == list(range(1, TINY.rounds + 1))
    assert [event.t for event in rounds_of(base, 10)][:5] == [1, 2, 3, 4, 5]


def test_loops_are_counted_from_one() -> None:
    events = traced_events(tiny(**SHORT, g_steps=2, d_steps=3))
    assert [event.g_step for event in rounds_of(events, 12)] == [1, 2] * 2
    for line in (14, 15, 16):
        assert [event.d_step for event in rounds_of(events, line)] == [1, 2, 3] * 2
    assert [event.d_step for event in rounds_of(events, 5)] == [1, 2]


def test_lines_that_a_strategy_does_not_run_are_not_traced() -> None:
    lines = {event.line for event in traced_events(tiny("constant_reward", **SHORT))}
    assert lines == set(range(1, 20)) - {4, 5, 14, 15, 16, 17}
    assert {event.line for event in traced_events(tiny(strategy="mle", **SHORT))} == {
        1, 2, 3, 6, 7, 13, 18, 19,
    }  # fmt: skip
    assert [event.line for event in traced_events(tiny(strategy="random", **SHORT))] == [1]


def test_q_is_the_mean_of_the_listed_scores_of_the_prefixs_completions(base: list[Traced]) -> None:
    T, N = TINY.sequence_length, TINY.n_rollouts
    y: list[list[int]] = []
    seen = 0
    for event in base:
        if event.line == 8:
            y = event.variables["y"]
        if event.line != 10:
            continue
        assert event.t is not None
        seen += 1
        for b, row in enumerate(y):
            completions = event.variables["completions"][b]
            scores = event.variables["completion_scores"][b]
            assert len(completions) == len(scores) == (N if event.t < T else 1)
            assert all(completion[: event.t] == row[: event.t] for completion in completions)
            q = event.variables["q"][b]
            assert q[event.t - 1] == pytest.approx(math.fsum(scores) / len(scores), abs=1e-6)
            assert all(value is not None for value in q[: event.t])
            assert all(value is None for value in q[event.t :])
    assert seen == TINY.rounds * T


def test_scores_and_probabilities_are_the_models_own() -> None:
    trainer = Trainer(tiny(**SHORT), traced=True)
    d, g = trainer.models.discriminator, trainer.models.generator
    assert d is not None
    lines = set()
    for event in trainer.events():
        if not isinstance(event, Traced):
            continue
        v = event.variables
        lines.add(event.line)
        if event.line in (1, 2, 12):
            real = trainer.models.task.train_data()
            assert v["nll_real"] == pytest.approx(-g.log_probs(real).mean().item(), abs=1e-6)
            start = g.advance(torch.tensor([0]), g.initial_state(1))
            assert v["first"] == pytest.approx(g.output_logits(start.h)[0].softmax(0).tolist())
        if event.line == 8:
            p = g.log_probs(torch.tensor(v["y"])).exp()
            assert torch.allclose(torch.tensor(v["p"]), p)
        if event.line == 10:
            for rows, scores in zip(v["completions"], v["completion_scores"], strict=True):
                assert scores == pytest.approx(d(torch.tensor(rows)).tolist(), abs=1e-6)
        if event.line in (15, 16):
            after = "_after" if event.line == 16 else ""
            rows = v if event.line == 15 else rows
            for kind in ("real", "fake"):
                now = d(torch.tensor(rows[kind])).tolist()
                assert v[f"{kind}_scores{after}"] == pytest.approx(now, abs=1e-6)
            both = torch.tensor(rows["real"] + rows["fake"])
            labels = torch.tensor([1] * len(rows["real"]) + [0] * len(rows["fake"]))
            loss, right = discriminator_loss(d, both, labels, trainer.config.d_l2)
            assert v["d_loss"] == pytest.approx(loss.item())
            assert v["d_accuracy"] == pytest.approx(int(right) / len(both))
    assert lines == set(range(1, 20))


def test_line_12_is_what_an_update_of_a_copy_gives() -> None:
    """The probabilities before and after, the loss and the norm, worked out anew."""
    trainer = Trainer(tiny(**SHORT), traced=True)
    written: dict[str, object] = {}
    copied = PolicyLearner(copy.deepcopy(trainer.models.generator), 1.0, 1.0)
    checked = 0
    for event in trainer.events():
        if isinstance(event, Traced) and event.line == 8:
            written = event.variables
            copied = PolicyLearner(
                copy.deepcopy(trainer.models.generator),
                trainer.config.g_learning_rate,
                trainer.config.max_grad_norm,
            )
            with torch.no_grad():
                assert trainer.models.learners is not None
                moments = adam_tensors(trainer.models.learners.policy.adam)
                for name, tensor in adam_tensors(copied.adam).items():
                    tensor.copy_(moments[name])
        if isinstance(event, Traced) and event.line == 12:
            v, tokens = event.variables, torch.tensor(written["y"])
            weights = torch.tensor(v["weights"])
            log_p = torch.tensor(v["log_p"])
            assert torch.allclose(log_p.exp(), torch.tensor(written["p"]))
            assert v["loss"] == pytest.approx(-(log_p * weights).sum().item(), rel=1e-5)
            reading = copied(tokens, weights, weights)
            after = copied.model.log_probs(tokens).exp()
            assert torch.allclose(torch.tensor(v["p_after"]), after, atol=1e-6)
            assert v["grad_norm"] == pytest.approx(reading.grad_norm, rel=1e-5)
            checked += 1
    assert checked == 2


def test_a_lone_token_moves_by_the_sign_of_its_weight() -> None:
    """One sequence of one kind of token, weighted alike, becomes likelier or rarer as a whole."""
    events = traced_events(tiny("constant_reward", rounds=1, g_batch_size=1, g_learning_rate=0.001))
    (written,), (updated,) = rounds_of(events, 8), rounds_of(events, 12)
    assert set(updated.variables["weights"][0]) == {1.0}
    before = sum(map(math.log, written.variables["p"][0]))
    after = sum(map(math.log, updated.variables["p_after"][0]))
    assert after > before


def test_theta_moves_at_lines_2_and_12_only_and_phi_at_5_and_16(base: list[Traced]) -> None:
    moved = {event.line for event in base if event.variables.get("theta_moved", 0.0) > 0}
    assert moved == {2, 12}
    assert {event.line for event in base if event.variables.get("phi_moved", 0.0) > 0} == {5, 16}


def test_the_roll_out_policy_is_theta_itself_or_a_copy_that_follows() -> None:
    live = traced_events(tiny(**SHORT))
    assert all(event.variables["beta_is_theta"] for event in rounds_of(live, 18))
    average = traced_events(tiny(**SHORT, rollout_policy="average", rollout_update_rate=0.5))
    (copied,) = rounds_of(average, 3)
    assert copied.variables == {"beta_is_theta": False, "beta_distance": 0.0}
    first, second = (event.variables for event in rounds_of(average, 18))
    moved = rounds_of(average, 12)[0].variables["theta_moved"]
    assert first["beta_distance"] == pytest.approx(moved / 2, rel=1e-4)  # half of the way is left
    assert second["beta_distance"] > 0


def test_something_visible_moves_in_every_round(base: list[Traced]) -> None:
    for written, updated in zip(rounds_of(base, 8), rounds_of(base, 12), strict=True):
        p, after = written.variables["p"], updated.variables["p_after"]
        pairs = [zip(*rows, strict=True) for rows in zip(p, after, strict=True)]
        assert max(abs(a - b) for row in pairs for a, b in row) > 0.005
    last = rounds_of(base, 16)[-1].variables
    real, fake = last["real_scores_after"], last["fake_scores_after"]
    assert sum(real) / len(real) > sum(fake) / len(fake) + 0.1  # D has learned to tell them apart


def test_every_variable_is_described_and_used(base: list[Traced]) -> None:
    of_a_value_network = {"v"}
    used = {name for event in base for name in event.variables}
    assert used == set(VARIABLES) - of_a_value_network


def test_a_traced_run_is_not_resumed() -> None:
    trainer = Trainer(tiny(**SHORT))
    list(trainer.events())
    with pytest.raises(ValueError, match="train it again"):
        Trainer(tiny(**SHORT), traced=True).load(trainer.state(), trainer.counters)


def test_untraced_yields_are_whole_among_traced_ones() -> None:
    """A checkpoint offered by a traced run goes on as an untraced run does."""
    config = tiny(**SHORT, checkpoint_every=1)
    traced = Trainer(config, traced=True)
    saved = []
    for event in traced.events():
        if isinstance(event, CheckpointDue):
            saved.append((traced.state(), traced.counters))
    for state, counters in saved:
        resumed = Trainer(config)
        resumed.load(state, counters)
        list(resumed.events())
        end = traced.state()
        assert all(torch.equal(tensor, end[name]) for name, tensor in resumed.state().items())


def test_the_tiny_problem_has_the_sizes_that_the_screen_speaks_of() -> None:
    assert (TINY.vocab_size, TINY.sequence_length, TINY.n_rollouts, TINY.g_batch_size) == (
        6, 5, 3, 2,
    )  # fmt: skip
    assert len(make_config(TINY, **WHAT_IFS["one_rollout"]).d_widths) == 3
    assert Trainer(TINY).models.task.train_data().shape == (8, 5)  # as few as the settings allow
    with pytest.raises(ConfigError, match="n_train is 7"):
        tiny(n_train=7)


def test_with_a_value_network_the_weight_is_q_minus_v() -> None:
    events = traced_events(tiny("value_network"))
    valued, updated = [e for e in rounds_of(events, 10) if e.t == 1], rounds_of(events, 12)
    last_q = [event.variables["q"] for event in rounds_of(events, 10) if event.t == 5]
    assert len(valued) == len(updated) == len(last_q) == 8
    for before, q, after in zip(valued, last_q, updated, strict=True):
        v = torch.tensor(before.variables["v"])
        weights = torch.tensor(after.variables["weights"])
        assert torch.allclose(torch.tensor(q) - v, weights, atol=1e-6)
        assert v[0, 0] == v[1, 0]  # the empty prefix
    assert valued[0].variables["v"] != valued[-1].variables["v"]
