"""`models`: the trained models that ship, and publishing a run as one."""

from __future__ import annotations

import platform
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seqgan_core.cli.common.options import Home, Json, Run, Step
from seqgan_core.cli.common.output import InputError, say, write_json, write_table
from seqgan_core.insight.jobs import finish
from seqgan_core.runs.records import RunRecord
from seqgan_core.runs.store import Store
from seqgan_core.training.setup.model_files import (
    FOLDER,
    ModelCard,
    load_shipped,
    read_model,
    shipped_names,
    write_model,
)

if TYPE_CHECKING:
    from seqgan_core.tasks.corpus_task import CorpusTask

app = typer.Typer(help="The trained models that ship.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """List the models with their training data and metrics."""
    cards = [load_shipped(name).card for name in shipped_names()]
    if as_json:
        write_json([_summary(card) for card in cards])
        return
    rows = [
        [card.name, card.title, card.corpus, f"{card.seconds:.0f}", _numbers(card.metrics)]
        for card in cards
    ]
    write_table("Models", ("name", "title", "corpus", "seconds", "metrics"), rows)


@app.command("show")
def show(name: str, as_json: Json = False) -> None:
    """Show a model's card: what it is, how it was trained, and its metrics."""
    model = load_shipped(name)
    about = _summary(model.card) | {"versions": model.made.parts()}
    if as_json:
        write_json(about)
        return
    rows = [[key, str(value)] for key, value in about.items() if key != "config"]
    write_table(name, ("", ""), rows)


@app.command("publish")
def publish(
    run: Run,
    name: Annotated[str, typer.Argument(help="Its name: lower-case letters, digits and hyphens.")],
    title: Annotated[str, typer.Option(help="Its title on screen.")],
    command: Annotated[str, typer.Option(help="The command that trains it again.")],
    step: Step = None,
    folder: Annotated[Path, typer.Option(help="Folder of the file.")] = FOLDER,
    home: Home = None,
) -> None:
    """Publish a run's model in half precision, with a card; measure those rounded weights."""
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.measurements import TEXT_SAMPLES, measure
    from seqgan_core.tasks.corpus_task import CorpusTask

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise InputError("input.model-name", given=name)
    store = Store(home)
    record, models = store.run(run), Models(store)
    points = {point.step: point.epoch for point in store.checkpoints(record.id)}
    at = step if step is not None else max(points, default=0)
    checkpoint = models.at(record.id, at)
    task = models.task(record.id)
    if not isinstance(task, CorpusTask):
        raise InputError("input.no-words", run=record.id, task=record.config.task)
    card = _card(record, task, name, title, command, points[at])
    path = folder / f"{name}.safetensors"
    write_model(path, card, checkpoint.generator, checkpoint.discriminator, record.made)
    rounded = read_model(path).generator
    measured = finish(measure(rounded, task, TEXT_SAMPLES, record.config.seed))
    metrics = measured.means() | {"samples": float(TEXT_SAMPLES)}
    card = replace(card, metrics=metrics)
    write_model(path, card, checkpoint.generator, checkpoint.discriminator, record.made)
    say(f"{path} ({path.stat().st_size / 1e6:.1f} MB): {_numbers(metrics)}")


def _card(
    record: RunRecord, task: CorpusTask, name: str, title: str, command: str, epoch: float
) -> ModelCard:
    import torch

    return ModelCard(
        name=name,
        title=title,
        task=task.name,
        corpus=record.config.corpus,
        licence=task.corpus.licence,
        words=task.words,
        length=task.sequence_length,
        lines=task.lines,
        unit=task.unit,
        config=record.config.model_copy(update={"device": "auto"}).model_dump(mode="json"),
        command=command,
        seconds=record.seconds,
        machine=f"{record.device}, {platform.system()}, torch {torch.__version__}",
        epoch=epoch,
        metrics={},
    )


def _summary(card: ModelCard) -> dict[str, Any]:
    values = dict(vars(card))
    words = values.pop("words")
    return values | {"vocabulary": len(words)}


def _numbers(metrics: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in metrics.items())
