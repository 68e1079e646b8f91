from __future__ import annotations

import math
from typing import Any

import pytest

from seqgan_core.figures.strategies import curves, notices, one_at_a_time, one_at_a_time_text
from seqgan_core.figures.strategies import grid as strategies_grid
from seqgan_core.figures.strategies.study import (
    AXES,
    PAPER_FOUR,
    Setting,
    by_triple,
    mean_curve,
    read_settings,
)
from seqgan_core.figures.strategies.verdicts import name_of, outcome
from tests.figures.checks import sound
from tests.figures.made_up import BASE, INFO, one_at_a_time_study, settings_of, study_run


def setting_of(*runs: dict[str, Any]) -> Setting:
    (setting,) = settings_of(*runs)
    return setting


def verdict(*runs: dict[str, Any]) -> str:
    result = outcome(setting_of(*runs))
    assert result is not None
    return result.verdict


# -- reading ---------------------------------------------------------------------------------------


def test_a_run_begins_at_its_last_evaluation_of_mle() -> None:
    (run,) = setting_of(study_run(seed=2)).runs
    assert run.rounds == (0, 1, 2)
    assert run.seconds == (0, 6, 12)
    assert run.nll_oracle == pytest.approx((2.5, 2.4, 2.3))
    assert run.d_accuracy == (0.7, 0.65, 0.6)
    assert run.change("nll_oracle") == pytest.approx(-0.2)
    assert run.along("updates", 30) == (0, 30, 60)
    assert run.along("seconds", 30) == (0, 6, 12)


def test_runs_of_equal_settings_are_one_setting_whatever_the_order_of_its_fields() -> None:
    settings = settings_of(
        study_run(seed=3, settings={"g_steps": 1, "d_epochs": 10}),
        study_run(seed=1, settings={"d_epochs": 10, "g_steps": 1}),
        study_run(seed=1),
    )
    assert [name_of(setting) for setting in settings] == ["(1, 1, 10)", "(4, 1, 1)"]
    assert [[run.seed for run in setting.runs] for setting in settings] == [[1, 3], [1]]


def test_of_settings_with_the_same_moves_the_one_with_most_runs_counts() -> None:
    settings = settings_of(study_run(settings={"rounds": 9}), study_run(seed=1), study_run(seed=2))
    assert [len(setting.runs) for setting in by_triple(settings).values()] == [2]
    assert [len(setting.runs) for setting in by_triple(settings[::-1]).values()] == [2]


@pytest.mark.parametrize("status", ["failed", "interrupted", "stopped", "running"])
def test_a_run_that_did_not_end_is_counted_and_left_out(status: str) -> None:
    setting = setting_of(study_run(), study_run(seed=2, status=status))
    assert (len(setting.runs), setting.unfinished) == (1, 1)


def test_a_run_that_ended_before_mle_did_is_left_out() -> None:
    short = study_run(status="diverged", epoch=[1], seconds=[1.0], nll_oracle=[3.0], nll_test=[2.0],
                d_accuracy=[None])  # fmt: skip
    setting = setting_of(short)
    assert (setting.runs, setting.unfinished) == ((), 1)
    assert outcome(setting) is None


def test_numbers_that_are_missing_are_gaps() -> None:
    setting = setting_of(study_run(d_accuracy=[], nll_oracle=[2.7, 2.6, 2.5, 2.4, math.nan]))
    assert setting.runs[0].d_accuracy == (None, None, None)
    assert setting.runs[0].change("nll_oracle") == pytest.approx(-0.1)  # to the last number
    result = outcome(setting)
    assert result is not None
    assert result.accuracy is None


