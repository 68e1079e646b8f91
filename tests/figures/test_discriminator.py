"""The pictures of what D reads: they draw what was measured and say what it shows."""

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.figures.discriminator import filters, findings, over_training
from seqgan_core.figures.discriminator.filters import lanes
from seqgan_core.figures.table import table_of
from seqgan_core.insight.discriminator.calibration import Gap, Share
from tests.figures import made_up
from tests.figures.checks import sound
from tests.figures.made_up import NO_FILTERS, filter_ranking, score_history

Spans = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=25, unique=True)


def finding(figure: dict[str, Any]) -> str:
    return str(figure["layout"]["title"]["text"])


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if name in trace["name"])


@given(Spans)
def test_brackets_in_one_lane_never_overlap(spans: list[tuple[int, int]]) -> None:
    placed = lanes(spans)
    assert len(placed) == len(spans)
    for (first, lane), (second, its) in itertools.combinations(zip(spans, placed, strict=True), 2):
        apart = first[0] + first[1] <= second[0] or second[0] + second[1] <= first[0]
        assert lane != its or apart
    assert set(placed) == set(range(max(placed, default=-1) + 1))  # no lane stays empty


@given(Spans)
def test_the_first_brackets_stand_at_the_tokens(spans: list[tuple[int, int]]) -> None:
    placed = lanes(spans)
    for index, (lane, (start, width)) in enumerate(zip(placed, spans, strict=True)):
        for below in range(lane):  # something before it is in the way in every lower lane
            assert any(
                placed[k] == below
                and not (start + width <= spans[k][0] or spans[k][0] + spans[k][1] <= start)
                for k in range(index)
            )


# -- filters --------------------------------------------------------------------------------------


def test_the_strongest_filters_say_which_way_they_speak() -> None:
    figure = sound(filters.filter_effects(filter_ranking()))
    assert trace(figure, "▲")["y"] == ["filter 7 · 2 tokens"]
    assert trace(figure, "▼")["y"] == ["filter 3 · 4 tokens"]
    assert trace(figure, "◆")["y"] == ["filter 9 · 1 token"]
    assert trace(figure, "▲")["x"] == [5.0]
    assert trace(figure, "▲")["error_x"]["array"] == [1.0]
    assert trace(figure, "▲")["marker"]["color"] != trace(figure, "▼")["marker"]["color"]
    shapes = [bar["marker"]["pattern"]["shape"] for bar in figure["data"]]
    assert len(set(shapes)) == 3  # never by colour alone
    assert "Filter 7" in finding(figure)
    assert "5.0 points" in finding(figure)
    assert "500" in figure["layout"]["meta"]["seeing"]
    assert "selected and measured on the same sequences" in figure["layout"]["meta"]["seeing"]
    rows = figure["layout"]["yaxis"]
    assert rows["autorange"] == "reversed"
    assert rows["categoryarray"][0] == "filter 7 · 2 tokens"  # at the top


def test_excitement_counts_only_what_is_beyond_chance() -> None:
    figure = sound(filters.activations(filter_ranking()))
    assert (
        "Of these 3, 1 are more active in real sequences, 1 in samples of G; 1 do not differ"
        in finding(figure)
    )
    assert trace(figure, "real")["x"] == [2.0, 1.0, 0.5]
    assert trace(figure, "samples")["error_x"]["array"] == [0.1, 0.1, 0.1]
    unsure = sound(filters.activations(filter_ranking(half=1.1)))
    assert "0 are more active in real sequences, 0 in samples of G; 3 do not" in finding(unsure)


def test_without_a_filter_that_fires_the_figures_say_so() -> None:
    for draw in (filters.filter_effects, filters.activations):
        figure = sound(draw(NO_FILTERS))
        assert figure["data"] == []
        assert "No filter is active" in finding(figure)


