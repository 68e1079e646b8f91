"""`sample`: sequences of a stored run or of a model that ships; tunes as files too."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from seqgan_core.cli.common.options import DrawSeed, Home, Json, Step
from seqgan_core.cli.common.output import InputError, write_json, write_line
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.messages import _
from seqgan_core.runs.store import Store
from seqgan_core.tasks.registry import CORPUS_TASKS

if TYPE_CHECKING:
    from seqgan_core.insight.writing.sampler import Sampler
    from seqgan_core.paper.tokens import Tokens

Format = Literal["text", "json", "abc", "midi", "musicxml", "wav"]
# of the formats of tunes
ENDINGS = {"abc": "abc", "midi": "mid", "musicxml": "musicxml", "wav": "wav"}
MOST, MOST_FILES = 1_000_000, 1000
SLOWEST, FASTEST = 20.0, 400.0  # quarter notes per minute


def sample(
    run: Annotated[str | None, typer.Argument(help="A run's id, or its beginning.")] = None,
    model: Annotated[str | None, typer.Option(help="A model that ships, instead of a run.")] = None,
    n: Annotated[int, typer.Option("-n", help="Number of sequences.")] = 10,
    temperature: Annotated[
        float, typer.Option(help="Divides the logits: 1 is the model's own, 0 the most likely.")
    ] = 1.0,
    first: Annotated[
        str, typer.Option(help="Text: the word or character that each sequence begins with.")
    ] = "",
    acrostic: Annotated[
        str, typer.Option(help="Verse: the characters that the lines begin with.")
    ] = "",
    metre: Annotated[
        str, typer.Option(help="Whole tunes: 4/4, 6/8 or 3/4; by default the model's choice.")
    ] = "",
    key: Annotated[str, typer.Option(help="Whole tunes: the tonic, such as D, F# or Bb.")] = "",
    rhyme: Annotated[
        str,
        typer.Option(help="Chinese verse: the rhyme of the even lines by the rhyme book, as 東."),
    ] = "",
    format: Annotated[
        Format,
        typer.Option(help="text or json; for tunes also abc, midi, musicxml or wav, with --out."),
    ] = "text",
    out: Annotated[Path | None, typer.Option(help="Tunes: the folder for the files.")] = None,
    instrument: Annotated[
        str, typer.Option(help="Tunes: the instrument, such as piano or fiddle.")
    ] = "piano",
    bpm: Annotated[
        float | None,
        typer.Option(help="Tunes: quarter notes per minute; by default the model's tempo."),
    ] = None,
    search: Annotated[
        int, typer.Option(help="Simulations per token of a tree search for a high score by D.")
    ] = 0,
    seed: DrawSeed = 1,
    step: Step = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Generate samples: text to read, tunes as files, tokens as lines of numbers."""
    from seqgan_core.cli.common.progress import finish_with_bar
    from seqgan_core.insight.models import Models
    from seqgan_core.insight.writing.sampler import (
        Sampler,
        fixed_tokens,
        rhyme_tokens,
        sample_tokens,
        sampler_of_run,
        shipped_sampler,
    )
    from seqgan_core.insight.writing.think_ahead import d_score, think_ahead
    from seqgan_core.insight.writing.tunes import tonic_of
    from seqgan_core.runs.open_checkpoint import open_checkpoint
    from seqgan_core.training.randomness import rng_for

    _check_numbers(n, temperature)
    tonic = tonic_of(key) if key else None
    if (run is None) == (model is None):
        raise InputError("sample.which", "give either a run's id or --model NAME, not both")
    folder = _folder(format, n, out, instrument, bpm)
    as_json = as_json or format == "json"
    if model is not None:
        sampler = shipped_sampler(model)
        about: dict[str, Any] = {"model": model}
    else:
        assert run is not None
        store = Store(home)
        record = store.run(run)
        if record.config.task not in CORPUS_TASKS:
            if first or acrostic or rhyme:
                raise InputError("sample.no-text", run=record.id)
            if folder is not None:
                raise _no_music(format, record.name)
            checkpoint = open_checkpoint(store, run, step)
            step, words = checkpoint.step, tuple(map(str, range(record.config.vocab_size)))
            sampler = Sampler(
                record.id, record.name, record.config, words, (), "numbers",
                checkpoint.generator, checkpoint.discriminator, checkpoint.value,
            )  # fmt: skip
        else:
            step = step if step is not None else max(c.step for c in store.checkpoints(record.id))
            sampler = sampler_of_run(Models(store), record, step)
        about = {"run": record.id, "step": step}
    about |= {"n": n, "temperature": temperature, "seed": seed}
    fixed = fixed_tokens(sampler, first, acrostic, metre)
    allowed = rhyme_tokens(sampler, rhyme, search)
    if search:
        job = think_ahead(sampler, n, seed, search, temperature, fixed)
        tokens = finish_with_bar(_("Searching"), job)
        about |= {"search": search, "d_score": d_score(sampler, tokens)}
    elif sampler.unit != "numbers":
        tokens = sample_tokens(sampler, n, seed, temperature, fixed, allowed)
    else:
        rng = rng_for(seed, "command line: sample", 0)
        tokens = sampler.generator.sample(n, sampler.length, rng, temperature)
    drawn = about | {"tokens": tokens.tolist()}
    if folder is not None:
        files = _write_tunes(sampler, tokens, seed, format, folder, instrument, bpm, tonic)
        paths = [str(path) for path in files]
        if as_json:
            write_json(drawn | {"files": paths})
        for path in [] if as_json else paths:
            write_line(path)
        return
    texts = [
        str(sampler.verse(words)) if sampler.unit in ("words", "characters") else " ".join(words)
        for words in sampler.text(tokens)
    ]
    if as_json:
        write_json(drawn | ({"texts": texts} if sampler.unit != "numbers" else {}))
    else:
        write_line(("\n\n" if sampler.lines else "\n").join(texts))


