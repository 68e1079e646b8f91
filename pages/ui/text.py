"""Words for people: short ones through `_`, long ones as Markdown in `assets/text`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from seqgan_core.figures.words import _

__all__ = ["ASSETS", "_", "long_text"]

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@cache
def long_text(name: str, language: str = "en") -> str:
    """The text `assets/text/LANGUAGE/NAME.md`."""
    return (ASSETS / "text" / language / f"{name}.md").read_text(encoding="utf-8")
