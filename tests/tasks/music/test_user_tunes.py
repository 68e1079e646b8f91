"""One's own MIDI and MusicXML as a corpus, and one sentence for whatever else is uploaded."""

import codecs
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqgan_core.tasks.corpora.registry import load, source_of, sources
from seqgan_core.tasks.corpora.upload import add_upload, upload_of
from seqgan_core.tasks.corpus import CorpusError, CorpusMissing, Rejection
from seqgan_core.tasks.music import midi_reader, musicxml_reader, user_tunes
from seqgan_core.tasks.music.melody_part import tune_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import windows
from seqgan_core.tasks.music.tune import TICKS
from seqgan_core.tasks.music.user_split import FEW
from seqgan_core.tasks.music.user_tunes import UploadedFile, read_piece
from tests.support.files.hand_made_scores import (
    DIVISIONS,
    TUNE,
    first_notes,
    measure,
    midi,
    musicxml,
    mxl,
    note_events,
    refused,
    song,
    tempo,
    xml_note,
    xml_song,
    zipped,
)
from tests.support.files.user_tunes import read_user_tunes
from tests.tasks.check_task import check_task

BOMB = b"<!DOCTYPE score-partwise [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else '&a;'}'>".encode() for n in range(9)
) + b"]><score-partwise>&a8;</score-partwise>"  # fmt: skip
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<score-partwise><part-list/><part>&x;</part></score-partwise>"
)
PARAMETER = b'<!DOCTYPE s [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a"> %x;]><score-partwise/>'
AGES = b"\xff\xff\xff\x7f\xc0\x00" * 17 + note_events(TUNE)
HOURS = note_events(TUNE[:8]) + note_events(TUNE[8:], first=0x0FFFFFFF)
LATER = note_events(TUNE)[1:]  # without its first delta


def two_scores(container: bytes) -> bytes:
    return zipped({"META-INF/container.xml": container, "a.xml": xml_song(), "b.xml": xml_song()})


