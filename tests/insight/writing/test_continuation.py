"""A prefix and N continuations: the prefix stays, D ranks, and the numbers are right."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.continuation import (
    ContinuationRequest,
    Continuations,
    continue_prefix,
    in_keys,
    pasted,
    prefix_of,
    sounding,
    variety,
)
from seqgan_core.insight.writing.sampler import shipped_sampler, surprisal
from seqgan_core.paper.rollout import q_values
from seqgan_core.runs.driver import drive
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tokens import HOLD, REST, words
from seqgan_core.tasks.music.tune import TuneError
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import ConfigError
from seqgan_core.training.randomness import rng_for
from tests.support.tiny.text_models import config_for, keep_verse
from tests.support.tiny.tune_models import LENGTH, keep_tunes, music_config

DRAWN = (41, HOLD, 43, REST, 45)


@pytest.fixture
def models(tune_models: Models) -> Models:
    return tune_models


def continuations(
    models: Models, key: str = "music-seqgan", n: int = 6, **more: object
) -> Continuations:
    return finish(continue_prefix(models, ContinuationRequest(key, DRAWN, n, 3, **more)))  # type: ignore[arg-type]


def test_every_continuation_begins_with_the_prefix_and_has_no_start_token(models: Models) -> None:
    drawn = continuations(models, n=16)
    assert drawn.tokens.shape == (16, LENGTH)
    assert {tuple(row[: len(DRAWN)]) for row in drawn.tokens.tolist()} == {DRAWN}
    assert drawn.prefix == DRAWN
    assert (drawn.tokens > 0).all()


def test_continuations_follow_the_model_s_probabilities(models: Models) -> None:
    """The next token comes as often as G(y | prefix) says (the start token left out)."""
    n = 64
    counts = torch.zeros(91)
    for seed in range(40):
        drawn = finish(continue_prefix(models, ContinuationRequest("music-seqgan", DRAWN, n, seed)))
        counts += torch.bincount(drawn.tokens[:, len(DRAWN)], minlength=91)
    row = torch.tensor([[*DRAWN, 1]])
    logits = shipped_sampler("music-seqgan").generator.logits(row)[0, -1]
    logits[0] = -math.inf
    expected = logits.softmax(0) * n * 40
    likely = expected > 5
    chi = ((counts - expected)[likely].square() / expected[likely]).sum()
    assert likely.sum() > 3
    assert float(chi) < 2.5 * int(likely.sum())  # its mean is their number


def test_d_ranks_them_best_first(models: Models) -> None:
    drawn = continuations(models)
    critic = shipped_sampler("music-seqgan").discriminator
    assert critic is not None
    assert drawn.judge == "Small tunes, SeqGAN"
    assert drawn.scores is not None
    assert torch.allclose(drawn.scores, critic.probability_real(drawn.tokens))
    assert drawn.scores.tolist() == sorted(drawn.scores.tolist(), reverse=True)
    assert sorted(drawn.draws) == [1, 2, 3, 4, 5, 6]


def test_the_mean_of_many_is_q_of_the_last_step_that_was_drawn(models: Models) -> None:
    """With other seeds, so within their standard errors; and the scores do vary."""
    sampler = shipped_sampler("music-seqgan")
    assert sampler.discriminator is not None
    scores = torch.cat(
        [
            finish(
                continue_prefix(models, ContinuationRequest("music-seqgan", DRAWN, 64, s))
            ).scores
            for s in range(20)
        ]
    )
    row = torch.tensor([[*DRAWN, *[41] * (LENGTH - len(DRAWN))]])
    expected = q_values(sampler.generator, sampler.discriminator, row, 1280, rng_for(5, "test"))
    at = len(DRAWN) - 1
    error = math.hypot(float(scores.std()) / len(scores) ** 0.5, float(expected.std_error[0, at]))
    assert error > 0
    assert float(scores.mean()) == pytest.approx(float(expected.q[0, at]), abs=4 * error)


def test_more_continuations_keep_the_first_ones(models: Models) -> None:
    few, many = continuations(models, n=3), continuations(models, n=12)
    by_draw = dict(zip(many.draws, many.tokens.tolist(), strict=True))
    assert all(
        by_draw[draw] == row for draw, row in zip(few.draws, few.tokens.tolist(), strict=True)
    )
    other_seed = finish(continue_prefix(models, ContinuationRequest("music-seqgan", DRAWN, 3, 4)))
    assert other_seed.tokens.tolist() != few.tokens.tolist()


def test_a_model_without_d_is_ranked_by_one_of_the_same_vocabulary(models: Models) -> None:
    drawn = continuations(models, "music-mle")
    critic = shipped_sampler("music-seqgan").discriminator
    assert critic is not None
    assert drawn.judge == "Small tunes, SeqGAN"
    assert torch.allclose(drawn.scores, critic.probability_real(drawn.tokens))  # type: ignore[arg-type]


def test_without_any_d_they_are_as_they_were_drawn(models: Models) -> None:
    drawn = continuations(models, "music-keys")  # no other model has its vocabulary
    assert drawn.scores is None
    assert drawn.judge == ""
    assert drawn.draws == (1, 2, 3, 4, 5, 6)


def test_a_model_in_keys_hears_holds_and_rests_as_the_pitch_that_sounds(models: Models) -> None:
    drawn = continuations(models, "music-keys")
    assert drawn.prefix == (41, 41, 43, 43, 45)
    assert {tuple(row[:5]) for row in drawn.tokens.tolist()} == {drawn.prefix}
    assert in_keys((41, REST)) == (41, 41)
    assert int(drawn.tokens.max()) <= 88


def test_surprise_is_of_what_was_drawn(models: Models) -> None:
    drawn = continuations(models)
    sampler = shipped_sampler("music-seqgan")
    expected = surprisal(sampler, drawn.tokens)[:, : len(DRAWN)]
    assert drawn.surprisal.shape == (len(DRAWN),)
    assert torch.allclose(drawn.surprisal.expand_as(expected), expected)


def test_variety_of_continuations() -> None:
    rows = torch.tensor([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 2, 3, 9, 5, 6]])
    measured = variety(rows, 2)
    assert measured.different == 2
    assert measured.pairs == 3
    assert measured.difference == pytest.approx((0 + 1 / 4 + 1 / 4) / 3)
    assert measured.shared_steps == pytest.approx((4 + 1 + 1) / 3)
    single = variety(rows[:1], 2)
    assert (single.different, single.pairs) == (1, 0)
    assert math.isnan(single.difference)
    assert math.isnan(single.shared_steps)


@pytest.mark.parametrize("n", [0, 65])
def test_too_many_continuations_are_refused(models: Models, n: int) -> None:
    with pytest.raises(ConfigError, match=f"n is {n}; it must be from 1 to 64"):
        finish(continue_prefix(models, ContinuationRequest("music-seqgan", DRAWN, n, 1)))


def asked(prefix: tuple[int, ...], **more: Any) -> ContinuationRequest:
    return ContinuationRequest("music-seqgan", prefix, 1, 1, **more)


def test_a_whole_tune_begins_with_its_metre_its_mode_and_a_bar(models: Models) -> None:
    sampler = shipped_sampler("music-seqgan")
    config = sampler.config.model_copy(update={"music_form": "tunes", "sequence_length": 146})
    whole_tunes = replace(sampler, config=config)
    names = words("tunes")
    prefix = prefix_of(whole_tunes, asked((41,) * 7, metre="6/8", minor=True))
    said = [names[token] for token in prefix]
    assert said == ["6/8", "minor", "A|1", *["C♯4"] * 6, "A|2", "C♯4"]


JIG = "M:6/8\nL:1/8\nK:D\n|:" + "d2f afd|" * 7 + "d6:|\n|:" + "fed cde|" * 7 + "d6:|\n"


def test_a_pasted_tune_gives_its_first_part() -> None:
    tune = pasted("T:A jig\n" + JIG, 64, moved=True)
    assert (tune.title, tune.metre, tune.key) == ("A jig", "6/8", Key(2))
    assert len(tune.tokens) == 48
    assert [words("eighths")[token] for token in tune.tokens[:6]] == [
        "C5",
        "–",
        "E5",
        "G5",
        "E5",
        "C5",
    ]
    as_it_is = pasted("X:3\n" + JIG, 5, moved=False)
    assert [words("eighths")[token] for token in as_it_is.tokens] == ["D5", "–", "F♯5", "A5", "F♯5"]


def test_other_tunes_are_pasted_from_their_beginning() -> None:
    tune = pasted("K:C\nL:1/4\ncdefgabc'|", 64, moved=True)
    assert (tune.metre, len(tune.tokens)) == ("4/4", 16)
    for nonsense in ("", "hello", "K:C\nc", "K:C\n" + "c" * 9 + "?"):
        with pytest.raises(TuneError):
            pasted(nonsense, 64, moved=True)


def test_impossible_prefixes_are_refused(models: Models) -> None:
    sampler = shipped_sampler("music-seqgan")
    with pytest.raises(ConfigError, match="no notes are given"):
        prefix_of(sampler, asked(()))
    with pytest.raises(ConfigError, match="16 steps and Small tunes, SeqGAN generates 16"):
        prefix_of(sampler, asked((41,) * LENGTH))
    assert len(prefix_of(sampler, asked((41,) * (LENGTH - 1)))) == LENGTH - 1
    with pytest.raises(ConfigError, match="there is no model 'nobody'"):
        finish(continue_prefix(models, ContinuationRequest("nobody", DRAWN, 1, 1)))


def test_a_model_of_text_continues_no_tune(models: Models) -> None:
    run = models.store.create_run(
        resolve_config(config_for(keep_verse(), strategy="mle")), name="verse"
    )
    drive(models.store, run)
    step = max(point.step for point in models.store.checkpoints(run))
    with pytest.raises(ConfigError, match="verse writes no music"):
        finish(continue_prefix(models, ContinuationRequest(f"{run}@{step}", DRAWN, 1, 1)))


def test_a_run_of_the_library_continues_and_its_own_d_ranks(models: Models) -> None:
    run = models.store.create_run(resolve_config(music_config(keep_tunes())), name="mine")
    drive(models.store, run)
    step = max(point.step for point in models.store.checkpoints(run))
    drawn = continuations(models, f"{run}@{step}", 2)
    assert drawn.judge == "mine"
    assert drawn.scores is not None


def test_what_sounds_is_by_step() -> None:
    rows = torch.tensor([[40, HOLD, REST, HOLD], [REST, 40, 41, 41]])
    onsets = sounding(rows).tolist()
    assert onsets[0][:2] == [60, 60]
    assert math.isnan(onsets[0][2])
    assert math.isnan(onsets[0][3])  # nothing is held on after a rest
    assert math.isnan(onsets[1][0])
    assert onsets[1][1:] == [60, 61, 61]


def test_mean_and_error_are_of_the_scores(models: Models) -> None:
    drawn = continuations(models)
    assert drawn.scores is not None
    scores = drawn.scores.double()
    assert drawn.mean == pytest.approx(float(scores.mean()))
    assert drawn.error == pytest.approx(float(scores.std()) / 6**0.5)
    assert math.isnan(continuations(models, n=1).error)
    assert math.isnan(continuations(models, "music-keys").mean)
