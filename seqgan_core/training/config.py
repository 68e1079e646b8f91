"""One frozen `TrainConfig` feeds the command line, the sliders, the tooltips, the address and the
run library.

Every field carries its title, its symbol in the paper, its bounds, a sentence of help and the
value the paper (or the authors' published code) uses. What a field means is said here and
nowhere else.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PAPER_WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20)
PAPER_FILTERS = (100, 200, 200, 200, 200, 100, 100, 100, 100, 100, 160, 160)


class ConfigError(ValueError):
    """A setting is not allowed; the message says what was given, what is allowed, what to do."""


def _field(
    default: Any,
    title: str,
    help: str,
    *,
    symbol: str = "",
    group: str,
    paper: Any = None,
    **bounds: Any,
) -> Any:
    extra = {"symbol": symbol, "group": group, "paper": paper}
    return Field(default=default, title=title, description=help, json_schema_extra=extra, **bounds)


class TrainConfig(BaseModel):
    """All settings of one training run; the defaults are the `paper` preset.

    Raises:
        ConfigError: through `make_config`, when a value is out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # One setting reads better in a few full lines than in twelve short ones.
    # fmt: off

    # -- what is trained, and where -----------------------------------------------------------
    task: str = _field(
        "synthetic", "Task", "What the sequences are.",
        group="run", paper="synthetic",
    )
    strategy: str = _field(
        "seqgan", "Strategy", "Where the generator's learning signal comes from.",
        group="run", paper="seqgan",
    )
    seed: int = _field(
        1, "Seed", "Starts every stream of randomness of the training.",
        group="run", ge=0, le=2 ** 31 - 1,
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = _field(
        "auto", "Device", "Where to compute; auto takes a GPU if there is one.",
        group="run",
    )

    # -- data ------------------------------------------------------------------------------------
    oracle_seed: int = _field(
        0, "Oracle seed", "Draws the oracle and the data sampled from it.",
        group="data", ge=0, le=2 ** 31 - 1,
    )
    oracle_path: str | None = _field(
        None, "Oracle file", "An .npz with the oracle's arrays, instead of drawing one.",
        group="data",
    )
    oracle_embedding_size: int = _field(
        32, "Oracle embedding", "Width of a drawn oracle's embedding.",
        group="data", paper=32, ge=2, le=1024,
    )
    oracle_hidden_size: int = _field(
        32, "Oracle hidden size", "Width of a drawn oracle's LSTM.",
        group="data", paper=32, ge=2, le=2048,
    )
    vocab_size: int = _field(
        5000, "Vocabulary", "Number of different tokens.",
        symbol="V", group="data", paper=5000, ge=2, le=50000,
    )
    sequence_length: int = _field(
        20, "Length", "Tokens in a sequence.",
        symbol="T", group="data", paper=20, ge=2, le=200,
    )
    n_train: int = _field(
        9984, "Training sequences", "Real sequences to learn from.",
        symbol="|S|", group="data", paper=9984, ge=8, le=2000000,
    )
    n_test: int = _field(
        5000, "Held-out sequences", "Real sequences kept for NLL_test and D's held-out accuracy.",
        group="data", ge=2, le=200000,
    )

    corpus: str = _field(
        "", "Corpus", "What text or tunes to learn from, by name; for all tasks but the oracle's.",
        group="data",
    )
    punctuation: bool = _field(
        False, "Punctuation", "Poems: marks are tokens too (24 a quatrain), not layout (20).",
        group="data",
    )
    min_count: int = _field(
        1, "Minimum count",
        "A token that the training text holds less often is unknown to the vocabulary.",
        group="data", ge=1, le=1000,
    )
    music_form: Literal["eighths", "keys"] = _field(
        "eighths", "Form of tunes",
        "Music: onsets, holds and rests of eighth notes, to listen to; or the paper's form, one "
        "key each 0.4 s.",
        group="data",
    )
    transpose: bool = _field(
        False, "Common key", "Music: every tune moved to C major or A minor.",
        group="data",
    )
    start_from: str | None = _field(
        None, "Start from", "A trained model that ships: its weights and its vocabulary.",
        group="data",
    )

    # -- generator -----------------------------------------------------------------------------
    g_embedding_size: int = _field(
        32, "G embedding", "Width of the generator's embedding.",
        symbol="E", group="generator", paper=32, ge=2, le=1024,
    )
    g_hidden_size: int = _field(
        32, "G hidden size", "Width of the generator's LSTM.",
        symbol="H", group="generator", paper=32, ge=2, le=2048,
    )
    g_init_std: float = _field(
        0.1, "G initial spread", "Every generator weight starts from N(0, this).",
        group="generator", paper=0.1, gt=0, le=2,
    )

    # -- MLE pre-training (Algorithm 1, line 2) ------------------------------------------------
    pretrain_epochs: int = _field(
        120, "MLE epochs", "Passes over the data before the adversarial rounds.",
        group="mle", paper=120, ge=0, le=10000,
    )
    pretrain_learning_rate: float = _field(
        0.01, "MLE learning rate", "Adam's step in pre-training.",
        group="mle", paper=0.01, gt=0, le=1,
    )
    batch_size: int = _field(
        64, "Batch", "Sequences in a step of MLE and of the discriminator.",
        symbol="B", group="mle", paper=64, ge=1, le=65536,
    )
    max_grad_norm: float = _field(
        5.0, "Gradient clip", "The generator's gradient norm is cut to this.",
        group="mle", paper=5.0, gt=0, le=1000000.0,
    )

    shuffle: bool = _field(
        True, "Shuffle",
        "MLE's batches in a new order each epoch, or always in the file's order, as the authors' "
        "code keeps it.",
        group="mle",
    )
    feeding_decay: float = _field(
        0.002, "Feeding decay",
        "Scheduled sampling only: how much the probability of feeding the true token falls an "
        "epoch, from 1.",
        symbol="ε", group="mle", paper=0.002, ge=0, le=1,
    )

    # -- discriminator -------------------------------------------------------------------------
    d_embedding_size: int = _field(
        64, "D embedding", "Width of the discriminator's embedding.",
        group="discriminator", paper=64, ge=2, le=1024,
    )
    d_widths: tuple[int, ...] = _field(
        PAPER_WIDTHS, "Filter widths", "Lengths of the n-grams that filters read.",
        group="discriminator", paper=PAPER_WIDTHS,
    )
    d_filters: tuple[int, ...] = _field(
        PAPER_FILTERS, "Filters", "How many filters of each width.",
        group="discriminator", paper=PAPER_FILTERS,
    )
    d_dropout_keep: float = _field(
        0.75, "Dropout keep", "Share of features kept while D trains.",
        group="discriminator", paper=0.75, gt=0, le=1,
    )
    d_l2: float = _field(
        0.2, "L2", "Weight of the squared norm of D's output layer.",
        group="discriminator", paper=0.2, ge=0, le=100,
    )
    d_learning_rate: float = _field(
        0.0001, "D learning rate", "Adam's step for the discriminator.",
        group="discriminator", paper=0.0001, gt=0, le=1,
    )
    d_pretrain_steps: int = _field(
        50, "D pre-training steps", "Times that D sees fresh negatives before the rounds.",
        group="discriminator", paper=50, ge=0, le=10000,
    )
    d_samples: int | None = _field(
        None, "D negatives",
        "Fresh negatives in a D step, beside as many real; empty: as many as the data.",
        group="discriminator", paper=None, ge=16, le=2000000,
    )
    d_max_accuracy: float | None = _field(
        None, "Balance bound",
        "Skip D's steps while its held-out accuracy is above this; empty: never.",
        group="discriminator", paper=None, gt=0.5, le=1,
    )

    # -- adversarial rounds (Algorithm 1, lines 6 to 19) -----------------------------------------
    rounds: int = _field(
        200, "Rounds", "Adversarial rounds, each g-steps then d-steps.",
        group="adversarial", paper=200, ge=0, le=100000,
    )
    g_steps: int = _field(
        1, "g-steps", "Policy-gradient updates in a round.",
        symbol="g-steps", group="adversarial", paper=1, ge=0, le=1000,
    )
    d_steps: int = _field(
        5, "d-steps", "Times a round that D gets fresh negatives.",
        symbol="d-steps", group="adversarial", paper=5, ge=0, le=1000,
    )
    d_epochs: int = _field(
        3, "k", "Epochs that D trains on each set of negatives.",
        symbol="k", group="adversarial", paper=3, ge=1, le=1000,
    )
    g_batch_size: int = _field(
        64, "Policy batch", "Sequences sampled for one policy-gradient update.",
        group="adversarial", paper=64, ge=1, le=65536,
    )
    g_learning_rate: float = _field(
        0.01, "Policy learning rate", "Adam's step of the policy gradient (its own moments).",
        symbol="α", group="adversarial", paper=0.01, gt=0, le=1,
    )
    n_rollouts: int = _field(
        16, "Roll-outs", "Completions sampled for each prefix.",
        symbol="N", group="adversarial", paper=16, ge=1, le=4096,
    )
    rollout_policy: Literal["live", "average"] = _field(
        "live", "Roll-out policy", "The current generator, or a moving average of it.",
        symbol="G_β", group="adversarial", paper="live",
    )
    rollout_update_rate: float = _field(
        0.8, "Average's memory",
        "Share of the old average kept at each update (0 follows at once, 1 never moves).",
        group="adversarial", paper=0.8, ge=0, le=1,
    )
    q_normalisation: Literal["none", "centre", "standardise", "advantage"] = _field(
        "none", "Q normalisation",
        "Q as it is; minus the batch's mean at each position; also divided by the standard "
        "deviation; or minus the value of the prefix, which is the Q of the token before.",
        group="adversarial", paper="none",
    )

    bleu_order: int = _field(
        2, "BLEU order", "PG-BLEU only: the longest n-grams that its reward counts.",
        group="adversarial", ge=1, le=5,
    )

    # -- measuring and keeping -----------------------------------------------------------------
    n_eval: int = _field(
        10000, "Evaluation samples", "Fresh samples scored by the oracle.",
        group="measure", paper=10000, ge=64, le=1000000,
    )
    evaluate_every: int = _field(
        5, "Evaluate every", "Epochs or rounds between two evaluations.",
        group="measure", paper=5, ge=1, le=10000,
    )
    checkpoint_every: int = _field(
        10, "Checkpoint every", "Epochs or rounds between two checkpoints.",
        group="measure", ge=1, le=10000,
    )
    report_every: int = _field(
        20, "Report every", "Updates of MLE or D between two points on the charts.",
        group="measure", ge=1, le=100000,
    )
    divergence_nats: float = _field(
        3.0, "Divergence guard",
        "Stop when NLL_oracle (text, music: NLL_test) is this many nats above its best.",
        group="measure", gt=0, le=100,
    )
    # fmt: on

    @model_validator(mode="after")
    def _sizes_fit(self) -> TrainConfig:
        if not self.d_widths or len(self.d_widths) != len(self.d_filters):
            raise ValueError(
                f"d_widths has {len(self.d_widths)} entries and d_filters {len(self.d_filters)}; "
                "give one number of filters for each width"
            )
        if len(set(self.d_widths)) != len(self.d_widths):
            raise ValueError(f"d_widths is {self.d_widths}; name each width once")
        if min(self.d_widths) < 1 or max(self.d_widths) > self.sequence_length:
            raise ValueError(
                f"d_widths is {self.d_widths}; a width must be from 1 to sequence_length "
                f"({self.sequence_length}): leave out the wider filters or lengthen the sequences"
            )
        if self.bleu_order > self.sequence_length:
            raise ValueError(
                f"bleu_order is {self.bleu_order}; it must be at most sequence_length "
                f"({self.sequence_length})"
            )
        if self.vocab_size**self.bleu_order >= 2**63:
            raise ValueError(
                f"bleu_order is {self.bleu_order}; with a vocab_size of {self.vocab_size} its "
                "n-grams do not fit 64 bits: take a lower order"
            )
        fakes = self.d_samples if self.d_samples is not None else self.n_train
        if self.batch_size > min(self.n_train, fakes):
            raise ValueError(
                f"batch_size is {self.batch_size}; it must be at most n_train ({self.n_train}) "
                f"and d_samples ({fakes}), for a batch is never left half full"
            )
        if self.d_samples is not None and self.d_samples > self.n_train:
            raise ValueError(
                f"d_samples is {self.d_samples}; it must be at most n_train ({self.n_train}), "
                "for D sees as many real sequences as negatives"
            )
        if min(self.d_filters) < 1:
            raise ValueError(f"d_filters is {self.d_filters}; each must be 1 or more")
        return self


def field_info(name: str) -> dict[str, Any]:
    """Title, help, symbol, group, paper value and bounds of a field, for a form or a tooltip."""
    info = TrainConfig.model_fields[name]
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    bounds = {
        key: getattr(item, key)
        for item in info.metadata
        for key in ("gt", "ge", "lt", "le")
        if hasattr(item, key)
    }
    return {
        "title": info.title,
        "help": info.description,
        "default": info.default,
        **extra,
        **bounds,
    }


def make_config(base: TrainConfig | None = None, **changes: Any) -> TrainConfig:
    """`base` (the `paper` preset without one) with `changes`, validated as a whole.

    Raises:
        ConfigError: an unknown field, a wrong type or a value out of range, in one sentence.
    """
    from seqgan_core.training.strategies import STRATEGIES

    unknown = sorted(set(changes) - set(TrainConfig.model_fields))
    if unknown:
        raise ConfigError(
            f"{unknown[0]} is not a setting; the settings are {', '.join(TrainConfig.model_fields)}"
        )
    values = (base or TrainConfig()).model_dump() | changes
    try:
        config = TrainConfig.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_one_sentence(error)) from None
    if config.strategy not in STRATEGIES:
        raise ConfigError(
            f"strategy is {config.strategy!r}; it must be one of {', '.join(STRATEGIES)}"
        )
    return config


def parse_changes(assignments: list[str]) -> dict[str, Any]:
    """`["g_steps=4", "d_widths=[1,2]"]` as a dict; values are JSON, or else taken as text.

    >>> parse_changes(["g_steps=4", "device=cpu", "d_max_accuracy=null"])
    {'g_steps': 4, 'device': 'cpu', 'd_max_accuracy': None}
    """
    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals or not name:
            raise ConfigError(
                f"--set got {assignment!r}; write it as field=value, for example g_steps=4"
            )
        try:
            changes[name] = json.loads(text)
        except json.JSONDecodeError:
            changes[name] = text
    return changes


def _one_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    message = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return message
    name = str(first["loc"][0])
    extra = field_info(name)
    paper = f" (the paper uses {extra['paper']})" if extra.get("paper") is not None else ""
    rule = message[:1].lower() + message[1:]
    return f"{name} is {first['input']!r}; {rule.replace('input should', 'it must')}{paper}"
