"""What of real tunes is not as in their book, in words: values doubled, notes moved or left out."""

from __future__ import annotations

from seqgan_core.messages import _
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import Form


def of_tune(counts: Quantisation | None, form: Form) -> list[str]:
    """Remarks on a single tune; none where it is as in its book, or its steps are no notes."""
    if counts is None or form != "eighths":
        return []
    sentences = []
    if counts.doubled:
        sentences.append(
            _(
                "It moves in sixteenths: its note values are doubled here, so at the same tempo it "
                "sounds half as fast as in its book."
            )
        )
    return sentences + moved(counts)


def moved(counts: Quantisation) -> list[str]:
    """What of a single tune's notes is moved or left out; nothing where none is."""
    if not counts.uneven:
        return []
    return [
        _(
            "Of the whole tune's {n:,} notes {moved:,} lay between two steps and are moved to a "
            "free one, {left:,} are left out."
        ).format(n=counts.notes, moved=counts.moved, left=counts.left)
    ]


def of_tunes(counts: Quantisation, *, parts: bool = False) -> str:
    """A sentence on many tunes.

    Args:
        counts: what was counted of them.
        parts: they are beginnings and ends of tunes, so notes alone are counted.
    """
    if parts:
        return _(
            "In eighths, of all {n:,} notes {moved:,} lay between two steps (triplets, dotted "
            "pairs) and are moved to a free one, {left:,} are left out. {doubled:,} of {tunes:,} "
            "beginnings and ends of tunes move in sixteenths, and their note values are doubled."
        ).format(
            n=counts.notes, moved=counts.moved, left=counts.left, doubled=counts.doubled,
            tunes=counts.tunes,
        )  # fmt: skip
    return _(
        "In eighths, {uneven:,} of {tunes:,} tunes are evened out: of all {n:,} notes {moved:,} "
        "lay between two steps (triplets, dotted pairs) and are moved to a free one, {left:,} are "
        "left out. {doubled:,} tunes move in sixteenths, and their note values are doubled."
    ).format(
        uneven=counts.uneven, tunes=counts.tunes, n=counts.notes, moved=counts.moved,
        left=counts.left, doubled=counts.doubled,
    )  # fmt: skip
