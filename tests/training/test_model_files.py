"""Models that ship: kept in half precision, read back, refused when damaged, gone on from."""

from pathlib import Path

import pytest
import torch

from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training import build
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup import model_files
from seqgan_core.training.setup.model_files import ModelCard, read_model, write_model
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.texts import tiny_verse

CONFIG = make_config(
    task="poems", corpus="tiny-verse", batch_size=8, g_batch_size=4, d_samples=16, n_rollouts=1,
    d_widths=(1, 2), d_filters=(4, 4), d_embedding_size=4, g_embedding_size=4, g_hidden_size=5,
    pretrain_epochs=1, rounds=1, d_pretrain_steps=1, d_steps=1, d_epochs=1, n_eval=64,
)  # fmt: skip


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> TrainConfig:
    """A tiny corpus in place of the registry's, and a temporary folder of models."""
    monkeypatch.setattr(build, "load", lambda name, punctuation, task: tiny_verse())
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    model_files.load_shipped.cache_clear()
    return build.resolve_config(CONFIG)


def keep(config: TrainConfig, folder: Path) -> Trainer:
    trainer = Trainer(config)
    list(trainer.events())
    task = TextTask("poems", tiny_verse())
    card = ModelCard(
        "tiny", "Tiny verse", "poems", "tiny-verse", "none", task.words, 6, (3, 3), "characters",
        config.model_dump(mode="json"), "a command", 1.0, "here", 2.0, {"bleu_2": 0.5},
    )  # fmt: skip
    write_model(
        folder / "tiny.safetensors", card, trainer.models.generator, trainer.models.discriminator
    )
    return trainer


def test_a_stored_model_loads_in_half_precision(config: TrainConfig, tmp_path: Path) -> None:
    trainer = keep(config, tmp_path)
    model = model_files.load_shipped("tiny")
    assert model_files.shipped_names() == ["tiny"]
    assert model.card.lines == (3, 3)
    assert model.words == TextTask("poems", tiny_verse()).words
    assert model.card.metrics == {"bleu_2": 0.5}
    for live, stored in zip(
        trainer.models.generator.parameters(), model.generator.parameters(), strict=True
    ):
        assert torch.equal(live.half().float(), stored)
    assert model.discriminator is not None
    assert trainer.models.discriminator is not None
    tokens = trainer.models.task.train_data()
    assert torch.allclose(
        trainer.models.discriminator.probability_real(tokens),
        model.discriminator.probability_real(tokens), atol=0.01,
    )  # fmt: skip


def test_training_goes_on_from_it(config: TrainConfig, tmp_path: Path) -> None:
    keep(config, tmp_path)
    wider = make_config(CONFIG, start_from="tiny", g_hidden_size=9, d_filters=(2, 2), seed=4)
    going_on = build.resolve_config(wider)
    assert going_on.g_hidden_size == 5  # the model's own sizes
    assert going_on.d_filters == (4, 4)
    trainer = Trainer(going_on)
    model = model_files.load_shipped("tiny")
    assert trainer.models.discriminator is not None
    assert model.discriminator is not None
    pairs = [
        (trainer.models.generator, model.generator),
        (trainer.models.discriminator, model.discriminator),
    ]
    for live, stored in pairs:
        for mine, its in zip(live.parameters(), stored.parameters(), strict=True):
            assert torch.equal(mine, its)
    before = trainer.models.generator.embedding.clone()
    list(trainer.events())
    assert not torch.equal(before, trainer.models.generator.embedding)
    assert torch.equal(model.generator.embedding, before)  # the kept one is never trained


def test_a_missing_or_damaged_model_is_refused(config: TrainConfig, tmp_path: Path) -> None:
    keep(config, tmp_path)
    with pytest.raises(ConfigError, match="there is no model 'other'; it must be one of tiny"):
        model_files.load_shipped("other")
    path = tmp_path / "tiny.safetensors"
    whole = path.read_bytes()
    for damaged in (
        b"",
        whole[:100],
        whole[:-20],
        b"x" * 200,
        whole.replace(b"model-1", b"model-9"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ConfigError, match=r"tiny\.safetensors cannot be read"):
            read_model(path)
