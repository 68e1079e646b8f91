"""Long texts are Markdown in `assets/text`; foreign text is shown as it is written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["ASSETS", "long_text", "plain"]

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def plain(text: str) -> str:
    """The text where Markdown is read, so that it can draw no image, no hidden link and no sum.

    What stands in a message may come from an address or from somebody's bundle.
    """
    for sign in ("\\", "[", "<", "$", "*"):
        text = text.replace(sign, f"\\{sign}")
    return text


@cache
def long_text(name: str, language: str = "en") -> str:
    """The text `assets/text/LANGUAGE/NAME.md`."""
    return (ASSETS / "text" / language / f"{name}.md").read_text(encoding="utf-8")
