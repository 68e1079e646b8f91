"""Equal budgets: as many generator updates, or as many seconds, as the reference method took."""

from collections.abc import Mapping
from statistics import fmean

from seqgan_core.judge.methods import method_of
from seqgan_core.judge.sweeps.plan import Plan, PlanError, Planned
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.strategies import STRATEGIES


def as_many_seconds(
    store: Store, preset: str, runs: Mapping[Planned, RunRecord], reference: str
) -> Plan:
    """The plan in which every faster method trains for as many seconds as the reference.

    Methods of MLE alone get more epochs, those with a reward more rounds; the untrained generator
    and slower methods stay as they are. All seeds of a method get the same settings, by the mean
    seconds of its runs.

    Args:
        store: the library of the runs.
        preset: of the runs.
        runs: finished ones, with equal updates.
        reference: the method whose seconds count.

    Raises:
        PlanError: no run of the reference has ended.
    """
    by_method: dict[str, list[RunRecord]] = {}
    for record in runs.values():
        by_method.setdefault(method_of(record.config), []).append(record)
    seconds = {name: fmean(r.seconds for r in records) for name, records in by_method.items()}
    if reference not in seconds:
        raise PlanError("compare.no-seconds", method=reference)
    target = seconds[reference]
    longer = []
    for planned, record in runs.items():
        name = method_of(record.config)
        if not STRATEGIES[record.config.strategy].pretrains or seconds[name] >= target:
            longer.append(planned)
            continue
        mle = fmean(_mle_seconds(store, run) for run in by_method[name])
        config = _longer(record.config, seconds[name], mle, target)
        longer.append(Planned(f"{planned.label}, as many seconds as {reference}", config))
    return Plan("methods", preset, tuple(longer))


def _longer(c: TrainConfig, seconds: float, mle_seconds: float, target: float) -> TrainConfig:
    if STRATEGIES[c.strategy].reward is None or not c.rounds:  # nothing but MLE
        epochs = c.pretrain_epochs + c.rounds * c.g_steps / (c.n_train // c.batch_size)
        return make_config(c, pretrain_epochs=int(target / seconds * epochs), rounds=0)
    a_round = (seconds - mle_seconds) / c.rounds
    return make_config(c, rounds=c.rounds + int((target - seconds) / a_round))


def _mle_seconds(store: Store, record: RunRecord) -> float:
    """When the rounds began; the whole time where there were none."""
    phases = store.frame(record.id, "PhaseStarted")
    began = phases.loc[phases["phase"] == "adversarial", "seconds"]
    return float(began.iloc[0]) if len(began) else record.seconds
