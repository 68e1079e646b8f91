"""What D reads, over one sequence, over many, and through training."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import t as student

from seqgan_core.insight.discriminator import attribution
from seqgan_core.insight.discriminator import scores as discriminator_scan
from seqgan_core.insight.discriminator.attribution import (
    alternatives,
    attribute,
    attribution_at,
    bracket_changes,
    sequence_options,
)
from seqgan_core.insight.discriminator.filters import filter_ranking_at, rank_filters
from seqgan_core.insight.discriminator.scores import (
    Scores,
    last_training_set,
    samples,
    scan,
    score_history,
    scores,
    unknown_reason,
)
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of
from seqgan_core.paper.filter_effects import NOWHERE, activations, winners
from seqgan_core.runs.branching import fork
from seqgan_core.runs.driver import drive
from seqgan_core.runs.open_checkpoint import open_checkpoint
from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.evaluation import followed_sequences
from seqgan_core.training.learners.updates import DiscriminatorLearner
from seqgan_core.training.trainer import Trainer
from tests.paper.test_filter_effects import removed, uneven
from tests.support.tiny.configs import small_config
from tests.support.tiny.models import random_tokens, small_discriminator
from tests.support.tiny.trained_run import trained


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    return trained(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def models(run: tuple[Store, str]) -> Models:
    return Models(run[0])


def last_step(store: Store, run_id: str) -> int:
    return max(steps_of(store, run_id))


# -- one sequence ---------------------------------------------------------------------------------


def test_a_reading_has_every_winning_ngram_with_its_measured_effect() -> None:
    D = uneven()
    for row in random_tokens(6, 6, 9).split(1):
        attribution = finish(attribute(D, row[0].tolist()))
        assert attribution.score == pytest.approx(float(D(row)), abs=1e-7)
        assert attribution.logit == pytest.approx(
            math.log(attribution.score / (1 - attribution.score)), abs=1e-5
        )
        starts = winners(D, row).starts[0]
        read_by = sorted(
            feature.number for bracket in attribution.brackets for feature in bracket.filters
        )
        assert read_by == (starts != NOWHERE).nonzero()[:, 0].tolist()
        assert attribution.n_silent == 12 - len(read_by)
        for bracket in attribution.brackets:
            numbers = [feature.number for feature in bracket.filters]
            assert set(starts[numbers].tolist()) == {bracket.start}
            end = bracket.start + bracket.width
            assert bracket.tokens == tuple(row[0, bracket.start : end].tolist())
            gone = float(removed(D, numbers)(row))
            assert bracket.without == pytest.approx(gone, abs=1e-6)
            assert bracket.effect == pytest.approx(attribution.score - gone, abs=1e-6)
            for feature in bracket.filters:
                alone = float(removed(D, [feature.number])(row))
                assert feature.effect == pytest.approx(attribution.score - alone, abs=1e-6)
        sizes = [abs(bracket.effect) for bracket in attribution.brackets]
        assert sizes == sorted(sizes, reverse=True)
        everything = removed(D, list(range(12)))
        assert attribution.nothing == pytest.approx(float(everything(row)), abs=1e-6)


def test_a_bracket_of_one_filter_has_its_filters_effect() -> None:
    attribution = finish(attribute(uneven(), random_tokens(1, 6, 9)[0].tolist()))
    alone = [bracket for bracket in attribution.brackets if len(bracket.filters) == 1]
    assert alone
    for bracket in alone:
        assert bracket.effect == pytest.approx(bracket.filters[0].effect, abs=1e-6)
        assert bracket.effect_logit == pytest.approx(bracket.filters[0].effect_logit, abs=1e-5)


def test_a_d_that_nothing_excites_reads_nothing() -> None:
    D = removed(small_discriminator(9), list(range(12)))
    attribution = finish(attribute(D, [1, 2, 3, 4]))
    assert attribution.brackets == ()
    assert attribution.n_silent == attribution.n_filters == 12
    assert attribution.score == pytest.approx(attribution.nothing, abs=1e-7)


def test_every_alternative_is_scored_as_d_scores_it(
    run: tuple[Store, str], models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = run
    step = last_step(store, run_id)
    D = attribution.discriminator_of(models, run_id, step)
    row = [3, 1, 4, 1, 5, 9]
    monkeypatch.setattr(attribution, "VARIANTS", 5)  # several parts, the last one shorter
    substitutions = finish(alternatives(models, run_id, step, row, 2))
    assert substitutions.shape == (12,)
    for token in range(12):
        changed = torch.tensor([[3, 1, token, 1, 5, 9]])
        assert substitutions[token] == pytest.approx(float(D(changed)), abs=1e-6)


def test_what_moved_is_what_came_went_or_reads_otherwise() -> None:
    D = uneven()
    before = finish(attribute(D, [1, 2, 3, 4, 5, 6]))
    assert bracket_changes(before, before) == []
    after = finish(attribute(D, [1, 8, 3, 4, 0, 6]))
    changes = bracket_changes(before, after)
    assert changes
    places = {(change.start, change.width) for change in changes}
    for now in after.brackets:
        then = next(
            (b for b in before.brackets if (b.start, b.width) == (now.start, now.width)), None
        )
        same = then is not None and (
            then.tokens == now.tokens
            and {f.number for f in then.filters} == {f.number for f in now.filters}
        )
        assert ((now.start, now.width) in places) is not same
    for change in changes:
        effects = [part.effect if part else 0.0 for part in (change.before, change.after)]
        assert change.change == pytest.approx(effects[1] - effects[0])
    assert [abs(change.change) for change in changes] == sorted(
        (abs(change.change) for change in changes), reverse=True
    )


def test_what_is_offered_to_read(run: tuple[Store, str], models: Models) -> None:
    store, run_id = run
    step = last_step(store, run_id)
    options = finish(sequence_options(models, run_id, step))
    checkpoint = open_checkpoint(store, run_id, step)
    assert [list(row) for row in options.followed] == followed_sequences(checkpoint).tolist()
    whole = Trainer(store.run(run_id).config)
    assert [list(row) for row in options.real] == whole.models.task.test_data()[:8].tolist()
    assert options.vocab_size == 12
    assert options.d_updates == checkpoint.counters["d_updates"] > 0
    assert finish(sequence_options(models, run_id, 0)).d_updates == 0


def test_a_run_without_d_is_refused(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path, strategy="mle", rounds=1)
    models, step = Models(store), last_step(store, run_id)
    with pytest.raises(StoreError, match="has no discriminator; choose a run"):
        finish(attribution_at(models, run_id, step, [0] * 6))
    with pytest.raises(StoreError, match="has no discriminator; choose a run"):
        finish(scores(store, run_id, step, models.task(run_id), 1, 8))


# -- many sequences -------------------------------------------------------------------------------


def test_strongest_filters_by_hand() -> None:
    D = uneven()
    real, fake = random_tokens(7, 6, 9, seed=1), random_tokens(7, 6, 9, seed=2)
    ranking = finish(rank_filters(D, real, fake, top=12))
    tokens = torch.cat([real, fake])
    effects = np.array(
        [[float(D(row) - removed(D, [f])(row)) for f in range(12)] for row in tokens.split(1)]
    )
    values = D.features(tokens).detach().numpy()
    fires = [f for f in range(12) if (values[:, f] > 0).any()]
    assert ranking.n == 7
    assert ranking.n_filters == 12
    assert ranking.n_mute == 12 - len(fires)
    assert [feature.number for feature in ranking.filters] == sorted(
        fires, key=lambda f: -np.abs(effects[:, f]).mean()
    )
    for feature in ranking.filters:
        own = effects[:, feature.number]
        assert feature.strength.value == pytest.approx(np.abs(own).mean(), abs=1e-6)
        assert feature.effect.value == pytest.approx(own.mean(), abs=1e-6)
        assert feature.effect.half == pytest.approx(
            student.ppf(0.975, 13) * own.std(ddof=1) / math.sqrt(14), rel=1e-3
        )
        assert feature.on_real.value == pytest.approx(values[:7, feature.number].mean(), abs=1e-6)
        assert feature.on_fake.value == pytest.approx(values[7:, feature.number].mean(), abs=1e-6)
        assert feature.awake_real == (values[:7, feature.number] > 0).sum()
        assert feature.awake_fake == (values[7:, feature.number] > 0).sum()
        half = math.hypot(feature.on_real.half, feature.on_fake.half)
        gap = feature.on_real.value - feature.on_fake.value
        assert feature.favours == (gap > half) - (gap < -half)


def windows(rows: torch.Tensor, width: int) -> list[set[tuple[int, ...]]]:
    return [
        {tuple(row[i : i + width]) for i in range(len(row) - width + 1)} for row in rows.tolist()
    ]


def test_phrases_are_counted_by_sequences_that_hold_them() -> None:
    D = uneven(4)  # few tokens, so that phrases repeat
    real, fake = random_tokens(9, 6, 4, seed=1), random_tokens(9, 6, 4, seed=2)
    ranking = finish(rank_filters(D, real, fake))
    starts = winners(D, torch.cat([real, fake])).starts
    several = 0
    for feature in ranking.filters:
        in_real, in_fake = windows(real, feature.width), windows(fake, feature.width)
        every = set().union(*in_real, *in_fake)
        loud = activations(D, feature.number, torch.tensor(sorted(every))).tolist()
        heard = [phrase.activation for phrase in feature.loudest]
        best = sorted(loud, reverse=True)[: len(heard)]
        assert heard == pytest.approx(best, abs=1e-5)
        for phrase in (*feature.loudest, *feature.commonest):
            assert phrase.in_real == sum(phrase.tokens in held for held in in_real)
            assert phrase.in_fake == sum(phrase.tokens in held for held in in_fake)
            won = [
                tuple(row[s : s + feature.width].tolist()) == phrase.tokens
                for row, s in zip(
                    torch.cat([real, fake]), starts[:, feature.number].tolist(), strict=True
                )
                if s != NOWHERE
            ]
            assert phrase.wins == sum(won)
            several += phrase.wins > 1
        counts = [phrase.wins for phrase in feature.commonest]
        assert counts == sorted(counts, reverse=True)
    assert several


def test_strongest_of_a_stored_model(run: tuple[Store, str], models: Models) -> None:
    store, run_id = run
    step = last_step(store, run_id)
    ranking = finish(filter_ranking_at(models, run_id, step, 1, 20))
    assert ranking.n == 20
    assert 0 < len(ranking.filters) <= 12
    again = finish(filter_ranking_at(Models(store), run_id, step, 1, 20))
    assert again == ranking
    assert finish(filter_ranking_at(models, run_id, step, 2, 20)) != ranking


# -- through training -----------------------------------------------------------------------------


@pytest.fixture
def spied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, str, Any]:
    """A run whose discriminator's batches were written down, by the step of its checkpoint."""
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []
    at: dict[int, list[tuple[torch.Tensor, torch.Tensor]]] = {}
    store = Store(tmp_path)
    run_id = store.create_run(small_config(d_epochs=2, d_samples=32), preset="glance")
    updates, state = DiscriminatorLearner.updates, Trainer.state

    def noted(
        learner: DiscriminatorLearner,
        tokens: torch.Tensor,
        labels: torch.Tensor,
        masks: torch.Tensor,
    ) -> None:
        seen.extend(zip(tokens.clone(), labels.clone(), strict=True))
        updates(learner, tokens, labels, masks)

    def saved(trainer: Trainer) -> dict[str, torch.Tensor]:
        at[int(trainer.counters["step"])] = list(seen)
        return state(trainer)

    with monkeypatch.context() as patch:
        patch.setattr(DiscriminatorLearner, "updates", noted)
        patch.setattr(Trainer, "state", saved)
        drive(store, run_id)
    return store, run_id, at


