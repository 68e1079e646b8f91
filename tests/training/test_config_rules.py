"""What a run's settings are asked for, which runs can be compared, and what texts are offered."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from seqgan_core.tasks.corpora.registry import offers, title_of
from seqgan_core.tasks.corpora.user_corpora import add_own
from seqgan_core.tasks.registry import DECIDED, IDLE, TASKS
from seqgan_core.tasks.text.user_text import Options
from seqgan_core.training import model_files
from seqgan_core.training.build import settled
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup import asked
from seqgan_core.training.setup.asked import not_asked
from seqgan_core.training.setup.config_rules import measured_by
from seqgan_core.training.setup.presets import PRESETS
from tests.support.text_runs import here, text_config

_LINES = itertools.product("春江花月", "山水风雨", "日夜", "明光", "天地")
POEMS = "\n".join(map("".join, _LINES))


def test_the_constants_name_every_task_and_only_settings() -> None:
    assert set(DECIDED) == set(IDLE) == set(TASKS)
    for names in (*DECIDED.values(), *IDLE.values()):
        assert set(names) <= set(TrainConfig.model_fields)


@pytest.mark.parametrize("task", ["poems", "speech"])
def test_what_is_not_asked_for_is_found_again(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what somebody chose has to be told: the rest follows from it."""
    here(monkeypatch)
    config = text_config(task, min_count=2)
    hidden = not_asked(config)
    told = {name: value for name, value in config if name not in hidden}
    assert "vocab_size" in hidden
    assert ("sequence_length" in hidden) == (task == "poems")
    assert "min_count" not in hidden
    assert settled(make_config(PRESETS["glance"], **told)) == config


def test_an_oracles_task_is_asked_for_no_text() -> None:
    hidden = not_asked(PRESETS["lesson"])
    assert {"corpus", "start_from"} <= hidden
    assert not {"vocab_size", "oracle_seed", "n_train"} & hidden


def test_a_model_to_start_from_decides_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"g_embedding_size": 8, "d_widths": (1, 2)}
    monkeypatch.setattr(asked, "load_shipped", lambda name: name)
    monkeypatch.setattr(asked, "sizes_of", lambda model: sizes)
    config = make_config(PRESETS["poems"], start_from="a-model")
    assert {"g_embedding_size", "d_widths", "min_count"} <= not_asked(config)
    assert "d_filters" not in not_asked(config)


def test_a_model_that_is_gone_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    config = make_config(PRESETS["poems"], start_from="gone")
    assert "g_embedding_size" not in not_asked(config)


def test_runs_are_compared_where_the_same_thing_measured_them() -> None:
    poems = PRESETS["poems"]
    same = make_config(poems, seed=5, rounds=3, g_hidden_size=16, strategy="mle", batch_size=32)
    assert measured_by(poems) == measured_by(same)
    others = [
        make_config(poems, corpus="practice"),
        make_config(poems, punctuation=True),
        make_config(poems, vocab_size=100),
        make_config(poems, n_test=100),
        PRESETS["speech"],
        PRESETS["lesson"],
    ]
    assert measured_by(poems) not in map(measured_by, others)
    assert len(set(map(measured_by, others))) == len(others)
    assert measured_by(PRESETS["lesson"]) == measured_by(PRESETS["glance"])


def test_texts_are_offered_to_the_task_that_can_read_them(tmp_path: Path) -> None:
    said = itertools.permutations(["we", "will", "work", "for", "peace"])
    sentences = ".\n".join(map(" ".join, said))
    verse = add_own(POEMS, "My verse", Options("characters", 5), tmp_path)
    prose = add_own(sentences, "My prose", Options("words", 8), tmp_path)
    for_poems = {offer.name: offer for offer in offers("poems", tmp_path)}
    for_speech = {offer.name: offer for offer in offers("speech", tmp_path)}
    assert offers("synthetic", tmp_path) == []
    assert for_poems["practice"].here
    assert not for_poems["tang-quatrains"].here
    assert "MB" in for_poems["tang-quatrains"].size
    assert for_poems[verse.name].own
    assert verse.name not in for_speech
    assert set(for_speech) == {"obama-speeches", "obama-paper", "english-verse", prose.name}
    assert title_of(prose.name, tmp_path) == "My prose"
    assert title_of("practice") == "Practice poems"
    assert title_of("own-000000000000", tmp_path) == "own-000000000000"


def test_a_damaged_text_is_not_offered(tmp_path: Path) -> None:
    own = add_own(POEMS, "Mine", Options("characters", 5), tmp_path)
    (file,) = (tmp_path / "corpora" / "own").glob("*.json")
    file.write_text("{")
    assert own.name not in {offer.name for offer in offers("poems", tmp_path)}
