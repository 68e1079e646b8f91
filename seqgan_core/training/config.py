"""All settings of a run: one table for the command line, the forms, the address and the library.

Every field has a title, bounds, its symbol and value in the paper (or the authors' code), and the
`Facts` that rules between settings are derived from; its help is a remark, `setting.NAME`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from seqgan_core.messages import N_, Problem, remark
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS, TaskName
from seqgan_core.training.setup.setting import BOUNDS, Facts, setting

StrategyName = Literal[
    "seqgan", "mle", "scheduled_sampling", "pg_bleu", "random", "constant_reward",
    "random_reward", "actor_critic", "tree_search", "best_of_n",
]  # fmt: skip

# Strategies that can have a value network.
WITH_VALUES = ("seqgan", "pg_bleu", "random_reward", "actor_critic", "tree_search")
PAPER_WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20)
PAPER_FILTERS = (100, 200, 200, 200, 200, 100, 100, 100, 100, 100, 160, 160)


class ConfigError(Problem, ValueError):
    """A setting is not allowed."""


class TrainConfig(BaseModel):
    """All settings of one training run; the defaults are the `paper` preset.

    Raises:
        ConfigError: through `make_config`, when a value is out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # fmt: off

    # -- task and device -----------------------------------------------------------------------
    task: TaskName = setting("synthetic", N_("Task"),
        group="run", paper="synthetic", fixed=True, measures=tuple(TASKS))
    strategy: StrategyName = setting("seqgan", N_("Strategy"), group="run", paper="seqgan")
    seed: int = setting(1, N_("Seed"), group="run", ge=0, le=2 ** 31 - 1, repeats=True)
    device: Literal["auto", "cpu", "cuda", "mps"] = setting("auto", N_("Device"),
        group="run", repeats=True)

    # -- data ------------------------------------------------------------------------------------
    oracle_seed: int = setting(0, N_("Oracle seed"),
        group="data", ge=0, le=2 ** 31 - 1, fixed=True, idle_for=CORPUS_TASKS)
    oracle_path: str | None = setting(None, N_("Oracle file"),
        group="data", fixed=True, idle_for=CORPUS_TASKS)
    oracle_embedding_size: int = setting(32, N_("Oracle embedding"),
        group="data", paper=32, ge=2, le=1024, fixed=True, idle_for=CORPUS_TASKS)
    oracle_hidden_size: int = setting(32, N_("Oracle hidden size"),
        group="data", paper=32, ge=2, le=2048, fixed=True, idle_for=CORPUS_TASKS)
    vocab_size: int = setting(5000, N_("Vocabulary"),
        symbol="V", group="data", paper=5000, ge=2, le=50000, fixed=True, decided_by=CORPUS_TASKS,
        measures=CORPUS_TASKS, probed=True)
    sequence_length: int = setting(20, N_("Length"),
        symbol="T", group="data", paper=20, ge=2, le=200, fixed=True, decided_by=("poems",),
        measures=CORPUS_TASKS, probed=True)
    n_train: int = setting(9984, N_("Training sequences"),
        symbol="|S|", group="data", paper=9984, ge=8, le=2000000, fixed=True,
        decided_by=CORPUS_TASKS)
    n_test: int = setting(5000, N_("Held-out sequences"),
        group="data", ge=2, le=200000, fixed=True, decided_by=CORPUS_TASKS, measures=CORPUS_TASKS)

    corpus: str = setting("", N_("Corpus"),
        group="data", fixed=True, idle_for=("synthetic",), measures=CORPUS_TASKS)
    punctuation: bool = setting(False, N_("Punctuation"),
        group="data", fixed=True, idle_for=("synthetic", "speech", "music"), measures=CORPUS_TASKS)
    min_count: int = setting(1, N_("Minimum count"),
        group="data", ge=1, le=1000, fixed=True, idle_for=("synthetic", "music"))
    music_form: Literal["eighths", "keys", "tunes"] = setting("eighths", N_("Tune encoding"),
        group="data", fixed=True, idle_for=("synthetic", "poems", "speech"), measures=CORPUS_TASKS)
    transpose: bool = setting(False, N_("Common key"),
        group="data", fixed=True, idle_for=("synthetic", "poems", "speech"), measures=CORPUS_TASKS)
    start_from: str | None = setting(None, N_("Start from"),
        group="data", fixed=True, idle_for=("synthetic",))

    # -- generator -----------------------------------------------------------------------------
    g_embedding_size: int = setting(32, N_("G embedding"),
        symbol="E", group="generator", paper=32, ge=2, le=1024, fixed=True, model="generator",
        probed=True)
    g_hidden_size: int = setting(32, N_("G hidden size"),
        symbol="H", group="generator", paper=32, ge=2, le=2048, fixed=True, model="generator",
        probed=True)
    g_tied_embeddings: bool = setting(False, N_("G tied embeddings"),
        group="generator", paper=False, fixed=True, model="generator", probed=True)
    g_dropout: float = setting(0.0, N_("G dropout"), group="generator", paper=0.0, ge=0, lt=1)
    g_init_std: float = setting(0.1, N_("G initial std"),
        group="generator", paper=0.1, gt=0, le=2, fixed=True)

    # -- MLE pre-training (Algorithm 1, line 2) ------------------------------------------------
    pretrain_epochs: int = setting(120, N_("MLE epochs"), group="mle", paper=120, ge=0, le=10000)
    pretrain_learning_rate: float = setting(0.01, N_("MLE learning rate"),
        group="mle", paper=0.01, gt=0, le=1)
    batch_size: int = setting(64, N_("Batch size"),
        symbol="B", group="mle", paper=64, ge=1, le=65536, fixed=True, probed=True)
    max_grad_norm: float = setting(5.0, N_("Gradient clipping"),
        group="mle", paper=5.0, gt=0, le=1000000.0)

    shuffle: bool = setting(True, N_("Shuffle"), group="mle")
    feeding_decay: float = setting(0.002, N_("Feeding decay"),
        symbol="ε", group="mle", paper=0.002, ge=0, le=1)

    # -- discriminator -------------------------------------------------------------------------
    d_embedding_size: int = setting(64, N_("D embedding"),
        group="discriminator", paper=64, ge=2, le=1024, fixed=True, model="discriminator",
        probed=True)
    d_widths: tuple[int, ...] = setting(PAPER_WIDTHS, N_("Filter widths"),
        group="discriminator", paper=PAPER_WIDTHS, fixed=True, model="discriminator", probed=True)
    d_filters: tuple[int, ...] = setting(PAPER_FILTERS, N_("Filters"),
        group="discriminator", paper=PAPER_FILTERS, fixed=True, model="discriminator", probed=True)
    d_dropout_keep: float = setting(0.75, N_("Dropout keep rate"),
        group="discriminator", paper=0.75, gt=0, le=1)
    d_l2: float = setting(0.2, N_("L2"), group="discriminator", paper=0.2, ge=0, le=100)
    d_learning_rate: float = setting(0.0001, N_("D learning rate"),
        group="discriminator", paper=0.0001, gt=0, le=1)
    d_batch_size: int | None = setting(None, N_("D batch size"),
        group="discriminator", ge=1, le=65536, fixed=True, probed=True)
    d_pretrain_steps: int = setting(50, N_("D pre-training steps"),
        group="discriminator", paper=50, ge=0, le=10000)
    d_samples: int | None = setting(None, N_("D negatives"),
        group="discriminator", ge=16, le=2000000)
    d_max_accuracy: float | None = setting(None, N_("Balance bound"),
        group="discriminator", gt=0.5, le=1)
    d_max_gap: float | None = setting(None, N_("Memorisation bound"),
        group="discriminator", ge=0, le=0.5)

    # -- adversarial rounds (Algorithm 1, lines 6 to 19) -----------------------------------------
    rounds: int = setting(200, N_("Rounds"), group="adversarial", paper=200, ge=0, le=100000)
    g_steps: int = setting(1, N_("g-steps"),
        symbol="g-steps", group="adversarial", paper=1, ge=0, le=1000)
    d_steps: int = setting(5, N_("d-steps"),
        symbol="d-steps", group="adversarial", paper=5, ge=0, le=1000)
    d_epochs: int = setting(3, N_("k"), symbol="k", group="adversarial", paper=3, ge=1, le=1000)
    g_batch_size: int = setting(64, N_("Policy batch size"),
        group="adversarial", paper=64, ge=1, le=65536, probed=True)
    g_learning_rate: float = setting(0.01, N_("Policy learning rate"),
        symbol="α", group="adversarial", paper=0.01, gt=0, le=1)
    n_rollouts: int = setting(16, N_("Roll-outs"),
        symbol="N", group="adversarial", paper=16, ge=1, le=4096)
    rollouts_in_bfloat16: bool = setting(False, N_("Roll-outs in bfloat16"),
        group="adversarial", probed=True)
    rollout_policy: Literal["live", "average"] = setting("live", N_("Roll-out policy"),
        symbol="G_β", group="adversarial", paper="live")
    rollout_update_rate: float = setting(0.8, N_("Roll-out update rate"),
        group="adversarial", paper=0.8, ge=0, le=1)
    q_normalisation: Literal["none", "centre", "standardise", "advantage", "value"] = setting(
        "none", N_("Q normalisation"), group="adversarial", paper="none")

    bleu_order: int = setting(2, N_("BLEU order"), group="adversarial", ge=1, le=5, probed=True)

    # -- thinking ahead ----------------------------------------------------------------------------
    v_size: int = setting(32, N_("v size"), group="ahead", ge=2, le=1024, fixed=True, probed=True)
    v_learning_rate: float = setting(0.001, N_("v learning rate"), group="ahead", gt=0, le=1)
    v_steps: int = setting(2, N_("v steps"), group="ahead", ge=1, le=100)
    gae_decay: float = setting(0.95, N_("Advantage decay"), symbol="λ", group="ahead", ge=0, le=1)
    search_simulations: int = setting(16, N_("Simulations"),
        symbol="S", group="ahead", ge=1, le=1024)
    search_actions: int = setting(16, N_("Search actions"),
        symbol="k", group="ahead", ge=1, le=1024)
    search_candidates: int = setting(8, N_("Search candidates"),
        symbol="m", group="ahead", ge=1, le=1024)
    search_exploration: float = setting(1.25, N_("Exploration"),
        symbol="c", group="ahead", ge=0, le=100)
    search_rollout_share: float = setting(0.5, N_("Roll-out share"), group="ahead", ge=0, le=1)
    search_negatives: bool = setting(False, N_("Searched negatives"), group="ahead")

    # -- evaluation and checkpoints --------------------------------------------------------------
    n_eval: int = setting(10000, N_("Evaluation samples"),
        group="measure", paper=10000, ge=64, le=1000000)
    evaluate_every: int = setting(5, N_("Evaluate every"), group="measure", paper=5, ge=1, le=10000)
    checkpoint_every: int = setting(10, N_("Checkpoint every"), group="measure", ge=1, le=10000)
    report_every: int = setting(20, N_("Report every"), group="measure", ge=1, le=100000)
    divergence_nats: float = setting(3.0, N_("Divergence guard"), group="measure", gt=0, le=100)
    # fmt: on

    @property
    def batch_size_of_d(self) -> int:
        """Sequences per optimiser step of D."""
        return self.batch_size if self.d_batch_size is None else self.d_batch_size

    @model_validator(mode="after")
    def _follows_the_rules(self) -> TrainConfig:
        for code, holds in _RULES.items():
            if not holds(self):
                fields = self.model_dump() | {"n_negatives": _negatives(self)}
                fields["d_batch_size"] = self.batch_size_of_d
                raise ConfigError(code, **fields)
        return self


