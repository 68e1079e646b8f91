"""Folk tunes that music21's package contains: old books in ABC, nothing to download."""

from functools import partial
from importlib.util import find_spec
from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.book import Book, Item
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.abc_cleanup import title_of, tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.tasks.splitting import Side, side_of


def items(book_folder: str, _home_folder: Path) -> list[Item]:
    """The tunes of a book in music21's package, from its folder there.

    Raises:
        CorpusError: the package came without them.
    """
    spec = find_spec("music21")  # its import takes a second and a half
    place = Path(spec.submodule_search_locations[0]) if spec else Path()  # type: ignore[index]
    paths = sorted((place / "corpus" / book_folder).glob("*.abc"))
    if not paths:
        raise CorpusError("book.not-in-music21", folder=book_folder)
    return [
        Item(f"{title_of(text)} ({path.name}, {number + 1})", text.encode("utf-8"))
        for path in paths
        for number, text in enumerate(tunes_in(path.read_text(encoding="utf-8", errors="replace")))
    ]


def read_item(item: Item) -> Tune:
    """One of the tunes.

    Raises:
        TuneError: it cannot be used.
    """
    return read_abc(item.data.decode("utf-8"))


def side(tune: Tune) -> Side:
    """In random order, near-copies together, whichever book they are in."""
    return side_of(tune.family)


_book = partial(Book, read=read_item, split=side)

RYAN = _book(
    name="ryans-mammoth",
    title=N_("Ryan's Mammoth Collection"),
    about=N_("1,059 reels, jigs, hornpipes and strathspeys for the fiddle, printed in Boston."),
    licence=N_(
        "the book of 1883 is in the public domain; the ABC files come with music21, whose corpus "
        "is distributed with the permission of the encoders"
    ),
    origin=N_("music21's package, corpus/ryansMammoth"),
    place=10,
    tunes=1059,
    items=partial(items, "ryansMammoth"),
)
ONEILL = _book(
    name="oneills-1850",
    title=N_("O'Neill's Music of Ireland"),
    about=N_("Airs, jigs, reels and marches that Francis O'Neill printed in Chicago."),
    licence=N_(
        "the book of 1903 is in the public domain; the ABC files come with music21, whose corpus "
        "is distributed with the permission of the encoders"
    ),
    origin=N_("music21's package, corpus/oneills1850"),
    place=20,
    tunes=2009,
    items=partial(items, "oneills1850"),
)
SOURCES = (
    Book(
        name="ryan-oneill",
        title=N_("Ryan's and O'Neill's tunes"),
        about=N_("Both books as one; a tune that is in both is kept once."),
        licence=N_(
            "the books of 1883 and 1903 are in the public domain; the ABC files come with "
            "music21, whose corpus is distributed with the permission of the encoders"
        ),
        origin=N_("music21's package, corpus/ryansMammoth and corpus/oneills1850"),
        place=0,
        tunes=RYAN.tunes + ONEILL.tunes,
        books=(RYAN, ONEILL),
    ),
    RYAN,
    ONEILL,
    _book(
        name="airds-airs",
        title=N_("Aird's Airs"),
        about=N_(
            "Scotch, English, Irish and foreign airs for fife, violin or flute, printed in Glasgow."
        ),
        licence=N_(
            "the books of 1778 to 1801 are in the public domain; the ABC files come with "
            "music21, whose corpus is distributed with the permission of the encoders"
        ),
        origin=N_("music21's package, corpus/airdsAirs"),
        place=30,
        tunes=1180,
        items=partial(items, "airdsAirs"),
    ),
    _book(
        name="essen",
        title=N_("Essen Folksong Collection"),
        about=N_("8,514 songs, most of them German or Chinese."),
        licence=N_(
            "unclear, as many people entered the songs; music21 states permission for "
            "non-commercial distribution and use. No model trained on it ships with this program"
        ),
        origin=N_("music21's package, corpus/essenFolksong"),
        place=60,
        tunes=8514,
        items=partial(items, "essenFolksong"),
        ships=False,
    ),
)
