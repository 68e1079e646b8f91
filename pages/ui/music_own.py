"""Tunes of one's own: files given, read by a stated rule, told what is used, and kept."""

from __future__ import annotations


def own() -> None:
    """Tunes of one's own: files given, read by a stated rule, told what is used, and kept."""
