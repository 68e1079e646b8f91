"""`corpus`: listing, fetching, showing, adding and removing, and one sentence for wrong input."""

import os
from pathlib import Path

import pytest

from seqgan_core.tasks.corpora import registry
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.tasks.download import File
from tests.support.commands import Command, refused
from tests.support.files.corpora import MIRROR, needs_mirror, serving
from tests.tasks.text.test_user_text import TWENTY, marked, prose


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEQGAN_CORPUS_MIRROR", raising=False)


@pytest.fixture
def verse(tmp_path: Path) -> Path:
    file = tmp_path / "verse.txt"
    file.write_text("\n".join(map(marked, TWENTY)), encoding="utf-8")
    return file


def test_the_list(cli: Command) -> None:
    listed = cli("corpus", "list", "--json")
    assert listed.status == 0
    assert [entry["corpus"] for entry in listed.json] == list(CORPORA)
    assert [entry["here"] for entry in listed.json] == [True] + [False] * (len(CORPORA) - 1)
    shown = cli("corpus", "list")
    assert "tang-quatrains" in shown.out
    assert "1.6 MB" in shown.out
    assert "built in" not in shown.out  # it is here


@needs_mirror
def test_a_corpus_from_the_mirror(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(cli("corpus", "show", "tang-quatrains"), "corpus get tang-quatrains", "1.6 MB")
    monkeypatch.setenv("SEQGAN_CORPUS_MIRROR", str(MIRROR))
    got = cli("corpus", "get", "tang-quatrains")
    assert (got.status, got.out) == (0, "")
    assert "tang-quatrains is on this machine" in got.err
    document = cli("corpus", "show", "tang-quatrains", "--json").json
    assert (document["read"], document["kept"]) == (16_394, 15_973)
    assert (document["train"], document["valid"], document["test"]) == (11_055, 955, 3_963)
    assert document["vocabulary"] == {
        "min_count 1": 4_505,
        "min_count 2": 3_716,
        "min_count 5": 2_810,
    }
    assert document["first"][0].count(" / ") == 3
    marks = cli("corpus", "show", "tang-quatrains", "--punctuation", "--json").json
    assert marks["lines"] == [6, 6, 6, 6]
    shown = cli("corpus", "show", "tang-quatrains").out
    assert "a lacuna (□) or a stray letter" in shown
    assert cli("corpus", "list", "--json").json[1]["here"]
    assert cli("corpus", "remove", "tang-quatrains").err == "tang-quatrains was removed.\n"
    assert "was not on this machine" in cli("corpus", "remove", "tang-quatrains").err


def test_adding_a_poem_file(cli: Command, verse: Path) -> None:
    added = cli("corpus", "add", str(verse), "--title", "[red]Mine[/red]", "--json").json
    assert (added["title"], added["lines"], added["kept"]) == ("[red]Mine[/red]", [5] * 4, 120)
    name = added["corpus"]
    assert cli("corpus", "list", "--json").json[-1]["options"]["length"] == 20
    assert "[red]Mine[/red]" in cli("corpus", "list").out  # as it is written, not as markup
    assert "[red]Mine[/red]" in cli("corpus", "show", name).out
    again = cli("corpus", "add", str(verse))
    assert again.status == 0
    assert f"--set task=poems --set corpus={name}" in again.err
    assert "verse.txt" in again.out
    assert cli("corpus", "remove", name).status == 0
    refused(cli("corpus", "show", name), "add it again")


def test_adding_a_file_of_sentences(cli: Command, tmp_path: Path) -> None:
    file = tmp_path / "walks.txt"
    file.write_text(prose() + "\n<script>alert(1)</script> is\x07 no threat\n")
    settings = ("--unit", "words", "--length", "12", "--min-count", "2", "--punctuation")
    added = cli("corpus", "add", str(file), *settings)
    assert added.status == 0
    assert "We walked 0 miles, and then we slept." in added.out
    assert "<script>alert(1)</script> is<U+0007> no threat" in added.out  # left out, and shown
    assert "--set task=speech" in added.err
    assert "--set sequence_length=12 --set min_count=2" in added.err


def test_broken_paragraphs_get_a_hint(cli: Command, tmp_path: Path) -> None:
    file = tmp_path / "walks.txt"
    file.write_text(
        "\n\n".join(f"We walked {n} miles\nand then {n}\nwe slept." for n in range(120))
    )
    assert "--join-lines" in cli("corpus", "add", str(file), "--unit", "words").err
    joined = cli("corpus", "add", str(file), "--unit", "words", "--join-lines", "--json")
    assert joined.json["kept"] == 120
    assert joined.err == ""


def test_another_encoding_is_confirmed(cli: Command, verse: Path) -> None:
    verse.write_bytes(verse.read_text(encoding="utf-8").encode("gb18030"))
    result = cli("corpus", "add", str(verse))
    refused(result, "is not UTF-8 (line 1, byte 1 of it)", "--encoding gb18030", marked(TWENTY[0]))
    refused(result, "if it is not, save the file as UTF-8")
    added = cli("corpus", "add", str(verse), "--encoding", "gb18030")
    assert added.status == 0
    assert "The text is read as GB18030." in added.err


def test_utf_16_without_its_mark_is_read_in_the_order_that_gives_text(
    cli: Command, verse: Path
) -> None:
    text = verse.read_text(encoding="utf-8")
    for order in ("utf-16-le", "utf-16-be"):
        verse.write_bytes(text.encode(order))
        added = cli("corpus", "add", str(verse), "--encoding", "utf-16")
        assert f"The text is read as {order.upper()}." in added.err
        assert marked(TWENTY[0]) in marked(TWENTY[0])
        assert added.status == 0


def test_wrong_input(cli: Command, tmp_path: Path, verse: Path) -> None:
    refused(cli("corpus", "get", "shi"), "no corpus 'shi'", "tang-quatrains")
    refused(cli("corpus", "get", "own-0123456789ab"), "not on this machine", "add it again")
    refused(cli("corpus", "show", "own-nothing"), "twelve digits")
    refused(cli("corpus", "remove", "practice"), "built in")
    refused(cli("corpus", "add", str(tmp_path / "none.txt")), "none.txt cannot be read")
    refused(cli("corpus", "add", str(tmp_path)), "cannot be read (Is a directory)")
    refused(
        cli("corpus", "add", str(verse), "--length", "7"), "it has 0, and at least 100", "longer"
    )
    refused(cli("corpus", "add", str(verse), "--length", "700"), "length is 700", "3 to 64")
    refused(cli("corpus", "add", str(verse), "--unit", "letters"), "letters")
    refused(cli("corpus", "add", str(verse), "--encoding", "klingon"), "klingon", "utf-8")
    (tmp_path / "zip.txt").write_bytes(b"PK\x03\x04 and so on")
    refused(cli("corpus", "add", str(tmp_path / "zip.txt")), "archive is damaged")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(10**12)  # refused before it is read
    refused(cli("corpus", "add", str(tmp_path / "huge.txt")), "1,000,000,000,000 bytes")


def test_what_did_not_come_is_no_wrong_input(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as gone:
        pass
    entry = CORPORA["obama-paper"]
    file = File("input.txt", gone.url("/input.txt"), git_blob="0" * 40)
    monkeypatch.setitem(
        registry.CORPORA, entry.name, type(entry)(**vars(entry) | {"files": (file,)})
    )
    failed = cli("corpus", "get", entry.name)
    assert (failed.status, failed.out) == (1, "")
    assert len(failed.err.splitlines()) == 1
    assert "cannot be reached" in failed.err


def test_home_holds_for_one_command(cli: Command, verse: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    name = cli("corpus", "add", str(verse), "--home", str(other), "--json").json["corpus"]
    assert (other / "corpora" / "own").is_dir()
    assert os.environ["SEQGAN_HOME"] == str(tmp_path / "home")
    refused(cli("corpus", "show", name), "not on this machine")
    assert cli("corpus", "show", name, "--home", str(other)).status == 0
