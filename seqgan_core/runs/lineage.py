"""Runs made from runs: branching from a checkpoint, and finding runs whose program died."""

from __future__ import annotations

from typing import Any

from seqgan_core.runs import rows
from seqgan_core.runs.records import LIVE, StoreError
from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig, make_config

# A checkpoint's tensors have these shapes and were learned on these data.
FIXED = (
    "task", "oracle_seed", "oracle_path", "vocab_size", "sequence_length", "n_train", "n_test",
    "g_embedding_size", "g_hidden_size", "g_init_std", "d_embedding_size", "d_widths", "d_filters",
)  # fmt: skip


def branch_config(config: TrainConfig, changes: dict[str, Any]) -> TrainConfig:
    """`config` with `changes`, for a run that starts from a checkpoint of a run with `config`.

    Raises:
        StoreError: a change would not fit the checkpoint's weights or data.
        ConfigError: a setting is unknown or out of range.
    """
    changed = make_config(config, **changes)
    for name in FIXED:
        before, after = getattr(config, name), getattr(changed, name)
        if before != after:
            raise StoreError(
                f"{name} is {after!r}, and the checkpoint was learned with {before!r}; "
                f"a branch must keep {name}: leave it, or start a new run"
            )
    return changed


def fork(
    store: Store, run_id: str, step: int, changes: dict[str, Any], name: str | None = None
) -> str:
    """A new run with the past of `run_id` up to its checkpoint at `step`, and changed settings.

    Raises:
        StoreError: there is no such checkpoint, it is damaged, or a change does not fit it.
        ConfigError: a setting is unknown or out of range.
    """
    parent = store.run(run_id)
    config = branch_config(parent.config, changes)
    found = store.checkpoint(parent.id, step)
    child = store.create_run(
        config,
        preset=parent.preset,
        name=name or f"{parent.name}, from step {step}",
        parent=parent.id,
        parent_step=step,
    )
    try:
        with store.database.writing() as connection:
            rows.copy_events(connection, parent.id, child, found.seq)
            rows.rewind(connection, child, found)
        store.save_checkpoint(child, step, found.tensors, found.counters)
    except BaseException:
        store.purge(child)
        raise
    return child


def mark_orphans(store: Store) -> list[str]:
    """Set runs that no program holds, though their row says so, to interrupted; returns them."""
    with store.database.reading() as connection:
        marks = ", ".join("?" * len(LIVE))
        found = connection.execute(
            f"SELECT id FROM runs WHERE status IN ({marks})", LIVE
        ).fetchall()
    orphans = []
    for run_id in [str(row["id"]) for row in found]:
        try:
            lock = store.hold(run_id, wait=0)
        except StoreError:
            continue
        with lock:
            store.set_status(run_id, "interrupted", "the program that trained it ended")
        orphans.append(run_id)
    return orphans
