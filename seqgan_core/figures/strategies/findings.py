"""What became of settings, in words: verdicts, titles, captions and what to notice first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seqgan_core.figures.run.findings import GUESSING, TOO_STRONG
from seqgan_core.figures.settings import shown
from seqgan_core.figures.style import signed
from seqgan_core.judge.one_at_a_time import Effect, Factor, Judged, judged
from seqgan_core.judge.study import Setting, outcome
from seqgan_core.judge.verdict import CLEAR, COLLAPSED, HELD, VERDICTS, Outcome, Spread, Verdict
from seqgan_core.messages import N_, _, ngettext

MARKS: dict[Verdict, str] = {
    "learned": "✓",
    "sharpened": "◆",
    "traded": "◇",
    "stalled": "‖",
    "collapsed": "✕",
    "undecided": "?",
}
WORDS: dict[Verdict, str] = {
    "learned": N_("learned"),
    "sharpened": N_("sharpened"),
    "traded": N_("traded"),
    "stalled": N_("stalled"),
    "collapsed": N_("collapsed"),
    "undecided": N_("undecided"),
}


def verdict_text(verdict: Verdict) -> str:
    """A verdict with its mark."""
    return f"{MARKS[verdict]} {_(WORDS[verdict])}"


def rule() -> str:
    """The rule of the verdicts."""
    return _(
        "✓ learned: since MLE ended, NLL_oracle fell by more than the seeds differ "
        "(and by more than {clear:g} nats) while NLL_test rose by at most {held:g}. ◆"
        " sharpened: the same fall, but NLL_test rose by more. ✕ collapsed: NLL_test "
        "rose by more than {collapsed:g}, or a run diverged. ‖ stalled: no such fall."
    ).format(clear=CLEAR, held=HELD, collapsed=COLLAPSED)


def spread_text(spread: Spread, places: int = 3) -> str:
    """A mean with its number of seeds, and the lowest and the highest of them.

    >>> spread_text(Spread((-0.25, -0.15)), 2), spread_text(Spread((0.1,)))
    ('−0.20 (2 seeds: −0.25 to −0.15)', '+0.100 (1 seed)')
    """
    text = _("{mean} ({n} seeds: {low} to {high})")
    if len(spread.values) == 1:
        text = _("{mean} (1 seed)")
    mean, low, high = (
        signed(value, places) for value in (spread.mean, min(spread.values), max(spread.values))
    )
    return text.format(mean=mean, n=len(spread.values), low=low, high=high)


def strength(accuracy: float) -> tuple[str, str]:
    """A mark and a word for what D's accuracy means to the generator."""
    if accuracy > TOO_STRONG:
        return "■", _("too strong")
    if accuracy >= GUESSING[1]:
        return "●", _("useful")
    return "○", _("guessing") if accuracy >= GUESSING[0] else _("worse than guessing")


def name_of(setting: Setting) -> str:
    """(g, d, k), as the paper writes them."""
    return str(setting.triple)


def seeds_text(outcomes: Sequence[Outcome]) -> str:
    """How many seeds the numbers are means of: "n = 3 seeds"."""
    low, high = (pick(result.n for result in outcomes) for pick in (min, max))
    if low < high:
        return _("n = {low} to {high} seeds").format(low=low, high=high)
    return ngettext("n = {n} seed", "n = {n} seeds", low)


def finding(setting: Setting, name: str = "") -> str:
    """What became of one setting, with the numbers that decide it; `name` instead of (g, d, k)."""
    result, name = outcome(setting), name or name_of(setting)
    if result is None:
        return _("{name}: no finished run yet").format(name=name)
    text = {
        "learned": _("{name} {verdict}: NLL_oracle {oracle_seeds}"),
        "sharpened": _("{name} {verdict}: NLL_oracle {oracle}, NLL_test {test}"),
        "traded": _("{name} {verdict}: NLL_oracle {oracle}, NLL_test {test}"),
        "stalled": _("{name} {verdict}: NLL_oracle {oracle_seeds}"),
        "undecided": _("{name} {verdict}: NLL_oracle {oracle_seeds}"),
        "collapsed": _("{name} {verdict}: NLL_test {test_seeds}"),
    }[result.verdict]
    if result.diverged:
        text = _("{name} {verdict}: {diverged} of {n} runs diverged")
    return text.format(
        name=name,
        verdict=verdict_text(result.verdict),
        oracle=signed(result.oracle.mean, 2),
        test=signed(result.test.mean, 2),
        oracle_seeds=spread_text(result.oracle, 2),
        test_seeds=spread_text(result.test, 2),
        diverged=result.diverged,
        n=result.n,
    )