@pytest.mark.parametrize(
    "damage",
    [
        {"epoch": None},
        {"epoch": [2, 3, 3, 4]},
        {"seconds": [1.0]},
        {"seconds": [1.0, 2.0, 3.0, 4.0, math.nan]},
        {"nll_oracle": [1.0]},
        {"nll_test": "abcde"},
        {"seed": "one"},
        {"switch": None},
        {"settings": [1]},
        {"settings": {"g_steps": "many"}},
        {"settings": {"unheard": 1}},
        {"settings": None},
    ],
)
def test_a_damaged_study_is_one_sentence(damage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not those of a study") as error:
        settings_of(study_run() | damage)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("damaged", [{}, {"runs": None}, {"runs": [3]}, {"runs": [{}]}])
def test_a_study_without_runs_is_one_sentence(damaged: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not those of a study"):
        read_settings(damaged, BASE)


def test_the_mean_is_over_the_rounds_that_all_seeds_have() -> None:
    stopped = study_run(
        seed=3, oracle=0.4, status="diverged", epoch=[3, 4], seconds=[4.0, 6.0],
        nll_oracle=[2.5, 3.1], nll_test=[2.2, 2.3], d_accuracy=[0.7, 0.9],
    )  # fmt: skip
    setting = setting_of(study_run(seed=1), study_run(seed=2), stopped)
    x, y = mean_curve(setting, "rounds", "nll_oracle")
    assert x == [0, 1]  # the third seed has no round 2
    assert y == pytest.approx([2.5, (2.4 + 2.4 + 3.1) / 3])
    assert mean_curve(setting, "seconds", "nll_oracle")[0] == pytest.approx([0, (3 + 6 + 2) / 3])


# -- the rule --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(-0.20, 0.00), (-0.25, 0.02)], "learned"),
        ([(-0.20, 0.04), (-0.25, 0.059)], "learned"),  # it is the mean that holds
        ([(-0.20, 0.04), (-0.25, 0.061)], "sharpened"),
        ([(-0.20, 0.00), (-0.50, 0.00)], "learned"),  # -0.35 with seeds 0.30 apart
        ([(-0.02, 0.00), (-0.25, 0.00)], "stalled"),  # seeds further apart than the fall
        ([(0.30, 0.00), (0.31, 0.00)], "stalled"),
        ([(-0.019, 0.0), (-0.019, 0.0)], "stalled"),  # clear of the seeds, but not of 0.02
        ([(-0.021, 0.0), (-0.021, 0.0)], "learned"),
        ([(-0.60, 0.31), (-0.60, 0.31)], "collapsed"),
        ([(-0.60, 0.30), (-0.60, 0.29)], "sharpened"),
        ([(-0.20, 0.00)], "learned"),
    ],
)
def test_the_verdict_follows_the_rule(runs: list[tuple[float, float]], expected: str) -> None:
    balance_runs = [
        study_run(seed=n, oracle=oracle, test=test)
        for n, (oracle, test) in enumerate(runs, start=1)
    ]
    assert verdict(*balance_runs) == expected


def test_a_seed_that_diverged_is_a_collapse() -> None:
    assert verdict(study_run(), study_run(seed=2, status="diverged")) == "collapsed"


# -- curves ----------------------------------------------------------------------------------------

BALANCE = [
    (study_run(settings={"g_steps": 100, "d_epochs": 10}, test=0.5, d=0.9),),
    (study_run(seed=1), study_run(seed=2, oracle=-0.22)),
]


def settings() -> list[Setting]:
    return settings_of(*(run for group in BALANCE for run in group))


def lines(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["name"].startswith(name)]


@pytest.mark.parametrize("axis", AXES)
def test_the_curves_say_what_they_show(axis: str) -> None:
    frame = curves.frame_of(settings(), axis)  # type: ignore[arg-type]
    for setting in settings():
        figure = sound(curves.curves(setting, frame))
        title = figure["layout"]["title"]["text"]
        assert title.startswith(name_of(setting))
        g, d, k = setting.triple
        assert f"g = {g}: " in figure["layout"]["meta"]["seeing"]
        assert f"d = {d}: " in figure["layout"]["meta"]["seeing"]
        assert f"k = {k}: " in figure["layout"]["meta"]["seeing"]
        assert f"n = {len(setting.runs)} seed" in figure["layout"]["meta"]["seeing"]


def test_settings_share_their_axes_and_d_stands_below() -> None:
    frame = curves.frame_of(settings(), "seconds")
    first, second = (curves.curves(setting, frame)["layout"] for setting in settings())
    for axis in ("xaxis", "yaxis", "yaxis2"):
        assert first[axis]["range"] == second[axis]["range"]
    assert first["xaxis"]["range"] == [0, 12]  # the slowest seed's
    assert first["yaxis2"]["domain"][1] < first["yaxis"]["domain"][0]
    low, high = first["yaxis"]["range"]
    assert low < 2.2
    assert high > 2.7


