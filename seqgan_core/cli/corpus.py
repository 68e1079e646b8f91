"""`corpus`: the texts and tunes there are, fetching them, looking into them, adding one's own."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
)

from seqgan_core.cli import tunes
from seqgan_core.cli.common.options import Home, Json
from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.tasks.corpora.registry import (
    CORPORA,
    entry_of,
    fetch,
    have,
    load,
    load_tunes,
    remove,
)
from seqgan_core.tasks.corpora.tune_entries import TuneEntry
from seqgan_core.tasks.corpora.user_corpora import (
    OwnText,
    add_own,
    has_own_tunes,
    is_own,
    own_corpora,
    own_tunes,
)
from seqgan_core.tasks.corpus import Corpus, Sequence, Unit
from seqgan_core.tasks.music.melody_part import HIGHEST_PART
from seqgan_core.tasks.text.decoding import MAX_BYTES, NeedsConfirmation, decode
from seqgan_core.tasks.text.tokenize import joined
from seqgan_core.tasks.text.user_text import Options, looks_joined

app = typer.Typer(help="The texts and tunes to learn from, and one's own.", no_args_is_help=True)
Name = Annotated[
    str, typer.Argument(help="A corpus, as `corpus list` shows it.", show_default=False)
]
FIRST = 5  # sequences that `show` prints


@app.command("list")
def list_corpora(home: Home = None, as_json: Json = False) -> None:
    """Lists the texts and tunes there are, and which of them are on this machine."""
    known = [
        {
            "corpus": entry.name,
            "title": entry.title,
            "unit": entry.unit,
            "here": have(entry.name, home),
            "bytes": entry.bytes,
            "about": entry.about,
            "licence": entry.licence,
            "source": entry.source,
        }
        for entry in CORPORA.values()
    ]
    own = [_own(text) for text in own_corpora(home)]
    own += [tunes.own(some) for some in own_tunes(home)]
    if as_json:
        write_json([*known, *own])
        return
    rows: list[tuple[str, str, str, str]] = [
        (entry.name, entry.title, entry.unit, "yes" if have(entry.name, home) else entry.size)
        for entry in CORPORA.values()
    ]
    rows += [(text["corpus"], text["title"], text["unit"] or "", "yes") for text in own]
    write_table("", ("corpus", "title", "a token is", "here, or to fetch"), rows)


@app.command("get")
def get(name: Name, home: Home = None) -> None:
    """Fetches a text, or reads tunes once; what is here is kept, and what broke off goes on."""
    entry = entry_of(name)
    console = Console(file=sys.stderr)
    counted: ProgressColumn = DownloadColumn()
    if isinstance(entry, TuneEntry):
        counted = MofNCompleteColumn()
    bar = Progress(
        TextColumn(entry.title), BarColumn(), counted, console=console,
        disable=not console.is_terminal, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=entry.bytes)
        fetch(name, home, lambda done, total: bar.update(task, completed=done, total=total or None))
    say(f"{name} is here; `python -m seqgan_core corpus show {name}` looks into it.")


@app.command("show")
def show(
    name: Name,
    punctuation: Annotated[
        bool, typer.Option("--punctuation", help="Poems: marks are tokens too.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Shows it as it is learnt from: what was left out and why, its splits, how it begins."""
    if has_own_tunes(name, home) if is_own(name) else isinstance(entry_of(name), TuneEntry):
        about = tunes.summary(load_tunes(name, home))
        write_json(about, indent=2) if as_json else tunes.tell(about)
        return
    corpus = load(name, punctuation, home)
    told = summary(corpus)
    if as_json:
        write_json(told, indent=2)
        return
    _tell(corpus, told)