MANY = zipped({f"{n}.mid": b"" for n in range(1001)})


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("zero.mid", midi(tempo(500_000)), "zero.mid: it has no notes"),
        ("none.mid", midi(b""), "it has no notes"),
        ("empty.mid", b"", "it is empty"),
        ("short.mid", midi(note_events(TUNE[:5])), "fewer than 8 notes"),
        ("header.mid", song()[:10], "it ends within its header"),
        ("cut.mid", song()[:-20], "it ends within track 2"),
        ("torn.mid", midi(b"\x00\x3c\x50"), "track 1 begins without an event"),
        ("claims.mid", midi(claims=3), "it has no notes"),
        ("tracks.mid", midi(note_events(TUNE), claims=65_535), "it claims 65,535 tracks"),
        ("no tracks.mid", midi(), "it claims 0 tracks"),
        ("type.mid", midi(note_events(TUNE), b"", kind=2), "separate patterns (MIDI format 2)"),
        ("kind.mid", midi(note_events(TUNE), kind=7), "its header is not a MIDI header"),
        ("ticks.mid", midi(note_events(TUNE), division=0), "into 0 ticks"),
        ("film.mid", midi(note_events(TUNE), division=0xE728), "film frames"),
        ("tempo.mid", midi(tempo(0), note_events(TUNE)), "a tempo of 0 microseconds"),
        ("slow.mid", midi(tempo(0xFFFFFF), note_events(TUNE)), "a tempo of 16,777,215"),
        ("hours.mid", midi(HOURS), "it lasts 77.7 hours; at most 2 are allowed"),
        ("ages.mid", midi(AGES), "it is too long to be a tune"),
        ("endless.mid", midi(b"\xff" * 9_000 + b"\x7f" + LATER), "a number that does not end"),
        ("drums.mid", midi(note_events(TUNE, channel=9)), "only drums"),
        ("piano.mid", midi(note_events([9] * 9)), "notes beyond the 88 keys of a piano"),
        ("photo.mid", b"\x89PNG\r\n\x1a\n" + bytes(64), "a PNG image, whatever its name says"),
        ("text.mid", b"hello, I am a song", "it is text, not a tune; upload it under Poems or"),
        ("noise.mid", b"hello\x00\xff\x01", "neither MIDI, MusicXML nor ABC"),
        ("rmid.mid", b"RIFF\x00\x00\x00\x00RMIDdata", "it is not a MIDI file"),
        ("page.xml", b"<opml><body/></opml>", "it is XML, but not MusicXML"),
        ("cut.xml", musicxml("")[:-9], "not well-formed XML"),
        ("code.xml", b'<?xml version="1.0" encoding="x"?><score-partwise/>', "save it as UTF-8"),
        (
            "gb.xml",
            '<?xml version="1.0" encoding="GB2312"?><a>主</a>'.encode("gb2312"),
            "its XML is in an encoding that cannot be read; save it as UTF-8",
        ),
        (
            "line.xml",
            b"<a>\n <b>\n</a>",
            "cut off: not well-formed XML (line 3, column 3)",
        ),
        ("no notes.xml", musicxml(""), "it has no notes"),
        ("no parts.xml", musicxml(), "it has no notes"),
        ("time.xml", b"<score-timewise/>", "it has no notes"),
        ("bomb.xml", BOMB, "it defines entities"),
        ("external.xml", EXTERNAL, "it defines entities"),
        ("parameter.xml", PARAMETER, "it defines entities"),
        ("deep.xml", b"<score-partwise>" + b"<a>" * 100_000, "not well-formed XML"),
        ("zero.xml", musicxml(measure(attributes=DIVISIONS.replace("2", "0"))), "into 0"),
        (
            "inf.xml",
            musicxml(measure(xml_note("C", 4, "1e999"))),
            "duration '1e999' is out of range",
        ),
        ("nan.xml", musicxml(measure(xml_note("C", 4, "nan"))), "duration 'nan' is out of range"),
        ("minus.xml", musicxml(measure(xml_note("C", 4, "-1"))), "a duration below 0"),
        ("odd.xml", musicxml(measure(xml_note("C", 4, "one"))), "duration 'one' is not a number"),
        ("step.xml", musicxml(measure(xml_note("H", 4, 1))), "'H' is not a pitch"),
        ("long.xml", musicxml(measure(*[xml_note("C", 4, 9_999)] * 9)), "hours; at most 2"),
        ("tempo.xml", musicxml(measure("<sound tempo='0'/>")), "a tempo of 0"),
        ("empty.zip", zipped({}), "the archive holds no file"),
        ("photo.zip", zipped({"a.png": b"\x89PNG\r\n"}), "a.png: it is a PNG image"),
        ("cut.zip", zipped({"a.mid": song()})[:-30], "its archive is damaged, or locked"),
        (
            "nested.zip",
            zipped({"b.zip": zipped({"a.mid": song()})}),
            "archive within an archive; unpack it first",
        ),
        ("bomb.zip", zipped({"a.mid": bytes(50_000_000)}), "it unpacks to more than 40,000,000"),
        ("wide.zip", zipped({"a.mid": bytes(9_000_000)}), "it unpacks to more than 8,000,000"),
        ("rare.zip", zipped({"a.mid": song()}, rare=True), "its compression is not supported"),
        ("many.zip", MANY, "it holds 1,001 files; at most 1,000 are allowed"),
        ("no score.mxl", two_scores(b"<container/>"), "its container names no score"),
        ("lost.mxl", two_scores(b'<c><rootfile full-path="x"/></c>'), "does not have"),
        ("entity.mxl", mxl(b"", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "it defines entities"),
        ("bomb.mxl", mxl(b"<" + b" " * 9_000_000), "it unpacks to more than 8,000,000 bytes"),
        ("large.mid", song() + bytes(500_000), "a MIDI file may have at most 500,000"),
        ("huge.mid", bytes(10_000_001), "the upload has 10,000,001 bytes in one file"),
        ("a\x1b[31m.mid", b"", "a<U+001B>[31m.mid: it is empty"),
    ],
    ids=lambda given: given if isinstance(given, str) and given.isprintable() else "",
)
def test_one_sentence_each(name: str, data: bytes, message: str) -> None:
    assert message in refused((name, data))


