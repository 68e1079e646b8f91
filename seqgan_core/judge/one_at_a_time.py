"""One setting at a time: what each of its values does while all others stay at the preset's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seqgan_core.judge.study import Setting, outcome
from seqgan_core.judge.verdict import Outcome, Point, Spread
from seqgan_core.messages import N_
from seqgan_core.training.config import TrainConfig, field_info

Judged = tuple[Setting, Outcome]


@dataclass(frozen=True)
class Factor:
    """A setting that varies while the others stay."""

    field: str  # its name
    title: str  # in English, to be translated where it is shown
    # preset, paper: its values there
    preset: Any
    paper: Any
    fields: frozenset[str]  # what may differ from the preset when it varies
    # a setting of `fields` and its value under which `field` means nothing
    live: tuple[str, Any] | None = None

    def value(self, config: TrainConfig) -> Any:
        """Where a configuration stands on this factor."""
        if self.live and getattr(config, self.live[0]) == self.live[1]:
            return self.live[1]
        return getattr(config, self.field)


@dataclass(frozen=True)
class Effect:
    """What became of each value of a factor, lowest value first."""

    factor: Factor
    outcomes: tuple[Judged, ...]

    def value(self, setting: Setting) -> Any:
        return self.factor.value(setting.config)

    def changes(self) -> dict[Any, tuple[Spread, Spread]]:
        """NLL_oracle and NLL_test of each value at the end, minus those of the preset's.

        The seeds that both have are paired, because they start from the same MLE model. Without
        the values that collapsed; empty where the preset's value did, or was not tried.
        """
        ends = {
            self.value(setting): {
                run.seed: path.end for run in setting.runs if (path := run.path())
            }
            for setting, result in self.outcomes
            if result.verdict != "collapsed"
        }
        base = ends.pop(self.factor.preset, {})

        def change(seeds: dict[int, Point], at: int) -> Spread:
            both = seeds.keys() & base.keys()
            return Spread(tuple(seeds[s][at] - base[s][at] for s in sorted(both)), of=len(ends))

        return {
            value: (change(seeds, 0), change(seeds, 1))
            for value, seeds in ends.items()
            if seeds.keys() & base.keys()
        }


def factors(base: TrainConfig) -> list[Factor]:
    """The four factors of the study that ships, around the preset `base`."""
    live = ("rollout_policy", "live")
    return [
        Factor(
            field,
            title,
            live[1] if memory and base.rollout_policy == live[1] else getattr(base, field),
            field_info(field)["paper"],
            frozenset([field, live[0]] if memory else [field]),
            live if memory else None,
        )
        for field, title, memory in (
            ("n_rollouts", N_("Roll-outs N"), False),
            ("rollout_update_rate", N_("Memory of the roll-out policy"), True),
            ("g_learning_rate", N_("Learning rate of G"), False),
            ("d_learning_rate", N_("Learning rate of D"), False),
        )
    ]


def effect_of(factor: Factor, settings: Sequence[Setting]) -> Effect:
    """The outcomes of those settings in which at most this factor differs from the preset."""
    varied = [setting for setting in settings if set(setting.changes) <= factor.fields]
    varied.sort(key=lambda setting: order(factor.value(setting.config)))
    return Effect(factor, tuple(judged(varied)))


def judged(settings: Sequence[Setting]) -> list[Judged]:
    """The settings that have an outcome, with it."""
    outcomes = [(setting, outcome(setting)) for setting in settings]
    return [(setting, result) for setting, result in outcomes if result is not None]


def order(value: Any) -> tuple[int, float]:
    """Sorts words before numbers."""
    return (0, 0.0) if isinstance(value, str) else (1, float(value))