@app.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="A text file, or one or more of MIDI or MusicXML (.mid, .musicxml, .xml, .mxl, or "
            "a .zip of them).",
            show_default=False,
        ),
    ],
    title: Annotated[str, typer.Option(help="For people; else the file's name.")] = "",
    unit: Annotated[Unit, typer.Option(help="What a token is.")] = "characters",
    length: Annotated[
        int, typer.Option(help="Characters: of every poem, exactly. Words: of a sentence, at most.")
    ] = 20,
    min_count: Annotated[
        int, typer.Option(help="Tokens that are there less often will be unknown.")
    ] = 1,
    punctuation: Annotated[
        bool, typer.Option("--punctuation", help="Marks are tokens; else they are left out.")
    ] = False,
    join_lines: Annotated[
        bool, typer.Option("--join-lines", help="Words: paragraphs run on up to a blank line.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(
            help="utf-8, utf-16 or gb18030, if the file does not say.", show_default=False
        ),
    ] = None,
    melody: Annotated[
        str, typer.Option(help="Tunes: the part to take: highest, first, or its number from 1.")
    ] = HIGHEST_PART,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Adds a text or tunes of your own; they stay on this machine."""
    if tunes.are_tunes(files):
        corpus_of_tunes = tunes.add_tunes(files, title, melody, home)
        about = tunes.summary(corpus_of_tunes)
        if as_json:
            write_json(about, indent=2)
            return
        tunes.tell(about)
        tunes.hint(corpus_of_tunes)
        return
    if len(files) > 1:
        raise InputError("a text is one file; give several only of MIDI or MusicXML")
    file = files[0]
    found = decode(_bytes_of(file), encoding)
    if isinstance(found, NeedsConfirmation):
        raise InputError(
            f"{found.why}. It could be {found.encoding.upper()} and would read: "
            f"{found.preview} … If that is right, add --encoding {found.encoding}"
        )
    options = Options(unit, length, min_count, punctuation, join_lines)
    corpus = add_own(found.text, title or file.name, options, home)
    if unit == "words" and not join_lines and looks_joined(found.text):
        say("Many lines go on in small letters; if a paragraph runs over lines, add --join-lines.")
    told = summary(corpus)
    if as_json:
        write_json(told, indent=2)
        return
    _tell(corpus, told)
    settings = [f"task={'poems' if corpus.lines else 'speech'}", f"corpus={corpus.name}"]
    settings += [f"sequence_length={length}", f"min_count={min_count}"]
    say("Learn from it: python -m seqgan_core train " + " ".join(f"--set {s}" for s in settings))


@app.command("remove")
def remove_corpus(name: Name, home: Home = None) -> None:
    """Takes it off this machine; runs that learnt from it stay, but cannot go on without it."""
    was_here = have(name, home) or (not is_own(name) and entry_of(name).folder(home).exists())
    remove(name, home)
    say(f"{name} is removed." if was_here else f"{name} was not on this machine.")


def summary(corpus: Corpus) -> dict[str, Any]:
    """A corpus in the types of JSON, with its first sequences."""
    counts = Counter(token for sequence in corpus.train for token in sequence)
    return {
        "corpus": corpus.name,
        "title": corpus.title,
        "unit": corpus.unit,
        "lines": list(corpus.lines),
        "train": len(corpus.train),
        "valid": len(corpus.valid),
        "test": len(corpus.test),
        "vocabulary": {f"min_count {n}": sum(c >= n for c in counts.values()) for n in (1, 2, 5)},
        "longest": max(map(len, corpus.train), default=0),
        "read": corpus.report.read,
        "kept": corpus.report.kept,
        "left_out": [vars(found) for found in corpus.report.left_out],
        "licence": corpus.licence,
        "source": corpus.source,
        "first": [set_out(corpus, sequence) for sequence in corpus.train[:FIRST]],
    }


def set_out(corpus: Corpus, sequence: Sequence) -> str:
    """A sequence as it is read, its lines of verse divided by strokes."""
    if not corpus.lines:
        return joined(sequence) if corpus.unit == "words" else "".join(sequence)
    lines, start = [], 0
    for size in corpus.lines:
        lines.append("".join(sequence[start : start + size]))
        start += size
    return " / ".join(lines)


def _tell(corpus: Corpus, told: dict[str, Any]) -> None:
    rows = [
        ("title", corpus.title),
        ("a token is", "a character" if corpus.unit == "characters" else "a word or a mark"),
        ("lines of verse", ", ".join(map(str, corpus.lines)) or "running text"),
        ("to learn from", f"{told['train']:,}"),
        ("to choose by", f"{told['valid']:,}"),
        ("to be judged by", f"{told['test']:,}"),
        *((f"vocabulary, {name}", f"{size:,}") for name, size in told["vocabulary"].items()),
        ("read, kept", f"{corpus.report.read:,}, {corpus.report.kept:,}"),
        ("licence", corpus.licence),
        ("source", corpus.source),
    ]
    write_table("", ("corpus", corpus.name), rows)
    if corpus.report.left_out:
        write_table(
            "What was left out",
            ("what", "how often", "line", "the first of them"),
            (
                (found.reason, f"{found.count:,}", str(found.line or ""), found.example)
                for found in corpus.report.left_out
            ),
        )
    for text in told["first"]:
        write_line(text)


def _own(text: OwnText) -> dict[str, Any]:
    return {
        "corpus": text.name,
        "title": text.title,
        "unit": text.options.unit if text.options else None,
        "here": True,
        "bytes": text.bytes,
        "options": vars(text.options) if text.options else None,
    }


def _bytes_of(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if file.is_file() and size > MAX_BYTES:
            raise InputError(
                f"{file} has {size:,} bytes; at most {MAX_BYTES:,} are taken, give a part of it"
            )
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read ({error.strerror}); give a text file that is there"
        ) from error
