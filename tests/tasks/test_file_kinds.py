"""What a file is, by its content; and at both doors, what to do with it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.file_kinds import AS_TEXT, AS_TUNES, TUNES, FileKind, kind_of
from seqgan_core.tasks.text.decoding import decode
from tests.support.files.hand_made_scores import midi, mxl, note_events, refused, xml_song, zipped

ABC = b"X:1\nT:A\nM:4/4\nL:1/8\nK:C\ncdef gabc'|\n"
CONTAINER = "META-INF/container.xml"
MIDI = midi(note_events([60] * 9))

KINDS: list[tuple[str, bytes, str, str]] = [
    ("midi", MIDI, "midi", "a MIDI file"),
    ("riff midi", b"RIFF\x20\0\0\0RMIDdata" + MIDI, "midi", "a MIDI file"),
    ("score", xml_song(), "musicxml", "a MusicXML score"),
    ("utf-16 score", xml_song().decode().encode("utf-16"), "musicxml", "a MusicXML score"),
    ("mxl", mxl(xml_song()), "musicxml", "a compressed MusicXML score"),
    ("abc", ABC, "abc", "music in ABC notation"),
    ("abc with a mark", b"\xef\xbb\xbf" + ABC, "abc", "music in ABC notation"),
    ("abc, sent by mail", b"From: a\n\nHere it is:\n\n" + ABC, "abc", "music in ABC notation"),
    ("abc of Windows", ABC.replace(b"\n", b"\r\n"), "abc", "music in ABC notation"),
    ("abc, version first", b"%abc-2.1\n%%stretch 1\n\n" + ABC, "abc", "music in ABC notation"),
    ("kern", b"!!!COM: Bach\n!!!OTL: A\n**kern\t**kern\n", "notation", "a Humdrum **kern score"),
    ("mscx", b'<?xml version="1.0"?>\n<museScore version="4">', "notation", "a MuseScore score"),
    ("mscz", zipped({CONTAINER: b"", "a.mscx": b""}), "notation", "a MuseScore score"),
    ("mei", b'<?xml version="1.0"?><mei xmlns="x">', "notation", "an MEI score"),
    ("gp5", b"\x18FICHIER GUITAR PRO v5.00" + bytes(9), "notation", "a Guitar Pro score"),
    ("gp", zipped({"Content/score.gpif": b""}), "notation", "a Guitar Pro score"),
    ("sib", b"\x0fSIBELIUS\0\0", "notation", "a Sibelius score"),
    ("mus", b"ENIGMA BINARY FILE" + bytes(9), "notation", "a Finale score"),
    ("ly", b'% a song\n\\version "2.24.0"\n', "notation", "a LilyPond score"),
    ("wav", b"RIFF\x20\0\0\0WAVEfmt ", "audio", "a WAV recording"),
    ("mp3", b"ID3\x04\0\0", "audio", "an MP3 recording"),
    ("bare mp3", b"\xff\xfb\x90\x00", "audio", "an MP3 recording"),
    ("ogg", b"OggS\0\x02", "audio", "an Ogg recording"),
    ("flac", b"fLaC\0", "audio", "a FLAC recording"),
    ("m4a", b"\0\0\0\x20ftypM4A ", "audio", "an MP4 or M4A recording"),
    ("pdf", b"%PDF-1.7\n", "document", "a PDF"),
    ("docx", zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "document",
     "a Word document (.docx)"),
    ("odt", zipped({"mimetype": b"x", "content.xml": b""}), "document",
     "an OpenDocument text or an e-book"),
    ("epub", zipped({"mimetype": b"x", CONTAINER: b"", "a/b.opf": b""}), "document",
     "an OpenDocument text or an e-book"),
    ("mxl with mimetype", zipped({"mimetype": b"x", CONTAINER: b"", "a.xml": b""}), "musicxml",
     "a compressed MusicXML score"),
    ("html", b"\n<!DOCTYPE html>\n<title>a</title>", "document", "a web page"),
    ("png", b"\x89PNG\r\n\x1a\n", "other", "a PNG image"),
    ("zip", zipped({"a.mid": MIDI, "b.mscx": b""}), "zip", "a zip archive"),
    ("cut zip", zipped({"a.mid": MIDI})[:-9], "zip", "a zip archive"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "family", "name"), [case[1:] for case in KINDS],
                         ids=[case[0] for case in KINDS])  # fmt: skip
def test_a_file_is_named_by_its_content(data: bytes, family: str, name: str) -> None:
    assert kind_of(data) == FileKind(name, family)  # type: ignore[arg-type]


@pytest.mark.parametrize(("data", "family", "name"), [case[1:] for case in KINDS],
                         ids=[case[0] for case in KINDS])  # fmt: skip
def test_both_doors_name_it_and_say_what_to_do(data: bytes, family: str, name: str) -> None:
    with pytest.raises(CorpusError) as error:
        decode(data)
    assert error.value.code == "text.other-kind"
    assert str(error.value).startswith(f"the file is {name}")
    assert ("under Music" in str(error.value)) == (
        family in ("midi", "musicxml", "abc", "notation")
    )
    if family not in TUNES:
        assert f"it is {name}" in refused(("a.mid", data))


def test_every_family_has_a_sentence_at_the_door_that_refuses_it() -> None:
    families = {family for *_, family, _ in KINDS} | {"archive"}
    assert set(AS_TEXT) == families
    assert set(AS_TUNES) == families - set(TUNES)


@pytest.mark.parametrize(
    "text",
    ["One line", "<b>bold</b> words", "K: a name\nX: 1\nno tune", "ID3 is a tag", "PK is a unit",
     "X:1\nthe unknown\nK:C", "**kernel** is bold", "GIF89 is old", "RIFF raff WAVE", "BZh"],
)  # fmt: skip
def test_text_is_text(text: str) -> None:
    assert kind_of(text.encode()) is None
    assert "it is text, not a tune; upload it under Poems or Speeches" in refused(
        ("a.mid", text.encode())
    ) or text.startswith("<")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_none(data: bytes) -> None:
    for start in (b"", b"PK\3\4", b"<", b"X:1\n", b"RIFF", b"!!"):
        kind_of(start + data)


def test_ten_megabytes_are_looked_at_in_a_moment() -> None:
    began = time.process_time()
    for part in (b"X:1\n", b"T:a\n", b"%a\n", b"!!a\n", b"\n", b"X:1\rT:a\r"):
        kind_of(b"X:1\n" + part * (10_000_000 // len(part)))
    assert time.process_time() - began < 15
