"""Uploaded tunes on the screen Music: read, described, heard, saved, deleted; bad files."""

from collections import Counter
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.make.corpora import tune_report
from seqgan_core.tasks.corpora.upload import uploads
from seqgan_core.tasks.music.user_tunes import UploadedFile
from tests.support.files.hand_made_scores import (
    midi,
    named,
    note_events,
    song,
    tempo,
    xml_song,
    zipped,
)
from tests.support.files.user_tunes import read_user_tunes
from tests.support.music_screen import tune_cards
from tests.support.text_screen import App, html_of, messages, opened, settled, words

CARDS = "upload.music.cards"
PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = "<script>alert(1)</script>"


def upload(test: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (uploader,) = (node for node in test.file_uploader if node.key == "upload.music.files")
    uploader.set_value([(name, data, "audio/midi") for name, data in files]).run()
    return settled(test)


def band(names: tuple[str, str] = ("Bass", "Flute")) -> bytes:
    """A low part, a high part, and drums, at 96 quarters a minute."""
    low, high = ([40 + n % 7 for n in range(400)], [70 + (n * n) % 9 for n in range(400)])
    return midi(
        tempo(625_000), *(named(name) + note_events(part) for name, part in zip(names, (low, high),
                                                                               strict=True)),
        named("Kit") + note_events([38] * 400, channel=9),
    )  # fmt: skip


def choice(test: AppTest) -> object:
    (box,) = (node for node in test.selectbox if str(node.key).startswith("upload.music.melody"))
    return box


def keep(test: AppTest) -> AppTest:
    test.button(key="upload.music.save").click().run()
    assert "Saved. Choose it above" in words(settled(test))
    return test


def test_files_are_read_described_heard_and_saved(app: App, empty_shelf: Path) -> None:
    files = {"my band.mid": band(), "second.musicxml": xml_song(), "picture.mid": PNG}
    test = upload(opened(app, navigation.MUSIC, tab="train"), *files.items())
    shown = words(test)
    assert "Tunes read 3" in shown
    assert "Tunes used 2" in shown
    assert "my band.mid part 2 (Flute) 400 part 1 (Bass), part 3 (Kit): drums 96 125" in shown
    assert "second.musicxml part 1" in shown
    assert "only MIDI, MusicXML and ABC have notes 1 picture.mid" in shown
    assert "the end of each is held out" in shown  # there are two tunes only
    assert "every note is on a step, so none is changed" in shown
    assert "Nothing was rejected" not in shown
    first, second = tune_cards(test, CARDS)
    assert first["title"] == "my band"
    assert first["notes"][0]["pitch"] == 70
    assert first["notes"][0]["end"] == pytest.approx(0.5 * 60 / 96, abs=0.001)  # as fast as it says
    assert second["remarks"][0].startswith("Key found: ")
    assert not uploads()
    keep(test)
    (saved,) = uploads()
    assert (saved.title, saved.tunes) == ("my band", 2)
    assert test.query_params["text"] == saved.name
    assert test.selectbox(key="music-corpus").value == saved.name
    assert f"my band · 2 tunes · {saved.name}" in words(test)


def test_another_part_can_be_chosen(app: App, empty_shelf: Path) -> None:
    test = upload(opened(app, navigation.MUSIC, tab="train"), ("band.mid", band()))
    box = choice(test)
    assert box.value == "highest"  # type: ignore[attr-defined]
    assert len(box.options) == 5  # type: ignore[attr-defined]  # two rules, three parts
    box.set_value(1).run()  # type: ignore[attr-defined]
    settled(test)
    assert "band.mid part 1 (Bass) 400" in words(test)
    assert tune_cards(test, CARDS)[0]["notes"][0]["pitch"] == 40
    choice(test).set_value(3).run()  # type: ignore[attr-defined]
    settled(test)
    assert "no part 3 with notes (there are 1, 2)" in messages(test)  # drums are none


def test_kept_tunes_can_be_deleted(app: App, empty_shelf: Path) -> None:
    test = keep(upload(opened(app, navigation.MUSIC, tab="train"), ("song.mid", song())))
    (saved,) = uploads()
    test.button(key=f"saved.delete.{saved.name}").click().run()
    settled(test)
    assert not uploads()
    assert "text" not in test.query_params
    assert "upload.music.save" in [button.key for button in test.button]  # and kept again


def test_names_from_strangers_are_text(app: App, empty_shelf: Path) -> None:
    odd = "Fl\u202eute".encode().decode("latin-1")
    test = upload(
        opened(app, navigation.MUSIC, tab="train"), (f"{SCRIPT}.mid", band((SCRIPT, odd)))
    )
    assert "<script" not in html_of(test)
    assert "\u202e" not in html_of(test)
    assert SCRIPT in words(test)


def test_a_guessed_name_and_a_missing_track_are_told(app: App, empty_shelf: Path) -> None:
    name = "メロディ".encode("cp932").decode("latin-1")
    data = midi(named(name) + note_events([60 + n % 9 for n in range(400)]), claims=2)
    shown = words(upload(opened(app, navigation.MUSIC, tab="train"), ("a.mid", data)))
    assert "part 1 (メロディ, name guessed as Shift-JIS)" in shown
    assert "it claims 2 tracks and has 1 1 a.mid" in shown


BOMB = zipped({f"{n}.mid": b"\0" * 9_000_000 for n in range(6)})
ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<score-partwise><part-list/>&x;</score-partwise>"
)


