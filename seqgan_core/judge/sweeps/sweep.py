"""Trains the missing runs of a plan, several at once; a sweep can be stopped and resumed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from seqgan_core.judge.sweeps.engines import Engine
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, stored
from seqgan_core.runs.store import RunRecord, Store

MAX_TRIES = 3  # of a run whose worker was lost
POLL_SECONDS = 0.2  # seconds between two looks at the workers


@dataclass(frozen=True)
class Progress:
    """Progress of a sweep; `share` is the share of all its training, by epochs and rounds."""

    done: int
    total: int
    share: float
    training: tuple[RunRecord, ...]
    failed: tuple[RunRecord, ...]


def sweep(
    store: Store,
    plan: Plan,
    engine: Engine,
    workers: int,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[Planned, RunRecord]:
    """Trains the missing runs; Ctrl-C stops the sweep, and calling it again resumes it.

    A run whose worker was lost resumes from its last checkpoint, up to three times.

    Returns:
        Each planned run with its current record; some may have failed.

    Raises:
        KeyboardInterrupt: after every worker has left a checkpoint.
    """
    existing = stored(store, plan)
    records = {planned: existing.get(planned) or _create(store, plan, planned)
               for planned in plan.runs}  # fmt: skip
    waiting = [record.id for record in records.values() if not is_done(record)]
    running: dict[str, int] = {}  # run -> its tries
    failed: set[str] = set()
    with _stopping(engine):
        while waiting or running:
            while waiting and len(running) < workers:
                run_id = waiting.pop(0)
                running[run_id] = running.get(run_id, 0) + 1
                engine.start(run_id)
            for run_id in engine.ended():
                tries = running.pop(run_id)
                status = store.run(run_id).status
                if status in ("finished", "diverged"):
                    continue
                if status != "failed" and tries < MAX_TRIES:  # its worker was lost
                    running[run_id] = tries + 1
                    engine.start(run_id)
                else:
                    failed.add(run_id)
            if on_progress is not None:
                on_progress(_progress(store, records, running, failed))
            if waiting or running:
                time.sleep(POLL_SECONDS)
    return {planned: store.run(record.id) for planned, record in records.items()}


def _create(store: Store, plan: Plan, planned: Planned) -> RunRecord:
    name = f"{plan.name}: {planned.label}"
    return store.run(store.create_run(planned.config, preset=plan.preset, name=name[:120]))


def _progress(
    store: Store, records: dict[Planned, RunRecord], running: dict[str, int], failed: set[str]
) -> Progress:
    now = [store.run(record.id) for record in records.values()]
    shares = [1.0 if is_done(record) else _share(record) for record in now]
    return Progress(
        done=sum(map(is_done, now)),
        total=len(now),
        share=sum(shares) / max(1, len(shares)),
        training=tuple(record for record in now if record.id in running),
        failed=tuple(record for record in now if record.id in failed),
    )


def _share(record: RunRecord) -> float:
    whole = record.config.pretrain_epochs + record.config.rounds
    return min(1.0, record.epoch / whole) if whole else 0.0


@contextmanager
def _stopping(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.stop()