def test_the_set_that_d_was_trained_on_last_is_made_again_exactly(
    spied: tuple[Store, str, Any],
) -> None:
    store, run_id, at = spied
    record, task = store.run(run_id), Models(store).task(run_id)
    compared = 0
    for step in steps_of(store, run_id):
        opened = open_checkpoint(store, run_id, step)
        if not at[step]:
            assert unknown_reason(store, record, opened) == "untrained"
            continue
        assert unknown_reason(store, record, opened) is None
        in_set = 2 * 32 // 16 * 2  # batches in an epoch, two epochs
        tokens, labels = zip(*at[step][-in_set:][: in_set // 2], strict=True)
        again = last_training_set(record, opened, task, 10_000)
        assert torch.equal(again[0], torch.cat(tokens))
        assert torch.equal(again[1], torch.cat(labels))
        assert torch.equal(last_training_set(record, opened, task, 20)[0], torch.cat(tokens)[:20])
        compared += 1
    assert compared == 4  # D's first training and three rounds


def test_a_set_that_cannot_be_made_again_says_why(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path, rounds=3, d_max_accuracy=0.501, d_learning_rate=0.01)
    record = store.run(run_id)
    turns = store.frame(run_id, "DiscriminatorUpdated").set_index("step")["skipped"]
    assert turns.any()
    for step in steps_of(store, run_id):
        before = turns[turns.index <= step]
        reason = unknown_reason(store, record, open_checkpoint(store, run_id, step))
        expected = "untrained" if not len(before) else "skipped" if before.iloc[-1] else None
        assert reason == expected

    elsewhere = dataclasses.replace(record, device="a GPU, 80 GiB")
    whole = [
        opened
        for opened in (open_checkpoint(store, run_id, step) for step in steps_of(store, run_id))
        if unknown_reason(store, record, opened) is None
    ]
    assert whole
    assert {unknown_reason(store, elsewhere, opened) for opened in whole} == {"elsewhere"}

    opened = open_checkpoint(store, run_id, last_step(store, run_id))
    amid = opened.counters | {"g_steps": 1, "d_steps": 0}  # G has had its turn, D has not
    assert unknown_reason(store, record, dataclasses.replace(opened, counters=amid)) == "moved"


def test_a_branch_has_not_drawn_its_parents_set(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path)
    step = sorted(steps_of(store, run_id))[-2]
    child = fork(store, run_id, step, {"seed": 7})
    assert (
        unknown_reason(store, store.run(child), open_checkpoint(store, child, step)) == "branched"
    )
    drive(store, child)
    after = last_step(store, child)
    assert after > step
    assert unknown_reason(store, store.run(child), open_checkpoint(store, child, after)) is None


def test_scores_are_d_of_the_sequences_named(run: tuple[Store, str], models: Models) -> None:
    store, run_id = run
    step = last_step(store, run_id)
    opened, task = models.at(run_id, step), models.task(run_id)
    result = finish(scores(store, run_id, step, task, 5, 30))
    D = opened.discriminator
    assert D is not None
    looked_at = samples(opened, task, 5, 30)
    for name in ("held_out", "training", "fake"):
        expected = D(getattr(looked_at, name)).numpy()
        assert getattr(result, name) == pytest.approx(expected, abs=1e-6)
    held_out = {tuple(row) for row in task.test_data().tolist()}
    training = {tuple(row) for row in task.train_data().tolist()}
    assert {tuple(row) for row in looked_at.held_out.tolist()} <= held_out
    assert {tuple(row) for row in looked_at.training.tolist()} <= training
    tokens, labels = last_training_set(store.run(run_id), opened, task, 60)
    p = D(tokens).numpy()
    assert result.seen_real == pytest.approx(p[labels == 1], abs=1e-6)
    assert result.seen_fake == pytest.approx(p[labels == 0], abs=1e-6)
    assert len(result.seen_real) + len(result.seen_fake) == 60
    assert result.trained
    few = finish(scores(store, run_id, step, task, 5, 10_000))
    assert len(few.held_out) == len(few.fake) == 64  # no more than there is


def test_a_scan_reads_every_checkpoint_of_a_trained_d(run: tuple[Store, str]) -> None:
    store, run_id = run
    task, steps = Models(store).task(run_id), list(steps_of(store, run_id))
    result = finish(scan(store, run_id, steps, task, 1, 25))
    trained_at = [
        step for step in steps if open_checkpoint(store, run_id, step).counters["d_updates"]
    ]
    assert list(result.scores) == trained_at
    assert len(trained_at) == 4
    assert not result.failed
    alone = finish(scores(store, run_id, trained_at[1], task, 1, 25))
    assert np.array_equal(result.scores[trained_at[1]].fake, alone.fake)


def test_a_scan_does_not_do_again_what_is_known_and_names_what_is_broken(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path)
    task, steps = Models(store).task(run_id), list(steps_of(store, run_id))
    known = finish(scan(store, run_id, steps[:-2], task, 1, 20)).scores
    broken = steps[-1]
    path = tmp_path / "checkpoints" / run_id / f"{broken:09d}.safetensors"
    assert path.is_file()
    path.write_bytes(b"not a checkpoint")
    result = finish(scan(store, run_id, steps, task, 1, 20, known))
    assert all(result.scores[step] is known_scores for step, known_scores in known.items())
    assert steps[-2] in result.scores
    assert list(result.failed) == [broken]
    assert "damaged" in result.failed[broken]


def test_the_table_through_training_says_what_was_scored() -> None:
    generator = np.random.default_rng(0)
    held_out, fake = generator.uniform(0.3, 1, 200), generator.uniform(0, 0.7, 200)
    known = Scores(8, 3.0, True, held_out, held_out, fake, np.full(10, 0.9), np.full(10, 0.1), None)
    not_known = Scores(12, 4.0, True, held_out, held_out, fake, unknown="moved")
    first, second = score_history([known, not_known])
    assert (first.epoch, second.epoch) == (3.0, 4.0)
    assert first.real.quantiles[1] == pytest.approx(np.median(held_out))
    assert first.fake.quantiles[2] == pytest.approx(np.quantile(fake, 0.9))
    assert first.real.mean.value == pytest.approx(held_out.mean())
    assert first.apart.value == pytest.approx(held_out.mean() - fake.mean())
    right = ((held_out > 0.5).sum() + (fake <= 0.5).sum()) / 400
    assert first.new.value == pytest.approx(right)
    assert first.seen is not None
    assert first.seen.value == 1.0
    assert first.memory is not None
    assert first.memory.value == pytest.approx(1 - right)
    assert first.memory.low < first.memory.value < first.memory.high
    assert second.seen is None
    assert second.memory is None


def test_the_change_since_the_first_checkpoint_is_taken_sequence_by_sequence() -> None:
    generator = np.random.default_rng(0)
    held_out, fake = generator.uniform(0.3, 1, 200), generator.uniform(0, 0.7, 200)
    moves = generator.normal(0.02, 0.01, 200)
    first, second = score_history(
        [
            Scores(8, 3.0, True, held_out, held_out, fake, unknown="moved"),
            Scores(12, 4.0, True, held_out + moves, held_out, fake, unknown="moved"),
        ]
    )
    assert (first.change.value, first.change.half) == (0.0, 0.0)
    assert second.change.value == pytest.approx(moves.mean())
    half = student.ppf(0.975, 199) * moves.std(ddof=1) / math.sqrt(200)
    assert second.change.half == pytest.approx(half)
    assert half < 0.1 * math.hypot(first.real.mean.half, second.real.mean.half)
    assert score_history([]) == []


def test_the_seed_chooses_the_sequences(run: tuple[Store, str], models: Models) -> None:
    store, run_id = run
    opened = models.at(run_id, last_step(store, run_id))
    task = models.task(run_id)
    first, same, different = (samples(opened, task, seed, 20) for seed in (1, 1, 2))
    assert torch.equal(first.fake, same.fake)
    assert torch.equal(first.held_out, same.held_out)
    assert not torch.equal(first.fake, different.fake)
    assert not torch.equal(first.held_out, different.held_out)


def test_big_sets_are_scored_in_parts(
    run: tuple[Store, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = run
    task, step = Models(store).task(run_id), last_step(store, run_id)
    whole = finish(scores(store, run_id, step, task, 1, 40))
    monkeypatch.setattr(discriminator_scan, "AT_ONCE", 7)
    parts = finish(scores(store, run_id, step, task, 1, 40))
    assert parts.held_out == pytest.approx(whole.held_out, abs=1e-6)
