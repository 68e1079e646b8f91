"""The Nottingham release that the paper names: 1,037 MIDI files in their own split."""

import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.book import Book, Item
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.download import File
from seqgan_core.tasks.music.melody_part import FIRST_PART, melody_of, tune_of
from seqgan_core.tasks.music.midi_reader import MAX_BYTES, read_midi
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.tasks.splitting import Side

FILE = File(
    "Nottingham.zip",
    "https://raw.githubusercontent.com/ShakeelRaja/Structured-Augmented-LSTM/"
    "d82c1efb33507da80f379a85b16c51ec1f9bcefc/data/Nottingham.zip",
    692463,
    "4c1e041f4591949d662073f38097bcaf76cfa537c0f6e68f76bdc2d146ad1f45",
)
_NAME = re.compile(r"(?:.*/)?([a-z]+)_simple_chords_(\d+)\.mid")


def items(path: Path) -> list[Item]:
    """The tunes of the archive, by family and number, each with its side.

    Raises:
        CorpusError: it is damaged, or another.
    """
    damage = (KeyError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError)
    with suppress(*damage), zipfile.ZipFile(path) as archive:
        matches = [match for name in archive.namelist() if (match := _NAME.fullmatch(name))]
        matches.sort(key=lambda match: (match[1], int(match[2])))
        sizes = [archive.getinfo(match[0]).file_size for match in matches]
        if sizes and max(sizes) <= MAX_BYTES:
            return [
                Item(f"{match[1]} {match[2]}", archive.read(match[0]), side_of(int(match[2])))
                for match in matches
            ]
    raise CorpusError("nottingham.damaged", path=path)


def read_item(item: Item) -> Tune:
    """One of the tunes.

    The melody is the first part with notes: the first track is tempo and key, then come melody and
    chords.

    Raises:
        TuneError: it cannot be used.
    """
    piece = read_midi(item.data, item.name)
    number = melody_of(piece, FIRST_PART)
    title = " ".join(piece.parts[number].name.split())  # the track is called after the tune
    return replace(tune_of(piece, number), title=title or item.name, about=item.name)


def side_of(number: int) -> Side:
    """The release's own split, which this zip's folders lost: by the number within a family."""
    sides: dict[int, Side] = {4: "valid", 5: "test"}
    return sides.get(number % 6, "train")


SOURCES = (
    Book(
        name="nottingham",
        title=N_("Nottingham tunes"),
        about=N_(
            "The release that the paper used: 1,037 tunes with chords as MIDI, in its own split."
        ),
        licence=N_(
            "none stated (Nottingham Music Database, E. Foxley; MIDI by N. Boulanger-Lewandowski "
            "2012). No model trained on it ships with this program"
        ),
        origin="https://github.com/ShakeelRaja/Structured-Augmented-LSTM",
        place=50,
        tunes=1037,
        items=lambda folder: items(folder / FILE.name),
        read=read_item,
        files=(FILE,),
        ships=False,
    ),
)
