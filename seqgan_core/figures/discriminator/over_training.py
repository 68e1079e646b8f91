"""D through training: what it says of real and fake, what it only remembers, and whether to
believe its P(real).
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    level,
    line,
    note,
    numbers,
    ribbon,
)
from seqgan_core.messages import _

BARS = 25
LEANING = 0.05  # of D's mean score from ½; beyond it D leans to one side


def histograms(
    real: np.ndarray,
    fake: np.ndarray,
    training: np.ndarray,
    accuracy: tuple[float, float, float],
    *,
    height: int = 330,
) -> Figure:
    """D's scores: held-out real sequences above the line, fresh ones of G below it.

    Args:
        real: P(real) of held-out real sequences, (n,).
        fake: of fresh ones, (n,).
        training: of real sequences of the training data, (n,), drawn as an outline.
        accuracy: D's on the first two, with its 95 % interval.
        height: in pixels.
    """
    seeing = _(
        "{n} sequences of each kind by what D says of them: held-out real ones up, fresh ones of G "
        "down. The dotted outline is real sequences of the training data. Right of ½ D calls "
        "them real."
    ).format(n=len(fake))
    if not len(real) or not len(fake):
        return empty(_("Nothing is scored yet"), seeing, height=height)
    edges = np.linspace(0.0, 1.0, BARS + 1)
    middles = ((edges[1:] + edges[:-1]) / 2).tolist()
    up, down, outline = (_shares(values, edges) for values in (real, fake, training))
    data: list[Trace] = [
        _bars(middles, up, up, _("real, held out"), REAL, ""),
        _bars(middles, [-share for share in down], down, _("G's, fresh"), GENERATOR, "/"),
    ]
    if len(training):
        outlined = line(
            middles, outline, _("real, trained on"), REAL, dash="dot", hover="%{y:.1f} %"
        )
        outlined["line"]["shape"] = "hvh"
        data.append(outlined)
    most = 5 * math.ceil(max(*up, *down, *outline, 1.0) * 1.05 / 5)
    value, low, high = accuracy
    result = figure(
        data,
        finding=_(
            "D is right on {value:.1f} % of new sequences ({low:.1f} to {high:.1f}); a coin on 50 %"
        ).format(value=100 * value, low=100 * low, high=100 * high),
        seeing=seeing,
        x_title=_("D's score, P(real)"),
        y_title=_("% of sequences"),
        height=height,
        x_range=(0, 1),
        y_range=(-most, most),
        shapes=[
            {"type": "line", "xref": "x", "yref": "paper", "x0": 0.5, "x1": 0.5, "y0": 0, "y1": 1,
             "line": {"color": NEUTRAL, "width": 1.4, "dash": "dash"}},
        ],
        notes=[
            note(_("▲ real"), 0.49, 0.99, colour=REAL, xref="paper", yref="paper", xanchor="right"),
            note(_("▼ fake"), 0.49, 0.01, colour=GENERATOR, xref="paper", yref="paper",
                 xanchor="right"),
        ],
    )  # fmt: skip
    ticks = [-most, -most / 2, 0, most / 2, most]
    result["layout"]["yaxis"] |= {
        "tickvals": ticks, "ticktext": [f"{abs(tick):g}" for tick in ticks]
    }  # fmt: skip
    result["layout"] |= {"barmode": "overlay", "bargap": 0.06}
    return result


def _shares(values: np.ndarray, edges: np.ndarray) -> list[float]:
    """Percent of the values in each bin; 0 of each where there are none."""
    counts = np.histogram(values, edges)[0]
    return [float(share) for share in 100 * counts / max(1, len(values))]


def _bars(
    x: list[float], y: list[float], values: list[float], name: str, colour: str, shape: str
) -> Trace:
    return {
        "type": "bar", "x": numbers(x), "y": numbers(y), "name": name,
        "customdata": numbers(values),
        "marker": {
            "color": fade(colour, 0.75),
            "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "size": 5},
        },
        "hovertemplate": f"{name} %{{customdata:.1f}} %<extra></extra>",
    }  # fmt: skip


def score_history(frame: pd.DataFrame, *, height: int = 330) -> Figure:
    """What D said of real and fake at every checkpoint: medians, and the middle 80 %."""
    seeing = _(
        "Lines are medians of what D says, bands hold the middle 80 % of the sequences. The dice "
        "and the real sequences are the same at every checkpoint."
    )
    if frame.empty:
        return empty(_("D has no trained checkpoint yet"), seeing, height=height)
    x = frame["epoch"].tolist()
    data = []
    for name, side, colour, dash, marker in (
        (_("real, held out"), "real", REAL, "solid", "circle"),
        (_("G's, fresh"), "fake", GENERATOR, "dash", "diamond"),
    ):
        low, middle, high = (frame[f"{side}_q{q}"].tolist() for q in (10, 50, 90))
        band = ribbon(x, low, high, _("middle 80 %"), colour) | {"showlegend": False}
        data += [band, line(x, middle, name, colour, dash=dash, marker=marker)]
    return figure(
        data, finding=_parting(frame), seeing=seeing, x_title=_epochs(),
        y_title=_("D's score, P(real)"), height=height, y_range=(0, 1),
        shapes=[level(0.5, NEUTRAL)],
    )  # fmt: skip


def _parting(frame: pd.DataFrame) -> str:
    """How far D tells real from fake apart, at first and now, and whether that changed."""
    apart = (frame["real_mean"] - frame["fake_mean"]).tolist()
    halves = np.hypot(frame["real_half"], frame["fake_half"]).tolist()
    first, last = (_above(apart[end], halves[end]) for end in (0, -1))
    if len(apart) == 1:
        return _("On average D puts real {gap} fake").format(gap=first)
    change, noise = frame[["change", "change_half"]].iloc[-1]
    words = (
        _("no clear change")
        if not abs(change) > noise
        else _("it has turned")
        if apart[0] * apart[-1] < 0
        else _("it has grown")
        if abs(apart[-1]) > abs(apart[0])
        else _("it has shrunk")
    )
    return _("On average D puts real {first} fake at first, {last} at last: {words}").format(
        first=first, last=last, words=words
    )


def _above(gap: float, half: float) -> str:
    words = _("{size:.3f} ± {half:.3f} above") if gap >= 0 else _("{size:.3f} ± {half:.3f} below")
    return words.format(size=abs(gap), half=half)


def memory(frame: pd.DataFrame, *, height: int = 330) -> Figure:
    """D's accuracy on what it was trained on last, against sequences it has never seen."""
    seeing = _(
        "Bands are 95 % intervals. Seen: the very sequences of D's last training set, made again "
        "from its number. New: held-out real and fresh ones of G. The gap is what D only remembers."
    )
    if frame.empty:
        return empty(_("D has no trained checkpoint yet"), seeing, height=height)
    data = []
    floor = 100 * min(0.4, frame[["accuracy_low", "seen_low"]].min().min())
    for name, column, colour, dash, marker in (
        (_("seen"), "seen", NEUTRAL, "dash", "square"),
        (_("new"), "accuracy", DISCRIMINATOR, "solid", "circle"),
    ):
        known = frame.dropna(subset=[column])
        x, y = known["epoch"].tolist(), (100 * known[column]).tolist()
        if not x:
            continue
        low, high = ((100 * known[f"{column}_{end}"]).tolist() for end in ("low", "high"))
        band = ribbon(x, low, high, _("95 %"), colour) | {"showlegend": False}
        data += [band, line(x, y, name, colour, dash=dash, marker=marker, hover="%{y:.1f} %")]
    return figure(
        data, finding=remembered(frame.iloc[-1]), seeing=seeing, x_title=_epochs(),
        y_title=_("% called rightly"), height=height, y_range=(floor, 100),
        shapes=[level(50, NEUTRAL)], notes=[note(_("a coin"), 0.0, 50, xref="paper",
                                                 xanchor="left", yanchor="bottom")],
    )  # fmt: skip


