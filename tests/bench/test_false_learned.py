"""The simulated rate of false "learned", with few draws."""

from statistics import fmean

import pytest

from seqgan_core.judge.verdict import LAST, Path
from tests.bench.false_learned import (
    Noise,
    Runs,
    gain_found,
    learned,
    learned_before,
    main,
    noise_of,
    recorded,
    simulated,
)

CURVE, NOISES = recorded()
DRAWS = 300


def experiments(noise: Noise, at: float, n: int, gain: float = 0.0) -> list[Runs]:
    return list(simulated(CURVE, noise, at, gain, n, DRAWS, seed=1))


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.source)
@pytest.mark.parametrize("at", [1.0, 0.9])
def test_it_is_below_5_percent_without_a_gain(noise: Noise, at: float) -> None:
    assert not any(map(learned, experiments(noise, at, 1)))
    assert fmean(map(learned, experiments(noise, at, 3))) < 0.05


def test_earlier_versions_called_sharpening_learned() -> None:
    lesson = NOISES[0]
    assert fmean(map(learned_before, experiments(lesson, 0.9, 3))) > 0.95
    assert 0.16 < fmean(map(learned_before, experiments(lesson, 1.0, 1))) < 0.42


def test_a_large_gain_is_found() -> None:
    assert fmean(map(learned, experiments(NOISES[0], 0.9, 3, gain=0.03))) > 0.9
    gains = [gain_found(CURVE, NOISES[0], n, 100, seed=1) for n in (3, 5)]
    assert 0.005 <= gains[1] < gains[0] < 0.05


def test_the_noise_is_that_of_the_runs() -> None:
    assert len(NOISES) == 3
    assert all(noise.error > 0 and noise.swing[0] > noise.error / 2 for noise in NOISES)
    rising = Path((2.0, 2.0), tuple((2.0 - 0.01 * k, 2.0) for k in range(LAST)))
    flat = Path((2.0, 2.0), ((2.0, 2.0),) * LAST)
    noise = noise_of("made up", [rising, flat], 0.1)
    assert noise.swing == pytest.approx((0.0, 0.0))  # a trend is no swing
    assert noise.seeds == pytest.approx((0.02 / 2**0.5, 0.0))
    simulation = [run.end for (run,) in experiments(NOISES[0], 1.0, 1)]
    x, _y = zip(*simulation, strict=True)
    assert fmean(x) == pytest.approx(CURVE[1.0][0], abs=0.01)


def test_the_command_prints_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["false_learned", "--draws", "2"])
    outputs = []
    for _ in range(2):
        main()
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert outputs[0].count("| no effect |") == len(NOISES)
    assert "| lesson | gain found |" in outputs[0]
