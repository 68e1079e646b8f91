"""The first notes drawn by hand, and N ways to go on, ranked by the discriminator."""

from __future__ import annotations

from pages.ui.music_settings import Asked


def go_on(asked: Asked) -> None:
    """The first notes drawn by hand, and N ways to go on, ranked by the discriminator."""
