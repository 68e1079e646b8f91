"""`corpus` for tunes: reading files of one's own, and what `show` and `add` print of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.output import say, write_line, write_table
from seqgan_core.cli.common.progress import stderr_progress
from seqgan_core.tasks.corpora.user_corpora import UserTunes, add_user_tunes
from seqgan_core.tasks.music.quantisation import quantisation_of
from seqgan_core.tasks.music.tokens import Form, pieces, windows, words
from seqgan_core.tasks.music.tune import UNIT, Tune, TuneCorpus
from seqgan_core.tasks.music.user_split import WINDOW
from seqgan_core.tasks.music.user_tunes import MAX_BYTES, Upload, read_user_tunes

SUFFIXES = {".mid", ".midi", ".kar", ".musicxml", ".xml", ".mxl", ".zip"}
FIRST = 5  # tunes that `show` prints
_FORMS: tuple[Form, ...] = ("eighths", "keys")


def are_tunes(files: list[Path]) -> bool:
    """Whether these are meant as tunes; what they hold is looked at later."""
    return any(file.suffix.lower() in SUFFIXES for file in files)


def add_tunes(files: list[Path], title: str, melody: str, home: Path | None) -> TuneCorpus:
    """Reads the files and keeps their tunes.

    Raises:
        InputError: a file cannot be read, or the part is none.
        CorpusError: nothing of them can be used.
    """
    uploads = [Upload(file.name, read_bytes(file, MAX_BYTES)) for file in files]
    bar = stderr_progress(TextColumn("reading"), BarColumn(), MofNCompleteColumn(), transient=True)
    part: str | int = int(melody) if melody.isascii() and melody.isdigit() else melody
    with bar:
        task = bar.add_task("", total=None)
        tunes = read_user_tunes(
            uploads, title, part, lambda done, total: bar.update(task, completed=done, total=total)
        )
    return add_user_tunes(tunes, home)


def hint(corpus: TuneCorpus) -> None:
    """How to learn from them."""
    settings = ("task=music", f"corpus={corpus.name}", f"sequence_length={WINDOW}")
    say("Learn from it: python -m seqgan_core train " + " ".join(f"--set {s}" for s in settings))


def summary(corpus: TuneCorpus) -> dict[str, Any]:
    """A corpus in the types of JSON, with how its first tunes begin."""
    sides = {"train": corpus.train, "valid": corpus.valid, "test": corpus.test}
    tunes = [tune for side in sides.values() for tune in side]
    keys = Counter(tune.key.name for tune in tunes)
    return {
        "corpus": corpus.name,
        "title": corpus.title,
        "unit": UNIT,
        **{side: len(part) for side, part in sides.items()},
        "windows": {
            form: {
                side: sum(len(windows(tune, form, WINDOW)) for tune in part)
                for side, part in sides.items()
            }
            for form in _FORMS
        },
        "eighths": vars(quantisation_of(tunes)),
        "keys": dict(keys.most_common(6)),
        "read": corpus.report.read,
        "kept": corpus.report.kept,
        "left_out": [vars(rejection) for rejection in corpus.report.rejections],
        "licence": corpus.licence,
        "source": corpus.source,
        "first": [_begins(tune) for tune in corpus.train[:FIRST]],
    }


def write(about: dict[str, Any]) -> None:
    """The same for people."""
    rows = [
        ("title", about["title"]),
        ("tunes to learn from", f"{about['train']:,}"),
        ("to choose by", f"{about['valid']:,}"),
        ("to be judged by", f"{about['test']:,}"),
        *(
            (f"windows of {WINDOW}, {form}", " / ".join(f"{n:,}" for n in sides.values()))
            for form, sides in about["windows"].items()
        ),
        ("evened out in eighths", _evened(about["eighths"])),
        ("keys", ", ".join(f"{name} {n:,}" for name, n in about["keys"].items())),
        ("read, kept", f"{about['read']:,}, {about['kept']:,}"),
        ("licence", about["licence"]),
        ("source", about["source"]),
    ]
    write_table("", ("corpus", about["corpus"]), rows)
    if about["left_out"]:
        write_table(
            "What was left out",
            ("what", "how often", "the first of them"),
            ((f["reason"], f"{f['count']:,}", f["example"]) for f in about["left_out"]),
        )
    for tune in about["first"]:
        source = f" ({tune['about']})" if tune["about"] else ""
        write_line(f"{tune['title']}{source}, {tune['key']}: {tune['begins']}")


def own_summary(tunes: UserTunes) -> dict[str, Any]:
    """Tunes of one's own as the list has them."""
    return {
        "corpus": tunes.name,
        "title": tunes.title,
        "unit": UNIT if tunes.tunes is not None else None,
        "here": True,
        "bytes": tunes.bytes,
        "tunes": tunes.tunes,
    }


def _evened(n: dict[str, int]) -> str:
    return (
        f"{n['uneven']:,} of {n['tunes']:,} tunes: of {n['notes']:,} notes "
        f"{n['moved']:,} lie between two steps and are moved, {n['left']:,} are left out; "
        f"{n['doubled']:,} tunes in sixteenths have their note values doubled"
    )


def _begins(tune: Tune) -> dict[str, str]:
    names = words("eighths")
    first = " ".join(names[token] for token in pieces(tune, "eighths")[0][:WINDOW])
    return {"title": tune.title, "about": tune.about, "key": tune.key.name, "begins": first}
