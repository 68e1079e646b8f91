import math
from typing import Any, get_args

import pytest

from seqgan_core.figures.strategies import curves, findings, one_at_a_time
from seqgan_core.figures.strategies import grid as strategies_grid
from seqgan_core.figures.strategies.findings import name_of
from seqgan_core.judge.one_at_a_time import Effect, effect_of, factors
from seqgan_core.judge.study import PAPER_FOUR, Axis, Setting
from seqgan_core.training.config import make_config
from tests.figures.checks import sound
from tests.figures.made_up import (
    BASE,
    FACTORS,
    one_at_a_time_study,
    seeds_of,
    settings_of,
    study_run,
)


def setting_of(*runs: dict[str, Any]) -> Setting:
    (setting,) = settings_of(*runs)
    return setting


# -- curves ----------------------------------------------------------------------------------------

BALANCE = [
    (study_run(settings={"g_steps": 100, "d_epochs": 10}, test=0.5, d=0.9),),
    tuple(seeds_of(-0.21)),
]


def settings() -> list[Setting]:
    return settings_of(*(run for group in BALANCE for run in group))


def lines(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["name"].startswith(name)]


@pytest.mark.parametrize("axis", get_args(Axis))
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
    assert first["xaxis"]["range"] == [0, 18]  # the slowest seed's
    assert first["yaxis2"]["domain"][1] < first["yaxis"]["domain"][0]
    low, high = first["yaxis"]["range"]
    assert low < 2.2
    assert high > 2.7


def test_the_name_of_d_s_zones_lies_over_no_line_of_a_strong_d() -> None:
    frame = curves.frame_of(settings(), "seconds")
    layout = curves.curves(settings()[0], frame)["layout"]
    (strong,) = [note for note in layout["annotations"] if note["text"] == "too strong"]
    assert strong["yanchor"] == "bottom"  # above the axis, in the gap below the upper curves
    assert strong["y"] >= layout["yaxis2"]["range"][1] > 1
    plot = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    gap = layout["yaxis"]["domain"][0] - layout["yaxis2"]["domain"][1]
    assert gap * plot > 15  # pixels that letters of 11.5 need


def test_every_seed_is_drawn_behind_the_mean() -> None:
    setting = settings()[1]
    figure = curves.curves(setting, curves.frame_of([setting], "rounds"))
    seeds = lines(figure, "NLL_oracle, seed")
    assert [trace["y"][-1] for trace in seeds] == pytest.approx([2.258, 2.269, 2.28])
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_oracle"]
    assert mean["y"] == pytest.approx([2.5, 2.311, 2.269])
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
    assert [y for cross in crosses for y in cross["y"]] == pytest.approx([2.2, 2.28, 0.55])


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
            *seeds_of(-0.22, 0.03, 0.61),
            study_run(settings={"g_steps": 1, "d_steps": 5, "d_epochs": 3}, oracle=0.01, d=0.8),
            study_run(settings={"g_steps": 100, "d_epochs": 10}, oracle=-0.4, test=0.5, d=0.5),
        ),
        Setting({"g_steps": 12}, make_config(BASE, g_steps=12)),
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
        "1-5-3": [("+0.01", "?"), ("+0.00", "="), ("80%", "■")],
        "100-1-10": [("−0.40", "✕"), ("+0.50", "▲▲"), ("50%", "○")],
        "12-1-1": [("–", ""), ("–", ""), ("–", "")],
    }
    assert [cell(0, name).tag for name in messages] == ["↔ 0.02", "*", "*", ""]


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
        "g-steps 4", "D's epochs 1: learned", "NLL_oracle −0.220 (3 seeds: −0.230 to −0.210)",
        "NLL_test +0.030", "NLL_test above MLE's temperature curve −0.038 [−0.0", "], n = 3",
        "D 61%, useful", "n = 3 seeds",
    ):  # fmt: skip
        assert part in label
    assert cell(0, "1-5-3").label.startswith(
        "g-steps 1, D's epochs 15 (5 × 3), one of the paper's settings: undecided, not enough "
        "seeds to say; NLL_oracle +0.010 (1 seed)"
    )
    assert "no finished run" in cell(0, "12-1-1").label


def test_the_table_has_a_row_a_setting() -> None:
    head, rows, _caption = strategies_grid.table(grid())
    assert [row[0] for row in rows] == ["(4, 1, 1)", "(1, 5, 3)", "(100, 1, 10)", "(12, 1, 1)"]
    assert all(len(row) == len(head) for row in rows)
    first = dict(zip(head, rows[0], strict=True))
    assert first["verdict"] == "✓ learned"
    assert (first["seeds"], first["rounds"], first["generator updates"]) == ("3", "2", "8")
    assert first["seconds"] == "12.0"  # 6, 12 and 18
    # 2.27, 2.28 and 2.29 on a line of slope 0.4: 0.004 apart; t of 2 degrees is 4.303
    assert first["NLL_test above MLE's temperature curve"] == "−0.038 [−0.048, −0.028], n = 3"
    bare = settings_of(*seeds_of(curve=[]))
    assert "–" in strategies_grid.table(bare).rows[0]