def test_of_a_very_slow_file_only_half_a_minute_is_heard_at_first() -> None:
    # a step of it lasts 7.5 seconds, and 0.5 of the other's
    for microseconds, steps in ((15_000_000, 4), (1_000_000, 32)):
        data = midi(tempo(microseconds), note_events([60 + n % 7 for n in range(200)]))
        result = read_user_tunes([UploadedFile("slow.mid", data)])
        card, key = tune_report._card(0, result.tunes[0]), result.tunes[0].key
        assert len(card.melody.notes) == steps
        assert (card.notes[0], card.fifths) == (f"Key found: {key.name}", key.fifths)


WRONG = [
    ("empty.mid", b"", "it is empty"),
    ("picture.mid", PNG + b"\0" * 400, "whatever its name says"),
    ("none.mid", midi(tempo(500_000)), "it has no notes"),
    ("short.mid", song()[:-40], "it ends within track"),
    ("still.mid", midi(tempo(0), note_events([60] * 40)), "a tempo of 0 microseconds"),
    ("ticks.mid", midi(note_events([60] * 40), division=0), "0 ticks"),
    ("gap.mid", midi(note_events([60] * 20) + note_events([62] * 20, first=480 * 60 * 600)),
     "hours; at most 2"),
    ("kit.mid", midi(note_events([38] * 400, channel=9)), "only drums"),
    ("many.mid", midi(note_events([60] * 40), claims=65_535), "it claims 65,535 tracks"),
    ("bomb.zip", BOMB, "it unpacks to more than 40,000,000 bytes"),
    ("entity.musicxml", ENTITY, "entity.musicxml: it defines entities"),
    ("words.xml", b"<html>hello</html>", "words.xml: it is a web page"),
    ("words.mid", b"hello", "it is text, not a tune; upload it under Poems or Speeches"),
    ("song.mp3", b"ID3\4" + bytes(9), "an MP3 recording, which has sound and no notes"),
    ("few.mid", midi(note_events([60, 62, 64, 65, 67, 69, 71, 72, 74])), "too short"),
]  # fmt: skip


def test_files_without_music_are_one_readable_error(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.MUSIC, tab="train")
    for name, data, message in WRONG:
        upload(test, (name, data))
        (box,) = test.error
        assert message in box.value, name
        assert "\n" not in box.value
        assert "upload.music.save" not in [button.key for button in test.button], name
        assert not tune_cards(test, CARDS), name
        assert "Train for half a minute" in [heading.value for heading in test.header]


def test_keys_that_are_not_named_are_counted() -> None:
    keys = Counter({"C major": 4, "G major": 3, "D major": 2, "A minor": 1})
    assert tune_report._frequent(keys) == "C major 4, G major 3, D major 2, A minor 1"
    keys["E minor"] = 1
    assert tune_report._frequent(keys) == "C major 4, G major 3, D major 2 and 2 others"
