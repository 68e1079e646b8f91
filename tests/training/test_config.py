"""Settings: what is refused and in which words, and streams of randomness."""

import re
from typing import get_args

import pytest
import torch

from seqgan_core.messages import remark
from seqgan_core.training.config import (
    PAPER_FILTERS,
    PAPER_WIDTHS,
    ConfigError,
    StrategyName,
    TrainConfig,
    field_info,
    make_config,
    parse_changes,
)
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.presets import PRESETS, preset
from seqgan_core.training.strategies import STRATEGIES
from tests.support.paths import ROOT


def test_the_paper_preset_is_the_papers() -> None:
    paper = preset("paper")
    for name in TrainConfig.model_fields:
        value = field_info(name).get("paper")
        if value is not None:
            assert getattr(paper, name) == value, name
    assert sum(PAPER_FILTERS) == 1720
    assert len(PAPER_WIDTHS) == 12
    assert paper.n_train == 156 * 64


def test_every_field_has_words_and_a_group() -> None:
    for name in TrainConfig.model_fields:
        info = field_info(name)
        assert info["title"], name
        assert info["help"], name
        assert info["group"], name


@pytest.mark.parametrize(
    ("kind", "names"),
    [("setting", TrainConfig.model_fields), ("preset", PRESETS), ("strategy", STRATEGIES)],
)
def test_each_has_a_remark_and_each_remark_has_one(kind: str, names: dict[str, object]) -> None:
    remarks = ROOT / "assets" / "text" / "en" / "remarks.md"
    found = re.findall(rf"^## {kind}\.(\S+)$", remarks.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(names)
    assert all(remark(f"{kind}.{name}").endswith(".") for name in names)


SEARCH = {"strategy": "tree_search"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_rollouts": 0}, "n_rollouts is 0; it must be greater than or equal to 1"),
        ({"n_rollouts": 0}, "(the paper uses 16)"),
        ({"g_learning_rate": -1.0}, "g_learning_rate is -1.0"),
        ({"g_learning_rate": float("nan")}, "g_learning_rate is nan"),
        ({"vocab_size": "many"}, "vocab_size is 'many'"),
        ({"rounds": 1.5}, "rounds is 1.5"),
        ({"device": "tpu"}, "device is 'tpu'"),
        ({"colour": 1}, "colour is not a setting; the settings are task,"),
        ({"strategy": "gan"}, "strategy is 'gan'; it must be one of seqgan, mle,"),
        ({"task": "stocks"}, "task is 'stocks'; it must be one of synthetic, poems, speech, music"),
        ({"strategy": 3}, "strategy is 3; it must be one of seqgan, mle,"),
        ({"d_widths": (1, 30), "d_filters": (1, 1)}, "from 1 to sequence_length (20)"),
        ({"d_widths": (1, 2)}, "give one number of filters for each width"),
        ({"d_widths": (2, 2), "d_filters": (1, 1)}, "give each width once"),
        ({"d_widths": (1,), "d_filters": (0,)}, "each must be 1 or more"),
        ({"batch_size": 20_000}, "it must be at most n_train (9984)"),
        ({"d_batch_size": 2000, "d_samples": 1000}, "it must be at most d_samples (1000)"),
        ({"batch_size": 2000, "d_samples": 1000}, "D's batch size is 2000"),
        ({"d_batch_size": 0}, "d_batch_size is 0; it must be greater than or equal to 1"),
        ({"d_max_gap": 0.7}, "d_max_gap is 0.7"),
        ({"vocab_size": 50_000, "bleu_order": 5}, "lower the order"),
        ({"d_samples": 20_000}, "d_samples is 20000; it must be at most n_train"),
        ({"search_simulations": 0}, "search_simulations is 0; it must be greater than or equal"),
        ({**SEARCH, "vocab_size": 9}, "search_actions is 16; it must be at most vocab_size (9)"),
        ({**SEARCH, "search_actions": 4}, "search_candidates is 8; it must be at most search_a"),
        ({"strategy": "mle", "q_normalisation": "value"}, "mle has no Q to normalise by it"),
        ({"strategy": "constant_reward", "q_normalisation": "value"}, "is value, but constant_re"),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_sentence(
    changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        make_config(**changes)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_settings_of_a_search_bind_nobody_else() -> None:
    for strategy in ("seqgan", "actor_critic", "best_of_n"):
        make_config(strategy=strategy, vocab_size=9, search_actions=16, search_candidates=32)


def test_a_setting_takes_the_methods_there_are() -> None:
    assert get_args(StrategyName) == tuple(STRATEGIES)


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="must be one of glance, lesson, table1, paper"):
        preset("large")


def test_an_assignment_without_a_value_is_refused() -> None:
    with pytest.raises(ConfigError, match="write it as field=value"):
        parse_changes(["g_steps"])


def test_a_config_survives_json() -> None:
    for config in PRESETS.values():
        assert TrainConfig.model_validate_json(config.model_dump_json()) == config


def test_streams_of_randomness_depend_on_all_three_and_nothing_else() -> None:
    def draw(*key: object) -> torch.Tensor:
        return torch.rand(4, generator=rng_for(*key))  # type: ignore[arg-type]

    first = draw(1, "a", 0)
    torch.rand(100)
    assert torch.equal(first, draw(1, "a", 0))
    for changed in ((2, "a", 0), (1, "b", 0), (1, "a", 1)):
        assert not torch.equal(first, draw(*changed))
