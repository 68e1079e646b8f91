"""The factors of a study, and what turning each of them did, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from seqgan_core.figures.run.notices import CLEAR
from seqgan_core.figures.settings import shown
from seqgan_core.figures.strategies.notices import Judged, judged
from seqgan_core.figures.strategies.study import Metric, Setting
from seqgan_core.figures.strategies.verdicts import Outcome, Spread, seeds_of, signed
from seqgan_core.messages import _


@dataclass(frozen=True)
class Factor:
    """A setting that is turned while the others stay.

    Attributes:
        field: its name; preset, paper: its values there.
        title: in words.
        fields: what may differ from the preset when it is turned.
        live: a setting of `fields` and its value under which `field` says nothing.
    """

    field: str
    title: str
    preset: Any
    paper: Any
    fields: frozenset[str]
    live: tuple[str, Any] | None = None

    def value(self, setting: Setting) -> Any:
        """Where a setting stands on this factor."""
        if self.live and setting.values[self.live[0]] == self.live[1]:
            return self.live[1]
        return setting.values[self.field]


def factors(base: Mapping[str, Any], info: Mapping[str, Mapping[str, Any]]) -> list[Factor]:
    """The four factors of the study.

    Args:
        base: the preset's settings.
        info: title and the paper's value of each setting.
    """

    def factor(
        field: str, title: str, more: Sequence[str] = (), live: tuple[str, Any] | None = None
    ) -> Factor:
        preset = live[1] if live and base[live[0]] == live[1] else base[field]
        fields = frozenset([field, *more])
        return Factor(field, title, preset, info[field]["paper"], fields, live)

    return [
        factor("n_rollouts", _("Roll-outs N")),
        factor(
            "rollout_update_rate",
            _("Roll-out policy's memory"),
            ["rollout_policy"],
            ("rollout_policy", "live"),
        ),
        factor("g_learning_rate", _("Learning rate of G")),
        factor("d_learning_rate", _("Learning rate of D")),
    ]


def settings_of_factor(
    settings: Sequence[Setting], factor: Factor, base: Mapping[str, Any]
) -> list[Setting]:
    """The settings in which only this factor differs from the preset, which is one of them."""
    result = [setting for setting in settings if _differing(setting, base) <= factor.fields]
    return sorted(result, key=lambda setting: order(factor.value(setting)))


def _differing(setting: Setting, base: Mapping[str, Any]) -> set[str]:
    return {name for name, value in setting.values.items() if value != base.get(name)}


def order(value: Any) -> tuple[int, float]:
    """Sorts words before numbers."""
    return (0, 0.0) if isinstance(value, str) else (1, float(value))


def finding(settings: Sequence[Setting], factor: Factor) -> str:
    """The value of the lowest NLL_oracle against the preset's: is it more than luck, and what
    does it do to NLL_test?
    """
    ended = {
        factor.value(setting): (quality, coverage)
        for setting, result in judged(settings)
        if result.verdict != "collapsed"
        and (quality := _ends(setting, "nll_oracle"))
        and (coverage := _ends(setting, "nll_test"))
    }
    if len(ended) < 2:
        text = _("{title}: fewer than two values have ended without a collapse")
        return text.format(title=factor.title)
    best = min(ended, key=lambda value: ended[value][0].mean)
    low, coverage = ended[best]
    if best == factor.preset or factor.preset not in ended:
        text = _("{title}: NLL_oracle is lowest at {value}, {low:.3f} (NLL_test {test:.3f})")
        if best == factor.preset:
            text = _(
                "{title}: NLL_oracle is lowest at the preset's {value}, {low:.3f} (NLL_test "
                "{test:.3f})"
            )
        return text.format(title=factor.title, value=shown(best), low=low.mean, test=coverage.mean)
    preset, preset_coverage = ended[factor.preset]
    gap = low.mean - preset.mean
    if -gap <= max(CLEAR, low.width, preset.width):
        text = _("{title}: {value} is {gap} against the preset, no more than the seeds are apart")
        return text.format(title=factor.title, value=shown(best), gap=signed(gap))
    text = _("{title}: {value} changes NLL_oracle by {gap} against the preset, NLL_test by {test}")
    return text.format(
        title=factor.title,
        value=shown(best),
        gap=signed(gap),
        test=signed(coverage.mean - preset_coverage.mean),
    )


def _ends(setting: Setting, metric: Metric) -> Spread | None:
    values = tuple(v for run in setting.runs if (v := run.last(metric)) is not None)
    return Spread(values) if values else None


@dataclass(frozen=True)
class _FactorEffect:
    """A factor with what each of its values did; `span` is of the mean changes of NLL_oracle."""

    factor: Factor
    outcomes: Sequence[Judged]

    @property
    def span(self) -> float:
        means = [result.oracle.mean for _setting, result in self.outcomes]
        return max(means) - min(means)

    @property
    def noise(self) -> float:
        """How far the seeds of one value are apart, on average."""
        return fmean(result.oracle.width for _setting, result in self.outcomes)

    def at(self, setting: Setting) -> str:
        return shown(self.factor.value(setting))


def notice(
    settings: Sequence[Setting], all_factors: Sequence[Factor], base: Mapping[str, Any]
) -> str:
    """Which factor moves quality most, what that does to coverage, what hardly moves, collapses."""
    every = [
        _FactorEffect(factor, judged(settings_of_factor(settings, factor, base)))
        for factor in all_factors
    ]
    moved = [effect for effect in every if len(effect.outcomes) > 1]
    if not moved:
        return ""
    most = max(moved, key=lambda effect: effect.span)
    low, high = (pick(most.outcomes, key=lambda pair: pair[1].oracle.mean) for pick in (min, max))
    sentences = [
        _(
            "{title} moves quality most: since MLE ended NLL_oracle changed by {low} at {at} "
            "(NLL_test {test}) and by {high} at {other} (NLL_test {other_test})."
        ).format(
            title=most.factor.title,
            low=low[1].oracle,
            at=most.at(low[0]),
            test=low[1].test,
            high=high[1].oracle,
            other=most.at(high[0]),
            other_test=high[1].test,
        )
    ]
    for effect in moved:
        if effect.span <= max(CLEAR, effect.noise):
            text = _(
                "{title} hardly matters here: {span:.3f} between its values, {noise:.3f} between "
                "seeds."
            )
            sentences.append(
                text.format(title=effect.factor.title, span=effect.span, noise=effect.noise)
            )
    collapsed = [
        f"{effect.factor.title} {effect.at(setting)} ({signed(result.test.mean)})"
        for effect in moved
        for setting, result in effect.outcomes
        if result.verdict == "collapsed"
    ]
    if collapsed:
        text = _("Collapsed, with the change of NLL_test: {list}.")
        sentences.append(text.format(list="; ".join(collapsed)))
    return " ".join(sentences)


def caption(factor: Factor, results: Sequence[Outcome]) -> str:
    """What is seen in a factor's figure, and how many seeds."""
    text = _(
        "Every dot is a seed, the lines join the means, dashed is where MLE ended; × is a value "
        "that collapsed."
    )
    if factor.paper is not None:
        text += " " + _("The paper uses {paper}.").format(paper=shown(factor.paper))
    return (
        _("{text} At each value {n}.").format(text=text, n=seeds_of(results)) if results else text
    )
