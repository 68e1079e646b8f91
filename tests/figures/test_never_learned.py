"""What only sharpens, or was never rewarded for anything, and every rule that can say "learned"."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from seqgan_core.figures.run import learning
from seqgan_core.figures.strategies import findings, grid, one_at_a_time
from seqgan_core.figures.strategies.words import verdict_text
from seqgan_core.judge.one_at_a_time import effect_of, factors
from seqgan_core.judge.report import CURVE, FrontierPoint, Report
from seqgan_core.judge.study import Setting, outcome
from seqgan_core.judge.verdict import LAST
from tests.figures.made_up import BASE, settings_of
from tests.support.made_up.run import made_up_curves
from tests.support.paths import ROOT

# MLE sampled at this temperature, or a method of the recorded comparison
CASES = {
    0.95: "sharpened", 0.9: "sharpened", 0.85: "sharpened",
    "constant_reward": "stalled", "random_reward": "stalled",
}  # fmt: skip


@cache
def lesson() -> Report:
    return Report.load(ROOT / "assets" / "comparison" / "lesson-updates.json")


def run_of(
    seed: int, curve: tuple[FrontierPoint, ...], points: list[tuple[float, float]], **settings: Any
) -> dict[str, Any]:
    """A run that starts from MLE at temperature 1 and has been evaluated at these points since."""
    (start,) = [point for point in curve if point.temperature == 1.0]
    both = [(start.value("nll_oracle"), start.nll_test), *points]
    return {
        "run": "", "label": "", "settings": settings, "seed": seed, "status": "finished",
        "reason": "", "seconds_in_all": 1.0, "switch": 0, "epoch": list(range(len(both))),
        "seconds": [1.0] * len(both), "nll_oracle": [x for x, _y in both],
        "nll_test": [y for _x, y in both], "d_accuracy": [0.6] * len(both),
        "curve": [point.model_dump() for point in curve],
    }  # fmt: skip


def runs_of(case: float | str, **settings: Any) -> list[dict[str, Any]]:
    """Five seeds, with the numbers that were recorded."""
    runs = []
    for sweep in lesson().frontier[CURVE]:
        if isinstance(case, str):
            (curve,) = [c for c in lesson().curves if (c.strategy, c.seed) == (case, sweep.seed)]
            columns = zip(curve.column("nll_oracle"), curve.column("nll_test"), strict=True)
            points = [*columns][-LAST:]
        else:
            (at,) = [point for point in sweep.points if point.temperature == case]
            points = [(at.value("nll_oracle"), at.nll_test)] * LAST
        runs.append(run_of(sweep.seed, sweep.points, points, **settings))
    return runs


def setting_of(case: float | str, **settings: Any) -> Setting:
    (setting,) = settings_of(*runs_of(case, **settings))
    return setting


def says_learned(text: str) -> bool:
    denied = re.sub("known to have learned|0 of these learned|if none learned", "", text)
    return "✓" in text or re.search("learn", denied) is not None


@pytest.mark.parametrize(("case", "verdict"), CASES.items())
def test_the_verdict_knows_it(case: float | str, verdict: str) -> None:
    result = outcome(setting_of(case))
    assert result is not None
    assert (result.verdict, result.n) == (verdict, 5)
    if case == 0.9:  # as recorded, and called "learned" by the rule of earlier versions
        assert result.oracle.mean == pytest.approx(-0.231, abs=0.0005)
        assert result.test.mean == pytest.approx(0.019, abs=0.0005)


@pytest.mark.parametrize("case", CASES)
def test_no_sentence_title_cell_or_row_calls_it_learned(case: float | str) -> None:
    settings = [setting_of(case), *settings_of(*runs_of(1.0, g_steps=1))]
    (cells, *_more) = grid.heat_maps(settings)
    shown = [
        *findings.compared(settings),
        *findings.grid(settings),
        *map(findings.finding, settings),
        *(part for row in grid.table(settings).rows for part in row),
        *(f"{c.mark} {c.label}" for row in cells.cells for c in row if c),
    ]
    assert any(verdict_text("stalled") in text for text in shown)
    assert not [text for text in shown if says_learned(text)]


@pytest.mark.parametrize("case", CASES)
def test_no_factor_calls_it_learned(case: float | str) -> None:
    settings = settings_of(*runs_of(1.0), *runs_of(case, n_rollouts=16))
    effects = [effect_of(factor, settings) for factor in factors(BASE)]
    y_range = one_at_a_time.common_range(settings)
    figures = [one_at_a_time.effect_of_factor(effect, y_range=y_range) for effect in effects]
    shown = [*findings.factors_finding(effects), *(f["layout"]["title"]["text"] for f in figures)]
    assert any("Roll-outs N" in text for text in shown)
    assert not [text for text in shown if says_learned(text)]


def headlines(runs: list[dict[str, Any]]) -> list[str]:
    """What the lab says of each run as its chart's title."""
    titles = []
    for run in runs:
        rows = zip(run["epoch"], run["nll_oracle"], run["nll_test"], strict=True)
        evaluated = pd.DataFrame([
            {"seq": epoch, "step": epoch, "seconds": 1.0, "epoch": float(epoch), "line": 18,
             "phase": "adversarial" if epoch else "pretrain_generator",
             "nll_oracle": oracle, "nll_test": test}
            for epoch, oracle, test in rows
        ])  # fmt: skip
        temperatures = pd.DataFrame([{"seq": 0, "epoch": 0.0, "points": run["curve"]}])
        whole = made_up_curves()
        phases = whole.phases.assign(epoch=0.0)
        curves = replace(whole, evaluated=evaluated, temperatures=temperatures, phases=phases)
        titles.append(learning.nll(curves)["layout"]["title"]["text"])
    return titles


@pytest.mark.parametrize("case", CASES)
def test_no_headline_of_a_run_calls_it_learning(case: float | str) -> None:
    titles = headlines(runs_of(case))
    assert all("NLL_test" in title for title in titles)
    assert not [title for title in titles if says_learned(title) or "Beyond" in title]


def test_it_can_be_learned_at_all() -> None:
    """The same runs, each 0.05 nats of NLL_test below the curve."""
    runs = runs_of(0.9)
    for run in runs:
        run["nll_test"] = [run["nll_test"][0], *(y - 0.05 for y in run["nll_test"][1:])]
    assert any(says_learned(text) for text in findings.grid(settings_of(*runs)))
    assert all(title.startswith("Beyond MLE's temperature curve") for title in headlines(runs))
