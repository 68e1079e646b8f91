"""`corpus` for tunes: reading a book, MIDI and MusicXML of the user, and one-line errors."""

from pathlib import Path

import pytest

from seqgan_core.tasks.corpora.registry import CORPORA, load
from seqgan_core.tasks.music.quantisation import quantisation_of
from tests.support.commands import Command, refused
from tests.support.files.hand_made_scores import (
    TUNE,
    midi,
    named,
    note_events,
    song,
    tempo,
    xml_song,
    zipped,
)
from tests.support.paths import ROOT
from tests.tasks.music.test_folk_books import few


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "song.mid"
    path.write_bytes(song())
    return path


def test_tunes_are_listed(cli: Command) -> None:
    listed = {entry["corpus"]: entry for entry in cli("corpus", "list", "--json").json}
    assert set(CORPORA) <= set(listed)
    assert listed["essen"]["unit"] == "notes"
    assert "non-commercial" in listed["essen"]["licence"]
    assert (listed["nottingham"]["bytes"], listed["essen"]["bytes"]) == (692_463, 0)
    assert "1,059 tunes to read" in cli("corpus", "list").out


def test_a_book_is_read_and_shown(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "ryans-mammoth", n=20)
    refused(cli("corpus", "show", "ryans-mammoth"), "corpus get ryans-mammoth", "tunes to read")
    got = cli("corpus", "get", "ryans-mammoth")
    assert (got.status, got.out) == (0, "")
    assert "ryans-mammoth is on this machine" in got.err
    document = cli("corpus", "show", "ryans-mammoth", "--json").json
    corpus = load("ryans-mammoth")
    assert (document["read"], document["kept"], document["unit"]) == (20, 20, "notes")
    assert document["train"] + document["valid"] + document["test"] == 20
    assert document["windows"]["eighths"]["train"] > document["windows"]["keys"]["train"] > 0
    assert document["first"][0]["begins"].startswith("E5 C5 A4")
    assert document["eighths"] == vars(
        quantisation_of([*corpus.train, *corpus.valid, *corpus.test])
    )
    assert document["eighths"]["tunes"] == 20
    assert document["eighths"]["moved"] > 0
    shown = cli("corpus", "show", "ryans-mammoth").out
    assert f"{document['eighths']['uneven']} of 20 tunes" in shown
    assert "public domain" in shown
    assert "42d Highland Regiment -- Strathspey, A minor: E5 C5" in shown
    assert cli("corpus", "remove", "ryans-mammoth").err == "ryans-mammoth was removed.\n"
    assert "was not on this machine" in cli("corpus", "remove", "ryans-mammoth").err


def test_adding_tune_files(cli: Command, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "two.zip"
    other.write_bytes(zipped({"two.xml": xml_song(), "no.mid": b"no"}))
    added = cli("corpus", "add", str(file), str(other), "--title", "[red]Mine[/red]")
    assert added.status == 0
    assert "[red]Mine[/red]" in added.out
    assert "it is text, not a tune; upload it under Poems or Speeches" in added.out
    assert "song (part 1 of 1), " in added.out
    assert "--set task=music --set corpus=own-" in added.err
    assert "--set sequence_length=32" in added.err
    listed = cli("corpus", "list", "--json").json[-1]
    assert (listed["title"], listed["unit"], listed["tunes"]) == ("[red]Mine[/red]", "notes", 2)
    document = cli("corpus", "show", listed["corpus"], "--json").json
    assert document["licence"] == "your upload; it stays on this machine"
    assert cli("corpus", "remove", listed["corpus"]).status == 0
    refused(cli("corpus", "show", listed["corpus"]), "add it again")


def test_the_part_is_chosen(cli: Command, file: Path) -> None:
    low = named("Bass") + note_events([p - 24 for p in TUNE * 20])
    file.write_bytes(midi(tempo(500_000), low, named("Flute") + note_events(TUNE * 20)))
    highest = cli("corpus", "add", str(file), "--json").json["first"][0]
    assert (highest["about"], highest["begins"][:2]) == ("part 2 of 2 (Flute)", "C4")
    first = cli("corpus", "add", str(file), "--melody", "first", "--json").json["first"][0]
    assert (first["about"], first["begins"][:2]) == ("part 1 of 2 (Bass)", "C2")
    assert cli("corpus", "add", str(file), "--melody", "1", "--json").json["first"][0] == first
    refused(cli("corpus", "add", str(file), "--melody", "3"), "no part 3 with notes (there are 1")
    refused(cli("corpus", "add", str(file), "--melody", "best"), "it must be highest, first or")


def test_wrong_files(cli: Command, file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    refused(cli("corpus", "add", str(file)), "song.mid: it is a PNG image, whatever its name says")
    file.write_bytes(song()[:-30])
    refused(cli("corpus", "add", str(file)), "song.mid: it ends within track 2")
    refused(cli("corpus", "add", str(tmp_path / "none.mid")), "none.mid cannot be read")
    with file.open("wb") as huge:
        huge.truncate(10**12)  # refused before it is read
    refused(cli("corpus", "add", str(file)), "1,000,000,000,000 bytes")
    texts = [tmp_path / name for name in ("a.txt", "b.txt")]
    for text in texts:
        text.write_text("words\n")
    refused(cli("corpus", "add", *map(str, texts)), "a text is one file")


def test_text_and_tunes_are_not_mixed_up(cli: Command, file: Path) -> None:
    name = cli("corpus", "add", str(file), "--json").json["corpus"]
    tiny = ("--preset", "glance", "--set")
    refused(cli("train", *tiny, "task=poems", "--set", f"corpus={name}"), "use it with task=music")
    refused(
        cli("train", *tiny, "task=music", "--set", "corpus=practice"),
        "does not fit task=music; use it with task=poems",
    )


def test_what_was_read_before_says_so(cli: Command, tmp_path: Path) -> None:
    own = tmp_path / "home" / "corpora" / "own"
    own.mkdir(parents=True)
    stored = ROOT / "tests/support/files/version_0_1/3558d6655e91.npz"
    (own / stored.name).write_bytes(stored.read_bytes())
    home = ("--home", str(tmp_path / "home"))
    assert cli("corpus", "list", "--json", *home).json[-1]["outdated"] is True
    assert "earlier version" in cli("corpus", "list", *home).out
    shown = cli("corpus", "show", "own-3558d6655e91", *home)
    assert "read by an earlier version of the lab; add the files again" in shown.err


def test_abc_is_added_by_its_content(cli: Command, tmp_path: Path) -> None:
    path = tmp_path / "tune.txt"
    path.write_text("X:1\nT:A\nM:4/4\nL:1/8\nK:G\n" + "GABc d2B2|c2A2 B2G2|" * 20)
    added = cli("corpus", "add", str(path), "--json").json
    assert (added["unit"], added["keys"], added["first"][0]["title"]) == (
        "notes", {"G major": 2}, "A",
    )  # fmt: skip
    assert added["first"][0]["begins"].startswith("G4 A4 B4 C5 D5 – B4 – C5 –")
