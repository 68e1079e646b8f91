"""The numbers of the methods screen as tables: the text alternative of every figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pages.ui.common import html
from pages.ui.common.i18n import _
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

_MOST_ROWS = 26  # of a curve


def means(found: Report) -> None:
    """Means over seeds with their intervals, and real data."""
    there = metrics(found)
    rows = [
        [method_name(row["strategy"]), *(_mean(row["summary"][metric]) for metric in there)]
        for row in found["rows"]
    ]
    if found["real"]:
        rows.append([_("Real data (the oracle)"), *(_three(found["real"].get(m)) for m in there)])
    caption = _("Means over seeds with their 95% intervals; {n:,} samples of each run")
    head = [_("method"), *(METRICS[metric].title for metric in there)]
    html.table(head, rows, caption.format(n=found["samples"]))


def every_run(found: Report) -> None:
    """Every seed of every method."""
    there = metrics(found)
    rows = [
        [
            f"{method_name(row['strategy'])}, {result['seed']}",
            *(f"{result['values'][metric]:.3f}" for metric in there),
            f"{result['seconds']:.0f}",
            result["run"],
        ]
        for row in found["rows"]
        for result in row["results"]
    ]
    head = [_("method, seed"), *(METRICS[m].title for m in there), _("seconds"), _("run")]
    html.table(head, rows, _("Every run"))


def tests(found: Report) -> None:
    """Every test, over runs and over sentences, with its n."""
    heads = [_("against {name}").format(name=method_name(found["reference"])),
             _("difference [95%]"), _("p"), _("p (Holm)"), _("Hedges' g"), _("n, n")]  # fmt: skip
    for key, what in (
        ("over_runs", _("a run")),
        ("over_sentences", _("a sentence of the lowest seed's run")),
    ):
        for metric, tested in found[key].items():
            caption = _("{metric}, one observation is {what}: Welch's test").format(
                metric=METRICS[metric].title, what=what
            )
            html.table(heads, [_test(test) for test in tested], caption)
    if why := untested(found):
        html.quiet(why)


def distances(gaps: Sequence[Gap]) -> None:
    """How far above MLE's curve of temperatures each method lies."""
    rows = []
    for gap in gaps:
        summary, seeds = gap["summary"], gap["seeds"]
        each = ", ".join(f"{value:+.3f}" for value in seeds.values()) or "–"
        told = "–" if summary is None else _mean(summary, signed=True)
        rows.append(
            [method_name(gap["strategy"]), told, each, str(len(seeds)), str(gap["outside"])]
        )
    if rows:
        head = [_("method"), _("mean [95%]"), _("each seed"), _("n"), _("out of reach")]
        html.table(head, rows, _("NLL_test above MLE's curve at equal NLL_oracle, nats per token"))


def temperatures(found: Report) -> None:
    """Every model's two numbers at every temperature, means over seeds."""
    turned = found["frontier"]
    if not turned:
        return
    steps = [point["temperature"] for point in next(iter(turned.values()))[0]["points"]]
    rows = []
    for index, temperature in enumerate(steps):
        cells = [f"{temperature:g}"]
        for seeds in turned.values():
            points = [one["points"][index] for one in seeds]
            x, y = (np.mean([p[key] for p in points]) for key in ("nll_oracle", "nll_test"))
            cells.append(f"{x:.3f} / {y:.3f}")
        rows.append(cells)
    head = [_("temperature"), *(method_name(strategy) for strategy in turned)]
    html.table(head, rows, _("NLL_oracle / NLL_test with the temperature turned, means over seeds"))


def curves(found: Report, metric: str, by: methods_curves.By) -> None:
    """The mean curves, thinned to a table's length."""
    drawn = methods_curves.mean_curves(found, metric, by)
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


def paper(found: Report) -> None:
    """Our means and places beside the paper's."""
    ours, theirs = methods_paper.both_orders(found)
    rows = [
        [
            method_name(strategy),
            str(ours.index(strategy) + 1),
            _three(mean(found, strategy, "nll_oracle")),
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