def _negatives(config: TrainConfig) -> int:
    return config.n_train if config.d_samples is None else config.d_samples


def _searches(config: TrainConfig) -> bool:
    return config.strategy == "tree_search"


_RULES: dict[str, Callable[[TrainConfig], object]] = {  # the sentences: assets/text/en/errors.md
    "config.filters": lambda c: c.d_widths and len(c.d_widths) == len(c.d_filters),
    "config.widths-twice": lambda c: len(set(c.d_widths)) == len(c.d_widths),
    "config.widths": lambda c: min(c.d_widths) >= 1 and max(c.d_widths) <= c.sequence_length,
    "config.bleu-order": lambda c: c.bleu_order <= c.sequence_length,
    "config.bleu-size": lambda c: c.vocab_size**c.bleu_order < 2**63,
    "config.batch": lambda c: c.batch_size <= c.n_train,
    "config.d-batch": lambda c: c.batch_size_of_d <= _negatives(c),
    "config.negatives": lambda c: _negatives(c) <= c.n_train,
    "config.value-baseline": lambda c: c.q_normalisation != "value" or c.strategy in WITH_VALUES,
    "config.search-actions": lambda c: not _searches(c) or c.search_actions <= c.vocab_size,
    "config.search-candidates": lambda c: (
        not _searches(c) or c.search_candidates <= c.search_actions
    ),
    "config.tied": lambda c: not c.g_tied_embeddings or c.g_embedding_size == c.g_hidden_size,
    "config.tunes": lambda c: c.task != "music" or c.music_form != "tunes" or c.transpose,
    "config.g-dropout": lambda c: not c.g_dropout or c.strategy != "scheduled_sampling",
    "config.no-filters": lambda c: min(c.d_filters) >= 1,
}


