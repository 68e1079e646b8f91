"""Branches from a checkpoint, and runs whose program has ended."""

from typing import Any

from seqgan_core.runs.records import LIVE, StoreError
from seqgan_core.runs.storage import queries
from seqgan_core.runs.store import Store
from seqgan_core.training.checkpoint_state import new_tensors
from seqgan_core.training.config import TrainConfig, make_config, settings_where
from seqgan_core.training.strategies import STRATEGIES, has_value_network, keeps_searched

FIXED = settings_where(lambda facts: facts.fixed)
"""Settings that every branch keeps."""


def branch_config(config: TrainConfig, changes: dict[str, Any], epoch: float = 0.0) -> TrainConfig:
    """`config` with `changes`, for a branch from a checkpoint at `epoch`.

    Raises:
        StoreError: a change would not fit the checkpoint's weights, data or counters.
        ConfigError: a setting is unknown or out of range.
    """
    changed = make_config(config, **changes)
    fixed = set(FIXED)
    if epoch >= config.pretrain_epochs or epoch > changed.pretrain_epochs:
        fixed.add("pretrain_epochs")  # that phase has ended, and rounds are counted from there
    if _has_discriminator(changed) and not _has_discriminator(config):
        fixed.add("strategy")
    if changed.rollout_policy == "average":
        fixed.add("rollout_policy")
    for name, after in changed:
        before = getattr(config, name)
        if name in fixed and before != after:
            raise StoreError("branch.setting", name=name, given=after, allowed=before)
    return changed


def fork(
    store: Store, run_id: str, step: int, changes: dict[str, Any], name: str | None = None
) -> str:
    """A new run with changed settings and the history of `run_id` up to its checkpoint at `step`.

    Raises:
        StoreError: there is no such checkpoint, it is damaged, or a change does not fit it.
        ConfigError: a setting is unknown or out of range.
    """
    parent = store.run(run_id)
    checkpoint = store.checkpoint(parent.id, step)
    config = branch_config(parent.config, changes, checkpoint.epoch)
    child = store.create_run(
        config,
        preset=parent.preset,
        name=name or f"{parent.name}, from epoch {checkpoint.epoch:g}",
        parent=parent.id,
        parent_step=step,
    )
    try:
        with store.database.writing() as connection:
            queries.copy_events(connection, parent.id, child, checkpoint.seq)
            queries.rewind(connection, child, checkpoint)
        kept = {key: t for key, t in checkpoint.tensors.items() if not _is_unused(config, key)}
        if config.g_batch_size != parent.config.g_batch_size:
            kept.pop("searched", None)  # as many as the batch has prefixes
        tensors = new_tensors(config) | kept
        store.save_checkpoint(child, step, tensors, checkpoint.counters)
    except BaseException:
        store.purge(child)
        raise
    return child


def _has_discriminator(config: TrainConfig) -> bool:
    return STRATEGIES[config.strategy].trains_discriminator


def _is_unused(config: TrainConfig, tensor: str) -> bool:
    """Whether a run with `config` does not use this tensor of a checkpoint."""
    if tensor.startswith(("discriminator.", "adam.critic.")):
        return not _has_discriminator(config)
    if tensor.startswith(("value.", "adam.value.")):
        return not has_value_network(config)
    if tensor == "searched":
        return not keeps_searched(config)
    return tensor.startswith("rollout_policy.") and config.rollout_policy != "average"


def mark_orphans(store: Store) -> list[str]:
    """Mark active runs that no program holds as interrupted; returns their ids."""
    with store.database.reading() as connection:
        marks = ", ".join("?" * len(LIVE))
        rows = connection.execute(f"SELECT id FROM runs WHERE status IN ({marks})", LIVE).fetchall()
    orphans = []
    for run_id in [str(row["id"]) for row in rows]:
        try:
            lock = store.hold(run_id, wait=0)
        except StoreError:
            continue
        with lock:
            store.set_status(run_id, "interrupted", "the program that trained it ended")
        orphans.append(run_id)
    return orphans
