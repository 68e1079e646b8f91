"""Which settings somebody can choose: the others follow from the data, or mean nothing."""

from __future__ import annotations

from contextlib import suppress

from seqgan_core.tasks.registry import DECIDED, IDLE
from seqgan_core.training.config import ConfigError, TrainConfig
from seqgan_core.training.model_files import load_shipped, sizes_of


def not_asked(config: TrainConfig) -> frozenset[str]:
    """The settings that nobody is asked for, in a run with these settings.

    A form hides them, and they are no difference from a preset: `settled` finds them again.
    """
    names = {*IDLE.get(config.task, ()), *DECIDED.get(config.task, ())}
    if config.start_from is not None and "start_from" not in names:
        names.add("min_count")  # the model brings its vocabulary
        with suppress(ConfigError):  # not here, or damaged: its sizes are told like any others
            names |= set(sizes_of(load_shipped(config.start_from)))
    return frozenset(names)
