"""Rules between settings, derived from the facts that each setting declares."""

from contextlib import suppress

from seqgan_core.training.config import ConfigError, TrainConfig, settings_where
from seqgan_core.training.setup.model_files import load_shipped, sizes_of

REPEATS = settings_where(lambda facts: facts.repeats)
"""Settings in which repetitions of a run may differ."""


def decided_settings(task: str) -> tuple[str, ...]:
    """The settings that a task's data decides, whatever they are set to."""
    return settings_where(lambda facts: task in facts.decided_by)


def idle_settings(task: str) -> tuple[str, ...]:
    """The settings that a task does not use."""
    return settings_where(lambda facts: task in facts.idle_for)


def hidden_settings(config: TrainConfig) -> frozenset[str]:
    """The settings that are not chosen in a run with these settings.

    They follow from the data or are not used. A form hides them, and they do not count as a
    difference from a preset: `resolve_config` derives them again.
    """
    names = {*idle_settings(config.task), *decided_settings(config.task)}
    if config.start_from is not None and "start_from" not in names:
        names.add("min_count")  # the model decides the vocabulary
        with suppress(ConfigError):  # missing or damaged: its sizes are shown like any others
            names |= set(sizes_of(load_shipped(config.start_from)))
    return frozenset(names)


def measured_by(config: TrainConfig) -> tuple[object, ...]:
    """What a run's metrics depend on; they can be compared only between runs that share it.

    An NLL of text or tunes depends on the vocabulary and the held-out sequences. Runs on an oracle
    are always compared.
    """
    names = settings_where(lambda facts: config.task in facts.measures)
    return tuple(getattr(config, name) for name in names)
