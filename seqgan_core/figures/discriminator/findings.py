"""The sentences about the discriminator, computed from the numbers.

Scores are shown with four decimals, and an effect is the difference of the two scores as shown, so
that a reader who subtracts gets the number that stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from seqgan_core.figures.style import signed
from seqgan_core.messages import N_, Message, _, ngettext, remark

if TYPE_CHECKING:
    from seqgan_core.insight.discriminator.attribution import Attribution, Bracket
    from seqgan_core.insight.discriminator.calibration import Calibration, Share
    from seqgan_core.insight.discriminator.filters import FilterRanking, StrongFilter
    from seqgan_core.insight.discriminator.scores import CheckpointScores
    from seqgan_core.insight.token_reader import Reader

Side = Literal["real", "fake", "none"]
MARKS: dict[Side, str] = {"real": "▲", "fake": "▼", "none": "●"}
SURE = 0.02  # from 0 and from 1: there P(real) has no room to move

# -- numbers ---------------------------------------------------------------------------------------


def side(effect: float) -> Side:
    """Where an effect pushes D, judged as it is shown: to a tenth of a point."""
    shown = round(100 * effect, 1)
    return "real" if shown > 0 else "fake" if shown < 0 else "none"


def points(effect: float) -> str:
    """An effect in percentage points of P(real), with the mark of its side: "▲ +4.2"."""
    shown = round(100 * effect, 1) + 0.0  # no -0.0
    return f"{MARKS[side(effect)]}\u00a0{signed(shown, 1)}"


_EFFECTS: dict[Side, str] = {
    "real": N_("{points} points towards real"),
    "fake": N_("{points} points towards fake"),
    "none": N_("{points} points"),
}


def effect_words(effect: float) -> str:
    """An effect in points, and where it pushes D."""
    return _(_EFFECTS[side(effect)]).format(points=points(effect))


def filter_count(n: int) -> str:
    return ngettext("{n} filter", "{n} filters", n)


def difference(after: float, before: float) -> float:
    """after - before, of the numbers as they are shown."""
    return round(round(after, 4) - round(before, 4), 4)


def shown_effect(reading: Attribution, bracket: Bracket) -> float:
    """The bracket's effect as it is shown."""
    return difference(reading.score, bracket.without)


def places(start: int, width: int) -> str:
    """Where an n-gram stands, counted from 1."""
    if width == 1:
        return _("token {first}").format(first=start + 1)
    return _("tokens {first} to {last}").format(first=start + 1, last=start + width)


# -- one sequence ----------------------------------------------------------------------------------


def sequence(current: Attribution, original: Attribution, read: Reader) -> list[str]:
    """What to notice in a sequence, which was `original` before it was edited."""
    changed = [
        place
        for place, pair in enumerate(zip(current.tokens, original.tokens, strict=True))
        if pair[0] != pair[1]
    ]
    parts = [_edit_effect(current, original, changed, read)] if changed else []
    if not current.brackets:
        parts.append(remark("finding.no-filter", p=current.nothing))
    else:
        parts.append(_strongest_phrase(current, read))
        if not changed:
            parts.append(_additivity(current))
    if not SURE < current.score < 1 - SURE:
        parts.append(remark("finding.certain"))
    return parts


def _edit_effect(
    current: Attribution, original: Attribution, changed: list[int], read: Reader
) -> str:
    effect = points(difference(current.score, original.score))
    if len(changed) > 1:
        return _("{n} changed tokens moved D by {points} points.").format(
            n=len(changed), points=effect
        )
    new, old = (read.phrase([row.tokens[changed[0]]]) for row in (current, original))
    return _("Replacing “{old}” by “{new}” moved D by {points} points.").format(
        new=new, old=old, points=effect
    )