def compared(settings: Sequence[Setting]) -> list[str]:
    """Which settings learned, stalled or collapsed; those whose seeds differ too much; budgets."""
    outcomes = judged(settings)
    if not outcomes:
        return []
    groups = {
        verdict: [name_of(setting) for setting, result in outcomes if result.verdict == verdict]
        for verdict in VERDICTS
    }
    verdicts = " ".join(
        f"{verdict_text(verdict)}: {', '.join(group)}."
        for verdict, group in groups.items()
        if group
    )
    return [verdicts, *_undecided(outcomes), *_alone(outcomes), budgets(outcomes)]


def grid(settings: Sequence[Setting]) -> list[str]:
    """How many settings learned, the best of them, and what a D too strong or too weak does."""
    outcomes = judged(settings)
    if not outcomes:
        return []
    count = ngettext("{n} setting", "{n} settings", len(outcomes))
    results = [result for _setting, result in outcomes]
    counts = [
        f"{verdict_text(verdict)} {n}"
        for verdict in VERDICTS
        if (n := sum(result.verdict == verdict for result in results))
    ]
    sentences = [
        _("{count}, {seeds} each: {counts}.").format(
            count=count, seeds=seeds_text(results), counts=", ".join(counts)
        ),
        _best(outcomes),
    ]
    for text, low, high in (
        (
            _("D was too strong (above {share:.0%}) in {n} of them; {learned} of these learned."),
            TOO_STRONG, 1.01,
        ),
        (
            _("D was near guessing (below {share:.0%}) in {n} of them; {learned} of these "
              "learned."),
            0.0, GUESSING[1],
        ),
    ):  # fmt: skip
        group = [r for r in results if r.accuracy is not None and low <= r.accuracy.mean < high]
        if group:
            learned = sum(result.verdict == "learned" for result in group)
            share = low or high
            sentences.append(text.format(share=share, n=len(group), learned=learned))
    return [*sentences, *_undecided(outcomes), *_alone(outcomes), budgets(outcomes)]


def _undecided(outcomes: Sequence[Judged]) -> list[str]:
    """Settings that fell on average and yet stalled, because their seeds disagree."""
    cases = [
        _("{name} fell by {fall:.3f}, its seeds differ by {width:.3f}").format(
            name=name_of(setting), fall=-result.oracle.mean, width=result.oracle.width
        )
        for setting, result in outcomes
        if result.verdict == "stalled" and result.oracle.mean < -CLEAR
    ]
    text = _("Stalled although NLL_oracle fell, because the seeds differ by more: {cases}.")
    return [text.format(cases="; ".join(cases))] if cases else []


def _alone(outcomes: Sequence[Judged]) -> list[str]:
    if all(result.n > 1 for _setting, result in outcomes):
        return []
    return [_("Where n = 1 the spread between seeds is unknown.")]


def budgets(outcomes: Sequence[Judged]) -> str:
    """How long the rounds of each run took, and how many generator updates they made."""
    runs = [(setting, run) for setting, _result in outcomes for run in setting.runs]
    seconds = [run.seconds_since[-1] for _setting, run in runs]
    updates = [round(setting.along(run, "updates")[-1]) for setting, run in runs]
    return _(
        "The adversarial training of a run took {low:.0f} to {high:.0f} s and made "
        "{few} to {many} generator updates."
    ).format(low=min(seconds), high=max(seconds), few=min(updates), many=max(updates))


