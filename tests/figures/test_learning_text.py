"""The lab's charts of runs on text: nothing of an oracle, and quality never without diversity."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seqgan_core.figures.run import findings, learning, overlay
from tests.figures.made_up import MOMENTS, text_curves
from tests.support.made_up.run import PRETRAIN, made_up_curves


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["name"] == name)


def title(figure: dict[str, Any]) -> str:
    return str(figure["layout"]["title"]["text"])


@pytest.mark.parametrize(
    "draw",
    [learning.nll, learning.since_switch, learning.bleu,
     learning.since_switch_bleu],
)  # fmt: skip
def test_no_figure_of_text_speaks_of_an_oracle(draw: Any) -> None:
    curves = text_curves(bleu=0.1)
    for step in MOMENTS.values():
        assert "oracle" not in json.dumps(draw(curves.until(step)))


def test_nll_draws_what_was_measured_and_mles_best() -> None:
    curves = text_curves(test=0.3)
    figure = learning.nll(curves, [text_curves(name="other")])
    assert trace(figure, "NLL_test")["y"] == pytest.approx(curves.evaluated["nll_test"].tolist())
    assert trace(figure, "other · NLL_test")["line"]["dash"] != "solid"
    (level,) = [shape for shape in figure["layout"]["shapes"] if shape["type"] == "line"]
    assert (level["y0"], level["x0"]) == (pytest.approx(4.0), PRETRAIN)


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (0.3, "Coverage is lost: NLL_test is 0.20 ± 0.08 above MLE's at its best temperature"),
        (0.02, "Coverage holds: NLL_test is within ± 0.02 of MLE's at its best temperature"),
        (-0.2, "NLL_test is 0.13 ± 0.05 below MLE's at its best temperature (one run)"),
    ],
)
def test_what_the_rounds_do_to_coverage(test: float, words: str) -> None:
    assert words in findings.nll(text_curves(test=test))


def test_what_mle_does() -> None:
    assert "brings NLL_test from 5.96 down" in findings.nll(text_curves().until(3))
    flat = text_curves().until(9)
    values = np.array([6.0, 4.02, 4.01, 4.0, 4.0])
    stalled = replace(flat, evaluated=flat.evaluated.assign(nll_test=values))
    assert "stays near 4.00" in findings.nll(stalled)
    values = np.array([6.0, 4.2, 3.9, 4.2, 3.9])  # one evaluation above the best is too few
    once = replace(flat, evaluated=flat.evaluated.assign(nll_test=values))
    assert "overfitting" not in findings.nll(once)
    values = np.array([6.0, 4.2, 3.9, 4.0, 4.2])
    overfitted = replace(flat, evaluated=flat.evaluated.assign(nll_test=values))
    message = findings.nll(overfitted)
    assert "MLE is overfitting" in message
    assert "epoch 2 (3.90)" in message
    assert "now 4.20" in message


@pytest.mark.parametrize(
    ("bleu", "alike", "words"),
    [
        (0.05, 0.0, "BLEU-4 rose 0.033 to 0.433, and diversity held"),
        (0.05, 0.2, "but self-BLEU rose 0.133: less diverse"),
        (0.0, 0.2, "only less diverse"),
        (0.0, 0.0, "stays at 0.400, self-BLEU at 0.300"),
        (-0.05, 0.0, "made it worse"),
        (-0.05, -0.1, "more diverse"),
    ],
)
def test_bleu_is_never_reported_without_diversity(bleu: float, alike: float, words: str) -> None:
    assert words in findings.bleu(text_curves(bleu=bleu, alike=alike))


def test_the_bleu_chart_shows_self_bleu_and_asks_for_the_ceiling() -> None:
    curves = text_curves(bleu=0.1, alike=0.2)
    figure = learning.bleu(curves, [text_curves(name="other")])
    assert trace(figure, "BLEU-4")["y"][-1] == pytest.approx(0.5)
    assert trace(figure, "self-BLEU")["y"][-1] == pytest.approx(0.5)
    assert trace(figure, "other · BLEU-4")["y"][-1] == pytest.approx(0.4)
    assert trace(figure, "other · self-BLEU")
    assert "ceiling" in figure["layout"]["meta"]["seeing"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low == 0
    assert 0.6 < high <= 1.02  # the highest, BLEU-3, is 0.6


def test_since_the_switch_all_start_at_zero() -> None:
    figure = learning.since_switch_bleu(text_curves(bleu=0.1, alike=0.2))
    assert title(figure) == "Since pre-training ended: BLEU-4 +0.067, self-BLEU +0.133"
    for name, end in (("BLEU-4", 0.1), ("self-BLEU", 0.2), ("distinct-2", 0.0)):
        drawn = trace(figure, name)
        assert (drawn["x"][0], drawn["y"][0]) == (0, 0)
        assert drawn["y"][-1] == pytest.approx(end)
    test = learning.since_switch(text_curves(test=0.3))
    assert trace(test, "NLL_test")["y"][-1] == pytest.approx(0.3)
    assert title(test) == "Since pre-training ended: NLL_test +0.200"


def test_an_overlay_of_bleu_names_the_highest() -> None:
    runs = [text_curves(name="a", bleu=0.1), text_curves(name="b")]
    figure = overlay.overlay(runs, "bleu_4")
    assert title(figure).startswith("BLEU-4: a is highest, by 0.100")
    assert "Higher is better" in figure["layout"]["meta"]["seeing"]
    varied = [text_curves(name="a", alike=-0.1), text_curves(name="b")]
    alike = overlay.overlay(varied, "self_bleu")
    assert title(alike) == "self-BLEU: a is lowest, by 0.100 (one run each)"


def test_an_overlay_of_equal_runs_finds_no_difference() -> None:
    figure = overlay.overlay([text_curves(name="a"), text_curves(name="b")], "nll_test")
    assert title(figure) == "NLL_test: no difference between a and b (one run each)"


def test_bleus_come_shortest_first() -> None:
    assert text_curves().bleus == ["bleu_3", "bleu_4"]
    assert made_up_curves().bleus == []