def test_alternatives_rank_the_token_that_stands_there() -> None:
    scores = np.array([0.2, 0.9, 0.5, 0.7])
    figure = sound(filters.alternatives(scores, 2, "five"))
    assert "between 0.20 and 0.90; five ranks 3 of 4" in finding(figure)
    assert figure["data"][0]["y"] == [0.2, 0.5, 0.7, 0.9]
    assert (figure["data"][1]["x"], figure["data"][1]["y"]) == ([2], [0.5])


# -- training -------------------------------------------------------------------------------------

ACCURACY = Share(75, 100)


def test_histograms_point_real_up_and_fake_down() -> None:
    real, fake = np.array([0.99, 0.99, 0.61, 0.3]), np.array([0.01, 0.01])
    figure = sound(over_training.histograms(made_up.scores(real, fake, real), ACCURACY))
    up, down = trace(figure, "held-out"), trace(figure, "samples")
    assert sum(up["y"]) == pytest.approx(100)
    assert sum(down["y"]) == pytest.approx(-100)
    assert up["y"][-1] == pytest.approx(50)
    assert down["y"][0] == pytest.approx(-100)
    assert down["customdata"][0] == pytest.approx(100)  # what a pointer reads is not negative
    assert trace(figure, "training data")["y"] == up["y"]
    assert "75.0% of new sequences correctly (65.7 to 82.5; chance" in finding(figure)
    ticks = figure["layout"]["yaxis"]["ticktext"]
    assert ticks == ticks[::-1]


def test_a_score_of_exactly_one_is_counted() -> None:
    ones = np.ones(4)
    figure = sound(over_training.histograms(made_up.scores(ones, np.zeros(4), ones), ACCURACY))
    assert sum(trace(figure, "held-out")["y"]) == pytest.approx(100)


def test_through_training_draws_medians_and_bands() -> None:
    history = score_history([0.6, 0.7], [0.5, 0.3], 0.01)
    figure = sound(over_training.score_history(history))
    assert trace(figure, "held-out")["y"] == [0.6, 0.7]
    band = figure["data"][0]
    assert band["y"] == pytest.approx([0.64, 0.74, 0.66, 0.56])  # the 90% there, the 10% back
    assert trace(figure, "held-out")["line"]["dash"] != trace(figure, "samples")["line"]["dash"]


@pytest.mark.parametrize(
    ("last_fake", "half", "words"),
    [
        (0.3, 0.01, "+0.400 ± 0.014 at the end; it grew"),
        (0.3, 0.31, "no clear change"),
        (0.3, 0.29, "it grew"),  # paired: the change is surer than either end
        (0.65, 0.01, "+0.050 ± 0.014 at the end; it shrank"),
        (0.75, 0.01, "−0.050 ± 0.014 at the end; it changed sign"),
        (0.75, math.nan, "no clear change"),
    ],
)
def test_the_change_is_named_only_beyond_noise(last_fake: float, half: float, words: str) -> None:
    history = score_history([0.6, 0.7], [0.5, last_fake], half)
    assert finding(over_training.score_history(history)).endswith(words)


def test_a_single_checkpoint_is_drawn_as_points() -> None:
    history = score_history([0.6], [0.5], 0.01)
    figure = sound(over_training.score_history(history))
    assert trace(figure, "held-out")["mode"] == "lines+markers"
    assert finding(figure) == "Mean score, real minus samples: +0.100 ± 0.014"
    below = over_training.score_history(score_history([0.5], [0.55], 0.01))
    assert finding(below) == "Mean score, real minus samples: −0.050 ± 0.014"
    sound(over_training.memory(history))


def test_memory_is_the_gap_between_seen_and_new() -> None:
    figure = sound(over_training.memory(score_history([0.6, 0.7], [0.5, 0.3], 0.01)))
    assert trace(figure, "seen")["y"] == pytest.approx([80, 80])
    assert trace(figure, "new")["y"] == pytest.approx([60, 60])
    assert "20.0 points (18.0 to 22.0) come from memorising" in finding(figure)
    low, high = figure["layout"]["yaxis"]["range"]
    assert low <= 40
    assert high == 100


def test_memory_within_noise_is_not_called_one() -> None:
    (row,) = score_history([0.6], [0.5], 0.01)
    row = replace(row, memory=Gap(0.2, -0.01, 0.41))
    assert "no memorising beyond noise" in finding(over_training.memory([row]))