def test_every_seed_is_drawn_behind_the_mean() -> None:
    setting = settings()[1]
    figure = curves.curves(setting, curves.frame_of([setting], "rounds"))
    seeds = lines(figure, "NLL_oracle, seed")
    assert [trace["y"][-1] for trace in seeds] == pytest.approx([2.3, 2.28])
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_oracle"]
    assert mean["y"] == pytest.approx([2.5, 2.395, 2.29])
    assert mean["line"]["width"] > 2 * seeds[0]["line"]["width"]
    (d,) = [trace for trace in figure["data"] if trace["name"] == "D's accuracy"]
    assert d["yaxis"] == "y2"
    below = [shape for shape in figure["layout"]["shapes"] if shape["yref"] == "y2"]
    assert [(shape["y0"], shape["y1"]) for shape in below] == [(0.45, 0.55), (0.75, 1.03)]
    levels = [s["y0"] for s in figure["layout"]["shapes"] if s["type"] == "line"]
    assert levels == pytest.approx([2.2, 2.5])  # where MLE ended


def test_updates_stand_on_a_logarithmic_axis_from_the_first_round_on() -> None:
    setting = settings()[0]
    figure = curves.curves(setting, curves.frame_of(settings(), "updates"))
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_test"]
    assert mean["x"] == [100, 200]
    assert figure["layout"]["xaxis"]["type"] == "log"
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 0
    assert high == pytest.approx(math.log10(200), abs=0.1)


def test_a_far_collapse_leaves_the_axis_but_does_not_stretch_it() -> None:
    setting = setting_of(study_run(test=5.0))
    low, high = curves.frame_of([setting], "rounds").y
    assert high == pytest.approx(2.5 + 0.5, abs=0.1)
    assert low < 2.2


def test_where_a_run_diverged_stands_a_cross() -> None:
    setting = setting_of(study_run(status="diverged"))
    figure = curves.curves(setting, curves.frame_of([setting], "rounds"))
    crosses = lines(figure, "diverged")
    assert [cross["marker"]["symbol"] for cross in crosses] == ["x"] * 3
    assert [y for cross in crosses for y in cross["y"]] == pytest.approx([2.2, 2.3, 0.6])


def test_a_setting_without_runs_is_an_explained_empty_figure() -> None:
    setting = Setting({}, BASE)
    figure = curves.curves(setting, curves.frame_of([setting], "seconds"))
    assert "(4, 1, 1): no finished run yet" in figure["layout"]["title"]["text"]
    assert "first finished run" in figure["layout"]["meta"]["seeing"]
    assert not figure["data"]


# -- the grid --------------------------------------------------------------------------------------


def grid() -> list[Setting]:
    return [
        *settings_of(
            study_run(oracle=-0.2, test=0.02, d=0.6),
            study_run(seed=2, oracle=-0.24, test=0.04, d=0.62),
            study_run(settings={"g_steps": 1, "d_steps": 5, "d_epochs": 3}, oracle=0.01, d=0.8),
            study_run(settings={"g_steps": 100, "d_epochs": 10}, oracle=-0.4, test=0.5, d=0.5),
        ),
        Setting({"g_steps": 12}, BASE | {"g_steps": 12}),
    ]


def test_the_maps_are_tables_of_g_steps_and_epochs_of_d() -> None:
    quality, coverage, accuracy = strategies_grid.heat_maps(grid())
    assert quality.rows == ("1", "4", "12", "100")
    assert quality.columns == ("1", "10", "15 (5 × 3)")
    ids = [[cell.id if cell else None for cell in row] for row in quality.cells]
    assert ids == [
        [None, None, "1-5-3"],
        ["4-1-1", None, None],
        ["12-1-1", None, None],
        [None, "100-1-10", None],
    ]
    for metric in (coverage, accuracy):
        assert [[cell.id if cell else None for cell in row] for row in metric.cells] == ids


def cell(kind: int, name: str) -> strategies_grid.Cell:
    maps = strategies_grid.heat_maps(grid())[kind]
    (match,) = [cell for row in maps.cells for cell in row if cell and cell.id == name]
    return match


def test_cells_say_their_number_with_sign_and_mark() -> None:
    messages = {
        name: [(cell(kind, name).number, cell(kind, name).mark) for kind in range(3)]
        for name in ("4-1-1", "1-5-3", "100-1-10", "12-1-1")
    }
    assert messages == {
        "4-1-1": [("−0.22", "✓"), ("+0.03", "="), ("61%", "●")],
        "1-5-3": [("+0.01", "‖"), ("+0.00", "="), ("80%", "■")],
        "100-1-10": [("−0.40", "✕"), ("+0.50", "▲▲"), ("50%", "○")],
        "12-1-1": [("?", ""), ("?", ""), ("?", "")],
    }
    assert [cell(0, name).tag for name in messages] == ["", "paper", "paper", ""]


