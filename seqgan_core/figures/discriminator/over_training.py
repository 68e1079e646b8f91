"""D through training: its scores of real and fake, what it memorised, and its calibration."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    bars,
    empty,
    fade,
    figure,
    level,
    line,
    note,
    numbers,
    ribbon,
    upright,
)
from seqgan_core.messages import _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.discriminator.calibration import Calibration, Share
    from seqgan_core.insight.discriminator.scores import CheckpointScores, Scores

BARS = 25
HEIGHT = 330


def histograms(scores: Scores, right: Share) -> Figure:
    """D's scores: held-out real sequences above the line, fresh samples of G below it.

    `right` is D's accuracy on both.
    """
    seeing = remark("seeing.histograms", n=len(scores.fake))
    if not len(scores.held_out) or not len(scores.fake):
        return empty(_("No scores yet"), seeing, height=HEIGHT)
    edges = np.linspace(0.0, 1.0, BARS + 1)
    middles = ((edges[1:] + edges[:-1]) / 2).tolist()
    parts = (scores.held_out, scores.fake, scores.training)
    up, down, outline = (_shares(values, edges) for values in parts)
    data = [
        bars(
            middles, y, name, fade(colour, 0.75), shape,
            customdata=numbers(shares), hover=f"{name} %{{customdata:.1f}}%",
        )
        for name, colour, shape, shares, y in (
            (_("real, held-out"), REAL, "", up, up),
            (_("samples of G"), GENERATOR, "/", down, [-share for share in down]),
        )
    ]  # fmt: skip
    if len(scores.training):
        data.append(
            line(middles, outline, _("real, training data"), REAL, dash="dot", shape="hvh",
                 hover="%{y:.1f}%")
        )  # fmt: skip
    most = 5 * math.ceil(max(*up, *down, *outline, 1.0) * 1.05 / 5)
    ticks = [-most, -most / 2, 0, most / 2, most]
    return figure(
        data,
        finding=findings.accuracy(right),
        seeing=seeing,
        x_title=_("D's score, P(real)"),
        y_title=_("% of sequences"),
        height=HEIGHT,
        x_range=(0, 1),
        y_range=(-most, most),
        shapes=[upright(0.5, NEUTRAL, "dash")],
        notes=[
            note(_("▲ real"), 0.49, 0.99, colour=REAL, xref="paper", yref="paper", xanchor="right"),
            note(_("▼ fake"), 0.49, 0.01, colour=GENERATOR, xref="paper", yref="paper",
                 xanchor="right"),
        ],
        y_axis={"tickvals": ticks, "ticktext": [f"{abs(tick):g}" for tick in ticks]},
        barmode="overlay", bargap=0.06,
    )  # fmt: skip


def _shares(values: np.ndarray, edges: np.ndarray) -> list[float]:
    """Percent of the values in each bin; 0 of each where there are none."""
    counts = np.histogram(values, edges)[0]
    return [float(share) for share in 100 * counts / max(1, len(values))]


def score_history(history: list[CheckpointScores]) -> Figure:
    """D's scores of real and fake at every checkpoint: medians, and the middle 80%."""
    seeing = remark("seeing.score-history")
    if not history:
        return empty(_("No checkpoint has a trained D yet"), seeing, height=HEIGHT)
    x = [row.epoch for row in history]
    data = []
    for name, spreads, colour, dash, marker in (
        (_("real, held-out"), [row.real for row in history], REAL, "solid", "circle"),
        (_("samples of G"), [row.fake for row in history], GENERATOR, "dash", "diamond"),
    ):
        low, middle, high = zip(*(spread.quantiles for spread in spreads), strict=True)
        band = ribbon(x, low, high, _("middle 80%"), colour) | {"showlegend": False}
        data += [band, line(x, middle, name, colour, dash=dash, marker=marker)]
    return figure(
        data, finding=findings.separation(history), seeing=seeing, x_title=_("epoch"),
        y_title=_("D's score, P(real)"), height=HEIGHT, y_range=(0, 1),
        shapes=[level(0.5, NEUTRAL)],
    )  # fmt: skip


def memory(history: list[CheckpointScores]) -> Figure:
    """D's accuracy on its last training set, compared with new sequences."""
    seeing = remark("seeing.memory")
    if not history:
        return empty(_("No checkpoint has a trained D yet"), seeing, height=HEIGHT)
    data = []
    floor = 0.4
    for name, shares, colour, dash, marker in (
        (_("seen"), [row.seen for row in history], NEUTRAL, "dash", "square"),
        (_("new"), [row.new for row in history], DISCRIMINATOR, "solid", "circle"),
    ):
        known = [(row.epoch, s) for row, s in zip(history, shares, strict=True) if s is not None]
        if not known:
            continue
        x = [epoch for epoch, _share in known]
        y, low, high = (
            [100 * getattr(share, part) for _epoch, share in known]
            for part in ("value", "low", "high")
        )
        floor = min(floor, *(value / 100 for value in low))
        band = ribbon(x, low, high, _("95%"), colour) | {"showlegend": False}
        data += [band, line(x, y, name, colour, dash=dash, marker=marker, hover="%{y:.1f}%")]
    return figure(
        data, finding=findings.memory(history[-1]), seeing=seeing, x_title=_("epoch"),
        y_title=_("accuracy, %"), height=HEIGHT, y_range=(100 * floor, 100),
        shapes=[level(50, NEUTRAL)], notes=[note(_("chance"), 0.0, 50, xref="paper",
                                                 xanchor="left", yanchor="bottom")],
    )  # fmt: skip


def calibration(judged: Calibration) -> Figure:
    """Of the sequences that D gives the score p, how many are real."""
    bins = judged.bins
    seeing = remark("seeing.calibration", k=len(bins))
    if not bins:
        return empty(_("No scores yet"), seeing, height=HEIGHT)
    shares = [each.real for each in bins]
    points = line(
        [each.predicted for each in bins], [share.value for share in shares],
        _("share that is real"), DISCRIMINATOR, marker="circle",
        line={"color": fade(DISCRIMINATOR, 0.4), "width": 1.4},
        error_y={
            "type": "data", "symmetric": False, "thickness": 1.4, "width": 4,
            "array": numbers(share.high - share.value for share in shares),
            "arrayminus": numbers(share.value - share.low for share in shares),
        },
        customdata=[[round(s.low, 4), round(s.high, 4), float(s.n)] for s in shares],
        hovertemplate=_("score %{x:.3f}: %{y:.1%} real (%{customdata[0]:.1%} to "
                        "%{customdata[1]:.1%}, n = %{customdata[2]})") + "<extra></extra>",
    )  # fmt: skip
    return figure(
        [points],
        finding=findings.calibration(judged),
        seeing=seeing,
        x_title=_("D's score, P(real)"),
        y_title=_("share that is real"),
        height=HEIGHT,
        x_range=(0, 1),
        y_range=(0, 1),
        shapes=[
            {"type": "line", "x0": 0, "y0": 0, "x1": 1, "y1": 1,
             "line": {"color": NEUTRAL, "width": 1.4, "dash": "dash"}},
        ],
        hovermode="closest",
        showlegend=False,
    )  # fmt: skip
