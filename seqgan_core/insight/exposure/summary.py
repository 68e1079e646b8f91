"""The measurements of several models, reduced to the numbers that figures and sentences state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from seqgan_core.insight.exposure.divergence import (
    Direction,
    Divergences,
    Estimate,
    PositionNLL,
    estimate,
    sequence_means,
)
from seqgan_core.insight.exposure.perturbation import Recovery, recovered_at, total_excess
from seqgan_core.insight.statistics import Mean, mean_of
from seqgan_core.messages import _

T = TypeVar("T")

Role = Literal["real", "mle", "model", "other"]
"""real: real data, or the oracle; mle: the run at the end of MLE; model: the run as chosen."""


@dataclass(frozen=True)
class Model:
    """A model that is compared; `place` is its run and step, None for the oracle."""

    label: str
    role: Role
    place: tuple[str, int] | None


@dataclass(frozen=True)
class Ends:
    """A distance from real data at position 2, at the last one, and how much it grows between."""

    early: Mean
    late: Mean
    growth: Mean


@dataclass(frozen=True)
class Series:
    """One model's means at the positions `first`, `first` + 1, ... in nats."""

    name: str
    role: Role
    by_position: Estimate  # the means over n sequences, with their 95% intervals
    overall: Mean  # one number over the positions
    # less its reference (real data, the oracle), over the positions; None for the reference itself,
    # and where there is none
    above: Mean | None = None
    # less MLE's, over the positions, sequence by sequence; None without MLE
    versus: Mean | None = None
    first: int = 1
    ends: Ends | None = None  # `above` early and late in the sequence

    @property
    def n(self) -> int:
        return self.by_position.n

    @property
    def positions(self) -> list[int]:
        return list(range(self.first, self.first + len(self.by_position.mean)))


@dataclass(frozen=True)
class PrefixDivergence:
    """A model's divergence from the truth after real prefixes, after its own, and the difference.

    The overall numbers are over the positions from 2 on: at the first there is no prefix.
    """

    name: str
    role: Role
    forced: Series
    free: Series
    gap: Series


@dataclass(frozen=True)
class PerturbationExcess:
    """A model's excess after a perturbation, the same less the oracle's, and where it recovered.

    The overall numbers are sums over the positions after the perturbation.
    """

    name: str
    role: Role
    excess: Series
    beyond: Series
    recovered: int | None

    @property
    def last(self) -> int:
        return self.beyond.positions[-1]


def real_data(floor: PositionNLL) -> Series:
    """The oracle's NLL of real sequences."""
    by_position, overall = estimate(floor.real), mean_of(floor.real.mean(1))
    return Series(_("real data"), "real", by_position, overall)


def writing(results: Mapping[Model, PositionNLL], floor: PositionNLL) -> list[Series]:
    """The oracle's NLL of what each model writes; against real data, and against MLE."""
    mle = _mle(results)
    return [
        _nll(model, result.own, mle.own if mle else None, floor.real, paired=False)
        for model, result in results.items()
        if result.own is not None
    ]


def reading(results: Mapping[Model, PositionNLL], floor: PositionNLL | None) -> list[Series]:
    """Each model's NLL of real data; above the oracle's, and against MLE's, on the same data."""
    mle, truth = _mle(results), floor.real if floor else None
    return [
        _nll(model, result.real, mle.real if mle else None, truth, paired=True)
        for model, result in results.items()
    ]


def _nll(
    model: Model, values: np.ndarray, mle: np.ndarray | None, reference: np.ndarray | None,
    *, paired: bool,
) -> Series:  # fmt: skip
    """The NLL (n, T) of a model; `paired` with the reference if it is of the same sequences.

    MLE's is of the same sequences, or made with the same random numbers.
    """
    above = ends = versus = None
    if reference is not None:

        def less(part: Callable[[np.ndarray], np.ndarray]) -> Mean:
            first, second = part(values), part(reference)
            return mean_of(first - second) if paired else mean_of(first) - mean_of(second)

        above = less(sequence_means)
        early, late = less(lambda nll: nll[:, 1]), less(lambda nll: nll[:, -1])
        ends = Ends(early, late, less(lambda nll: nll[:, -1] - nll[:, 1]))
    if mle is not None and model.role != "mle":
        versus = mean_of(sequence_means(values - mle))
    overall = mean_of(sequence_means(values))
    return Series(model.label, model.role, estimate(values), overall, above, versus, ends=ends)


def prefix_divergence(
    results: Mapping[Model, Divergences], direction: Direction
) -> list[PrefixDivergence]:
    """The divergence after true and after own prefixes, and the difference of the two."""
    mle = _mle(results)
    found = []
    for model, result in results.items():
        name, role = model.label, model.role
        baseline = mle if role != "mle" else None
        versus = mean(result.mean_gap(direction, baseline)) if baseline else None
        found.append(
            PrefixDivergence(
                name, role,
                _after(_("{name} · real prefixes").format(name=name), role,
                       result.forced[direction], baseline.forced[direction] if baseline else None),
                _after(_("{name} · own prefixes").format(name=name), role,
                       result.free[direction], baseline.free[direction] if baseline else None),
                Series(name, role, result.gap(direction), mean(result.mean_gap(direction)), None,
                       versus),
            )
        )  # fmt: skip
    return found


def _after(label: str, role: Role, values: np.ndarray, baseline: np.ndarray | None) -> Series:
    versus = None
    if baseline is not None:
        versus = mean_of((values - baseline)[:, 1:].mean(1))
    overall = mean_of(values[:, 1:].mean(1))
    return Series(label, role, estimate(values), overall, None, versus)


def perturbation_excess(
    results: Mapping[Model, Recovery], reference: Recovery
) -> list[PerturbationExcess]:
    """The excess of each model, what it is beyond the oracle's, and where it recovers."""
    mle = _mle(results)
    found = []
    for model, result in results.items():
        name, role, k = model.label, model.role, result.k
        beyond = result.beyond(reference)
        versus = total_excess(result.excess - mle.excess) if mle and role != "mle" else None
        found.append(
            PerturbationExcess(
                name, role, _excess(name, role, result.excess, k),
                _excess(name, role, beyond, k, versus), recovered_at(estimate(beyond), k),
            )
        )  # fmt: skip
    return found


def reference_series(label: str, reference: Recovery) -> Series:
    """The oracle's own excess."""
    return _excess(label, "real", reference.excess, reference.k)


def _excess(
    name: str, role: Role, values: np.ndarray, k: int, versus: Mean | None = None
) -> Series:
    overall = total_excess(values)
    return Series(name, role, estimate(values), overall, None, versus, first=k + 1)


def _mle(results: Mapping[Model, T]) -> T | None:
    return next((result for model, result in results.items() if model.role == "mle"), None)


def mean(estimate: Estimate) -> Mean:
    """A single number with its interval."""
    return Mean(float(estimate.mean), float(estimate.half))
