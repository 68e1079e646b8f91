"""`sample`: what a stored run or a model that ships writes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from seqgan_core.cli.common.options import DrawSeed, Home, Json, Step
from seqgan_core.cli.common.output import InputError, write_json, write_line
from seqgan_core.media.verse.layout import Verse
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.registry import CORPUS_TASKS

if TYPE_CHECKING:
    from seqgan_core.insight.writing.sampler import Sampler

Format = Literal["text", "json", "midi", "musicxml", "wav"]


def sample(
    run: Annotated[
        str | None, typer.Argument(help="A run's id, or its beginning.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A trained model that ships, in place of a run.")
    ] = None,
    n: Annotated[int, typer.Option("-n", help="How many sequences.")] = 10,
    temperature: Annotated[
        float, typer.Option(help="Divides the logits: 1 is the model's own, 0 the likeliest.")
    ] = 1.0,
    first: Annotated[
        str, typer.Option(help="Text: the word or character that each sequence begins with.")
    ] = "",
    acrostic: Annotated[
        str, typer.Option(help="Verse: the characters that the lines begin with.")
    ] = "",
    format: Annotated[
        Format, typer.Option(help="text or json; of music also midi, musicxml or wav, with --out.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(help="Music: the folder that the files go into.")
    ] = None,
    instrument: Annotated[
        str, typer.Option(help="Music: what it is played on, such as piano or fiddle.")
    ] = "piano",
    bpm: Annotated[
        float | None, typer.Option(help="Music: quarter notes a minute; else the model's own.")
    ] = None,
    seed: DrawSeed = 1,
    step: Step = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Samples sequences: verse and sentences as they are read, tunes as files, tokens as lines."""
    from seqgan_core.cli import tune_export
    from seqgan_core.insight.models import Models
    from seqgan_core.insight.writing.sampler import (
        fixed_tokens,
        sample_tokens,
        sampler_of_run,
        shipped_sampler,
    )

    if not 1 <= n <= 1_000_000:
        raise InputError(f"-n is {n}; it must be from 1 to 1000000")
    if not 0 <= temperature < math.inf:
        raise InputError(
            f"--temperature is {temperature}; it must be 0 or more (1 is the model's own)"
        )
    if (run is None) == (model is None):
        raise InputError("give either a run's id or --model NAME, of a model that ships")
    folder = tune_export.check(n, out, instrument, bpm) if format in tune_export.FORMATS else None
    if folder is None and (out is not None or bpm is not None or instrument != "piano"):
        raise InputError(
            "--out, --instrument and --bpm are for tunes as files; add "
            f"--format {', '.join(tune_export.FORMATS[:-1])} or {tune_export.FORMATS[-1]}"
        )
    settings = {"n": n, "temperature": temperature}
    if model is not None:
        sampler = shipped_sampler(model)
        about: dict[str, Any] = {"model": model}
    else:
        assert run is not None
        store = Store(home)
        record = store.run(run)
        if record.config.task not in CORPUS_TASKS:
            if first or acrostic:
                raise InputError("--first and --acrostic are for models of text; this run has none")
            if folder is not None:
                raise InputError(f"--format {format} is for models of music; this run has none")
            _numbers(store, run, n, temperature, seed, step, as_json or format == "json")
            return
        step = step if step is not None else max(c.step for c in store.checkpoints(record.id))
        sampler = sampler_of_run(Models(store), record, step)
        about = {"run": record.id, "step": step}
    tokens = sample_tokens(sampler, n, seed, temperature, fixed_tokens(sampler, first, acrostic))
    if folder is not None:
        kind = cast(tune_export.Format, format)
        paths = tune_export.write_tunes(sampler, tokens, seed, kind, folder, instrument, bpm)
        if as_json:
            names = [str(path) for path in paths]
            write_json(about | settings | {"seed": seed, "tokens": tokens.tolist(), "files": names})
        for path in [] if as_json else paths:
            write_line(str(path))
        return
    texts = [_set(sampler, words) for words in sampler.text(tokens)]
    if as_json or format == "json":
        write_json(about | settings | {"seed": seed, "tokens": tokens.tolist(), "texts": texts})
    else:
        write_line(("\n\n" if sampler.lines else "\n").join(texts))


def _set(sampler: Sampler, words: Sequence) -> str:
    """A sequence as it is read."""
    if sampler.unit == "notes":
        return " ".join(words)
    return str(Verse.of(words, sampler.lines, "words" if sampler.unit == "words" else "characters"))


def _numbers(
    store: Store, run: str, n: int, temperature: float, seed: int, step: int | None, as_json: bool
) -> None:
    """Sequences of a task whose tokens are numbers."""
    from seqgan_core.runs.open_checkpoint import open_checkpoint
    from seqgan_core.training.randomness import rng_for

    checkpoint = open_checkpoint(store, run, step)
    length = checkpoint.config.sequence_length
    rng = rng_for(seed, "command line: sample", 0, checkpoint.device)
    tokens = checkpoint.generator.sample(n, length, rng, temperature).tolist()
    if as_json:
        about = {"run": checkpoint.run_id, "step": checkpoint.step, "n": n}
        write_json(about | {"temperature": temperature, "tokens": tokens})
        return
    for row in tokens:
        write_line(" ".join(map(str, row)))
