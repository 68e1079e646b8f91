"""Better than MLE at some temperature, or not: how far each run lies from MLE's curve."""

from collections.abc import Sequence

from seqgan_core.figures.methods.forest import ForestRow, forest
from seqgan_core.figures.methods.names import UNTRAINED, method_name
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import Figure, empty
from seqgan_core.judge.report import Distance
from seqgan_core.messages import _, ngettext, remark


def gaps_by_seed(gaps: Sequence[Distance]) -> Figure:
    """How far from MLE's curve each run lies, at its own x: a row a method."""
    within = [(g, g.summary) for g in gaps if g.summary is not None and g.strategy != UNTRAINED]
    if not within:
        seeing = remark("seeing.gaps-none")
        return empty(_("No run lies within the range of MLE's temperatures"), seeing, height=300)
    x, y = metric_of(gaps[0].x), metric_of(gaps[0].y)
    rows = [ForestRow.of(gap.strategy, summary, gap.seeds) for gap, summary in within]
    paired = all(gap.paired for gap, _summary in within)
    which = remark("seeing.gaps-paired" if paired else "seeing.gaps-unpaired")
    title = _("{metric} minus MLE's").format(metric=y.title)
    return forest(
        rows,
        finding=_finding([gap for gap, _summary in within]),
        seeing=remark("seeing.gaps", x=x.title, y=y.title, better=y.better, which=which),
        x_title=", ".join(filter(None, [title, y.unit])),
        digits=y.digits,
        signed=True,
        zero=True,
        row_height=52,
    )


def verdict(gap: Distance) -> int:
    """1 where a method is better than MLE's curve, -1 where it is worse, 0 if it cannot be told.

    What is worse out of the curve's reach has no distance, so the mean of the others is too good.
    """
    sign = {"lower": -1, "higher": 1, "neither": 0}[metric_of(gap.y).direction]
    return 0 if gap.summary is None or gap.outside else sign * gap.summary.side()


def gap_of(gaps: Sequence[Distance], strategy: str) -> Distance | None:
    """A method's distance, where it could be measured."""
    return next((g for g in gaps if g.strategy == strategy and g.summary is not None), None)


def interval(gap: Distance) -> str:
    """A distance in words: value, interval, unit, n."""
    if gap.summary is None:
        return "–"
    what, summary = metric_of(gap.y), gap.summary
    value = what.text(summary.mean, signed=True)
    if summary.low is not None and summary.high is not None:
        low, high = (what.text(end, signed=True) for end in (summary.low, summary.high))
        value = f"{value} [{low}, {high}]"
    n = (
        ngettext("n = {n} seed", "n = {n} seeds", summary.n)
        if gap.paired
        else _("n = {n} runs against the mean of {curves} curves").format(
            n=summary.n, curves=gap.curves
        )
    )
    return ", ".join([" ".join(filter(None, [value, what.unit])), n])


def _finding(gaps: Sequence[Distance]) -> str:
    better = [method_name(gap.strategy) for gap in gaps if verdict(gap) > 0]
    if better:
        return _("Better than MLE at any of the temperatures: {methods}").format(
            methods=", ".join(better)
        )
    unclear = sum(verdict(gap) == 0 for gap in gaps)
    if not unclear:
        return _("MLE at a suitable temperature is better than each of these methods")
    return ngettext(
        "No method is found to be better than MLE at a suitable temperature; {n} is unclear",
        "No method is found to be better than MLE at a suitable temperature; {n} are unclear",
        unclear,
    )
