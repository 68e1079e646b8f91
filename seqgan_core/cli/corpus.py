"""`corpus`: list corpora, fetch them, look into them, and add or remove uploads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, ProgressColumn

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.options import Home, Json
from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.cli.common.progress import finish_with_bar, stderr_progress
from seqgan_core.messages import N_, _, remark

if TYPE_CHECKING:
    from seqgan_core.tasks.corpora.source import Source
    from seqgan_core.tasks.corpus import Corpus
    from seqgan_core.tasks.music.collection import Collection
    from seqgan_core.tasks.music.user_tunes import UploadedFile
    from seqgan_core.tasks.text.user_text import Options, UserText

app = typer.Typer(help="Corpora: text and tunes to train on.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of a corpus, as `corpus list` shows it.")]
TUNE_FILES = {".mid", ".midi", ".kar", ".rmi", ".musicxml", ".xml", ".mxl", ".abc", ".zip"}
_TOKENS = {
    "characters": N_("a character"),
    "words": N_("a word or a mark"),
    "notes": N_("an eighth note, or 0.4 seconds of a key"),
}


@app.command("list")
def list_corpora(home: Home = None, as_json: Json = False) -> None:
    """List all corpora, and which of them are on this machine."""
    from seqgan_core.tasks.corpora.registry import CORPORA, source_of
    from seqgan_core.tasks.corpora.upload import uploads

    every = [*(source_of(name, home) for name in CORPORA), *uploads(home)]
    if as_json:
        write_json([_listed(source) for source in every])
        return
    rows = [(source.name, source.label, source.unit, _here(source)) for source in every]
    write_table("", (_("corpus"), _("title"), _("unit"), _("here, or to fetch")), rows)


@app.command("get")
def get(name: Name, home: Home = None) -> None:
    """Fetch a corpus, or read its tunes once; an interrupted download continues."""
    from seqgan_core.tasks.corpora.registry import source_of

    source = source_of(name, home)
    counted: ProgressColumn = MofNCompleteColumn() if source.unit == "notes" else DownloadColumn()
    with stderr_progress(BarColumn(), counted, transient=True) as bar:
        task = bar.add_task(source.label, total=source.bytes)
        source.fetch(lambda done, total: bar.update(task, completed=done, total=total or None))
    say(
        _("{name} is on this machine; `python -m seqgan_core corpus show {name}` shows it.").format(
            name=name
        )
    )


@app.command("show")
def show(
    name: Name,
    punctuation: Annotated[
        bool, typer.Option("--punctuation", help="Poems: count punctuation marks as tokens, too.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show what of a corpus is used, its split, what is rejected and why, and how it begins."""
    from seqgan_core.tasks.corpora.registry import load, source_of
    from seqgan_core.tasks.corpora.upload import OUTDATED, Upload

    _write(load(name, punctuation, home), as_json)
    source = source_of(name, home)
    if isinstance(source, Upload) and source.outdated:
        say(f"{name}: {_(OUTDATED)}")


