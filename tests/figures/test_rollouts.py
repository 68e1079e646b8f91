"""The explorer's figures draw what was given, and their titles say what is in it."""

import math
from typing import Any

import numpy as np
import pytest

from seqgan_core.figures.rollouts import figures, findings
from seqgan_core.figures.rollouts.findings import percent, rank
from seqgan_core.figures.rollouts.search_tree import search_tree
from seqgan_core.figures.table import table_of
from seqgan_core.insight.rollouts.explore import PolicyUpdate, SteepestStep
from tests.figures import made_up
from tests.figures.checks import sound
from tests.figures.made_up import RUNNING


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["name"] == name)


def finding(figure: dict[str, Any]) -> str:
    text: str = figure["layout"]["title"]["text"]
    return text


# -- colours ---------------------------------------------------------------------------------------


def test_values_that_look_the_same_have_one_shade() -> None:
    assert (figures.fills(np.array([[0.5, 0.5004]]), "batch") == 0.5).all()


def test_colours_stand_for_the_scale_that_was_chosen() -> None:
    q = np.array([[0.2, 0.4, 0.3], [0.6, 0.6, 0.6]])
    assert figures.fills(q, "row").tolist() == [[0, 1, pytest.approx(0.5)], [0.5, 0.5, 0.5]]
    assert figures.fills(q, "batch")[0].tolist() == pytest.approx([0, 0.5, 0.25])
    assert figures.fills(q, "batch")[1].tolist() == [1, 1, 1]
    assert figures.fills(q, "unit").tolist() == q.tolist()
    assert figures.bounds(q, "row").tolist() == [[0.2, 0.4], [0.6, 0.6]]
    assert figures.bounds(q, "batch").tolist() == [[0.2, 0.6]] * 2
    assert figures.bounds(q, "unit").tolist() == [[0, 1]] * 2
    assert (figures.fills(np.ones((2, 3)), "batch") == 0.5).all()


def step(place: tuple[int, int] | None, n: int = 16, alike: bool = False) -> SteepestStep:
    return SteepestStep(n, 3, 2.7, place, alike)


def test_the_steepest_step_is_named_and_noise_is_not() -> None:
    names = [["a", "b", "c", "d"], ["e", "f", "g", "h"]]
    q = np.array([[0.5, 0.52, 0.1, 0.1], [0.5, 0.6, 0.7, 0.72]])
    words = findings.steepest(step((0, 2)), q, names)
    assert words.startswith("Largest drop: token c, position 3 of sequence 1.")
    assert words.endswith("from 0.520 to 0.100.")
    assert "Largest rise: token g, position 3 of sequence 2" in findings.steepest(
        step((1, 2)), q, names
    )
    words = findings.steepest(step(None), q, names)
    assert "with N = 16, none of 3 steps exceeds 2.7 standard errors" in words
    assert "One roll-out" in findings.steepest(step(None, n=1), q, names)
    assert "Every Q is 1.000" in findings.steepest(step(None, alike=True), np.ones((2, 3)), names)


def test_the_best_and_the_worst_sequence_are_named() -> None:
    q = np.array([[0.2, 0.4], [0.9, 0.5], [0.1, 0.1]])
    assert findings.best_and_worst(q) == (
        "Sequence 2 has the highest mean Q, 0.700; sequence 3 the lowest, 0.100"
    )
    assert "same mean Q, 1.000" in findings.best_and_worst(np.ones((2, 3)))


def test_q_through_training_is_reported_from_first_to_last() -> None:
    tokens = np.array([[[1, 2], [3, 4]], [[1, 5], [3, 4]], [[1, 9], [3, 4]]])
    q = np.array([[[0.2, 0.4], [0.5, 0.5]], [[0.9, 0.9], [0.9, 0.9]], [[0.3, 0.7], [0.5, 0.1]]])
    names = ["epoch 3", "epoch 4", "epoch 5"]
    assert findings.history(names, tokens, q, 0) == (
        "Sequence 1, epoch 3 to epoch 5: 1 of 2 tokens changed; mean Q 0.300 → 0.500"
    )
    assert findings.mean_history(names, q + np.array([[[0]], [[0]], [[0.1]]])) == (
        "Mean Q of all 4 tokens, epoch 3 to epoch 5: 0.400 → 0.500; largest change +0.150, at "
        "position 1"
    )
    assert "nothing to compare" in findings.mean_history(names[:1], q[:1])
    assert "No checkpoint" in findings.history([], tokens[:0], q[:0], 0)


