"""What tunes are made of, drawn and said: titles, bars and sentences from numbers done by hand."""

from __future__ import annotations

import pytest

from seqgan_core.figures.make.tune_statistics import (
    NOTES,
    Histogram,
    Means,
    histogram_rows,
    intervals,
    key_rows,
    largest_differences,
    pitch_classes,
    step_names,
    trait_findings,
)
from seqgan_core.figures.methods import text_findings, text_means, text_report
from seqgan_core.figures.methods.paper import text_caveat, text_rows
from tests.figures.made_up import pitch_histogram, shares
from tests.support.made_up.text_report import text_report as made_up


def test_the_title_is_how_much_would_have_to_be_moved_and_how_much_is_natural() -> None:
    figure = pitch_classes(pitch_histogram())
    assert figure["layout"]["title"]["text"] == (
        "Notes: 25.0% would have to be moved to match real tunes; other real tunes are 5.0% off"
    )
    assert "500 new tunes" in figure["layout"]["meta"]["seeing"]
    assert "1,229 windows" in figure["layout"]["meta"]["seeing"]
    alone = pitch_classes(pitch_histogram(None))["layout"]
    assert alone["title"]["text"] == "Notes: 25.0% would have to be moved to match real tunes"
    assert "learned from" not in alone["meta"]["seeing"]


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
    names = step_names()
    assert len(names) == 25
    assert (names[0], names[10], names[12], names[14]) == (
        "octave or more down", "whole tone down", "same note", "whole tone up",
    )  # fmt: skip
    assert histogram_rows(histogram, names)[14] == ["whole tone up", "0.0%", "50.0%"]


def test_what_there_is_most_too_much_and_too_little_of() -> None:
    assert largest_differences(pitch_histogram(), NOTES) == (
        "Of all, new tunes have most too much of “E” (50.0%; real ones 25.0%) and most too little "
        "of “G” (0.0%; 25.0%)."
    )


@pytest.mark.parametrize(
    ("real", "half", "expected"),
    [
        (0.9, 0.01, "leave their key more than real ones: 80.0% ± 1.0% of the time"),
        (0.7, 0.01, "leave their key less than real ones"),
        (0.81, 0.01, "stay in one key about as much as real ones"),
        (0.9, 0.2, "about as much"),
        (0.9, float("nan"), "about as much"),
    ],
)
def test_a_difference_is_reported_only_if_its_interval_excludes_zero(
    real: float, half: float, expected: str
) -> None:
    stays, _comes = trait_findings(
        Means(0.8, 0.01, real, half), Means(0.1, 0.01, 0.3, 0.01), 500, 1229
    )
    assert expected in stays
    assert "(± is half of the 95% interval; n = 500 and 1,229)" in stays


def test_what_comes_again() -> None:
    key = Means(0.9, 0.01, 0.9, 0.01)
    again = trait_findings(key, Means(0.1, 0.01, 0.3, 0.02), 5, 6)[1]
    assert again == (
        "They come back to what they said less than real ones: 10.0% ± 1.0% of their patterns come "
        "again, of real ones 30.0% ± 2.0%."
    )
    assert "more than real" in trait_findings(key, Means(0.4, 0.01, 0.3, 0.02), 5, 6)[1]


def test_keys_are_shares_the_frequent_ones_first() -> None:
    rows = key_rows({"C major": 3, "A minor": 1}, {"C major": 1, "G major": 1}, most=2)
    assert rows == [("C major", "75.0%", "50.0%"), ("G major", "0.0%", "50.0%")]
    assert key_rows({}, {}) == []


def of_tunes() -> dict[str, object]:
    """The made-up comparison as one of tunes: MLE has an MSE of 10, SeqGAN of 9, real ones 9.5."""
    comparison = made_up((4,))
    for row, mse in zip(comparison["rows"], (10.0, 9.0), strict=True):
        for name, value in (("mse", mse), ("repeated", 0.15), ("in_key", 0.97)):
            row["summary"][name] = {"n": 3, "mean": value, "low": value - 0.1, "high": value + 0.1}
            for result in row["results"]:
                result["values"][name] = value
    for row in comparison["ceilings"]:
        row["others"] = {"mse": {"mean": 9.5}, "repeated": {"mean": 0.27}, "in_key": {"mean": 0.98}}
    comparison["over_runs"]["mse"] = [
        {"first": "seqgan", "second": "mle", "difference": -1.0, "low": -1.2, "high": -0.8,
         "p_holm": 0.001, "n_first": 3, "n_second": 3}
    ]  # fmt: skip
    return comparison


def test_a_comparison_of_tunes_speaks_of_tunes() -> None:
    comparison = of_tunes()
    assert text_report.metrics(comparison)[:2] == ["bleu_4", "mse"]
    messages = text_findings.findings(comparison, "bleu_4")
    assert "SeqGAN differs from MLE in MSE by -1.00 [-1.20, -0.80], p = 0.001" in " ".join(messages)
    assert any("have an MSE of 9.50 to the nearest other one" in message for message in messages)
    assert any(
        "15.0% come again in the same tune, less than the 27.0% of real tunes" in message
        for message in messages
    )
    comparison["rows"][1]["summary"]["repeated"]["high"] = 0.28  # type: ignore[index]
    again = text_findings.findings(comparison, "bleu_4")[-1]
    assert "from the 27.0% of real tunes, held back, that cannot be told apart (n = 3)" in again
    assert any("of real tunes, held back" in message for message in messages)
    levels = text_means.levels(comparison, "mse")["layout"]
    assert (
        levels["title"]["text"]
        == "MSE: SeqGAN 9.00, MLE 10.00; real tunes 9.50, a bigram model 9.50"
    )
    assert "text" not in levels["meta"]["seeing"]


def test_a_comparison_of_text_says_nothing_of_tunes() -> None:
    told_of = " ".join(text_findings.findings(made_up(), "bleu_2"))
    assert "MSE" not in told_of
    assert "tune" not in told_of


def test_the_papers_numbers_on_music() -> None:
    assert text_rows("music") == [
        ("BLEU-4", "0.9210", "0.9406", "–"), ("MSE", "22.38", "20.62", "–"),
    ]  # fmt: skip
    assert "does not say between what" in text_caveat("music")
