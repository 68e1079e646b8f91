"""The words of verdicts, with their numbers: for cells, tables and sentences."""

from collections.abc import Sequence

from seqgan_core.figures.run.findings import GUESSING, TOO_STRONG
from seqgan_core.figures.style import signed
from seqgan_core.judge.verdict import (
    ALONG,
    BEYOND,
    CLEAR,
    COLLAPSED,
    FEWEST,
    LAST,
    Outcome,
    Spread,
    Verdict,
)
from seqgan_core.messages import N_, _, ngettext, remark

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
    return remark(
        "strategies.rule", last=LAST, beyond=BEYOND, along=ALONG, collapsed=COLLAPSED,
        fewest=FEWEST, clear=CLEAR,
    )  # fmt: skip


def distance_text(result: Outcome) -> str:
    """How far NLL_test lies above MLE's temperature curve, with its interval and n."""
    gap = result.distance
    if gap is None:
        return "–"
    if gap.n < 2:
        return spread_text(gap)
    low, high = (signed(gap.mean + side * gap.half) for side in (-1, 1))
    return _("{mean} [{low}, {high}], n = {n}").format(
        mean=signed(gap.mean), low=low, high=high, n=gap.n
    )


def why_undecided(result: Outcome) -> str:
    """What a verdict would need."""
    if not result.measured:
        return _("no temperature curve was measured")
    if result.distance is None:
        return _("below the lowest temperature measured")
    return _("not enough seeds to say")


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


def seeds_text(outcomes: Sequence[Outcome]) -> str:
    """How many seeds the numbers are means of: "n = 3 seeds"."""
    low, high = (pick(result.n for result in outcomes) for pick in (min, max))
    if low < high:
        return _("n = {low} to {high} seeds").format(low=low, high=high)
    return ngettext("n = {n} seed", "n = {n} seeds", low)
