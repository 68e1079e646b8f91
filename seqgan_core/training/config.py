"""One frozen `TrainConfig` feeds the command line, the sliders, the tooltips, the address and the
run library.

Every field carries its title, its symbol in the paper, its bounds, a sentence of help and the
value the paper (or the authors' published code) uses, and the facts that rules between settings are
made of. What a field means is said here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from seqgan_core.messages import Problem
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS, TaskName
from seqgan_core.training.setup.setting import Facts, setting

StrategyName = Literal[
    "seqgan", "mle", "scheduled_sampling", "pg_bleu", "random", "constant_reward"
]  # fmt: skip

PAPER_WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20)
PAPER_FILTERS = (100, 200, 200, 200, 200, 100, 100, 100, 100, 100, 160, 160)


class ConfigError(Problem, ValueError):
    """A setting is not allowed; the message says what was given, what is allowed, what to do."""


class TrainConfig(BaseModel):
    """All settings of one training run; the defaults are the `paper` preset.

    Raises:
        ConfigError: through `make_config`, when a value is out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # One setting reads better in a few full lines than in twelve short ones.
    # fmt: off

    # -- what is trained, and where -----------------------------------------------------------
    task: TaskName = setting(
        "synthetic", "Task", "What the sequences are.",
        group="run", paper="synthetic",
        fixed=True, measures=tuple(TASKS),
    )
    strategy: StrategyName = setting(
        "seqgan", "Strategy", "Where the generator's learning signal comes from.",
        group="run", paper="seqgan",
    )
    seed: int = setting(
        1, "Seed", "Starts every stream of randomness of the training.",
        group="run", ge=0, le=2 ** 31 - 1,
        repeats=True,
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "auto", "Device", "Where to compute; auto takes a GPU if there is one.",
        group="run",
        repeats=True,
    )

    # -- data ------------------------------------------------------------------------------------
    oracle_seed: int = setting(
        0, "Oracle seed", "Draws the oracle and the data sampled from it.",
        group="data", ge=0, le=2 ** 31 - 1,
        fixed=True, idle_for=CORPUS_TASKS,
    )
    oracle_path: str | None = setting(
        None, "Oracle file", "An .npz with the oracle's arrays, instead of drawing one.",
        group="data",
        fixed=True, idle_for=CORPUS_TASKS,
    )
    oracle_embedding_size: int = setting(
        32, "Oracle embedding", "Width of a drawn oracle's embedding.",
        group="data", paper=32, ge=2, le=1024,
        fixed=True, idle_for=CORPUS_TASKS,
    )
    oracle_hidden_size: int = setting(
        32, "Oracle hidden size", "Width of a drawn oracle's LSTM.",
        group="data", paper=32, ge=2, le=2048,
        fixed=True, idle_for=CORPUS_TASKS,
    )
    vocab_size: int = setting(
        5000, "Vocabulary", "Number of different tokens.",
        symbol="V", group="data", paper=5000, ge=2, le=50000,
        fixed=True, decided_by=CORPUS_TASKS, measures=CORPUS_TASKS, probed=True,
    )
    sequence_length: int = setting(
        20, "Length", "Tokens in a sequence.",
        symbol="T", group="data", paper=20, ge=2, le=200,
        fixed=True, decided_by=("poems",), measures=CORPUS_TASKS, probed=True,
    )
    n_train: int = setting(
        9984, "Training sequences", "Real sequences to learn from.",
        symbol="|S|", group="data", paper=9984, ge=8, le=2000000,
        fixed=True, decided_by=CORPUS_TASKS,
    )
    n_test: int = setting(
        5000, "Held-out sequences", "Real sequences kept for NLL_test and D's held-out accuracy.",
        group="data", ge=2, le=200000,
        fixed=True, decided_by=CORPUS_TASKS, measures=CORPUS_TASKS,
    )

    corpus: str = setting(
        "", "Corpus", "What text or tunes to learn from, by name; for all tasks but the oracle's.",
        group="data",
        fixed=True, idle_for=("synthetic",), measures=CORPUS_TASKS,
    )
    punctuation: bool = setting(
        False, "Punctuation", "Poems: marks are tokens too (24 a quatrain), not layout (20).",
        group="data",
        fixed=True, idle_for=("synthetic", "speech", "music"), measures=CORPUS_TASKS,
    )
    min_count: int = setting(
        1, "Minimum count",
        "A token that the training text holds less often is unknown to the vocabulary.",
        group="data", ge=1, le=1000,
        fixed=True, idle_for=("synthetic", "music"),
    )
    music_form: Literal["eighths", "keys"] = setting(
        "eighths", "Form of tunes",
        "Music: onsets, holds and rests of eighth notes, to listen to; or the paper's form, one "
        "key each 0.4 s.",
        group="data",
        fixed=True, idle_for=("synthetic", "poems", "speech"), measures=CORPUS_TASKS,
    )
    transpose: bool = setting(
        False, "Common key", "Music: every tune moved to C major or A minor.",
        group="data",
        fixed=True, idle_for=("synthetic", "poems", "speech"), measures=CORPUS_TASKS,
    )
    start_from: str | None = setting(
        None, "Start from", "A trained model that ships: its weights and its vocabulary.",
        group="data",
        fixed=True, idle_for=("synthetic",),
    )

    # -- generator -----------------------------------------------------------------------------
    g_embedding_size: int = setting(
        32, "G embedding", "Width of the generator's embedding.",
        symbol="E", group="generator", paper=32, ge=2, le=1024,
        fixed=True, model="generator", probed=True,
    )
    g_hidden_size: int = setting(
        32, "G hidden size", "Width of the generator's LSTM.",
        symbol="H", group="generator", paper=32, ge=2, le=2048,
        fixed=True, model="generator", probed=True,
    )
    g_init_std: float = setting(
        0.1, "G initial spread", "Every generator weight starts from N(0, this).",
        group="generator", paper=0.1, gt=0, le=2,
        fixed=True,
    )

    # -- MLE pre-training (Algorithm 1, line 2) ------------------------------------------------
    pretrain_epochs: int = setting(
        120, "MLE epochs", "Passes over the data before the adversarial rounds.",
        group="mle", paper=120, ge=0, le=10000,
    )
    pretrain_learning_rate: float = setting(
        0.01, "MLE learning rate", "Adam's step in pre-training.",
        group="mle", paper=0.01, gt=0, le=1,
    )
    batch_size: int = setting(
        64, "Batch", "Sequences in a step of MLE and of the discriminator.",
        symbol="B", group="mle", paper=64, ge=1, le=65536,
        fixed=True, probed=True,
    )
    max_grad_norm: float = setting(
        5.0, "Gradient clip", "The generator's gradient norm is cut to this.",
        group="mle", paper=5.0, gt=0, le=1000000.0,
    )

    shuffle: bool = setting(
        True, "Shuffle",
        "MLE's batches in a new order each epoch, or always in the file's order, as the authors' "
        "code keeps it.",
        group="mle",
    )
    feeding_decay: float = setting(
        0.002, "Feeding decay",
        "Scheduled sampling only: how much the probability of feeding the true token falls an "
        "epoch, from 1.",
        symbol="ε", group="mle", paper=0.002, ge=0, le=1,
    )

    # -- discriminator -------------------------------------------------------------------------
    d_embedding_size: int = setting(
        64, "D embedding", "Width of the discriminator's embedding.",
        group="discriminator", paper=64, ge=2, le=1024,
        fixed=True, model="discriminator", probed=True,
    )
    d_widths: tuple[int, ...] = setting(
        PAPER_WIDTHS, "Filter widths", "Lengths of the n-grams that filters read.",
        group="discriminator", paper=PAPER_WIDTHS,
        fixed=True, model="discriminator", probed=True,
    )
    d_filters: tuple[int, ...] = setting(
        PAPER_FILTERS, "Filters", "How many filters of each width.",
        group="discriminator", paper=PAPER_FILTERS,
        fixed=True, model="discriminator", probed=True,
    )
    d_dropout_keep: float = setting(
        0.75, "Dropout keep", "Share of features kept while D trains.",
        group="discriminator", paper=0.75, gt=0, le=1,
    )
    d_l2: float = setting(
        0.2, "L2", "Weight of the squared norm of D's output layer.",
        group="discriminator", paper=0.2, ge=0, le=100,
    )
    d_learning_rate: float = setting(
        0.0001, "D learning rate", "Adam's step for the discriminator.",
        group="discriminator", paper=0.0001, gt=0, le=1,
    )
    d_pretrain_steps: int = setting(
        50, "D pre-training steps", "Times that D sees fresh negatives before the rounds.",
        group="discriminator", paper=50, ge=0, le=10000,
    )
    d_samples: int | None = setting(
        None, "D negatives",
        "Fresh negatives in a D step, beside as many real; empty: as many as the data.",
        group="discriminator", paper=None, ge=16, le=2000000,
    )
    d_max_accuracy: float | None = setting(
        None, "Balance bound",
        "Skip D's steps while its held-out accuracy is above this; empty: never.",
        group="discriminator", paper=None, gt=0.5, le=1,
    )

    # -- adversarial rounds (Algorithm 1, lines 6 to 19) -----------------------------------------
    rounds: int = setting(
        200, "Rounds", "Adversarial rounds, each g-steps then d-steps.",
        group="adversarial", paper=200, ge=0, le=100000,
    )
    g_steps: int = setting(
        1, "g-steps", "Policy-gradient updates in a round.",
        symbol="g-steps", group="adversarial", paper=1, ge=0, le=1000,
    )
    d_steps: int = setting(
        5, "d-steps", "Times a round that D gets fresh negatives.",
        symbol="d-steps", group="adversarial", paper=5, ge=0, le=1000,
    )
    d_epochs: int = setting(
        3, "k", "Epochs that D trains on each set of negatives.",
        symbol="k", group="adversarial", paper=3, ge=1, le=1000,
    )
    g_batch_size: int = setting(
        64, "Policy batch", "Sequences sampled for one policy-gradient update.",
        group="adversarial", paper=64, ge=1, le=65536,
        probed=True,
    )
    g_learning_rate: float = setting(
        0.01, "Policy learning rate", "Adam's step of the policy gradient (its own moments).",
        symbol="α", group="adversarial", paper=0.01, gt=0, le=1,
    )
    n_rollouts: int = setting(
        16, "Roll-outs", "Completions sampled for each prefix.",
        symbol="N", group="adversarial", paper=16, ge=1, le=4096,
    )
    rollout_policy: Literal["live", "average"] = setting(
        "live", "Roll-out policy", "The current generator, or a moving average of it.",
        symbol="G_β", group="adversarial", paper="live",
    )
    rollout_update_rate: float = setting(
        0.8, "Average's memory",
        "Share of the old average kept at each update (0 follows at once, 1 never moves).",
        group="adversarial", paper=0.8, ge=0, le=1,
    )
    q_normalisation: Literal["none", "centre", "standardise", "advantage"] = setting(
        "none", "Q normalisation",
        "Q as it is; minus the batch's mean at each position; also divided by the standard "
        "deviation; or minus the value of the prefix, which is the Q of the token before.",
        group="adversarial", paper="none",
    )

    bleu_order: int = setting(
        2, "BLEU order", "PG-BLEU only: the longest n-grams that its reward counts.",
        group="adversarial", ge=1, le=5,
        probed=True,
    )

    # -- measuring and keeping -----------------------------------------------------------------
    n_eval: int = setting(
        10000, "Evaluation samples", "Fresh samples scored by the oracle.",
        group="measure", paper=10000, ge=64, le=1000000,
    )
    evaluate_every: int = setting(
        5, "Evaluate every", "Epochs or rounds between two evaluations.",
        group="measure", paper=5, ge=1, le=10000,
    )
    checkpoint_every: int = setting(
        10, "Checkpoint every", "Epochs or rounds between two checkpoints.",
        group="measure", ge=1, le=10000,
    )
    report_every: int = setting(
        20, "Report every", "Updates of MLE or D between two points on the charts.",
        group="measure", ge=1, le=100000,
    )
    divergence_nats: float = setting(
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


def _read(values: object) -> object:
    return make_config(**values) if isinstance(values, dict) else values


StoredConfig = Annotated[TrainConfig, BeforeValidator(_read)]
"""Settings in a file: what is wrong is said by a `ConfigError`; missing ones get their default."""


def field_info(name: str) -> dict[str, Any]:
    """Title, help, symbol, group, paper value and bounds of a field, for a form or a tooltip."""
    info, extra = TrainConfig.model_fields[name], _extra(name)
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
        **{key: extra[key] for key in ("symbol", "group", "paper")},
        **bounds,
    }


