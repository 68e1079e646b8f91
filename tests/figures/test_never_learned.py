"""What only sharpens, or was never rewarded for anything, and every rule that can say "learned"."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from seqgan_core.figures.strategies import findings, grid, one_at_a_time
from seqgan_core.figures.strategies.words import verdict_text
from seqgan_core.judge.one_at_a_time import effect_of, factors
from seqgan_core.judge.report import CURVE, FrontierPoint, Report
from seqgan_core.judge.study import Setting, outcome
from seqgan_core.judge.verdict import LAST
from tests.figures.made_up import BASE, settings_of
from tests.support.paths import ROOT

# MLE sampled at this temperature, or a method of the recorded comparison
CASES = {0.95: "sharpened", 0.9: "sharpened", 0.85: "sharpened", "constant_reward": "stalled"}


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
    denied = re.sub("None learned|0 of these learned|if none learned", "", text)
    return "✓" in text or re.search("learn", denied) is not None


@pytest.mark.parametrize(("case", "verdict"), CASES.items())
def test_the_verdict_knows_it(case: float | str, verdict: str) -> None:
    result = outcome(setting_of(case))
    assert result is not None
    assert (result.verdict, result.n) == (verdict, 5)
    if case == 0.9:  # as recorded, and called "learned" by the rule of earlier versions
        assert result.oracle.mean == pytest.approx(-0.254, abs=0.0005)
        assert result.test.mean == pytest.approx(0.018, abs=0.0005)


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


def test_it_can_be_learned_at_all() -> None:
    """The same runs, each 0.05 nats of NLL_test below the curve."""
    runs = runs_of(0.9)
    for run in runs:
        run["nll_test"] = [run["nll_test"][0], *(y - 0.05 for y in run["nll_test"][1:])]
    settings = settings_of(*runs)
    assert any(says_learned(text) for text in findings.grid(settings))
