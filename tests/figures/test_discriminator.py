"""The pictures of what D reads: they draw what was measured and say what it shows."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.figures.discriminator import attribution, over_training
from seqgan_core.figures.discriminator.attribution import lanes
from tests.figures.checks import sound
from tests.figures.made_up import calibration_bins, filter_frame, score_frame

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
    figure = sound(attribution.filter_effects(filter_frame(), 500))
    assert trace(figure, "▲")["y"] == ["filter 7 · 2 tokens"]
    assert trace(figure, "▼")["y"] == ["filter 3 · 4 tokens"]
    assert trace(figure, "◆")["y"] == ["filter 9 · 1 tokens"]
    assert trace(figure, "▲")["x"] == [5.0]
    assert trace(figure, "▲")["error_x"]["array"] == [1.0]
    assert trace(figure, "▲")["marker"]["color"] != trace(figure, "▼")["marker"]["color"]
    shapes = [bar["marker"]["pattern"]["shape"] for bar in figure["data"]]
    assert len(set(shapes)) == 3  # never by colour alone
    assert "Filter 7" in finding(figure)
    assert "5.0 points" in finding(figure)
    assert "500" in figure["layout"]["meta"]["seeing"]
    assert "Chosen and measured on the same sequences" in figure["layout"]["meta"]["seeing"]
    assert figure["layout"]["yaxis"]["categoryarray"][-1] == "filter 7 · 2 tokens"  # at the top


def test_excitement_counts_only_what_is_beyond_chance() -> None:
    figure = sound(attribution.activations(filter_frame(), 500))
    assert "Of these 3, 1 fire more for real, 1 for G's; 1 cannot" in finding(figure)
    assert trace(figure, "real")["x"] == [2.0, 1.0, 0.5]
    assert trace(figure, "G's")["error_x"]["array"] == [0.1, 0.1, 0.1]
    unsure = sound(attribution.activations(filter_frame(on_real_half=[1.1, 1.1, 0.1]), 500))
    assert "0 fire more for real, 0 for G's; 3 cannot" in finding(unsure)


def test_without_a_filter_that_fires_the_figures_say_so() -> None:
    for draw in (attribution.filter_effects, attribution.activations):
        figure = sound(draw(filter_frame().iloc[:0], 500))
        assert figure["data"] == []
        assert "No filter fires" in finding(figure)


def test_alternatives_rank_the_token_that_stands_there() -> None:
    scores = np.array([0.2, 0.9, 0.5, 0.7])
    figure = sound(attribution.alternatives(scores, 2, "five"))
    assert "from 0.20 to 0.90; five is number 3 of 4" in finding(figure)
    assert figure["data"][0]["y"] == [0.2, 0.5, 0.7, 0.9]
    assert (figure["data"][1]["x"], figure["data"][1]["y"]) == ([2], [0.5])


# -- training -------------------------------------------------------------------------------------

ACCURACY = (0.75, 0.7, 0.8)


def test_histograms_point_real_up_and_fake_down() -> None:
    real, fake = np.array([0.99, 0.99, 0.61, 0.3]), np.array([0.01, 0.01])
    figure = sound(over_training.histograms(real, fake, real, ACCURACY))
    up, down = trace(figure, "held out"), trace(figure, "fresh")
    assert sum(up["y"]) == pytest.approx(100)
    assert sum(down["y"]) == pytest.approx(-100)
    assert up["y"][-1] == pytest.approx(50)
    assert down["y"][0] == pytest.approx(-100)
    assert down["customdata"][0] == pytest.approx(100)  # what a pointer reads is not negative
    assert trace(figure, "trained on")["y"] == up["y"]
    assert "75.0 % of new sequences (70.0 to 80.0)" in finding(figure)
    ticks = figure["layout"]["yaxis"]["ticktext"]
    assert ticks == ticks[::-1]


def test_a_score_of_exactly_one_is_counted() -> None:
    ones = np.ones(4)
    figure = sound(over_training.histograms(ones, np.zeros(4), ones, ACCURACY))
    assert sum(trace(figure, "held out")["y"]) == pytest.approx(100)


def test_through_training_draws_medians_and_bands() -> None:
    frame = score_frame([0.6, 0.7], [0.5, 0.3], 0.01)
    figure = sound(over_training.score_history(frame))
    assert trace(figure, "held out")["y"] == frame["real_q50"].tolist()
    band = figure["data"][0]
    assert band["y"] == pytest.approx([0.64, 0.74, 0.66, 0.56])  # the 90 % there, the 10 % back
    assert trace(figure, "held out")["line"]["dash"] != trace(figure, "fresh")["line"]["dash"]


@pytest.mark.parametrize(
    ("last_fake", "half", "words"),
    [
        (0.3, 0.01, "0.400 ± 0.014 above at last: it has grown"),
        (0.3, 0.31, "no clear change"),
        (0.3, 0.29, "it has grown"),  # paired: the change is surer than either end
        (0.65, 0.01, "0.050 ± 0.014 above at last: it has shrunk"),
        (0.75, 0.01, "0.050 ± 0.014 below at last: it has turned"),
        (0.75, math.nan, "no clear change"),
    ],
)
def test_the_change_is_named_only_beyond_noise(last_fake: float, half: float, words: str) -> None:
    frame = score_frame([0.6, 0.7], [0.5, last_fake], half)
    assert finding(over_training.score_history(frame)).endswith(words)


def test_a_single_checkpoint_is_drawn_as_points() -> None:
    frame = score_frame([0.6], [0.5], 0.01)
    figure = sound(over_training.score_history(frame))
    assert trace(figure, "held out")["mode"] == "lines+markers"
    assert finding(figure) == "On average D puts real 0.100 ± 0.014 above fake"
    below = over_training.score_history(score_frame([0.5], [0.55], 0.01))
    assert finding(below) == "On average D puts real 0.050 ± 0.014 below fake"
    sound(over_training.memory(frame))


def test_memory_is_the_gap_between_seen_and_new() -> None:
    frame = score_frame([0.6, 0.7], [0.5, 0.3], 0.01)
    figure = sound(over_training.memory(frame))
    assert trace(figure, "seen")["y"] == pytest.approx([80, 80])
    assert trace(figure, "new")["y"] == pytest.approx([60, 60])
    assert "20.0 points (18.0 to 22.0) are memory" in finding(figure)
    low, high = figure["layout"]["yaxis"]["range"]
    assert low <= 40
    assert high == 100


def test_memory_within_noise_is_not_called_one() -> None:
    frame = score_frame([0.6], [0.5], 0.01)
    frame["gap_low"] = -0.01
    assert "no memory to be seen beyond noise" in finding(over_training.memory(frame))


def test_memory_that_cannot_be_known_is_left_out() -> None:
    frame = score_frame([0.6, 0.7], [0.5, 0.3], 0.01)
    for name in ("seen", "seen_low", "seen_high", "gap", "gap_low", "gap_high"):
        frame.loc[1, name] = math.nan
    figure = sound(over_training.memory(frame))
    assert trace(figure, "seen")["x"] == [0]
    assert "cannot be made again" in finding(figure)
    frame[["seen", "seen_low", "seen_high"]] = math.nan
    assert not [trace for trace in sound(over_training.memory(frame))["data"]
                if trace["name"] == "seen"]  # fmt: skip


def calibrated(frame: pd.DataFrame, **changes: Any) -> dict[str, Any]:
    numbers = {"error": 0.1, "by_chance": 0.02, "clear": True, "predicted": 0.5} | changes
    return sound(over_training.calibration(frame, **numbers))


def test_calibration_draws_shares_with_their_intervals() -> None:
    figure = calibrated(calibration_bins([0.2, 0.8], [0.4, 0.6]))
    points = figure["data"][0]
    assert (points["x"], points["y"]) == ([0.2, 0.8], [0.4, 0.6])
    assert points["error_y"]["array"] == pytest.approx([0.1, 0.1])
    assert points["error_y"]["arrayminus"] == pytest.approx([0.05, 0.05])
    assert "10.0 points, 2.0 by chance alone" in finding(figure)


@pytest.mark.parametrize(
    ("share", "changes", "words"),
    [
        ([0.4, 0.6], {}, "it is too sure"),
        ([0.05, 0.95], {}, "it is not sure enough"),
        ([0.4, 0.6], {"predicted": 0.31}, "it says 0.31 on average where half are real"),
        ([0.4, 0.6], {"clear": False}, "it can be taken at its word"),
    ],
)
def test_calibration_says_what_is_wrong(
    share: list[float], changes: dict[str, Any], words: str
) -> None:
    assert finding(calibrated(calibration_bins([0.2, 0.8], share), **changes)).endswith(words)


def test_empty_frames_are_explained() -> None:
    nothing = score_frame([], [], 0.1)
    none = np.empty(0)
    for figure in (
        over_training.score_history(nothing),
        over_training.memory(nothing),
        over_training.histograms(none, none, none, (0, 0, 0)),
        calibrated(calibration_bins([], [])),
    ):
        sound(figure)
        assert figure["data"] == []
        assert finding(figure)


def test_a_d_that_always_says_the_same_is_not_called_too_sure() -> None:
    figure = calibrated(calibration_bins([0.53], [0.5]), error=0.03, by_chance=0.0, predicted=0.53)
    assert "it says 0.53 on average where half are real" in finding(figure)
    assert "bins: 1;" in figure["layout"]["meta"]["seeing"]
