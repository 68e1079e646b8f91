"""Exposure bias as pictures: writing and reading by position, true and own prefixes, the wound.

What the title of each says is computed in `exposure_words`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from seqgan_core.figures.exposure import labels as words
from seqgan_core.figures.exposure.labels import PerturbationExcess, PrefixDivergence, Series
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
    note,
    numbers,
    ribbon,
)
from seqgan_core.messages import _

MOST_RIBBONS = 4  # more would cover each other: then only MLE's and the chosen model's are drawn
_MARKERS = ("triangle-up", "cross", "star", "hexagon", "triangle-down", "x")
_DASHES = ("dashdot", "longdash", "longdashdot", "dot")  # none that MLE or the model has
_Look = tuple[str, str, str]  # colour, dash, marker
_LOOKS: dict[str, _Look] = {
    "real": (REAL, "dot", "diamond"),
    "mle": (NEUTRAL, "dash", "square"),
    "model": (GENERATOR, "solid", "circle"),
}


def writing(real: Series, models: Sequence[Series], *, height: int = 330) -> Figure:
    """The oracle's NLL of what each model writes on its own, over the floor of real data."""
    return _figure(
        real,
        _traces([real, *models]),
        finding=words.writing(models),
        seeing=_(
            "Writing: how surprised the oracle is by each token that a model writes on its own. "
            "Real data is the floor; a model that sharpens can fall below it. Ribbons: 95% of "
            "the mean at each position."
        ),
        y_title=_("NLL by the oracle, nats, lower is better"),
        height=height,
    )


def reading(real: Series | None, models: Sequence[Series], *, height: int = 330) -> Figure:
    """Each model's NLL of held-out real sequences, true prefixes given."""
    lines = [*([real] if real else []), *models]
    return _figure(
        models[0],
        _traces(lines),
        finding=words.reading(models),
        seeing=_(
            "Reading (teacher forcing): how surprised each model is by the next token of a real "
            "sequence that it has not seen, the true beginning given. This is NLL_test, position "
            "by position."
        ),
        y_title=_("NLL of real data, nats, lower is better"),
        height=height,
    )


def forced_and_free(models: Sequence[PrefixDivergence], *, height: int = 350) -> Figure:
    """How far each model is from the truth after true prefixes, and after its own."""
    data: list[Trace] = []
    others = 0
    for model in models:
        look, others = _look(model.role, others)
        data += _drawn(model.free, look, bare=model.role == "other" and len(models) > 2)
        data += _drawn(model.forced, (look[0], look[1], f"{look[2]}-open"), bare=True, thin=True)
    return _figure(
        models[0].free,
        data,
        finding=words.forced_and_free(models),
        seeing=_(
            "Filled marks: after prefixes that the model wrote itself. Open marks: after the "
            "prefixes of real sequences. Both are divergences from the oracle's own distribution "
            "of the next token, summed over the whole vocabulary."
        ),
        y_title=_("divergence, nats, 0 is the truth"),
        height=height,
    )


def gap(models: Sequence[PrefixDivergence], *, height: int = 350) -> Figure:
    """Own less true prefixes, by position: exposure bias itself."""
    return _figure(
        models[0].gap,
        _traces([model.gap for model in models]),
        finding=words.gap(models),
        seeing=_(
            "The difference of the two, with its 95% interval at each position. Above 0: the "
            "model is worse on its own prefixes, which is exposure bias. Below 0: it is better "
            "there than on real ones. A ribbon over 0: it cannot be told."
        ),
        y_title=_("own less true prefixes, nats"),
        height=height,
        shapes=[level(0, NEUTRAL)],
    )


def excess(
    reference: Series, models: Sequence[PerturbationExcess], k: int, *, height: int = 330
) -> Figure:
    """Wounded less whole, by position after the wound at k, with the oracle's own as reference."""
    return _figure(
        reference,
        _traces([reference, *(model.excess for model in models)]),
        finding=words.excess(reference, models),
        seeing=_(
            "What the oracle finds worse after the wounded prefix than after the whole one, the "
            "same dice for both. The green line is the oracle writing on itself: a wound changes "
            "what there is to say, so it need not be 0."
        ),
        y_title=_("excess, nats a token, lower is better"),
        height=height,
        shapes=[level(0, NEUTRAL), _wound(k)],
        notes=[_wound_note(k)],
        x_range=(k - 0.4, _last(reference) + 0.4),
    )


