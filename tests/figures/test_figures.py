import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.figures import style
from seqgan_core.figures.progress import progress
from seqgan_core.figures.run import findings, learning, overlay, value_network
from seqgan_core.figures.run.curves import ADVERSARIAL, Curves
from seqgan_core.figures.run.drift import drift
from seqgan_core.figures.run.followed import changed, shares_changed
from seqgan_core.figures.settings import assignments, command_line, differences
from seqgan_core.judge.verdict import above
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.store import Store
from seqgan_core.training.config import make_config, parse_changes
from seqgan_core.training.setup.presets import PRESETS
from tests.support.made_up.run import KINDS, PRETRAIN, ROUNDS, made_up_curves, with_value_network
from tests.support.paths import ROOT

BY_TEMPERATURE = "NLL_test of MLE, by temperature"


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["name"] == name)


def test_nll_draws_what_was_measured() -> None:
    curves = made_up_curves()
    figure = learning.nll(curves)
    drawn = trace(figure, "NLL_oracle")
    assert drawn["x"] == curves.evaluated["epoch"].tolist()
    assert drawn["y"] == pytest.approx(curves.evaluated["nll_oracle"].tolist(), abs=1e-5)
    assert trace(figure, "training loss")["y"][0] == pytest.approx(4 + 2 * math.exp(-0.5), abs=1e-5)


def test_the_level_is_where_mle_ended_from_the_switch_on() -> None:
    figure = learning.nll(made_up_curves())
    (level,) = [shape for shape in figure["layout"]["shapes"] if shape["type"] == "line"]
    assert (level["y0"], level["y1"]) == (pytest.approx(4.8), pytest.approx(4.8))
    assert (level["x0"], level["x1"]) == (PRETRAIN, PRETRAIN + ROUNDS)
    assert level["line"]["dash"] == "dash"


def test_phases_are_banded_and_cover_the_axis() -> None:
    figure = learning.nll(made_up_curves())
    bands = [shape for shape in figure["layout"]["shapes"] if shape["type"] == "rect"]
    assert [(band["x0"], band["x1"]) for band in bands] == [(0, 4), (4, 10)]
    assert [note["text"] for note in figure["layout"]["annotations"][:2]] == ["MLE", "adversarial"]


def test_the_range_leaves_the_plunge_out_and_keeps_the_rounds_in() -> None:
    low, high = learning.nll(made_up_curves())["layout"]["yaxis"]["range"]
    assert low < 4.0
    assert 4.8 < high < 5.9


def test_compared_runs_have_a_dash_and_a_name_of_their_own() -> None:
    figure = learning.nll(made_up_curves(), [made_up_curves("other", oracle=0.1)])
    other = trace(figure, "other · NLL_oracle")
    assert other["y"][-1] == pytest.approx(4.9, abs=1e-5)
    assert other["line"]["dash"] != "solid"


def test_since_switch_starts_at_zero_and_ends_at_the_difference() -> None:
    figure = learning.since_switch(made_up_curves(oracle=-0.2, test=0.03))
    oracle, test = trace(figure, "NLL_oracle"), trace(figure, "NLL_test")
    assert (oracle["x"][0], oracle["y"][0]) == (0, 0)
    assert oracle["y"][-1] == pytest.approx(-0.2, abs=1e-5)
    assert test["y"][-1] == pytest.approx(0.03, abs=1e-5)
    assert oracle["error_y"]["array"][1:] == [0.005] * ROUNDS
    title = figure["layout"]["title"]["text"]  # means of the last five of six
    assert title == "Since pre-training ended: NLL_oracle −0.133, NLL_test +0.020"


def test_since_switch_draws_mle_at_the_temperature_of_the_same_quality() -> None:
    drawn = trace(learning.since_switch(made_up_curves(oracle=-0.2, test=0.03)), BY_TEMPERATURE)
    assert (drawn["x"][-1], drawn["y"][-1]) == (ROUNDS, pytest.approx(0.05))
    without = replace(made_up_curves(), temperatures=pd.DataFrame())
    assert BY_TEMPERATURE not in {t["name"] for t in learning.since_switch(without)["data"]}


def test_mean_q_stays_between_zero_and_one() -> None:
    figure = learning.mean_q(made_up_curves())
    ribbon = figure["data"][0]
    assert min(ribbon["y"]) >= 0
    assert max(ribbon["y"]) <= 1
    assert ribbon["y"][0] - ribbon["y"][-1] == pytest.approx(0.2)  # twice std_q


def test_the_value_network_is_drawn_where_there_is_one() -> None:
    assert value_network.charts(made_up_curves()) == []
    curves = with_value_network()
    known, loss = value_network.charts(curves)
    explained = trace(known, "explained variance")["y"]
    assert explained == pytest.approx([0.1 * (n + 1) for n in range(len(explained))])
    assert known["layout"]["yaxis"]["range"][1] > explained[-1]
    mean = sum(explained) / len(explained)
    assert f"explains {mean:.0%} of the variance" in known["layout"]["title"]["text"]
    assert set(trace(loss, "loss of v")["y"]) == {0.6}
    biased = curves.generator.assign(v_bias=curves.generator["v_bias"] - 0.105)
    known, _loss = value_network.charts(replace(curves, generator=biased))
    assert "off by -0.100" in known["layout"]["title"]["text"]
    nothing = curves.generator.assign(v_explained=-curves.generator["v_explained"].astype(float))
    known, _loss = value_network.charts(replace(curves, generator=nothing))
    assert "foresees no more than the mean" in known["layout"]["title"]["text"]
    early = value_network.charts(curves.until(5))
    assert [figure["data"] for figure in early] == [[], []]


