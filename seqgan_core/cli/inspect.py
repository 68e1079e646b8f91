"""`score`, `q-values` and `search`: the NLL of sequences, Q of their tokens, and a tree search."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.options import DrawSeed, Home, Json, Run, Step
from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.insight.jobs import finish
from seqgan_core.messages import _
from seqgan_core.runs.store import Store
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import make_config
from seqgan_core.training.strategies import REWARDS, STRATEGIES, RewardName, reward_names

if TYPE_CHECKING:
    from seqgan_core.insight.models import Models
    from seqgan_core.runs.open_checkpoint import OpenCheckpoint

OracleFile = Annotated[Path, typer.Option(help="An .npz file with the oracle's weights.")]
TokenFile = Annotated[Path, typer.Option(help="A .npy file with integers of shape (n, T).")]
Reward = Annotated[
    RewardName | None,
    typer.Option(help="What scores the sequences; by default the run's own reward."),
]


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
            help="A .npy file with integers (n, T); by default the run's tracked samples."
        ),
    ] = None,
    n: Annotated[
        int | None,
        typer.Option("-n", help="Completions of each prefix; by default the run's setting."),
    ] = None,
    reward: Reward = None,
    seed: DrawSeed = 1,
    step: Step = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the Q of every token, by Monte Carlo search with the run's models."""
    from seqgan_core.cli.common.files import load_tokens
    from seqgan_core.insight.rollouts.explore import explore
    from seqgan_core.training.evaluation import followed_sequences

    models, checkpoint, by = _open(home, run, step, reward)
    config = checkpoint.config
    reward_function = models.reward(checkpoint.run_id, by, checkpoint)
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


def search(
    run: Run,
    prefix: Annotated[
        str, typer.Option(help="The tokens to search after: numbers, words, characters or notes.")
    ] = "",
    simulations: Annotated[int, typer.Option(help="Simulations S, from 1 to 64.")] = 16,
    exploration: Annotated[
        float | None,
        typer.Option(help="Weight c of G's probabilities; by default the run's setting."),
    ] = None,
    rollout_share: Annotated[
        float | None,
        typer.Option(help="Roll-outs' share of a leaf's value beside v; by default the run's."),
    ] = None,
    reward: Reward = None,
    seed: DrawSeed = 1,
    step: Step = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Search a tree of next tokens after a prefix, and show what its root learned."""
    from seqgan_core.insight.rollouts.search import search_prefix, search_settings

    models, checkpoint, by = _open(home, run, step, reward)
    if by == "constant":
        raise InputError("search.constant")
    given = {"search_exploration": exploration, "search_rollout_share": rollout_share}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = search_settings(checkpoint.config, search_simulations=simulations, **changes)
    tokens = _prefix(models, checkpoint, prefix)
    reward_function = models.reward(checkpoint.run_id, by, checkpoint)
    found = finish(search_prefix(checkpoint, reward_function, tokens, settings, seed))
    name, columns, tree = checkpoint.task.vocabulary.name, found.root(), found.found.tree
    rows, value = list(zip(*columns.values(), strict=True)), float(found.found.value)
    chosen, left_out = int(found.found.chosen), float(tree.left_out[0, 0])
    if as_json:
        about = {"run": checkpoint.run_id, "step": checkpoint.step, "seed": seed, "reward": by}
        shares = {"rollout_share": 1.0 if checkpoint.value is None else settings.rollout_share}
        root = [dict(zip(columns, row, strict=True)) | {"word": name(row[0])} for row in rows]
        parts = ("by_search", "by_sample", "by_likeliest", "prefix_value")
        written = {part: one and asdict(one) for part in parts for one in [getattr(found, part)]}
        about |= {"simulations": simulations, "exploration": settings.exploration} | shares
        about |= {"prefix": found.prefix, "chosen": chosen, "value": value}
        write_json(about | written | {"left_out": left_out, "actions": root})
        return
    write_table(
        _("Search after {n} tokens: {token} is chosen").format(n=len(tokens), token=name(chosen)),
        (_("action"), _("prior P"), _("visits N"), "Q", _("improved π′")),
        ([name(a), f"{p:.4f}", f"{n:.0f}", f"{q:.4f}", f"{i:.4f}"] for a, p, n, q, i in rows),
    )
    say(
        f"{simulations} simulations scored by {by}, at step {checkpoint.step}, seed {seed}; value "
        f"{value:.4f}, probability of all other tokens {left_out:.4f}. Score of "
        f"what the search would write: {found.by_search.score:.4f}, of G's sample: "
        f"{found.by_sample.score:.4f}, of G's likeliest tokens: {found.by_likeliest.score:.4f}."
    )


def _prefix(models: Models, checkpoint: OpenCheckpoint, text: str) -> list[int]:
    """The tokens of a prefix, as `sample --first` reads a word of text."""
    from seqgan_core.insight.writing.sampler import fixed_tokens, sampler_of_run

    config = checkpoint.config
    if config.task not in CORPUS_TASKS:
        for word in text.split():
            if not (word.isascii() and word.isdigit() and int(word) < config.vocab_size):
                raise InputError(
                    "search.token", word=word, run=checkpoint.run_id, last=config.vocab_size - 1
                )
        return [int(word) for word in text.split()]
    record = models.store.run(checkpoint.run_id)
    sampler = sampler_of_run(models, record, checkpoint.step)
    words = "".join(text.split()) if sampler.unit == "characters" else text.split()
    return [fixed_tokens(sampler, word)[0] for word in words]


def _open(
    home: Path | None, run: str, step: int | None, name: str | None
) -> tuple[Models, OpenCheckpoint, str]:
    """The library's models, the run's checkpoint, and the reward: by default the run's own."""
    from seqgan_core.insight.models import Models
    from seqgan_core.runs.open_checkpoint import open_checkpoint

    store = Store(home)
    checkpoint = open_checkpoint(store, run, step)
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
    return Models(store), checkpoint, name