def _read(values: object) -> object:
    return make_config(**values) if isinstance(values, dict) else values


StoredConfig = Annotated[TrainConfig, BeforeValidator(_read)]
"""Settings in a file; missing ones get their default. Errors are `ConfigError`s."""


def field_info(name: str) -> dict[str, Any]:
    """Title (to be translated), help, symbol, group, paper value and bounds of a field."""
    info, extra = TrainConfig.model_fields[name], _extra(name)
    bounds = {
        key: getattr(item, key) for item in info.metadata for key in BOUNDS if hasattr(item, key)
    }
    return {
        "title": info.title,
        "help": remark(f"setting.{name}"),
        "default": info.default,
        **{key: extra[key] for key in ("symbol", "group", "paper")},
        **bounds,
    }


def facts_of(name: str) -> Facts:
    """The facts of a setting."""
    facts: Facts = _extra(name)["facts"]
    return facts


def settings_where(holds: Callable[[Facts], object]) -> tuple[str, ...]:
    """The settings for whose facts `holds` is true, in the order of the fields.

    >>> settings_where(lambda facts: facts.model == "generator")
    ('g_embedding_size', 'g_hidden_size', 'g_tied_embeddings')
    """
    return tuple(name for name in TrainConfig.model_fields if holds(facts_of(name)))


