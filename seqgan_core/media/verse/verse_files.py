"""A set of verses as a file: text or JSON, with how they were made."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seqgan_core.media.verse.layout import Verse
from seqgan_core.media.visible_text import visible_json, visible_text

FORMAT = 1  # version of the JSON


@dataclass(frozen=True)
class Provenance:
    """How the verses were made."""

    model: str  # its name for people; for real text "people" or the corpus's name
    date: str  # when, in the caller's format
    # seed, temperature: of the samples; None for real text
    seed: int | None = None
    temperature: float | None = None
    remark: str = ""  # anything else: settings, a caveat, a licence


@dataclass(frozen=True)
class Sheet:
    """One verse with its title and notes."""

    verse: Verse  # its layout
    tokens: Sequence[str]  # as generated
    title: str = ""  # above it
    notes: Sequence[str] = ()  # below it, a sentence each


def as_text(sheets: Iterable[Sheet], made: Provenance) -> str:
    """Verses with a blank line between them, and at the end how they were made.

    Control characters are made visible, so that foreign text has no effect where it is shown.
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
    """The same as JSON, with the tokens; invisible characters are escaped."""
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
    """Values as readable JSON; invisible characters are escaped."""
    return visible_json(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"
