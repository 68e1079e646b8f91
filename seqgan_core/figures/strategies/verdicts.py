"""Learned, sharpened, stalled or collapsed: one stated rule for a setting's seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from seqgan_core.figures.run.notices import CLEAR, GUESSING, HELD, TOO_STRONG
from seqgan_core.figures.strategies.study import Setting
from seqgan_core.messages import _

Verdict = Literal["learned", "sharpened", "stalled", "collapsed"]
VERDICTS: tuple[Verdict, ...] = ("learned", "sharpened", "stalled", "collapsed")
MARKS: dict[Verdict, str] = {"learned": "✓", "sharpened": "◆", "stalled": "‖", "collapsed": "✕"}
WORDS: dict[Verdict, str] = {
    "learned": _("learned"),
    "sharpened": _("sharpened"),
    "stalled": _("stalled"),
    "collapsed": _("collapsed"),
}
COLLAPSED = 0.3  # nats that NLL_test must rise for it


@dataclass(frozen=True)
class Spread:
    """One number of each seed; never empty."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def width(self) -> float:
        """How far the seeds are apart."""
        return max(self.values) - min(self.values)

    def __str__(self) -> str:
        """The mean with its sign, as a difference is written.

        >>> str(Spread((-0.212, -0.218))), str(Spread((0.0001,)))
        ('−0.215', '+0.000')
        """
        return signed(self.mean)


@dataclass(frozen=True)
class Outcome:
    """What became of a setting since MLE ended.

    Attributes:
        oracle, test: change of NLL_oracle and NLL_test, nats per token.
        accuracy: D's held-out accuracy at the end; None where it was not measured.
        diverged: seeds that the guard stopped.
        n: seeds.
    """

    verdict: Verdict
    oracle: Spread
    test: Spread
    accuracy: Spread | None
    diverged: int
    n: int

    @property
    def named(self) -> str:
        """The verdict with its mark."""
        return f"{MARKS[self.verdict]} {WORDS[self.verdict]}"


def outcome(setting: Setting) -> Outcome | None:
    """The verdict by the rule; None while no seed has both numbers."""
    changes = [
        (run, oracle, test)
        for run in setting.runs
        if (oracle := run.change("nll_oracle")) is not None
        and (test := run.change("nll_test")) is not None
    ]
    if not changes:
        return None
    quality = Spread(tuple(change for _run, change, _test in changes))
    coverage = Spread(tuple(change for _run, _oracle, change in changes))
    last = [run.last("d_accuracy") for run, _oracle, _test in changes]
    known = tuple(value for value in last if value is not None)
    diverged = sum(run.diverged for run, _oracle, _test in changes)
    return Outcome(
        _verdict(quality, coverage, diverged),
        quality,
        coverage,
        Spread(known) if known else None,
        diverged,
        len(changes),
    )


def _verdict(oracle: Spread, test: Spread, diverged: int) -> Verdict:
    if diverged or test.mean > COLLAPSED:
        return "collapsed"
    if oracle.mean < -max(CLEAR, oracle.width):
        return "learned" if test.mean <= HELD else "sharpened"
    return "stalled"


def rule() -> str:
    """The rule in words."""
    return _(
        "✓ learned: since MLE ended NLL_oracle fell by more than the seeds are apart (and by more "
        "than {clear:g}) while NLL_test rose by at most {held:g}. ◆ sharpened: NLL_oracle fell "
        "like that, but NLL_test rose by more. ✕ collapsed: NLL_test rose by more than "
        "{collapsed:g} nats, or a run diverged. ‖ stalled: neither, and no such fall."
    ).format(clear=CLEAR, held=HELD, collapsed=COLLAPSED)


def signed(value: float, places: int = 3) -> str:
    """A difference with its sign.

    >>> signed(-0.0312), signed(0.5, 2)
    ('−0.031', '+0.50')
    """
    return f"{value:+.{places}f}".replace("-", "−")


def strength(accuracy: float) -> str:
    """What D's accuracy means for the generator."""
    if accuracy > TOO_STRONG:
        return _("too strong")
    if GUESSING[0] <= accuracy < GUESSING[1]:
        return _("guessing")
    return _("a usable teacher") if accuracy >= GUESSING[1] else _("worse than guessing")


def name_of(setting: Setting) -> str:
    """(g, d, k), as the paper writes them.

    >>> name_of(Setting({}, {"g_steps": 100, "d_steps": 1, "d_epochs": 10}))
    '(100, 1, 10)'
    """
    return str(setting.triple)


def seeds_of(outcomes: Sequence[Outcome]) -> str:
    """How many seeds the numbers are means of.

    >>> from dataclasses import replace
    >>> one = Outcome("stalled", Spread((0.0,)), Spread((0.0,)), None, 0, 1)
    >>> seeds_of([one]), seeds_of([one, replace(one, n=3)])
    ('n = 1 seed', 'n = 1 to 3 seeds')
    """
    counts = sorted({outcome.n for outcome in outcomes})
    if len(counts) > 1:
        return _("n = {low} to {high} seeds").format(low=counts[0], high=counts[-1])
    return _("n = 1 seed") if counts == [1] else _("n = {n} seeds").format(n=counts[0])
