"""Tokens of an author as melodies, with a number for every note."""

from __future__ import annotations

from collections.abc import Sequence

from seqgan_core.insight.written import Author
from seqgan_core.media.melody import Melody
from seqgan_core.tasks.music_tokens import KEYS, Form, melody


def melody_of(author: Author, tokens: Sequence[int], bpm: float | None = None) -> Melody:
    """What an author's tokens sound like, by default at the tempo of their form."""
    return melody(tokens, author.config.music_form, bpm)


def per_note(form: Form, tokens: Sequence[int], values: Sequence[float]) -> list[float]:
    """One value a note of `melody(tokens, form)`, from one a token: that of its first token.

    The first token of a note is where it was chosen; what holds it on was chosen after it.

    >>> per_note("eighths", [41, 89, 90, 43], [0.1, 0.2, 0.3, 0.4])
    [0.1, 0.4]
    >>> per_note("keys", [41, 41, 43], [0.1, 0.2, 0.3])
    [0.1, 0.3]
    """
    before = [0, *tokens]
    return [
        value
        for previous, token, value in zip(before, tokens, values, strict=False)
        if 1 <= token <= KEYS and (form == "eighths" or token != previous)
    ]
