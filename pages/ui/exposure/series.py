"""What was measured, as the figures of exposure bias want it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from pages.ui.exposure.models import Model
from seqgan_core.figures.exposure.labels import (
    Ends,
    Mean,
    PerturbationExcess,
    PrefixDivergence,
    Role,
    Series,
)
from seqgan_core.insight.exposure.divergence import (
    Direction,
    Divergences,
    Estimate,
    PositionNLL,
    difference_of_means,
    estimate,
    sequence_means,
)
from seqgan_core.insight.exposure.perturbation import Recovery, recovered_at, total_excess
from seqgan_core.messages import _

T = TypeVar("T")


def real_data(floor: PositionNLL) -> Series:
    """The oracle's NLL of real sequences."""
    return _series(_("real data"), "real", estimate(floor.real), estimate(floor.real.mean(1)))


def writing(results: Mapping[Model, PositionNLL], floor: PositionNLL) -> list[Series]:
    """What each model writes, by the oracle; against real data, and against MLE."""
    mle = _mle(results)
    series = []
    for model, result in results.items():
        if result.own is None:
            continue
        versus = None
        if mle is not None and mle.own is not None and model.role != "mle":
            versus = estimate((result.own - mle.own).mean(1))  # the same dice
        own, real = result.own, floor.real
        series.append(
            _series(
                model.label, model.role, estimate(own), estimate(own.mean(1)),
                difference_of_means(own.mean(1), real.mean(1)), versus,
                ends=Ends(
                    mean(difference_of_means(own[:, 1], real[:, 1])),
                    mean(difference_of_means(own[:, -1], real[:, -1])),
                    mean(difference_of_means(own[:, -1] - own[:, 1], real[:, -1] - real[:, 1])),
                ),
            )
        )  # fmt: skip
    return series


def reading(results: Mapping[Model, PositionNLL], floor: PositionNLL | None) -> list[Series]:
    """What real data costs each model; beyond the oracle, and against MLE, on the same data."""
    mle = _mle(results)
    series = []
    for model, result in results.items():
        beyond = result.real - floor.real if floor else None
        baseline = mle if model.role != "mle" else None
        series.append(
            _series(
                model.label, model.role, estimate(result.real),
                estimate(sequence_means(result.real)),
                estimate(beyond.mean(1)) if beyond is not None else None,
                estimate(sequence_means(result.real - baseline.real)) if baseline else None,
                ends=_ends(beyond) if beyond is not None else None,
            )
        )  # fmt: skip
    return series


def _ends(beyond: np.ndarray) -> Ends:
    early, late = beyond[:, 1], beyond[:, -1]
    return Ends(mean(estimate(early)), mean(estimate(late)), mean(estimate(late - early)))


def prefix_gaps(
    results: Mapping[Model, Divergences], direction: Direction
) -> list[PrefixDivergence]:
    """True and own prefixes, and their difference."""
    mle = _mle(results)
    return [_prefix_gap(model, result, mle, direction) for model, result in results.items()]


def _prefix_gap(
    model: Model, result: Divergences, mle: Divergences | None, direction: Direction
) -> PrefixDivergence:
    forced, free = result.forced[direction], result.free[direction]
    baseline = mle if model.role != "mle" else None
    of_forced = estimate((forced - baseline.forced[direction])[:, 1:].mean(1)) if baseline else None
    of_free = estimate((free - baseline.free[direction])[:, 1:].mean(1)) if baseline else None
    of_gap = result.mean_gap_against(baseline, direction) if baseline else None
    true = _("{name} · true prefixes").format(name=model.label)
    own = _("{name} · own prefixes").format(name=model.label)
    return PrefixDivergence(
        model.label,
        model.role,
        _series(true, model.role, estimate(forced), estimate(forced[:, 1:].mean(1)), None,
                of_forced),
        _series(own, model.role, estimate(free), estimate(free[:, 1:].mean(1)), None, of_free),
        _series(model.label, model.role, result.gap(direction), result.mean_gap(direction), None,
                of_gap),
    )  # fmt: skip


def perturbation_excess(
    results: Mapping[Model, Recovery], reference: Recovery
) -> list[PerturbationExcess]:
    """The excess of each model, what it is beyond the oracle's, and where it recovers."""
    mle = _mle(results)
    return [_perturbed(model, result, reference, mle) for model, result in results.items()]


def reference_series(label: str, reference: Recovery) -> Series:
    """The oracle's own excess."""
    excess = reference.excess
    return _series(label, "real", estimate(excess), total_excess(excess), first=reference.k + 1)


def _perturbed(
    model: Model, result: Recovery, reference: Recovery, mle: Recovery | None
) -> PerturbationExcess:
    k, excess, beyond = result.k, result.excess, result.beyond(reference)
    by_position = estimate(beyond)
    versus = total_excess(excess - mle.excess) if mle and model.role != "mle" else None
    return PerturbationExcess(
        model.label,
        model.role,
        _series(model.label, model.role, estimate(excess), total_excess(excess), first=k + 1),
        _series(
            model.label, model.role, by_position, total_excess(beyond), None, versus, first=k + 1
        ),
        recovered_at(by_position, k),
        k + excess.shape[1],
    )


def _mle(results: Mapping[Model, T]) -> T | None:
    return next((result for model, result in results.items() if model.role == "mle"), None)


def mean(estimate: Estimate) -> Mean:
    """A single number with its interval."""
    return Mean(float(estimate.mean), float(estimate.half))


def _series(
    name: str, role: Role, by_position: Estimate, overall: Estimate,
    above: Estimate | None = None, versus: Estimate | None = None,
    first: int = 1, ends: Ends | None = None,
) -> Series:  # fmt: skip
    return Series(
        name,
        role,
        np.asarray(by_position.mean).tolist(),
        np.asarray(by_position.half).tolist(),
        by_position.n,
        mean(overall),
        mean(above) if above else None,
        mean(versus) if versus else None,
        first,
        ends,
    )
