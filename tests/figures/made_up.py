"""Made-up data that the figures are tested on: small, and worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from seqgan_core.figures.exposure.labels import (
    Mean,
    PerturbationExcess,
    PrefixDivergence,
    Role,
    Series,
)
from seqgan_core.figures.make.tune_statistics import Histogram
from seqgan_core.figures.run.curves import Curves
from seqgan_core.judge.study import Setting, Study, StudyRun
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


# -- discriminator ---------------------------------------------------------------------------------


def filter_frame(**changes: list[float]) -> pd.DataFrame:
    columns: dict[str, list[float]] = {
        "number": [7, 3, 9], "width": [2, 4, 1],
        "strength": [0.05, 0.03, 0.01], "strength_half": [0.01, 0.01, 0.002],
        "effect": [0.04, -0.02, 0.001], "effect_half": [0.01, 0.01, 0.002],
        "on_real": [2.0, 1.0, 0.5], "on_real_half": [0.1, 0.1, 0.1],
        "on_fake": [1.0, 2.0, 0.55], "on_fake_half": [0.1, 0.1, 0.1],
    }  # fmt: skip
    return pd.DataFrame(columns | changes)


def score_frame(real: list[float], fake: list[float], half: float) -> pd.DataFrame:
    """Made-up checkpoints: means of real and fake, everything else around them."""
    frame = pd.DataFrame({"epoch": range(len(real)), "n": 100})
    for name, means in (("real", real), ("fake", fake)):
        frame[f"{name}_mean"] = means
        frame[f"{name}_half"] = half
        for q in (10, 25, 50, 75, 90):
            frame[f"{name}_q{q}"] = np.array(means) + (q - 50) / 1000
    apart = frame["real_mean"] - frame["fake_mean"]
    frame["change"], frame["change_half"] = apart - apart.head(1).sum(), half
    frame["accuracy"], frame["seen"] = 0.6, 0.8
    for name, value in (("accuracy", 0.6), ("seen", 0.8), ("gap", 0.2)):
        frame[name] = value
        frame[f"{name}_low"], frame[f"{name}_high"] = value - 0.02, value + 0.02
    return frame


def calibration_bins(predicted: list[float], share: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"predicted": predicted, "share": share, "low": [s - 0.05 for s in share],
         "high": [s + 0.1 for s in share], "n": 100}
    )  # fmt: skip


# -- exposure --------------------------------------------------------------------------------------


def series(
    name: str, role: Role, mean: list[float], half: float = 0.1, overall: Mean | None = None,
    above: Mean | None = None, versus: Mean | None = None, first: int = 1,
) -> Series:  # fmt: skip
    over = overall or Mean(sum(mean) / len(mean), half)
    return Series(name, role, mean, [half] * len(mean), 500, over, above, versus, first)


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
        6,
    )


BIASED = prefix_divergence("MLE", "mle", Mean(0.1, 0.02))
BETTER = prefix_divergence("SeqGAN (round 80)", "model", Mean(-0.03, 0.02), Mean(-0.13, 0.02))
ADDED = prefix_divergence("Constant reward (round 80)", "other", Mean(0.0, 0.02))
PERTURBED = [
    perturbation_excess("MLE", "mle", 6, Mean(1.99, 0.26)),
    perturbation_excess("SeqGAN (round 80)", "model", None, Mean(2.05, 0.27), Mean(0.06, 0.28)),
]
ORACLE = series("the oracle itself", "real", [-0.1, 0.0, 0.0], first=4)


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


def study_run(
    seed: int = 1, oracle: float = -0.2, test: float = 0.0, d: float = 0.6, **changes: Any
) -> dict[str, Any]:
    """A run of a study: NLL_oracle 2.5 and NLL_test 2.2 at the switch, then the changes."""
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
        "nll_oracle": [2.7, 2.6, 2.5, 2.5 + oracle / 2, 2.5 + oracle],
        "nll_test": [2.4, 2.2, 2.2, 2.2 + test / 4, 2.2 + test],
        "d_accuracy": [None, None, 0.7, 0.65, d],
    } | changes


def study_of(*runs: dict[str, Any]) -> Study:
    entries = tuple(StudyRun.model_validate(run) for run in runs)
    return Study(format=Study.FORMAT, preset="glance", runs=entries)  # type: ignore[arg-type]


def settings_of(*runs: dict[str, Any]) -> list[Setting]:
    return study_of(*runs).settings(BASE)


def one_at_a_time_study() -> list[Setting]:
    return settings_of(
        study_run(seed=1),
        study_run(seed=2, oracle=-0.22),
        study_run(settings={"n_rollouts": 16}, oracle=-0.3, test=0.02),
        study_run(settings={"n_rollouts": 1}, oracle=-0.1),
        study_run(settings={"g_learning_rate": 0.01}, oracle=-0.5, test=0.9),
        study_run(settings={"g_learning_rate": 0.004}, oracle=-0.15),
        study_run(settings={"rollout_policy": "average"}, oracle=-0.2),
        study_run(settings={"rollout_policy": "average", "rollout_update_rate": 0.0}, oracle=-0.2),
    )
