"""A beginning and the ways on from it, as lines over the steps: where they part, where they end."""

from __future__ import annotations

from collections import Counter

import numpy as np

from seqgan_core.figures.make.tune_statistics import NOTES
from seqgan_core.figures.style import GENERATOR, NEUTRAL, Figure, Trace, band, fade, figure, numbers
from seqgan_core.messages import _

HEIGHT = 300
AT_ONCE = 0.05  # steps: less is 0.0 as it is shown


def fan(pitches: np.ndarray, known: int, together: float, *, ranked: bool) -> Figure:
    """The ways on as lines.

    Args:
        pitches: (N, T) of MIDI numbers, NaN where it is silent; the best first.
        known: steps of the beginning, which all share.
        together: steps that two go on alike, on average; NaN where there is one way.
        ranked: whether the first is the one that D takes for real most likely.
    """
    n, T = pitches.shape
    others = [_line(pitches[at], known, at, ranked=ranked) for at in range(n - 1, -1, -1)]
    start = numbers(pitches[0, :known])
    beginning: Trace = {
        "type": "scatter", "mode": "lines", "name": _("yours"),
        "x": [*range(1, known + 2)], "y": [*start, start[-1]],
        "line": {"color": NEUTRAL, "width": 5, "shape": "hv"},
        "text": [_named(pitch) for pitch in [*pitches[0, :known], pitches[0, known - 1]]],
        "hovertemplate": _("yours, step %{x}: %{text}") + "<extra></extra>",
    }  # fmt: skip
    result = figure(
        [*others, beginning],
        finding=_finding(pitches, together),
        seeing=_(
            "What sounds at each step: your notes thick and grey, every way on as a line of its "
            "own; a gap is a rest."
        )
        + (" " + _("The strongest line is the one that D ranks first.") if ranked else ""),
        x_title=_("step"), y_title=_("pitch"), height=HEIGHT, shapes=[band(1, known + 1, NEUTRAL,
        0.08)], x_range=(1, T + 1),
    )  # fmt: skip
    octaves = list(range(24, 109, 12))
    result["layout"]["hovermode"] = "closest"
    result["layout"]["yaxis"] |= {
        "tickvals": octaves, "ticktext": [_named(pitch) for pitch in octaves],
    }  # fmt: skip
    return result


def _line(row: np.ndarray, known: int, at: int, *, ranked: bool) -> Trace:
    """One way on, from the last step that was drawn."""
    first = ranked and at == 0
    pitches = [*row[known - 1 :], row[-1]]
    name = _("way {k}").format(k=at + 1)
    return {
        "type": "scatter", "mode": "lines", "name": _("ranked first") if first else name,
        "x": [*range(known, len(row) + 2)], "y": numbers(pitches),
        "line": {"color": GENERATOR if first else fade(GENERATOR, 0.55),
                 "width": 3.4 if first else 1.5, "shape": "hv"},
        "text": [_named(pitch) for pitch in pitches],
        "hovertemplate": f"{name}, " + _("step") + " %{x}: %{text}<extra></extra>",
        "showlegend": first,
    }  # fmt: skip


def _finding(pitches: np.ndarray, together: float) -> str:
    ends = [row[~np.isnan(row)][-1] for row in pitches]  # each holds the first note that was drawn
    note, count = Counter(int(end) % 12 for end in ends).most_common(1)[0]
    if len(ends) == 1:
        return _("One way on, which ends on {note}").format(note=NOTES[note])
    where = (
        _("{m} of {n} end on {note}").format(m=count, n=len(ends), note=NOTES[note])
        if count > 1
        else _("no two end on the same note")
    )
    if together < AT_ONCE:
        return _("They part at once; {where}").format(where=where)
    return _("They part after {k:.1f} steps; {where}").format(k=together, where=where)


def _named(pitch: float) -> str:
    if np.isnan(pitch):
        return _("rest")
    return f"{NOTES[int(pitch) % 12]}{int(pitch) // 12 - 1}"