def test_accuracy_has_its_zones_and_shows_d_pretraining_by_its_reports() -> None:
    figure = learning.accuracy(made_up_curves())
    zones = [shape for shape in figure["layout"]["shapes"] if shape["yref"] == "y"]
    assert [(zone["y0"], zone["y1"]) for zone in zones] == [(0.45, 0.55), (0.75, 1.0)]
    early = learning.accuracy(made_up_curves().until(9))
    assert trace(early, "on its batches")["x"] == [1]
    assert "range" not in early["layout"]["xaxis"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"oracle": -0.2, "test": 0.0},
            "Beyond MLE's temperature curve by 0.03 ± 0.02 (one run): NLL_oracle −0.13",
        ),
        ({"oracle": -0.2, "test": 0.05}, "Along MLE's temperature curve (± 0.02)"),
        (
            {"oracle": -0.2, "test": 0.3},
            "Behind MLE's temperature curve by 0.17 ± 0.07: NLL_oracle −0.13 for NLL_test +0.20",
        ),
        ({"oracle": 0.2, "test": 0.3}, "NLL_oracle has not fallen (+0.13)"),
        ({"oracle": 0.2, "test": 0.0}, "Level with MLE: NLL_oracle +0.13 ± 0.05"),
        ({"oracle": -0.4, "test": 0.6}, "G collapses: NLL_test is 0.40 above"),
        ({"oracle": -1.8, "test": 0.3}, "no measured temperature reaches so far"),
    ],
)
def test_the_finding_is_judged_against_the_temperature_curve(
    changes: dict[str, float], words: str
) -> None:
    """By means of the last five of six evaluations, not by the last one."""
    assert words in findings.nll(made_up_curves(**changes))


def test_without_a_temperature_curve_the_finding_has_numbers_and_no_verdict() -> None:
    curves = replace(made_up_curves(oracle=-0.2), temperatures=pd.DataFrame())
    assert findings.nll(curves) == (
        "Since MLE ended: NLL_oracle −0.13 ± 0.05, NLL_test +0.00 ± 0.02; its temperature curve "
        "was not measured"
    )


def test_a_few_evaluations_are_too_early_for_a_finding() -> None:
    curves = made_up_curves(oracle=-2.0, test=-1.0)
    texts = [findings.nll(curves.until(step)) for step in curves.evaluated["step"]]
    assert texts[-3] == "Too early to judge: evaluation 4 of 5 since MLE ended"
    assert texts[-1].startswith("Beyond")


def test_one_evaluation_does_not_change_a_finding() -> None:
    held = drift([0.0] * 10)
    assert held is not None
    assert held.sign == 0
    for outlier in (0.3, -0.3):
        for more in range(6):
            after = drift([0.0] * 10 + [outlier] + [0.0] * more)
            assert after is not None
            assert after.sign == 0


def test_a_difference_is_called_until_it_is_within_half_of_the_band() -> None:
    assert [made.sign for made in (
        drift([-0.03] * 5), drift([-0.03] * 5 + [-0.015] * 5), drift([-0.03] * 5 + [-0.005] * 5),
        drift([-0.015] * 5), drift([-0.03] * 5 + [0.03] * 5),
    ) if made] == [-1, -1, 0, 0, 1]  # fmt: skip


@pytest.mark.parametrize("sharper", [0.0, -0.1, -0.3])
def test_sharpened_mle_is_never_beyond_its_curve(sharper: float) -> None:
    """Forty evaluations that slide along the curve and swing as those of the lesson do."""
    curve, rng = [(4.4, 4.1), (4.6, 4.05), (4.8, 4.0), (5.0, 4.05)], np.random.default_rng(1)
    runs, beyond = 400, 0
    for _ in range(runs):
        oracle = 4.8 + np.linspace(0, sharper, 40) + rng.normal(0, 0.04, 40)
        test = np.interp(oracle, *zip(*curve, strict=True)) + rng.normal(0, 0.01, 40)
        made = drift([above(curve, point) for point in zip(oracle, test, strict=True)])
        beyond += made is not None and made.sign < 0
    assert beyond < 0.05 * runs


def recorded(name: str, tmp_path: Path) -> Curves:
    """A run that ships, as the lab reads it."""
    store = Store(tmp_path)
    run_id = import_bundle(store, ROOT / "assets" / "recorded" / f"{name}.zip")
    frames = {field: store.frame(run_id, kind) for field, kind in KINDS.items()}
    return Curves(name=name, planned=104.0, **frames)


