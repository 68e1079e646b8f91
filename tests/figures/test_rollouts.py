"""The explorer's figures draw what was given, and their titles say what is in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from seqgan_core.figures.rollouts import alternatives as places
from seqgan_core.figures.rollouts import convergence, q_values
from seqgan_core.figures.rollouts.alternatives import percent, rank
from tests.figures.checks import sound
from tests.figures.made_up import SCORES


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["name"] == name)


def finding(figure: dict[str, Any]) -> str:
    text: str = figure["layout"]["title"]["text"]
    return text


# -- colours ---------------------------------------------------------------------------------------


def test_values_that_look_the_same_have_one_shade() -> None:
    assert (q_values.fills(np.array([[0.5, 0.5004]]), "batch") == 0.5).all()


def test_colours_stand_for_the_scale_that_was_chosen() -> None:
    q = np.array([[0.2, 0.4, 0.3], [0.6, 0.6, 0.6]])
    assert q_values.fills(q, "row").tolist() == [[0, 1, pytest.approx(0.5)], [0.5, 0.5, 0.5]]
    assert q_values.fills(q, "batch")[0].tolist() == pytest.approx([0, 0.5, 0.25])
    assert q_values.fills(q, "batch")[1].tolist() == [1, 1, 1]
    assert q_values.fills(q, "unit").tolist() == q.tolist()
    assert q_values.bounds(q, "row").tolist() == [[0.2, 0.4], [0.6, 0.6]]
    assert q_values.bounds(q, "batch").tolist() == [[0.2, 0.6]] * 2
    assert q_values.bounds(q, "unit").tolist() == [[0, 1]] * 2
    assert (q_values.fills(np.ones((2, 3)), "batch") == 0.5).all()


def test_the_costliest_and_the_best_token_are_named() -> None:
    names = [["a", "b", "c", "d"], ["e", "f", "g", "h"]]
    q = np.array([[0.5, 0.52, 0.1, 0.1], [0.5, 0.6, 0.7, 0.72]])
    sure = np.full(q.shape, 0.01)
    words = q_values.steepest(q, sure, names, 16)
    assert "token c, position 3 of sequence 1" in words
    assert "falls there from 0.520 to 0.100" in words
    q[0] = 0.5
    assert "Best: token g, position 3 of sequence 2" in q_values.steepest(
        q + np.array([[0, 0, 0, 0], [0, 0, 0.05, 0.05]]), sure, names, 16
    )


def test_noise_is_not_reported_as_news() -> None:
    q = np.array([[0.5, 0.52, 0.1, 0.1]])
    words = q_values.steepest(q, np.full(q.shape, 0.2), [["a"] * 4], 16)
    assert "No token" in words
    assert "with N = 16, the steepest of 3 steps" in words
    words = q_values.steepest(q, np.full(q.shape, math.nan), [["a"] * 4], 1)
    assert "One roll-out" in words


def test_scores_that_are_equal_by_luck_are_not_certain() -> None:
    q = np.array([[0.5, 0.52, 0.1, 0.1]])
    error = np.array([[0.01, 0.0, 0.0, 0.0]])
    assert "No token" in q_values.steepest(q, error, [["a"] * 4], 2)
    error = np.array([[0.01, 0.01, 0.01, 0.0]])  # but a finished sequence is
    q = np.array([[0.5, 0.5, 0.5, 0.9]])
    assert "position 4" in q_values.steepest(q, error, [["a"] * 4], 16)


NAMES = [["a"] * 10] * 8


def rolled(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q and its standard error of scores (B, T, N); the sequences are finished at T."""
    error = scores.std(-1, ddof=1) / math.sqrt(scores.shape[-1])
    q = scores.mean(-1)
    q[:, -1], error[:, -1] = 0.5, 0.0
    return q, error


@pytest.mark.parametrize("n", [2, 3, 16])
@pytest.mark.parametrize("steps", [2, 0])  # scores of 0 and 1 only, and any between
def test_the_steepest_of_many_equal_tokens_is_seldom_reported(n: int, steps: int) -> None:
    draws = np.random.default_rng(n)
    reported = 0
    for _repeat in range(300):
        scores = draws.uniform(size=(8, 10, n)) if not steps else draws.integers(
            0, steps, (8, 10, n)).astype(float)  # fmt: skip
        reported += "No token" not in q_values.steepest(*rolled(scores), NAMES, n)
    assert reported <= 21  # 7 %


def test_a_real_step_is_reported() -> None:
    draws = np.random.default_rng(0)
    for _repeat in range(20):
        scores = draws.uniform(0.3, 0.7, (8, 10, 16))
        scores[2, :4] += 0.5
        assert "position 5 of sequence 3" in q_values.steepest(*rolled(scores), NAMES, 16)


