"""Settings of a run on a text or on tunes that takes about half a minute on this machine."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from seqgan_core.tasks.corpus import CorpusError, TextCorpus
from seqgan_core.tasks.music.tokens import LONGEST_TUNE, Form
from seqgan_core.tasks.music.tune import TuneCorpus
from seqgan_core.tasks.text.task import UNKNOWN
from seqgan_core.training.build import make_music_task, resolve_config
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.devices import resolve_device
from seqgan_core.training.setup.estimate import estimate_seconds
from seqgan_core.training.setup.model_files import load_shipped, read_cards
from seqgan_core.training.setup.presets import PRESETS

SECONDS = 30.0
MLE_SHARE = 0.6  # of the time, at most; the rest is the rounds'
MOST_EPOCHS, MOST_ROUNDS = 60, 40
D_SAMPLES = 512  # negatives in a set; more would leave time for only a round or two
UPDATES = 1500  # of MLE, after which a small model begins to overfit
CHECKPOINTS = 6
WELL_COVERED = 0.9  # share of a text's sequences from which starting from a model is best
HELD_OUT = 16  # held-out sequences, better not fewer
COVERED = 0.5  # below this, too many sequences would be dropped


@dataclass(frozen=True)
class QuickRun:
    """The settings of a run, and the seconds that it should take here."""

    config: TrainConfig
    seconds: float


def starting_models(corpus: TextCorpus, task: str) -> dict[str, float]:
    """The models that ship and can be trained further on this text, the best coverage first.

    The value is the share of the text's sequences that the model has all tokens of; or, for a model
    with a token for unknown ones, the share of the text's tokens.
    """
    shares = {}
    for name, card in read_cards()[0].items():
        if card.task != task or card.unit != corpus.unit or card.lines != corpus.lines:
            continue
        words = set(card.words)
        if UNKNOWN in words:
            tokens = [token in words for sequence in corpus.train for token in sequence]
            share = sum(tokens) / max(1, len(tokens))
        else:
            fits = [words.issuperset(sequence) for sequence in corpus.train]
            share = sum(fits) / max(1, len(fits))
        if share >= COVERED:
            shares[name] = share
    return dict(sorted(shares.items(), key=lambda item: (-item[1], "seqgan" not in item[0])))


def quick_text_run(
    corpus: TextCorpus,
    task: str,
    *,
    length: int,
    min_count: int = 1,
    start_from: str | None = None,
    seconds: float = SECONDS,
) -> QuickRun:
    """Settings of a run on a text that should take about this many seconds on this machine.

    The run on a small text may be shorter, because after more updates it would overfit. `length` is
    the largest T of running text; tokens rarer than `min_count` are unknown.

    Raises:
        ConfigError, CorpusError: it cannot be trained on.
    """
    n, length = max(8, len(corpus.train)), sum(corpus.lines) or length
    text = {"task": task, "corpus": corpus.name}

    def resolved(min_count: int) -> TrainConfig:
        changes = text | {"min_count": min_count}
        return resolve_config(_base_config(changes, n, length, start_from))

    base = None
    with suppress(CorpusError, ConfigError):
        base = resolved(min_count)
    # In a small text most held-out sequences contain a token that the training data lacks. With a
    # minimum count of 2 these tokens are unknown, instead of leaving no held-out sequences.
    if base is None or (base.n_test < HELD_OUT and min_count <= 1 and start_from is None):
        base = resolved(max(2, min_count))
    return _fit_to_time(base, seconds)


def starting_tune_models(form: Form) -> dict[str, bool]:
    """The models that ship and can be trained further on tunes, and whether each transposes.

    Those of the same form have all tokens; the ones trained with a D come first.
    """
    transposing = {
        name: bool(card.config["transpose"])
        for name, card in read_cards()[0].items()
        if card.task == "music" and card.config["music_form"] == form
    }
    return dict(sorted(transposing.items(), key=lambda item: "seqgan" not in item[0]))


def quick_tune_run(
    corpus: TuneCorpus,
    *,
    form: Form = "eighths",
    transpose: bool = True,
    length: int = 32,
    start_from: str | None = None,
    seconds: float = SECONDS,
) -> QuickRun:
    """As `quick_text_run`, on tunes; `form` and `length` are those of the model to start from.

    Raises:
        ConfigError, CorpusError: they cannot be trained on.
    """
    if form == "tunes":
        length = LONGEST_TUNE
    tunes = {"task": "music", "corpus": corpus.name, "music_form": form, "transpose": transpose}
    n = len(make_music_task(_base_config(tunes, 8, length, start_from)).train_data())
    return _fit_to_time(resolve_config(_base_config(tunes, n, length, start_from)), seconds)


def _fit_to_time(base: TrainConfig, seconds: float) -> QuickRun:
    """As many epochs and rounds of these settings as fit in the time."""
    device = resolve_device(base.device)

    def cost(epochs: int, rounds: int) -> float:
        config = _with_schedule(base, epochs, rounds).model_copy(update={"evaluate_every": 10_000})
        return estimate_seconds(config, device)

    an_evaluation = cost(0, 0)
    # Each cost is measured on its own: on a busy machine a difference may be negative.
    an_epoch, a_round = max(0.0, cost(1, 0) - an_evaluation), max(0.0, cost(0, 2) - cost(0, 1))
    critic = max(0.0, cost(0, 1) - a_round - an_evaluation)  # what D learns before the rounds
    left = max(0.0, seconds - (CHECKPOINTS + 1) * an_evaluation - critic)
    most = min(MOST_EPOCHS, max(1, UPDATES * base.batch_size // base.n_train))
    epochs = _clamped(MLE_SHARE * left / max(an_epoch, 1e-6), most)
    rounds = _clamped((left - epochs * an_epoch) / max(a_round, 1e-6), MOST_ROUNDS)
    epochs = _clamped((left - rounds * a_round) / max(an_epoch, 1e-6), most)
    config = _with_schedule(base, epochs, rounds)
    return QuickRun(config, estimate_seconds(config, device))


def _base_config(data: dict[str, Any], n: int, length: int, start_from: str | None) -> TrainConfig:
    """The practice preset with these data of about n sequences and fitting sizes."""
    practice = PRESETS["practice"]
    widths: tuple[int, ...] = practice.d_widths
    changes: dict[str, Any] = {"batch_size": min(practice.batch_size, max(4, n // 4))}
    if start_from is not None:  # it decides the sizes, and a high rate would undo its training
        card = load_shipped(start_from).card
        length, widths = card.length, tuple(card.config["d_widths"])
        changes["pretrain_learning_rate"] = practice.pretrain_learning_rate / 5
    widths = tuple(width for width in widths if width <= length)
    return make_config(
        practice, **data, start_from=start_from, sequence_length=length, n_train=n, n_test=16,
        d_samples=None, d_widths=widths, d_filters=practice.d_filters[:1] * len(widths),
        n_eval=200, report_every=10, g_steps=2, g_batch_size=64, **changes,
    )  # fmt: skip


def _with_schedule(base: TrainConfig, epochs: int, rounds: int) -> TrainConfig:
    samples = max(base.batch_size, min(base.n_train, D_SAMPLES))
    every = max(1, (epochs + rounds) // CHECKPOINTS)
    return make_config(
        base, pretrain_epochs=epochs, rounds=rounds, d_samples=samples if samples >= 16 else None,
        evaluate_every=every, checkpoint_every=every,
    )  # fmt: skip


def _clamped(amount: float, most: int) -> int:
    return max(1, min(most, int(amount)))
