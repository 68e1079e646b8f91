"""Long texts are Markdown in `assets/text`; foreign text is shown as it is written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.common.language import ENGLISH, session_language

__all__ = ["ASSETS", "long_text", "plain"]

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def plain(text: str) -> str:
    """The text where Markdown is read, so that it can draw no image, no hidden link and no sum.

    What stands in a message may come from an address or from somebody's bundle.
    """
    for sign in ("\\", "[", "<", "$", "*"):
        text = text.replace(sign, f"\\{sign}")
    return text


def long_text(name: str) -> str:
    """The text `assets/text/LANGUAGE/NAME.md` in the session's language, or in English."""
    return _text(name, session_language())


@cache
def _text(name: str, language: str) -> str:
    path = ASSETS / "text" / language / f"{name}.md"
    if not path.is_file():
        path = ASSETS / "text" / ENGLISH / f"{name}.md"
    return path.read_text(encoding="utf-8")