def test_a_position_that_hardly_changes_is_not_named() -> None:
    still = findings.mean_history(["a", "b"], np.ones((2, 2, 2)))
    assert still.endswith("1.000 → 1.000; no position changes by 0.01 or more")


# -- how sure --------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 16, 17, 64])
def test_the_settling_mean_marks_n_and_says_both_values(n: int) -> None:
    figure = sound(figures.settling(RUNNING, n))
    mean, error = RUNNING.mean, RUNNING.error
    assert trace(figure, "mean so far")["y"] == pytest.approx(mean.tolist(), abs=1e-5)
    mark = trace(figure, "N now")
    assert (mark["x"], mark["y"]) == ([n], [pytest.approx(mean[n - 1], abs=1e-5)])
    assert findings.value_words(mean[n - 1], error[n - 1]) in finding(figure)
    assert findings.value_words(mean[-1], error[-1]) in finding(figure)


@pytest.mark.parametrize(("n", "few", "many"), [(1, 2, 8), (4, 4, 16), (16, 16, 64), (64, 16, 64)])
def test_the_error_is_predicted_for_four_times_the_rollouts(n: int, few: int, many: int) -> None:
    figure = sound(figures.error(RUNNING, n))
    error = RUNNING.error
    assert finding(figure) == (
        f"{few} roll-outs: ± {error[few - 1]:.3f}; 4 times as many: ± {error[many - 1]:.3f}"
    )
    law = trace(figure, "s/√N")
    assert law["y"][0] == pytest.approx(2 * law["y"][law["x"].index(8)], abs=1e-4)
    assert law["y"][-1] == trace(figure, "measured")["y"][-1]
    assert len([part for part in figure["data"] if part["name"] == "N now"]) == (n > 1)


def test_an_error_that_grows_is_reported_as_underestimated() -> None:
    scores = np.full(64, 0.01) + np.linspace(0, 1e-4, 64)
    scores[40] = 0.9
    assert "close together by chance" in finding(sound(figures.error(made_up.running(scores), 16)))


def test_equal_scores_have_no_error() -> None:
    assert "no error" in finding(sound(figures.error(made_up.running(np.ones(64)), 16)))
    low, high = sound(figures.settling(made_up.running(np.ones(64)), 16))["layout"]["yaxis"][
        "range"
    ]
    assert low < 1 < high
    assert high - low == pytest.approx(figures.NARROW)


# -- what else -------------------------------------------------------------------------------------

GAPS = [
    (
        [0.5, 0.4, 0.3],
        "Token a has a higher Q than b, the likeliest other token: by 0.100 ± 0.010",
    ),
    ([0.3, 0.4, 0.3], "Token a has a lower Q than b, the likeliest other token: by 0.100 ± 0.010"),
    ([0.4, 0.4, 0.3], "Token a has the same Q as b"),
]


@pytest.mark.parametrize(("q", "words"), GAPS)
def test_the_chosen_token_is_compared_with_the_likeliest_other(q: list[float], words: str) -> None:
    choices = made_up.choices(q, [0.1] * 3, [0.0, 0.01, 0.2])
    figure = sound(figures.alternatives(["a", "b", "c"], choices))
    assert finding(figure).startswith(words)
    assert "noise" not in finding(figure)
    bars = trace(figure, "Q")
    assert bars["x"] == q
    assert bars["y"] == ["a (chosen)", "b", "c"]


def test_a_gap_within_its_error_is_called_noise() -> None:
    figure = figures.alternatives(["a", "b"], made_up.choices([0.5, 0.4], [0.1] * 2, [0.0, 0.09]))
    assert "within the noise" in finding(figure)
    rows = table_of(figure).rows
    assert rows[0] == ["a (chosen)", "0.500 ± 0.100"]
    assert rows[1] == ["b", "0.400 ± 0.100 (−0.100 ± 0.090 compared with the chosen token)"]
    single = made_up.choices([0.5, 0.4], [math.nan] * 2, [math.nan] * 2)
    figure = sound(figures.alternatives(["a", "b"], single))
    assert finding(figure).startswith("One roll-out cannot distinguish token a from b")
    assert "0.100" not in finding(figure)


