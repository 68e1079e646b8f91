"""`sample` of a model of music: files that other programs read the same notes from."""

import io
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import music21
import pretty_midi
import pytest

from seqgan_core.tasks.music.abc_cleanup import tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc_piece
from seqgan_core.tasks.music.tokens import BELOW, HOLD, KEYS, METRES, REST
from seqgan_core.tasks.music.tune import TICKS
from seqgan_core.training.setup import model_files
from seqgan_core.training.setup.model_files import load_shipped
from tests.support.commands import Command, refused
from tests.support.tiny.tune_models import keep_tunes, ship_tunes, ship_whole_tunes

N = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small model of tunes; change nothing in it."""
    folder = tmp_path_factory.mktemp("models")
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", str(home))
        ship_tunes(folder, keep_tunes(), "music-seqgan", "Small tunes", strategy="seqgan")
    return folder


@pytest.fixture
def sample(cli: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setattr(model_files, "FOLDER", folder)
    load_shipped.cache_clear()
    return lambda *given: cli("sample", "--model", "music-seqgan", "-n", str(N), *given)


def notes_of(tokens: Sequence[int]) -> list[tuple[int, float, float]]:
    """(pitch, start, length) in quarters, read off the tokens anew."""
    notes: list[tuple[int, float, float]] = []
    sounds = False
    for at, token in enumerate(tokens):
        if 1 <= token <= KEYS:
            notes.append((token + BELOW, at / 2, 0.5))
        elif token == HOLD and sounds:
            pitch, start, length = notes[-1]
            notes[-1] = (pitch, start, length + 0.5)
        sounds = 1 <= token <= KEYS or (token == HOLD and sounds)
    return notes


def files_and_tokens(sample: Command, out: Path, format: str, *more: str) -> list[tuple[Path, Any]]:
    document = sample("--format", format, "--out", str(out), "--json", *more).json
    return list(zip(map(Path, document["files"]), document["tokens"], strict=True))


def test_other_programs_read_the_same_notes(sample: Command, tmp_path: Path) -> None:
    pairs = files_and_tokens(sample, tmp_path / "new" / "folder", "midi")
    assert [path.name for path, _ in pairs] == [f"music-seqgan-1-{k}.mid" for k in (1, 2, 3)]
    for path, tokens in pairs:
        notes = notes_of(tokens)
        assert notes
        (track,) = pretty_midi.PrettyMIDI(str(path)).instruments
        heard = [(note.pitch, 2 * note.start, 2 * note.end - 2 * note.start)  # 120 a minute
                 for note in track.notes]  # fmt: skip
        assert [note[0] for note in heard] == [note[0] for note in notes]
        for first, second in zip(heard, notes, strict=True):
            assert first[1:] == pytest.approx(second[1:], abs=1e-3)
        assert by_music21(path) == notes


def test_the_score_has_the_same_notes(sample: Command, tmp_path: Path) -> None:
    for path, tokens in files_and_tokens(sample, tmp_path, "musicxml"):
        assert by_music21(path) == notes_of(tokens)


def test_abc_holds_the_same_notes(sample: Command, tmp_path: Path) -> None:
    for path, tokens in files_and_tokens(sample, tmp_path, "abc"):
        (text,) = tunes_in(path.read_text())
        (part,) = read_abc_piece(text).parts
        read = [(pitch, at / TICKS, (end - at) / TICKS) for pitch, at, end in part.notes]
        assert read == notes_of(tokens)


def by_music21(path: Path) -> list[tuple[int, float, float]]:
    score = music21.converter.parse(path).stripTies().flatten()
    return [(n.pitch.midi, float(n.offset), float(n.quarterLength)) for n in score.notes]


def test_the_sound_lasts_as_long(sample: Command, tmp_path: Path) -> None:
    for path, tokens in files_and_tokens(sample, tmp_path, "wav", "--bpm", "60"):
        with wave.open(io.BytesIO(path.read_bytes())) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        assert len(tokens) / 2 <= seconds <= len(tokens) / 2 + 3  # and what still sounds


def test_paths_are_printed(sample: Command, tmp_path: Path) -> None:
    result = sample("--format", "midi", "--out", str(tmp_path), "--instrument", "fiddle")
    assert [Path(line).is_file() for line in result.out.splitlines()] == [True] * N
    assert pretty_midi.PrettyMIDI(result.out.splitlines()[0]).instruments[0].program == 110


def test_text_and_openings(sample: Command) -> None:
    lines = sample("--first", "E5").out.splitlines()
    assert [line.split()[0] for line in lines] == ["E5"] * N
    names = set(load_shipped("music-seqgan").words)
    assert all(set(line.split()) <= names - {"start"} for line in lines)
    assert all(0 < token <= REST for row in sample("--json").json["tokens"] for token in row)


def test_one_sentence_for_trouble(sample: Command, cli: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a file")
    options = ("--format", "midi", "--out", str(tmp_path))
    refused(sample("--format", "midi"), "--out FOLDER")
    refused(sample("--out", str(tmp_path)), "--format abc, midi")
    refused(sample("--format", "wav", "--out", str(file)), "is a file")
    refused(sample("--format", "wav", "--out", str(file / "below")), "cannot be written")
    refused(sample(*options, "--bpm", "0"), "--bpm is 0", "20 to 400")
    refused(sample(*options, "--bpm", "nan"), "--bpm is nan")
    refused(sample(*options, "--instrument", "kazoo"), "'kazoo'", "piano")
    refused(sample(*options, "-n", "1001"), "-n is 1001")
    refused(sample("--first", "H5"), "H5")
    refused(sample("--acrostic", "C4"), "verse")


def test_words_are_no_tunes(
    cli: Command, tmp_path: Path, cli_with_run: Command, shared_home: Path
) -> None:
    (run,) = [row["run"] for row in cli_with_run("runs", "--json").json]
    options = ("--format", "midi", "--out", str(tmp_path))
    refused(cli_with_run("sample", run, *options), "for models of music")


def test_whole_tunes_in_a_metre_and_a_key(
    cli: Command, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("whole")
    ship_whole_tunes(folder)
    monkeypatch.setattr(model_files, "FOLDER", folder)
    load_shipped.cache_clear()
    given = ("sample", "--model", "music-tunes", "-n", "2", "--metre", "6/8", "--json")
    drawn = cli(*given)
    assert [row[0] for row in drawn.json["tokens"]] == [METRES["6/8"]] * 2
    files = {}
    for key in ("C", "D"):
        out = folder / key
        result = cli(*given, "--key", key, "--format", "midi", "--out", str(out))
        files[key] = [pretty_midi.PrettyMIDI(path) for path in result.json["files"]]
    for in_c, in_d in zip(files["C"], files["D"], strict=True):
        pairs = zip(in_c.instruments[0].notes, in_d.instruments[0].notes, strict=True)
        assert len({b.pitch - a.pitch for a, b in pairs}) <= 1
    refused(cli(*given, "--key", "H"), "key is 'H'")
    refused(cli("sample", "--model", "music-tunes", "--metre", "5/4"), "metre is '5/4'")
