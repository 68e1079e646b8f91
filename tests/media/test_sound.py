"""A melody as sound, measured: how long, how loud, in tune, silent in its rests, free of clicks."""

import io
import wave
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.soundfont import SoundFont
from seqgan_core.media.music.synth import RATE, TAIL, synthesise
from seqgan_core.media.music.wav import Rate, samples, wav
from tests.support.files.melodies import TUNE, in_eighths

Sound = NDArray[np.float64]
KEYS = range(40, 91)
SCALE = Melody(tuple(Note(key, float(at), 0.5) for at, key in enumerate(KEYS)), bpm=60.0)


def heard(data: bytes) -> tuple[Sound, int]:
    """The numbers of a WAV file, as any player reads them, and how many a second."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        numbers = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return numbers / 32768, file.getframerate()


@cache
def scale(name: str, rate: Rate = 44_100) -> tuple[Sound, int]:
    """Half a second of every key from 40 to 90, each after half a second of rest."""
    return heard(wav(SCALE, name, rate))


def decibels(sound: Sound) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-12))


def pitch(sound: Sound, rate: int) -> float:
    """The pitch heard, as a MIDI number with its cents.

    The first high peak of the autocorrelation (by the power spectrum) says which note it is; the
    peaks of the spectrum near its partials, weighed by their power, say how exactly.
    """
    window = np.hanning(len(sound))
    size = 8 * len(sound)
    power = np.abs(np.fft.rfft(sound * window, size)) ** 2
    likeness = np.fft.irfft(power)[: len(sound)]
    likeness /= np.maximum(np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)[: len(sound)], 1e-9)
    lags = np.arange(rate // 2500, rate // 55)
    peaks = [at for at in lags if likeness[at - 1] < likeness[at] >= likeness[at + 1]]
    best = max(likeness[at] for at in peaks)
    period = next(at for at in peaks if likeness[at] > 0.9 * best)
    first = rate / _top(likeness, period)
    step = rate / size
    weighted_sum, weight = 0.0, 0.0
    for partial in range(1, 9):
        middle, reach = partial * first / step, int(0.2 * first / step)
        places = np.arange(int(middle) - reach, int(middle) + reach)
        if places[-1] + 1 >= len(power):
            break
        place = int(places[np.argmax(power[places])])
        weighted_sum += power[place] * np.log2(_top(np.log(power + 1e-30), place) * step / partial)
        weight += power[place]
    return float(69 + 12 * (weighted_sum / weight - np.log2(440.0)))


def _top(values: Sound, place: int) -> float:
    """Where the parabola through a peak and its neighbours has its top."""
    left, middle, right = values[place - 1 : place + 2]
    return place + 0.5 * float((left - right) / (left - 2 * middle + right))


def test_the_measure_finds_known_pitches() -> None:
    time = np.arange(round(0.4 * RATE)) / RATE
    for true in (40.0, 57.31, 69.0, 89.9):
        first = 440 * 2 ** ((true - 69) / 12)
        sound = sum(np.sin(2 * np.pi * n * first * time + n) / n for n in range(1, 6))
        assert pitch(np.asarray(sound), RATE) == pytest.approx(true, abs=0.01)


@pytest.mark.parametrize(
    ("name", "rate"), [*((name, 44_100) for name in INSTRUMENTS), ("piano", 22_050)]
)
def test_every_key_is_in_tune(name: str, rate: Rate) -> None:
    sound, _ = scale(name, rate)
    off = {}
    for at, key in enumerate(KEYS):
        part = sound[round((at + 0.06) * rate) : round((at + 0.48) * rate)]
        off[key] = 100 * (pitch(part, rate) - key)
    assert max(map(abs, off.values())) < 20, off


@pytest.mark.parametrize("rate", [44_100, 22_050])
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_it_is_loud_and_does_not_clip(name: str, rate: Rate) -> None:
    sound, given = scale(name, rate)
    assert given == rate
    loudest = np.abs(sound).max()
    assert 20 * np.log10(loudest) == pytest.approx(-1.0, abs=0.01)
    levels = [decibels(sound[at * rate : at * rate + rate // 2]) for at in range(len(KEYS))]
    assert min(levels) > -34
    assert max(levels) < -6
    assert -26 < decibels(heard(wav(TUNE, name, rate))[0]) < -9


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_rests_are_silent(name: str) -> None:
    for rate in (44_100, 22_050):
        sound, _ = scale(name, rate)
        for at in range(len(KEYS)):
            rest = sound[round((at + 0.5 + TAIL + 0.01) * rate) : round((at + 0.99) * rate)]
            assert np.abs(rest).max(initial=0.0) < 10 ** (-60 / 20)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_note_ends_without_a_click(name: str) -> None:
    """While it dies away no step between samples is larger than while it sounds."""
    for key in KEYS:
        steps = np.abs(np.diff(synthesise(INSTRUMENTS[name].program, key, RATE // 4)))
        # A tenth more, because the flute still swells where it ends.
        assert steps[RATE // 4 - 1 :].max() <= 1.1 * steps[: RATE // 4].max()
        assert steps[-RATE // 50 :].max() < 1e-3


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_notes_begin_and_end_on_time(name: str) -> None:
    """Each note is heard within 30 ms of its onset, and 13 seconds last 13 seconds and the tail."""
    tune = in_eighths([62, None, 66, None] * 13, bpm=120.0)
    assert tune.seconds == 13.0
    sound, rate = heard(wav(tune, name))
    assert len(sound) == round((13.0 + TAIL) * rate)
    for note in tune.notes:
        at = note.start * 60 / tune.bpm
        before = decibels(sound[round((at - 0.04) * rate) : round(at * rate)]) if at else -240.0
        after = decibels(sound[round(at * rate) : round((at + 0.03) * rate)])
        assert before < -60
        assert after > -40


@pytest.mark.parametrize("bpm", [60.0, 97.3, 240.0])
def test_the_tempo_is_kept(bpm: float) -> None:
    sound, rate = heard(wav(Melody(TUNE.notes, bpm, length=16.0), "flute"))
    assert len(sound) / rate == pytest.approx(16 * 60 / bpm + TAIL, abs=1 / rate)


def test_notes_that_touch_are_added() -> None:
    first, second = Melody((Note(60, 0.0, 1.0),), length=2.0), Melody((Note(64, 1.0, 1.0),))
    both = Melody((*first.notes, *second.notes))
    np.testing.assert_allclose(samples(both), samples(first) + samples(second), atol=1e-6)


def test_instruments_differ_and_a_tune_repeats_itself() -> None:
    sounds = [wav(TUNE, name) for name in INSTRUMENTS]
    assert len(set(sounds)) == len(INSTRUMENTS) >= 6
    assert wav(TUNE, "fiddle") == wav(TUNE, "fiddle")


def test_nothing_is_silence() -> None:
    sound, rate = heard(wav(Melody((), length=4.0)))
    assert len(sound) == round(2.2 * rate)
    assert not sound.any()


def test_what_cannot_be_played_is_refused() -> None:
    with pytest.raises(ValueError, match="one of piano"):
        wav(TUNE, "kazoo")
    with pytest.raises(ValueError, match="rate is 8000"):
        wav(TUNE, rate=8000)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at most 600 s"):
        wav(Melody((Note(60, 3600.0 * 5, 1.0),)))


def test_the_font_is_read_from_its_package(tmp_path: Path) -> None:
    assert SoundFont.installed() is SoundFont.installed()
    bad_font = tmp_path / "other.sf2"
    bad_font.write_bytes(b"RIFF\0\0\0\0WAVE")
    with pytest.raises(ValueError, match="is not a SoundFont"):
        SoundFont(bad_font)
    with pytest.raises(ValueError, match="program is 500"):
        SoundFont.installed().zones(500, 60)
