"""A melody as sound: the notes of an instrument, as the bytes of a WAV file."""

import io
import wave
from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from seqgan_core.media.music.harmony import ACCOMPANIST, accompaniment
from seqgan_core.media.music.instruments import instrument
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.synth import RATE, TAIL, synthesise
from seqgan_core.media.music.validation import validate

PEAK = 10 ** (-1 / 20)  # -1 dB of full scale, so that no player's rounding clips
BEHIND = 0.4  # of the melody's loudest sample is the accompaniment's, where both sound
Rate = Literal[44_100, 22_050]
Sound = NDArray[np.float32]


def wav(melody: Melody, played_on: str = "piano", rate: Rate = 44_100) -> bytes:
    """The melody alone as a WAV file: mono, 16 bits, loudest sample at -1 dB of full scale.

    It lasts as long as the melody with its repeats and `TAIL` seconds, in which the last note
    fades.

    Args:
        melody: at most ten minutes.
        played_on: a name of `INSTRUMENTS`.
        rate: samples a second; 22,050 takes half the bytes and keeps frequencies below 11 kHz.
    """
    return _file(samples(melody, played_on), rate)


def accompaniment_wav(melody: Melody, rate: Rate = 44_100) -> bytes:
    """Its chords alone, with the same length and the same level as `wav`."""
    return _file(_strummed(melody), rate)


def mixed_wav(melody: Melody, played_on: str = "piano", rate: Rate = 44_100) -> bytes:
    """The melody and its chords, as a WAV file like that of `wav`, which it is without chords."""
    sound = samples(melody, played_on)
    if melody.chords:
        sound = _levelled(sound) + np.float32(BEHIND) * _levelled(_strummed(melody))
    return _file(sound, rate)


def _file(sound: Sound, rate: Rate) -> bytes:
    if rate not in (RATE, RATE // 2):
        raise ValueError(f"rate is {rate}; it must be {RATE} or {RATE // 2}")
    if rate != RATE:
        sound = _halved(sound)
    whole = np.round(_levelled(sound) * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(whole.tobytes())
    return file.getvalue()


def samples(melody: Melody, played_on: str = "piano") -> Sound:
    """The melody, repeats written out, as `RATE` samples a second, at the instrument's level."""
    played = validate(melody).played()
    return _sounded(played, played.notes, played_on)


def _strummed(melody: Melody) -> Sound:
    return _sounded(validate(melody).played(), accompaniment(melody), ACCOMPANIST)


def _sounded(played: Melody, notes: Iterable[Note], played_on: str) -> Sound:
    """Notes that sound within a melody, as long as it and its tail."""
    program = instrument(played_on).program
    beat = 60.0 * RATE / played.bpm
    mixed = np.zeros(round(played.seconds * RATE) + round(TAIL * RATE), np.float32)
    for note in notes:
        start, end = round(note.start * beat), round((note.start + note.length) * beat)
        if end > start:  # else it is too short to be heard
            sound = synthesise(program, note.pitch, end - start)
            mixed[start : start + len(sound)] += sound
    return mixed


def _levelled(sound: Sound) -> Sound:
    loudest = float(np.abs(sound).max(initial=0.0))
    return sound * np.float32(PEAK / loudest) if loudest > 0 else sound


def _halved(sound: Sound) -> Sound:
    """Every second sample, after a low-pass filter."""
    # Zeros up to a length without large prime factors, for which the transform takes much longer.
    padded = np.append(sound, np.zeros(-len(sound) % 65_536, np.float32))
    heard = np.fft.rfft(padded)[: len(padded) // 4 + 1]
    half = np.fft.irfft(heard, len(padded) // 2)[: (len(sound) + 1) // 2]
    return (half / 2).astype(np.float32)
