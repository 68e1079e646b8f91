"""A comparison as the core reports it, with numbers chosen for tests."""

import copy
import json
from functools import cache
from typing import Any

import numpy as np

from seqgan_core.judge.methods import METHODS
from seqgan_core.judge.report import Part, Report
from seqgan_core.judge.significance import TooFewError, compare, summarise

# Means that their pairs tell apart: PG-BLEU has collapsed, SeqGAN pays a little coverage.
PAIRS = {
    "random": (6.9, 3.95),
    "mle": (2.40, 2.12),
    "scheduled_sampling": (2.44, 2.125),
    "pg_bleu": (1.56, 2.96),
    "seqgan": (2.15, 2.17),
    "constant_reward": (2.53, 2.27),
    "random_reward": (2.48, 2.24),
}
DIVERSITY = {"self_bleu": 0.5, "distinct_2": 0.3, "distinct_3": 0.8}
REAL = {"nll_oracle": 2.0, "nll_test": 2.01, "self_bleu": 0.45, "distinct_2": 0.35,
        "distinct_3": 0.85}  # fmt: skip
TEMPERATURES = (0.7, 0.8, 0.9, 1.0, 1.1)
SPREAD = 0.02  # nats between two neighbouring seeds
SENTENCES = 2000


def json_of(values: dict[str, Any]) -> dict[str, Any]:
    """The values in the types of JSON."""
    kept: dict[str, Any] = json.loads(json.dumps(values, default=Part.model_dump))
    return kept


def made_up(
    seeds: int = 5, methods: tuple[str, ...] = METHODS, reference: str = "seqgan", **pairs: Any
) -> Report:
    """A report; `pairs` change a method's NLL_oracle and NLL_test."""
    return report_of(made_up_values(seeds, methods, reference, **pairs))


def report_of(values: dict[str, Any]) -> Report:
    """The report that a file with these values contains."""
    return Report.model_validate_json(json.dumps(values))


def changed(report: Report, **parts: Any) -> Report:
    """The report with other parts, which are validated."""
    return report_of(json.loads(report.to_json()) | parts)


def made_up_values(
    seeds: int = 5, methods: tuple[str, ...] = METHODS, reference: str = "seqgan", **pairs: Any
) -> dict[str, Any]:
    """As `made_up`, in the types of JSON, to be changed.

    Seeds lie `SPREAD` apart around the mean. MLE at temperature t has NLL_oracle 2.4 + (t - 1) and
    NLL_test 2.12 + 0.5 (t - 1)², whatever its seed.
    """
    return copy.deepcopy(_made_up(seeds, methods, reference, tuple(pairs.items())))


@cache
def _made_up(
    seeds: int, methods: tuple[str, ...], reference: str, pairs: tuple[tuple[str, Any], ...]
) -> dict[str, Any]:
    at = PAIRS | dict(pairs)
    rows = [row(name, at[name], seeds) for name in methods]
    values = {
        metric: {r["strategy"]: [x["values"][metric] for x in r["results"]] for r in rows}
        for metric in rows[0]["summary"]
    }
    untested = ""
    over_runs: Any = {}
    try:
        over_runs = {metric: compare(groups, reference) for metric, groups in values.items()}
    except TooFewError as error:
        untested = str(error)
    return json_of(
        {
            "format": "seqgan-comparison-1",
            "about": {"preset": "lesson", "changes": {}, "budget": "updates", "seeds": seeds},
            "versions": {},
            "reference": reference,
            "samples": 10_000,
            "rows": rows,
            "real": REAL,
            "over_runs": over_runs,
            "over_sentences": over_sentences(rows, reference),
            "untested": untested,
            "frontier": frontier(methods, seeds),
            "curves": [curve(r["strategy"], x) for r in rows for x in r["results"]],
        }
    )


def row(name: str, pair: tuple[float, float], seeds: int) -> dict[str, Any]:
    results = []
    for seed in range(1, seeds + 1):
        shift = SPREAD * (seed - (seeds + 1) / 2)
        spread = {metric: value + shift / 10 for metric, value in DIVERSITY.items()}
        values = {"nll_oracle": pair[0] + shift, "nll_test": pair[1] + shift / 4, **spread}
        if name == "pg_bleu":
            values |= {"self_bleu": 0.97 + shift / 100, "distinct_2": 0.02 + shift / 100}
        run = f"{name}-{seed}"
        results.append(
            {"seed": seed, "run": run, "step": 9, "seconds": 60.0 + seed, "values": values}
        )
    summary = {
        metric: summarise([result["values"][metric] for result in results])
        for metric in results[0]["values"]
    }
    return {"strategy": name, "results": results, "summary": summary}


def over_sentences(rows: list[dict[str, Any]], reference: str) -> dict[str, Any]:
    """The samples of a method are its own, the held-out sentences the same for all."""
    rng = np.random.default_rng(1)
    noise, own = rng.normal(0.0, 0.3, SENTENCES), rng.normal(0.0, 0.03, (len(rows), SENTENCES))
    own -= own.mean(1, keepdims=True)
    return {
        metric: compare(
            {
                r["strategy"]: noise - noise.mean() + mine + r["results"][0]["values"][metric]
                for r, mine in zip(rows, own, strict=True)
            },
            reference,
            paired=metric == "nll_test",
        )
        for metric in ("nll_oracle", "nll_test")
    }


def frontier(methods: tuple[str, ...], seeds: int) -> dict[str, Any]:
    def swept(x: float, y: float, seed: int) -> dict[str, Any]:
        points = [
            {"temperature": t, "nll_oracle": x + t - 1, "nll_test": y + 0.5 * (t - 1) ** 2,
             "n": 10_000, "m": 5000}
            for t in TEMPERATURES
        ]  # fmt: skip
        return {"seed": seed, "points": points}

    frontiers = {"oracle": [swept(2.0, 2.01, 0)]}
    for name in methods:
        x, y = PAIRS[name]
        frontiers[name] = [swept(x, y, seed) for seed in range(1, seeds + 1)]
    return frontiers


def curve(strategy: str, result: dict[str, Any]) -> dict[str, Any]:
    """MLE to epoch 10, then ten rounds in a straight line to where the run ended."""
    seed, end = result["seed"], result["values"]
    epochs = [0.0] if strategy == "random" else [float(epoch) for epoch in range(21)]
    share = [max(0.0, (epoch - 10) / 10) for epoch in epochs]
    start = [4.0 - 0.16 * min(epoch, 10.0) for epoch in epochs]
    return {
        "strategy": strategy,
        "seed": seed,
        "run": result["run"],
        "switch": 10,
        "epoch": epochs,
        "seconds": [epoch * (1 + 0.1 * seed) for epoch in epochs],
        "nll_oracle": [a + s * (end["nll_oracle"] - 2.4)
                       for a, s in zip(start, share, strict=True)],
        "nll_test": [a - 0.2 + s * (end["nll_test"] - 2.2)
                     for a, s in zip(start, share, strict=True)],
        "d_accuracy": [None] * len(epochs),
    }  # fmt: skip
