"""One note of an instrument: the recording at the right speed, its filter, its envelope."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from seqgan_core.media.music.soundfont import Envelope, SoundFont, Zone

RATE = 44_100  # samples a second
LONGEST_KEPT = 2 * RATE  # samples
TAIL = 0.2  # seconds of fading after the end of a note

Wave = NDArray[np.float32]

_SHORTEST_RELEASE = 0.06  # seconds for 100 dB; a faster one clicks
_FRAME = 512  # samples in a frame of the filter; frames overlap by half
_OPEN = 18_000.0  # hertz; a filter above it is inaudible and left out


def synthesise(program: int, key: int, held: int) -> Wave:
    """The sound of a key held for `held` samples, and `TAIL` seconds of fading."""
    # Short notes are repeated often and small; long ones are few and large.
    return (_kept if held <= LONGEST_KEPT else _made)(program, key, held)


def _made(program: int, key: int, held: int) -> Wave:
    zones = SoundFont.installed().zones(program, key)
    if not zones:
        raise ValueError(f"program {program} has no sound for key {key}")
    length = held + round(TAIL * RATE)
    wave = np.zeros(length, np.float32)
    for zone in zones:
        wave += _filtered(_played(zone, length), zone) * (zone.gain * _loudness(zone, held, length))
    wave.flags.writeable = False  # it is shared by all callers
    return wave


_kept = lru_cache(maxsize=256)(_made)  # at half a second each about 22 MB, at most 100


def _played(zone: Zone, length: int) -> Wave:
    """The recording at the speed of the pitch, its loop repeated as long as needed."""
    seconds = np.arange(length) / RATE
    rings = seconds * zone.step > len(zone.wave) - zone.loop
    speed = np.where(rings, zone.ring_step, zone.step)
    if zone.waver:
        since = np.maximum(seconds - zone.waver_delay, 0.0)
        speed *= 2.0 ** (zone.waver / 1200 * np.sin(2 * np.pi * zone.waver_rate * since))
    at = np.concatenate([[0.0], np.cumsum(speed[:-1])]) / RATE
    missing = int(at[-1]) + 4 - len(zone.wave)
    ring = zone.wave[-zone.loop :] if zone.loop else np.zeros(1, np.float32)
    whole = np.concatenate([zone.wave, np.tile(ring, max(missing // len(ring) + 1, 1))])
    return _between(np.concatenate([np.zeros(1, np.float32), whole]), at + 1)


def _between(wave: Wave, at: NDArray[np.float64]) -> Wave:
    """Values between samples, on a cubic through the four around each (Catmull and Rom's)."""
    low = at.astype(np.int64)
    x = (at - low).astype(np.float32)
    before, here, there, after = (wave[low + step] for step in (-1, 0, 1, 2))
    slope, bend = there - before, 2 * before - 5 * here + 4 * there - after
    twist = 3 * (here - there) + after - before
    return here + 0.5 * x * (slope + x * (bend + x * twist))


def _loudness(zone: Zone, held: int, length: int) -> Wave:
    """Loudness factor at each sample: linear in the attack, linear in decibels afterwards."""
    shape = zone.volume
    seconds = np.arange(length) / RATE
    rising = np.clip((seconds - shape.delay) / shape.attack, 0.0, 1.0)
    since = np.maximum(seconds - shape.delay - shape.attack - shape.hold, 0.0)
    fallen = np.minimum(100.0 * since / shape.decay, shape.sustain / 10)
    off = np.maximum(seconds - held / RATE, 0.0)
    fallen = fallen + 100.0 * off / max(shape.release, _SHORTEST_RELEASE)
    closing = 0.5 + 0.5 * np.cos(np.pi * np.minimum(off / TAIL, 1.0))
    return (rising * closing * 10.0 ** (-fallen / 20)).astype(np.float32)


def _sweep(shape: Envelope, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the filter is open, 0 to 1."""
    rising = np.clip((seconds - shape.delay) / shape.attack, 0.0, 1.0)
    since = np.maximum(seconds - shape.delay - shape.attack - shape.hold, 0.0)
    return rising - np.minimum(since / shape.decay, shape.sustain / 1000)


def _filtered(wave: Wave, zone: Zone) -> Wave:
    """The wave through a moving low-pass filter of two poles, frame by frame.

    Frames overlap by half under windows that add up to one, so a filter that is wide open changes
    nothing.
    """
    half = _FRAME // 2
    count = len(wave) // half + 2
    seconds = (np.arange(count) * half) / RATE  # at the middle of each frame
    cutoff = zone.cutoff * 2.0 ** (zone.opening * _sweep(zone.sweep, seconds))
    if cutoff.min() >= _OPEN:
        return wave
    padded = np.zeros((count + 1) * half, np.float32)
    padded[half : half + len(wave)] = wave
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::half] * window
    pitches = np.fft.rfftfreq(_FRAME, 1 / RATE)
    gains = 1 / np.sqrt(1 + (pitches / cutoff[:, None]) ** 4)
    heard = np.fft.irfft(np.fft.rfft(frames) * gains, _FRAME)
    mixed = np.zeros_like(padded)
    mixed[: count * half] += heard[:, :half].reshape(-1)
    mixed[half:] += heard[:, half:].reshape(-1)
    return mixed[half : half + len(wave)]