def beyond(models: Sequence[PerturbationExcess], k: int, *, height: int = 330) -> Figure:
    """Each model's excess less the oracle's; a ring from where on it is not clearly above it."""
    data = _traces([model.beyond for model in models])
    rings = [
        (model.recovered, model.beyond.mean[model.recovered - model.beyond.first])
        for model in models
        if model.recovered is not None
    ]
    if rings:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _("recovered"),
                "x": [at for at, _value in rings],
                "y": numbers(value for _at, value in rings),
                "marker": {
                    "symbol": "circle-open",
                    "size": 15,
                    "color": REAL,
                    "line": {"width": 2.5},
                },
                "hoverinfo": "skip",
            }
        )
    return _figure(
        models[0].beyond,
        data,
        finding=words.beyond(models),
        seeing=_(
            "The model's excess less the oracle's own, of the same wounds. A green ring marks the "
            "first position from which on no 95% interval lies above 0: from there, by this "
            "rule, the model has recovered. With few sequences noise alone can do that."
        ),
        y_title=_("beyond the oracle's excess, nats"),
        height=height,
        shapes=[level(0, REAL), _wound(k)],
        notes=[_wound_note(k)],
        x_range=(k - 0.4, _last(models[0].beyond) + 0.4),
    )


# -- drawing ---------------------------------------------------------------------------------------


def _traces(series: Sequence[Series]) -> list[Trace]:
    data: list[Trace] = []
    others = 0
    for curve in series:
        look, others = _look(curve.role, others)
        bare = curve.role == "other" and len(series) > MOST_RIBBONS
        data += _drawn(curve, look, bare=bare)
    return data


def _look(role: str, others: int) -> tuple[_Look, int]:
    """How a role is drawn; runs that were added get a look each, in their order."""
    if role in _LOOKS:
        return _LOOKS[role], others
    colours = COMPARED[1:]
    look = (
        colours[others % len(colours)],
        _DASHES[others % len(_DASHES)],
        _MARKERS[others % len(_MARKERS)],
    )
    return look, others + 1


def _drawn(series: Series, look: _Look, *, bare: bool = False, thin: bool = False) -> list[Trace]:
    """A line with its ribbon; `bare` without, as where the interval is not known."""
    colour, dash, marker = look
    x = series.positions
    curve = line(
        x,
        series.mean,
        series.name,
        colour,
        dash=dash,
        width=1.4 if thin else 2.2,
        marker=marker,
        hover="%{y:.3f} ± %{customdata:.3f}",
        customdata=numbers(series.half),
    )
    if bare or not all(math.isfinite(half) for half in series.half):
        return [curve]
    if len(x) == 1:  # a ribbon has no width there
        curve["error_y"] = {"array": numbers(series.half), "color": fade(colour, 0.6)}
        return [curve]
    low = [mean - half for mean, half in zip(series.mean, series.half, strict=True)]
    high = [mean + half for mean, half in zip(series.mean, series.half, strict=True)]
    return [ribbon(x, low, high, series.name, colour) | {"showlegend": False}, curve]


def _figure(first: Series, data: list[Trace], *, height: int, **more: Any) -> Figure:
    """The house's frame with positions below; taller where the legend needs more lines."""
    named = sum(trace.get("showlegend", True) for trace in data)
    more.setdefault("x_range", (first.first - 0.4, _last(first) + 0.4))
    result = figure(
        data, x_title=_("position in the sequence"), height=height + 16 * max(0, named - 3), **more
    )
    count = len(first.mean)
    axis = result["layout"]["xaxis"]
    axis |= {"dtick": 1 if count <= 12 else 2 if count <= 24 else 10, "tick0": 0}
    return result


def _last(series: Series) -> int:
    return series.first + len(series.mean) - 1


def _wound(k: int) -> dict[str, Any]:
    """A line from top to bottom where the token was replaced."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": k, "x1": k, "y0": 0, "y1": 1,
        "line": {"color": NEUTRAL, "width": 1.4, "dash": "dot"},
    }  # fmt: skip


def _wound_note(k: int) -> dict[str, Any]:
    text = _("✕ wound at {k}").format(k=k)
    return note(text, k, 1, yref="paper", xanchor="left", yanchor="top", xshift=4)
