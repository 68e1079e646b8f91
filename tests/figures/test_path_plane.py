"""What the number is made of: the plane of paths, and each finding with its opposite."""

from itertools import pairwise
from typing import Any

import pytest

from seqgan_core.figures.methods import path_plane
from seqgan_core.figures.table import table_of
from seqgan_core.judge.frontier_distance import rivals
from seqgan_core.judge.report import Report
from tests.support.made_up.comparison import changed
from tests.support.made_up.full_size import ENDS, SWITCH, full_size, made_up_controls

CONTROL = "constant_reward"


def drawn(report: Report) -> dict[str, Any]:
    return path_plane.made_of(report, rivals(report))


def title(report: Report) -> str:
    return str(drawn(report)["layout"]["title"]["text"])


def words(report: Report) -> str:
    return " ".join(path_plane.in_words(report, rivals(report)))


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [t for t in figure["data"] if t["name"] == name and t.get("showlegend", True)]
    return found  # type: ignore[no-any-return]


def texts(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


# -- the figure ------------------------------------------------------------------------------------


def test_paths_are_the_means_since_mle_ended_with_every_seed_behind() -> None:
    figure = drawn(full_size())
    path = trace(figure, "Constant reward")
    assert (path["x"][0], path["y"][0]) == pytest.approx(SWITCH[::-1])
    assert (path["x"][-1], path["y"][-1]) == pytest.approx(ENDS[CONTROL][::-1])
    assert len(path["x"]) == 9  # the evaluation before MLE ended is not on it
    assert path["customdata"][0] == "Constant reward after 0 updates"
    assert path["customdata"][-1] == "Constant reward after 160 updates"
    faint = [t for t in figure["data"] if t["name"] == "Constant reward" and t is not path]
    assert len(faint) == 5
    assert all(t["showlegend"] is False for t in faint)


def test_a_path_is_averaged_where_all_seeds_were_evaluated() -> None:
    """One seed was not evaluated after 60 updates, one has ended at 140: neither shifts another."""
    values = full_size().model_dump()
    first, second, *_rest = [c for c in values["curves"] if c["strategy"] == CONTROL]
    for column in ("epoch", "nll_oracle", "nll_test"):
        first[column] = first[column][:-1]
        second[column] = [*second[column][:4], *second[column][5:]]
    path = trace(drawn(changed(full_size(), curves=values["curves"])), "Constant reward")
    after = [int(at.split()[3]) for at in path["customdata"]]
    assert after == [0, 20, 40, 80, 100, 120, 140]
    end = ENDS[CONTROL]
    at_80 = [(a + b) / 2 for a, b in zip(SWITCH, end, strict=True)]
    assert (path["y"][3], path["x"][3]) == pytest.approx(tuple(at_80))


def test_the_controls_are_curves_from_where_the_rewards_begin() -> None:
    report = changed(full_size(), controls=made_up_controls())
    figure = drawn(report)
    tilt = trace(figure, "MLE tilted to frequent tokens")
    assert (tilt["x"], tilt["y"]) == ([8.13, 8.155, 8.18], [9.07, 8.835, 8.6])
    mixture = trace(figure, "MLE mixed from two temperatures")
    assert (mixture["x"][-1], mixture["y"][-1]) == (8.16, 8.5)
    assert mixture["customdata"][-1] == (
        "MLE mixed from two temperatures (w = 0.3), "
        "median of NLL_oracle 8.943, distinct 4-grams 96.0%"
    )
    assert tilt["customdata"][1].startswith("MLE tilted to frequent tokens (α = 0.1), median")
    assert "Two controls need no training" in figure["layout"]["meta"]["seeing"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 8.5 < 9.07 < high
    assert not [t for t in figure["data"] if t["name"] == "SeqGAN" and len(t["x"]) == 1]


def test_a_report_without_controls_does_not_mention_them() -> None:
    figure = drawn(full_size())
    assert not [t for t in figure["data"] if "tilted" in t["name"] or "mixed" in t["name"]]
    assert "controls" not in figure["layout"]["meta"]["seeing"]
    assert "tilted" not in words(full_size())
    assert "median" not in words(full_size())


def test_the_controls_have_a_sentence_each_and_the_median_shows_the_mixture() -> None:
    text = words(changed(full_size(), controls=made_up_controls()))
    for part in (
        "SeqGAN has a higher NLL_test than MLE tilted to frequent tokens: +0.",
        "SeqGAN has a higher NLL_test than MLE mixed from two temperatures: +0.",
        "Compared with MLE after 16 epochs, MLE mixed from two temperatures (w = 0.3) changes the "
        "mean of NLL_oracle by −0.570, its median by −0.057, and the share of distinct 4-grams "
        "from 99.0% to 96.0%.",
        "Compared with MLE after 16 epochs, SeqGAN changes the mean of NLL_oracle by −0.400, its "
        "median by −0.300, and the share of distinct 4-grams from 99.0% to 98.0%.",
    ):
        assert part in text


def test_mle_is_a_curve_for_each_stopping_time_and_one_through_their_ends() -> None:
    figure = drawn(full_size())
    swept = [t for t in figure["data"] if t["name"] == "MLE, temperature varied"]
    assert [t["showlegend"] for t in swept] == [True, False]
    assert swept[0]["y"] == pytest.approx([8.47, 8.77, 9.07, 9.37])
    assert swept[0]["x"] == pytest.approx([7.93, 7.83, 7.73, 7.63])
    assert swept[0]["customdata"][1] == "MLE after 6 epochs at temperature 0.8"
    ends = trace(figure, "MLE, epochs varied")
    assert (ends["x"], ends["y"]) == ([7.63, 8.13], [9.37, 9.07])
    assert {"6", "16"} <= set(texts(figure))
    table = table_of(figure).rows
    assert ["MLE after 6 epochs at temperature 0.8", "7.830", "8.770"] in table


def test_without_stopping_times_mle_s_own_temperatures_are_drawn() -> None:
    figure = drawn(changed(full_size(), stopping={}))
    assert trace(figure, "MLE, temperature varied")["customdata"][1] == "MLE at temperature 0.8"
    assert not [t for t in figure["data"] if t["name"] == "MLE, epochs varied"]


def test_a_path_that_runs_away_does_not_decide_the_scale() -> None:
    figure = drawn(full_size())
    low, high = figure["layout"]["yaxis"]["range"]
    assert ENDS["pg_bleu"][0] < 8 < low < 8.65 < 9.37 < high
    away = "PG-BLEU goes on to NLL_oracle 3.07, off the scale."
    assert away in figure["layout"]["meta"]["seeing"]
    near = drawn(full_size(pg_bleu=(8.6, 8.25)))
    assert "goes on" not in near["layout"]["meta"]["seeing"]


def test_the_paper_s_rows_are_levels_whose_names_cover_nothing() -> None:
    figure = drawn(full_size())
    assert [s["y0"] for s in figure["layout"]["shapes"]] == [8.736, 8.946, 8.985, 9.038]
    column = [n for n in figure["layout"]["annotations"] if n.get("xref") == "paper" and n["y"]]
    assert [note["text"] for note in column] == [
        "SeqGAN 8.736", "PG-BLEU 8.946", "Scheduled sampling 8.985", "MLE 9.038", "Random 10.310 ↑",
        "in the paper:",
    ]  # fmt: skip
    low, high = figure["layout"]["yaxis"]["range"]
    line = 15 / 430 * (high - low)  # what letters of 11.5 pixels need
    assert all(above["y"] - below["y"] > line for below, above in pairwise(column))
    levels = [shape["y0"] for shape in figure["layout"]["shapes"]]
    assert not [1 for note in column for at in levels if note["y"] < at < note["y"] + line]
    assert "Dotted: the paper's numbers" in figure["layout"]["meta"]["seeing"]


def test_the_paper_s_numbers_are_left_out_with_another_oracle() -> None:
    figure = drawn(full_size(paper_oracle=False))
    assert figure["layout"]["shapes"] == []
    assert not any("8.736" in text for text in texts(figure))
    assert "left out" in figure["layout"]["meta"]["seeing"]
    assert "8.736" not in title(full_size(paper_oracle=False))
    assert "paper" not in words(full_size(paper_oracle=False))


# -- the finding -----------------------------------------------------------------------------------


def test_the_title_says_whether_a_constant_reward_reaches_the_paper_s_number() -> None:
    assert title(full_size()) == (
        "A constant reward reaches the paper's SeqGAN number, 8.736, after 140 updates, at "
        "NLL_test 8.200 (n = 5)"
    )
    assert title(full_size(constant_reward=(8.80, 8.21))) == (
        "A constant reward does not reach the paper's SeqGAN number, 8.736: its lowest mean is "
        "8.800 (n = 5)"
    )


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ((8.67, 8.15), "At equal NLL_oracle, SeqGAN has a lower NLL_test than the Constant reward"),
        ((8.67, 8.207), "At equal NLL_oracle, SeqGAN has the same NLL_test as the Constant reward"),
        ((8.67, 8.25), "At equal NLL_oracle, SeqGAN has a higher NLL_test than the Constant "),
        ((8.60, 8.25), "5 of 5 runs of SeqGAN have an NLL_oracle that the Constant reward path"),
    ],
)
def test_with_another_oracle_the_title_is_seqgan_s_place(
    end: tuple[float, float], text: str
) -> None:
    report = full_size(paper_oracle=False, seqgan=end)
    assert title(report).startswith(text)
    assert text in words(report)


def test_two_seeds_decide_nothing() -> None:
    few = full_size(paper_oracle=False, seeds=2, seqgan=(8.67, 8.15))
    assert title(few) == (
        "At equal NLL_oracle, which of SeqGAN and the Constant reward path is better is not clear"
    )


def test_without_the_control_mle_is_the_rival_and_without_any_the_title_is_plain() -> None:
    alone = full_size(paper_oracle=False, without=(CONTROL,))
    assert title(alone) == (
        "At equal NLL_oracle, SeqGAN has a higher NLL_test than MLE after 6 epochs at a suitable "
        "temperature"
    )
    bare = path_plane.made_of(alone, [])["layout"]["title"]["text"]
    assert bare == "NLL_oracle against NLL_test: how each method reaches its numbers"


def test_each_rival_has_a_sentence_with_its_interval_and_n() -> None:
    text = words(full_size(seqgan=(8.67, 8.15)))
    for part in (
        "a higher NLL_test than MLE after 6 epochs at a suitable temperature: +0.",
        "a lower NLL_test than MLE after 16 epochs at a suitable temperature: −0.",
        "a lower NLL_test than the Constant reward path: −0.",
    ):
        assert part in text
    assert text.count("n = 5 seeds") == 4
