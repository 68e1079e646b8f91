"""Which tune is real? One of two is a stretch held out, the other the model's own."""

from dataclasses import replace
from pathlib import Path

import pytest

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing import quiz
from seqgan_core.insight.writing.quiz import book_of, question
from seqgan_core.insight.writing.sampler import sample_tokens, shipped_sampler
from seqgan_core.tasks.corpora.registry import CORPORA, load, source_of
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.corpus import CorpusMissing, Report
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.training.build import make_music_task
from seqgan_core.training.config import ConfigError
from tests.support.tiny.tune_models import keep_tunes, music_config
from tests.support.tiny.tunes import tune, walk


@pytest.fixture
def models(tune_models: Models) -> Models:
    return tune_models


def test_what_the_model_started_from_need_not_be_there(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampler = shipped_sampler("music-mle")
    started = sampler.config.model_copy(update={"start_from": "gone"})
    asked = finish(question(models, "music-mle", "a session", 1))
    monkeypatch.setattr(quiz, "open_sampler", lambda *_: replace(sampler, config=started))
    assert finish(question(models, "music-mle", "a session", 1)) == asked


def test_one_of_two_is_held_out_and_the_other_the_models(models: Models) -> None:
    corpus = keep_tunes()
    sampler = shipped_sampler("music-seqgan")
    held_out = [
        tuple(sampler.words[token] for token in row)
        for row in make_music_task(sampler.config).test_data().tolist()
    ]
    titles = {tune.title for tune in corpus.test}
    places = []
    for number in range(12):
        asked = finish(question(models, "music-seqgan", "a session", number))
        assert asked.texts[asked.real] in held_out
        assert asked.origin is not None
        assert asked.origin.tune in titles
        (made,) = sampler.text(sample_tokens(sampler, 1, asked.seed))
        assert asked.texts[1 - asked.real] == made
        places.append(asked.real)
        assert finish(question(models, "music-seqgan", "a session", number)) == asked
    assert set(places) == {0, 1}
    first, second = (finish(question(models, "music-seqgan", who, 0)) for who in ("a", "b"))
    assert first != second


def test_the_title_is_of_the_tune_that_the_passage_comes_from(models: Models) -> None:
    task = make_music_task(shipped_sampler("music-mle").config)
    windows = task.windows(task.corpus.test)
    assert [window for _, window in windows] == task.test_data().tolist()
    for number in range(6):
        asked = finish(question(models, "music-mle", "s", number))
        real = asked.sampler.tokens(asked.texts[asked.real])
        assert asked.origin is not None
        assert asked.origin.tune in {tune.title for tune, window in windows if window == real}
        assert asked.origin.book == "Small tunes"
        assert asked.origin.moved == 0  # its model learned the tunes as they are


def test_a_real_tune_is_moved_as_the_models_data_is(models: Models) -> None:
    high = [tuple((p + 2, s / 480, n / 480) for p, s, n in walk(k).notes) for k in range(40)]
    tunes = tuple(tune(notes, title=f"high {k}") for k, notes in enumerate(high))
    sides = ("test", "train") * 20
    corpus = add_upload(Collection(tunes, sides, Report(40, 40), "High tunes"))  # type: ignore[arg-type]
    task = make_music_task(music_config(corpus, transpose=True))
    windows = task.windows(task.corpus.test)
    assert [window for _, window in windows] == task.test_data().tolist()
    moved = {tune.key.to_common for tune, _ in windows}
    assert moved - {0}  # D major and the like: there is something to move


def test_questions_for_models_of_keys_are_in_keys(models: Models) -> None:
    asked = finish(question(models, "music-keys", "s", 1))
    tokens = [asked.sampler.tokens(text) for text in asked.texts]
    assert asked.sampler.config.music_form == "keys"
    assert max(map(max, tokens)) <= 88


def test_missing_tunes_are_reported(models: Models) -> None:
    source_of(keep_tunes().name).remove()
    with pytest.raises(CorpusMissing):
        finish(question(models, "music-seqgan", "s", 1))
    with pytest.raises(ConfigError, match="there is no model 'nobody'"):
        finish(question(models, "nobody", "s", 1))


def test_of_two_books_the_one_that_holds_the_tune_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    both = CORPORA["ryan-oneill"]
    for number, path in enumerate(both.paths()):
        path.parent.mkdir(parents=True)
        mine = tuple(walk(k) for k in range(20 * number + 1, 20 * number + 11))
        sides = ("train",) * 9 + ("test",)
        Collection(mine, sides, Report(10, 10)).save(path)  # type: ignore[arg-type]
    corpus = load("ryan-oneill")
    books = {tune.title: book_of(corpus, tune) for tune in corpus.test}
    assert books == {
        "walk 10": CORPORA["ryans-mammoth"].title,
        "walk 30": CORPORA["oneills-1850"].title,
    }
