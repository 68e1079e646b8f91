"""The trainer: Algorithm 1 in order, whole at every yield, deterministic, and guarded."""

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
import torch

from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.objectives import Normalisation, normalise_q, policy_gradient_loss
from seqgan_core.training import checks
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.evaluation import TEMPERATURES, d_accuracies
from seqgan_core.training.events import (
    CheckpointDue,
    DiscriminatorUpdated,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
    TemperaturesMeasured,
    from_dict,
    to_dict,
)
from seqgan_core.training.learners.batches import DiscriminatorData, feeding
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.presets import PRESETS
from seqgan_core.training.steps import Steps
from seqgan_core.training.strategies import STRATEGIES, RandomReward
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.configs import SIZES
from tests.support.tiny.models import exact_q, small_generator, table_reward

TINY = make_config(
    vocab_size=30, sequence_length=6, n_train=256, n_test=64, g_embedding_size=8, g_hidden_size=8,
    d_embedding_size=8, d_widths=(1, 2, 3), d_filters=(8, 8, 8), batch_size=32, pretrain_epochs=2,
    d_pretrain_steps=2, rounds=3, g_steps=2, d_steps=2, d_epochs=2, g_batch_size=16, n_rollouts=3,
    n_eval=128, evaluate_every=1, checkpoint_every=1, report_every=5, device="cpu",
)  # fmt: skip


def tiny(**changes: object) -> TrainConfig:
    return make_config(TINY, **changes)


def run(config: TrainConfig) -> list[Event]:
    return list(Trainer(config).events())


