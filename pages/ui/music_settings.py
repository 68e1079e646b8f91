"""How new tunes are asked for: who, how many, how bold, how they sound; all in the address."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui import address, make_who
from pages.ui.make_kind import MUSIC
from pages.ui.make_who import Writer
from seqgan_core.insight.reading import Colour, Wish


@dataclass(frozen=True)
class Asked:
    """What a listener wants to hear.

    Attributes:
        wishes: one, or two for two writers with the same dice, in the order that they are shown.
        writers: of the wishes.
        hidden: whether the names of two are still hidden.
        main: the first of the choice, whatever the lot says.
        instrument: a name of `INSTRUMENTS`.
        bpm: quarter notes a minute.
        motifs: whether D's motifs stand over the roll.
    """

    wishes: tuple[Wish, ...]
    writers: tuple[Writer, ...]
    hidden: bool
    main: Writer
    instrument: str
    bpm: float
    motifs: bool

    @property
    def colour(self) -> Colour:
        """What notes are coloured by."""
        return self.wishes[0].colour


def settings(found: dict[str, Writer]) -> Asked:
    """Draw the choices, and write them into the address."""
    who = make_who.choose(MUSIC, found, "who", "Who composes")
    writer = found[who]
    wish = Wish(who, 4, address.number("seed", 1, 0, 10**9))
    return Asked((wish,), (writer,), False, writer, "piano", 120.0, False)
