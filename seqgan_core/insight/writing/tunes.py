"""Tokens as melodies, one number a note; the training tunes of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.media.music.melody import Melody
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import token_statistics
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import KEYS, Form, melody
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.training.build import make_music_task


def melody_of(sampler: Sampler, tokens: Sequence[int], bpm: float | None = None) -> Melody:
    """What a sampler's tokens sound like, by default at the tempo of their form."""
    return melody(tokens, sampler.config.music_form, bpm)


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