def test_nothing_was_given() -> None:
    with pytest.raises(CorpusError, match="there is no file"):
        read_user_tunes([])
    assert "1,001 files" in refused(*[("a.mid", b"")] * 1001)


def test_more_notes_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (midi_reader, musicxml_reader):
        monkeypatch.setattr(room, "MAX_NOTES", 15)
    assert "more than 15 notes" in refused(("a.mid", midi(note_events(TUNE))))
    notes = [xml_note("C", 4, 1)] * 9
    assert "more than 15 notes" in refused(("a.xml", musicxml(measure(*notes), measure(*notes))))


def test_archives_that_hold_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_tunes, "MAX_UNPACKED", 9_000)
    archive = zipped({f"{n}.mid": song(20) for n in range(2)})
    assert len(song(20)) < 9_000 / 2
    assert "together hold too much" in refused(("a.zip", archive), ("b.zip", archive))


def test_compressed_scores_count_as_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    score = mxl(xml_song())
    monkeypatch.setattr(user_tunes, "MAX_UNPACKED", 2 * len(xml_song()))
    assert 2 * len(score) < len(xml_song())
    assert read_user_tunes([UploadedFile("a.mxl", score)]).tunes
    assert "together hold too much" in refused(("a.mxl", score), ("b.mxl", score))
    both = zipped({"a.mxl": score, "b.mxl": score})
    assert "together hold too much" in refused(("a.zip", both))


