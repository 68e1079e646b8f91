"""What became of settings, in words: verdicts, titles, captions and what to notice first."""

from collections.abc import Sequence

from seqgan_core.figures.run.findings import GUESSING, TOO_STRONG
from seqgan_core.figures.settings import shown
from seqgan_core.figures.strategies.words import (
    distance_text,
    seeds_text,
    spread_text,
    verdict_text,
    why_undecided,
)
from seqgan_core.figures.style import signed
from seqgan_core.judge.one_at_a_time import Effect, Factor, Judged, judged
from seqgan_core.judge.report import ALPHA
from seqgan_core.judge.study import Setting, outcome
from seqgan_core.judge.verdict import CLEAR, FEWEST, LAST, VERDICTS, Outcome
from seqgan_core.messages import _, ngettext, remark


def name_of(setting: Setting) -> str:
    """(g, d, k), as the paper writes them."""
    return str(setting.triple)


def finding(setting: Setting, name: str = "") -> str:
    """What became of one setting, with the numbers that decide it; `name` instead of (g, d, k)."""
    result, name = outcome(setting), name or name_of(setting)
    if result is None:
        return _("{name}: no finished run yet").format(name=name)
    text = {
        "learned": _("{name} {verdict}: {gap} nats below the curve"),
        "sharpened": _("{name} {verdict}: NLL_oracle {oracle}, along the curve"),
        "traded": _("{name} {verdict}: NLL_oracle {oracle}, {gap} above the curve"),
        "stalled": _("{name} {verdict}: NLL_oracle {oracle_seeds}"),
        "undecided": _("{name} {verdict}: {why}"),
        "collapsed": _("{name} {verdict}: NLL_test {test_seeds}"),
    }[result.verdict]
    if result.diverged:
        text = _("{name} {verdict}: {diverged} of {n} runs diverged")
    return text.format(
        name=name,
        verdict=verdict_text(result.verdict),
        oracle=signed(result.oracle.mean, 2),
        gap=f"{abs(result.distance.mean):.3f}" if result.distance else "",
        oracle_seeds=spread_text(result.oracle, 2),
        test_seeds=spread_text(result.test, 2),
        why=why_undecided(result),
        diverged=result.diverged,
        n=result.n,
    )


def compared(settings: Sequence[Setting]) -> list[str]:
    """The settings of each verdict, what is not certain, and budgets."""
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
    return [verdicts, *_unclear(outcomes), budgets(outcomes)]


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
        group = [
            result
            for result in results
            if result.accuracy is not None and low <= result.accuracy.mean < high
            and result.verdict != "undecided"
        ]  # fmt: skip
        if group:
            learned = sum(result.verdict == "learned" for result in group)
            share = low or high
            sentences.append(text.format(share=share, n=len(group), learned=learned))
    return [*sentences, *_unclear(outcomes), budgets(outcomes)]


def _unclear(outcomes: Sequence[Judged]) -> list[str]:
    """Settings without a verdict, by the reason; and those that stalled though their mean fell."""
    reasons: dict[str, list[str]] = {}
    for setting, result in outcomes:
        if result.verdict == "undecided":
            reasons.setdefault(why_undecided(result), []).append(name_of(setting))
    sentences = [
        _("Undecided, {why}: {names}.").format(why=why, names=", ".join(names))
        for why, names in reasons.items()
    ]
    cases = [
        f"{name_of(setting)} {signed(result.oracle.mean)} ± {result.oracle.half:.3f}"
        for setting, result in outcomes
        if result.verdict == "stalled" and result.oracle.mean <= -CLEAR
    ]
    if cases:
        sentences.append(remark("finding.stalled", cases="; ".join(cases)))
    return sentences


