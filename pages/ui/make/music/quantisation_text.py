"""How quantised tunes differ from their book, in words: values doubled, notes moved or dropped."""

from seqgan_core.messages import _, remark
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import Form


def of_tune(counts: Quantisation | None, form: Form) -> list[str]:
    """Remarks on a single tune; none if it is as in its book, or its steps are not eighths."""
    if counts is None or form != "eighths":
        return []
    sentences = []
    if counts.doubled:
        sentences.append(remark("make.sixteenths"))
    return sentences + moved(counts)


def moved(counts: Quantisation) -> list[str]:
    """How many notes of a single tune are moved or dropped; nothing if none are."""
    if not counts.uneven:
        return []
    return [remark("make.quantised-whole", n=counts.notes, moved=counts.moved, left=counts.left)]


def of_tunes(counts: Quantisation, *, parts: bool = False) -> str:
    """A sentence on many tunes.

    Args:
        counts: what was counted of them.
        parts: they are beginnings and ends of tunes, so only notes are counted.
    """
    if not counts.uneven and not counts.doubled:
        return _("Quantised to eighths: every note is on a step, so none is changed.")
    if parts:
        return remark(
            "make.quantised-parts",
            n=counts.notes, moved=counts.moved, left=counts.left, doubled=counts.doubled,
            tunes=counts.tunes,
        )  # fmt: skip
    return remark(
        "make.quantised-tunes",
        uneven=counts.uneven, tunes=counts.tunes, n=counts.notes, moved=counts.moved,
        left=counts.left, doubled=counts.doubled,
    )  # fmt: skip
