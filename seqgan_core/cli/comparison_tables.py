"""A comparison as tables: means with intervals, every seed, and the tests with their n."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seqgan_core.training.strategies import STRATEGIES

Table = tuple[str, list[str], list[list[str]]]

NAMES = {
    "nll_oracle": "NLL_oracle ↓",
    "nll_test": "NLL_test ↓",
    "self_bleu": "self-BLEU-3 ↓",
    "distinct_2": "distinct-2 ↑",
    "distinct_3": "distinct-3 ↑",
    "copied": "tokens copied",
    "mse": "MSE ↓",
    "in_key": "share in key",
    "repeated": "repeated patterns",
    **{f"bleu_{n}": f"BLEU-{n} ↑" for n in range(1, 6)},
}
CEILINGS = {  # what a comparison on a corpus is read beside
    "held out": "Real, held back",
    "real": "Real, of the training",
    "trigram": "Trigram model",
    "bigram": "Bigram model",
    "unigram": "Unigram model",
}


def tables(report: dict[str, Any]) -> Iterator[Table]:
    """Title, columns and rows of each table of a report."""
    metrics = list(report["rows"][0]["summary"])
    heads = [NAMES.get(metric, metric) for metric in metrics]
    rows = [[_title(row), *(_mean(row["summary"][m]) for m in metrics)] for row in report["rows"]]
    if report.get("ceilings"):
        for row in report["ceilings"]:
            cells = [_three(_of_text(row, metric)) for metric in metrics]
            rows.append([CEILINGS.get(row["name"], row["name"]), *cells])
    elif report["real"]:
        rows.append(["Real data (oracle)", *(f"{report['real'][m]:.3f}" for m in metrics)])
    n = report["rows"][0]["summary"][metrics[0]]["n"]
    title = f"Mean over {n} seeds [95% interval], {report['samples']:,} samples of each run"
    yield title, ["method", *heads], rows
    seeds = [
        [_title(row), str(r["seed"]), *(f"{r['values'][m]:.3f}" for m in metrics),
         f"{r['seconds']:.0f}", r["run"]]
        for row in report["rows"] for r in row["results"]
    ]  # fmt: skip
    yield "Every run", ["method", "seed", *heads, "s", "run"], seeds
    for key, what in (("over_runs", "a run"), ("over_sentences", "a sentence of the first seed")):
        for metric, differences in report[key].items():
            yield (
                f"{NAMES.get(metric, metric)}: Welch's test, one observation is {what}",
                ["against " + report["reference"], "difference [95%]", "p", "p (Holm)", "g", "n"],
                [_difference(d) for d in differences],
            )


def _of_text(row: dict[str, Any], metric: str) -> float | None:
    """A metric of what is real, or of a counting model."""
    if metric in row.get("others", {}):
        return float(row["others"][metric]["mean"])
    name, _, order = metric.rpartition("_")
    value: float | None = {
        "bleu": row["bleu"].get(order, {}).get("mean"),
        "distinct": row["distinct"].get(order),
        "self": row["self_bleu"].get("3"),  # the order of self-BLEU everywhere in a comparison
        "": row["run"] if metric == "copied" else None,
    }.get(name)
    return value


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def markdown(report: dict[str, Any]) -> str:
    """All tables in Markdown."""
    parts = []
    for title, columns, rows in tables(report):
        lines = [f"**{title}**", "", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
        parts.append("\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]))
    return "\n\n".join(parts)


def _title(row: dict[str, Any]) -> str:
    name = row["strategy"]
    return STRATEGIES[name].title if name in STRATEGIES else name


def _mean(summary: dict[str, Any]) -> str:
    if summary["low"] is None:
        return f"{summary['mean']:.3f} (n = 1)"
    return f"{summary['mean']:.3f} [{summary['low']:.3f}, {summary['high']:.3f}]"


def _difference(d: dict[str, Any]) -> list[str]:
    name = STRATEGIES[d["first"]].title if d["first"] in STRATEGIES else d["first"]
    effect = d["effect"]
    return [
        name,
        f"{d['difference']:+.3f} [{d['low']:+.3f}, {d['high']:+.3f}]",
        _p(d["p"]),
        _p(d["p_holm"]),
        "–" if effect is None else f"{effect:+.2f}",
        f"{d['n_first']}, {d['n_second']}",
    ]


def _p(p: float) -> str:
    return "< 1e-6" if p < 1e-6 else f"{p:.2g}"
