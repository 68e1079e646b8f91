"""Means over seeds with their intervals, and every seed a dot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.figures.methods.report import (
    METRICS,
    Report,
    mean,
    method_name,
    method_style,
    ranked,
    real_level,
    row_of,
    seeds_text,
    span,
    strategies,
    trained,
)
from seqgan_core.figures.style import NEUTRAL, REAL, Figure, Trace, empty, fade, figure, note
from seqgan_core.messages import _

_WIDTH = 0.5  # of the strip that a method's seeds are spread over, in rows
_ROW_HEIGHT = 44  # pixels of height a row


def means(report: Report, metric: str, *, small: bool = False) -> Figure:
    """One metric: a row a method, a dot a seed, the mean with its 95% interval, real data's level.

    Args:
        report: a comparison.
        metric: a key of `METRICS`.
        small: a narrow panel that stands beside others.
    """
    what = METRICS[metric]
    real = real_level(report, metric)
    names = strategies(report)
    if not names:
        return empty(_("No method to compare yet"), _("A row will be a method, a dot a seed."))
    bounds = _bounds(report, metric, trained(report) or names)
    data: list[Trace] = []
    notes = [] if real is None else [_real_note(real, bounds)]
    for place, strategy in enumerate(names):
        row = row_of(report, strategy)
        assert row is not None
        middle = row["summary"][metric]["mean"]
        if bounds[0] <= middle <= bounds[1]:
            data += _row(row, metric, place)
        else:
            notes.append(off_scale(middle, bounds, place))
    result = figure(
        data,
        finding=_finding(report, metric),
        seeing=_seeing(metric, real, small=small),
        x_title=what.axis,
        y_title="",
        height=(_ROW_HEIGHT - 8 if small else _ROW_HEIGHT) * len(names) + 92,
        shapes=[] if real is None else [vertical_line(real, REAL)],
        notes=notes,
        x_range=bounds,
        y_range=(len(names) - 0.5, -0.5),
    )
    return with_rows(result, [method_name(strategy) for strategy in names])


def with_rows(result: Figure, names: Sequence[str]) -> Figure:
    """The figure with a named row at each whole number; names break into two lines."""
    layout = result["layout"]
    layout["hovermode"] = "closest"
    layout["showlegend"] = False
    layout["yaxis"] |= {
        "tickvals": list(range(len(names))),
        "ticktext": [title.replace(" ", "<br>", 1) for title in names],
        "showgrid": True,
    }
    layout["xaxis"] |= {"showgrid": True, "nticks": 6}
    return result


def offsets(seeds: Sequence[int]) -> list[float]:
    """Where each seed's dot stands across its row: by its place among them, never at random.

    >>> offsets([1, 2, 3])
    [-0.25, 0.0, 0.25]
    """
    if len(seeds) < 2:
        return [0.0] * len(seeds)
    order = sorted(seeds)
    return [_WIDTH * (order.index(seed) / (len(seeds) - 1) - 0.5) for seed in seeds]


def _row(row: Mapping[str, Any], metric: str, place: int) -> list[Trace]:
    style, title = method_style(row["strategy"]), method_name(row["strategy"])
    values = {result["seed"]: result["values"][metric] for result in row["results"]}
    summary = row["summary"][metric]
    return [
        dots(row["strategy"], values, place),
        point(title, summary, place, style.colour, style.symbol),
    ]


def dots(strategy: str, values: Mapping[int, float], place: int) -> Trace:
    """Every seed's value as a small open mark in its method's row."""
    style, title = method_style(strategy), method_name(strategy)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _("{method}, each seed").format(method=title),
        "x": list(values.values()),
        "y": [place + offset for offset in offsets(list(values))],
        "customdata": list(values),
        "marker": {"symbol": f"{style.symbol}-open", "size": 7, "color": style.colour},
        "hovertemplate": title + ", " + _("seed") + " %{customdata}: %{x:.4f}<extra></extra>",
    }


def point(
    title: str, summary: Mapping[str, Any], place: int, colour: str, symbol: str, key: str = "mean"
) -> Trace:
    """A value with its interval, in its row."""
    value, low, high = summary[key], summary["low"], summary["high"]
    has_interval = low is not None and high is not None
    interval = f" [{low:.4f}, {high:.4f}]" if has_interval else " " + _("(no interval)")
    trace: Trace = {
        "type": "scatter",
        "mode": "markers",
        "name": title,
        "x": [value],
        "y": [place],
        "marker": {"symbol": symbol, "size": 12, "color": colour},
        "hovertemplate": f"{title} {value:.4f}{interval}<extra></extra>",
    }
    if has_interval:
        trace["error_x"] = {
            "array": [high - value],
            "arrayminus": [value - low],
            "symmetric": False,
            "color": fade(colour, 0.75),
            "thickness": 2.5,
            "width": 6,
        }
    return trace


def _bounds(report: Report, metric: str, names: Sequence[str]) -> tuple[float, float]:
    """A scale for the dots of `names` and real data; intervals and the rest where they fit."""
    real = real_level(report, metric)
    held, others, ends = [] if real is None else [real], [], []
    for row in report["rows"]:
        values = [result["values"][metric] for result in row["results"]]
        if row["strategy"] in names:
            held += values
            summary = row["summary"][metric]
            ends += [end for end in (summary["low"], summary["high"]) if end is not None]
        else:
            others += values
    inner = span(held, others)
    return span([*held, *(v for v in others if inner[0] <= v <= inner[1])], ends, room=0.5)


def vertical_line(x: float, colour: str) -> dict[str, Any]:
    """A dashed line from top to bottom."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": colour, "width": 1.6, "dash": "dash"}, "layer": "below",
    }  # fmt: skip