def _strongest_phrase(current: Attribution, read: Reader) -> str:
    effects = [shown_effect(current, bracket) for bracket in current.brackets]
    sides = [side(effect) for effect in effects]
    return remark(
        "finding.strongest-phrase",
        phrase=read.phrase(current.brackets[0].tokens), points=points(effects[0]),
        real=sides.count("real"), fake=sides.count("fake"),
        silent=current.n_silent, all=current.n_filters,
    )  # fmt: skip


def _additivity(current: Attribution) -> str:
    total = 100 * sum(shown_effect(current, bracket) for bracket in current.brackets)
    together = 100 * difference(current.score, current.nothing)
    return remark(
        "finding.not-additive",
        sum=signed(total, 1),
        together=signed(together, 1),
        nothing=current.nothing,
    )


# -- filters ---------------------------------------------------------------------------------------


def ranking(ranking: FilterRanking) -> str:
    """What the strongest filters have in common."""
    if not ranking.filters:
        return _("No filter is active in any of these sequences: D scores all of them alike.")
    signs = [each.effect.sign for each in ranking.filters]
    widths = [each.width for each in ranking.filters]
    return remark(
        "finding.ranking",
        k=len(signs), all=ranking.n_filters, real=signs.count(1), fake=signs.count(-1),
        rest=signs.count(0), n=ranking.n, low=min(widths), high=max(widths), mute=ranking.n_mute,
    )  # fmt: skip


def strongest_filter(top: StrongFilter) -> str:
    text = Message(
        "Filter {number}, which reads {n} token, moves D most: by {points:.1f} points",
        "Filter {number}, which reads {n} tokens, moves D most: by {points:.1f} points",
        n=top.width, number=top.number, points=100 * top.strength.value,
    )  # fmt: skip
    return str(text)


def activations(filters: tuple[StrongFilter, ...]) -> str:
    """How many filters are more active in one kind of sequences."""
    favours = [each.favours for each in filters]
    return remark(
        "finding.activations",
        k=len(filters),
        real=favours.count(1),
        fake=favours.count(-1),
        rest=favours.count(0),
    )


# -- one checkpoint --------------------------------------------------------------------------------


def share_words(share: Share | None) -> str:
    """A share in percent; a dash where it is not known."""
    return f"{100 * share.value:.1f}%" if share else "–"


def interval_words(share: Share | None) -> str:
    return f"{100 * share.low:.1f} – {100 * share.high:.1f}%" if share else "–"


def accuracy(right: Share) -> str:
    return remark(
        "finding.accuracy", value=100 * right.value, low=100 * right.low, high=100 * right.high
    )


def calibration(judged: Calibration) -> str:
    """Whether P(real) can be read as a probability."""
    return remark(
        f"calibration.{judged.fault}",
        error=100 * judged.error,
        chance=100 * judged.by_chance,
        said=judged.predicted,
    )


def memory(row: CheckpointScores) -> str:
    """One checkpoint's gap between seen and new, and whether it is more than noise."""
    if row.seen is None or row.memory is None:
        text = _("Accuracy {new:.1f}% on new sequences; the last training set is not available")
        return text.format(new=100 * row.new.value)
    return remark(
        "finding.no-memorising" if row.memory.low <= 0.0 else "finding.memorising",
        seen=100 * row.seen.value, new=100 * row.new.value, gap=100 * row.memory.value,
        low=100 * row.memory.low, high=100 * row.memory.high,
    )  # fmt: skip


def separation(history: list[CheckpointScores]) -> str:
    """How far apart D scores real and fake, at first and at last, and whether that changed."""
    first, last = history[0], history[-1]
    a, z = first.apart, last.apart
    if len(history) == 1:
        key = "finding.scores-once"
    elif not last.change.sign:
        key = "finding.scores-same"
    elif a.value * z.value < 0:
        key = "finding.scores-changed-sign"
    elif abs(z.value) > abs(a.value):
        key = "finding.scores-further-apart"
    else:
        key = "finding.scores-closer"
    return remark(key, first=a, last=z)