@app.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            help=(
                "A text file, or one or more MIDI, MusicXML or ABC files (.mid, .musicxml, .xml, "
                ".mxl, .abc, or a .zip of them)."
            )
        ),
    ],
    title: Annotated[str, typer.Option(help="Title on screen; by default the file's name.")] = "",
    unit: Annotated[
        Literal["characters", "words"], typer.Option(help="Text: what a token is.")
    ] = "characters",
    length: Annotated[
        int,
        typer.Option(
            help="The number of characters in every poem, or the most words in a sentence."
        ),
    ] = 20,
    min_count: Annotated[int, typer.Option(help="Text: rarer tokens become unknown.")] = 1,
    punctuation: Annotated[
        bool,
        typer.Option(
            "--punctuation",
            help="Text: keep punctuation marks as tokens; otherwise they are removed.",
        ),
    ] = False,
    join_lines: Annotated[
        bool,
        typer.Option("--join-lines", help="Words: join lines into paragraphs, up to a blank line."),
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(
            help="Text: utf-8, utf-16, gb18030, windows-1251, …, if the file does not say."
        ),
    ] = None,
    melody: Annotated[
        str,
        typer.Option(help="Tunes: the melody: highest, first, or the number of a part, from 1."),
    ] = "highest",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add your text or tunes; they stay on this machine."""
    from seqgan_core.tasks.corpora.upload import add_upload
    from seqgan_core.tasks.music.user_tunes import MAX_BYTES, UploadedFile, read_user_tunes
    from seqgan_core.tasks.text.user_text import Options

    given = [UploadedFile(file.name, read_bytes(file, MAX_BYTES)) for file in files]
    content: UserText | Collection
    if any(map(_is_for_tunes, given)):
        part = int(melody) if melody.isascii() and melody.isdigit() else melody
        read = finish_with_bar(_("reading"), read_user_tunes(given, title, part))
        content, settings = read.collection, {}
    else:
        options = Options(unit, length, min_count, punctuation, join_lines)
        content = _text_in(given, title, encoding, options)
        settings = {"sequence_length": length, "min_count": min_count}
    corpus = add_upload(content, home)
    _write(corpus, as_json)
    if not as_json:
        _say_how_to_train(corpus, settings)


@app.command("remove")
def remove_corpus(name: Name, home: Home = None) -> None:
    """Remove a corpus from this machine; runs on it stay, but cannot continue without it."""
    from seqgan_core.tasks.corpora.registry import source_of

    source = source_of(name, home)
    was_here = source.have() or (not source.uploaded and source.folder.exists())
    source.remove()
    done = _("{name} was removed.") if was_here else _("{name} was not on this machine.")
    say(done.format(name=name))


# -- reading files ---------------------------------------------------------------------------------


def _is_for_tunes(file: UploadedFile) -> bool:
    """Whether a file is read as tunes, or refused as such: by its content, then by its name."""
    from seqgan_core.tasks.file_kinds import TUNES, kind_of

    kind = kind_of(file.data)
    if kind is not None and kind.family in (*TUNES, "notation", "audio"):
        return True
    return Path(file.name).suffix.lower() in TUNE_FILES


def _text_in(
    files: list[UploadedFile], title: str, encoding: str | None, options: Options
) -> UserText:
    """The text of a file.

    Raises:
        InputError: there is more than one, or its encoding must be confirmed.
        CorpusError: it is no text.
    """
    from seqgan_core.tasks.text.decoding import NeedsConfirmation, decode
    from seqgan_core.tasks.text.user_text import UserText, looks_hard_wrapped

    if len(files) > 1:
        raise InputError("corpus.one-text")
    decoded = decode(files[0].data, encoding)
    if isinstance(decoded, NeedsConfirmation):
        raise InputError(
            "corpus.confirm-encoding",
            why=decoded.why, encoding=decoded.encoding.upper(), preview=decoded.preview,
            option=decoded.encoding,
        )  # fmt: skip
    if decoded.encoding != "UTF-8":
        say(_("The text is read as {encoding}.").format(encoding=decoded.encoding))
    if options.unit == "words" and not options.join_lines and looks_hard_wrapped(decoded.text):
        say(remark("corpus.lower-case"))
    return UserText(decoded.text, title or files[0].name, options)


# -- what is printed -------------------------------------------------------------------------------


def _say_how_to_train(corpus: Corpus[Any], settings: dict[str, int]) -> None:
    from seqgan_core.tasks.corpora.source import TASK_OF
    from seqgan_core.tasks.music.user_split import WINDOW

    settings = settings or {"sequence_length": WINDOW}
    every = {"task": TASK_OF[corpus.unit], "corpus": corpus.name, **settings}
    command = " ".join(f"--set {name}={value}" for name, value in every.items())
    say(_("Train on it: {command}").format(command=f"python -m seqgan_core train {command}"))


def _here(source: Source) -> str:
    """Whether it is on this machine, or what there is to fetch."""
    from seqgan_core.tasks.corpora.upload import OUTDATED, Upload

    if isinstance(source, Upload) and source.outdated:
        return _(OUTDATED)
    return _("yes") if source.have() else source.size


def _listed(source: Source) -> dict[str, Any]:
    """A corpus as `corpus list --json` has it."""
    from seqgan_core.tasks.corpora.upload import Upload

    about: dict[str, Any] = {
        "corpus": source.name,
        "title": source.label,
        "unit": source.unit,
        "here": source.have(),
        "bytes": source.bytes,
    }
    if not isinstance(source, Upload):
        return about | {
            "about": _(source.about),
            "licence": _(source.licence),
            "source": _(source.origin),
        }
    about["outdated"] = source.outdated
    if source.damaged:
        about["unit"] = None
    if source.stored.suffix == ".npz":
        return about | {"tunes": source.tunes}
    return about | {"options": vars(source.options) if source.options else None}


def _write(corpus: Corpus[Any], as_json: bool) -> None:
    """Prints what a corpus holds, for programs or for people."""
    from seqgan_core.tasks.corpora.summary import DETAILS

    details = DETAILS[corpus.unit](corpus)
    if as_json:
        about = {
            "corpus": corpus.name,
            "title": corpus.title,
            "unit": corpus.unit,
            "lines": list(corpus.lines),
            **{side: len(part) for side, part in corpus.sides.items()},
            **details.data,
            "read": corpus.report.read,
            "kept": corpus.report.kept,
            "left_out": [
                {"reason": str(r), "count": r.count, "example": r.example, "line": r.line}
                for r in corpus.report.rejections
            ],
            "licence": corpus.licence,
            "source": corpus.source,
            "first": details.first,
        }
        write_json(about, indent=2)
        return
    rows = [
        (_("title"), _(corpus.title)),
        (_("a token is"), _(_TOKENS[corpus.unit])),
        (_("training"), f"{len(corpus.train):,}"),
        (_("validation"), f"{len(corpus.valid):,}"),
        (_("held-out"), f"{len(corpus.test):,}"),
        *details.rows,
        (_("read, used"), f"{corpus.report.read:,}, {corpus.report.kept:,}"),
        (_("licence"), _(corpus.licence)),
        (_("source"), _(corpus.source)),
    ]
    write_table("", (_("corpus"), corpus.name), rows)
    if corpus.report.rejections:
        write_table(
            _("Rejected"),
            (_("reason"), _("count"), _("example"), _("line")),
            (
                (str(r), f"{r.count:,}", r.example, str(r.line or ""))
                for r in corpus.report.by_reason()
            ),
        )
    for line in details.shown:
        write_line(line)
