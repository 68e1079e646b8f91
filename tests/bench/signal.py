"""Where D's signal is real: more data, and other discriminators, against the controls.

    python -m tests.bench.signal search --oracle target_params.npz --seeds 11 --out FILE.jsonl
    python -m tests.bench.signal data --oracle target_params.npz --seeds 11 --out FILE.jsonl
    python -m tests.bench.signal table | means --out FILE.jsonl

Every arm begins where NLL_test of MLE is lowest. The controls from the same switch: the constant
reward, MLE's temperature, MLE whose output bias is tilted to frequent tokens, and MLE that samples
a share of its sequences at temperature 0.5.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import mannwhitneyu

from seqgan_core.judge.verdict import above
from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.objectives import Normalisation, normalise_q
from seqgan_core.paper.rollout import Reward, q_values
from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.learners.updates import PolicyLearner
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import prepare_cpu
from tests.bench.full_size import (
    CACHE,
    MEAN,
    Path_,
    Point,
    Record,
    Switch,
    config_of,
    points_of,
    rounded,
)
from tests.bench.judges import Cnn, Ensemble, Judge, MeanPooled, NGrams, reward_of
from tests.bench.mechanism import give_mle_moments

LOOKED = 3000  # held-out real and as many fake sequences for D's AUC: standard error 0.007
SET = 1024  # real and as many fake sequences of a set
UPDATES = (20, 40, 80, 120, 160, 240)
TEMPERATURES = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65)
TILTS = (0.1, 0.2, 0.3, 0.4, 0.6)
WHAT = ("seed", "oracle", "n_train")
COLD, SHARES = 0.5, (0.05, 0.1, 0.2, 0.3)  # of sequences at this temperature
BY = ("nll_oracle", "nll_oracle_median")
CONTROLS = ("constant reward", "temperature", "tilted bias", "mixture")
EPOCHS = {9984: 12, 30_000: 4, 100_000: 1, 300_000: 1}  # of MLE at most, by sequences
SETS = 50  # of D before the rounds


@dataclass(frozen=True)
class Run:
    """SeqGAN with one D.

    Attributes:
        name: of the run.
        judge: makes D from the switch and a seed; None: the fixed BLEU of PG-BLEU.
        batch, rollouts, rate, how: of the policy gradient (B, N, rate, normalisation of Q).
        g_steps, d_sets: of each round.
        at: the updates after which it is measured.
        moments: Adam's second moments start as MLE's, scaled to the first gradient.
        half: G's data is a half of it, and D's the other, which G has not met.
    """

    name: str
    judge: Callable[[Switch, int], Judge] | None
    batch: int = 64
    rollouts: int = 4
    rate: float = 0.003
    how: Normalisation = "advantage"
    g_steps: int = 4
    d_sets: int = 1
    at: tuple[int, ...] = (8, 16, 24, 32)
    moments: bool = False
    half: bool = False


def _cnn(switch: Switch, seed: int) -> Judge:
    return Cnn(switch.config.vocab_size, seed)


def _mean(switch: Switch, seed: int) -> Judge:
    return Cnn(switch.config.vocab_size, seed, MeanPooled)


def _spectral(switch: Switch, seed: int) -> Judge:
    return Cnn(switch.config.vocab_size, seed, spectral=2.0)


def _pairs(switch: Switch, seed: int) -> Judge:
    return NGrams(switch.task.train_data(), switch.config.vocab_size)


def _skips(switch: Switch, seed: int) -> Judge:
    return NGrams(switch.task.train_data(), switch.config.vocab_size, (1, 2, 3))


def _seen(switch: Switch, seed: int) -> Judge:
    return NGrams(switch.task.train_data(), switch.config.vocab_size, shares_only=True)


def _both(switch: Switch, seed: int) -> Judge:
    return Ensemble([_mean(switch, seed), _skips(switch, seed)])


SMALL = {"batch": 4, "rollouts": 16, "rate": 0.002, "how": "none", "g_steps": 20}
SMALL_AT = (40, 80, 120)
RUNS = (
    Run("CNN", _cnn),
    Run("CNN, batch 4, Q as it is", _cnn, at=SMALL_AT, **SMALL),  # type: ignore[arg-type]
    Run("mean pooling", _mean),
    Run("spectral bound", _spectral),
    Run("D on data that G has not met", _mean, half=True),
    Run("pairs", _pairs),
    Run("pairs at distances 1 to 3", _skips),
    Run("pairs and mean pooling", _both),
    Run("share of pairs", _seen),
    Run("share of pairs, MLE's moments", _seen, moments=True),
    Run("mean pooling, MLE's moments", _mean, moments=True),
    Run("pairs, MLE's moments", _pairs, moments=True),
    Run("BLEU-2, no D", None),
    Run("BLEU-2, no D, MLE's moments", None, moments=True),
)


def switch_of(
    seed: int, oracle: str | None, cache: Path, n: int = 9984, half: bool = False
) -> Switch:
    """MLE on n sequences (or on half of them, the others at the end of the held-out data)."""
    epochs = EPOCHS[n] * (1 + half)
    extra = n // 2 if half else 0
    config = config_of(
        seed,
        oracle,
        n_train=n - extra,
        n_test=5000 + extra,
        pretrain_epochs=epochs,
    )
    return Switch(config, cache, lowest=True)


def train_judge(judge: Judge, real: Tokens, G: Generator, seed: int, sets: range) -> None:
    """Trains D on sets of real sequences and new fakes; the real ones in a new order a pass."""
    n = len(real)
    for number in sets:
        rows = torch.arange(number * SET, (number + 1) * SET)
        passes = [torch.randperm(n, generator=rng_for(seed, "judge-real", int(p)))
                  for p in (rows // n).unique()]  # fmt: skip
        some = real[torch.cat(passes)[rows - int(rows[0] // n) * n]]
        fake = G.sample(SET, real.shape[1], rng_for(seed, "judge-fake", number))
        judge.learn(some, fake, number)


def auc(real: np.ndarray, fake: np.ndarray) -> float:
    """The probability that a real one has the higher score, ties half."""
    return float(mannwhitneyu(real, fake).statistic / (len(real) * len(fake)))


def look(judge: Judge, switch: Switch, G: Generator, seed: int) -> Point:
    """What D knows of sequences that it has not met, and what a perfect D would.

    `auc` on held-out real sequences and new fakes; `correlation` over the fakes of D's log-odds
    with the oracle's log-likelihood, beside that of `own`, log G itself, and of `perfect`, the
    true log-likelihood ratio.
    """
    oracle, T = switch.task.oracle, switch.task.sequence_length
    real = switch.task.test_data()[:LOOKED]
    fake = G.sample(LOOKED, T, rng_for(seed, "judge-held-out"))
    scores = [judge.log_odds(tokens).numpy() for tokens in (real, fake)]
    some = [tokens[: LOOKED // 2] for tokens in (real, fake)]
    quality = [-sequence_nll(oracle, tokens).numpy() for tokens in some]
    own = [-sequence_nll(G, tokens).numpy() for tokens in some]
    ratio = [x - y for x, y in zip(quality, own, strict=True)]
    return {
        "auc": auc(*scores),
        "auc_perfect": auc(*ratio),
        "correlation": float(np.corrcoef(scores[1][: LOOKED // 2], quality[1])[0, 1]),
        "correlation_own": float(np.corrcoef(own[1], quality[1])[0, 1]),
        "correlation_perfect": float(np.corrcoef(ratio[1], quality[1])[0, 1]),
    }


def prepared(
    run: Run, switch: Switch, record: Record, what: dict[str, Any]
) -> tuple[Judge, Tokens, int]:
    """D trained before the rounds, its real sequences and its sets; records what it knows."""
    seed, G = switch.config.seed, switch.trainer().models.generator
    real = switch.task.test_data()[5000:] if run.half else switch.task.train_data()
    assert run.judge is not None
    judge, sets = run.judge(switch, seed), SETS
    train_judge(judge, real, G, seed, range(sets))
    known(judge, switch, G, run, sets, record, what)
    return judge, real, sets


def known(
    judge: Judge,
    switch: Switch,
    G: Generator,
    run: Run,
    sets: int,
    record: Record,
    what: dict[str, Any],
) -> None:
    """Records what D knows after so many sets."""
    point = look(judge, switch, G, switch.config.seed)
    record.run({**what, "arm": f"D of {run.name}", "sets": sets}, lambda: {"D": point})


def seqgan(run: Run, switch: Switch, record: Record, what: dict[str, Any]) -> Path_:
    """Algorithm 1 from the switch: its path; records D before the rounds and at their end."""
    trainer, seed, T = switch.trainer(), switch.config.seed, switch.config.sequence_length
    G = trainer.models.generator
    judge: Judge | None = None
    reward: Reward = Bleu(switch.task.train_data(), 2, switch.config.vocab_size)
    if run.judge:
        judge, real, sets = prepared(run, switch, record, what)
        reward = reward_of(judge)
    learner = PolicyLearner(G, run.rate, switch.config.max_grad_norm)
    points = {"start": switch.measure.start}
    for number in range(run.at[-1]):
        rng = rng_for(seed, "policy", number)
        tokens = G.sample(run.batch, T, rng)
        q = q_values(G, reward, tokens, run.rollouts, rng).q
        weights = normalise_q(q, run.how)
        if run.moments and number == 0:
            (group,) = learner.adam.param_groups
            group["lr"] = 0.0
            norm = learner(tokens, q, weights).grad_norm
            give_mle_moments(learner, trainer, min(norm, switch.config.max_grad_norm))
            group["lr"] = run.rate
        learner(tokens, q, weights)
        if judge and (number + 1) % run.g_steps == 0:
            train_judge(judge, real, G, seed, range(sets, sets + run.d_sets))
            sets += run.d_sets
        if number + 1 in run.at:
            points[f"{number + 1} updates"] = switch.measure(G)
    if judge:
        known(judge, switch, G, run, sets, record, what)
    return points


def controls(switch: Switch, record: Record, what: dict[str, Any], every: int) -> None:
    """The constant reward, MLE's temperature, MLE tilted, and some of MLE's samples cold.

    Each at every so many of its points, counted from the last.
    """
    seed, start = switch.config.seed, switch.measure.start

    def constant() -> Path_:
        G, T = switch.trainer().models.generator, switch.task.sequence_length
        learner = PolicyLearner(G, 0.002, switch.config.max_grad_norm)
        points, ones = {"start": start}, torch.ones(4, T)
        for number in range(240):
            learner(G.sample(4, T, rng_for(seed, "policy", number)), ones, ones)
            if number + 1 in UPDATES[::-every]:
                points[f"{number + 1} updates"] = switch.measure(G)
        return points

    def temperature() -> Path_:
        G = switch.trainer().models.generator
        return {"start": start} | {
            str(t): switch.measure(G.at_temperature(t)) for t in TEMPERATURES[::-every][::-1]
        }

    def tilted() -> Path_:
        return {"start": start} | {
            str(a): switch.measure(
                tilt(switch.trainer().models.generator, switch.task.train_data(), a)
            )
            for a in TILTS[::-every][::-1]
        }

    def mixture() -> Path_:
        G = switch.trainer().models.generator
        return {"start": start} | {
            str(w): switch.measure.mixed(G, COLD, w) for w in SHARES[::-every][::-1]
        }

    for arm, path in zip(CONTROLS, (constant, temperature, tilted, mixture), strict=True):
        record.run({**what, "arm": arm}, path)


@torch.no_grad()
def tilt(G: Generator, data: Tokens, alpha: float) -> Generator:
    """G with α · log(count in the data) added to its output bias, in place."""
    counts = torch.bincount(data.flatten(), minlength=G.vocab_size)
    G.b_output += alpha * (counts + 0.5).log()
    return G


def gaps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each arm, how far its points lie above a control: NLL_test at equal NLL_oracle.

    A line for each control, by the mean of NLL_oracle and by its median, without the points that
    are out of the control's reach.
    """
    of_arm = {}
    for row in (row for row in rows if "start" in row and row["seed"] != MEAN):
        of_arm[tuple(row[key] for key in WHAT), row["arm"]] = points_of(row)
    out = []
    for ((what, arm), points), control, by in product(of_arm.items(), CONTROLS, BY):
        curve = of_arm[what, control].values()
        if arm in CONTROLS or by not in points["start"]:
            continue
        pairs = [(p[by], p["nll_test"]) for p in curve]
        gap = {at: above(pairs, (p[by], p["nll_test"])) for at, p in points.items()}
        out.append({**dict(zip(WHAT, what, strict=True)), "arm": arm, "above": control, "by": by,
                    "gap": {at: rounded(x) for at, x in gap.items() if x is not None}})  # fmt: skip
    return out


