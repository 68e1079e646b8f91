"""A beginning and its continuations as lines over the steps: where they part and end."""

from collections import Counter

import numpy as np

from seqgan_core.figures.make.tune_statistics import NOTES
from seqgan_core.figures.style import GENERATOR, NEUTRAL, Figure, Trace, band, fade, figure, line
from seqgan_core.messages import _, remark

HEIGHT = 300
AT_ONCE = 0.05  # steps: less is 0.0 as it is shown


def fan(pitches: np.ndarray, known: int, together: float, *, ranked: bool) -> Figure:
    """The continuations as lines.

    Args:
        pitches: (N, T) of MIDI numbers, NaN where it is silent; the best first.
        known: steps of the beginning, which all share.
        together: mean number of steps that two have in common; NaN for a single one.
        ranked: whether the first has the highest P(real).
    """
    n, T = pitches.shape
    others = [_line(pitches[at], known, at, ranked=ranked) for at in range(n - 1, -1, -1)]
    start = [*pitches[0, :known], pitches[0, known - 1]]
    beginning = line(
        range(1, known + 2), start, _("yours"), NEUTRAL, width=5, shape="hv",
        text=list(map(_named, start)),
        hovertemplate=_("yours, step %{x}: %{text}") + "<extra></extra>",
    )  # fmt: skip
    octaves = list(range(24, 109, 12))
    return figure(
        [*others, beginning],
        finding=_finding(pitches, together),
        seeing=remark("seeing.fan-ranked" if ranked else "seeing.fan"),
        x_title=_("step"), y_title=_("pitch"), height=HEIGHT, x_range=(1, T + 1),
        shapes=[band(1, known + 1, NEUTRAL, 0.08)], hovermode="closest",
        y_axis={"tickvals": octaves, "ticktext": list(map(_named, octaves))},
    )  # fmt: skip


def _line(row: np.ndarray, known: int, at: int, *, ranked: bool) -> Trace:
    """One continuation, from the last drawn step."""
    first = ranked and at == 0
    pitches = [*row[known - 1 :], row[-1]]
    name = _("continuation {k}").format(k=at + 1)
    return line(
        range(known, len(row) + 2), pitches, _("ranked first") if first else name,
        GENERATOR if first else fade(GENERATOR, 0.55), width=3.4 if first else 1.5, shape="hv",
        text=list(map(_named, pitches)), showlegend=first,
        hovertemplate=f"{name}, {_('step %{x}: %{text}')}<extra></extra>",
    )  # fmt: skip


def _finding(pitches: np.ndarray, together: float) -> str:
    ends = [row[~np.isnan(row)][-1] for row in pitches]  # each has a note: the first drawn one
    note, m = Counter(int(end) % 12 for end in ends).most_common(1)[0]
    if len(ends) == 1:
        words = _("One continuation, which ends on {note}")
    elif m == 1:
        words = (
            _("They diverge at once; all end on different notes")
            if together < AT_ONCE
            else _("They diverge after {k:.1f} steps; all end on different notes")
        )
    else:
        words = (
            _("They diverge at once; {m} of {n} end on {note}")
            if together < AT_ONCE
            else _("They diverge after {k:.1f} steps; {m} of {n} end on {note}")
        )
    return words.format(note=NOTES[note], m=m, n=len(ends), k=together)


def _named(pitch: float) -> str:
    if np.isnan(pitch):
        return _("rest")
    return f"{NOTES[int(pitch) % 12]}{int(pitch) // 12 - 1}"
