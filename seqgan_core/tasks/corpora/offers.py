"""What a task can learn from, texts or tunes, those that must be fetched first among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seqgan_core.tasks.corpora.own_tune_files import own_tunes
from seqgan_core.tasks.corpora.registry import CORPORA, have
from seqgan_core.tasks.corpora.tune_entries import UNIT
from seqgan_core.tasks.corpora.user_corpora import own_corpora

_UNIT = {"poems": "characters", "speech": "words", "music": UNIT}


@dataclass(frozen=True)
class Offer:
    """A text, or tunes, to choose.

    Attributes:
        name: as `TrainConfig.corpus` says it; title: for people.
        here: whether it can be read now; else `size` says how much there is to fetch.
        own: whether it is one's own.
    """

    name: str
    title: str
    here: bool
    size: str
    own: bool = False


def offers(task: str, home: Path | None = None) -> list[Offer]:
    """What there is for a task: of the registry, then one's own; nothing for an oracle's task."""
    if task not in _UNIT:
        return []
    unit = _UNIT[task]
    found = [
        Offer(entry.name, entry.title, have(entry.name, home), entry.size)
        for entry in CORPORA.values()
        if entry.unit == unit
    ]
    if unit == UNIT:
        return found + [
            Offer(own.name, own.title, here=True, size="", own=True)
            for own in own_tunes(home)
            if own.tunes is not None
        ]
    return found + [
        Offer(own.name, own.title, here=True, size="", own=True)
        for own in own_corpora(home)
        if own.options is not None and own.options.unit == unit
    ]


def title_of(corpus: str, home: Path | None = None) -> str:
    """The title of a text; its name where the text is gone."""
    if corpus in CORPORA:
        return CORPORA[corpus].title
    return next((own.title for own in own_corpora(home) if own.name == corpus), corpus)
