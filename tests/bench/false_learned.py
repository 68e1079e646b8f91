"""How often the rule of verdicts says "learned", simulated where the truth is known.

    python -m tests.bench.false_learned [--draws 4000] [--seed 0]

A seed truly ends at a point of MLE's temperature curve: at temperature 1 nothing happened, below it
G only sharpened; for the power it ends below the curve. Seeds scatter around that point, a run's
evaluations swing around its seed's (an AR(1) process), and each seed's curve is measured with the
sampling error of one evaluation. How much of each is taken from recorded runs.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

import numpy as np
from scipy.interpolate import CubicSpline

from seqgan_core.judge import verdict
from seqgan_core.judge.report import CURVE, Report
from seqgan_core.judge.study import Study, outcome
from seqgan_core.judge.verdict import LAST, Point
from seqgan_core.training.setup.presets import preset
from tests.support.paths import ROOT

RECORDED = ROOT / "assets" / "comparison"
TRUTHS = {
    "no effect": 1.0,
    "temperature 0.95": 0.95,
    "temperature 0.9": 0.9,
    "temperature 0.85": 0.85,
}
SEEDS = (1, 2, 3, 5)
_END = 4 * LAST  # evaluations at the end of a recorded run whose swing is measured

Runs = list[verdict.Path]


@dataclass(frozen=True)
class Noise:
    """Standard deviations in nats per token; pairs are of (NLL_oracle, NLL_test).

    Attributes:
        source: the recorded runs in which it was measured.
        seeds: of the end's distance from the switch, between the seeds.
        swing: of an evaluation around the trend of its run; memory: correlation with the next.
        error: of NLL_oracle by the samples of one evaluation.
    """

    source: str
    seeds: tuple[float, float]
    swing: tuple[float, float]
    memory: float
    error: float

    def __str__(self) -> str:
        seeds, swing = (f"{x:.3f} / {y:.3f}" for x, y in (self.seeds, self.swing))
        return (
            f"- {self.source}: seeds {seeds}, swing {swing}, memory {self.memory:.2f}, "
            f"error {self.error:.3f}"
        )


def recorded() -> tuple[dict[float, Point], list[Noise]]:
    """MLE's curve in the recorded lesson by temperature, and the noise of its SeqGAN and a study.

    Of the study: the preset's own setting, and the one that swings most and did not collapse.
    """
    report = Report.load(RECORDED / "lesson-updates.json")
    study = Study.load(RECORDED / "strategies.json")
    base = preset(study.preset)
    curve = {
        same[0].temperature: (
            fmean(point.value("nll_oracle") for point in same),
            fmean(point.nll_test for point in same),
        )
        for same in zip(*(sweep.points for sweep in report.frontier[CURVE]), strict=True)
    }
    test = report.difference(CURVE, "seqgan", "nll_oracle", "sentence")
    assert test is not None
    of_sample = (test.high - test.low) / (2 * 1.96) * math.sqrt(test.n_first / 2)
    lesson = []
    for run in (run for run in report.curves if run.strategy == "seqgan"):
        columns = zip(run.epoch, run.column("nll_oracle"), run.column("nll_test"), strict=True)
        start, *points = ((x, y) for epoch, x, y in columns if epoch >= run.switch)
        lesson.append(verdict.Path(start, tuple(points)))
    settings = {
        setting.triple: (result.swing, [path for run in setting.runs if (path := run.path())])
        for setting in study.settings(base)
        if (result := outcome(setting)) and result.verdict != "collapsed"
    }
    own = (base.g_steps, base.d_steps, base.d_epochs)
    most = max(settings, key=lambda triple: settings[triple][0])
    sources = [("lesson", "lesson", lesson)]
    sources += [(f"{study.preset} {at}", study.preset, settings[at][1]) for at in (own, most)]
    return curve, [
        noise_of(source, runs, of_sample / math.sqrt(preset(name).n_eval))
        for source, name, runs in sources
    ]


def noise_of(source: str, runs: Runs, error: float) -> Noise:
    """The noise in recorded runs of one setting."""
    rests = []
    for run in runs:
        last = np.array(run.points[-_END:])  # (M, 2)
        at = np.arange(len(last))
        trend = np.stack([np.polyval(np.polyfit(at, y, 1), at) for y in last.T], 1)
        rests.append((last - trend) * math.sqrt(len(last) / (len(last) - 2)))
    swing = np.sqrt(np.mean([(rest**2).mean(0) for rest in rests], axis=0))
    pairs = sum((rest[1:, 0] * rest[:-1, 0]).sum() for rest in rests)
    memory = pairs / sum((rest[:, 0] ** 2).sum() for rest in rests)
    seeds = np.std([run.change for run in runs], axis=0, ddof=1)
    return Noise(source, tuple(seeds), tuple(swing), max(0.0, float(memory)), error)


def simulated(
    curve: dict[float, Point], noise: Noise, at: float, gain: float, n: int, draws: int, seed: int
) -> Iterator[Runs]:
    """Runs of n seeds, `draws` times: at temperature `at`, NLL_test lower than there by `gain`."""
    rng, shape = np.random.default_rng([seed, n]), (draws, n)
    truth = CubicSpline(*np.array(sorted(curve.values())).T)
    x = curve[at][0] + noise.seeds[0] * rng.standard_normal(shape)
    y = truth(x) - gain + noise.seeds[1] * rng.standard_normal(shape)
    swing = rng.standard_normal((LAST, 2, *shape))
    for before, now in pairwise(swing):
        now[:] = noise.memory * before + math.sqrt(1 - noise.memory**2) * now
    ends = np.stack([x, y]) + np.array(noise.swing)[:, None, None] * swing  # (LAST, 2, draws, n)
    errors = noise.error * rng.standard_normal((2, *shape))
    for draw in range(draws):
        yield [
            verdict.Path(
                (curve[1.0][0] + errors[0, draw, k], curve[1.0][1]),
                tuple((float(a), float(b)) for a, b in ends[:, :, draw, k]),
                tuple((a + errors[1, draw, k], b) for a, b in curve.values()),
            )
            for k in range(n)
        ]


def learned(runs: Runs) -> bool:
    """What the rule says."""
    return verdict.outcome_of(runs).verdict == "learned"


def learned_before(runs: Runs) -> bool:
    """The rule of earlier versions: the last evaluation, further down than the seeds differ."""
    oracle, test = (
        verdict.Spread(tuple(run.points[-1][k] - run.switch[k] for run in runs)) for k in (0, 1)
    )
    return -oracle.mean > max(verdict.CLEAR, oracle.width) and test.mean <= verdict.HELD


RULES = (learned, learned_before)


def gain_found(curve: dict[float, Point], noise: Noise, n: int, draws: int, seed: int) -> float:
    """The least gain that 80% of the cases find at temperature 0.9, to 0.001 nats of NLL_test."""
    low, high = 0.0, 0.512
    while high - low > 0.001:
        middle = (low + high) / 2
        found = fmean(map(learned, simulated(curve, noise, 0.9, middle, n, draws, seed)))
        low, high = (low, middle) if found >= 0.8 else (middle, high)
    return high


def render(draws: int, seed: int) -> str:
    """The noise, then the rates of "learned" and the gain that is found, as a Markdown table."""
    curve, noises = recorded()
    lines = [str(noise) for noise in noises]
    rows = [("runs", "truth", *(f"n = {n}" for n in SEEDS)), ["---"] * (2 + len(SEEDS))]
    for noise in noises:
        for name, at in TRUTHS.items():
            given = [(curve, noise, at, 0.0, n, draws, seed) for n in SEEDS]
            cells = (
                " / ".join(f"{fmean(map(rule, simulated(*each))):.1%}" for rule in RULES)
                for each in given
            )
            rows.append((noise.source, name, *cells))
        gains = (f"{gain_found(curve, noise, n, draws, seed):.3f}" if n > 2 else "" for n in SEEDS)
        rows.append((noise.source, "gain found", *gains))
    return "\n".join([*lines, "", *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    """Prints the table. A cell: what the rule says, and what that of earlier versions did."""
    parser = argparse.ArgumentParser(description="How often a verdict is wrong, simulated.")
    parser.add_argument("--draws", type=int, default=4000, help="experiments of each kind")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    sys.stdout.write(render(given.draws, given.seed) + "\n")


if __name__ == "__main__":
    main()
