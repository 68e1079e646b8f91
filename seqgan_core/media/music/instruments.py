"""The instruments a melody can be played on: those of the SoundFont that are in tune."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """An instrument."""

    name: str  # one word in lower case, as settings have it
    program: int  # its number in General MIDI, from 0


_ALL = (
    Instrument("piano", 0),
    Instrument("harpsichord", 6),
    Instrument("guitar", 24),
    Instrument("fiddle", 110),
    Instrument("flute", 73),
    Instrument("clarinet", 71),
    Instrument("accordion", 21),
    Instrument("banjo", 105),
)
INSTRUMENTS = {instrument.name: instrument for instrument in _ALL}
# Not listed: the oboe (an octave too high from 74 to 78), the recorder (17 dB too soft below 55).


def instrument(name: str) -> Instrument:
    """The instrument of this name."""
    if name not in INSTRUMENTS:
        raise ValueError(f"instrument is {name!r}; it must be one of {', '.join(INSTRUMENTS)}")
    return INSTRUMENTS[name]