def test_a_constant_tells_no_token_from_another() -> None:
    q = np.ones((2, 3))
    q[0, 0] -= 1e-4  # not to be seen in three digits
    assert "Every Q is 1.000" in q_values.steepest(q, np.zeros(q.shape), [["a"] * 3] * 2, 16)


def test_the_best_and_the_worst_sequence_are_named() -> None:
    q = np.array([[0.2, 0.4], [0.9, 0.5], [0.1, 0.1]])
    assert q_values.best_and_worst(q) == (
        "Sequence 2 has the highest mean Q, 0.700; sequence 3 the lowest, 0.100"
    )
    assert "same mean Q, 1.000" in q_values.best_and_worst(np.ones((2, 3)))


def test_q_through_training_is_reported_from_first_to_last() -> None:
    tokens = np.array([[[1, 2], [3, 4]], [[1, 5], [3, 4]], [[1, 9], [3, 4]]])
    q = np.array([[[0.2, 0.4], [0.5, 0.5]], [[0.9, 0.9], [0.9, 0.9]], [[0.3, 0.7], [0.5, 0.1]]])
    names = ["D's first training", "round 1", "round 2"]
    words = q_values.history_text(names, tokens, q, 0)
    assert "1 of its 2 tokens changed" in words
    assert "rises from 0.300 to 0.500" in words
    assert "from D's first training to round 2" in words
    assert "falls from 0.500 to 0.300" in q_values.history_text(names, tokens, q, 1)
    assert q_values.mean_history_text(names, q + np.array([[[0]], [[0]], [[0.1]]])) == (
        "From D's first training to round 2 the mean Q of all 4 tokens rises from 0.400 to 0.500; "
        "largest change at position 1: +0.150"
    )
    assert "nothing to compare" in q_values.mean_history_text(names[:1], q[:1])
    assert "No checkpoint" in q_values.history_text([], tokens[:0], q[:0], 0)


def test_a_small_change_of_the_mean_is_not_reported_as_a_rise() -> None:
    q = np.full((2, 1, 4), 0.25)
    q[1, 0] += [0.05, 0.04, -0.078, 0.0]  # on average by 0.003
    assert q_values.mean_history_text(["a", "b"], q) == (
        "From a to b the mean Q of all 4 tokens hardly changes (by less than 0.01): 0.250 → 0.253; "
        "largest change at position 3: −0.078"
    )
    assert q_values.history_text(["a", "b"], np.zeros(q.shape), q, 0).endswith(
        "0 of its 4 tokens changed, and its mean Q hardly changes (by less than 0.01): "
        "0.250 → 0.253"
    )
    still = q_values.mean_history_text(["a", "b"], np.ones((2, 2, 2)))
    assert still.endswith("1.000 → 1.000; no position changes by as much")


# -- how sure --------------------------------------------------------------------------------------


def test_running_mean_and_error_are_those_of_the_first_scores() -> None:
    mean, error = convergence.running(SCORES)
    for n in (2, 7, 64):
        assert mean[n - 1] == pytest.approx(SCORES[:n].mean(), rel=1e-12)
        assert error[n - 1] == pytest.approx(SCORES[:n].std(ddof=1) / math.sqrt(n), rel=1e-12)
    assert mean[0] == SCORES[0]
    assert math.isnan(error[0])


@pytest.mark.parametrize("n", [1, 2, 16, 17, 64])
def test_the_settling_mean_marks_n_and_says_both_values(n: int) -> None:
    figure = sound(convergence.settling(SCORES, n))
    mean, error = convergence.running(SCORES)
    assert trace(figure, "mean so far")["y"] == pytest.approx(mean.tolist(), abs=1e-5)
    mark = trace(figure, "N now")
    assert (mark["x"], mark["y"]) == ([n], [pytest.approx(mean[n - 1], abs=1e-5)])
    assert q_values.value_words(mean[n - 1], error[n - 1]) in finding(figure)
    assert q_values.value_words(mean[-1], error[-1]) in finding(figure)


@pytest.mark.parametrize(("n", "few", "many"), [(1, 2, 8), (4, 4, 16), (16, 16, 64), (64, 16, 64)])
def test_the_error_is_predicted_for_four_times_the_rollouts(n: int, few: int, many: int) -> None:
    figure = sound(convergence.error(SCORES, n))
    error = convergence.running(SCORES)[1]
    assert finding(figure) == (
        f"{few} roll-outs leave ± {error[few - 1]:.3f}; 4 times as many, ± {error[many - 1]:.3f}"
    )
    law = trace(figure, "s/√N")
    assert law["y"][0] == pytest.approx(2 * law["y"][law["x"].index(8)], abs=1e-4)
    assert law["y"][-1] == trace(figure, "measured")["y"][-1]
    assert len([part for part in figure["data"] if part["name"] == "N now"]) == (n > 1)