def table(rows: list[dict[str, Any]]) -> str:
    """Every line, a point a line."""
    lines = []
    for row in [*(row for row in rows if "above" not in row), *gaps(rows)]:
        head = " ".join(str(value) for value in row.values() if not isinstance(value, dict))
        for at, point in points_of(row).items():
            lines.append(f"{head} | {at} | " + " ".join(f"{k} {v:.4f}" for k, v in point.items()))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["search", "data", "table", "means"])
    parser.add_argument("--oracle", help="the authors' target_params.npz; else one of our own")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11])
    parser.add_argument("--runs", nargs="+", help="names of the runs; all without it")
    parser.add_argument("--every", type=int, default=1, help="every so many points of a control")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(EPOCHS))
    parser.add_argument("--out", type=Path, default=Path("signal.jsonl"))
    parser.add_argument("--cache", type=Path, default=CACHE)
    given = parser.parse_args()
    record = Record(given.out)
    if given.what == "table":
        sys.stdout.write(table(record.rows) + "\n")
        return
    if given.what == "means":
        record.rows = [row for row in record.rows if "above" not in row]
        record.rows += gaps(record.rows)
        record.write_with_means()
        return
    prepare_cpu()
    runs = [run for run in RUNS if not given.runs or run.name in given.runs]
    for seed in given.seeds:
        for n in given.sizes if given.what == "data" else [9984]:
            what = {"seed": seed, "oracle": "authors" if given.oracle else "own", "n_train": n}
            switch = switch_of(seed, given.oracle, given.cache, n)
            print(what, "MLE", [round(x, 3) for x in switch.path], flush=True)  # noqa: T201
            controls(switch, record, what, given.every)
            if given.what == "data":  # the paper's D, only looked at
                prepared(RUNS[0], switch, record, what)
            for run in runs:
                of = switch_of(seed, given.oracle, given.cache, half=True) if run.half else switch
                record.run({**what, "arm": run.name}, partial(seqgan, run, of, record, what))


if __name__ == "__main__":
    main()
