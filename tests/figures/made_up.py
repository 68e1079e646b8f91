"""Made-up data that the figures are tested on: small, and worked out by hand."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from seqgan_core.figures.make.tune_statistics import Histogram
from seqgan_core.figures.run.curves import Curves
from seqgan_core.insight.discriminator.calibration import Bin, Calibration, Gap, Share
from seqgan_core.insight.discriminator.filters import FilterRanking, StrongFilter
from seqgan_core.insight.discriminator.scores import CheckpointScores, Scores, Spread
from seqgan_core.insight.exposure.divergence import Estimate
from seqgan_core.insight.exposure.summary import (
    PerturbationExcess,
    PrefixDivergence,
    Role,
    Series,
)
from seqgan_core.insight.rollouts.explore import Choice, Exploration, Options, Running
from seqgan_core.insight.rollouts.search import PrefixSearch, Written
from seqgan_core.insight.rollouts.truth import Truth
from seqgan_core.insight.statistics import Mean
from seqgan_core.judge.study import Setting, Study, StudyRun
from seqgan_core.paper.tree_search import Found, Tree
from seqgan_core.training.setup.presets import preset
from tests.support.made_up.run import PRETRAIN, ROUNDS, made_up_curves

# Before the first event, amid MLE, amid D's pre-training, at the first round, at the end.
MOMENTS = {"start": -1, "mle": 3, "d": 9, "first round": 13, "end": 10_000}

# -- runs ------------------------------------------------------------------------------------------


def text_curves(
    *, test: float = 0.0, bleu: float = 0.0, alike: float = 0.0, name: str = "text"
) -> Curves:
    """MLE to NLL_test 4.0, BLEU-4 0.4 and self-BLEU 0.3; the rounds change them by this much."""
    curves = made_up_curves(name, test=test)
    frame = curves.evaluated.drop(columns=["nll_oracle", "nll_oracle_se"])
    share = ((frame["epoch"] - PRETRAIN) / ROUNDS).clip(lower=0)
    mle = (frame["epoch"] / PRETRAIN).clip(upper=1)
    frame = frame.assign(
        bleu_3=0.5 * mle + bleu * share,
        bleu_4=0.4 * mle + bleu * share,
        self_bleu=0.3 * mle + alike * share,
        distinct_2=0.9 - 0.1 * mle,
    )
    return replace(curves, evaluated=frame, has_oracle=False)


# -- roll-outs -------------------------------------------------------------------------------------

SCORES = np.random.default_rng(0).uniform(0.1, 0.9, 64)


def running(scores: np.ndarray) -> Running:
    """How Q settles over these scores (N,)."""
    both = np.stack([scores, scores])[None]  # (1, 2, N)
    nothing = np.zeros((1, 1, len(scores), 2), int)
    return Exploration(np.zeros((1, 2), int), nothing, both).running(0, 0)


RUNNING = running(SCORES)


def choices(q: list[float], errors: list[float], gap_errors: list[float]) -> list[Choice]:
    """Tokens 0, 1, ... of which the first is chosen."""
    rows = zip(q, errors, gap_errors, strict=True)
    return [Choice(k, value, error, k == 0, gap) for k, (value, error, gap) in enumerate(rows)]


def options(chosen: int, by_g: np.ndarray, by_oracle: np.ndarray | None) -> Options:
    return Options([Choice(chosen, 0.5, 0.1, True, 0.0)], by_g, by_oracle)


# -- discriminator ---------------------------------------------------------------------------------


def strong_filter(
    number: int, width: int, strength: float, effect: float, on_real: float, on_fake: float,
    half: float = 0.1,
) -> StrongFilter:  # fmt: skip
    means = (Mean(strength, 0.01), Mean(effect, 0.01), Mean(on_real, half), Mean(on_fake, half))
    return StrongFilter(number, width, *means, 5, 5, (), ())


def filter_ranking(half: float = 0.1) -> FilterRanking:
    """A filter towards real, one towards fake, and one that does neither."""
    filters = (
        strong_filter(7, 2, 0.05, 0.04, 2.0, 1.0, half),
        strong_filter(3, 4, 0.03, -0.02, 1.0, 2.0, half),
        strong_filter(9, 1, 0.01, 0.001, 0.5, 0.55, half),
    )
    return FilterRanking(500, 12, 3, filters)


def scores(held_out: np.ndarray, fake: np.ndarray, training: np.ndarray) -> Scores:
    return Scores(8, 3.0, True, held_out, training, fake)


NO_FILTERS = FilterRanking(500, 12, 12, ())


def score_history(real: list[float], fake: list[float], half: float) -> list[CheckpointScores]:
    """Made-up checkpoints: means of real and fake, everything else around them."""
    first = real[0] - fake[0] if real else 0.0
    return [
        CheckpointScores(
            step, float(step), 100, _spread(r, half), _spread(f, half),
            Mean(r - f, math.hypot(half, half)), Mean(r - f - first, half),
            Share(60, 100), Share(80, 100), Gap(0.2, 0.18, 0.22),
        )
        for step, (r, f) in enumerate(zip(real, fake, strict=True))
    ]  # fmt: skip


def _spread(mean: float, half: float) -> Spread:
    return Spread((mean - 0.04, mean, mean + 0.04), Mean(mean, half))


def calibration(
    predicted: list[float], share: list[float], *, error: float = 0.1, by_chance: float = 0.02,
    mean: float = 0.5,
) -> Calibration:  # fmt: skip
    bins = [Bin(p, Share(round(100 * s), 100)) for p, s in zip(predicted, share, strict=True)]
    return Calibration(tuple(bins), error, by_chance, 0.2, 0.01, mean, 100 * len(bins))


# -- exposure --------------------------------------------------------------------------------------


def series(
    name: str, role: Role, mean: list[float], half: float = 0.1, overall: Mean | None = None,
    above: Mean | None = None, versus: Mean | None = None, first: int = 1,
) -> Series:  # fmt: skip
    over = overall or Mean(sum(mean) / len(mean), half)
    by_position = Estimate(np.array(mean), np.full(len(mean), half), 500)
    return Series(name, role, by_position, over, above, versus, first)


REAL = series("real data", "real", [1.0, 2.0, 2.0])
MLE = series("MLE", "mle", [1.0, 2.1, 2.6], above=Mean(0.61, 0.05))
SEQGAN = series(
    "SeqGAN (round 80)", "model", [1.0, 1.9, 2.1], above=Mean(0.34, 0.05), versus=Mean(-0.27, 0.05)
)
OTHER = series("Constant reward (round 80)", "other", [1.0, 2.4, 2.9], above=Mean(0.9, 0.05))


def prefix_divergence(
    name: str, role: Role, gap: Mean, versus: Mean | None = None
) -> PrefixDivergence:
    return PrefixDivergence(
        name,
        role,
        series(f"{name} · true", role, [0.1, 0.3], overall=Mean(0.3, 0.02), versus=versus),
        series(f"{name} · own", role, [0.1, 0.4], overall=Mean(0.4, 0.02)),
        series(name, role, [0.0, 0.1], overall=gap, versus=versus),
    )


def perturbation_excess(
    name: str, role: Role, recovered: int | None, cost: Mean, versus: Mean | None = None
) -> PerturbationExcess:
    return PerturbationExcess(
        name,
        role,
        series(name, role, [0.6, 0.3, 0.1], first=4),
        series(name, role, [0.7, 0.2, 0.05], overall=cost, versus=versus, first=4),
        recovered,
    )


BIASED = prefix_divergence("MLE", "mle", Mean(0.1, 0.02))
BETTER = prefix_divergence("SeqGAN (round 80)", "model", Mean(-0.03, 0.02), Mean(-0.13, 0.02))
ADDED = prefix_divergence("Constant reward (round 80)", "other", Mean(0.0, 0.02))
PERTURBED = [
    perturbation_excess("MLE", "mle", 6, Mean(1.99, 0.26)),
    perturbation_excess("SeqGAN (round 80)", "model", None, Mean(2.05, 0.27), Mean(0.06, 0.28)),
]
ORACLE = series("oracle", "real", [-0.1, 0.0, 0.0], first=4)


# -- tunes -----------------------------------------------------------------------------------------

NONE = math.nan
PITCHES = np.array([[60, 62, 64, 60], [60, 62, NONE, 72], [60, 62, 65, NONE]])


def shares(size: int, **at: float) -> np.ndarray:
    result = np.zeros(size)
    for place, share in at.items():
        result[int(place[1:])] = share
    return result


def pitch_histogram(natural: float | None = 0.05) -> Histogram:
    """A quarter of the time is on E where real tunes have it on G."""
    new, real = shares(12, _0=0.5, _4=0.5), shares(12, _0=0.5, _4=0.25, _7=0.25)
    return Histogram(new, real, 0.25, natural, 500, 1229)


# -- strategies ------------------------------------------------------------------------------------

BASE = preset("glance")  # (4, 1, 1), 4 live roll-outs, learning rates 0.002 and 0.005
FACTORS = ("n_rollouts", "rollout_update_rate", "g_learning_rate", "d_learning_rate")
MLE_EPOCHS = 3  # epochs; then two rounds
CURVE = [(2.0, 2.5), (2.2, 2.3), (2.4, 2.22), (2.5, 2.2), (2.6, 2.21)]  # of MLE's temperatures


def study_run(
    seed: int = 1, oracle: float = -0.2, test: float = 0.0, d: float = 0.6, **changes: Any
) -> dict[str, Any]:
    """A run of a study: NLL_oracle 2.5 and NLL_test 2.2 at the switch.

    The changes are those to the mean of both rounds; a tenth less in the first.
    """
    settings = changes.pop("settings", {})
    return {
        "run": f"run-{seed}",
        "label": "",
        "settings": settings,
        "seed": seed,
        "status": "finished",
        "reason": "",
        "seconds_in_all": 20.0,
        "switch": MLE_EPOCHS,
        "epoch": [2, 3, 3, 4, 5],
        "seconds": [1.0, 2.0, 4.0, 4.0 + 3 * seed, 4.0 + 6 * seed],
        "nll_oracle": [2.7, 2.6, 2.5, 2.5 + 0.9 * oracle, 2.5 + 1.1 * oracle],
        "nll_test": [2.4, 2.2, 2.2, 2.2 + 0.9 * test, 2.2 + 1.1 * test],
        "d_accuracy": [None, None, 0.7, d + 0.05, d - 0.05],
        "curve": [
            {"temperature": 0.8 + 0.05 * at, "n": 100, "nll_oracle": x, "nll_test": y}
            for at, (x, y) in enumerate(CURVE)
        ],
    } | changes


def seeds_of(
    oracle: float = -0.2, *rest: float, n: int = 3, **changes: Any
) -> list[dict[str, Any]]:
    """Runs of n seeds whose NLL_oracle changes by 0.01 more or less from one to the next."""
    middle = (n + 1) / 2
    return [
        study_run(seed, oracle + 0.01 * (seed - middle), *rest, **changes)
        for seed in range(1, n + 1)
    ]


def study_of(*runs: dict[str, Any]) -> Study:
    entries = tuple(StudyRun.model_validate(run) for run in runs)
    return Study(format=Study.FORMAT, preset="glance", runs=entries)  # type: ignore[arg-type]


def settings_of(*runs: dict[str, Any]) -> list[Setting]:
    return study_of(*runs).settings(BASE)


def one_at_a_time_study() -> list[Setting]:
    return settings_of(
        *seeds_of(-0.2),
        *seeds_of(-0.3, 0.02, settings={"n_rollouts": 16}),
        *seeds_of(-0.1, settings={"n_rollouts": 1}),
        *seeds_of(-0.5, 0.9, settings={"g_learning_rate": 0.01}),
        *seeds_of(-0.15, settings={"g_learning_rate": 0.004}),
        *seeds_of(-0.2, settings={"rollout_policy": "average"}),
        *seeds_of(-0.21, settings={"rollout_policy": "average", "rollout_update_rate": 0.0}),
    )


# -- a tree search of two simulations after the prefix [7]: 4, then 5 after it --------------------


def _search() -> PrefixSearch:
    visits, totals = np.zeros((3, 3, 2)), np.zeros((3, 3, 2))
    visits[1:, 0, 0], totals[1:, 0, 0] = (1, 2), (0.6, 1.4)
    visits[2, 1, 1], totals[2, 1, 1] = 1, 0.8
    written = Written([7, 4, 5, 1], 0.8)
    tree = Tree(
        torch.tensor([[[4, 3], [6, 5], [1, 2]]]),
        torch.tensor([[[0.7, 0.3], [0.9, 0.1], [0.5, 0.5]]]), torch.tensor([[0.1, 0.2, 0.0]]),
        torch.tensor([[[1, 0], [0, 2], [0, 0]]]), *map(torch.tensor, (visits[2:], totals[2:])),
        torch.tensor([[0.5, 0.6, 0.8]]),
        torch.tensor([[[7, 0, 0, 0], [7, 4, 0, 0], [7, 4, 5, 0]]]), torch.tensor([[1, 2, 3]]),
        torch.zeros(1, 3, dtype=torch.bool), torch.zeros(1, 2),
    )  # fmt: skip
    q, improved = torch.tensor([[0.7, 0.6]]), torch.tensor([[0.8, 0.2]])
    found = Found(tree, q, improved, torch.tensor([4]), torch.tensor([0.63]))
    return PrefixSearch([7], found, visits, totals, written, written, written, None)


SEARCH = _search()
_ERRORS = np.array([[-0.03, 0.02], [0.01, 0.02]])
TRUTH = Truth(7776, _ERRORS, _ERRORS, _ERRORS, _ERRORS)
