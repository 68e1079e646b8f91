"""Tokens as melodies, one number a note; the training tunes of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.media.music.melody import HIGHEST, LOWEST, Melody
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.music.key_finding import NAMES, Key
from seqgan_core.tasks.music.metrics import token_statistics
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import KEYS, MODES, Form, melody
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.training.build import make_music_task
from seqgan_core.training.config import ConfigError


def melody_of(
    sampler: Sampler, tokens: Sequence[int], bpm: float | None = None, tonic: int | None = None
) -> Melody:
    """What a sampler's tokens sound like, by default at the tempo of their form.

    A whole tune is moved to the `tonic`, a pitch class, the shorter way that the keyboard allows.
    """
    made, key = melody(tokens, sampler.config.music_form, bpm), key_of(sampler, tokens)
    if key is None or tonic is None or not made.notes:
        return made
    shift = (tonic - key.tonic + 6) % 12 - 6
    pitches = [note.pitch + shift for note in made.notes]
    octave = 12 * ((min(pitches) < LOWEST) - (max(pitches) > HIGHEST))
    return made.transposed(shift + octave)


def tonic_of(name: str) -> int:
    """The pitch class of a tonic's name.

    >>> tonic_of("D"), tonic_of("Bb"), tonic_of("F#"), tonic_of("c♯")
    (2, 10, 6, 1)

    Raises:
        ConfigError: it is none of the twelve.
    """
    signs = name[:1].upper() + name[1:].replace("#", "♯").replace("b", "♭")
    if signs not in NAMES:
        raise ConfigError("key.unknown", key=name, allowed=", ".join(NAMES))
    return NAMES.index(signs)


def key_of(sampler: Sampler, tokens: Sequence[int], tonic: int | None = None) -> Key | None:
    """The key of a whole tune, by its mode: on `tonic`, else C major or A minor."""
    modes = {token: minor for minor, token in MODES.items()}
    minor = modes.get(tokens[1]) if len(tokens) > 1 else None
    if sampler.config.music_form != "tunes" or minor is None:
        return None
    return Key((9 if minor else 0) if tonic is None else tonic, minor)


def per_note(form: Form, tokens: Sequence[int], values: Sequence[float]) -> list[float]:
    """One value a note of `melody(tokens, form)`, from one a token: that of its first token.

    The first token of a note is where it was chosen; what holds it on was chosen after it.

    >>> per_note("eighths", [41, 89, 90, 43], [0.1, 0.2, 0.3, 0.4])
    [0.1, 0.4]
    >>> per_note("keys", [41, 41, 43], [0.1, 0.2, 0.3])
    [0.1, 0.3]
    """
    before = [0, *tokens]
    return [
        value
        for previous, token, value in zip(before, tokens, values, strict=False)
        if 1 <= token <= KEYS and (form != "keys" or token != previous)
    ]


@dataclass(frozen=True)
class Traits:
    notes: int  # how many
    key: Key | None  # the key that fits best, None without a note
    clear: float  # how well, a correlation up to 1
    in_key: float  # the share of sounding time on the seven notes of that key
    repeated: float  # the share of its four-step patterns that it holds more than once


def traits(form: Form, tokens: Tokens) -> list[Traits]:
    """The traits of each of the tunes (n, T)."""
    result = []
    for row in range(len(tokens)):
        tune = tokens[row : row + 1]
        notes = len(melody(tune[0].tolist(), form).notes)
        summary = token_statistics(tune, form)
        key = summary.keys[0] if notes else None
        result.append(Traits(notes, key, summary.clear, summary.in_key, summary.repeated))
    return result


def tune_task(sampler: Sampler) -> MusicTask:
    """The training tunes of the sampler, cut into its windows, on the CPU.

    Raises:
        CorpusMissing: they are not on this machine.
        CorpusError: they are damaged.
    """
    # The model it started from does not change its tunes, and may be gone.
    return make_music_task(sampler.config.model_copy(update={"start_from": None}))


@lru_cache(maxsize=3)
def origins(task: MusicTask) -> tuple[Tune, ...]:
    """The tune that each of the training windows was cut from, in their order."""
    return tuple(tune for tune, _window in task.windows(task.corpus.train))