def test_memory_that_cannot_be_known_is_left_out() -> None:
    first, second = score_history([0.6, 0.7], [0.5, 0.3], 0.01)
    first, second = (replace(row, seen=None, memory=None) for row in (first, second))
    figure = sound(over_training.memory([score_history([0.6], [0.5], 0.01)[0], second]))
    assert trace(figure, "seen")["x"] == [0]
    assert "the last training set is not available" in finding(figure)
    assert not [trace for trace in sound(over_training.memory([first, second]))["data"]
                if trace["name"] == "seen"]  # fmt: skip


def test_calibration_draws_shares_with_their_intervals() -> None:
    judged = made_up.calibration([0.2, 0.8], [0.4, 0.6])
    figure = sound(over_training.calibration(judged))
    points = figure["data"][0]
    assert (points["x"], points["y"]) == ([0.2, 0.8], [0.4, 0.6])
    low, high = Share(40, 100).interval
    assert points["error_y"]["array"][0] == pytest.approx(high - 0.4, abs=1e-5)
    assert points["error_y"]["arrayminus"][0] == pytest.approx(0.4 - low, abs=1e-5)
    assert "off by 10.0 points, 2.0 by chance alone" in finding(figure)
    assert "40.0% real (30.9% to 49.8%, n = 100)" in str(table_of(figure).rows)


@pytest.mark.parametrize(
    ("share", "changes", "words"),
    [
        ([0.4, 0.6], {}, "D is overconfident"),
        ([0.05, 0.95], {}, "D is underconfident"),
        ([0.4, 0.6], {"mean": 0.31}, "D is biased: it says 0.31 on average where half are real"),
        ([0.4, 0.6], {"by_chance": 0.1}, "D is calibrated"),
    ],
)
def test_calibration_says_what_is_wrong(
    share: list[float], changes: dict[str, Any], words: str
) -> None:
    judged = made_up.calibration([0.2, 0.8], share, **changes)
    assert finding(over_training.calibration(judged)).startswith(words)


def test_empty_results_are_explained() -> None:
    none = np.empty(0)
    for figure in (
        over_training.score_history([]),
        over_training.memory([]),
        over_training.histograms(made_up.scores(none, none, none), ACCURACY),
        over_training.calibration(made_up.calibration([], [])),
    ):
        sound(figure)
        assert figure["data"] == []
        assert finding(figure)


def test_a_d_that_always_says_the_same_is_not_called_overconfident() -> None:
    judged = made_up.calibration([0.53], [0.5], error=0.03, by_chance=0.0, mean=0.53)
    figure = over_training.calibration(judged)
    assert "it says 0.53 on average where half are real" in finding(figure)
    assert "in 1 bins by" in figure["layout"]["meta"]["seeing"]


# -- sentences ------------------------------------------------------------------------------------


def test_numbers_that_are_subtracted_give_the_number_shown() -> None:
    assert findings.difference(0.43104, 0.38906) == 0.0419  # 0.4310 - 0.3891; 0.04198 rounds up
    assert findings.points(findings.difference(0.431, 0.389)) == "▲\u00a0+4.2"
    assert findings.points(-0.0421) == "▼\u00a0−4.2"
    assert findings.points(-0.0004) == "●\u00a0+0.0"
    assert [findings.side(value) for value in (0.001, -0.001, 0.0004)] == ["real", "fake", "none"]


def test_one_filter_is_described_in_the_singular() -> None:
    counts = [findings.filter_count(n) for n in (0, 1, 2)]
    assert counts == ["0 filters", "1 filter", "2 filters"]


def test_a_filter_without_a_clear_side_is_not_described_as_taking_both() -> None:
    words = findings.ranking(filter_ranking())
    assert "1 push D towards real and 1 towards fake on average" in words
    assert "1 have no clear direction (n = 500 of each kind)" in words
    assert "No filter is active" in findings.ranking(NO_FILTERS)