def test_tunes_that_are_too_long_together(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (
        sum(tune.length for tune in read_user_tunes([UploadedFile("a.mid", song())]).tunes) / TICKS
    )
    monkeypatch.setattr(user_tunes, "MAX_QUARTERS", 1.5 * whole)
    assert read_user_tunes([UploadedFile("a.mid", song())]).tunes
    assert "together are too long" in refused(("a.mid", song()), ("b.mid", song(shift=1)))


def test_an_archive_with_a_false_size() -> None:
    data = bytearray(zipped({"a.mid": bytes(100_000)}))
    at = data.rindex(b"PK\x01\x02") + 24  # the size in the directory at the end
    assert struct.unpack("<I", data[at : at + 4]) == (100_000,)
    data[at : at + 4] = struct.pack("<I", 10)
    assert "its archive is damaged, or locked" in refused(("a.zip", bytes(data)))


def test_thousands_of_notes_that_overlap() -> None:
    count = 5_000
    events = b"".join(b"\x01\x90" + bytes((21 + n % 80, 80)) for n in range(count))
    events += b"".join(b"\x01\x80" + bytes((21 + n % 80, 0)) for n in range(count))
    piece = read_piece(UploadedFile("a.mid", midi(events)))
    assert len(piece.parts[0].notes) == count
    assert len(tune_of(piece, 0).notes) >= 80


# Several, and what is made of them


def test_some_of_many_are_used() -> None:
    collection = read_user_tunes([
        UploadedFile("one.mid", song()),
        UploadedFile("no.mid", b"no"),
        UploadedFile("two.xml", xml_song()),
        UploadedFile("three.zip", zipped({"x/three.mid": song(shift=3), "__MACOSX/a.mid": b"?"})),
        UploadedFile("four.mid", midi(note_events(TUNE * 20, channel=9))),
    ])  # fmt: skip
    assert collection.report.read == 5
    assert collection.title == "one.mid"
    assert {tune.title for tune in collection.tunes} == {"one", "two"}  # three is one, higher
    left_out = {(item.example, str(item)) for item in collection.report.rejections}
    assert ("no.mid", "it is text, not a tune; upload it under Poems or Speeches") in left_out
    assert ("four.mid", "it has only drums") in left_out
    assert refused(("a.mid", b""), ("b.mid", b"x")) == (
        "none of 2 files can be used; the first, a.mid: it is empty"
    )


def test_what_is_left_out_is_listed() -> None:
    collection = read_user_tunes(
        [UploadedFile("a.mid", song()), UploadedFile("b.mid", song()[:10])]
    )
    assert collection.report.rejections == (Rejection("it ends within its header", 1, "b.mid"),)


def test_of_few_tunes_the_ends_are_held_out() -> None:
    collection = read_user_tunes([UploadedFile("one.mid", song())])
    assert collection.sides == ("train", "test")
    train, test = collection.tunes
    whole = first_notes(song())
    assert [p for p, _, _ in (*train.notes, *test.notes)] == [p for p, _, _ in whole]
    assert train.length == pytest.approx(4 * test.length, rel=0.01)
    assert train.key == test.key
    task = MusicTask(collection.corpus(), 32)
    check_task(task)
    assert task.hop < 32


def test_of_a_short_tune_more_is_held_out() -> None:
    collection = read_user_tunes([UploadedFile("jig.mid", song(12))])  # 192 eighths
    train, test = collection.tunes
    assert test.length / (train.length + test.length) == pytest.approx(0.3, abs=0.02)
    assert len(MusicTask(collection.corpus(), 32).test_data()) >= 16
    assert "they have 65 windows" in refused(("short.mid", song(10)))
    assert "too short: they have 0 windows of 32" in refused(("a.mid", midi(note_events(TUNE))))


def test_many_tunes_are_split_by_tune() -> None:
    songs = [
        UploadedFile(f"{n}.mid", midi(note_events([40 + (n * k * k + k) % 41 for k in range(64)])))
        for n in range(40)
    ]
    collection = read_user_tunes(songs, "Mine")
    counts = [collection.sides.count(side) for side in ("train", "valid", "test")]
    assert sum(counts) == len(collection.tunes) == 40
    assert counts[1:] == [4, 4]
    families = {
        side: {
            t.family for t, s in zip(collection.tunes, collection.sides, strict=True) if s == side
        }
        for side in ("train", "valid", "test")
    }
    assert not families["train"] & families["test"]


def test_if_the_split_picks_a_short_tune_another_is_held_out_with_it() -> None:
    kinds = [[60 + (n * k * k + k) % 12 for k in range(200)] for n in range(1, FEW + 1)]
    long = read_user_tunes(
        [UploadedFile(f"{n}.mid", midi(note_events(k))) for n, k in enumerate(kinds)]
    )
    chosen = next(t for t, s in zip(long.tunes, long.sides, strict=True) if s == "test")
    kinds[int(chosen.title)] = kinds[int(chosen.title)][:20]  # the same beginning, the same split
    collection = read_user_tunes(
        [UploadedFile(f"{n}.mid", midi(note_events(k))) for n, k in enumerate(kinds)]
    )
    held = [t for t, s in zip(collection.tunes, collection.sides, strict=True) if s == "test"]
    assert chosen.title in {tune.title for tune in held}
    assert len(held) == 2
    assert sum(len(windows(tune, "eighths", 32, hop=1)) for tune in held) >= 20


def test_user_tunes_are_a_corpus(tmp_path: Path) -> None:
    collection = read_user_tunes([UploadedFile("a.mid", song())], "  My\ttunes\x1b ")
    corpus = add_upload(collection, tmp_path)
    assert corpus.title == "My tunes<U+001B>"
    assert not upload_of(corpus.name, tmp_path).outdated
    assert corpus.licence == "your upload; it stays on this machine"
    assert source_of(corpus.name, tmp_path).have()
    assert load(corpus.name, home=tmp_path) is corpus
    assert add_upload(collection, tmp_path).name == corpus.name
    assert [(choice.name, choice.uploaded) for choice in sources("music", home=tmp_path)][-1] == (
        corpus.name, True,
    )  # fmt: skip
    assert not any(choice.uploaded for choice in sources("poems", home=tmp_path))
    with pytest.raises(CorpusError, match="use it with task=music"):
        load(corpus.name, home=tmp_path, task="poems")
    path = tmp_path / "corpora" / "own" / f"{corpus.name.removeprefix('own-')}.npz"
    data = path.read_bytes()
    path.write_bytes(data[:-100])
    with pytest.raises(CorpusError, match=r"damaged; remove it \(`python -m .* add it again"):
        load(corpus.name, home=tmp_path)
    assert sources("music", home=tmp_path)[-1].name != corpus.name
    path.with_name("0123456789ab.npz").write_bytes(data)  # under another name
    with pytest.raises(CorpusError, match="damaged"):
        load("own-0123456789ab", home=tmp_path)
    source_of(corpus.name, tmp_path).remove()
    source_of(corpus.name, tmp_path).remove()
    assert not source_of(corpus.name, tmp_path).have()
    with pytest.raises(CorpusMissing, match="corpus add FILE"):
        load(corpus.name, home=tmp_path)


def test_tunes_of_an_earlier_reader_say_so_until_they_are_added_again(tmp_path: Path) -> None:
    collection = read_user_tunes([UploadedFile("a.mid", song())])
    name = add_upload(replace(collection, reader=1), tmp_path).name
    assert upload_of(name, tmp_path).outdated
    assert add_upload(collection, tmp_path).name == name  # the same notes, so runs go on
    assert not upload_of(name, tmp_path).outdated


# Whatever comes


LONG = note_events(TUNE * 20)
GOOD = [song(20), midi(tempo(500_000), LONG, note_events(TUNE, channel=9)), xml_song(20)]
GOOD += [mxl(xml_song(20)), zipped({"a.mid": song(15), "b.xml": xml_song(15)})]
quickly = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("data", GOOD, ids=["midi", "drums", "xml", "mxl", "zip"])
def test_whole_files_are_used(data: bytes) -> None:
    """Else what follows would show little."""
    assert read_user_tunes([UploadedFile("a.mid", data)]).tunes


def used(data: bytes, melody: str | int = "highest") -> None:
    try:
        collection = read_user_tunes([UploadedFile("a.mid", data)], melody=melody)
    except CorpusError:
        return  # anything else fails the test
    assert collection.tunes
    for tune in collection.tunes:
        windows(tune, "eighths", 32)
        windows(tune, "keys", 32)


@quickly
@given(st.sampled_from([b"", b"MThd", midi(b"")[:18], b"PK\3\4", b"<?xml", b"<"]), st.binary())
def test_any_bytes_give_tunes_or_a_sentence(start: bytes, rest: bytes) -> None:
    used(start + rest)


@quickly
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 10_000),
    st.sampled_from(["highest", "first", 1, 2]),
)
def test_damaged_files_give_tunes_or_a_sentence(
    data: bytes, changed: list[tuple[int, bytes]], cut: int, melody: str | int
) -> None:
    broken = bytearray(data)
    for at, put in changed:
        place = at % len(broken)
        broken[place : place + max(1, at % 3)] = put  # put in, put over, or taken out
    used(bytes(broken[: -(cut % 200)] if cut % 4 == 1 else broken), melody)