def _real_note(real: float, bounds: tuple[float, float]) -> dict[str, Any]:
    right = real > sum(bounds) / 2
    return note(
        _("real data {value:.3f}").format(value=real), real, 1, colour=REAL, yref="paper",
        yanchor="bottom", xanchor="right" if right else "left",
    )  # fmt: skip


def off_scale(value: float, bounds: tuple[float, float], place: int) -> dict[str, Any]:
    """A value outside the scale, written at its edge."""
    right = value > bounds[1]
    text = f"{value:.3f} →" if right else f"← {value:.3f}"
    edge = bounds[1] if right else bounds[0]
    return note(text, edge, place, xanchor="right" if right else "left", colour=NEUTRAL)


def _seeing(metric: str, real: float | None, *, small: bool) -> str:
    kinds = {
        "nll_oracle": _(
            "Quality: how surprised the oracle is by what a method writes. Small marks are "
            "seeds, the large one their mean with its 95% interval (to the edge: it goes on)."
        ),
        "nll_test": _(
            "Coverage: how surprised a method is by held-out real sequences. A method that leaves "
            "out what may be said pays here. Small marks are seeds."
        ),
        "self_bleu": _("How alike a method's samples are: BLEU-3 of each against the others."),
        "distinct_2": _("Different pairs of tokens, as a share of all pairs."),
        "distinct_3": _("Different triples of tokens, as a share of all triples."),
    }
    green = "" if real is None or small else " " + _("Green: real data, drawn from the oracle.")
    return kinds[metric] + green


def _finding(report: Report, metric: str) -> str:
    what = METRICS[metric].title
    order = ranked(report, metric, trained(report))
    if not order:
        return _("{metric} of the untrained generator").format(metric=what)
    count = seeds_text(report)
    if len(order) == 1:
        return _("{metric}: {method} has {value:.3f} ({n})").format(
            metric=what, method=method_name(order[0]), value=mean(report, order[0], metric), n=count
        )
    low, high = order[0], order[-1]
    if metric == "nll_test":
        text = _("{metric}: {low} is lowest with {a:.3f}, {high} highest with {z:.3f} ({n})")
    elif metric == "nll_oracle":
        high = order[1]
        text = _("{metric}: {low} is lowest with {a:.3f}, then {high} with {z:.3f} ({n})")
    elif metric == "self_bleu":
        low, high = high, low
        text = _("{metric}: {low}'s samples are most alike, {a:.3f}")
    else:
        text = _("{metric}: {low} varies least, {a:.3f}")
    return text.format(
        metric=what,
        low=method_name(low),
        high=method_name(high),
        a=mean(report, low, metric),
        z=mean(report, high, metric),
        n=count,
    )


def notice(report: Report) -> str:
    """Who writes more probable sentences than real data, and who wins by which of the two."""
    real, names = real_level(report, "nll_oracle"), trained(report)
    if real is None or len(names) < 2 or mean(report, names[0], "nll_oracle") is None:
        return ""
    sentences = []
    below = [s for s in names if (mean(report, s, "nll_oracle") or 0.0) < real]
    if below:
        sentences.append(
            _(
                "Left of the green line by NLL_oracle: {who}. Who stands there writes sentences "
                "more probable than real ones: not nearer to the truth, but past it."
            ).format(who=", ".join(map(method_name, below)))
        )
    first, second = (ranked(report, metric, names)[0] for metric in ("nll_oracle", "nll_test"))
    if first != second:
        sentences.append(
            _(
                "{first} is first by NLL_oracle and {other} by NLL_test: which method wins is "
                "decided by which number is looked at."
            ).format(first=method_name(first), other=method_name(second))
        )
    else:
        sentences.append(_("{first} is first by both numbers.").format(first=method_name(first)))
    return " ".join(sentences)