def _best(outcomes: Sequence[Judged]) -> str:
    learned = [pair for pair in outcomes if pair[1].verdict == "learned"]
    setting, result = min(learned or outcomes, key=lambda pair: pair[1].oracle.mean)
    text = (
        _("Best that learned: {name}, NLL_oracle {oracle}, NLL_test {test}.")
        if learned
        else _("None learned. NLL_oracle fell most at {name}: {oracle}; NLL_test {test}.")
    )
    return text.format(
        name=name_of(setting), oracle=spread_text(result.oracle), test=spread_text(result.test)
    )


# -- one setting at a time -------------------------------------------------------------------------


def factor_finding(effect: Effect) -> str:
    """The value of the lowest NLL_oracle against the preset's: more than the seeds differ?"""
    title, preset = _(effect.factor.title), effect.factor.preset
    ends = effect.ends()
    if len(ends) < 2:
        return _("{title}: fewer than two values ended without a collapse").format(title=title)
    best = min(ends, key=lambda value: ends[value][0].mean)
    oracle, test = ends[best]
    names = {"title": title, "value": shown(best)}
    if best == preset:
        return _("{title}: the preset's {value} is best, NLL_oracle {low:.3f}").format(
            low=oracle.mean, **names
        )
    if preset not in ends:
        return _("{title}: {value} is best, NLL_oracle {low:.3f}").format(low=oracle.mean, **names)
    base_oracle, base_test = ends[preset]
    gap = oracle.mean - base_oracle.mean
    if -gap <= max(CLEAR, oracle.width, base_oracle.width):
        text = _("{title}: no clear effect; {value} is {gap} from the preset, within the seeds")
        return text.format(gap=signed(gap), **names)
    return _("{title}: {value} changes NLL_oracle by {gap}, NLL_test by {cost}").format(
        gap=signed(gap), cost=signed(test.mean - base_test.mean), **names
    )


def factor_caption(factor: Factor, results: Sequence[Outcome]) -> str:
    """What is seen in a factor's figure, and how many seeds."""
    parts = [
        _("Each dot is a seed; lines join the means; dashed: where MLE ended; ×: collapsed."),
        _("The paper uses {paper}.").format(paper=shown(factor.paper)) if factor.paper else "",
        _("At each value, {seeds}.").format(seeds=seeds_text(results)) if results else "",
    ]
    return " ".join(filter(None, parts))


def factors_finding(effects: Sequence[Effect]) -> list[str]:
    """The factor that moves quality most, those that hardly do, and what collapsed."""
    moved = [effect for effect in effects if len(effect.outcomes) > 1]
    if not moved:
        return []
    most = max(moved, key=lambda effect: effect.span)
    ordered = sorted(most.outcomes, key=lambda pair: pair[1].oracle.mean)
    (first, low), (last, high) = ordered[0], ordered[-1]
    sentences = [
        _(
            "{title} moves quality most: since MLE ended, NLL_oracle {low} at {best} (NLL_test "
            "{test}), {high} at {worst} (NLL_test {other_test})."
        ).format(
            title=_(most.factor.title),
            low=signed(low.oracle.mean), best=_value(most, first), test=signed(low.test.mean),
            high=signed(high.oracle.mean), worst=_value(most, last),
            other_test=signed(high.test.mean),
        )
    ]  # fmt: skip
    sentences += [
        _(
            "{title} hardly matters here: its values differ by {span:.3f}, seeds by {noise:.3f}."
        ).format(title=_(effect.factor.title), span=effect.span, noise=effect.noise)
        for effect in moved
        if effect.span <= max(CLEAR, effect.noise)
    ]
    collapsed = [
        f"{_(effect.factor.title)} {_value(effect, setting)} ({signed(result.test.mean)})"
        for effect in moved
        for setting, result in effect.outcomes
        if result.verdict == "collapsed"
    ]
    if collapsed:
        text = _("Collapsed, with the change of NLL_test: {values}.")
        sentences.append(text.format(values="; ".join(collapsed)))
    return sentences


def _value(effect: Effect, setting: Setting) -> Any:
    return shown(effect.value(setting))
