"""How good the tunes are: the recorded comparison, what they are made of, their best and worst."""

from __future__ import annotations

from pages.ui.make_judged import judged as compared
from pages.ui.make_kind import MUSIC
from pages.ui.music_made import made_of


def judged() -> None:
    """Draw the recorded comparison, and measure the tunes of whoever composes above."""
    compared(MUSIC)
    made_of()
