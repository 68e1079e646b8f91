"""The practice poems, which this program composes."""

from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.files import Files
from seqgan_core.tasks.corpus import TextCorpus


def _read(paths: list[Path], punctuation: bool) -> TextCorpus:
    from seqgan_core.tasks.practice.corpus import practice_corpus  # composes thousands of poems

    return practice_corpus()


SOURCES = (
    Files(
        name="practice",
        title=N_("Practice poems"),
        about=N_(
            "Quatrains of five characters a line, composed by this program from a small grammar, "
            "not by poets."
        ),
        unit="characters",
        licence=N_("MIT, as this project"),
        origin=N_("composed here"),
        place=0,
        read=_read,
    ),
)
