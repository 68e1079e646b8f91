"""What the figures of exposure bias show, in sentences computed from their numbers.

A difference is called one only where its 95% interval leaves 0 out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from seqgan_core.figures.words import _

Role = Literal["real", "mle", "model", "other"]
"""real: real data, or the oracle; mle: the run where its MLE ended; model: the run as chosen."""


@dataclass(frozen=True)
class Mean:
    """A mean with half the width of its 95% interval."""

    value: float
    half: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves 0 out, else 0; 0 too where it is not known."""
        return (self.value > self.half) - (self.value < -self.half)

    def __str__(self) -> str:
        """With its sign, as a difference is written, and no more places than the interval earns.

        >>> str(Mean(0.0312, 0.0104)), str(Mean(-1.204, 0.15)), str(Mean(0.5, math.nan))
        ('+0.031 ± 0.010', '−1.20 ± 0.15', '+0.500 ± nan')
        """
        places = 2 if self.half >= 0.0995 else 3
        return f"{self.value:+.{places}f} ± {self.half:.{places}f}".replace("-", "−")


@dataclass(frozen=True)
class Series:
    """One model's means at the positions `first`, `first` + 1, ...

    Attributes:
        name, role: whose.
        mean, half: by position; half the width of each 95% interval.
        overall: over the positions, as the page says which.
        above: less its reference (real data, the oracle), over the positions; None for the
            reference itself, and where there is none.
        versus: less MLE's, over the positions, sequence by sequence; None without MLE.
        n: sequences.
    """

    name: str
    role: Role
    mean: Sequence[float]
    half: Sequence[float]
    n: int
    overall: Mean
    above: Mean | None = None
    versus: Mean | None = None
    first: int = 1

    @property
    def positions(self) -> list[int]:
        """As many as there are means."""
        return list(range(self.first, self.first + len(self.mean)))


@dataclass(frozen=True)
class Parted:
    """A model's divergence from the truth after true prefixes, after its own, and the difference.

    The overall numbers are over the positions from 2 on: at the first there is no prefix.
    """

    name: str
    role: Role
    forced: Series
    free: Series
    gap: Series


@dataclass(frozen=True)
class Hurt:
    """A model's excess after a wound, the same less the oracle's, and where it recovered.

    The overall numbers are sums over the positions after the wound.
    """

    name: str
    role: Role
    excess: Series
    beyond: Series
    recovered: int | None
    last: int


class _HasRole(Protocol):
    @property
    def role(self) -> Role: ...


_M = TypeVar("_M", bound=_HasRole)


def chosen(models: Sequence[_M]) -> list[_M]:
    """Those that sentences speak of: MLE and the chosen model, else the first."""
    return [model for model in models if model.role in ("mle", "model")] or [models[0]]


# -- titles ----------------------------------------------------------------------------------------


def writing(models: Sequence[Series]) -> str:
    """How far what they write is above real data."""
    return _("What they write, against real data: {list} nats a token").format(list=_above(models))


def reading(models: Sequence[Series]) -> str:
    """How much more real data costs them than it costs the oracle."""
    if models[0].above is None:
        return _("NLL of real data, by position")
    return _("What real data costs them beyond the oracle: {list} nats a token").format(
        list=_above(models)
    )


def _above(models: Sequence[Series]) -> str:
    return "; ".join(f"{one.name} {one.above}" for one in chosen(models))


def forced_and_free(models: Sequence[Parted]) -> str:
    """How much of the divergence is there on true prefixes already."""
    some = chosen(models)
    pairs = [
        _("{name} {forced:.3f} and {free:.3f}").format(
            name=one.name, forced=one.forced.overall.value, free=one.free.overall.value
        )
        for one in some
    ]
    return _("From the truth, on true and on own prefixes: {pairs} nats").format(
        pairs="; ".join(pairs)
    )


def gap(models: Sequence[Parted]) -> str:
    """Exposure bias, in one number a model and the word for it."""
    verdicts = {1: _("worse"), -1: _("better"), 0: _("cannot be told")}
    return _("On own prefixes: {list}").format(
        list="; ".join(
            f"{one.name} {one.gap.overall} ({verdicts[one.gap.overall.sign]})"
            for one in chosen(models)
        )
    )


def excess(reference: Series, models: Sequence[Hurt]) -> str:
    """What the wound costs in all."""
    costs = "; ".join(f"{one.name} {one.excess.overall}" for one in chosen(models))
    return _("The wound costs, in nats in all: {costs}; the oracle itself {own}").format(
        costs=costs, own=reference.overall
    )


def beyond(models: Sequence[Hurt]) -> str:
    """Who recovers, and where."""
    some = chosen(models)
    parts = [
        _("{name} recovers at position {at}").format(name=one.name, at=one.recovered)
        if one.recovered is not None
        else _("{name} does not by position {last}").format(name=one.name, last=one.last)
        for one in some
    ]
    return "; ".join(parts)


