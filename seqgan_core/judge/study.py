"""A sweep's curves as one JSON-ready value: what the balance of the two players decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqgan_core.judge.report_file import plain, read_report_file
from seqgan_core.judge.sweeps.plan import Plan, Planned
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.training.setup.config_rules import REPEATS
from seqgan_core.training.setup.presets import preset as preset_named

FORMAT = "seqgan-study-1"
_COLUMNS = ("epoch", "seconds", "nll_oracle", "nll_test", "d_accuracy")


def study(store: Store, plan: Plan, runs: Mapping[Planned, RunRecord]) -> dict[str, Any]:
    """Every run of a plan with the settings that set it apart, and its evaluations.

    Returns:
        `runs`, each with `settings` (what differs from the preset, without the seed), `seed`,
        `status`, `reason`, `switch` (MLE epochs) and lists of equal length: epoch, seconds of
        training, nll_oracle, nll_test (nats per token), d_accuracy (held-out; None where no D
        was trained). What is not finite is None, as in the JSON that it becomes.
    """
    base = preset_named(plan.preset)
    entries = []
    for planned, record in runs.items():
        frame = store.frame(record.id, "Evaluated")
        curves = {
            name: frame[name].tolist() if name in frame else [None] * len(frame)
            for name in _COLUMNS
        }
        settings = {
            name: value
            for name, value in planned.config
            if value != getattr(base, name) and name not in REPEATS
        }
        entries.append(
            {
                "run": record.id,
                "label": planned.label,
                "settings": settings,
                "seed": record.config.seed,
                "status": record.status,
                "reason": record.reason,
                "seconds_in_all": record.seconds,
                "switch": record.config.pretrain_epochs,
                **curves,
            }
        )
    whole = {"format": FORMAT, "name": plan.name, "preset": plan.preset, "runs": entries}
    return dict(plain(whole))


def load_study(path: Path) -> dict[str, Any]:
    """A study that was kept as a file.

    Raises:
        PlanError: it is missing, damaged or of another version, and what to do.
    """
    remedy = "make it anew with `python -m seqgan_core sweep PLAN --out`"
    return read_report_file(path, FORMAT, remedy)
