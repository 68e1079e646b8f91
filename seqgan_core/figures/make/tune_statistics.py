"""Notes, intervals, keys and repetition of new tunes, compared with those of held-out tunes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from seqgan_core.figures.style import GENERATOR, REAL, Figure, bars, figure
from seqgan_core.messages import N_, _, remark

NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
LARGEST = 12  # semitones of the widest interval that is counted by itself
INTERVALS_UP = (
    N_("semitone up"), N_("whole tone up"), N_("minor third up"), N_("major third up"),
    N_("fourth up"), N_("tritone up"), N_("fifth up"), N_("minor sixth up"), N_("major sixth up"),
    N_("minor seventh up"), N_("major seventh up"), N_("octave or more up"),
)  # fmt: skip
INTERVALS_DOWN = (
    N_("octave or more down"), N_("major seventh down"), N_("minor seventh down"),
    N_("major sixth down"), N_("minor sixth down"), N_("fifth down"), N_("tritone down"),
    N_("fourth down"), N_("major third down"), N_("minor third down"), N_("whole tone down"),
    N_("semitone down"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Histogram:
    """Shares in new tunes and in real ones."""

    # new, real: (K,), shares that sum to 1
    new: np.ndarray
    real: np.ndarray
    apart: float  # their total variation distance, 0 to 1
    natural: float | None  # the same between other real tunes and these; None where it is not known
    # n_new, n_real: tunes
    n_new: int
    n_real: int


def pitch_classes(histogram: Histogram) -> Figure:
    """How long each of the twelve notes sounds."""
    return _figure(
        histogram,
        list(NOTES),
        _("Notes: the distance to real tunes is {apart:.1%}"),
        _("Notes: the distance to real tunes is {apart:.1%}, between real tunes {natural:.1%}"),
        x_title=_("note, in any octave"),
        y_title=_("share of the time, %"),
    )


def intervals(histogram: Histogram) -> Figure:
    """How often each interval from note to note is taken, downwards and upwards."""
    steps = range(-LARGEST, LARGEST + 1)
    names = [str(step).replace("-", "−") for step in steps]
    names[0], names[-1] = f"≤ {names[0]}", f"≥ {names[-1]}"
    return _figure(
        histogram,
        names,
        _("Intervals: the distance to real tunes is {apart:.1%}"),
        _("Intervals: the distance to real tunes is {apart:.1%}, between real tunes {natural:.1%}"),
        x_title=_("semitones to the next note, negative is down"),
        y_title=_("share of intervals, %"),
        x_axis={"tickmode": "array", "tickvals": names[::3]},
    )


def interval_names() -> list[str]:
    """Every interval in words, from an octave downwards to one upwards."""
    return [*map(_, INTERVALS_DOWN), _("same note"), *map(_, INTERVALS_UP)]


def largest_differences(histogram: Histogram, names: Sequence[str]) -> str:
    """What new tunes have most too much of, and most too little."""
    gaps = histogram.new - histogram.real
    much, little = int(gaps.argmax()), int(gaps.argmin())
    return remark(
        "finding.differences",
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
    def compared(self) -> Literal["alike", "less", "more"]:
        """What new tunes have; "alike" if the interval of the difference contains 0."""
        if abs(self.new - self.real) > np.hypot(self.new_half, self.real_half):
            return "less" if self.new < self.real else "more"
        return "alike"


def trait_findings(in_key: Means, repeated: Means, n_new: int, n_real: int) -> list[str]:
    """What the shares of time in key and of repeated patterns say of so many new and real tunes."""
    return [
        remark(
            f"finding.{trait}-{means.compared}",
            new=f"{means.new:.1%} ± {means.new_half:.1%}",
            real=f"{means.real:.1%} ± {means.real_half:.1%}", n_new=n_new, n_real=n_real,
        )
        for trait, means in (("key", in_key), ("repeats", repeated))
    ]  # fmt: skip


def key_rows(
    new: Mapping[str, int], real: Mapping[str, int], most: int = 6
) -> list[tuple[str, str, str]]:
    """The most frequent keys as rows: name, share of new tunes, share of real ones."""
    n_new, n_real = max(1, sum(new.values())), max(1, sum(real.values()))
    names = sorted(
        {*new, *real}, key=lambda key: (-new.get(key, 0) / n_new - real.get(key, 0) / n_real, key)
    )
    return [
        (name, f"{new.get(name, 0) / n_new:.1%}", f"{real.get(name, 0) / n_real:.1%}")
        for name in names[:most]
    ]


def _figure(
    histogram: Histogram, names: list[str], alone: str, compared: str, *,
    x_axis: dict[str, Any] | None = None, **words: Any,
) -> Figure:  # fmt: skip
    finding = alone if histogram.natural is None else compared
    return figure(
        [
            bars(names, 100 * shares, name, colour, shape, hover=f"{name} %{{y:.1f}}%")
            for shares, name, colour, shape in (
                (histogram.new, _("new tunes"), GENERATOR, "/"),
                (histogram.real, _("real, held-out"), REAL, ""),
            )
        ],
        finding=finding.format(apart=histogram.apart, natural=histogram.natural),
        seeing=remark("seeing.tunes", new=histogram.n_new, real=histogram.n_real),
        x_axis={"type": "category"} | (x_axis or {}), height=300, barmode="group", bargap=0.25,
        **words,
    )  # fmt: skip