# -- what to notice now ----------------------------------------------------------------------------


def notice_nll(real: Series | None, models: Sequence[Series], read: Sequence[Series]) -> str:
    """Whether writing drifts with the position, and what better writing costs in reading."""
    said = [] if real is None else [_drift(real, model) for model in chosen(models)]
    for wrote, reads in zip(models, read, strict=True):
        if wrote.role == "model" and wrote.versus and reads.versus:
            said.append(_quality_and_coverage(wrote.name, wrote.versus, reads.versus))
    return " ".join(said)


def _drift(real: Series, model: Series) -> str:
    first, last = (_above_at(real, model, place) for place in (1, -1))
    grown = Mean(last.value - first.value, math.hypot(first.half, last.half))
    word = {
        1: _("grows with the position"),
        -1: _("shrinks with the position"),
        0: _("is not clearly larger late than early"),
    }[grown.sign]
    return _(
        "The distance of what {name} writes from real data {word}: {first} nats at position 2, "
        "{last} at position {T}."
    ).format(name=model.name, word=word, first=first, last=last, T=model.positions[-1])


def _above_at(real: Series, model: Series, place: int) -> Mean:
    # What models write and real data are different sequences, so their errors add up.
    return Mean(
        model.mean[place] - real.mean[place], math.hypot(model.half[place], real.half[place])
    )


def _quality_and_coverage(name: str, wrote: Mean, reads: Mean) -> str:
    if wrote.sign < 0 and reads.sign > 0:
        verdict = _("it writes better and reads worse, so some of it is bought by leaving out")
    elif wrote.sign < 0:
        verdict = _("it writes better without reading worse")
    elif wrote.sign > 0:
        verdict = _("it writes worse")
    else:
        verdict = _("no difference in writing can be told")
    return _(
        "Against MLE, {name} is {wrote} nats a token in writing and {reads} in reading: {verdict}."
    ).format(name=name, wrote=wrote, reads=reads, verdict=verdict)


def notice_gap(models: Sequence[Parted]) -> str:
    """Is there exposure bias, how much of the whole is it, and who has more."""
    said = [_bias(model) for model in chosen(models)]
    for model in models:
        if model.role == "model" and model.gap.versus and model.forced.versus:
            said.append(_against_mle(model.name, model.gap.versus, model.forced.versus))
    return " ".join(said)


def _bias(model: Parted) -> str:
    gap, free = model.gap.overall, model.free.overall
    if gap.sign == 0:
        return _(
            "{name}: no exposure bias can be told from {n} sequences ({gap} nats a token, an "
            "interval that includes 0)."
        ).format(name=model.name, n=model.gap.n, gap=gap)
    if gap.sign < 0:
        return _(
            "{name} is nearer to the truth after its own beginnings than after real ones: {gap} "
            "nats a token. It writes beginnings that it can go on from."
        ).format(name=model.name, gap=gap)
    return _(
        "{name} is further from the truth after its own beginnings: {gap} nats a token. That is "
        "{share:.0%} of its distance there; the rest it has on true prefixes too, so it is not "
        "exposure bias but a model that is wrong."
    ).format(name=model.name, gap=gap, share=gap.value / free.value)


def _against_mle(name: str, gap: Mean, forced: Mean) -> str:
    verdict = {
        1: _("more exposure bias"),
        -1: _("less exposure bias"),
        0: _("no difference in exposure bias that can be told"),
    }[gap.sign]
    text = _("Against MLE, {name} has {verdict} ({gap}).").format(
        name=name, verdict=verdict, gap=gap
    )
    if gap.sign < 0 < forced.sign:
        text += " " + _(
            "It pays on true prefixes, where it is {forced} nats further from the truth than MLE."
        ).format(forced=forced)
    return text


def notice_wound(models: Sequence[Hurt], n: int) -> str:
    """What a wound costs beyond the oracle's own excess, and whether the models differ in it."""
    said = []
    for model in chosen(models):
        cost = model.beyond.overall
        text = (
            _("{name} pays {cost} nats in all beyond the oracle (n = {n}).")
            if cost.sign
            else _("{name}: no cost beyond the oracle's can be told ({cost} nats in all, n = {n}).")
        )
        said.append(text.format(name=model.name, cost=cost, n=n))
    for model in models:
        versus = model.beyond.versus
        if model.role == "model" and versus is not None:
            said.append(_heals(model.name, versus))
    return " ".join(said)


def _heals(name: str, versus: Mean) -> str:
    if versus.sign == 0:
        return _(
            "Between {name} and MLE no difference can be told: {versus} nats, the same wounds and "
            "dice."
        ).format(name=name, versus=versus)
    word = _("less") if versus.sign < 0 else _("more")
    return _("{name} pays {word} than MLE: {versus} nats, the same wounds and dice.").format(
        name=name, word=word, versus=versus
    )
