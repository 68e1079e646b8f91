"""`corpus`: the texts and tunes there are, fetching them, looking into them, adding one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
)

from seqgan_core.cli.common.options import Home, Json
from seqgan_core.cli.common.output import InputError, say, write_json, write_table
from seqgan_core.cli.common.progress import stderr_progress
from seqgan_core.tasks.corpus import Unit

app = typer.Typer(help="The texts and tunes to learn from, and one's own.", no_args_is_help=True)
Name = Annotated[
    str, typer.Argument(help="A corpus, as `corpus list` shows it.", show_default=False)
]


@app.command("list")
def list_corpora(home: Home = None, as_json: Json = False) -> None:
    """Lists the texts and tunes there are, and which of them are on this machine."""
    from seqgan_core.cli import corpus_texts, corpus_tunes
    from seqgan_core.tasks.corpora.registry import CORPORA, have
    from seqgan_core.tasks.corpora.user_corpora import user_texts, user_tunes

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
    own = [corpus_texts.own_summary(text) for text in user_texts(home)]
    own += [corpus_tunes.own_summary(tunes) for tunes in user_tunes(home)]
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
    from seqgan_core.tasks.corpora.registry import entry_of, fetch
    from seqgan_core.tasks.corpora.tune_entries import TuneEntry

    entry = entry_of(name)
    counted: ProgressColumn = DownloadColumn()
    if isinstance(entry, TuneEntry):
        counted = MofNCompleteColumn()
    bar = stderr_progress(TextColumn(entry.title), BarColumn(), counted, transient=True)
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
    from seqgan_core.cli import corpus_texts, corpus_tunes
    from seqgan_core.tasks.corpora.registry import entry_of, load, load_tunes
    from seqgan_core.tasks.corpora.tune_entries import TuneEntry
    from seqgan_core.tasks.corpora.user_corpora import has_user_tunes, is_upload

    if has_user_tunes(name, home) if is_upload(name) else isinstance(entry_of(name), TuneEntry):
        about = corpus_tunes.summary(load_tunes(name, home))
        write_json(about, indent=2) if as_json else corpus_tunes.write(about)
        return
    corpus = load(name, punctuation, home)
    about = corpus_texts.summary(corpus)
    write_json(about, indent=2) if as_json else corpus_texts.write(corpus, about)


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
    ] = "highest",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Adds a text or tunes of your own; they stay on this machine."""
    from seqgan_core.cli import corpus_texts, corpus_tunes
    from seqgan_core.tasks.text.user_text import Options

    if corpus_tunes.are_tunes(files):
        tunes = corpus_tunes.add_tunes(files, title, melody, home)
        about = corpus_tunes.summary(tunes)
        if as_json:
            write_json(about, indent=2)
            return
        corpus_tunes.write(about)
        corpus_tunes.hint(tunes)
        return
    if len(files) > 1:
        raise InputError("a text is one file; give several only of MIDI or MusicXML")
    text = corpus_texts.read_text(files[0], encoding)
    options = Options(unit, length, min_count, punctuation, join_lines)
    corpus = corpus_texts.add_text(text, title or files[0].name, options, home)
    about = corpus_texts.summary(corpus)
    if as_json:
        write_json(about, indent=2)
        return
    corpus_texts.write(corpus, about)
    corpus_texts.hint(corpus, options)


@app.command("remove")
def remove_corpus(name: Name, home: Home = None) -> None:
    """Takes it off this machine; runs that learnt from it stay, but cannot go on without it."""
    from seqgan_core.tasks.corpora.registry import entry_of, have, remove
    from seqgan_core.tasks.corpora.user_corpora import is_upload

    was_here = have(name, home) or (not is_upload(name) and entry_of(name).folder(home).exists())
    remove(name, home)
    say(f"{name} is removed." if was_here else f"{name} was not on this machine.")
