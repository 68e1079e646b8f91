"""What tunes are made of, drawn and said: titles, bars and sentences from numbers done by hand."""

import pytest

from seqgan_core.figures.make.tune_statistics import (
    NOTES,
    Histogram,
    Means,
    interval_names,
    intervals,
    key_rows,
    largest_differences,
    pitch_classes,
    trait_findings,
)
from tests.figures.made_up import pitch_histogram, shares


def test_the_title_is_the_distance_and_how_much_of_it_is_natural() -> None:
    figure = pitch_classes(pitch_histogram())
    assert figure["layout"]["title"]["text"] == (
        "Notes: the distance to real tunes is 25.0%, between real tunes 5.0%"
    )
    assert "500 new tunes" in figure["layout"]["meta"]["seeing"]
    assert "1,229 windows" in figure["layout"]["meta"]["seeing"]
    alone = pitch_classes(pitch_histogram(None))["layout"]
    assert alone["title"]["text"] == "Notes: the distance to real tunes is 25.0%"


def test_bars_are_shares_in_percent_and_differ_by_more_than_colour() -> None:
    new, real = pitch_classes(pitch_histogram())["data"]
    assert new["x"] == real["x"] == list(NOTES)
    assert (new["y"][4], real["y"][4], real["y"][7]) == (50, 25, 25)
    assert new["marker"]["pattern"]["shape"] != real["marker"]["pattern"]["shape"]
    assert new["name"] != real["name"]


def test_steps_run_from_an_octave_down_to_one_up() -> None:
    histogram = Histogram(shares(25, _12=1.0), shares(25, _14=0.5, _0=0.5), 1.0, None, 2, 3)
    new, real = intervals(histogram)["data"]
    assert new["x"][:2] == ["≤ −12", "−11"]
    assert new["x"][12] == "0"
    assert real["x"][-1] == "≥ 12"
    assert new["y"][12] == 100
    names = interval_names()
    assert len(names) == 25
    assert (names[0], names[10], names[12], names[14]) == (
        "octave or more down", "whole tone down", "same note", "whole tone up",
    )  # fmt: skip


def test_what_there_is_most_too_much_and_too_little_of() -> None:
    assert largest_differences(pitch_histogram(), NOTES) == (
        "Above all, new tunes have too much of “E” (50.0%; real tunes 25.0%) and too little of “G” "
        "(0.0%; 25.0%)."
    )


@pytest.mark.parametrize(
    ("real", "half", "expected"),
    [
        (0.9, 0.01, "stay in their key less than real ones: 80.0% ± 1.0% of the time"),
        (0.7, 0.01, "stay in their key more than real ones"),
        (0.81, 0.01, "no difference is found (±"),
        (0.9, 0.2, "no difference is found"),
        (0.9, float("nan"), "no difference is found"),
    ],
)
def test_a_difference_is_reported_only_if_its_interval_excludes_zero(
    real: float, half: float, expected: str
) -> None:
    stays, _comes = trait_findings(
        Means(0.8, 0.01, real, half), Means(0.1, 0.01, 0.3, 0.01), 500, 1229
    )
    assert expected in stays
    assert "(± is half the 95% interval; n = 500 and 1,229)" in stays


def test_what_comes_again() -> None:
    key = Means(0.9, 0.01, 0.9, 0.01)
    again = trait_findings(key, Means(0.1, 0.01, 0.3, 0.02), 5, 6)[1]
    assert again == (
        "They repeat themselves less than real ones: 10.0% ± 1.0% of their patterns, in real ones "
        "30.0% ± 2.0%."
    )
    assert "more than real" in trait_findings(key, Means(0.4, 0.01, 0.3, 0.02), 5, 6)[1]


def test_keys_are_shares_the_frequent_ones_first() -> None:
    rows = key_rows({"C major": 3, "A minor": 1}, {"C major": 1, "G major": 1}, most=2)
    assert rows == [("C major", "75.0%", "50.0%"), ("G major", "0.0%", "50.0%")]
    assert key_rows({}, {}) == []