def test_an_error_that_grows_is_reported_as_underestimated() -> None:
    scores = np.full(64, 0.01) + np.linspace(0, 1e-4, 64)
    scores[40] = 0.9
    assert "close together by chance" in finding(sound(convergence.error(scores, 16)))


def test_equal_scores_have_no_error() -> None:
    assert "no error" in finding(sound(convergence.error(np.ones(64), 16)))
    low, high = sound(convergence.settling(np.ones(64), 16))["layout"]["yaxis"]["range"]
    assert low < 1 < high
    assert high - low == pytest.approx(convergence.NARROW)


# -- what else -------------------------------------------------------------------------------------

GAPS = [
    ([0.5, 0.4, 0.3], "Token a is worth 0.100 ± 0.010 more than b"),
    ([0.3, 0.4, 0.3], "Token a is worth 0.100 ± 0.010 less than b"),
    ([0.4, 0.4, 0.3], "Token a is worth the same as b"),
]


@pytest.mark.parametrize(("q", "words"), GAPS)
def test_the_chosen_token_is_compared_with_the_likeliest_other(q: list[float], words: str) -> None:
    figure = sound(places.alternatives(["a", "b", "c"], q, [0.1] * 3, [0.0, 0.01, 0.2]))
    assert finding(figure).startswith(words)
    assert "noise" not in finding(figure)
    bars = trace(figure, "Q")
    assert bars["x"] == q
    assert bars["y"] == ["a chosen", "b", "c"]


def test_a_gap_within_its_error_is_called_noise() -> None:
    figure = places.alternatives(["a", "b"], [0.5, 0.4], [0.1] * 2, [0.0, 0.09])
    assert "within the noise" in finding(figure)
    figure = sound(places.alternatives(["a", "b"], [0.5, 0.4], [math.nan] * 2, [math.nan] * 2))
    assert finding(figure).startswith("One roll-out cannot tell what a is worth beside b")
    assert "0.100" not in finding(figure)


def test_g_and_the_oracle_are_drawn_for_both_ones_favourites() -> None:
    by_g = np.array([0.5, 0.3, 0.1, 0.06, 0.03, 0.006, 0.004])
    by_oracle = by_g[::-1].copy()
    names = [f"w{token}" for token in range(7)]
    figure = sound(places.conditional(names, 5, by_g, by_oracle))
    assert finding(figure) == "Token w5: 0.600 % by G (rank 6 of 7), 30.0 % by the oracle (rank 2)"
    g, oracle = trace(figure, "G"), trace(figure, "oracle")
    assert g["y"] == ["w0", "w1", "w2", "w3", "w4", "w5 chosen", "w6"]
    assert g["x"] == pytest.approx(by_g.tolist())
    assert oracle["x"] == pytest.approx(by_oracle.tolist())
    assert g["marker"]["pattern"] != oracle["marker"]["pattern"]  # not by colour alone
    alone = sound(places.conditional(names, 6, by_g, None))
    assert [part["name"] for part in alone["data"]] == ["G"]
    assert alone["data"][0]["y"] == ["w0", "w1", "w2", "w3", "w4", "w6 chosen"]


def test_one_update_is_drawn_token_by_token() -> None:
    weights = np.array([[0.5, -0.5], [3e-8, 1.0]])
    before = np.array([[0.2, 0.4], [0.1, 0.5]])
    after = np.array([[0.22, 0.44], [0.1, 0.55]])
    figure = sound(places.update_scatter(weights, before, after, 0, 1))
    assert finding(figure) == "2 of 3 tokens moved the way their weight points"
    chosen = trace(figure, "chosen token")
    assert (chosen["x"], chosen["y"]) == ([-0.5], [pytest.approx(10.0, abs=1e-3)])
    assert chosen["text"] == ["sequence 1, position 2"]
    assert trace(figure, "this sequence")["x"] == [0.5]
    assert trace(figure, "other sequences")["x"] == [0.0, 1.0]


def test_without_weights_only_momentum_moves() -> None:
    p = np.full((2, 2), 0.5)
    assert "momentum" in finding(sound(places.update_scatter(np.zeros((2, 2)), p, p * 1.01, 0, 0)))


def test_the_change_of_a_probability_is_reported_in_points() -> None:
    assert places.points(0.632, 0.6416) == "+1.0 points"
    assert places.points(0.642, 0.632) == "−1.0 points"
    assert places.points(0.005, 0.0049) == "−0.010 points"
    assert places.points(0.5, 0.50003) == "+0.003 points"
    assert places.points(0.5, 0.5) == "0 points"


def test_ranks_and_percents() -> None:
    assert [rank(np.array([0.2, 0.5, 0.3]), token) for token in range(3)] == [3, 1, 2]
    assert [percent(p) for p in (0.0, 0.5, 0.01234, 1e-9)] == [
        "0 %", "50.0 %", "1.23 %", "< 0.00001 %",
    ]  # fmt: skip
