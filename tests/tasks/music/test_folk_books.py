"""The folk tunes of music21's package: bars read by hand, keys, sides, and a cache that goes on."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from seqgan_core.tasks.corpora import book
from seqgan_core.tasks.corpora.book import Book, Item
from seqgan_core.tasks.corpora.catalogue import folk_books
from seqgan_core.tasks.corpora.registry import CORPORA, load, source_of
from seqgan_core.tasks.corpus import CorpusError, CorpusMissing, DamagedFile, Rejection
from seqgan_core.tasks.download import silent
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.collection import DUPLICATE, Collection
from seqgan_core.tasks.music.key_finding import MAJOR, MINOR, Key, key_of
from seqgan_core.tasks.music.tune import TICKS
from tests.support.files.hand_read_tunes import INSIDE, OPENINGS
from tests.tasks.music.test_abc_reader import texts

# Keys


def test_the_key_is_the_one_that_music21_finds() -> None:
    from music21 import note, stream
    from music21.analysis.discrete import KrumhanslSchmuckler

    analysis = KrumhanslSchmuckler()
    assert tuple(analysis.getWeights("major")) == MAJOR
    assert tuple(analysis.getWeights("minor")) == MINOR
    for file, title, _, _ in [*OPENINGS, *INSIDE][::4]:
        tune = read_abc(texts(file)[title])
        score = stream.Stream()
        for pitch, _, length in tune.notes:
            score.append(note.Note(midi=pitch, quarterLength=length / TICKS))
        expected = analysis.getSolution(score)
        assert (tune.key.tonic, tune.key.minor) == (
            expected.tonic.pitchClass,
            expected.mode == "minor",
        )


def test_the_way_to_the_common_key() -> None:
    assert [Key(tonic).to_common for tonic in range(12)] == [
        0, -1, -2, -3, -4, -5, -6, 5, 4, 3, 2, 1,
    ]  # fmt: skip
    assert Key(9, minor=True).to_common == 0
    assert Key(4, minor=True).to_common == 5
    assert Key(4, minor=True).name == "E minor"
    assert Key(7).scale == {7, 9, 11, 0, 2, 4, 6}
    for key in (Key(tonic, minor) for tonic in range(12) for minor in (False, True)):
        assert key.scale == Key(7 * key.fifths % 12).scale  # of the major key with its signature
        assert -7 <= key.fifths <= 7
    moved = [(pitch + 5, start, length) for pitch, start, length in scale()]
    assert (key_of(scale()), key_of(moved)) == (Key(0), Key(5))


def scale() -> list[tuple[int, int, int]]:
    pitches = (60, 64, 67, 72, 67, 64, 62, 65, 69, 71, 72)
    return [(pitch, n * TICKS, TICKS) for n, pitch in enumerate(pitches)]


# Books


def test_every_book_says_what_it_is() -> None:
    books = [source for source in CORPORA.values() if isinstance(source, Book)]
    assert len(books) == 6
    assert all(source.unit == "notes" for source in books)
    assert [source.name for source in books if not source.ships] == ["nottingham", "essen"]
    for source in books:
        if source.bundled and not source.books:
            assert source.items
            assert len(source.items(Path())) == source.tunes
    assert CORPORA["essen"].size == "8,514 tunes to read"
    assert CORPORA["nottingham"].size == "0.7 MB, then 1,037 tunes to read"


def few(monkeypatch: pytest.MonkeyPatch, *names: str, n: int = 12) -> None:
    """Only the first tunes of some books, in steps of five."""
    monkeypatch.setattr(book, "STEP", 5)
    for name in names:
        whole = CORPORA[name]
        assert isinstance(whole, Book)
        assert whole.items
        some = whole.items(Path())[:n]
        monkeypatch.setitem(CORPORA, name, replace(whole, items=lambda folder, some=some: some))
    both = CORPORA["ryan-oneill"]
    assert isinstance(both, Book)
    parts = tuple(CORPORA[part.name] for part in both.books)
    monkeypatch.setitem(CORPORA, both.name, replace(both, books=parts))


def test_a_book_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "airds-airs")
    assert not source_of("airds-airs", tmp_path).have()
    with pytest.raises(CorpusMissing, match="corpus get airds-airs` gets it"):
        load("airds-airs", home=tmp_path)
    progress: list[tuple[int, int]] = []
    source_of("airds-airs", tmp_path).fetch(lambda done, total: progress.append((done, total)))
    assert progress == [(5, 12), (10, 12), (12, 12)]
    corpus = load("airds-airs", home=tmp_path)
    assert load("airds-airs", home=tmp_path) is corpus
    assert (corpus.report.read, corpus.report.kept) == (12, 12)
    assert sum(map(len, (corpus.train, corpus.valid, corpus.test))) == 12
    assert "public domain" in corpus.licence
    monkeypatch.setattr(book, "_read", None)  # nothing is read again
    source_of("airds-airs", tmp_path).fetch()
    with pytest.raises(CorpusError, match="use it with task=music"):
        load("airds-airs", home=tmp_path, task="poems")
    source_of("airds-airs", tmp_path).remove()
    source_of("airds-airs", tmp_path).remove()
    assert not source_of("airds-airs", tmp_path).have()


def test_a_reading_goes_on_where_it_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "airds-airs")
    read = book._read
    times: list[int] = []

    def breaks(some: object, *rest: object) -> object:
        times.append(1)
        if len(times) == 3:
            raise KeyboardInterrupt
        return read(some, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(book, "_read", breaks)
    with pytest.raises(KeyboardInterrupt):
        source_of("airds-airs", tmp_path).fetch()
    assert not source_of("airds-airs", tmp_path).have()
    assert len(list((tmp_path / "corpora" / "airds-airs").glob("part-*"))) == 2
    source_of("airds-airs", tmp_path).fetch()
    assert len(times) == 4  # two steps were kept
    assert load("airds-airs", home=tmp_path).report.kept == 12
    assert not list((tmp_path / "corpora" / "airds-airs").glob("*part*"))


def test_a_damaged_cache_says_so_and_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "airds-airs")
    source_of("airds-airs", tmp_path).fetch()
    path = tmp_path / "corpora" / "airds-airs" / book.NAME
    whole = path.read_bytes()
    for data in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole[:-400] + b"x" * 400):
        path.write_bytes(data)
        with pytest.raises(CorpusError, match=r"damaged; `python .* corpus get airds-airs` reads"):
            load("airds-airs", home=tmp_path)
    source_of("airds-airs", tmp_path).fetch()
    assert path.read_bytes() == whole  # the same to the last bit


def test_two_books_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "ryans-mammoth", "oneills-1850")
    progress: list[tuple[int, int]] = []
    source_of("ryan-oneill", tmp_path).fetch(lambda done, total: progress.append((done, total)))
    ryan, whole = CORPORA["ryans-mammoth"].tunes, CORPORA["ryan-oneill"].tunes
    counted = [5, 10, 12, ryan + 5, ryan + 10, ryan + 12]  # of both books together
    assert progress == [(done, whole) for done in counted]
    first, second, both = (
        load(name, home=tmp_path) for name in ("ryans-mammoth", "oneills-1850", "ryan-oneill")
    )
    assert both.report.kept == first.report.kept + second.report.kept
    assert set(both.train) == {*first.train, *second.train}
    with pytest.raises(CorpusError, match="made of ryans-mammoth, oneills-1850"):
        source_of("ryan-oneill", tmp_path).remove()
    source_of("oneills-1850", tmp_path).remove()
    assert not source_of("ryan-oneill", tmp_path).have()


def test_a_tune_comes_once_in_whatever_key(tmp_path: Path) -> None:
    body = "GABc dedB|c2A2 A3B|"
    up = "ABcd efec|d2B2 B3c|"
    given = [
        Item(name, text.encode())
        for name, text in (
            ("first", f"X:1\nT:first\nM:4/4\nL:1/8\nK:G\n{body}"),
            ("damaged", "X:2\nT:damaged\nK:C\n&&&"),
            ("higher", f"X:3\nT:higher\nM:4/4\nL:1/8\nK:A\n{up}"),
            ("other", f"X:4\nT:other\nM:4/4\nL:1/8\nK:G\n{body}d4|"),
        )
    ]
    book.build(given, folk_books.read_item, folk_books.side, tmp_path, silent)
    collection = Collection.read(tmp_path / book.NAME)
    assert [tune.title for tune in collection.tunes] == ["first", "other"]
    assert collection.sides[0] == collection.sides[1]  # their first two bars are alike
    assert collection.report.rejections == (
        Rejection("signs that are not notes: {signs}", 1, "damaged", fields={"signs": "&&&"}),
        Rejection(DUPLICATE, 1, "higher"),
    )
    assert collection.report.read == 4


def test_a_book_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no tune of"):
        book.build([Item("a", b"X:1\n")], folk_books.read_item, folk_books.side, tmp_path, silent)
    with pytest.raises(DamagedFile, match="damaged"):
        Collection.read(tmp_path / book.NAME)


def test_near_copies_are_on_one_side() -> None:
    first = "X:1\nT:A\nM:4/4\nL:1/8\nK:G\nD2|GABc dedB|c2A2 A3B|"
    tune, same = read_abc(first + "GABc d4|"), read_abc(first + "gfed c4|")
    higher = "X:1\nT:A\nM:4/4\nL:1/8\nK:A\nE2|ABcd efec|d2B2 B3c|a8|"
    other_key = read_abc(higher)
    assert tune.family == same.family == other_key.family == "2 2 1 2 2 -2 -3 1 -3 0 2"
    assert folk_books.side(tune) == folk_books.side(same) == folk_books.side(other_key)


def test_no_tune_begins_alike_on_two_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "ryans-mammoth", n=40)
    source_of("ryans-mammoth", tmp_path).fetch()
    corpus = load("ryans-mammoth", home=tmp_path)
    sides = (corpus.train, corpus.valid, corpus.test)
    families = [{tune.family for tune in side} for side in sides]
    assert not any(a & b for a, b in pairwise([*families, families[0]]))
    assert len(corpus.train) > len(corpus.test) > 0
