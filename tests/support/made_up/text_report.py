"""A comparison of text with numbers that one can work out by hand."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from seqgan_core.judge.report import Report
from seqgan_core.judge.significance import TooFewError, compare, summarise
from tests.support.made_up.comparison import json_of, report_of

# BLEU and self-BLEU of each method's middle seed; others lie 0.01 on either side.
METHODS: dict[str, tuple[float, float]] = {"mle": (0.50, 0.60), "seqgan": (0.58, 0.70)}
TEMPERATURES = (0.7, 0.8, 0.9, 1.0, 1.1)
SPREAD = 0.01
CEILINGS = {"real": 0.60, "held out": 0.61, "unigram": 0.34, "bigram": 0.59, "trigram": 0.62}
NATURAL = 2.5  # tokens in the longest copy of held-out text


def text_report(
    orders: tuple[int, ...] = (2,),
    seeds: int = 3,
    methods: Mapping[str, tuple[float, float]] = METHODS,
    *,
    ceilings: bool = True,
) -> Report:
    """A report of a corpus."""
    return report_of(text_values(orders, seeds, methods, ceilings=ceilings))


def text_values(
    orders: tuple[int, ...] = (2,),
    seeds: int = 3,
    methods: Mapping[str, tuple[float, float]] = METHODS,
    *,
    ceilings: bool = True,
) -> dict[str, Any]:
    """As `text_report`, in the types of JSON, to be changed.

    MLE's curve is a line: at temperature t it has BLEU 0.5 + (1 - t) and self-BLEU 0.6 + 2 (1 - t),
    so that where self-BLEU is s, BLEU is 0.5 + (s - 0.6) / 2.
    """
    return copy.deepcopy(_text_report(orders, seeds, tuple(methods.items()), ceilings=ceilings))


@cache
def _text_report(
    orders: tuple[int, ...],
    seeds: int,
    methods: tuple[tuple[str, tuple[float, float]], ...],
    *,
    ceilings: bool,
) -> dict[str, Any]:
    rows = [_row(name, pair, orders, seeds) for name, pair in methods]
    values = {
        metric: {
            row["strategy"]: [result["values"][metric] for result in row["results"]] for row in rows
        }
        for metric in rows[0]["summary"]
    }
    over_runs: Any = {}
    untested = ""
    try:
        if "seqgan" in dict(methods):
            over_runs = {metric: compare(groups, "seqgan") for metric, groups in values.items()}
    except TooFewError as error:
        untested = str(error)
    return json_of(
        {
            "format": Report.FORMAT,
            "about": {"preset": "poems", "changes": {}, "budget": "updates", "seeds": seeds},
            "versions": {},
            "reference": "seqgan",
            "samples": 5000,
            "rows": rows,
            "real": {f"bleu_{n}": 0.6 for n in orders} | {"self_bleu": 0.55, "distinct_2": 0.9},
            "over_runs": over_runs,
            "over_sentences": {},
            "untested": untested,
            "frontier": {"mle": [_curve(orders, seed) for seed in range(1, seeds + 1)]},
            "ceilings": [_ceiling(name, orders) for name in CEILINGS] if ceilings else [],
            "curves": [],
        }
    )


def _row(
    name: str, pair: tuple[float, float], orders: tuple[int, ...], seeds: int
) -> dict[str, Any]:
    results = []
    for seed in range(1, seeds + 1):
        shift = SPREAD * (seed - (seeds + 1) / 2)
        values = {f"bleu_{n}": pair[0] + shift for n in orders}
        values |= {"self_bleu": pair[1] + shift, "distinct_2": 0.8, "copied": 3.0 + shift,
                   "nll_test": 4.0 - shift}  # fmt: skip
        results.append({"seed": seed, "run": f"{name}-{seed}", "step": 9, "seconds": 60.0,
                        "values": values})  # fmt: skip
    summary = {
        metric: summarise([result["values"][metric] for result in results])
        for metric in results[0]["values"]
    }
    return {"strategy": name, "results": results, "summary": summary}


def _curve(orders: tuple[int, ...], seed: int) -> dict[str, Any]:
    points = [
        {"temperature": t, "bleu": dict.fromkeys(orders, 1.5 - t), "self_bleu": 2.6 - 2 * t,
         "distinct_2": 0.8, "nll_test": 4.0, "n": 2000}
        for t in TEMPERATURES
    ]  # fmt: skip
    return {"seed": seed, "points": points}


def _ceiling(name: str, orders: tuple[int, ...]) -> dict[str, Any]:
    bleu = CEILINGS[name]
    return {
        "name": name, "n": 2000, "references": 4000,
        "bleu": {n: summarise([bleu - 0.01, bleu + 0.01]) for n in orders},
        "varied": 500 if name == "held out" else 2000,
        "self_bleu": {3: 0.55, **dict.fromkeys(orders, 0.5)}, "distinct": {2: 0.9, 3: 0.95},
        "copied": None if name == "real" else {5: 0.1, 10: 0.0},
        "run": None if name == "real" else NATURAL,
    }  # fmt: skip


def tunes_values() -> dict[str, Any]:
    """The made-up comparison as one of tunes: MLE has an MSE of 10, SeqGAN of 9, real ones 9.5."""
    values = text_values((4,))
    for row, mse in zip(values["rows"], (10.0, 9.0), strict=True):
        for name, value in (("mse", mse), ("repeated", 0.15), ("in_key", 0.97)):
            row["summary"][name] = {"n": 3, "mean": value, "low": value - 0.1, "high": value + 0.1}
            for result in row["results"]:
                result["values"][name] = value
    for row in values["ceilings"]:
        row["others"] = {
            name: {"n": 9, "mean": mean, "low": mean, "high": mean}
            for name, mean in (("mse", 9.5), ("repeated", 0.27), ("in_key", 0.98))
        }
    values["over_runs"]["mse"] = [
        {"first": "seqgan", "second": "mle", "difference": -1.0, "low": -1.2, "high": -0.8,
         "p": 0.001, "p_holm": 0.001, "effect": -3.0, "n_first": 3, "n_second": 3}
    ]  # fmt: skip
    return values
