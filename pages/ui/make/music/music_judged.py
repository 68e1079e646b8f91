"""How good the tunes are: the recorded comparison, what they are made of, their best and worst."""

from __future__ import annotations

from pages.ui.make.music.statistics import made_of
from pages.ui.make.recorded_comparison import judged as compared
from pages.ui.make.screen_kind import MUSIC


def judged() -> None:
    """Draw the recorded comparison, and measure the tunes of whoever composes above."""
    compared(MUSIC)
    made_of()
