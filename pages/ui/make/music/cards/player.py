"""Playback and download of a tune: shared by the continuation and the quiz."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from pages.ui.make.music.cards.score_cards import Tune
from pages.ui.make.music.settings import TuneSettings
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.wav import wav
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import Form, melody


@dataclass(frozen=True)
class Playback:
    """How tunes sound: on what, and how fast in quarter notes a minute."""

    instrument: str
    bpm: float

    @staticmethod
    def of(settings: TuneSettings) -> Playback:
        """As the whole page sounds."""
        return Playback(settings.instrument, settings.bpm)

    def melody(self, tokens: Sequence[int], form: Form, title: str = "") -> Melody:
        """Tokens at this tempo."""
        return melody(tokens, form, self.bpm, title)

    def tune(
        self,
        id: str,
        title: str,
        tokens: Sequence[int],
        form: Form,
        *,
        given: int = 0,
        until: float = math.inf,
        notes: Sequence[str] = (),
        fifths: int | None = None,
    ) -> Tune:
        """A card; the first `given` notes are not the model's. See `Tune`."""
        sounding = self.melody(tokens, form)
        return Tune(
            id, title, sounding, self.instrument, given=given, until=until, notes=notes,
            fifths=fifths,
        )  # fmt: skip


def download_buttons(tune: Melody, instrument: str, stem: str, key: str) -> None:
    """Draw buttons that download a melody; each file is made when its button is pressed."""
    kinds = (
        ("MIDI", "mid", "audio/midi", to_midi),
        ("MusicXML", "musicxml", "application/vnd.recordare.musicxml+xml", to_musicxml),
        (_("Sound (WAV)"), "wav", "audio/wav", wav),
    )
    for name, end, mime, make in kinds:
        st.download_button(
            name, partial(make, tune, instrument), f"{stem}.{end}", mime,
            icon=":material/download:", on_click="ignore", key=f"{key}.{end}",
        )  # fmt: skip


def inline_note(text: str) -> None:
    """A remark in small type, no wider than it is, before buttons in a row."""
    st.html(f'<p class="quiet">{escape(text)}</p>', width="content")
