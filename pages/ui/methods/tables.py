"""The numbers of the methods screen as tables: the text alternative of every figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pages.ui.common import html
from seqgan_core.figures.methods import curves as methods_curves
from seqgan_core.figures.methods import paper as methods_paper
from seqgan_core.figures.methods.frontier_gaps import Gap
from seqgan_core.figures.methods.report import (
    METRICS,
    Report,
    mean,
    method_name,
    metrics,
    p_text,
    untested,
)
from seqgan_core.messages import _

_MOST_ROWS = 26  # of a curve


def means(comparison: Report) -> None:
    """Means over seeds with their intervals, and real data."""
    shown = metrics(comparison)
    rows = [
        [method_name(row["strategy"]), *(_mean(row["summary"][metric]) for metric in shown)]
        for row in comparison["rows"]
    ]
    if comparison["real"]:
        rows.append(
            [_("Real data (the oracle)"), *(_three(comparison["real"].get(m)) for m in shown)]
        )
    caption = _("Means over seeds with their 95% intervals; {n:,} samples of each run")
    head = [_("method"), *(METRICS[metric].title for metric in shown)]
    html.table(head, rows, caption.format(n=comparison["samples"]))


def every_run(comparison: Report) -> None:
    """Every seed of every method."""
    shown = metrics(comparison)
    rows = [
        [
            f"{method_name(row['strategy'])}, {result['seed']}",
            *(f"{result['values'][metric]:.3f}" for metric in shown),
            f"{result['seconds']:.0f}",
            result["run"],
        ]
        for row in comparison["rows"]
        for result in row["results"]
    ]
    head = [_("method, seed"), *(METRICS[m].title for m in shown), _("seconds"), _("run")]
    html.table(head, rows, _("Every run"))


def tests(comparison: Report) -> None:
    """Every test, over runs and over sentences, with its n."""
    reference = method_name(comparison["reference"])
    heads = [_("against {name}").format(name=reference), _("difference [95%]"), _("p"),
             _("p (Holm)"), _("Hedges' g"), _("n, n")]  # fmt: skip
    for key, what in (
        ("over_runs", _("a run")),
        ("over_sentences", _("a sentence of the lowest seed's run")),
    ):
        for metric, tested in comparison[key].items():
            caption = _("{metric}, one observation is {what}: Welch's test").format(
                metric=METRICS[metric].title, what=what
            )
            html.table(heads, [_test(test) for test in tested], caption)
    if why := untested(comparison):
        html.quiet(why)


def distances(gaps: Sequence[Gap]) -> None:
    """How far above MLE's curve of temperatures each method lies."""
    rows = []
    for gap in gaps:
        summary, seeds = gap["summary"], gap["seeds"]
        each = ", ".join(f"{value:+.3f}" for value in seeds.values()) or "–"
        text = "–" if summary is None else _mean(summary, signed=True)
        rows.append(
            [method_name(gap["strategy"]), text, each, str(len(seeds)), str(gap["outside"])]
        )
    if rows:
        head = [_("method"), _("mean [95%]"), _("each seed"), _("n"), _("out of reach")]
        html.table(head, rows, _("NLL_test above MLE's curve at equal NLL_oracle, nats per token"))


def temperatures(comparison: Report) -> None:
    """Every model's two numbers at every temperature, means over seeds."""
    frontier = comparison["frontier"]
    if not frontier:
        return
    steps = [point["temperature"] for point in next(iter(frontier.values()))[0]["points"]]
    rows = []
    for index, temperature in enumerate(steps):
        cells = [f"{temperature:g}"]
        for seeds in frontier.values():
            points = [seed["points"][index] for seed in seeds]
            x, y = (np.mean([p[key] for p in points]) for key in ("nll_oracle", "nll_test"))
            cells.append(f"{x:.3f} / {y:.3f}")
        rows.append(cells)
    head = [_("temperature"), *(method_name(strategy) for strategy in frontier)]
    html.table(head, rows, _("NLL_oracle / NLL_test with the temperature turned, means over seeds"))


def curves(comparison: Report, metric: str, by: methods_curves.By) -> None:
    """The mean curves, thinned to a table's length."""
    drawn = methods_curves.mean_curves(comparison, metric, by)
    if not drawn:
        return
    longest = max((curve.x for curve in drawn), key=len)
    at = longest[:: max(1, -(-len(longest) // _MOST_ROWS))]
    rows = [
        [
            f"{x:.0f}",
            *(f"{curve.at(x):.3f}" if curve.x[0] <= x <= curve.x[-1] else "–" for curve in drawn),
        ]
        for x in at
    ]
    unit = _("epoch") if by == "epoch" else _("seconds")
    head = [unit, *(f"{method_name(curve.strategy)} (n = {curve.n})" for curve in drawn)]
    caption = _("{metric}, nats per token: the mean over seeds")
    html.table(head, rows, caption.format(metric=METRICS[metric].title))


def paper(comparison: Report) -> None:
    """Our means and places beside the paper's."""
    ours, theirs = methods_paper.both_orders(comparison)
    rows = [
        [
            method_name(strategy),
            str(ours.index(strategy) + 1),
            _three(mean(comparison, strategy, "nll_oracle")),
            str(theirs.index(strategy) + 1),
            f"{methods_paper.NLL_ORACLE[strategy]:.3f}",
        ]
        for strategy in ours
    ]
    if len(rows) > 1:
        head = [_("method"), _("place here"), _("NLL_oracle here"), _("place there"), _("paper")]
        html.table(head, rows, _("NLL_oracle, nats per token; the paper's {source}").format(
            source=methods_paper.SOURCE))  # fmt: skip


def _mean(summary: dict[str, Any], *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    value = format(summary["mean"], f"{sign}.3f")
    if summary["low"] is None:
        return f"{value} (n = 1)"
    low, high = (format(summary[end], f"{sign}.3f") for end in ("low", "high"))
    return f"{value} [{low}, {high}]"


def _test(test: dict[str, Any]) -> list[str]:
    effect = test["effect"]
    return [
        method_name(test["first"]),
        f"{test['difference']:+.3f} [{test['low']:+.3f}, {test['high']:+.3f}]",
        p_text(test["p"]).removeprefix("p = ").removeprefix("p "),
        p_text(test["p_holm"]).removeprefix("p = ").removeprefix("p "),
        "–" if effect is None else f"{effect:+.2f}",
        f"{test['n_first']:,}, {test['n_second']:,}",
    ]


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
