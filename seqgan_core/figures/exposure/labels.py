"""What the figures of exposure bias draw, and their titles, computed from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from seqgan_core.messages import _

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

        >>> str(Mean(0.0312, 0.0104)), str(Mean(-1.204, 0.15)), str(Mean(0.5, float("nan")))
        ('+0.031 ± 0.010', '−1.20 ± 0.15', '+0.500 ± nan')
        """
        places = 2 if self.half >= 0.0995 else 3
        return f"{self.value:+.{places}f} ± {self.half:.{places}f}".replace("-", "−")


@dataclass(frozen=True)
class Ends:
    """A distance from real data at position 2, at the last one, and how much it grows between."""

    early: Mean
    late: Mean
    growth: Mean


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
        ends: `above` early and late in the sequence.
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
    ends: Ends | None = None

    @property
    def positions(self) -> list[int]:
        """As many as there are means."""
        return list(range(self.first, self.first + len(self.mean)))


@dataclass(frozen=True)
class PrefixDivergence:
    """A model's divergence from the truth after true prefixes, after its own, and the difference.

    The overall numbers are over the positions from 2 on: at the first there is no prefix.
    """

    name: str
    role: Role
    forced: Series
    free: Series
    gap: Series


@dataclass(frozen=True)
class PerturbationExcess:
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


def main_models(models: Sequence[_M]) -> list[_M]:
    """The two that sentences speak of: MLE and the chosen model; for one missing, an added run."""
    own = [model for model in models if model.role in ("mle", "model")]
    return [*own, *(model for model in models if model.role == "other")][:2]


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
    return "; ".join(f"{model.name} {model.above}" for model in main_models(models))


def forced_and_free(models: Sequence[PrefixDivergence]) -> str:
    """How much of the divergence is there on true prefixes already."""
    pairs = [
        _("{name} {forced} / {free}").format(
            name=model.name,
            forced=str(model.forced.overall).lstrip("+"),
            free=str(model.free.overall).lstrip("+"),
        )
        for model in main_models(models)
    ]
    return _("True / own prefixes, nats (n = {n}): {pairs}").format(
        n=models[0].free.n, pairs="; ".join(pairs)
    )


def gap(models: Sequence[PrefixDivergence]) -> str:
    """Exposure bias, in one number a model and the word for it."""
    verdicts = {1: _("worse"), -1: _("better"), 0: _("cannot be told")}
    return _("Own less true prefixes, nats: {list}").format(
        list="; ".join(
            f"{model.name} {model.gap.overall} ({verdicts[model.gap.overall.sign]})"
            for model in main_models(models)
        )
    )


def excess(reference: Series, models: Sequence[PerturbationExcess]) -> str:
    """What the wound costs in all."""
    costs = "; ".join(f"{model.name} {model.excess.overall}" for model in main_models(models))
    return _("The wound costs, in nats in all: {costs}; the oracle itself {own}").format(
        costs=costs, own=reference.overall
    )


def beyond(models: Sequence[PerturbationExcess]) -> str:
    """From where on nobody can say that the wound still shows, and of how many sequences."""
    return _("No longer clearly above the oracle (n = {n}): {list}").format(
        n=models[0].beyond.n, list="; ".join(_recovers(model) for model in main_models(models))
    )


def _recovers(model: PerturbationExcess) -> str:
    if model.recovered is None:
        return _("{name} still is at position {at}").format(name=model.name, at=model.last)
    return _("{name} from position {at} on").format(name=model.name, at=model.recovered)