def test_algorithm_1_runs_in_the_papers_order() -> None:
    events = run(TINY)
    phases = [event.phase for event in events if isinstance(event, PhaseStarted)]
    assert phases == ["pretrain_generator", "pretrain_discriminator", "adversarial"]
    rounds = [
        event.line
        for event in events
        if isinstance(event, GeneratorUpdated | DiscriminatorUpdated) and event.epoch > 2
    ]
    # a D step is k = 2 epochs of 2 * 256 / 32 = 16 batches, reported five batches at a time
    reports_of_a_d_step = -(-2 * 16 // 5)
    assert rounds == ([12] * 2 + [16] * 2 * reports_of_a_d_step) * 3
    assert events[-1] == Finished(events[-1].step, 5.0, 19, "finished")


def test_the_counts_are_those_of_the_settings() -> None:
    trainer = Trainer(TINY)
    updates = {"mle": 0, "policy": 0, "d": 0}
    for event in trainer.events():
        if isinstance(event, GeneratorUpdated):
            updates["mle" if event.mean_q is None else "policy"] += event.updates
        if isinstance(event, DiscriminatorUpdated):
            updates["d"] += event.updates
    # the two D steps of pre-training and the six of the rounds hold 2 epochs of 16 batches
    assert updates == {"mle": 2 * 8, "policy": 3 * 2, "d": (2 + 3 * 2) * 2 * 16}


@pytest.mark.parametrize(
    "changes",
    [
        {
            "rollout_policy": "average",
            "d_max_accuracy": 0.51,
            "d_max_gap": 0.05,
            "d_batch_size": 64,
        },
        {"g_dropout": 0.4, "g_tied_embeddings": True, "g_embedding_size": 8, "g_hidden_size": 8},
    ],
)
def test_the_state_is_whole_at_every_yield(changes: dict[str, Any]) -> None:
    """From any event on, a fresh trainer with that state tells what the unbroken one did."""
    config = tiny(**changes)
    trainer = Trainer(config)
    events, states = [], []
    for event in trainer.events():
        events.append(event)
        states.append((trainer.state(), trainer.counters))
    end = states[-1][0]
    for index in range(0, len(events) - 1, 3):
        resumed = Trainer(config)
        resumed.load(*states[index])
        assert list(resumed.events()) == events[index + 1 :], events[index]
        assert all(torch.equal(tensor, end[name]) for name, tensor in resumed.state().items())


def curves(events: list[Event]) -> list[TemperaturesMeasured]:
    return [event for event in events if isinstance(event, TemperaturesMeasured)]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_temperature_curve_is_measured_once_where_mle_ends(strategy: str) -> None:
    events = run(tiny(strategy=strategy))
    measured = curves(events)
    if STRATEGIES[strategy].reward is None:
        assert not measured
        return
    (curve,) = measured
    before = events[: events.index(curve)]
    assert [event.phase for event in before if isinstance(event, PhaseStarted)] == [
        "pretrain_generator"
    ]
    assert (curve.epoch, curve.line, curve.n) == (2.0, 2, TINY.n_eval)
    assert tuple(point.temperature for point in curve.points) == TEMPERATURES
    switch = next(event for event in reversed(before) if isinstance(event, Evaluated)).metrics
    one = curve.points[TEMPERATURES.index(1.0)]
    assert one.nll_test == pytest.approx(switch["nll_test"], abs=1e-5)
    assert one.nll_oracle == pytest.approx(
        switch["nll_oracle"], abs=6 * switch["nll_oracle_se"]
    )  # other samples
    assert len({point.nll_oracle for point in curve.points}) == len(TEMPERATURES)


def test_no_rounds_need_no_curve_and_a_run_without_mle_has_one() -> None:
    assert not curves(run(tiny(rounds=0)))
    (curve,) = curves(run(tiny(pretrain_epochs=0)))
    assert (curve.step, curve.epoch) == (0, 0.0)


@pytest.mark.parametrize("strategy", ["seqgan", "constant_reward"])
def test_a_run_paused_at_its_temperature_curve_goes_on_without_a_second_one(strategy: str) -> None:
    trainer, state = Trainer(tiny(strategy=strategy)), None
    events = []
    for event in trainer.events():
        events.append(event)
        if isinstance(event, TemperaturesMeasured):
            state, at = (trainer.state(), trainer.counters), len(events)
    assert state is not None
    resumed = Trainer(tiny(strategy=strategy))
    resumed.load(*state)
    assert list(resumed.events()) == events[at:]
    assert not curves(events[at:])
    assert all(torch.equal(t, trainer.state()[name]) for name, t in resumed.state().items())


def test_the_curve_changes_no_other_event_and_no_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    config = tiny(rollout_policy="average")
    measuring = Trainer(config)
    events = list(measuring.events())
    monkeypatch.setattr(Steps, "measure_temperatures", lambda self: iter(()))
    plain = Trainer(config)
    assert list(plain.events()) == [e for e in events if not isinstance(e, TemperaturesMeasured)]
    state = plain.state()
    assert all(torch.equal(t, state[name]) for name, t in measuring.state().items())


def test_a_checkpoint_of_before_the_curve_can_be_continued() -> None:
    """It is measured where MLE has just ended, and not inside the rounds."""
    trainer, measured = Trainer(TINY), []
    for event in trainer.events():
        if isinstance(event, CheckpointDue) and event.epoch in (2.0, 4.0):
            counters = dict(trainer.counters)
            del counters["temperatures_measured"]
            resumed = Trainer(TINY)
            resumed.load(trainer.state(), counters)
            measured.append((event.line, len(curves(list(resumed.events())))))
    assert measured == [(2, 1), (5, 0), (18, 0)]


def test_a_corpus_has_a_curve_of_nll_test_alone() -> None:
    config = make_config(PRESETS["practice"], **SIZES)
    (curve,) = curves(run(resolve_config(config)))
    assert all(point.nll_oracle is None for point in curve.points)
    assert len({point.nll_test for point in curve.points}) == len(TEMPERATURES)


def test_two_runs_are_equal_while_another_thread_draws_random_numbers() -> None:
    alone = run(TINY)
    stop = threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            torch.rand(100)
            torch.manual_seed(3)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        disturbed = run(TINY)
    finally:
        stop.set()
        thread.join()
    assert alone == disturbed


def test_another_seed_is_another_run_on_the_same_data() -> None:
    first, second = Trainer(TINY), Trainer(tiny(seed=2))
    assert torch.equal(first.models.task.train_data(), second.models.task.train_data())
    assert not torch.equal(first.models.generator.w_output, second.models.generator.w_output)
    assert run(TINY) != run(tiny(seed=2))


def test_another_oracle_seed_is_other_data_for_the_same_start() -> None:
    first, second = Trainer(TINY), Trainer(tiny(oracle_seed=2))
    assert not torch.equal(first.models.task.train_data(), second.models.task.train_data())
    assert torch.equal(first.models.generator.w_output, second.models.generator.w_output)


def test_mle_learns() -> None:
    events = run(tiny(strategy="mle", pretrain_epochs=25, rounds=0, n_train=2048, n_test=512))
    nll = [event.metrics["nll_test"] for event in events if isinstance(event, Evaluated)]
    assert nll[0] == pytest.approx(torch.log(torch.tensor(30.0)).item(), abs=0.02)
    assert nll[-1] < nll[0] - 0.3


def test_a_pure_policy_gradient_raises_the_score_of_a_fixed_discriminator() -> None:
    config = tiny(
        d_steps=0, rounds=30, d_pretrain_steps=6, d_learning_rate=0.01, g_batch_size=64,
        g_learning_rate=0.01, q_normalisation="advantage", evaluate_every=30, d_l2=0.0,
    )  # fmt: skip
    events = run(config)
    scores = [event.metrics["d_fake"] for event in events if isinstance(event, Evaluated)
              and "d_fake" in event.metrics]  # fmt: skip
    assert scores[-1] > scores[0] + 0.1


def test_random_changes_nothing() -> None:
    trainer = Trainer(tiny(strategy="random"))
    before = trainer.models.generator.w_output.clone()
    events = list(trainer.events())
    assert [type(event) for event in events] == [Evaluated, CheckpointDue, Finished]
    assert torch.equal(before, trainer.models.generator.w_output)


def test_the_control_starts_where_seqgan_switches() -> None:
    def at_switch(strategy: str) -> dict[str, float]:
        events = run(tiny(strategy=strategy))
        return [event.metrics for event in events if isinstance(event, Evaluated)
                and event.phase == "pretrain_generator"][-1]  # fmt: skip

    assert at_switch("seqgan") == at_switch("constant_reward")


def test_the_control_makes_as_many_updates_and_trains_no_discriminator() -> None:
    trainer = Trainer(tiny(strategy="constant_reward", q_normalisation="standardise"))
    events = list(trainer.events())
    policy = [event for event in events if isinstance(event, GeneratorUpdated) and event.line == 12]
    assert len(policy) == 3 * 2
    assert {event.mean_q for event in policy} == {1.0}
    assert all(event.grad_norm > 0 for event in policy)  # normalising must not turn it to 0
    assert trainer.models.discriminator is None


def test_the_random_reward_is_the_mean_of_uniform_noise_per_roll_out() -> None:
    reward, tokens = RandomReward(seed=1), torch.zeros(4000, 6, dtype=torch.long)
    q = reward.q_values(tokens, 4, update=0)
    assert q.mean(0).tolist() == pytest.approx([0.5] * 6, abs=0.02)
    spread = [(1 / 12 / 4) ** 0.5] * 5 + [(1 / 12) ** 0.5]  # the last place has one score
    assert q.std(0).tolist() == pytest.approx(spread, abs=0.006)
    assert abs(float(torch.corrcoef(q.t()).fill_diagonal_(0).abs().max())) < 0.08


def test_the_random_reward_depends_on_seed_update_and_row_alone() -> None:
    tokens = torch.zeros(8, 6, dtype=torch.long)
    q = RandomReward(1).q_values(tokens, 4, update=3)
    assert torch.equal(q, RandomReward(1).q_values(tokens + 2, 4, update=3))
    assert torch.equal(q[:3], RandomReward(1).q_values(tokens[:3], 4, update=3))
    assert not torch.equal(q, RandomReward(1).q_values(tokens, 4, update=4))
    assert not torch.equal(q, RandomReward(2).q_values(tokens, 4, update=3))


@pytest.mark.parametrize("how", ["advantage", "centre", "standardise"])
def test_a_random_reward_pushes_nowhere_on_average_and_a_real_one_does(how: Normalisation) -> None:
    """The policy gradient over 400 batches, each parameter in standard errors of its mean."""
    generator = small_generator(3, std=1.0)
    table, _reward = table_reward(3, 3)

    def gradients(random: bool) -> torch.Tensor:
        rows = []
        for update in range(400):
            rng = rng_for(5, "test", update)
            tokens = generator.sample(16, 3, rng)
            q = (
                RandomReward(1).q_values(tokens, 2, update)
                if random
                else exact_q(generator, table, tokens, 3).float()
            )
            loss, _ = policy_gradient_loss(generator, tokens, normalise_q(q, how))
            parts = torch.autograd.grad(loss, list(generator.parameters()))
            rows.append(torch.cat([part.flatten() for part in parts]))
        return torch.stack(rows)

    for random in (True, False):
        sample = gradients(random)
        error = (sample.std(0) / len(sample) ** 0.5).clamp(min=1e-9)
        furthest = float((sample.mean(0) / error).abs().max())
        assert (furthest < 5) == random, furthest


def test_the_random_control_updates_as_often_and_trains_no_discriminator() -> None:
    trainer = Trainer(tiny(strategy="random_reward", q_normalisation="advantage"))
    events = list(trainer.events())
    policy = [event for event in events if isinstance(event, GeneratorUpdated) and event.line == 12]
    assert len(policy) == 3 * 2
    assert all(event.grad_norm > 0 for event in policy)  # a constant's would be 0
    assert trainer.models.discriminator is None


def test_the_policy_gradient_has_moments_of_its_own() -> None:
    trainer = Trainer(tiny(rounds=1))
    for event in trainer.events():
        if isinstance(event, PhaseStarted) and event.phase == "adversarial":
            state = trainer.state()
            assert state["adam.mle.0.exp_avg"].abs().sum() > 0
            assert state["adam.policy.0.exp_avg"].abs().sum() == 0


def test_a_discriminator_that_is_too_strong_is_skipped() -> None:
    # an accuracy above one half on held-out data is nearly sure with 0.5001 as the bound
    skipped = [event for event in run(tiny(d_max_accuracy=0.501, d_learning_rate=0.01, rounds=6))
               if isinstance(event, DiscriminatorUpdated) and event.skipped]  # fmt: skip
    assert skipped
    assert all(event.updates == 0 and event.loss is None for event in skipped)
    assert not any(e.skipped for e in run(TINY) if isinstance(e, DiscriminatorUpdated))


@pytest.mark.parametrize(
    ("trained", "held_out", "bound", "skipped"),
    [
        (0.75, 0.5, 0.25, False),
        (0.75, 0.5, 0.2, True),
        (0.5, 0.75, 0.0, False),
        (0.75, 0.5, None, False),
    ],
)
def test_d_is_skipped_exactly_where_it_memorises_more_than_the_bound(
    trained: float, held_out: float, bound: float | None, skipped: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(checks, "d_accuracies", lambda *_: iter((held_out, trained)))
    events = [e for e in run(tiny(d_max_gap=bound)) if isinstance(e, DiscriminatorUpdated)]
    in_rounds = [event.skipped for event in events if event.phase == "adversarial"]
    assert set(in_rounds) == {skipped}
    assert not any(event.skipped for event in events if event.phase != "adversarial")


def test_the_accuracies_tell_a_d_that_memorised_from_one_that_did_not() -> None:
    """A D that knows the training data by its rows, and calls all else fake."""
    trainer = Trainer(tiny(vocab_size=300))  # so large that no held-out sequence is among them
    known = {tuple(row) for row in trainer.models.task.train_data().tolist()}

    class Memory:
        def probability_real(self, tokens: torch.Tensor) -> torch.Tensor:
            return torch.tensor([float(tuple(row) in known) for row in tokens.tolist()])

    rng = rng_for(1, "balance")
    memory = cast(Discriminator, Memory())
    assert [*d_accuracies(memory, trainer.models.generator, trainer.models.task, rng)] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("bounds", "most"), [({"d_max_accuracy": 0.99}, 1), ({"d_max_gap": 0.2}, 2)]
)
def test_the_training_data_is_scored_only_for_the_bound_that_reads_it(
    bounds: dict[str, float], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []

    def accuracies(*_: object) -> Iterator[float]:
        for accuracy in (0.6, 0.7):
            measured.append(accuracy)
            yield accuracy

    monkeypatch.setattr(checks, "d_accuracies", accuracies)
    skipped = [e.skipped for e in run(tiny(**bounds)) if isinstance(e, DiscriminatorUpdated)]
    sets = measured.count(0.6)
    assert sets > 1
    assert len(measured) == most * sets
    assert not any(skipped)


def test_d_has_batches_of_its_own_size_and_mle_keeps_its_own() -> None:
    trainer = Trainer(tiny(d_batch_size=128))
    updates = [e.updates for e in trainer.events() if isinstance(e, DiscriminatorUpdated)]
    assert sum(updates) == (2 + 3 * 2) * 2 * (2 * 256 // 128)
    data = DiscriminatorData(trainer.config, trainer.models.task, trainer.models.generator)
    tokens, labels = data.batches(0, range(3))
    assert tokens.shape == (3, 128, 6)
    assert labels.shape == (3, 128)
    assert trainer.counters["mle_updates"] == 2 * 256 // 32


def test_a_batch_size_of_d_equal_to_the_common_one_changes_nothing() -> None:
    first, second = Trainer(TINY), Trainer(tiny(d_batch_size=TINY.batch_size))
    assert list(first.events()) == list(second.events())
    assert all(torch.equal(value, second.state()[name]) for name, value in first.state().items())


def test_a_run_that_becomes_nan_stops_with_its_reason() -> None:
    trainer = Trainer(TINY)
    events = []
    for event in trainer.events():
        events.append(event)
        if isinstance(event, PhaseStarted) and event.phase == "adversarial":
            with torch.no_grad():
                trainer.models.generator.b_output[3] = torch.nan
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.status == "diverged"
    assert "NaN" in last.reason
    poisoned = next(i for i, e in enumerate(events) if isinstance(e, PhaseStarted) and e.line == 6)
    assert not any(isinstance(event, CheckpointDue) for event in events[poisoned:])


def test_a_run_that_gets_far_worse_stops_with_its_reason() -> None:
    events = run(tiny(g_learning_rate=1.0, rounds=40, divergence_nats=0.01, q_normalisation="none"))
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.status == "diverged"
    assert "NLL_oracle rose to" in last.reason


def test_a_checkpoint_of_other_settings_is_refused_and_nothing_changes() -> None:
    small, large = Trainer(TINY), Trainer(tiny(g_hidden_size=9))
    before = large.state()
    with pytest.raises(ValueError, match="shape"):
        large.load(small.state(), small.counters)
    assert all(torch.equal(tensor, before[name]) for name, tensor in large.state().items())
    with pytest.raises(ValueError, match="counters"):
        small.load(small.state(), {"step": 1})


def test_the_average_policy_follows_but_is_not_the_live_one() -> None:
    trainer = Trainer(tiny(rollout_policy="average", rollout_update_rate=0.8))
    list(trainer.events())
    live, average = trainer.models.generator, trainer.models.rollout_policy
    assert average is not live
    for averaged, current in zip(average.parameters(), live.parameters(), strict=True):
        assert averaged.data_ptr() != current.data_ptr()
    assert not torch.equal(average.w_output, live.w_output)


def test_the_eight_followed_sequences_keep_their_noise() -> None:
    config = tiny(strategy="mle", rounds=0, pretrain_learning_rate=1e-9)
    followed = [e.followed for e in run(config) if isinstance(e, Evaluated)]
    assert len(followed[0]) == 8
    assert followed[0] == followed[-1]  # nothing was learned, so nothing may change


def test_events_survive_being_stored() -> None:
    for event in run(TINY):
        assert from_dict(to_dict(event)) == event


def test_a_branch_from_inside_a_set_with_fewer_epochs_goes_on() -> None:
    """The set is then over: nothing may wait for batches that will not come."""
    trainer = Trainer(TINY)
    for event in trainer.events():
        if isinstance(event, DiscriminatorUpdated) and trainer.counters["d_batch"] > 16:
            break
    branch = Trainer(tiny(d_epochs=1))
    branch.load(trainer.state(), trainer.counters)
    events = list(branch.events())
    assert isinstance(events[-1], Finished)
    assert branch.counters["d_sets"] == 2 + 3 * 2


def test_loading_forgets_the_negatives_of_other_weights() -> None:
    trainer = Trainer(TINY)
    states = []
    for event in trainer.events():
        states.append((trainer.state(), trainer.counters))
        if event.epoch >= 3:
            break
    middle = len(states) // 2
    trainer.load(*states[middle])
    fresh = Trainer(TINY)
    fresh.load(*states[middle])
    assert list(trainer.events()) == list(fresh.events())


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_goes_on_from_a_checkpoint_as_if_unbroken(strategy: str) -> None:
    config = tiny(
        strategy=strategy, feeding_decay=0.3, q_normalisation="centre", search_negatives=True
    )
    whole = Trainer(config)
    events = list(whole.events())
    broken, earlier = Trainer(config), []
    for event in broken.events():
        earlier.append(event)
        if isinstance(event, CheckpointDue) and len(earlier) > len(events) // 2:
            break
    resumed = Trainer(config)
    resumed.load(broken.state(), broken.counters)
    assert earlier + list(resumed.events()) == events
    for name, tensor in whole.state().items():
        assert torch.equal(resumed.state()[name], tensor), name


def test_scheduled_sampling_feeds_the_truth_ever_less() -> None:
    config = tiny(strategy="scheduled_sampling", feeding_decay=0.25)
    n, B = config.n_train, config.batch_size
    shares = []
    for epoch in range(6):
        updates = range(epoch * (n // B), (epoch + 1) * (n // B))
        coins = [feeding(config, n, update, torch.device("cpu"))[0] for update in updates]
        shares.append(float(torch.stack(coins).float().mean()))
    assert shares[0] == 1.0
    assert shares[4] == shares[5] == 0.0
    for epoch in (1, 2, 3):
        assert shares[epoch] == pytest.approx(1 - 0.25 * epoch, abs=0.1)


def test_scheduled_sampling_without_decay_is_mle() -> None:
    mle = [e for e in run(tiny(strategy="mle")) if isinstance(e, Evaluated)]
    ours = [
        e
        for e in run(tiny(strategy="scheduled_sampling", feeding_decay=0.0))
        if isinstance(e, Evaluated)
    ]
    for a, b in zip(mle, ours, strict=True):
        assert a.metrics["nll_test"] == pytest.approx(b.metrics["nll_test"], abs=1e-3)


def test_pg_bleu_raises_the_bleu_of_what_it_writes() -> None:
    config = tiny(strategy="pg_bleu", rounds=30, g_learning_rate=0.02, q_normalisation="centre")
    trainer = Trainer(config)
    assert trainer.models.discriminator is None
    assert isinstance(trainer.reward, Bleu)
    scores = {}
    for event in trainer.events():
        if isinstance(event, CheckpointDue) and event.epoch in (
            config.pretrain_epochs,
            config.pretrain_epochs + config.rounds,
        ):
            rng = rng_for(1, "test", 0)
            samples = trainer.models.generator.sample(2000, config.sequence_length, rng)
            scores[event.epoch] = float(trainer.reward(samples).mean())
    first, last = scores.values()
    assert last > first + 0.01