@quickly
@given(st.binary(max_size=400))
def test_any_events_give_tunes_or_a_sentence(events: bytes) -> None:
    used(midi(events))


TAGS = ["measure", "note", "pitch", "step", "octave", "alter", "duration", "chord", "attributes"]
TAGS += ["divisions", "backup", "transpose", "chromatic", "tie", "grace", "rest"]


@quickly
@given(
    st.recursive(
        st.sampled_from(["1", "-1", "0", "x", "nan", "C", "", "1e308", "99999999999"]),
        lambda inner: st.builds(
            lambda tag, children: f"<{tag}>{''.join(children)}</{tag}>",
            st.sampled_from(TAGS),
            st.lists(inner, max_size=4),
        ),
        max_leaves=30,
    )
)
def test_any_score_gives_tunes_or_a_sentence(body: str) -> None:
    used(musicxml(body, measure(body)))


# ABC


def abc(*tunes: tuple[str, str], key: str = "C") -> bytes:
    """A file of tunes: title and body each."""
    header = "M:4/4\nL:1/8\nQ:1/4=90\n"
    return "\n\n".join(
        f"X:{n}\nT:{title}\n{header}K:{key}\n{body}" for n, (title, body) in enumerate(tunes, 1)
    ).encode()


BODY = "cdef gabc'|" * 40  # C5 to C6, 320 eighths


