"""The new tunes as cards, with what to notice and files to keep."""

from __future__ import annotations

from pages.ui.music_settings import Asked


def listen(asked: Asked) -> None:
    """The new tunes as cards, with what to notice and files to keep."""
