"""What is measured of tunes: MSE to the nearest real one, steps, keys, repetition; by hand."""

import numpy as np
import pytest
import torch

from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import (
    LARGEST_STEP,
    contour,
    nearest_error,
    repetition,
    sounding,
    steps,
    token_statistics,
    total_variation,
)
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import HOLD, REST
from tests.support.tiny.tunes import C, D, E, G, generator_for, rows, tiny_tunes

# MSE


def test_the_contour_goes_on_through_holds_and_rests() -> None:
    given = rows([C, HOLD, REST, D], [REST, HOLD, D, REST], [REST, HOLD, 0, REST], [C, C, 0, E])
    assert contour(given).tolist() == [[C, C, C, D], [D, D, D, D], [0, 0, 0, 0], [C, C, C, E]]


def test_the_error_is_to_the_nearest_real_tune() -> None:
    real = rows([C, C, C, C], [C, D, E, G])
    given = rows([C, D, E, G], [C, HOLD, HOLD, D], [E, E, E, E])
    # the second: 0 0 0 2 to the first, 0 2 4 5 to the other; the third: 4 4 4 4 or 4 2 0 3
    assert nearest_error(given, real).tolist() == [0, 1, (16 + 4 + 0 + 9) / 4]
    assert nearest_error(real, real, leave_one_out=True).tolist() == [(4 + 16 + 49) / 4] * 2
    assert nearest_error(given[:0], real).shape == (0,)


def test_the_error_is_what_a_plain_loop_finds() -> None:
    task = MusicTask(tiny_tunes(), 16)
    samples = generator_for(task).sample(30, 16, torch.Generator().manual_seed(1))
    ours, theirs = contour(samples).double(), contour(task.test_data()).double()
    expected = [min(float(((a - b) ** 2).mean()) for b in theirs) for a in ours]
    assert nearest_error(samples, task.test_data()).tolist() == pytest.approx(expected)
    among = task.sequence_metrics(task.test_data(), leave_one_out=True)["mse"]
    for n in range(3):
        rest = torch.cat([task.test_data()[:n], task.test_data()[n + 1 :]])
        assert float(among[n]) == float(nearest_error(task.test_data()[n : n + 1], rest))


def test_metrics() -> None:
    task = MusicTask(tiny_tunes(), 16)
    generator = generator_for(task)
    samples = generator.sample(40, 16, torch.Generator().manual_seed(1))
    metrics = task.metrics(generator, samples, torch.Generator())
    assert set(metrics) == {
        "nll_test", "nll_test_se", "nll_valid", "bleu_4", "mse", "in_key", "repeated", "self_bleu",
        "distinct_2",
    }  # fmt: skip
    assert metrics["nll_valid"] == pytest.approx(
        float(sequence_nll(generator, task.valid_data()).mean())
    )
    assert metrics["bleu_4"] == pytest.approx(float(Bleu(task.test_data(), 4, 91)(samples).mean()))
    assert metrics["nll_test"] == pytest.approx(
        float(sequence_nll(generator, task.test_data()).mean())
    )
    assert metrics["mse"] == pytest.approx(
        float(nearest_error(samples, task.test_data()).mean()), rel=1e-5
    )
    again = task.metrics(generator, samples, torch.Generator())  # the table of BLEU is kept
    assert again == metrics


# Other measures


def test_what_sounds_and_for_how_long() -> None:
    given = rows([C, HOLD, REST, HOLD, D, D, 0, HOLD], [REST] * 8)
    shares = sounding(given)
    assert shares[0].tolist() == [2, 0, 2] + [0] * 9
    assert shares[1].sum() == 0


def test_steps_from_note_to_note() -> None:
    given = rows([C, HOLD, C, D, REST, E - 12, E + 24, 0])
    counts = steps(given, "eighths")
    assert counts.sum() == 4
    assert [int(counts[LARGEST_STEP + step]) for step in (0, 2, -10, 12)] == [1, 1, 1, 1]
    assert steps(rows([C, C, D, D, C]), "keys").sum() == 2  # a pitch that comes again is held


def test_repetition_of_patterns() -> None:
    twice = [C, D, E, C, C + 1, D + 1, E + 1, C + 1]  # the same again, a semitone higher
    never = [C, C + 1, C + 3, C + 6, C + 10, C + 15, C + 21, C + 28]
    shares = repetition(rows(twice, never, [C] * 8))
    assert shares.tolist() == [pytest.approx(2 / 5), 0.0, 1.0]
    assert repetition(rows([C, D, E])).tolist() == [0.0]


def test_a_picture_of_tunes() -> None:
    major = [C, D, E, C + 5, G, G + 2, C + 11, C + 12]
    statistics = token_statistics(rows(major, [note + 7 for note in major]), "eighths")
    assert statistics.keys == (Key(0), Key(7))
    assert statistics.in_key == 1
    assert statistics.pitch_classes.sum() == pytest.approx(1)
    assert statistics.intervals.sum() == pytest.approx(1)
    assert statistics.intervals[LARGEST_STEP + 2] == pytest.approx(5 / 7)
    odd = token_statistics(rows([C + n for n in range(12)]), "eighths")
    assert odd.in_key == pytest.approx(7 / 12)
    assert odd.clear == pytest.approx(0, abs=1e-9)
    assert token_statistics(rows([REST] * 4), "eighths").in_key == 0
    with pytest.raises(ValueError, match="give 1 or more"):
        token_statistics(rows([C])[:0], "eighths")


def test_the_distance_of_histograms() -> None:
    first, second = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.25, 0.75])
    assert total_variation(first, first) == 0
    assert total_variation(first, second) == total_variation(second, first) == pytest.approx(0.75)
    assert total_variation(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1
