"""Trained models that ship: weights, vocabulary and a card that says how they were trained.

One safetensors file each in `assets/models`, in half precision; its metadata holds the card.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from safetensors import SafetensorError, safe_open

from seqgan_core.training.config import ConfigError, TrainConfig, settings_where
from seqgan_core.training.setup.provenance import NOT_RECORDED, Provenance

if TYPE_CHECKING:  # torch is loaded when a model is read or written, not to list names
    import torch

    from seqgan_core.paper.discriminator import Discriminator
    from seqgan_core.paper.generator import Generator

M = TypeVar("M", "Generator", "Discriminator")
VARIABLE = "SEQGAN_MODELS"  # another folder of models, for tests
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).resolve().parents[3] / "assets" / "models")
FORMAT = "seqgan-model-1"


@dataclass(frozen=True)
class ModelCard:
    """What a model is and how it was trained."""

    name: str  # on the command line ("poems-seqgan")
    title: str  # on screen
    # task, corpus: what it was trained on
    task: str
    corpus: str
    licence: str  # of that text, as its source states it
    words: tuple[str, ...]  # its vocabulary, in the order of its tokens
    length: int  # T
    lines: tuple[int, ...]  # tokens in each line of verse, () for running text
    unit: str  # what a token is, for example "characters" or "words"
    config: dict[str, Any]  # all settings of its training
    command: str  # trains it again
    seconds: float  # how long that took, on `machine`
    machine: str
    epoch: float  # of its checkpoint
    metrics: dict[str, float]  # measured on these rounded weights


@dataclass(frozen=True, eq=False)
class ShippedModel:
    """A model to sample from, in single precision on the CPU; shared, so change only copies.

    `made` and `digest`, of the weights, are empty in files of before.
    """

    card: ModelCard
    generator: Generator
    discriminator: Discriminator | None
    made: Provenance = NOT_RECORDED
    digest: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The vocabulary."""
        return self.card.words


def shipped_names() -> list[str]:
    """The names of the models."""
    return sorted(path.stem for path in FOLDER.glob("*.safetensors"))


def read_cards() -> tuple[dict[str, ModelCard], list[str]]:
    """The cards of the models that can be read, by name, and the problems of the others."""
    cards, problems = {}, []
    for name in shipped_names():
        try:
            cards[name] = load_shipped(name).card
        except ConfigError as error:
            problems.append(str(error))
    return cards, problems


@lru_cache(maxsize=8)
def load_shipped(name: str) -> ShippedModel:
    """The model of that name.

    Raises:
        ConfigError: there is no such model, or its file is damaged or of another version.
    """
    names = shipped_names()
    if name not in names:
        raise ConfigError(
            "model.unknown", "there is no model {given!r}; it must be one of {allowed}",
            given=name, allowed=", ".join(names),
        )  # fmt: skip
    return read_model(FOLDER / f"{name}.safetensors")


def read_model(path: Path) -> ShippedModel:
    """The model in a file.

    Raises:
        ConfigError: the file is missing, damaged or of another version.
    """
    from seqgan_core.paper.discriminator import Discriminator
    from seqgan_core.paper.generator import Generator

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            fields = json.loads(metadata["card"])
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        if fields.pop("format") != FORMAT:
            raise ValueError("another version")
        fields["config"] = TrainConfig().model_dump() | fields["config"]  # with newer settings
        card = ModelCard(**fields | {name: tuple(fields[name]) for name in ("words", "lines")})
        has_discriminator = any(key.startswith("discriminator.") for key in tensors)
        return ShippedModel(
            card, _model("generator", Generator, card, tensors),
            _model("discriminator", Discriminator, card, tensors) if has_discriminator else None,
            Provenance.model_validate_json(metadata.get("versions", "{}")),
            metadata.get("digest", ""),
        )  # fmt: skip
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ConfigError("model.unreadable", file=path.name, why=type(error).__name__) from error


def write_model(
    path: Path,
    card: ModelCard,
    generator: Generator,
    discriminator: Discriminator | None,
    made: Provenance = NOT_RECORDED,
) -> None:
    """Writes a model in half precision; `card` must hold the metrics of the rounded weights.

    `made` is what it was trained with.
    """
    from safetensors.torch import save_file

    tensors = {f"generator.{key}": value for key, value in generator.state_dict().items()}
    if discriminator is not None:
        weights = discriminator.state_dict()
        tensors |= {f"discriminator.{key}": value for key, value in weights.items()}
    halves = {key: value.detach().cpu().half().contiguous() for key, value in tensors.items()}
    fields = {"format": FORMAT} | {
        key: list(value) if isinstance(value, tuple) else value for key, value in vars(card).items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"card": json.dumps(fields, ensure_ascii=False), "digest": digest_of(halves)}
    save_file(halves, path, metadata=metadata | {"versions": made.model_dump_json()})


def digest_of(tensors: Mapping[str, torch.Tensor]) -> str:
    """A digest of a model's weights."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tensors):
        digest.update(name.encode() + tensors[name].numpy().tobytes())
    return digest.hexdigest()


def sizes_of(model: ShippedModel) -> dict[str, Any]:
    """The settings that a run must have to start from this model."""
    names = _sizes("generator")
    if model.discriminator is not None:
        names += _sizes("discriminator")
    return {name: model.card.config[name] for name in names}


def _sizes(model: Literal["generator", "discriminator"]) -> tuple[str, ...]:
    """The settings that are a model's sizes, in the order of its constructor."""
    return settings_where(lambda facts: facts.model == model)


def _model(
    kind: Literal["generator", "discriminator"], make: type[M], card: ModelCard,
    tensors: dict[str, torch.Tensor],
) -> M:  # fmt: skip
    """The frozen model of that kind in the file."""
    model = make(len(card.words), *(card.config[name] for name in _sizes(kind)))
    start = f"{kind}."
    model.load_state_dict(
        {key.removeprefix(start): t for key, t in tensors.items() if key.startswith(start)}
    )
    return model.requires_grad_(False)
