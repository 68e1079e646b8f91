"""How quantised tunes differ from their book, in words: values doubled, notes moved or dropped."""

from seqgan_core.messages import _
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import Form


def of_tune(counts: Quantisation | None, form: Form) -> list[str]:
    """Remarks on a single tune; none if it is as in its book, or its steps are not eighths."""
    if counts is None or form != "eighths":
        return []
    sentences = []
    if counts.doubled:
        sentences.append(
            _(
                "It moves in sixteenths. Its note values are doubled here, so at the same tempo "
                "it sounds half as fast as in its book."
            )
        )
    return sentences + moved(counts)


def moved(counts: Quantisation) -> list[str]:
    """How many notes of a single tune are moved or dropped; nothing if none are."""
    if not counts.uneven:
        return []
    return [
        _(
            "Of the whole tune's {n:,} notes, {moved:,} were between two steps and are moved to a "
            "free one; {left:,} are dropped."
        ).format(n=counts.notes, moved=counts.moved, left=counts.left)
    ]


def of_tunes(counts: Quantisation, *, parts: bool = False) -> str:
    """A sentence on many tunes.

    Args:
        counts: what was counted of them.
        parts: they are beginnings and ends of tunes, so only notes are counted.
    """
    if not counts.uneven and not counts.doubled:
        return _("Quantised to eighths: every note is on a step, so none is changed.")
    if parts:
        return _(
            "Quantised to eighths: of {n:,} notes, {moved:,} were between two steps (triplets, "
            "dotted pairs) and are moved to a free one; {left:,} are dropped. {doubled:,} of "
            "{tunes:,} beginnings and ends of tunes move in sixteenths; their note values are "
            "doubled."
        ).format(
            n=counts.notes, moved=counts.moved, left=counts.left, doubled=counts.doubled,
            tunes=counts.tunes,
        )  # fmt: skip
    return _(
        "Quantised to eighths, {uneven:,} of {tunes:,} tunes change: of {n:,} notes, {moved:,} "
        "were between two steps (triplets, dotted pairs) and are moved to a free one; {left:,} "
        "are dropped. {doubled:,} tunes move in sixteenths; their note values are doubled."
    ).format(
        uneven=counts.uneven, tunes=counts.tunes, n=counts.notes, moved=counts.moved,
        left=counts.left, doubled=counts.doubled,
    )  # fmt: skip
