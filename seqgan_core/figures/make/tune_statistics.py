"""What tunes are made of: which notes, which steps, new ones beside real ones held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqgan_core.figures.style import GENERATOR, REAL, Figure, Trace, fade, figure, numbers
from seqgan_core.messages import _

NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
LARGEST = 12  # semitones of the widest step that is counted by itself
STEPS = (
    _("same note"), _("semitone"), _("whole tone"), _("minor third"), _("major third"),
    _("fourth"), _("tritone"), _("fifth"), _("minor sixth"), _("major sixth"),
    _("minor seventh"), _("major seventh"), _("octave or more"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Histogram:
    """Shares of new tunes beside those of real ones.

    Attributes:
        new, real: (K,), shares that sum to 1.
        apart: how far they are apart, 0 to 1: the share that would have to be moved.
        natural: the same between other real tunes and these; None where it is not known.
        n_new, n_real: how many tunes.
    """

    new: np.ndarray
    real: np.ndarray
    apart: float
    natural: float | None
    n_new: int
    n_real: int


def pitch_classes(histogram: Histogram) -> Figure:
    """How long each of the twelve notes sounds."""
    return _bars(
        histogram,
        list(NOTES),
        _("Notes"),
        x_title=_("note, in any octave"),
        y_title=_("share of the time, %"),
    )


def intervals(histogram: Histogram) -> Figure:
    """How often each step from note to note is taken, downwards and upwards."""
    steps = range(-LARGEST, LARGEST + 1)
    names = [str(step).replace("-", "−") for step in steps]
    names[0], names[-1] = f"≤ {names[0]}", f"≥ {names[-1]}"
    result = _bars(
        histogram,
        names,
        _("Steps"),
        x_title=_("semitones from a note to the next, down to the left"),
        y_title=_("share of steps, %"),
    )
    result["layout"]["xaxis"] |= {"tickmode": "array", "tickvals": names[::3]}
    return result


def histogram_rows(histogram: Histogram, names: Sequence[str]) -> list[list[str]]:
    """The numbers of a figure as rows: name, new, real."""
    return [
        [name, f"{new:.1%}", f"{real:.1%}"]
        for name, new, real in zip(names, histogram.new, histogram.real, strict=True)
    ]


def step_names() -> list[str]:
    """Every step in words, from an octave downwards to one upwards."""
    down = [_("{step} down").format(step=step) for step in STEPS[:0:-1]]
    up = [_("{step} up").format(step=step) for step in STEPS[1:]]
    return [*down, STEPS[0], *up]


def largest_differences(histogram: Histogram, names: Sequence[str]) -> str:
    """What new tunes have too much of, and what too little."""
    gaps = histogram.new - histogram.real
    much, little = int(gaps.argmax()), int(gaps.argmin())
    return _(
        "Of all, new tunes have most too much of “{much}” ({a:.1%}; real ones {b:.1%}) and most "
        "too little of “{little}” ({c:.1%}; {d:.1%})."
    ).format(
        much=names[much], a=histogram.new[much], b=histogram.real[much],
        little=names[little], c=histogram.new[little], d=histogram.real[little],
    )  # fmt: skip


@dataclass(frozen=True)
class Means:
    """A mean of new tunes and one of real ones, each with half its 95% interval."""

    new: float
    new_half: float
    real: float
    real_half: float

    @property
    def clear(self) -> bool:
        """Whether the interval of their difference leaves 0 out."""
        return abs(self.new - self.real) > float(np.hypot(self.new_half, self.real_half))


def trait_findings(in_key: Means, repeated: Means, n_new: int, n_real: int) -> list[str]:
    """What the means say of new tunes.

    Args:
        in_key: share of the time on the notes of its key.
        repeated: share of patterns that come again.
        n_new: new tunes.
        n_real: real ones.
    """
    stays = _chosen(
        in_key,
        _("New tunes stay in one key about as much as real ones"),
        _("New tunes leave their key more than real ones"),
        _("New tunes leave their key less than real ones"),
    )
    comes = _chosen(
        repeated,
        _("They come back to what they said about as much as real ones"),
        _("They come back to what they said less than real ones"),
        _("They come back to what they said more than real ones"),
    )
    of = _("± is half of the 95% interval; n = {new:,} and {real:,}").format(new=n_new, real=n_real)
    return [
        _("{stays}: {new} of the time on its notes, real ones {real} ({of}).").format(
            stays=stays, new=_share(in_key.new, in_key.new_half),
            real=_share(in_key.real, in_key.real_half), of=of,
        ),
        _("{comes}: {new} of their patterns come again, of real ones {real}.").format(
            comes=comes, new=_share(repeated.new, repeated.new_half),
            real=_share(repeated.real, repeated.real_half),
        ),
    ]  # fmt: skip


def _share(value: float, half: float) -> str:
    return f"{value:.1%} ± {half:.1%}"


def _chosen(means: Means, alike: str, less: str, more: str) -> str:
    if not means.clear:
        return alike
    return less if means.new < means.real else more


def key_rows(
    new: Mapping[str, int], real: Mapping[str, int], most: int = 6
) -> list[tuple[str, str, str]]:
    """The keys that are found most, as rows: name, share of new tunes, share of real ones."""
    n_new, n_real = max(1, sum(new.values())), max(1, sum(real.values()))
    names = sorted(
        {*new, *real}, key=lambda key: (-new.get(key, 0) / n_new - real.get(key, 0) / n_real, key)
    )
    return [
        (name, f"{new.get(name, 0) / n_new:.1%}", f"{real.get(name, 0) / n_real:.1%}")
        for name in names[:most]
    ]


def _bars(
    histogram: Histogram, names: list[str], what: str, *, x_title: str, y_title: str
) -> Figure:
    result = figure(
        [
            _bar(names, histogram.new, _("new tunes"), GENERATOR, "/"),
            _bar(names, histogram.real, _("real, held back"), REAL, ""),
        ],
        finding=_finding(histogram, what),
        seeing=_seeing(histogram),
        x_title=x_title,
        y_title=y_title,
        height=300,
    )
    result["layout"]["xaxis"] |= {"type": "category"}
    result["layout"] |= {"barmode": "group", "bargap": 0.25}
    return result


def _bar(names: list[str], shares: np.ndarray, name: str, colour: str, pattern: str) -> Trace:
    return {
        "type": "bar", "name": name, "x": names, "y": numbers(100 * shares),
        "marker": {
            "color": colour, "line": {"color": colour, "width": 1},
            "pattern": {
                "shape": pattern, "fillmode": "overlay", "fgcolor": fade("#ffffff", 0.75),
                "size": 5,
            },
        },
        "hovertemplate": f"{name} %{{y:.1f}}%<extra></extra>",
    }  # fmt: skip


def _finding(histogram: Histogram, what: str) -> str:
    words = _("{what}: {apart:.1%} would have to be moved to match real tunes").format(
        what=what, apart=histogram.apart
    )
    if histogram.natural is None:
        return words
    return words + _("; other real tunes are {natural:.1%} off").format(natural=histogram.natural)


def _seeing(histogram: Histogram) -> str:
    words = _(
        "Striped: {new:,} new tunes; plain: the {real:,} windows of real tunes that were held "
        "back. The number in the title is half the sum of all differences, 0 where both are alike."
    ).format(new=histogram.n_new, real=histogram.n_real)
    if histogram.natural is not None:
        words += " " + _("Other real tunes are as many windows that it learned from.")
    return words
