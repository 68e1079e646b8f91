"""Quick training on tunes, and the report on uploaded files before it."""

import pytest

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.music.user_tunes import (
    PartReport,
    ReadFiles,
    UploadedFile,
    read_user_tunes,
)
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup import quick_run
from tests.support.files.hand_made_scores import length, midi, named, note_events, song, tempo
from tests.support.tiny.tune_models import LENGTH, keep_tunes


@pytest.fixture
def store(tune_models: Models) -> Store:
    return tune_models.store


def test_models_of_the_same_form_can_be_continued(store: Store) -> None:
    assert quick_run.starting_tune_models("eighths") == {
        "music-seqgan": False,
        "music-mle": False,
    }
    assert next(iter(quick_run.starting_tune_models("eighths"))) == "music-seqgan"
    assert list(quick_run.starting_tune_models("keys")) == ["music-keys"]


def test_what_fits_into_half_a_minute(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def cost(config: TrainConfig, device: object) -> float:
        return 0.5 * (config.pretrain_epochs + config.rounds)

    monkeypatch.setattr(quick_run, "estimate_seconds", cost)
    quick = quick_run.quick_tune_run(keep_tunes())
    config = quick.config
    assert (config.task, config.corpus, config.music_form) == (
        "music",
        keep_tunes().name,
        "eighths",
    )
    assert config.transpose
    assert config.sequence_length == 32
    assert config.pretrain_epochs + config.rounds == 60
    on = quick_run.quick_tune_run(keep_tunes(), transpose=False, start_from="music-seqgan").config
    assert (on.start_from, on.sequence_length, on.g_hidden_size) == ("music-seqgan", LENGTH, 8)
    assert not on.transpose


@pytest.mark.parametrize("form", ["eighths", "keys"])
def test_what_is_planned_can_be_trained(store: Store, form: str) -> None:
    quick = quick_run.quick_tune_run(keep_tunes(), form=form, seconds=0.01)  # type: ignore[arg-type]
    assert (quick.config.pretrain_epochs, quick.config.rounds) == (1, 1)
    run = store.create_run(quick.config, name="brief")
    drive(store, run)
    assert store.run(run).status == "finished"


def read_all(*uploads: UploadedFile, title: str = "", melody: str | int = "highest") -> ReadFiles:
    seen: list[float] = []
    files = finish(read_user_tunes(uploads, title, melody), seen.append)
    assert seen == [0.9 * (n + 1) / len(seen) for n in range(len(seen))]
    return files


def band() -> bytes:
    """A bass, a flute above it, drums; the tempo doubles after a while."""
    low = [36 + n % 5 for n in range(300)]
    high = [72 + (n * n) % 7 for n in range(300)]
    tempi = tempo(500_000) + tempo(250_000, 480 * 20)
    return midi(
        tempi, named("Bass") + note_events(low), named("Flute") + note_events(high),
        named("Kit") + note_events([38] * 300, channel=9),
    )  # fmt: skip


def test_parts_drums_and_tempi_are_reported() -> None:
    (file,) = read_all(UploadedFile("band.mid", band())).files
    assert file.name == "band.mid"
    assert file.taken == 2
    assert file.parts == (
        PartReport("Bass", 300, drums=False), PartReport("Flute", 300, drums=False),
        PartReport("Kit", 300, drums=True),
    )  # fmt: skip
    assert (round(file.slowest), round(file.fastest)) == (120, 240)
    # 20 quarters at 120, 130 at 240
    assert file.seconds == pytest.approx(20 * 0.5 + 130 * 0.25, abs=0.3)
    assert read_all(UploadedFile("band.mid", band()), melody=1).files[0].taken == 1
    assert file.covered == 0


def test_of_chords_the_lower_notes_are_counted() -> None:
    def chord(pitch: int) -> bytes:
        on = bytes((0, 0x90, pitch, 80, 0, 0x90, pitch - 4, 80))
        return on + length(240) + bytes((0x80, pitch, 0, 0, 0x80, pitch - 4, 0))

    chords = b"".join(chord(60 + n % 12) for n in range(300))
    (file,) = read_all(UploadedFile("chords.mid", midi(tempo(500_000), chords))).files
    assert (file.parts[0].notes, file.covered) == (600, 300)


def test_files_that_are_left_out_are_not_among_the_used_ones() -> None:
    result = read_all(UploadedFile("a.mid", song()), UploadedFile("b.mid", b"\x89PNG\r\n\x1a\n"))
    assert [file.name for file in result.files] == ["a.mid"]
    assert [out.example for out in result.collection.report.rejections] == ["b.mid"]


def test_a_title_is_given_or_the_name_of_the_first_file() -> None:
    for title, expected in (("", "a.mid"), ("  My\ttunes ", "My tunes"), (" ", "a.mid")):
        read = read_all(UploadedFile("tunes/a.mid", song()), title=title)
        assert read.collection.title == expected
