"""Tokens become words; the padding after an end is distinguished from the text."""

import numpy as np
import pytest

from seqgan_core.insight.token_reader import Reader, numbers, reader_of
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.training.config import ConfigError
from seqgan_core.training.setup.presets import PRESETS
from tests.support.tiny.text_runs import install_tiny_texts, remove_tiny_texts, text_config


def test_numbers_are_read_as_numbers() -> None:
    read = reader_of(PRESETS["glance"])
    assert (read.unit, read.end, read.lines) == (None, None, ())
    assert read.names([3, 0]) == ["3", "0"]
    assert read.padding([3, 0, 0]) == [False, False, False]
    assert read.text([3, 0, 7]) == "3 0 7"


def test_verse_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    install_tiny_texts(monkeypatch)
    read = reader_of(text_config("poems"))
    row = [1, 2, 3, 4, 5, 6]
    words = "".join(read.names(row))
    assert (read.unit, read.end, read.lines) == ("characters", None, (3, 3))
    assert read.text(row) == f"{words[:3]} {words[3:]}"
    assert read.phrase(row[:2]) == words[:2]
    assert not any(read.padding([0, 0, 1, 1, 1, 1]))  # in verse nothing ends


def test_a_sentence_ends_where_its_end_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    install_tiny_texts(monkeypatch)
    config = text_config("speech", sequence_length=8)
    read = reader_of(config)
    we, stop = (read.names(range(config.vocab_size)).index(word) for word in ("we", "."))
    row = np.array([we, we, stop, 0, 0, we, 0, 0])
    assert read.names(row)[3] == "∎"
    assert read.padding(row) == [False] * 4 + [True] * 4  # the first end is said
    assert read.text(row) == "we we."
    assert read.text([we] * 8) == " ".join(["we"] * 8)


def test_without_its_text_a_run_is_read_by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    install_tiny_texts(monkeypatch)
    config = text_config("speech")
    remove_tiny_texts(monkeypatch)
    with pytest.raises(CorpusMissing, match="tiny-speech"):
        reader_of(config)
    read = numbers(config)
    assert read.names([3, 0]) == ["3", "0"]
    assert read.padding([3, 0, 0]) == [False, False, True]
    assert numbers(PRESETS["glance"]).end is None


def test_another_text_of_the_same_name_is_not_taken_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_tiny_texts(monkeypatch)
    other = text_config("poems").model_copy(update={"vocab_size": 77})
    with pytest.raises(ConfigError, match="vocab_size is 77"):
        reader_of(other)


def test_a_reader_of_many_words() -> None:
    words = tuple(f"word{number}" for number in range(4500))
    read = Reader(Vocabulary(4500, words), "words", 0)
    assert read.names([4499]) == ["word4499"]
