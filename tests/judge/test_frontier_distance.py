"""Distances from other curves at the paper's size: MLE's stopping times, and paths."""

from typing import Any

import pytest

from seqgan_core.judge.frontier_distance import rivals
from seqgan_core.judge.mean_curves import paths
from seqgan_core.judge.report import Distance
from seqgan_core.judge.significance import summarise
from seqgan_core.judge.verdict import place_of
from tests.support.made_up.comparison import changed, made_up
from tests.support.made_up.full_size import full_size, made_up_controls


def test_paths_begin_where_mle_ended_and_count_updates() -> None:
    found = paths(full_size())
    assert list(found) == ["pg_bleu", "seqgan", "constant_reward"]
    steps = found["constant_reward"][3]
    assert [step[0] for step in steps] == list(range(0, 161, 20))
    assert steps[0] == pytest.approx((0, 9.07, 8.13))
    assert steps[-1] == pytest.approx((160, 8.65, 8.21))


def test_evaluations_without_both_numbers_are_left_out() -> None:
    report = full_size()
    values = report.model_dump()["curves"]
    for curve in values:
        curve["nll_test"] = [None, None, *curve["nll_test"][2:]]
        if curve["strategy"] == "pg_bleu":
            curve["nll_test"] = [None] * 10
    found = paths(changed(report, curves=values))
    assert list(found) == ["seqgan", "constant_reward"]
    assert found["seqgan"][1][0][0] == 20


def test_the_rivals_are_the_hardest_stopping_time_that_of_the_switch_and_the_paths() -> None:
    found = rivals(full_size())
    assert [(gap.curve, gap.epochs) for gap in found] == [
        ("mle", 6), ("mle", 16), ("pg_bleu", None), ("constant_reward", None),
    ]  # fmt: skip
    six, sixteen, _bleu, constant = (gap.summary for gap in found)
    assert six is not None
    assert sixteen is not None
    assert constant is not None
    assert six.n == sixteen.n == 5
    assert six.mean == pytest.approx(8.20 - (7.63 + 0.7 / 3))
    assert sixteen.mean == pytest.approx(8.20 - (8.13 + 0.4 / 3))
    assert constant.mean == pytest.approx(8.20 - (8.13 + 0.08 * 0.40 / 0.42))


def test_the_controls_are_rivals_of_the_same_seeds() -> None:
    controls = made_up_controls()
    for at, sweep in enumerate(controls["tilt"]):  # seeds differ, and stand in another order
        sweep["points"] = [
            point | {"nll_test": point["nll_test"] + 0.01 * at} for point in sweep["points"]
        ]
    controls["tilt"].reverse()
    *_rest, tilt, mixture = rivals(changed(full_size(), controls=controls))
    assert (tilt.curve, mixture.curve) == ("tilt", "mixture")
    assert tilt.paired
    on_line = 8.13 + 0.05 * 0.40 / 0.47  # at SeqGAN's NLL_oracle of 8.67 in the middle seed
    assert tilt.seeds[3] == pytest.approx(8.20 - on_line - 0.02)
    assert tilt.seeds[1] - tilt.seeds[5] == pytest.approx(0.04 - 0.04 * 0.05 / 0.47)


def test_the_best_setting_has_the_lowest_coverage_at_no_worse_quality() -> None:
    six, sixteen, *rest = rivals(full_size(seqgan=(8.78, 8.20)))
    assert six.best is not None
    oracle, test, temperature = six.best
    assert (oracle.mean, test.mean, temperature) == pytest.approx((8.77, 7.83, 0.8))
    assert sixteen.best is not None
    assert sixteen.best[2] == 0.9
    assert all(gap.best is None for gap in rest)
    six, *_rest = rivals(full_size(seqgan=(8.40, 8.20)))
    assert six.epochs == 16  # after 6 epochs no temperature reaches that
    assert six.best is not None


def test_without_stopping_times_mle_s_end_is_the_rival() -> None:
    first, *_rest = rivals(changed(full_size(), stopping={}))
    assert (first.curve, first.epochs) == ("mle", None)
    assert rivals(made_up(reference="mle")) == []


def distance(*gaps: float, **more: Any) -> Distance:
    seeds = dict(enumerate(gaps))
    known = {"strategy": "seqgan", "x": "nll_oracle", "y": "nll_test", "outside": 0}
    return Distance(seeds=seeds, summary=summarise(gaps), **known | more)


@pytest.mark.parametrize(
    ("gap", "place"),
    [
        (distance(-0.021, -0.02, -0.019), "beyond"),
        (distance(0.019, 0.02, 0.021), "behind"),
        (distance(-0.003, -0.002, -0.001), "along"),  # certain, but too little
        (distance(-0.004, 0.0, 0.004), "along"),
        (distance(-0.03, 0.0, 0.03), "undecided"),
        (distance(-0.021, -0.019), "undecided"),
        (distance(-0.021, -0.02, -0.019, outside=1), "undecided"),
        (distance(-0.021, -0.02, -0.019, paired=False), "undecided"),
    ],
)
def test_a_place_needs_seeds_an_interval_and_a_size(gap: Distance, place: str) -> None:
    assert place_of(gap) == place