def test_colour_is_as_strong_as_the_number_and_never_past_its_end() -> None:
    assert cell(0, "4-1-1").tone == "gen"
    assert cell(0, "4-1-1").fill == pytest.approx(0.22 / 0.3)
    assert (cell(0, "1-5-3").tone, cell(1, "100-1-10").tone) == ("alarm", "alarm")
    assert cell(1, "100-1-10").fill == 1
    assert cell(2, "1-5-3").fill == pytest.approx(0.6)
    assert cell(2, "100-1-10").fill == 0


def test_a_cell_is_described_in_full() -> None:
    label = cell(1, "4-1-1").label
    for part in (
        "g-steps 4", "D's epochs 1", "learned", "NLL_oracle −0.220 (seeds −0.240 to −0.200)",
        "NLL_test +0.030", "D 61%, a usable teacher", "n = 2 seeds",
    ):  # fmt: skip
        assert part in label
    assert cell(0, "1-5-3").label.startswith(
        "g-steps 1, D's epochs 15 (5 × 3), of the paper's four"
    )
    assert "no finished run" in cell(0, "12-1-1").label


def test_the_table_has_a_row_a_setting() -> None:
    head, rows = strategies_grid.table(grid())
    assert [row[0] for row in rows] == ["(4, 1, 1)", "(1, 5, 3)", "(100, 1, 10)", "(12, 1, 1)"]
    assert all(len(row) == len(head) for row in rows)
    first = dict(zip(head, rows[0], strict=True))
    assert first["verdict"] == "✓ learned"
    assert (first["seeds"], first["rounds"], first["generator updates"]) == ("2", "2", "8")
    assert first["seconds"] == "9.0"  # 6 and 12


# -- what to notice --------------------------------------------------------------------------------


def test_the_notice_names_who_learned_stalled_and_collapsed() -> None:
    four = settings_of(
        study_run(settings={"g_steps": 100, "d_epochs": 10}, test=0.5, d=0.9),
        study_run(settings={"g_steps": 30, "d_epochs": 30}, oracle=-0.01),
        study_run(settings={"g_steps": 1, "d_epochs": 10}, oracle=-0.2),
        study_run(settings={"g_steps": 1, "d_steps": 5, "d_epochs": 3}, oracle=-0.3, test=0.2),
    )
    assert [setting.triple for setting in four] == list(PAPER_FOUR)
    learned, sharpened, stalled, collapsed, alone, budget = notices.compared(four)
    assert learned.startswith("✓ learned: (1, 1, 10) with NLL_oracle −0.200")
    assert sharpened.startswith("◆ sharpened: (1, 5, 3)")
    assert stalled.startswith("‖ stalled: (30, 1, 30)")
    assert collapsed.startswith("✕ collapsed: (100, 1, 10)")
    assert "D 90%, too strong (n = 1 seed)" in collapsed
    assert "single seed" in alone
    assert "6 to 6 s" in budget
    assert "2 to 200 generator updates" in budget
    assert notices.compared([Setting({}, BASE)]) == []


def test_the_grid_s_notice_counts_and_names_the_best_that_held() -> None:
    message = notices.grid(grid())
    assert "Of 3 settings 1 learned, 1 stalled, 1 collapsed (n = 1 to 2 seeds each)" in message
    assert (
        "at (4, 1, 1): −0.220 and +0.030" in message
    )  # not the collapsed one, though it fell more
    assert "too strong, in 1 of them; 0 of these learned" in message
    assert "near guessing, in 1 of them; 0 of these learned" in message
    assert "6 to 12 s" in message
    assert "Of a single seed the spread is not known." in message
    assert "single seed" not in notices.grid(settings_of(study_run(seed=1), study_run(seed=2)))
    none = notices.grid(settings_of(study_run(oracle=-0.3, test=0.2)))
    assert "None learned" in none
    assert "NLL_test changed by +0.200" in none
    assert notices.grid([]) == ""


# -- one at a time ---------------------------------------------------------------------------------


def factors() -> dict[str, one_at_a_time_text.Factor]:
    return {factor.field: factor for factor in one_at_a_time_text.factors(BASE, INFO)}