def remembered(row: pd.Series[float]) -> str:
    """One checkpoint's gap between seen and new, and whether it is more than noise."""
    if math.isnan(row["seen"]):
        return _(
            "Right on {new:.1f} % of new sequences; those it saw last cannot be made again"
        ).format(new=100 * row["accuracy"])
    words = _("Right on {seen:.1f} % of what it just saw and {new:.1f} % of new ones: ").format(
        seen=100 * row["seen"], new=100 * row["accuracy"]
    )
    if row["gap_low"] <= 0.0:
        return words + _("no memory to be seen beyond noise")
    return words + _("{gap:.1f} points ({low:.1f} to {high:.1f}) are memory").format(
        gap=100 * row["gap"], low=100 * row["gap_low"], high=100 * row["gap_high"]
    )


def calibration(
    frame: pd.DataFrame, *, error: float, by_chance: float, clear: bool, predicted: float,
    height: int = 330,
) -> Figure:  # fmt: skip
    """Of the sequences of which D says p, how many are real.

    Args:
        frame: a line a bin: predicted, share, low, high, n.
        error: expected calibration error.
        by_chance: what it would be for a D that can be taken at its word.
        clear: whether `error` is more than chance.
        predicted: D's mean score; half of the sequences are real.
        height: in pixels.
    """
    seeing = _(
        "Held-out real and fresh sequences, equally many, by what D says, bins: {k}; the mark is "
        "the share that is real, its whiskers the 95 % interval. On the dashed line D can be "
        "taken at its word."
    ).format(k=len(frame))
    if frame.empty:
        return empty(_("Nothing is scored yet"), seeing, height=height)
    points: Trace = {
        "type": "scatter", "mode": "lines+markers", "name": _("share that is real"),
        "x": numbers(frame["predicted"]), "y": numbers(frame["share"]),
        "line": {"color": fade(DISCRIMINATOR, 0.4), "width": 1.4},
        "marker": {"symbol": "circle", "size": 8, "color": DISCRIMINATOR},
        "error_y": {
            "type": "data", "symmetric": False, "thickness": 1.4, "width": 4,
            "array": numbers(frame["high"] - frame["share"]),
            "arrayminus": numbers(frame["share"] - frame["low"]),
        },
        "customdata": frame[["low", "high", "n"]].astype(float).round(4).to_numpy().tolist(),
        "hovertemplate": _("D says %{x:.3f}: %{y:.1%} real (%{customdata[0]:.1%} to "
                           "%{customdata[1]:.1%}, n = %{customdata[2]})") + "<extra></extra>",
    }  # fmt: skip
    result = figure(
        [points],
        finding=_calibrated(error, by_chance, clear, predicted, frame),
        seeing=seeing,
        x_title=_("what D says, P(real)"),
        y_title=_("share that is real"),
        height=height,
        x_range=(0, 1),
        y_range=(0, 1),
        shapes=[
            {"type": "line", "x0": 0, "y0": 0, "x1": 1, "y1": 1,
             "line": {"color": NEUTRAL, "width": 1.4, "dash": "dash"}},
        ],
    )  # fmt: skip
    result["layout"] |= {"hovermode": "closest", "showlegend": False}
    return result


def _calibrated(
    error: float, by_chance: float, clear: bool, predicted: float, frame: pd.DataFrame
) -> str:
    off = _("D's P(real) is off by {error:.1f} points, {chance:.1f} by chance alone: ").format(
        error=100 * error, chance=100 * by_chance
    )
    if not clear:
        return off + _("it can be taken at its word")
    if abs(predicted - 0.5) > LEANING or len(frame) < 2:  # one bin has no slope
        words = _("it says {said:.2f} on average where half are real")
        return off + words.format(said=predicted)
    away, real = frame["predicted"] - predicted, frame["share"] - frame["share"].mean()
    slope = (frame["n"] * away * real).sum() / max(1e-12, (frame["n"] * away**2).sum())
    return off + (_("it is too sure") if slope < 1 else _("it is not sure enough"))


def _epochs() -> str:
    return _("MLE epochs, then adversarial rounds")
