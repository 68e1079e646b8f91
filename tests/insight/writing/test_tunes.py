"""New tunes compared with the training tunes, D's motifs in them, their traits; files."""

import io
import json
import wave
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from seqgan_core.figures.make import tune_notices
from seqgan_core.insight.discriminator.attribution import Bracket
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import sample_tokens, shipped_sampler
from seqgan_core.insight.writing.samples import (
    SampleRequest,
    SampleSet,
    copy_report,
    critic_of,
    draw_samples,
    training_task,
)
from seqgan_core.insight.writing.tune_motifs import MOST, motifs, strongest
from seqgan_core.insight.writing.tunes import melody_of, origins, per_note, traits, tune_task
from seqgan_core.media.music.harmony import accompanied
from seqgan_core.media.music.tune_files import TuneFile, tunes_json, tunes_zip
from seqgan_core.media.verse.verse_files import Provenance
from seqgan_core.paper.filter_effects import filter_widths, winners
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.music.tokens import HOLD, REST, melody, windows, words
from seqgan_core.training.setup import model_files
from tests.support.files.melodies import JIG
from tests.support.files.read_melodies import from_midi
from tests.support.tiny.tune_models import LENGTH, keep_tunes, ship_tunes
from tests.support.tiny.tunes import C, D, E, G, rows


@pytest.fixture
def models(tune_models: Models) -> Models:
    return tune_models


def made(models: Models, n: int = 6, key: str = "music-seqgan", **more: object) -> SampleSet:
    return finish(draw_samples(models, SampleRequest(key, n, 3, **more)))  # type: ignore[arg-type]


# -- compared with the training tunes --------------------------------------------------------------


def test_copies_are_those_of_the_tunes_learned_from(models: Models) -> None:
    drawn = made(models)
    copies = finish(copy_report(drawn))
    corpus = keep_tunes()
    task = tune_task(drawn.sampler)
    cut = ("eighths", LENGTH, False, task.hop)
    known = {tune.title: windows(tune, *cut) for tune in corpus.train}
    assert copies.training == len(task.train_data()) == sum(map(len, known.values()))
    names = words("eighths")
    training = [tuple(names[t] for t in row) for row in task.train_data().tolist()]
    for text, copied in zip(drawn.texts, copies.copied, strict=True):
        run = copied.run
        assert text[copied.start : copied.start + len(run)] == run
        assert copied.holder in training
        assert any(copied.holder[at : at + len(run)] == run for at in range(LENGTH))
        longer = {text[at : at + len(run) + 1] for at in range(LENGTH - len(run))}
        held = {row[at : at + len(run) + 1] for row in training for at in range(LENGTH - len(run))}
        assert not longer & held
        of = [[names[t] for t in row] for row in known[copied.holder_title]]
        assert list(copied.holder) in of
        like = [[names[t] for t in row] for row in known[copied.nearest_title]]
        assert list(copied.nearest) in like
    assert copies.n == len(task.references())
    assert copies.title == "Small tunes"


def test_a_memorised_passage_is_traced_to_its_tune(models: Models) -> None:
    drawn = made(models, 2)
    task = tune_task(drawn.sampler)
    row = 5
    tokens = task.train_data()[row : row + 1]
    memorised = replace(drawn, tokens=tokens, texts=drawn.sampler.text(tokens))
    (copied,) = finish(copy_report(memorised)).copied
    assert (len(copied.run), copied.start, copied.distance) == (LENGTH, 0, 0)
    same = [at for at, row in enumerate(task.train_data().tolist()) if row == tokens[0].tolist()]
    assert copied.nearest_title == copied.holder_title == origins(task)[same[0]].title


