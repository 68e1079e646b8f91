"""The paper's poems as they come: one a line, its twenty characters and four marks set apart."""

from __future__ import annotations

from collections.abc import Iterable

from seqgan_core.tasks.corpus import Corpus, CorpusError, Rejection, Report, Sequence
from seqgan_core.tasks.splitting import families, side_of

LINE = 5  # characters in a line of verse
LINES = 4
MARKS = ("，", "。", "，", "。")
TRAIN, VALID = 0.69, 0.06  # shares of the poems; the rest is held out
SHARED_LINES = 2  # poems that have so many lines in common stay on one side

FAULTY = "a lacuna (□) or a stray letter"
FORM = "another form than four lines of five characters"
DUPLICATE = "poems that are there already"


def quatrain_corpus(
    text: str, *, name: str, title: str, licence: str, source: str, punctuation: bool = False
) -> Corpus:
    """Poems of 20 characters, or of 24 with their marks.

    Raises:
        CorpusError: not one poem is left.
    """
    rejections: dict[str, Rejection] = {}
    poems: dict[Sequence, None] = {}
    read = 0

    def leave(reason: str, line: str, number: int) -> None:
        was = rejections.get(reason, Rejection(reason, 0, line.replace(" ", ""), number))
        rejections[reason] = Rejection(reason, was.count + 1, was.example, was.line)

    for number, line in enumerate(text.splitlines(), start=1):
        tokens = line.split()
        if not tokens:
            continue
        read += 1
        poem = tuple(token for token in tokens if token not in MARKS)
        if tokens != list(_marked(poem)):
            leave(FORM, line, number)
        elif not all(map(is_ideograph, poem)):
            leave(FAULTY, line, number)
        elif poem in poems:
            leave(DUPLICATE, line, number)
        else:
            poems[poem] = None
    if not poems:
        raise CorpusError(f"{title} holds no poem of four lines of five characters")
    sides = split(poems)
    made = {
        side: tuple(_marked(poem) if punctuation else poem for poem in its_poems)
        for side, its_poems in sides.items()
    }
    return Corpus(
        name,
        title,
        "characters",
        made["train"],
        made["valid"],
        made["test"],
        licence,
        source,
        lines=(LINE + punctuation,) * LINES,
        report=Report(read, len(poems), tuple(rejections.values())),
    )


def split(poems: Iterable[Sequence]) -> dict[str, list[Sequence]]:
    """The poems by side; near-copies, which share two lines or more, on one side together."""
    given = list(poems)
    firsts = families([set(lines_of(poem)) for poem in given], shared=SHARED_LINES)
    sides: dict[str, list[Sequence]] = {"train": [], "valid": [], "test": []}
    for poem, first in zip(given, firsts, strict=True):
        sides[side_of("".join(given[first]), TRAIN, VALID)].append(poem)
    return sides


def lines_of(poem: Sequence) -> list[Sequence]:
    """The lines of a poem of 20 characters."""
    return [poem[start : start + LINE] for start in range(0, LINE * LINES, LINE)]


def is_ideograph(token: str) -> bool:
    """Whether it is one Chinese character, of those that Unicode has unified."""
    if len(token) != 1:
        return False
    return "\u3400" <= token <= "\u9fff" or "\U00020000" <= token <= "\U000323af"


def _marked(poem: Sequence) -> Sequence:
    lines = zip(lines_of(poem), MARKS, strict=True)
    return tuple(token for line, mark in lines for token in (*line, mark))
