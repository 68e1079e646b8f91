"""The folk tunes that music21 carries in its own package: old books in ABC, nothing to download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.abc_cleanup import title_of, tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.cache import Item
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.tasks.splitting import Side, side_of

TRAIN, VALID = 0.85, 0.05  # shares of the tunes; the rest is held out
_ENCODERS = (
    "; the ABC files come with music21, whose corpus is distributed with the permission of the "
    "encoders"
)


@dataclass(frozen=True)
class Book:
    """A book of tunes.

    Attributes:
        name: as settings and commands say it; title: for people; about: one sentence.
        folder: in music21's corpus; files: how many ABC files it has there.
        tunes: how many it holds.
        licence: as music21's package states it, and how old the book is.
        ships: whether a model made of it may be handed on.
    """

    name: str
    title: str
    about: str
    folder: str
    tunes: int
    licence: str
    ships: bool = True


BOOKS: dict[str, Book] = {
    book.name: book
    for book in (
        Book(
            "ryans-mammoth",
            "Ryan's Mammoth Collection",
            "1,059 reels, jigs, hornpipes and strathspeys for the fiddle, printed in Boston.",
            "ryansMammoth",
            1059,
            f"the book of 1883 is in the public domain{_ENCODERS}",
        ),
        Book(
            "oneills-1850",
            "O'Neill's Music of Ireland",
            "Airs, jigs, reels and marches that Francis O'Neill printed in Chicago.",
            "oneills1850",
            2009,
            f"the book of 1903 is in the public domain{_ENCODERS}",
        ),
        Book(
            "airds-airs",
            "Aird's Airs",
            "Scotch, English, Irish and foreign airs for fife, violin or flute, of Glasgow.",
            "airdsAirs",
            1180,
            f"the books of 1778 to 1801 are in the public domain{_ENCODERS}",
        ),
        Book(
            "essen",
            "Essen Folksong Collection",
            "8,514 songs, most of them German or Chinese.",
            "essenFolksong",
            8514,
            "unclear, as many people entered the songs; music21 states permission for "
            "non-commercial distribution and use. Nothing made of it ships with this program",
            ships=False,
        ),
    )
}


def items(book: Book) -> list[Item]:
    """The tunes of a book as music21's package holds them.

    Raises:
        CorpusError: the package came without them.
    """
    return list(_items(book))


def read_item(item: Item) -> Tune:
    """One of the tunes.

    Raises:
        TuneError: it cannot be used.
    """
    return read_abc(item.data.decode("utf-8"))


def side(tune: Tune) -> Side:
    """In random order, near-copies together, whichever book they are in."""
    return side_of(tune.family, TRAIN, VALID)


def _items(book: Book) -> Iterator[Item]:
    spec = find_spec("music21")  # its import takes a second and a half
    place = Path(spec.submodule_search_locations[0]) if spec else Path()  # type: ignore[index]
    paths = sorted((place / "corpus" / book.folder).glob("*.abc"))
    if not paths:
        raise CorpusError(
            f"music21 came without {book.title}: its folder corpus/{book.folder} holds no ABC "
            "files; install music21 from PyPI, whose package has them"
        )
    for path in paths:
        for number, text in enumerate(tunes_in(path.read_text(encoding="utf-8", errors="replace"))):
            yield Item(f"{title_of(text)} ({path.name}, {number + 1})", text.encode("utf-8"))
