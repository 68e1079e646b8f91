"""`score` and `q-values`: the NLL of sequences, and the Q-values of their tokens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.options import DrawSeed, Home, Json, Run, Step
from seqgan_core.cli.common.output import InputError, say, write_json, write_line
from seqgan_core.insight.jobs import finish
from seqgan_core.runs.store import Store
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import make_config
from seqgan_core.training.strategies import REWARDS, STRATEGIES, RewardName, reward_names

if TYPE_CHECKING:
    from seqgan_core.runs.open_checkpoint import OpenCheckpoint

OracleFile = Annotated[Path, typer.Option(help="An .npz file with the oracle's weights.")]
TokenFile = Annotated[Path, typer.Option(help="A .npy file with integers of shape (n, T).")]


def score(oracle: OracleFile, tokens: TokenFile, as_json: Json = False) -> None:
    """Print the mean NLL of sequences under an oracle, in nats per token (lower is better)."""
    from seqgan_core.cli.common.files import load_tokens
    from seqgan_core.paper.metrics import sequence_nll
    from seqgan_core.tasks.oracle_file import load_oracle

    model = load_oracle(oracle)
    sequences = load_tokens(tokens, model.vocab_size)
    nll = float(sequence_nll(model, sequences).double().mean())
    n, length = sequences.shape
    if as_json:
        write_json({"nll": nll, "n": n, "length": length})
    else:
        write_line(f"{nll:.6f}")
        say(f"Nats per token, the mean over {n} sequences of {length} tokens.")


def q_values(
    run: Run,
    tokens: Annotated[
        Path | None,
        typer.Option(
            help="A .npy file with integers (n, T); by default the run's tracked samples.",
            show_default=False,
        ),
    ] = None,
    n: Annotated[
        int | None,
        typer.Option("-n", help="Completions of each prefix; by default the run's setting."),
    ] = None,
    reward: Annotated[
        RewardName | None,
        typer.Option(help="What scores the sequences; by default the run's own reward."),
    ] = None,
    seed: DrawSeed = 1,
    step: Step = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the Q of every token, by Monte Carlo search with the run's models."""
    from seqgan_core.cli.common.files import load_tokens
    from seqgan_core.insight.models import Models
    from seqgan_core.insight.rollouts.explore import explore
    from seqgan_core.runs.open_checkpoint import open_checkpoint
    from seqgan_core.training.evaluation import followed_sequences

    store = Store(home)
    checkpoint = open_checkpoint(store, run, step)
    config = checkpoint.config
    by = _reward_name(checkpoint, reward)
    reward_function = Models(store).reward(checkpoint.run_id, by, checkpoint)
    n_rollouts = make_config(config, n_rollouts=config.n_rollouts if n is None else n).n_rollouts
    if tokens is None:
        sequences = followed_sequences(checkpoint)
    else:
        sequences = load_tokens(tokens, config.vocab_size, config.sequence_length)
    values = finish(explore(checkpoint, reward_function, sequences, n_rollouts, seed))
    names = [checkpoint.task.show(row).tokens for row in values.tokens.tolist()]
    if as_json:
        about = {"run": checkpoint.run_id, "step": checkpoint.step, "n": n_rollouts}
        about |= {"seed": seed, "reward": by}
        arrays = {"tokens": values.tokens, "q": values.q, "std_error": values.std_error}
        arrays |= {"scores": values.scores}
        words = {"words": names} if config.task in CORPUS_TASKS else {}
        write_json(about | {name: array.tolist() for name, array in arrays.items()} | words)
        return
    for row, q_row, error_row in zip(names, values.q, values.std_error, strict=True):
        cells = zip(row, q_row, error_row, strict=True)
        write_line("  ".join(f"{token}:{q:.3f}±{error:.3f}" for token, q, error in cells))
    say(
        f"token:Q±standard error, over {n_rollouts} completions scored by {by}, "
        f"at step {checkpoint.step}, seed {seed}."
    )


def _reward_name(checkpoint: OpenCheckpoint, name: str | None) -> str:
    """The reward of that name, by default the one the run was trained with."""
    strategy = checkpoint.config.strategy
    offered = reward_names(checkpoint.config)
    if name is None and STRATEGIES[strategy].reward not in REWARDS.values():
        raise InputError("input.no-reward", run=checkpoint.run_id, strategy=strategy)
    name = name or offered[0]
    if name not in offered:
        raise InputError(
            "input.reward",
            name=name, run=checkpoint.run_id, strategy=strategy, allowed=", ".join(offered),
        )  # fmt: skip
    return name
