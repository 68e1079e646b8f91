"""What of real tunes is not as in their book, in words: values doubled, notes moved or left out."""

from __future__ import annotations

from pages.ui.common.i18n import _
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import Form


def of_tune(found: Quantisation | None, form: Form) -> list[str]:
    """Remarks on a single tune; none where it is as in its book, or its steps are no notes."""
    if found is None or form != "eighths":
        return []
    said = []
    if found.doubled:
        said.append(
            _(
                "It moves in sixteenths: its note values are doubled here, so at the same tempo it "
                "sounds half as fast as in its book."
            )
        )
    return said + moved(found)


def moved(found: Quantisation) -> list[str]:
    """What of a single tune's notes is moved or left out; nothing where none is."""
    if not found.uneven:
        return []
    return [
        _(
            "Of the whole tune's {n:,} notes {moved:,} lay between two steps and are moved to a "
            "free one, {left:,} are left out."
        ).format(n=found.notes, moved=found.moved, left=found.left)
    ]


def of_tunes(found: Quantisation, *, parts: bool = False) -> str:
    """A sentence on many tunes.

    Args:
        found: what was counted of them.
        parts: they are beginnings and ends of tunes, so notes alone are counted.
    """
    if parts:
        return _(
            "In eighths, of all {n:,} notes {moved:,} lay between two steps (triplets, dotted "
            "pairs) and are moved to a free one, {left:,} are left out. {doubled:,} of {tunes:,} "
            "beginnings and ends of tunes move in sixteenths, and their note values are doubled."
        ).format(
            n=found.notes, moved=found.moved, left=found.left, doubled=found.doubled,
            tunes=found.tunes,
        )  # fmt: skip
    return _(
        "In eighths, {uneven:,} of {tunes:,} tunes are evened out: of all {n:,} notes {moved:,} "
        "lay between two steps (triplets, dotted pairs) and are moved to a free one, {left:,} are "
        "left out. {doubled:,} tunes move in sixteenths, and their note values are doubled."
    ).format(
        uneven=found.uneven, tunes=found.tunes, n=found.notes, moved=found.moved, left=found.left,
        doubled=found.doubled,
    )  # fmt: skip
