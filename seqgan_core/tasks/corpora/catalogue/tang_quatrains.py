"""The paper's poems: one a line, its twenty characters and four marks separated by spaces."""

from collections.abc import Iterable

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.files import Files, utf8
from seqgan_core.tasks.corpus import CorpusError, Rejections, Report, Sequence, TextCorpus
from seqgan_core.tasks.download import File
from seqgan_core.tasks.splitting import Side, by_side, families, side_of

LINE = 5  # characters in a line of verse
LINES = 4
MARKS = ("，", "。", "，", "。")
TRAIN, VALID = 0.69, 0.06  # shares of the poems; the rest is held out
SHARED_LINES = 2  # poems that have so many lines in common stay on one side

FAULTY = N_("a lacuna (□) or a stray letter")
FORM = N_("a form other than four lines of five characters")
DUPLICATE = N_("an exact repeat")


def quatrain_corpus(text: str, punctuation: bool = False) -> TextCorpus:
    """Poems of 20 characters, or of 24 with their marks.

    Raises:
        CorpusError: there is no poem.
    """
    rejections = Rejections()
    poems: dict[Sequence, None] = {}
    read = 0
    for number, line in enumerate(text.splitlines(), start=1):
        tokens = line.split()
        if not tokens:
            continue
        read += 1
        poem = tuple(token for token in tokens if token not in MARKS)
        if tokens != list(_marked(poem)):
            reason = FORM
        elif not all(map(is_ideograph, poem)):
            reason = FAULTY
        elif poem in poems:
            reason = DUPLICATE
        else:
            poems[poem] = None
            continue
        rejections.add(reason, line.replace(" ", ""), number)
    if not poems:
        raise CorpusError("quatrains.none", "there is no poem of four lines of five characters")
    placed = ((side, _marked(poem) if punctuation else poem) for side, poem in split(poems))
    return TextCorpus(
        "", "", "characters", *by_side(placed),
        lines=(LINE + punctuation,) * LINES, report=Report(read, len(poems), rejections.all),
    )  # fmt: skip


def split(poems: Iterable[Sequence]) -> list[tuple[Side, Sequence]]:
    """The poems with their sides; near-copies, which share two lines or more, are on one side."""
    given = list(poems)
    firsts = families(list(map(lines_of, given)), shared=SHARED_LINES)
    return [
        (side_of("".join(given[first]), TRAIN, VALID), poem)
        for poem, first in zip(given, firsts, strict=True)
    ]


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


SOURCES = (
    Files(
        name="tang-quatrains",
        title=N_("Tang quatrains"),
        about=N_(
            "The paper's poems: 16,394 quatrains of five characters a line, most of them the "
            "first four lines of longer poems of the 7th to 10th century."
        ),
        unit="characters",
        licence=N_("MIT for the collection (Geek.AI 2018); the poems are in the public domain"),
        origin="https://github.com/geek-ai/Texygen",
        place=10,
        read=lambda paths, marks: quatrain_corpus(utf8(paths[0]), marks),
        files=(
            File(
                "shi.txt",
                "https://raw.githubusercontent.com/geek-ai/Texygen/"
                "3104e22ac75f3cc2070da2bf5e2da6d2bef149ad/data/shi.txt",
                1590217,
                "ac03c5fbb07776f0e43cb1ccfc74732f5313ab3d832df81c8e0db327df35e666",
            ),
        ),
    ),
)
