"""Exposure bias as figures: NLL by position, true and own prefixes, perturbation and recovery."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from seqgan_core.figures.exposure import findings
from seqgan_core.figures.style import (
    COMPARED,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    fade,
    figure,
    level,
    line,
    marks,
    note,
    numbers,
    ribbon,
    upright,
)
from seqgan_core.messages import _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.exposure.summary import PerturbationExcess, PrefixDivergence, Series

MOST_RIBBONS = 4  # more would cover each other: then only MLE's and the chosen model's are drawn
_MARKERS = ("triangle-up", "cross", "star", "hexagon", "triangle-down", "x")
_DASHES = ("dashdot", "longdash", "longdashdot", "dot")  # none that MLE or the model has
_Look = tuple[str, str, str]  # colour, dash, marker
_LOOKS: dict[str, _Look] = {
    "real": (REAL, "dot", "diamond"),
    "mle": (NEUTRAL, "dash", "square"),
    "model": (GENERATOR, "solid", "circle"),
}


def writing(real: Series, models: Sequence[Series]) -> Figure:
    """The oracle's NLL of each model's samples, with real data as the floor."""
    return _figure(
        real,
        _traces([real, *models]),
        finding=findings.writing(models),
        seeing=remark("seeing.writing"),
        y_title=_("NLL_oracle, nats, lower is better"),
    )


def reading(real: Series | None, models: Sequence[Series]) -> Figure:
    """Each model's NLL of held-out real sequences, real prefixes given."""
    lines = [*([real] if real else []), *models]
    return _figure(
        models[0],
        _traces(lines),
        finding=findings.reading(models),
        seeing=remark("seeing.reading"),
        y_title=_("NLL_test, nats, lower is better"),
    )


def forced_and_free(models: Sequence[PrefixDivergence]) -> Figure:
    """Each model's divergence from the oracle after real prefixes, and after its own."""
    data: list[Trace] = []
    for model, look in zip(models, _looks(models), strict=True):
        data += _drawn(model.free, look, bare=model.role == "other" and len(models) > 2)
        data += _drawn(model.forced, (look[0], look[1], f"{look[2]}-open"), bare=True, thin=True)
    return _figure(
        models[0].free,
        data,
        finding=findings.forced_and_free(models),
        seeing=remark("seeing.forced-and-free"),
        y_title=_("divergence, nats, 0 is exact"),
        height=350,
    )


def gap(models: Sequence[PrefixDivergence]) -> Figure:
    """Own minus real prefixes by position: exposure bias itself."""
    return _figure(
        models[0].gap,
        _traces([model.gap for model in models]),
        finding=findings.gap(models),
        seeing=remark("seeing.gap"),
        y_title=_("own minus real prefixes, nats"),
        height=350,
        shapes=[level(0, NEUTRAL)],
    )


def excess(reference: Series, models: Sequence[PerturbationExcess], k: int) -> Figure:
    """Perturbed minus intact by position after k, with the oracle's own as the reference."""
    return _figure(
        reference,
        _traces([reference, *(model.excess for model in models)]),
        finding=findings.excess(reference, models),
        seeing=remark("seeing.excess"),
        y_title=_("excess, nats per token, lower is better"),
        shapes=[level(0, NEUTRAL), upright(k, NEUTRAL)],
        notes=[_perturbation_note(k)],
        x_range=(k - 0.4, reference.positions[-1] + 0.4),
    )


def beyond(models: Sequence[PerturbationExcess], k: int) -> Figure:
    """Each model's excess minus the oracle's, with a ring where it has recovered."""
    data = _traces([model.beyond for model in models])
    rings = [
        (model.recovered, model.beyond.by_position.mean[model.recovered - model.beyond.first])
        for model in models
        if model.recovered is not None
    ]
    if rings:
        at, values = zip(*rings, strict=True)
        ring = {"width": 2.5}
        data.append(marks(at, values, _("recovered"), REAL, "circle-open", size=15, edge=ring))
    return _figure(
        models[0].beyond,
        data,
        finding=findings.beyond(models),
        seeing=remark("seeing.beyond"),
        y_title=_("excess minus the oracle's, nats"),
        shapes=[level(0, REAL), upright(k, NEUTRAL)],
        notes=[_perturbation_note(k)],
        x_range=(k - 0.4, models[0].last + 0.4),
    )


# -- drawing ---------------------------------------------------------------------------------------


def _traces(series: Sequence[Series]) -> list[Trace]:
    many = len(series) > MOST_RIBBONS
    return [
        trace
        for curve, look in zip(series, _looks(series), strict=True)
        for trace in _drawn(curve, look, bare=many and curve.role == "other")
    ]


def _looks(series: Sequence[Series | PrefixDivergence]) -> list[_Look]:
    """How the roles are drawn; runs that were added get a look each, in their order."""
    free = zip(cycle(COMPARED[1:]), cycle(_DASHES), cycle(_MARKERS), strict=True)
    return [_LOOKS.get(each.role) or next(free) for each in series]


def _drawn(series: Series, look: _Look, *, bare: bool = False, thin: bool = False) -> list[Trace]:
    """A line with its ribbon; `bare` without, as where the interval is not known."""
    colour, dash, marker = look
    x, mean, half = series.positions, series.by_position.mean, series.by_position.half
    curve = line(
        x,
        mean.tolist(),
        series.name,
        colour,
        dash=dash,
        width=1.4 if thin else 2.2,
        marker=marker,
        hover="%{y:.3f} ± %{customdata:.3f}",
        customdata=numbers(half),
    )
    if bare or not np.isfinite(half).all():
        return [curve]
    if len(x) == 1:  # a ribbon has no width there
        curve["error_y"] = {"array": numbers(half), "color": fade(colour, 0.6)}
        return [curve]
    band = ribbon(x, mean - half, mean + half, series.name, colour)
    return [band | {"showlegend": False}, curve]


def _figure(first: Series, data: list[Trace], *, height: int = 330, **more: Any) -> Figure:
    """The house's frame with positions below; taller where the legend needs more lines."""
    named = sum(trace.get("showlegend", True) for trace in data)
    more.setdefault("x_range", (first.first - 0.4, first.positions[-1] + 0.4))
    count = len(first.positions)
    return figure(
        data, x_title=_("position in the sequence"), height=height + 16 * max(0, named - 3),
        x_axis={"dtick": 1 if count <= 12 else 2 if count <= 24 else 10, "tick0": 0}, **more,
    )  # fmt: skip


def _perturbation_note(k: int) -> dict[str, Any]:
    text = _("✕ perturbed at {k}").format(k=k)
    return note(text, k, 1, yref="paper", xanchor="left", yanchor="top", xshift=4)