# -- what to notice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (seeds_of(-0.2), "✓ learned: 0.060 nats below the curve"),
        (seeds_of(-0.2, 0.06), "◆ sharpened: NLL_oracle −0.20, along the curve"),
        (
            seeds_of(-0.2, 0.11),
            "◇ traded: NLL_oracle −0.20, 0.050 above the curve",
        ),
        (seeds_of(0.0), "‖ stalled: NLL_oracle +0.00 (3 seeds: −0.01 to +0.01)"),
        (seeds_of(-0.2, 0.4), "✕ collapsed: NLL_test +0.40 (3 seeds: +0.40 to +0.40)"),
        (seeds_of(n=2), "? undecided: not enough seeds to say"),
        (
            seeds_of(curve=[]),
            "? undecided: no temperature curve was measured",
        ),
        (
            [run | {"curve": run["curve"][2:]} for run in seeds_of(-0.2, 0.06)],
            "? undecided: below the lowest temperature measured",
        ),
    ],
)
def test_titles_say_what_decides(runs: list[dict[str, Any]], text: str) -> None:
    assert findings.finding(setting_of(*runs)) == f"(4, 1, 1) {text}"


def test_the_finding_names_the_settings_of_each_verdict() -> None:
    four = settings_of(
        *seeds_of(0.0, 0.5, 0.9, settings={"g_steps": 100, "d_epochs": 10}),
        *seeds_of(-0.01, settings={"g_steps": 30, "d_epochs": 30}),
        *seeds_of(-0.2, settings={"g_steps": 1, "d_epochs": 10}),
        *seeds_of(-0.3, 0.1, settings={"g_steps": 1, "d_steps": 5, "d_epochs": 3}),
    )
    assert [setting.triple for setting in four] == list(PAPER_FOUR)
    verdicts, budget = findings.compared(four)
    assert verdicts == (
        "✓ learned: (1, 1, 10). ◆ sharpened: (1, 5, 3). ‖ stalled: (30, 1, 30). ✕ collapsed: "
        "(100, 1, 10)."
    )
    assert "6 to 18 s" in budget
    assert "2 to 200 generator updates" in budget
    assert findings.compared([Setting({}, BASE)]) == []


def test_what_is_undecided_is_explained() -> None:
    _verdicts, seeds, curve, _budget = findings.compared(
        settings_of(
            study_run(settings={"g_steps": 1}),
            *seeds_of(settings={"g_steps": 2}, n=2),
            *seeds_of(curve=[]),
        )
    )
    assert seeds == "Undecided, not enough seeds to say: (1, 1, 1), (2, 1, 1)."
    assert curve == "Undecided, no temperature curve was measured: (4, 1, 1)."


def test_a_setting_that_fell_but_stalled_is_explained_by_its_seeds() -> None:
    runs = [study_run(1, 0.0), study_run(2, -0.1), study_run(3, -0.35)]
    sentences = findings.compared(settings_of(*runs))
    assert any("because the seeds disagree: (4, 1, 1) −0.150 ± 0.448" in s for s in sentences)


def test_the_grid_s_finding_counts_and_names_the_best_as_the_best_of_many() -> None:
    settings = settings_of(
        *seeds_of(-0.22, 0.03, 0.61),
        *seeds_of(0.0, 0.0, 0.8, settings={"g_steps": 1}),
        *seeds_of(-0.4, 0.5, 0.5, settings={"g_steps": 100}),
        study_run(settings={"g_steps": 2}, d=0.9),
    )
    message = " ".join(findings.grid(settings))
    assert (
        "4 settings, n = 1 to 3 seeds each: ✓ learned 1, ‖ stalled 1, ✕ collapsed 1, ? undecided 1."
    ) in message
    # not the collapsed one, though it fell more; nor the undecided
    assert (
        "Lowest NLL_oracle of those that learned: (4, 1, 1), −0.220 (3 seeds: −0.230 to −0.210); "
        "NLL_test +0.030 (3 seeds: +0.030 to +0.030); from MLE's temperature curve −0.038 [−0.048, "
        "−0.028], n = 3. The best of 3 settings is partly luck, and if none learned, chance would "
        "call up to 0.08 of 3 so."
    ) in message
    assert "too strong (above 75%) in 1 of them; 0 of these learned" in message
    assert "near guessing (below 55%) in 1 of them; 0 of these learned" in message
    assert "6 to 18 s" in message
    assert "Undecided, not enough seeds to say: (2, 1, 1)." in message
    none = " ".join(findings.grid(settings_of(*seeds_of(-0.2, 0.2))))
    assert "None of 1 is known to have learned. The lowest NLL_oracle of them: (4, 1, 1)," in none
    assert "NLL_test +0.200 (3 seeds: +0.200 to +0.200)" in none
    bare = " ".join(findings.grid(settings_of(*seeds_of(curve=[]))))
    assert "None of 1 is known to have learned" in bare
    assert "✓" not in bare
    assert findings.grid([]) == []