def _check_numbers(n: int, temperature: float) -> None:
    if not 1 <= n <= MOST:
        raise InputError("sample.n", "-n is {n}; it must be from 1 to {most}", n=n, most=MOST)
    if not 0 <= temperature < math.inf:
        raise InputError("sample.temperature", t=temperature)


def _folder(
    format: Format, n: int, out: Path | None, instrument: str, bpm: float | None
) -> Path | None:
    """The folder for files of tunes; None for other formats.

    Raises:
        InputError: an option cannot be used.
    """
    if format not in ENDINGS:
        if out is None and bpm is None and instrument == "piano":
            return None
        raise InputError("tunes.format")
    if out is None:
        raise InputError("tunes.no-folder", "tunes are written as files; give --out FOLDER")
    if out.exists() and not out.is_dir():
        raise InputError("tunes.folder", out=out)
    if n > MOST_FILES:
        raise InputError("tunes.n", n=n, most=MOST_FILES)
    if instrument not in INSTRUMENTS:
        raise InputError("tunes.instrument", name=instrument, names=", ".join(INSTRUMENTS))
    if bpm is not None and not (math.isfinite(bpm) and SLOWEST <= bpm <= FASTEST):
        raise InputError("tunes.tempo", bpm=bpm, low=SLOWEST, high=FASTEST)
    return out


def _write_tunes(
    sampler: Sampler,
    tokens: Tokens,
    seed: int,
    format: Format,
    out: Path,
    instrument: str,
    bpm: float | None,
    tonic: int | None,
) -> list[Path]:
    """A file for each sequence (n, T), named by the sampler, the seed and a number.

    Raises:
        InputError: the sampler is no model of music, or a file cannot be written.
    """
    from seqgan_core.insight.writing.tunes import melody_of
    from seqgan_core.media.music.tune_files import WRITERS

    if sampler.unit != "notes":
        raise _no_music(format, sampler.title)
    ending, stem = ENDINGS[format], sampler.key.replace("@", "-")
    paths = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number, row in enumerate(tokens.tolist(), start=1):
            path = out / f"{stem}-{seed}-{number}.{ending}"
            path.write_bytes(WRITERS[ending](melody_of(sampler, row, bpm, tonic), instrument))
            paths.append(path)
    except OSError as error:
        raise InputError("tunes.disk", out=out, why=error.strerror or error) from error
    return paths


def _no_music(format: Format, title: str) -> InputError:
    return InputError("sample.no-music", format=format, title=title)
