"""Notes in words, for screen readers and for reading."""

from collections.abc import Sequence

from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.pitch_names import pitch_name
from seqgan_core.messages import _


def key_name(pitch: int) -> str:
    """A key of the piano: C4 is the middle C."""
    return str(pitch_name(pitch))


def note_words(name: str, quarters: float) -> str:
    """A note with its length."""
    return f"{name} {length_words(quarters)}"


def length_words(quarters: float) -> str:
    """The name of a length, or its number of quarters."""
    named = {
        0.25: _("sixteenth"),
        0.5: _("eighth"),
        0.75: _("dotted eighth"),
        1.0: _("quarter"),
        1.5: _("dotted quarter"),
        2.0: _("half"),
        3.0: _("dotted half"),
        4.0: _("whole"),
    }
    return named.get(round(quarters, 6)) or _("{n} quarters").format(n=f"{quarters:.3g}")


def spoken(
    melody: Melody, note_texts: Sequence[str], values: Sequence[float | None] | None, number: str
) -> list[str]:
    """Every note and rest in words.

    Args:
        melody: for its rests.
        note_texts: its notes in words.
        values: a number a note, or none.
        number: the name of that number.
    """
    lines: list[str] = []
    now = 0.0
    for at, note in enumerate(melody.notes):
        if note.start - now > 1e-6:
            lines.append(_("rest {length}").format(length=length_words(note.start - now)))
        value = values[at] if values else None
        lines.append(note_texts[at] + (f" ({number} {value:.2f})" if value is not None else ""))
        now = note.start + note.length
    if melody.length - now > 1e-6:
        lines.append(_("rest {length}").format(length=length_words(melody.length - now)))
    return lines