def budgets(outcomes: Sequence[Judged]) -> str:
    """How long the rounds of each run took, and how many generator updates they made."""
    runs = [(setting, run) for setting, _result in outcomes for run in setting.runs]
    seconds = [run.seconds_since[-1] for _setting, run in runs]
    updates = [round(setting.along(run, "updates")[-1]) for setting, run in runs]
    return remark(
        "finding.budgets", low=min(seconds), high=max(seconds), few=min(updates), many=max(updates)
    )


def _best(outcomes: Sequence[Judged]) -> str:
    """The best of the settings, which is set against nothing: the best of many is partly luck."""
    learned = [pair for pair in outcomes if pair[1].verdict == "learned"]
    setting, result = min(learned or outcomes, key=lambda pair: pair[1].oracle.mean)
    n = sum(not learned or result.verdict != "undecided" for _setting, result in outcomes)
    return remark(
        "finding.best-setting" if learned else "finding.none-learned",
        name=name_of(setting), gap=distance_text(result), oracle=spread_text(result.oracle),
        test=spread_text(result.test), n=n, chance=n * ALPHA / 2,
    )  # fmt: skip


# -- one setting at a time -------------------------------------------------------------------------


def factor_finding(effect: Effect) -> str:
    """The value of the lowest NLL_oracle against the preset's: more than chance explains?"""
    title, changes = _(effect.factor.title), effect.changes()
    preset = shown(effect.factor.preset)
    if not changes:
        return _("{title}: no value to compare with the preset's {preset}").format(
            title=title, preset=preset
        )
    best = min(changes, key=lambda value: changes[value][0].mean)
    oracle, test = changes[best]
    if oracle.n < FEWEST:
        text = _("{title}: not enough seeds to say; {value} differs by {gap} from {preset}")
    elif oracle.mean >= 0:
        text = _("{title}: no value is below the preset's {preset} in NLL_oracle")
    elif oracle.sign < 0:
        text = _("{title}: {value} changes NLL_oracle by {gap} ± {half:.3f}, NLL_test by {cost}")
    else:
        text = _("{title}: no clear gain; best is {value}, {gap} ± {half:.3f} from {preset}")
    return text.format(
        title=title, value=shown(best), preset=preset, gap=signed(oracle.mean), half=oracle.half,
        cost=signed(test.mean),
    )  # fmt: skip


def factor_caption(factor: Factor, results: Sequence[Outcome]) -> str:
    """What is seen in a factor's figure, and how many seeds."""
    parts = [
        remark("seeing.factor", last=LAST),
        _("The paper uses {paper}.").format(paper=shown(factor.paper)) if factor.paper else "",
        _("At each value, {seeds}.").format(seeds=seeds_text(results)) if results else "",
    ]  # fmt: skip
    return " ".join(filter(None, parts))


def factors_finding(effects: Sequence[Effect]) -> list[str]:
    """The values that clearly differ from the preset's, factors without any, what collapsed."""
    clear: list[str] = []
    unclear: list[str] = []
    few: list[str] = []
    for effect in effects:
        title, changes = _(effect.factor.title), effect.changes()
        values = [
            f"{title} {shown(value)} ({signed(oracle.mean)} ± {oracle.half:.3f})"
            for value, (oracle, _test) in changes.items()
            if oracle.n >= FEWEST and oracle.sign
        ]
        clear += values
        if changes and not values:
            enough = any(oracle.n >= FEWEST for oracle, _test in changes.values())
            (unclear if enough else few).append(title)
    collapsed = [
        f"{_(effect.factor.title)} {shown(effect.value(setting))} ({signed(result.test.mean)})"
        for effect in effects
        for setting, result in effect.outcomes
        if result.verdict == "collapsed" and len(effect.outcomes) > 1
    ]
    sentences = (
        (_("NLL_oracle differs clearly from the preset's: {values}."), clear),
        (_("No clear difference from the preset: {values}."), unclear),
        (_("Not enough seeds to say what differs from the preset: {values}."), few),
        (_("Collapsed, with the change of NLL_test: {values}."), collapsed),
    )
    return [text.format(values="; ".join(values)) for text, values in sentences if values]
