"""All corpora by name: the catalogue and the uploads."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from seqgan_core.tasks.corpora import catalogue
from seqgan_core.tasks.corpora.source import TASK_OF, Source
from seqgan_core.tasks.corpora.upload import is_upload, upload_of, uploads
from seqgan_core.tasks.corpus import Corpus, CorpusError


def _catalogue() -> Iterator[Source]:
    for module in iter_modules(catalogue.__path__):
        yield from import_module(f"{catalogue.__name__}.{module.name}").SOURCES


CORPORA: dict[str, Source] = {
    source.name: source
    for source in sorted(
        _catalogue(), key=lambda source: (list(TASK_OF).index(source.unit), source.place)
    )
}
"""The catalogue, by task and place."""


def source_of(name: str, home: Path | None = None) -> Source:
    """The corpus of that name, on this machine or not.

    Raises:
        CorpusError: there is none.
    """
    if is_upload(name):
        return upload_of(name, home)
    if name not in CORPORA:
        raise CorpusError("corpus.unknown", name=name, names=", ".join(CORPORA))
    return replace(CORPORA[name], home=home)


def sources(
    task: str | None = None, screen: str | None = None, home: Path | None = None
) -> list[Source]:
    """The corpora of a task, or of a screen of "Create" (as `Source.screen`), uploads last."""
    known = [replace(source, home=home) for source in CORPORA.values()]
    usable = [upload for upload in uploads(home) if not upload.damaged]
    return [
        source
        for source in (*known, *usable)
        if task in (None, source.task) and screen in (None, source.screen or source.task)
    ]


def load(
    name: str, punctuation: bool = False, home: Path | None = None, task: str | None = None
) -> Corpus[Any]:
    """The corpus of that name, for a task; the same object until its files change.

    With `punctuation` marks are tokens, in poems of the catalogue.

    Raises:
        CorpusMissing: it is not on this machine.
        CorpusError: there is none, it is for another task, or its files are damaged.
    """
    source = source_of(name, home)
    if task not in (None, source.task) and source.have():
        raise CorpusError("corpus.other-task", title=source.label, task=task, other=source.task)
    return source.load(punctuation)


def screen_of(task: str, corpus: str) -> str:
    """The screen of "Create" for models of this task and corpus: the task, if not another."""
    source = CORPORA.get(corpus)
    return (source.screen if source else None) or task


def is_english(corpus: str) -> bool:
    """Whether samples of this corpus are set as English sentences, as `Source.english`."""
    return corpus in CORPORA and CORPORA[corpus].english


def title_of(name: str, home: Path | None = None) -> str:
    """The title of a corpus in the reader's language; its name if there is none of that name."""
    try:
        return source_of(name, home).label
    except CorpusError:
        return name