def facts_of(name: str) -> Facts:
    """What the rules need to know of a setting."""
    facts = _extra(name)["facts"]
    assert isinstance(facts, Facts)
    return facts


def settings_where(holds: Callable[[Facts], object]) -> tuple[str, ...]:
    """The settings of whose facts this holds, in the order of the fields.

    >>> settings_where(lambda facts: facts.model == "generator")
    ('g_embedding_size', 'g_hidden_size')
    """
    return tuple(name for name in TrainConfig.model_fields if holds(facts_of(name)))


def _extra(name: str) -> dict[str, Any]:
    extra = TrainConfig.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return extra


def make_config(base: TrainConfig | None = None, **changes: Any) -> TrainConfig:
    """`base` (the `paper` preset without one) with `changes`, validated as a whole.

    Raises:
        ConfigError: an unknown field, a wrong type or a value out of range, in one sentence.
    """
    unknown = sorted(set(changes) - set(TrainConfig.model_fields))
    if unknown:
        raise ConfigError(
            f"{unknown[0]} is not a setting; the settings are {', '.join(TrainConfig.model_fields)}"
        )
    values = (base or TrainConfig()).model_dump() | changes
    try:
        return TrainConfig.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_one_sentence(error.errors()[0])) from None


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


def _one_sentence(error: ErrorDetails) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = str(error["loc"][0])
    if name in ("task", "strategy"):
        names = get_args(TrainConfig.model_fields[name].annotation)
        return f"{name} is {error['input']!r}; it must be one of {', '.join(names)}"
    paper = field_info(name)["paper"]
    remark = f" (the paper uses {paper})" if paper is not None else ""
    rule = message[:1].lower() + message[1:]
    return f"{name} is {error['input']!r}; {rule.replace('input should', 'it must')}{remark}"
