"""Text from anywhere, safe to show: what is invisible becomes visible, and nothing takes effect.

Every place where text leaves the program uses it: the command line in `cli/common/output`, messages
when they are read, the pages in `pages/ui/common`. Markup is a matter of each of these places.
"""

import json
import re
import unicodedata
from collections.abc import Callable

SHORT = 80  # characters of a name or an example in a list

# Format characters that are seen: signs of Arabic and Syriac around numbers and verses.
_SEEN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
# A joiner shapes the letters or emoji that it stands between; tags name the region of a flag.
# Anywhere else both would only hide something.
_KEPT = re.compile(
    "(?<=[^\\s\u200c\u200d])[\u200c\u200d]|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
)


def visible_text(text: str, most: int | None = None, *, lines: bool = False) -> str:
    r"""The text with everything that cannot be seen written as its number.

    That are controls, marks of direction, ends of lines, surrogates, and what Unicode does not
    assign. Letters, marks and emoji of every script stay, and so does a text made visible before.

    Args:
        text: from a file, an address, a person or a library.
        most: characters; of a longer text the beginning is shown, with "…".
        lines: whether "\n" and "\t" stay, in a text that has several lines.

    >>> print(visible_text("a\x1b[31mb\u202ec"))
    a<U+001B>[31mb<U+202E>c
    >>> visible_text("\u0301") == "\u25cc\u0301"  # a mark needs something to stand on
    True
    """
    cut = text if most is None or len(text) <= most else f"{text[:most]}…"
    made = _replaced(cut, "\n\t" if lines else "", lambda sign: f"<U+{ord(sign):04X}>")
    return f"◌{made}" if made and unicodedata.category(made[0]).startswith("M") else made


def visible_json(text: str) -> str:
    r"""JSON in which everything that cannot be seen is written as `\u` and its number: no loss.

    >>> print(visible_json('["主\x7f"]'))
    ["主\u007f"]
    """
    return _replaced(text, "\n", lambda sign: json.dumps(sign)[1:-1])


def _replaced(text: str, stay: str, written: Callable[[str], str]) -> str:
    """The text with what is hidden in it, apart from the characters of `stay`, written so."""
    rest = text
    for sign in stay:
        rest = rest.replace(sign, "")
    if rest.isprintable():
        return text
    kept = {at for match in _KEPT.finditer(text) for at in range(*match.span())}
    return "".join(
        sign if _is_seen(sign) or sign in stay or at in kept else written(sign)
        for at, sign in enumerate(text)
    )


def _is_seen(sign: str) -> bool:
    return sign.isprintable() or sign in _SEEN or unicodedata.category(sign) == "Zs"
