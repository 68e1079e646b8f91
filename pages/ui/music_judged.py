"""How good the tunes are: the recorded comparison beside real tunes and counting models."""

from __future__ import annotations


def judged() -> None:
    """How good the tunes are: the recorded comparison beside real tunes and counting models."""
