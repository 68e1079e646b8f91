"""Half a minute of training on tunes."""

from __future__ import annotations


def train() -> None:
    """Half a minute of training on tunes."""
