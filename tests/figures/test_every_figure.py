"""Every figure there is, drawn from made-up data and held to what all of them must have."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, get_args

import numpy as np
import pytest

import seqgan_core.figures
from seqgan_core.figures.discriminator import filters, over_training
from seqgan_core.figures.exposure import figures as exposure
from seqgan_core.figures.make import continuation, tune_statistics
from seqgan_core.figures.methods import curves as method_curves
from seqgan_core.figures.methods import gaps as method_gaps
from seqgan_core.figures.methods import means, names, paper, path_plane, plane, significance
from seqgan_core.figures.rollouts import figures as rollouts
from seqgan_core.figures.rollouts import search_tree
from seqgan_core.figures.run import learning, overlay, value_network
from seqgan_core.figures.run.curves import Curves
from seqgan_core.figures.strategies import curves as strategy_curves
from seqgan_core.figures.strategies import one_at_a_time
from seqgan_core.insight.discriminator.calibration import Share
from seqgan_core.insight.rollouts.explore import PolicyUpdate
from seqgan_core.judge.frontier_distance import distances, rivals
from seqgan_core.judge.mean_curves import By, mean_curves
from seqgan_core.judge.one_at_a_time import effect_of, factors
from seqgan_core.judge.report import Distance, Report
from seqgan_core.judge.study import Axis, Setting
from tests.figures import made_up
from tests.figures.checks import sound
from tests.support.made_up.comparison import changed
from tests.support.made_up.comparison import made_up as made_up_report
from tests.support.made_up.full_size import full_size, made_up_controls
from tests.support.made_up.run import made_up_curves, with_value_network
from tests.support.made_up.text_report import text_report

Figure = dict[str, Any]
Draw = Callable[..., Figure]

PARTS = (
    "style.figure",
    "style.by_name",
    "style.empty",
    "methods.forest.forest",
    "run.learning.over_epochs",
)  # of figures, none by themselves
OF_RUNS: tuple[Draw, ...] = (
    learning.nll,
    learning.since_switch,
    learning.accuracy,
    learning.mean_q,
    learning.entropy,
    learning.grad_norm,
)
OF_VALUE_NETWORKS: tuple[Draw, ...] = (value_network.known, value_network.loss)  # fmt: skip
OF_TEXT_RUNS: tuple[Draw, ...] = (
    learning.nll, learning.since_switch, learning.bleu, learning.since_switch_bleu,
)  # fmt: skip
SIZE = "V = 50, T = 10"
NONE, RIGHT = np.empty(0), Share(75, 100)


@cache
def run_curves() -> Curves:
    return made_up_curves()


@cache
def text_run_curves() -> Curves:
    return made_up.text_curves(bleu=0.1)


def at_moments(draws: tuple[Draw, ...], curves: Callable[[], Curves]) -> Iterator[tuple[Any, ...]]:
    for draw in draws:
        for moment, step in made_up.MOMENTS.items():
            case = f"{curves.__name__}, {moment}"
            yield draw, case, lambda draw=draw, step=step: draw(curves().until(step))


def gaps(comparison: Report) -> list[Distance]:
    return distances(comparison, *names.planes(comparison)[-1])


def drawn_plane(comparison: Report, *curves: str, near: bool = False) -> Figure:
    x, y = names.planes(comparison)[-1]
    return plane.plane(comparison, x, y, gaps(comparison), curves, near=near)


def method_learning(metric: str, by: By) -> Figure:
    curves = mean_curves(made_up_report(), metric, by)
    return method_curves.learning(made_up_report(), curves, metric, by)


def factor_effect(field: str) -> Figure:
    study = made_up.one_at_a_time_study()
    (factor,) = [factor for factor in factors(made_up.BASE) if factor.field == field]
    y_range = one_at_a_time.common_range(study)
    return one_at_a_time.effect_of_factor(effect_of(factor, study), y_range=y_range)


def setting_curves(axis: Any, *runs: dict[str, Any]) -> Figure:
    (setting,) = made_up.settings_of(*runs) if runs else [Setting({}, made_up.BASE)]
    return strategy_curves.curves(setting, strategy_curves.frame_of([setting], axis))


def cases() -> Iterator[tuple[Draw, str, Callable[[], Figure]]]:
    """The function that draws, what is special about the case, and the drawing of it."""
    whole, single = made_up_report, partial(made_up_report, 1)
    scores = made_up.score_history
    half, p = np.full((2, 2), 0.5), np.array([0.5, 0.3, 0.2])
    models = [made_up.MLE, made_up.SEQGAN, made_up.OTHER]
    parted = [made_up.BIASED, made_up.BETTER, made_up.ADDED]
    yield from at_moments(OF_RUNS, run_curves)
    yield from at_moments(OF_TEXT_RUNS, text_run_curves)
    yield from at_moments(OF_VALUE_NETWORKS, with_value_network)
    yield overlay.overlay, "two", lambda: overlay.overlay([run_curves(), made_up_curves("b")])
    yield overlay.overlay, "BLEU", lambda: overlay.overlay([text_run_curves()], "bleu_4")
    yield overlay.overlay, "empty", lambda: overlay.overlay([Curves("empty")])
    for n in (1, 16, 64):
        yield rollouts.settling, f"N = {n}", partial(rollouts.settling, made_up.RUNNING, n)
        yield rollouts.error, f"N = {n}", partial(rollouts.error, made_up.RUNNING, n)
    equal = made_up.running(np.ones(64))
    yield rollouts.error, "equal", lambda: rollouts.error(equal, 16)
    yield rollouts.alternatives, "two", lambda: rollouts.alternatives(
        ["a", "b"], made_up.choices([0.5, 0.4], [0.1, 0.1], [0.0, 0.09]))  # fmt: skip
    yield rollouts.conditional, "an oracle", lambda: rollouts.conditional(
        ["a", "b", "c"], made_up.options(1, p, p[::-1]))  # fmt: skip
    yield rollouts.conditional, "none", lambda: rollouts.conditional(
        ["a", "b", "c"], made_up.options(1, p, None))  # fmt: skip
    yield rollouts.update_scatter, "moved", lambda: rollouts.update_scatter(
        PolicyUpdate(half, half, half * 1.01, 1.0), 0, 1)  # fmt: skip
    yield rollouts.update_scatter, "no weights", lambda: rollouts.update_scatter(
        PolicyUpdate(0 * half, half, half * 1.01, 1.0), 0, 0)  # fmt: skip
    for at in (0, 1, 2):
        yield search_tree.search_tree, f"frame {at}", lambda at=at: search_tree.search_tree(
            made_up.SEARCH, at, str)  # fmt: skip
    for what in ("absolute", "bias"):
        yield search_tree.against_truth, what, lambda what=what: search_tree.against_truth(
            made_up.TRUTH, what)  # fmt: skip
    for draw in (filters.filter_effects, filters.activations):
        yield draw, "three", lambda draw=draw: draw(made_up.filter_ranking())
        yield draw, "empty", lambda draw=draw: draw(made_up.NO_FILTERS)
    yield filters.alternatives, "four", lambda: filters.alternatives(
        np.array([0.2, 0.9, 0.5, 0.7]), 2, "five")  # fmt: skip
    yield (
        over_training.histograms,
        "some",
        lambda: over_training.histograms(
            made_up.scores(np.array([0.9, 0.3]), np.array([0.1]), np.array([0.9])), RIGHT
        ),
    )
    yield over_training.histograms, "empty", lambda: over_training.histograms(
        made_up.scores(NONE, NONE, NONE), RIGHT)  # fmt: skip
    for draw in (over_training.score_history, over_training.memory):
        yield draw, "two", lambda draw=draw: draw(scores([0.6, 0.7], [0.5, 0.3], 0.01))
        yield draw, "one", lambda draw=draw: draw(scores([0.6], [0.5], 0.01))
        yield draw, "empty", lambda draw=draw: draw(scores([], [], 0.1))
    yield over_training.calibration, "two", lambda: over_training.calibration(
        made_up.calibration([0.2, 0.8], [0.4, 0.6]))  # fmt: skip
    yield over_training.calibration, "empty", lambda: over_training.calibration(
        made_up.calibration([], []))  # fmt: skip
    yield exposure.writing, "three", lambda: exposure.writing(made_up.REAL, models)
    yield exposure.reading, "three", lambda: exposure.reading(made_up.REAL, models)
    yield exposure.reading, "no oracle", lambda: exposure.reading(
        None, [made_up.series("A", "model", [1.0])])  # fmt: skip
    yield exposure.forced_and_free, "three", lambda: exposure.forced_and_free(parted)
    yield exposure.gap, "three", lambda: exposure.gap(parted)
    yield exposure.excess, "two", lambda: exposure.excess(made_up.ORACLE, made_up.PERTURBED, 3)
    yield exposure.beyond, "two", lambda: exposure.beyond(made_up.PERTURBED, 3)
    yield continuation.fan, "ranked", lambda: continuation.fan(
        made_up.PITCHES, 2, 0.5, ranked=True)  # fmt: skip
    yield continuation.fan, "one", lambda: continuation.fan(
        made_up.PITCHES[2:], 2, made_up.NONE, ranked=False)  # fmt: skip
    yield tune_statistics.pitch_classes, "new", lambda: tune_statistics.pitch_classes(
        made_up.pitch_histogram())  # fmt: skip
    yield (
        tune_statistics.intervals,
        "new",
        lambda: tune_statistics.intervals(
            tune_statistics.Histogram(
                made_up.shares(25, _12=1.0), made_up.shares(25, _0=1.0), 1.0, None, 2, 3
            )
        ),
    )
    for comparison in (whole(), text_report()):
        for metric in names.metrics(comparison):
            yield means.means, metric, partial(means.means, comparison, metric)
    yield means.means, "one seed", lambda: means.means(single(), "nll_oracle")
    yield means.means, "one method", lambda: means.means(
        made_up_report(2, ("mle",), "mle"), "nll_test")  # fmt: skip
    yield paper.orders, "all", lambda: paper.orders(whole(), SIZE)
    yield paper.orders, "empty", lambda: paper.orders(
        made_up_report(2, ("mle", "constant_reward"), "mle"), SIZE)  # fmt: skip
    yield significance.differences, "runs", lambda: significance.differences(
        whole(), "nll_oracle", "run")  # fmt: skip
    yield significance.differences, "sentences", lambda: significance.differences(
        whole(), "nll_test", "sentence")  # fmt: skip
    yield significance.differences, "empty", lambda: significance.differences(
        single(), "nll_oracle", "run")  # fmt: skip
    yield plane.plane, "curves", lambda: drawn_plane(whole(), "seqgan", "pg_bleu")
    yield plane.plane, "near", lambda: drawn_plane(whole(), near=True)
    yield plane.plane, "BLEU-2", lambda: drawn_plane(text_report())
    bare: dict[str, Any] = {"stopping": {}, "frontier": {}}
    for case, comparison in (
        ("the paper's oracle", full_size()),
        ("another oracle", full_size(paper_oracle=False)),
        ("one seed", full_size(seeds=1)),
        ("controls", changed(full_size(), controls=made_up_controls())),
        ("paths alone", changed(full_size(), **bare)),
        ("empty", changed(full_size(), **bare, curves=[])),
    ):
        yield path_plane.made_of, case, lambda c=comparison: path_plane.made_of(c, rivals(c))
    for comparison in (whole(), single(), text_report()):
        yield method_gaps.gaps_by_seed, "all", partial(method_gaps.gaps_by_seed, gaps(comparison))
    yield method_gaps.gaps_by_seed, "empty", lambda: method_gaps.gaps_by_seed([])
    yield method_curves.learning, "epochs", partial(method_learning, "nll_oracle", "epoch")
    yield method_curves.learning, "seconds", partial(method_learning, "nll_test", "seconds")
    yield means.means, "no ceilings", lambda: means.means(text_report(ceilings=False), "copied")
    for axis in get_args(Axis):
        yield strategy_curves.curves, axis, lambda a=axis: setting_curves(
            a, made_up.study_run(), made_up.study_run(seed=2))  # fmt: skip
    yield strategy_curves.curves, "empty", lambda: setting_curves("seconds")
    for field in made_up.FACTORS:
        yield one_at_a_time.effect_of_factor, field, partial(factor_effect, field)


CASES = list(cases())


def name_of(draw: Draw) -> str:
    return f"{draw.__module__.removeprefix('seqgan_core.figures.')}.{draw.__name__}"


def test_the_registry_holds_every_figure_of_the_house() -> None:
    """A public function that returns a Figure is one; so a new one cannot be forgotten here."""
    package = seqgan_core.figures
    figures = {
        name_of(function)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, function in inspect.getmembers(
            importlib.import_module(module.name), inspect.isfunction
        )
        if "-> Figure:" in inspect.getsource(function) and not name.startswith("_")
    }
    assert figures - set(PARTS) == {name_of(draw) for draw, _case, _drawn in CASES}


@pytest.mark.parametrize(
    ("case", "drawn"), [pytest.param(case, drawn, id=f"{name_of(draw)}, {case}")
                        for draw, case, drawn in CASES]
)  # fmt: skip
def test_every_figure_has_what_it_must_have(case: str, drawn: Callable[[], Figure]) -> None:
    figure = sound(drawn())
    if case == "empty":
        assert figure["data"] == []


@pytest.mark.parametrize(
    ("draw", "of"),
    [
        *((draw, run_curves) for draw in OF_RUNS),
        *((draw, text_run_curves) for draw in OF_TEXT_RUNS),
        *((draw, with_value_network) for draw in OF_VALUE_NETWORKS),
    ],
)
def test_height_and_caption_never_change_so_nothing_below_jumps(
    draw: Draw, of: Callable[[], Curves]
) -> None:
    curves = of()
    layouts = [draw(curves.until(step))["layout"] for step in made_up.MOMENTS.values()]
    assert len({layout["height"] for layout in layouts}) == 1
    assert len({layout["meta"]["seeing"] for layout in layouts}) == 1


@pytest.mark.parametrize(
    ("case", "drawn"), [pytest.param(case, drawn, id=f"{name_of(draw)}, {case}")
                        for draw, case, drawn in CASES if draw.__module__ == exposure.__name__]
)  # fmt: skip
def test_figures_of_exposure_bias_are_in_nats(case: str, drawn: Callable[[], Figure]) -> None:
    assert "nats" in drawn()["layout"]["yaxis"]["title"]["text"]