# -- one at a time ---------------------------------------------------------------------------------


def effect_on(field: str, settings: list[Setting] | None = None) -> Effect:
    (factor,) = [factor for factor in factors(BASE) if factor.field == field]
    return effect_of(factor, one_at_a_time_study() if settings is None else settings)


def effect(field: str) -> dict[str, Any]:
    y_range = one_at_a_time.common_range(one_at_a_time_study())
    return one_at_a_time.effect_of_factor(effect_on(field), y_range=y_range)


def values(field: str) -> list[Any]:
    effect = effect_on(field)
    return [effect.value(setting) for setting, _result in effect.outcomes]


def test_an_effect_holds_the_settings_in_which_only_its_factor_differs() -> None:
    assert values("n_rollouts") == [1, 4, 16]
    # live is the preset: its rate means nothing there
    assert values("rollout_update_rate") == ["live", 0.0, 0.8]
    assert values("d_learning_rate") == [0.005]  # the preset alone


@pytest.mark.parametrize("field", FACTORS)
def test_every_factor_names_the_papers_value_on_one_scale(field: str) -> None:
    figure = effect(field)
    assert f"The paper uses {effect_on(field).factor.paper:g}" in figure["layout"]["meta"]["seeing"]
    assert figure["layout"]["yaxis"]["range"] == effect("n_rollouts")["layout"]["yaxis"]["range"]


def test_final_values_against_the_factor_with_a_dot_for_each_seed() -> None:
    figure = effect("n_rollouts")
    (mean,) = [trace for trace in figure["data"] if trace["name"] == "NLL_oracle"]
    (dots,) = lines(figure, "NLL_oracle, seeds")
    assert mean["x"] == [1, 4, 16]
    assert mean["y"] == pytest.approx([2.4, 2.3, 2.2])
    assert dots["x"] == [1, 1, 1, 4, 4, 4, 16, 16, 16]
    assert dots["customdata"] == [1, 2, 3] * 3
    assert dots["y"][:3] == pytest.approx([2.39, 2.4, 2.41])
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
    assert "no value is below the preset's 0.002 in NLL_oracle" in title


def test_the_title_tells_an_effect_from_chance() -> None:
    title = effect("n_rollouts")["layout"]["title"]["text"]
    assert "16 changes NLL_oracle by −0.100 ± 0.000, NLL_test by +0.020" in title
    far = [
        study_run(n, at, settings={"n_rollouts": 8}) for n, at in ((1, -0.3), (2, -0.2), (3, -0.34))
    ]
    text = findings.factor_finding(effect_on("n_rollouts", settings_of(*seeds_of(), *far)))
    assert text == "Roll-outs N: no clear gain; best is 8, −0.080 ± 0.188 from 4"
    few = settings_of(*seeds_of(n=2), *seeds_of(-0.3, n=2, settings={"n_rollouts": 8}))
    assert findings.factor_finding(effect_on("n_rollouts", few)) == (
        "Roll-outs N: not enough seeds to say; 8 differs by −0.100 from 4"
    )
    alone = settings_of(
        *seeds_of(settings={"n_rollouts": 8}), *seeds_of(settings={"n_rollouts": 1})
    )
    for nothing in ([], alone, alone[:1]):
        assert "no value to compare" in findings.factor_finding(effect_on("n_rollouts", nothing))


def test_the_best_of_more_values_must_differ_by_more() -> None:
    def compared(*others: int) -> str:
        runs = [*seeds_of(), study_run(1, -0.29, settings={"n_rollouts": 8}),
                study_run(2, -0.3, settings={"n_rollouts": 8}),
                study_run(3, -0.25, settings={"n_rollouts": 8})]  # fmt: skip
        runs += [run for n in others for run in seeds_of(settings={"n_rollouts": n})]
        return findings.factor_finding(effect_on("n_rollouts", settings_of(*runs)))

    assert "8 changes NLL_oracle by −0.080" in compared()
    assert "no clear gain; best is 8, −0.080" in compared(1, 2, 16)


def test_the_findings_name_what_differs_clearly_and_what_collapsed() -> None:
    effects = [effect_on(field) for field in FACTORS]
    clear, unclear, collapsed = findings.factors_finding(effects)
    assert clear.startswith("NLL_oracle differs clearly from the preset's: Roll-outs N 1 (+0.100 ±")
    assert "Roll-outs N 16 (−0.100 ±" in clear
    assert "Learning rate of G 0.004 (+0.050 ±" in clear
    assert unclear == "No clear difference from the preset: Memory of the roll-out policy."
    assert collapsed == (
        "Collapsed, with the change of NLL_test: Learning rate of G 0.01 (+0.900)."
    )
    assert findings.factors_finding([effect_on(field, []) for field in FACTORS]) == []
    few = settings_of(study_run(), study_run(oracle=-0.5, settings={"n_rollouts": 8}))
    assert findings.factors_finding([effect_on("n_rollouts", few)])[0] == (
        "Not enough seeds to say what differs from the preset: Roll-outs N."
    )