def test_every_window_has_its_tune(models: Models) -> None:
    task = training_task(shipped_sampler("music-mle"))
    assert task is tune_task(shipped_sampler("music-mle"))  # made once
    of = origins(task)
    assert len(of) == len(task.train_data())
    for tune, row in list(zip(of, task.train_data().tolist(), strict=True))[:: len(of) // 20]:
        assert row in windows(tune, task.form, LENGTH, task.transpose, task.hop)


def test_missing_tunes_are_reported(models: Models) -> None:
    drawn = made(models, 1)
    source_of(drawn.sampler.config.corpus).remove()
    with pytest.raises(CorpusMissing, match="the upload own-"):
        finish(copy_report(drawn))


def test_what_it_started_from_need_not_be_there(models: Models) -> None:
    sampler = shipped_sampler("music-mle")
    started = replace(sampler, config=sampler.config.model_copy(update={"start_from": "gone"}))
    assert len(tune_task(started).train_data()) == len(tune_task(sampler).train_data())


# -- D ---------------------------------------------------------------------------------------------


def test_a_d_with_filters_wider_than_a_tune_is_no_judge(models: Models) -> None:
    sampler, judge = shipped_sampler("music-mle"), shipped_sampler("music-seqgan").discriminator
    assert judge is not None
    for length, reported in ((max(judge.widths), True), (max(judge.widths) - 1, False)):
        short = sampler.config.model_copy(update={"sequence_length": length})
        assert (critic_of(models, replace(sampler, config=short), "") is not None) is reported


def test_a_d_of_other_keys_is_no_judge(models: Models, tune_shelf: Path, tmp_path: Path) -> None:
    sampler = shipped_sampler("music-mle")
    judge = critic_of(models, sampler, "")
    assert judge is not None
    assert judge.key == "music-seqgan"
    folder = tmp_path / "moved"
    folder.mkdir()
    (folder / "music-mle.safetensors").write_bytes(
        (tune_shelf / "music-mle.safetensors").read_bytes()
    )
    ship_tunes(folder, keep_tunes(), "music-seqgan", "Moved", strategy="seqgan", transpose=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_files, "FOLDER", folder)
        model_files.load_shipped.cache_clear()
        assert critic_of(models, sampler, "") is None
        assert finish(motifs(models, made(models, 1, "music-mle"))) is None


def test_motifs_are_what_the_filters_chose_and_their_effect_is_measured(models: Models) -> None:
    drawn = made(models, 4)
    heard = finish(motifs(models, drawn))
    assert heard is not None
    assert heard.judge == "Small tunes, SeqGAN"
    critic = shipped_sampler("music-seqgan").discriminator
    assert critic is not None
    widths = filter_widths(critic)
    values, starts = winners(critic, drawn.tokens)
    scores = critic.probability_real(drawn.tokens)
    for row, tune in enumerate(heard.tunes):
        assert tune.reading.score == pytest.approx(float(scores[row]), abs=1e-6)
        assert tune.reading.n_filters == critic.n_features
        assert tune.reading.n_silent == int((values[row] <= 0).sum())
        for motif in tune.motifs:
            chose = (starts[row] == motif.start) & (widths == motif.width)
            assert {each.number for each in motif.filters} == set(chose.nonzero()[:, 0].tolist())
            off = values[row].masked_fill(chose, 0.0)[None]
            without = float(critic.classify(off).softmax(-1)[0, 1])
            assert motif.without == pytest.approx(without, abs=1e-6)
            assert motif.effect == pytest.approx(tune.reading.score - without, abs=1e-6)
    assert any(tune.motifs for tune in heard.tunes)


def bracket(start: int, width: int, effect: float) -> Bracket:
    return Bracket(start, width, tuple(range(width)), (), 0.5 - effect, effect, 4 * effect)


def test_the_strongest_stand_apart() -> None:
    best, inside, adjacent = bracket(4, 5, -0.3), bracket(5, 3, 0.2), bracket(8, 4, 0.1)
    note, faint, early = bracket(0, 1, 0.9), bracket(20, 2, 0.0001), bracket(0, 2, 0.05)
    kept_motifs = strongest((inside, faint, early, note, adjacent, best))
    assert kept_motifs == (early, best, adjacent)
    many = tuple(bracket(3 * at, 2, 0.1 + at / 100) for at in range(9))
    assert strongest(many) == many[-MOST:]
    assert strongest(many, 1) == many[-1:]
    assert strongest(()) == ()


# -- one tune --------------------------------------------------------------------------------------


def test_traits_of_a_tune_are_counted_correctly() -> None:
    scale = [C, D, E, E + 1, G, G + 2, G + 4, C + 12]  # G to C steps as C to F does
    silent = [REST] * 8
    first, second = traits("eighths", rows(scale, silent))
    assert first.key is not None
    assert (first.key.name, first.notes, first.in_key, first.repeated) == ("C major", 8, 1.0, 0.4)
    assert 0.8 < first.clear <= 1.0
    assert (second.key, second.notes, second.in_key) == (None, 0, 0.0)
    (odd,) = traits("eighths", rows([C, HOLD, HOLD, C + 1, E, G, C, HOLD]))
    assert odd.notes == 5
    assert odd.in_key == pytest.approx(7 / 8)
    (again,) = traits("keys", rows([C, D, C, D, C, D]))
    assert (again.notes, again.repeated) == (6, pytest.approx(2 / 3))


@pytest.mark.parametrize("key", ["music-seqgan", "music-keys"])
def test_there_is_a_value_for_every_note(models: Models, key: str) -> None:
    sampler = shipped_sampler(key)
    for row in sample_tokens(sampler, 5, 2).tolist():
        values = [float(at) for at in range(LENGTH)]
        notes = melody_of(sampler, row).notes
        assert per_note(sampler.config.music_form, row, values) == [2 * n.start for n in notes]


# -- words -----------------------------------------------------------------------------------------


def test_the_words_count_keys_and_say_where_a_motif_pulls() -> None:
    names = ["C major", "A minor", "E minor", "C major"]
    assert tune_notices.keys(names, moved=True).startswith("3 of 4 fit C major or A minor")
    message = tune_notices.keys(names, moved=False)
    assert message == "Best-fitting keys: C major (2), A minor (1), E minor (1); n = 4."
    assert tune_notices.keys([], moved=True) == ""
    up = tune_notices.motif(0.6, 0.4, "C4 –", "steps 1 to 2", "2", 30, 18)
    assert "falls from 0.600 to 0.400, so it looks real" in up
    assert "so it looks fake" in tune_notices.motif(0.4, 0.6, "C4 –", "steps 1 to 2", "2", 30, 18)


# -- files -----------------------------------------------------------------------------------------


def files(n: int = 2) -> list[TuneFile]:
    names = words("eighths")
    tunes = []
    for number in range(n):
        tokens = [C + number, HOLD, E, REST, G, HOLD, HOLD, C]
        tunes.append(
            TuneFile(f"tune-{number}", melody(tokens, "eighths", 90.0, f"Tune {number}"), tokens,
                 [names[token] for token in tokens])
        )  # fmt: skip
    return tunes


def test_the_json_holds_tokens_notes_and_what_made_them() -> None:
    made_by = Provenance("Small\u202etunes", "2026-01-02", 7, 0.8, "a remark")
    document = tunes_json(files(), made_by, "fiddle")
    assert "\u202e" not in document
    read = json.loads(document)
    assert read["made"]["seed"] == 7
    assert read["made"]["model"] == "Small\u202etunes"
    assert read["instrument"] == "fiddle"
    (first, _second) = read["tunes"]
    assert first["tokens"] == list(files()[0].tokens)
    assert first["names"][:4] == ["C4", "–", "E4", "rest"]
    assert first["notes"][0] == {"pitch": 60, "start": 0.0, "length": 1.0}
    assert first["bpm"] == 90.0
    assert (first["metre"], first["parts"], first["chords"]) == ("4/4", [], [])


def test_the_json_has_metre_parts_and_chords() -> None:
    melody = accompanied(JIG, 2, False)
    made_by = Provenance("Small tunes", "2026-01-02", 7, 0.8)
    (read,) = json.loads(tunes_json([TuneFile("jig", melody, [], [])], made_by, "fiddle"))["tunes"]
    assert (read["metre"], read["parts"]) == ("6/8", [0.0, 12.0])
    assert read["chords"][0] == {"root": 2, "minor": False, "start": 0.0, "length": 3.0}
    assert len(read["chords"]) == 8


def test_the_zip_holds_every_tune_in_every_form() -> None:
    tunes = files()
    packed = tunes_zip(tunes, "{}\n", "piano")
    assert packed == tunes_zip(tunes, "{}\n", "piano")
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert file.testzip() is None
        assert sorted(file.namelist()) == [
            "tune-0.abc", "tune-0.mid", "tune-0.musicxml", "tune-0.wav",
            "tune-1.abc", "tune-1.mid", "tune-1.musicxml", "tune-1.wav", "tunes.json",
        ]  # fmt: skip
        assert from_midi(file.read("tune-1.mid")).notes == tunes[1].melody.notes
        with wave.open(io.BytesIO(file.read("tune-0.wav"))) as sound:
            assert sound.getframerate() == 44_100
        assert b"Tune 1" in file.read("tune-1.musicxml")
        assert b"T:Tune 1\n" in file.read("tune-1.abc")
    with pytest.raises(ValueError, match="same stem"):
        tunes_zip([tunes[0], tunes[0]], "{}", "piano")


def test_sampled_tokens_are_those_of_the_model(models: Models) -> None:
    drawn = made(models, 3, colour="q", rollouts=2)
    assert torch.equal(drawn.tokens, sample_tokens(drawn.sampler, 3, 3))
    assert drawn.values is not None
    critic = drawn.sampler.discriminator
    assert critic is not None
    assert torch.allclose(drawn.values[:, -1], critic.probability_real(drawn.tokens))
