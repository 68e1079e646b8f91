"""Which settings a run takes, which runs can be compared, and which texts are offered."""

import itertools
from pathlib import Path
from typing import get_args

import pytest

from seqgan_core.runs import branching
from seqgan_core.tasks.corpora.registry import sources, title_of
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS, TaskName
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig, facts_of, make_config, settings_where
from seqgan_core.training.setup import config_rules, model_files
from seqgan_core.training.setup.config_rules import (
    decided_settings,
    hidden_settings,
    idle_settings,
    measured_by,
)
from seqgan_core.training.setup.presets import PRESETS
from tests.support.tiny.text_runs import install_tiny_texts, text_config

_LINES = itertools.product("春江花月", "山水风雨", "日夜", "明光", "天地")
POEMS = "\n".join(map("".join, _LINES))


ORACLE = {"oracle_seed", "oracle_path", "oracle_embedding_size", "oracle_hidden_size"}
SIZES = {
    "generator": ("g_embedding_size", "g_hidden_size", "g_tied_embeddings"),
    "discriminator": ("d_embedding_size", "d_widths", "d_filters"),
}
TUNES = {"music_form", "transpose"}
DECIDED = {
    "synthetic": set(),
    "poems": {"vocab_size", "sequence_length", "n_train", "n_test"},
    "speech": {"vocab_size", "n_train", "n_test"},
    "music": {"vocab_size", "n_train", "n_test"},
}
IDLE = {
    "synthetic": {"corpus", "punctuation", "min_count", "start_from", *TUNES},
    "poems": {*ORACLE, *TUNES},
    "speech": {*ORACLE, "punctuation", *TUNES},
    "music": {*ORACLE, "punctuation", "min_count"},
}
MEASURES = {
    "task", "corpus", "punctuation", *TUNES, "sequence_length", "vocab_size", "n_test",
}  # fmt: skip
FIXED = {
    "task", *ORACLE, "vocab_size", "sequence_length", "n_train", "n_test", "g_init_std",
    "batch_size", "d_batch_size", *SIZES["generator"], *SIZES["discriminator"],
    "corpus", "punctuation", "min_count", *TUNES, "start_from", "v_size",
}  # fmt: skip
PROBED = {
    "vocab_size", "sequence_length", "batch_size", "d_batch_size", "g_batch_size", "bleu_order",
    "v_size", "rollouts_in_bfloat16", *SIZES["generator"], *SIZES["discriminator"],
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
def test_the_facts_of_a_task_are_these(task: str) -> None:
    assert set(decided_settings(task)) == DECIDED[task]
    assert set(idle_settings(task)) == IDLE[task]
    measures = MEASURES if task != "synthetic" else {"task"}
    assert set(settings_where(lambda facts: task in facts.measures)) == measures


def test_the_facts_of_a_setting_are_these() -> None:
    assert set(branching.FIXED) == FIXED
    assert set(settings_where(lambda facts: facts.probed)) == PROBED
    assert config_rules.REPEATS == ("seed", "device")
    for model, sizes in SIZES.items():
        assert settings_where(lambda facts, model=model: facts.model == model) == sizes


def test_facts_name_tasks_that_there_are() -> None:
    assert get_args(TaskName) == tuple(TASKS)
    assert set(CORPUS_TASKS) == set(TASKS) - {"synthetic"}
    for name in TrainConfig.model_fields:
        facts = facts_of(name)
        assert {*facts.decided_by, *facts.idle_for, *facts.measures} <= set(TASKS)
        assert not set(facts.decided_by) & set(facts.idle_for)
        assert not facts.measures or facts.fixed, "a branch would be measured by another thing"


@pytest.mark.parametrize("task", ["poems", "speech"])
def test_hidden_settings_follow_from_the_chosen_ones(
    task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visible settings are enough: the hidden ones follow from them."""
    install_tiny_texts(monkeypatch)
    config = text_config(task, min_count=2)
    hidden = hidden_settings(config)
    chosen = {name: value for name, value in config if name not in hidden}
    assert "vocab_size" in hidden
    assert ("sequence_length" in hidden) == (task == "poems")
    assert "min_count" not in hidden
    assert resolve_config(make_config(PRESETS["glance"], **chosen)) == config


def test_an_oracle_task_hides_the_text_settings() -> None:
    hidden = hidden_settings(PRESETS["lesson"])
    assert {"corpus", "start_from"} <= hidden
    assert not {"vocab_size", "oracle_seed", "n_train"} & hidden


def test_a_model_to_start_from_decides_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"g_embedding_size": 8, "d_widths": (1, 2)}
    monkeypatch.setattr(config_rules, "load_shipped", lambda name: name)
    monkeypatch.setattr(config_rules, "sizes_of", lambda model: sizes)
    config = make_config(PRESETS["poems"], start_from="a-model")
    assert {"g_embedding_size", "d_widths", "min_count"} <= hidden_settings(config)
    assert "d_filters" not in hidden_settings(config)


def test_a_model_that_is_gone_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    config = make_config(PRESETS["poems"], start_from="gone")
    assert "g_embedding_size" not in hidden_settings(config)


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
    orders = itertools.permutations(["we", "will", "work", "for", "peace"])
    sentences = ".\n".join(map(" ".join, orders))
    verse = add_upload(UserText(POEMS, "My verse", Options("characters", 5)), tmp_path)
    prose = add_upload(UserText(sentences, "My prose", Options("words", 8)), tmp_path)
    for_poems = {choice.name: choice for choice in sources("poems", home=tmp_path)}
    for_speech = {choice.name: choice for choice in sources("speech", home=tmp_path)}
    assert sources("synthetic", home=tmp_path) == []
    assert for_poems["practice"].have()
    assert not for_poems["tang-quatrains"].have()
    assert "MB" in for_poems["tang-quatrains"].size
    assert for_poems[verse.name].uploaded
    assert verse.name not in for_speech
    assert set(for_speech) == {"obama-speeches", "obama-paper", "english-verse", prose.name}
    assert title_of(prose.name, tmp_path) == "My prose"
    assert title_of("practice") == "Practice poems"
    assert title_of("own-000000000000", tmp_path) == "own-000000000000"


def test_a_damaged_text_is_not_offered(tmp_path: Path) -> None:
    own = add_upload(UserText(POEMS, "Mine", Options("characters", 5)), tmp_path)
    (file,) = (tmp_path / "corpora" / "own").glob("*.json")
    file.write_text("{")
    assert own.name not in {choice.name for choice in sources("poems", home=tmp_path)}