def varied(field: str) -> list[Setting]:
    return one_at_a_time_text.settings_of_factor(one_at_a_time_study(), factors()[field], BASE)


def effect(field: str) -> dict[str, Any]:
    settings = one_at_a_time_study()
    return one_at_a_time.effect(
        varied(field), factors()[field], y_range=one_at_a_time.common_range(settings)
    )


def test_a_knob_s_settings_are_those_in_which_only_it_is_turned() -> None:
    assert [setting.values["n_rollouts"] for setting in varied("n_rollouts")] == [1, 4, 16]
    rates = [
        factors()["rollout_update_rate"].value(setting) for setting in varied("rollout_update_rate")
    ]
    assert rates == ["live", 0.0, 0.8]  # live is the preset: there its rate says nothing
    assert [setting.changes for setting in varied("d_learning_rate")] == [{}]  # the preset alone


@pytest.mark.parametrize("field", INFO)
def test_every_knob_names_the_papers_value_on_one_scale(field: str) -> None:
    figure = effect(field)
    assert f"The paper uses {INFO[field]['paper']}" in figure["layout"]["meta"]["seeing"]
    assert figure["layout"]["yaxis"]["range"] == effect("n_rollouts")["layout"]["yaxis"]["range"]


def test_final_values_against_the_factor_with_a_dot_for_each_seed() -> None:
    figure = effect("n_rollouts")
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_oracle"]
    (dots,) = lines(figure, "NLL_oracle, seeds")
    assert mean["x"] == [1, 4, 16]
    assert mean["y"] == pytest.approx([2.4, 2.29, 2.2])
    assert (dots["x"], dots["customdata"]) == ([1, 4, 4, 16], [1, 1, 2, 1])
    assert dots["y"] == pytest.approx([2.4, 2.3, 2.28, 2.2])
    axis = figure["layout"]["xaxis"]
    assert axis["type"] == "log"
    assert axis["ticktext"] == ["1", "4<br>preset", "16<br>paper"]


def test_the_paper_s_value_has_a_place_though_it_was_not_tried() -> None:
    axis = effect("d_learning_rate")["layout"]["xaxis"]
    assert axis["ticktext"] == ["0.0001<br>paper", "0.005<br>preset"]
    assert 10 ** axis["range"][0] < 0.0001
    steps = effect("rollout_update_rate")["layout"]["xaxis"]
    assert steps["type"] == "linear"
    assert steps["ticktext"] == ["live<br>preset", "0", "0.8<br>paper"]


def test_a_collapsed_value_is_a_cross_and_never_the_best() -> None:
    figure = effect("g_learning_rate")
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_oracle"]
    assert mean["marker"]["symbol"] == ["circle", "circle", "x"]
    title = figure["layout"]["title"]["text"]
    assert "NLL_oracle is lowest at the preset's 0.002, 2.290 (NLL_test 2.200)" in title


def test_the_title_tells_an_effect_from_luck() -> None:
    assert (
        "16 changes NLL_oracle by −0.090 against the preset, NLL_test by +0.020"
        in (effect("n_rollouts")["layout"]["title"]["text"])
    )
    close = settings_of(
        study_run(seed=1),
        study_run(seed=2, oracle=-0.24),
        study_run(settings={"n_rollouts": 8}, oracle=-0.25),
    )
    text = one_at_a_time_text.finding(close, factors()["n_rollouts"])
    assert "8 is −0.030 against the preset, no more than the seeds are apart" in text
    two = settings_of(
        study_run(settings={"n_rollouts": 8}), study_run(settings={"n_rollouts": 1}, oracle=0.1)
    )
    assert "lowest at 8, 2.300 (NLL_test 2.200)" in one_at_a_time_text.finding(
        two, factors()["n_rollouts"]
    )
    for few in ([], two[:1]):
        assert "fewer than two" in one_at_a_time_text.finding(few, factors()["n_rollouts"])


def test_the_notice_says_which_knob_moves_most_and_what_collapsed() -> None:
    message = one_at_a_time_text.notice(one_at_a_time_study(), list(factors().values()), BASE)
    assert message.startswith("Learning rate of G moves quality most")
    assert "by −0.500 at 0.01 (NLL_test +0.900)" in message
    assert "Roll-out policy's memory hardly matters here" in message
    assert "Collapsed, with the change of NLL_test: Learning rate of G 0.01 (+0.900)" in message
    assert one_at_a_time_text.notice([], list(factors().values()), BASE) == ""