def _extra(name: str) -> dict[str, Any]:
    extra = TrainConfig.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return extra


def make_config(base: TrainConfig | None = None, **changes: Any) -> TrainConfig:
    """`base` (the `paper` preset without one) with `changes`, validated as a whole.

    Raises:
        ConfigError: an unknown field, a wrong type or a value out of range.
    """
    unknown = sorted(set(changes) - set(TrainConfig.model_fields))
    if unknown:
        raise ConfigError(
            "config.unknown", name=unknown[0], allowed=", ".join(TrainConfig.model_fields)
        )
    values = (base or TrainConfig()).model_dump() | changes
    try:
        return TrainConfig.model_validate(values)
    except ValidationError as error:
        raise _problem(error.errors()[0]) from None


def parse_changes(assignments: list[str]) -> dict[str, Any]:
    """`["g_steps=4", "d_widths=[1,2]"]` as a dict; values are JSON, or else taken as text.

    >>> parse_changes(["g_steps=4", "device=cpu", "d_max_accuracy=null"])
    {'g_steps': 4, 'device': 'cpu', 'd_max_accuracy': None}
    """
    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals or not name:
            raise ConfigError("config.assignment", given=assignment)
        try:
            changes[name] = json.loads(text)
        except json.JSONDecodeError:
            changes[name] = text
    return changes


def _problem(error: ErrorDetails) -> ConfigError:
    problem = error.get("ctx", {}).get("error")
    if isinstance(problem, ConfigError):
        return problem
    name = str(error["loc"][0])
    known = {"name": name, "given": error["input"]}
    if name in ("task", "strategy"):
        names = get_args(TrainConfig.model_fields[name].annotation)
        return ConfigError("config.choice", allowed=", ".join(names), **known)
    message = str(error["msg"])
    known["rule"] = (message[:1].lower() + message[1:]).replace("input should", "it must")
    paper = field_info(name)["paper"]
    if paper is None:
        return ConfigError("config.value", "{name} is {given!r}; {rule}", **known)
    return ConfigError(
        "config.value", "{name} is {given!r}; {rule} (the paper uses {paper})", paper=paper, **known
    )