def test_g_and_the_oracle_are_drawn_for_both_ones_favourites() -> None:
    by_g = np.array([0.5, 0.3, 0.1, 0.06, 0.03, 0.006, 0.004])
    by_oracle = by_g[::-1].copy()
    names = [f"w{token}" for token in range(7)]
    figure = sound(figures.conditional(names, made_up.options(5, by_g, by_oracle)))
    assert finding(figure) == (
        "Token w5: G gives it 0.600% (rank 6 of 7), the oracle 30.0% (rank 2)"
    )
    g, oracle = trace(figure, "G"), trace(figure, "oracle")
    assert g["y"] == ["w0", "w1", "w2", "w3", "w4", "w5 (chosen)", "w6"]
    assert g["x"] == pytest.approx(by_g.tolist())
    assert oracle["x"] == pytest.approx(by_oracle.tolist())
    assert oracle["customdata"] == [7, 6, 5, 4, 3, 2, 1]  # ranks
    assert g["marker"]["pattern"] != oracle["marker"]["pattern"]  # not by colour alone
    alone = sound(figures.conditional(names, made_up.options(6, by_g, None)))
    assert [part["name"] for part in alone["data"]] == ["G"]
    assert alone["data"][0]["y"] == ["w0", "w1", "w2", "w3", "w4", "w6 (chosen)"]


def test_one_update_is_drawn_token_by_token() -> None:
    weights = np.array([[0.5, -0.5], [3e-8, 1.0]])
    before = np.array([[0.2, 0.4], [0.1, 0.5]])
    after = np.array([[0.22, 0.44], [0.1, 0.55]])
    update = PolicyUpdate(weights, before, after, 1.0)
    figure = sound(figures.update_scatter(update, 0, 1))
    assert finding(figure) == "2 of 3 tokens moved in the direction of their weight"
    chosen = trace(figure, "chosen token")
    assert (chosen["x"], chosen["y"]) == ([-0.5], [pytest.approx(10.0, abs=1e-3)])
    assert chosen["text"] == ["sequence 1, position 2"]
    assert trace(figure, "this sequence")["x"] == [0.5]
    assert trace(figure, "other sequences")["x"] == [0.0, 1.0]


def test_without_weights_only_momentum_moves() -> None:
    p = np.full((2, 2), 0.5)
    update = PolicyUpdate(np.zeros((2, 2)), p, p * 1.01, 1.0)
    assert "momentum" in finding(sound(figures.update_scatter(update, 0, 0)))


def test_the_change_of_a_probability_is_reported_in_points() -> None:
    assert findings.points(0.632, 0.6416) == "+1.0 points"
    assert findings.points(0.642, 0.632) == "−1.0 points"
    assert findings.points(0.005, 0.0049) == "−0.010 points"
    assert findings.points(0.5, 0.50003) == "+0.003 points"
    assert findings.points(0.5, 0.5) == "0 points"


def test_ranks_and_percents() -> None:
    assert [rank(np.array([0.2, 0.5, 0.3]), token) for token in range(3)] == [3, 1, 2]
    assert [percent(p) for p in (0.0, 0.5, 0.01234, 1e-9)] == [
        "0%", "50.0%", "1.23%", "< 0.00001%",
    ]  # fmt: skip


# -- a tree search --------------------------------------------------------------------------------


def mark(figure: dict[str, Any], name: str = "this simulation") -> dict[str, Any]:
    marks = [trace for trace in figure["data"] if "text" in trace]
    return next(trace for trace in marks if trace["name"] == name)


def test_the_tree_grows_and_its_nodes_keep_their_rows() -> None:
    start, first, last = (search_tree(made_up.SEARCH, at, str) for at in (0, 1, 2))
    assert mark(start, "root")["text"] == ["the prefix · v 0.500"]
    assert mark(first)["text"] == ["★ 4 · N 1 · Q 0.600 · P 70.0%"]
    grown = mark(last)
    assert grown["text"] == ["★ 4 · N 2 · Q 0.700 · P 70.0%", "5 · N 1 · Q 0.800 · P 10.0%"]
    assert (grown["x"], grown["y"]) == ([1, 2], [1, 2])
    assert mark(first)["y"] == [1]
    assert first["layout"]["height"] == last["layout"]["height"]
    assert "Simulation 1 of 2 added a node; 4 was tried most" in finding(first)
    assert finding(last) == "The search chooses 4; the token that G finds likeliest is 4"
    cells = [row[0] for row in table_of(last).rows]
    assert cells[-1] == "4 5: own value v 0.800, 5 · N 1 · Q 0.800 · P 10.0%"
