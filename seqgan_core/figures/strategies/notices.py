"""What to notice now in a study of settings: sentences computed from its runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from seqgan_core.figures.run.notices import GUESSING, TOO_STRONG
from seqgan_core.figures.strategies.study import Setting
from seqgan_core.figures.strategies.verdicts import (
    MARKS,
    VERDICTS,
    WORDS,
    Outcome,
    name_of,
    outcome,
    seeds_of,
    strength,
)
from seqgan_core.messages import _

Judged = tuple[Setting, Outcome]


def judged(settings: Sequence[Setting]) -> list[Judged]:
    """The settings that can be judged, with what became of them."""
    outcomes = [(setting, outcome(setting)) for setting in settings]
    return [(setting, result) for setting, result in outcomes if result is not None]


def finding(setting: Setting, name: str = "") -> str:
    """What became of one setting, as a title; `name` is another than (g, d, k)."""
    result, name = outcome(setting), name or name_of(setting)
    if result is None:
        return _("{name}: no finished run yet").format(name=name)
    return _("{name} {verdict}: NLL_oracle {oracle}, NLL_test {test}").format(
        name=name, verdict=result.named, oracle=result.oracle, test=result.test
    )


def compared(settings: Sequence[Setting]) -> list[str]:
    """Which learned, which stalled, which collapsed, each with its numbers; and their budgets."""
    outcomes = judged(settings)
    if not outcomes:
        return []
    ranked = sorted(outcomes, key=lambda pair: VERDICTS.index(pair[1].verdict))
    sentences = []
    for verdict, group in groupby(ranked, key=lambda pair: pair[1].verdict):
        each = "; ".join(_each(setting, result) for setting, result in group)
        sentences.append(f"{MARKS[verdict]} {WORDS[verdict]}: {each}.")
    return [*sentences, *_footing(outcomes)]


def _each(setting: Setting, result: Outcome) -> str:
    numbers = _("{name} with NLL_oracle {oracle}, NLL_test {test}{d}{diverged} ({n})")
    d = ""
    if result.accuracy is not None:
        accuracy = result.accuracy.mean
        d = _(", D {share:.0%}, {word}").format(share=accuracy, word=strength(accuracy))
    diverged = _(", {k} diverged").format(k=result.diverged) if result.diverged else ""
    return numbers.format(
        name=name_of(setting),
        oracle=result.oracle,
        test=result.test,
        d=d,
        n=seeds_of([result]),
        diverged=diverged,
    )


def _footing(outcomes: Sequence[Judged]) -> list[str]:
    """What the verdicts stand on: seeds and budgets."""
    alone = any(result.n == 1 for _setting, result in outcomes)
    sentences = [_("Of a single seed the spread is not known.")] if alone else []
    return [*sentences, budgets([setting for setting, _result in outcomes])]


def budgets(settings: Sequence[Setting]) -> str:
    """How long the rounds of each took, and how many generator updates that bought."""
    runs = [(setting, run) for setting in settings for run in setting.runs]
    if not runs:
        return ""
    seconds = [run.seconds[-1] for _setting, run in runs]
    updates = [round(run.rounds[-1] * setting.triple[0]) for setting, run in runs]
    return _(
        "The rounds of a run took {low:.0f} to {high:.0f} s, which bought {few} to {many} "
        "generator updates."
    ).format(low=min(seconds), high=max(seconds), few=min(updates), many=max(updates))


def grid(settings: Sequence[Setting]) -> str:
    """How many settings learned, the best of them, and what a D that is too strong or weak does."""
    outcomes = judged(settings)
    if not outcomes:
        return ""
    counts = [
        (verdict, sum(result.verdict == verdict for _setting, result in outcomes))
        for verdict in VERDICTS
    ]
    parts = ", ".join(f"{n} {WORDS[verdict]}" for verdict, n in counts if n)
    sentences = [
        _("Of {n} settings {parts} ({seeds} each).").format(
            n=len(outcomes), parts=parts, seeds=seeds_of([result for _setting, result in outcomes])
        )
    ]
    sentences.append(_best(outcomes))
    for word, low, high in (
        (_("above {share:.0%}, too strong,").format(share=TOO_STRONG), TOO_STRONG, 1.0),
        (_("below {share:.0%}, near guessing,").format(share=GUESSING[1]), 0.0, GUESSING[1]),
    ):
        group = [
            result
            for _setting, result in outcomes
            if result.accuracy is not None and low <= result.accuracy.mean < high
        ]
        if group:
            learned = sum(result.verdict == "learned" for result in group)
            text = _("D ended {word} in {n} of them; {learned} of these learned.")
            sentences.append(text.format(word=word, n=len(group), learned=learned))
    return " ".join([*sentences, *_footing(outcomes)])


def _best(outcomes: Sequence[Judged]) -> str:
    learned = [pair for pair in outcomes if pair[1].verdict == "learned"]
    if learned:
        setting, result = min(learned, key=lambda pair: pair[1].oracle.mean)
        return _("NLL_oracle fell most while NLL_test held at {name}: {oracle} and {test}.").format(
            name=name_of(setting), oracle=result.oracle, test=result.test
        )
    setting, result = min(outcomes, key=lambda pair: pair[1].oracle.mean)
    return _(
        "None learned: where NLL_oracle fell most, at {name} ({oracle}), NLL_test changed by "
        "{test}."
    ).format(name=name_of(setting), oracle=result.oracle, test=result.test)
