"""A run of about half a minute on a text: how much of what, so that it takes that long here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seqgan_core.tasks.text import Corpus
from seqgan_core.training.build import settled
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.devices import resolve_device
from seqgan_core.training.estimate import estimate_seconds
from seqgan_core.training.shipped import load_shipped, shipped_names

SECONDS = 30.0
MLE_SHARE = 0.7  # of the time; the rest is the rounds'
MOST_EPOCHS, MOST_ROUNDS = 60, 40  # a small text is not read more often than that
CHECKPOINTS = 6
WELL_COVERED = 0.9  # of a text's sequences, from which on it is best to go on from a model
COVERED = 0.5  # below this, too much would be left out

# Small and quick to learn, by the lesson's manners: D reads fast, Q less the value of the prefix.
_SIZES: dict[str, Any] = {
    "strategy": "seqgan", "g_embedding_size": 32, "g_hidden_size": 64,
    "pretrain_learning_rate": 0.01,
    "d_embedding_size": 32, "d_dropout_keep": 0.75, "d_l2": 0.01, "d_learning_rate": 0.001,
    "d_epochs": 1, "d_steps": 1, "d_pretrain_steps": 3, "g_steps": 1, "g_batch_size": 32,
    "g_learning_rate": 0.001, "n_rollouts": 4, "q_normalisation": "advantage", "n_eval": 64,
    "report_every": 5, "device": "auto",
}  # fmt: skip


@dataclass(frozen=True)
class Brief:
    """A run to start: its settings, and the seconds that it should take here."""

    config: TrainConfig
    seconds: float


def starts(corpus: Corpus, task: str) -> dict[str, float]:
    """The models that ship from which training on this text can go on, the best cover first.

    The share is that of the text's sequences which the model has tokens for; the others would be
    left out.
    """
    found = {}
    for name in shipped_names():
        card = load_shipped(name).card
        if card.task != task or card.unit != corpus.unit or card.lines != corpus.lines:
            continue
        words = set(card.words)
        fits = [sequence for sequence in corpus.train if words.issuperset(sequence)]
        share = len(fits) / max(1, len(corpus.train))
        if share >= COVERED:
            found[name] = share
    return dict(sorted(found.items(), key=lambda item: (-item[1], "seqgan" not in item[0])))


def brief(
    corpus: Corpus,
    task: str,
    *,
    length: int,
    min_count: int = 1,
    start_from: str | None = None,
    seconds: float = SECONDS,
) -> Brief:
    """Settings of a run on a text that should take about so many seconds on this machine.

    What is cheap is not drawn out: a small text is read at most `MOST_EPOCHS` times, so its run may
    be shorter.

    Args:
        corpus: what to learn from.
        task: "poems" or "speech".
        length: T, at most, of running text.
        min_count: rarer tokens are unknown.
        start_from: a model that ships, or nothing.
        seconds: how long.

    Raises:
        ConfigError, CorpusError: it cannot be trained on.
    """
    base = settled(_first(corpus, task, length, min_count, start_from))
    device = resolve_device(base.device)

    def cost(epochs: int, rounds: int) -> float:
        config = _of(base, epochs, rounds).model_copy(update={"evaluate_every": 10_000})
        return estimate_seconds(config, device)

    an_evaluation = cost(0, 0)
    an_epoch, a_round = cost(1, 0) - an_evaluation, cost(0, 2) - cost(0, 1)
    critic = cost(0, 1) - a_round - an_evaluation  # what D learns before the rounds
    left = max(0.0, seconds - (CHECKPOINTS + 1) * an_evaluation - critic)
    epochs = _within(MLE_SHARE * left / max(an_epoch, 1e-6), MOST_EPOCHS)
    rounds = _within((left - epochs * an_epoch) / max(a_round, 1e-6), MOST_ROUNDS)
    epochs = _within((left - rounds * a_round) / max(an_epoch, 1e-6), MOST_EPOCHS)
    config = _of(base, epochs, rounds)
    return Brief(config, estimate_seconds(config, device))


def _first(
    corpus: Corpus, task: str, length: int, min_count: int, start_from: str | None
) -> TrainConfig:
    n = len(corpus.train)
    batch = max(1, min(32, n // 4))
    changes: dict[str, Any] = {
        "task": task, "corpus": corpus.name, "min_count": min_count, "start_from": start_from,
        "sequence_length": sum(corpus.lines) or length, "n_train": max(n, 8), "batch_size": batch,
        "d_samples": None,
    }  # fmt: skip
    widths = [width for width in (1, 2, 3, 4) if width <= changes["sequence_length"]]
    if start_from is not None:  # its discriminator's sizes come with it; it must not forget much
        changes["pretrain_learning_rate"] = 0.002
        changes["sequence_length"] = load_shipped(start_from).card.length
        widths = list(load_shipped(start_from).card.config["d_widths"])
    changes |= {"d_widths": tuple(widths), "d_filters": (32,) * len(widths)}
    return make_config(**_SIZES | changes)


def _of(base: TrainConfig, epochs: int, rounds: int) -> TrainConfig:
    samples = max(base.batch_size, min(base.n_train, 320))
    every = max(1, (epochs + rounds) // CHECKPOINTS)
    return make_config(
        base, pretrain_epochs=epochs, rounds=rounds, d_samples=max(16, samples),
        evaluate_every=every, checkpoint_every=every,
    )  # fmt: skip


def _within(amount: float, most: int) -> int:
    return max(1, min(most, int(amount)))
