"""`corpus` for texts: reading a file of one's own, and what `show` and `add` print of a text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.output import InputError, say, write_line, write_table
from seqgan_core.tasks.corpora.user_corpora import UserText, add_user_text
from seqgan_core.tasks.corpus import Corpus, Sequence
from seqgan_core.tasks.text.decoding import MAX_BYTES, NeedsConfirmation, decode
from seqgan_core.tasks.text.tokenize import detokenize
from seqgan_core.tasks.text.user_text import Options, looks_hard_wrapped

FIRST = 5  # sequences that `show` prints


def read_text(file: Path, encoding: str | None) -> str:
    """What is in a file of text.

    Raises:
        InputError: it cannot be read, or its encoding has to be confirmed.
        CorpusError: it is no text.
    """
    decoded = decode(read_bytes(file, MAX_BYTES), encoding)
    if isinstance(decoded, NeedsConfirmation):
        raise InputError(
            f"{decoded.why}. It could be {decoded.encoding.upper()} and would read: "
            f"{decoded.preview} … If that is right, add --encoding {decoded.encoding}"
        )
    return decoded.text


def add_text(text: str, title: str, options: Options, home: Path | None) -> Corpus:
    """Keeps a text of one's own, with a hint where its lines look broken."""
    corpus = add_user_text(text, title, options, home)
    if options.unit == "words" and not options.join_lines and looks_hard_wrapped(text):
        say("Many lines go on in small letters; if a paragraph runs over lines, add --join-lines.")
    return corpus


def hint(corpus: Corpus, options: Options) -> None:
    """How to learn from it."""
    settings = [f"task={'poems' if corpus.lines else 'speech'}", f"corpus={corpus.name}"]
    settings += [f"sequence_length={options.length}", f"min_count={options.min_count}"]
    say("Learn from it: python -m seqgan_core train " + " ".join(f"--set {s}" for s in settings))


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
        "left_out": [vars(rejection) for rejection in corpus.report.rejections],
        "licence": corpus.licence,
        "source": corpus.source,
        "first": [set_out(corpus, sequence) for sequence in corpus.train[:FIRST]],
    }


def set_out(corpus: Corpus, sequence: Sequence) -> str:
    """A sequence as it is read, its lines of verse divided by strokes."""
    if not corpus.lines:
        return detokenize(sequence) if corpus.unit == "words" else "".join(sequence)
    lines, start = [], 0
    for size in corpus.lines:
        lines.append("".join(sequence[start : start + size]))
        start += size
    return " / ".join(lines)


def write(corpus: Corpus, about: dict[str, Any]) -> None:
    """The same for people."""
    rows = [
        ("title", corpus.title),
        ("a token is", "a character" if corpus.unit == "characters" else "a word or a mark"),
        ("lines of verse", ", ".join(map(str, corpus.lines)) or "running text"),
        ("to learn from", f"{about['train']:,}"),
        ("to choose by", f"{about['valid']:,}"),
        ("to be judged by", f"{about['test']:,}"),
        *((f"vocabulary, {name}", f"{size:,}") for name, size in about["vocabulary"].items()),
        ("read, kept", f"{corpus.report.read:,}, {corpus.report.kept:,}"),
        ("licence", corpus.licence),
        ("source", corpus.source),
    ]
    write_table("", ("corpus", corpus.name), rows)
    if corpus.report.rejections:
        write_table(
            "What was left out",
            ("what", "how often", "line", "the first of them"),
            (
                (entry.reason, f"{entry.count:,}", str(entry.line or ""), entry.example)
                for entry in corpus.report.rejections
            ),
        )
    for text in about["first"]:
        write_line(text)


def own_summary(text: UserText) -> dict[str, Any]:
    """A text of one's own as the list has it."""
    return {
        "corpus": text.name,
        "title": text.title,
        "unit": text.options.unit if text.options else None,
        "here": True,
        "bytes": text.bytes,
        "options": vars(text.options) if text.options else None,
    }