def pitches(data: bytes, melody: str | int = "highest", name: str = "a.abc") -> list[int]:
    tunes = read_user_tunes([UploadedFile(name, data)], melody=melody).tunes
    return [pitch for tune in tunes for pitch, _, _ in tune.notes]


UP = [72, 74, 76, 77, 79, 81, 83, 84]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (abc(("A", BODY)), "a.abc"),
        (abc(("A", BODY)), "a.txt"),
        (b"\xef\xbb\xbf" + abc(("A", BODY)), "a.abc"),
        (abc(("A", BODY)).replace(b"\n", b"\r\n"), "a.abc"),
        (abc(("A", BODY)).decode().encode("utf-16"), "a.abc"),
        (codecs.BOM_UTF16_BE + abc(("A", BODY)).decode().encode("utf-16-be"), "a"),
        (b"%abc-2.1\n%%scale 1\n\n" + abc(("A", BODY)), "a.abc"),
        (b"From: a@b\nSubject: tune\n\nHello!\n\n" + abc(("A", BODY)) + b"\n\nRegards, A\n", "a"),
        (abc(("A", BODY)).replace(b"K:C", b"K:C clef=treble % C"), "a.abc"),
        (abc(("A", BODY)).replace(b"K:C", b"K:none"), "a.abc"),
        (abc(("A", BODY)).replace(b"K:C\n", b"V:1\nK:C\n"), "a.abc"),
        (abc(("A", BODY.replace("|", "|$\n+trill+", 1))), "a.abc"),
    ],
)
def test_a_tune_in_abc_is_read_as_it_is_written(data: bytes, name: str) -> None:
    collection = read_user_tunes([UploadedFile(name, data)])
    assert pitches(data, name=name) == UP * 40
    assert {tune.title for tune in collection.tunes} == {"A"}
    assert {tune.tempi for tune in collection.tunes} == {((0, 90.0),)}
    assert {length for tune in collection.tunes for _, _, length in tune.notes} == {TICKS // 2}


def test_a_file_in_abc_has_many_tunes_and_each_rejection_is_listed() -> None:
    short, strange = ("Short", "cdef|"), ("Strange", "cdef & gabc'|" * 9)
    data = abc(("A", BODY), short, ("B", BODY.replace("c", "e", 1)), strange)
    collection = read_user_tunes([UploadedFile("book.abc", data)])
    assert (collection.report.read, collection.report.kept) == (4, 2)
    assert [(item.example, str(item)) for item in collection.report.rejections] == [
        ("book.abc: Short", "fewer than 8 notes"),
        ("book.abc: Strange", "signs that are not notes: &&&&&&&&&"),
    ]
    zip_file = zipped({"x/book.abc": data, "song.mid": song()})
    assert read_user_tunes([UploadedFile("all.zip", zip_file)]).report.read == 5


def test_titles_in_abc_in_any_encoding() -> None:
    for title, encoding in (("L'été", "cp1252"), ("Möwe", "utf-8"), ("Мелодия", "cp1251")):
        data = abc(("X", BODY)).replace(b"T:X", b"T:" + title.encode(encoding))
        assert {t.title for t in read_user_tunes([UploadedFile("a.abc", data)]).tunes} == {title}


def test_a_tune_sent_by_mail() -> None:
    data = (
        abc(("A=20B", BODY.replace("|", "=7C", 1)))
        .replace(b"=90", b"=3D90")
        .replace(b"1/8", b"1/8=20")
    )
    assert pitches(data) == UP * 40


def test_voices_in_abc_are_parts() -> None:
    low, high = "C,D,E,F, G,A,B,C|" * 40, BODY
    header = 'X:1\nT:Duet\nM:4/4\nL:1/8\nV:B name="Bass" clef=bass\nV:S nm="Flute"\nK:C\n'
    by_lines = f"{header}V:B\n{low}\nV:S\n{high}\n".encode()
    inline = f"{header}[V:B] {low}\n[V:S] {high}\n".encode()
    for data in (by_lines, inline):
        piece = read_piece(UploadedFile("a.abc", data))
        assert [(part.name, len(part.notes)) for part in piece.parts] == [
            ("Bass", 320), ("Flute", 320),
        ]  # fmt: skip
        assert pitches(data) == UP * 40
        assert pitches(data, 1)[:3] == [48, 50, 52]
    assert "no part 3 with notes (there are 1, 2)" in refused_part(by_lines, 3)


def refused_part(data: bytes, melody: int) -> str:
    with pytest.raises(CorpusError) as error:
        read_user_tunes([UploadedFile("a.abc", data)], melody=melody)
    return str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (abc(("A", BODY)).replace(b"K:C", b"K:what"), "a.abc: A: 'what' is not a key"),
        (abc(("A", BODY)).replace(b"90", b"9000000"), "a tempo of 9,000,000; from 4 to 1000"),
        (abc(("A", "c99999999 " * 40)), "hours; at most 2"),
        (abc(("A", "c/0 " * 400)), "a.abc: A: "),
        (abc(("A", "c0 " * 400)), "fewer than 8 notes"),
        (abc(("A", "c" + "/" * 49_000)), "a.abc: A: "),  # 2^49,000 has too many digits to write
        (abc(("A", "c" * 60_000)), "characters; a tune in ABC may have at most 50,000"),
        (
            abc(
                ("A", "%"),
            ),
            "it has no notes",
        ),
    ],
)
def test_a_tune_in_abc_is_refused_in_a_sentence(data: bytes, message: str) -> None:
    assert message in refused(("a.abc", data))


