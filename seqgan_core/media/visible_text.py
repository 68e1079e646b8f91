"""Text from anywhere, safe to show: what is invisible becomes visible, and nothing takes effect."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # they join emoji, and shape Indic and Persian letters
_TAGS = range(0xE0020, 0xE0080)  # they end the flags of regions
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible_text(text: str) -> str:
    r"""The text with controls, overrides and line ends made visible.

    Joiners inside emoji stay; a combining mark at the beginning gets a dotted circle.

    >>> visible_text("a\x1b[31m"), visible_text("\u202eabc")
    ('a␛[31m', '⟨U+202E⟩abc')
    >>> visible_text("\u0301") == "\u25cc\u0301"
    True
    """
    if text.isascii() and text.isprintable():
        return text
    made = "".join(map(_visible, text))
    return f"◌{made}" if made and unicodedata.category(made[0]).startswith("M") else made


def _visible(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in _HIDDEN or character in _JOINERS or code in _TAGS:
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def escaped(text: str, most: int = 80) -> str:
    """The text cut to `most` characters, in plain signs: controls are written as their number.

    >>> print(escaped("a" + chr(27) + "[31mb" + chr(0x202E) + "c"))
    a<U+001B>[31mb<U+202E>c
    """
    safe = "".join(
        sign if not _is_control(sign) else f"<U+{ord(sign):04X}>" for sign in text[:most]
    )
    return safe + ("…" if len(text) > most else "")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in (*_HIDDEN, "Cn", "Co") and sign not in _JOINERS