@pytest.mark.parametrize("name", ["lesson", "lesson-control", "glance"])
def test_the_headline_of_a_recorded_run_does_not_flip(name: str, tmp_path: Path) -> None:
    """Evaluation by evaluation, from the first one of the rounds."""
    curves = recorded(name, tmp_path)
    steps = curves.rows("evaluated", ADVERSARIAL)["step"]
    kinds = []
    for step in steps:
        text = findings.nll(curves.until(step))
        kinds.append(text.split()[0] + ("not fallen" if "not fallen" in text else ""))
    assert kinds[0] == "Too"
    changes = sum(before != after for before, after in pairwise(kinds))
    assert 1 <= changes <= {"lesson-control": 3}.get(name, 2), kinds
    assert not {"Beyond", "Since"} & set(kinds)


@pytest.mark.parametrize(
    ("held_out", "words"),
    [(0.5, "close to guessing"), (0.6, "useful to G"), (0.9, "too strong")],
)
def test_the_summary_of_d(held_out: float, words: str) -> None:
    assert words in findings.accuracy(made_up_curves(held_out=held_out))


def test_overfitting_is_distinguished_from_strength() -> None:
    curves = made_up_curves(held_out=0.53)
    keen = curves.discriminator.assign(accuracy=0.92)
    assert "overfits" in findings.accuracy(
        Curves(evaluated=curves.evaluated, discriminator=keen, phases=curves.phases)
    )


def test_until_goes_back_in_time() -> None:
    early = made_up_curves().until(3)
    assert early.switch is None
    assert early.latest("nll_oracle") == pytest.approx(4.8 + math.exp(-1) - math.exp(-4))
    assert early.end == PRETRAIN + ROUNDS  # the axis does not move with the replay


@pytest.mark.parametrize(
    ("epoch", "horizon"), [(1, 40), (19, 40), (21, 80), (100, 320), (320, 320)]
)
def test_a_young_long_run_has_a_shorter_axis(epoch: float, horizon: float) -> None:
    curves = Curves(evaluated=pd.DataFrame({"step": [1], "epoch": [float(epoch)]}), planned=320)
    assert curves.horizon == horizon


def test_gaps_and_infinities_are_breaks_in_the_line() -> None:
    assert style.numbers([1, float("nan"), None, float("inf")]) == [1.0, None, None, None]


def test_long_runs_are_thinned() -> None:
    drawn = style.line(range(100_000), range(100_000), "long", style.REAL)
    assert len(drawn["x"]) == len(drawn["y"]) <= style.MAX_POINTS


def test_progress_knows_the_phase_and_its_own_pace() -> None:
    curves = made_up_curves().until(13)  # 1 of 6 rounds
    at = progress(curves, seconds=float(curves.evaluated["seconds"].iloc[-1]))
    assert at.fraction == pytest.approx(0.5)
    assert at.label == "Adversarial training · epoch 1 of 6"
    began = float(curves.phases["seconds"].iloc[-1])
    per_round = float(curves.evaluated["seconds"].iloc[-1]) - began
    assert at.seconds_left == pytest.approx(5 * per_round)


def test_progress_before_any_pace_takes_the_estimate() -> None:
    assert progress(made_up_curves().until(3), 10.0, estimated=25.0).seconds_left == 15.0
    assert progress(Curves(planned=5), 0.0).seconds_left is None


def test_changed_tokens() -> None:
    marks = changed([[1, 2], [3, 4]], [[1, 9], [3, 4]])
    assert marks == [[False, True], [False, False]]
    assert shares_changed(marks) == [0.5, 0.0]
    assert "25%" in findings.followed(shares_changed(marks))


def test_overlay_names_the_lowest() -> None:
    runs = [made_up_curves("a", oracle=-0.1), made_up_curves("b", oracle=-0.3)]
    figure = overlay.overlay(runs)
    assert figure["layout"]["title"]["text"].startswith("NLL_oracle: b is lowest, by 0.200")
    assert len({t["line"]["dash"] for t in figure["data"]}) == 2


def test_parting_shows_only_what_differs() -> None:
    titles = {"seed": "Seed", "rounds": "Rounds"}
    table = overlay.differing_settings(
        {"a": {"seed": 1, "rounds": 5}, "b": {"seed": 2, "rounds": 5}}, titles
    )
    pd.testing.assert_frame_equal(table, pd.DataFrame({"a": ["1"], "b": ["2"]}, index=["Seed"]))


@given(
    seed=st.integers(0, 99),
    rate=st.floats(1e-5, 1.0),
    widths=st.lists(st.integers(1, 8), min_size=1, max_size=4, unique=True),
    bound=st.one_of(st.none(), st.floats(0.51, 1.0)),
)
def test_the_command_asks_for_the_same_settings(
    seed: int, rate: float, widths: list[int], bound: float | None
) -> None:
    preset = PRESETS["glance"]
    config = make_config(
        preset,
        seed=seed,
        g_learning_rate=rate,
        d_widths=tuple(widths),
        d_filters=tuple(4 for _ in widths),
        d_max_accuracy=bound,
    )
    changes = differences(preset.model_dump(), config.model_dump())
    assert make_config(preset, **parse_changes(assignments(changes))) == config
    assert command_line("glance", changes).count("--seed") == int(seed != preset.seed)