def test_more_tunes_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_tunes, "MAX_TUNES", 2)
    data = abc(*[(str(n), BODY) for n in range(3)])
    assert "the files have more than 2 tunes; upload fewer" in refused(("a.abc", data))
    taken = user_tunes._tunes_of
    counted = []
    monkeypatch.setattr(
        user_tunes, "_tunes_of", lambda file: (counted.append(tune) or tune for tune in taken(file))
    )
    assert "more than 2 tunes" in refused(("a.abc", b"X:1\n" * 9_000 + b"K:C\nabc"))
    assert len(counted) == 3  # the others are not even made


@pytest.mark.parametrize(
    "body", ["[c1" * 15_000, "[c1c1" + "c1" * 20_000, "{" * 49_000, '"' * 49_001, "<" * 49_000,
             "- " * 24_000, "[1" * 24_000, "(3" * 24_000, "|:" * 24_000, "!" * 49_000,
             "[V:1]" * 9_000, "c-" * 24_000, "\\\n" * 24_000, "[V:" * 16_000,
             "c" + " " * 49_000 + "d", "[K:G" + " " * 40_000 + "x]c",
             "K:G" + "\u2003" * 49_000 + "x", "=" + "\t" * 49_000 + "x"],
)  # fmt: skip
def test_no_tune_in_abc_takes_long(body: str) -> None:
    read_user_tunes([UploadedFile("b.abc", abc(("B", BODY)))])  # music21 is imported
    began = time.process_time()
    used(abc(("A", body)))
    assert time.process_time() - began < 20


@quickly
@given(
    st.lists(
        st.sampled_from(["c", "d'", "^e", "_B,", "z", "[", "]", "|", "|:", ":|", "[1", "(3", "-",
                         ">",
                         "2", "/", "/0", "0", "99999", "V:2\n", "[V:1]", "K:", "Q:1/4=", "M:", "L:",
                         "1/", "{", "}", '"', "!", "\n", " ", "\x1b", "é"]) | st.text(max_size=3),
        max_size=60,
    )
)  # fmt: skip
def test_any_abc_gives_tunes_or_a_sentence(signs: list[str]) -> None:
    used(abc(("A", "".join(signs)), ("B", BODY)))
