"""A set of verses as a file to keep or to hand on: text to read, or JSON; with what made it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seqgan_core.media.verse.layout import Verse
from seqgan_core.media.visible_text import visible_text

FORMAT = 1  # of the JSON; a reader of another number should say so


@dataclass(frozen=True)
class Provenance:
    """What made the verses.

    Attributes:
        model: its name for people; "people" or the corpus's name for real text.
        date: when, as the caller writes dates.
        seed: of the draws; None where nothing was drawn.
        temperature: of the draws.
        remark: anything else that belongs to it: settings, a caveat, a licence.
    """

    model: str
    date: str
    seed: int | None = None
    temperature: float | None = None
    remark: str = ""


@dataclass(frozen=True)
class Sheet:
    """One verse with what stands around it.

    Attributes:
        verse: as it is set.
        tokens: as the model wrote it.
        title: over it.
        notes: under it, a sentence each.
    """

    verse: Verse
    tokens: Sequence[str]
    title: str = ""
    notes: Sequence[str] = ()


def as_text(sheets: Iterable[Sheet], made: Provenance) -> str:
    """Verses with a blank line between them, and in the end what made them.

    Text from outside cannot act where it is shown: control characters are made visible.
    """
    blocks = []
    for sheet in sheets:
        above = [visible_text(sheet.title)] if sheet.title else []
        below = [f"({visible_text(note)})" for note in sheet.notes]
        blocks.append("\n".join([*above, str(sheet.verse), *below]))
    facts = [made.model]
    facts += [f"seed {made.seed}"] if made.seed is not None else []
    facts += [f"temperature {made.temperature:g}"] if made.temperature is not None else []
    about = ", ".join(visible_text(fact) for fact in (*facts, made.date) if fact)
    blocks.append("\n".join(filter(None, (f"Made by {about}", visible_text(made.remark)))))
    return "\n\n".join(blocks) + "\n"


def as_json(sheets: Iterable[Sheet], made: Provenance) -> str:
    """The same as JSON, with the tokens as they were; what is invisible is escaped."""
    content = {
        "format": FORMAT,
        "made": asdict(made),
        "verses": [
            {
                "title": sheet.title,
                "lines": str(sheet.verse).splitlines(),
                "tokens": list(sheet.tokens),
                "notes": list(sheet.notes),
            }
            for sheet in sheets
        ],
    }
    return to_json(content)


def to_json(content: Any) -> str:
    """Plain values as JSON to read; what is invisible is escaped."""
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    return _INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1], text) + "\n"


# json escapes what is below a space; these act as well: deletes, other controls, overrides, joiners
# of direction, line and paragraph separators, halves of characters.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
