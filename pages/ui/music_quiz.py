"""Which tune is real? Two to hear, and what the votes say."""

from __future__ import annotations

from pages.ui.music_settings import Asked


def quiz(asked: Asked) -> None:
    """Which tune is real? Two to hear, and what the votes say."""
