"""New tunes as files to keep: MIDI, MusicXML and WAV of one, or all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import _
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.settings import Asked, instrument_name
from pages.ui.make.text.samples import LETTERS
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.tune_files import TuneFile, tunes_json, tunes_zip
from seqgan_core.media.music.wav import wav
from seqgan_core.media.verse.verse_files import Provenance

CHOICE = "make.music.keep"


def keep(asked: Asked, found: list[SampleSet]) -> None:
    """Draw the choice of a tune and the buttons; while names are hidden, so they are in files.

    A file is made when its button is pressed, so that nobody waits for files that nobody wants.
    """
    kept = [tune for index, one in enumerate(found) for tune in kept_of(asked, index, one)]
    named = {tune.stem: tune for tune in kept}
    if st.session_state.get(CHOICE) not in named:  # of other dice
        st.session_state.pop(CHOICE, None)
    with st.container(horizontal=True, vertical_alignment="bottom", key="music-keep"):
        stem = st.selectbox(
            _("Keep"), list(named), format_func=lambda one: named[one].melody.title,
            key=CHOICE, width=260,
        )  # fmt: skip
        tune = named[stem].melody
        for ending, label, mime, icon, make in (
            ("mid", "MIDI", "audio/midi", "piano", partial(to_midi, tune, asked.instrument)),
            ("musicxml", "MusicXML", "application/vnd.recordare.musicxml+xml", "music_note",
             partial(to_musicxml, tune, asked.instrument)),
            ("wav", "WAV", "audio/wav", "graphic_eq", partial(wav, tune, asked.instrument)),
        ):  # fmt: skip
            st.download_button(
                label, make, f"{stem}.{ending}", mime, icon=f":material/{icon}:",
                on_click="ignore", key=f"make.music.keep.{ending}",
            )  # fmt: skip
        _together(asked, found)
    html.quiet(
        _(
            "MIDI for players and sequencers, MusicXML for notation programs, WAV to listen to, as "
            "heard here: {instrument}, {bpm:g} quarter notes a minute. The zip holds all of it, "
            "the JSON the tokens, the notes, the dice and the model."
        ).format(instrument=instrument_name(asked.instrument), bpm=asked.bpm)
    )


def kept_of(asked: Asked, index: int, found: SampleSet) -> list[TuneFile]:
    """The tunes of one writer as files know them."""
    seed = asked.wishes[index].seed
    letter = LETTERS[index] if len(asked.wishes) > 1 else ""
    who = letter if asked.hidden else found.sampler.title
    return [
        TuneFile(
            "-".join(filter(None, ("tune", str(seed), letter, str(number + 1)))),
            _named(melody, _("{who}, dice {seed}, tune {n}").format(
                who=who, seed=seed, n=number + 1)),
            found.tokens[number].tolist(),
            found.texts[number],
        )
        for number, melody in enumerate(tune_cards.melodies_of(asked, index, found))
    ]  # fmt: skip


def made_by(asked: Asked, index: int, found: SampleSet) -> Provenance:
    """What made them, for their file."""
    request, config = found.request, found.sampler.config
    today = datetime.now(UTC).date().isoformat()
    if asked.hidden:
        return Provenance(LETTERS[index], today, request.seed, request.temperature)
    moved = _(", moved to C major or A minor") if config.transpose else ""
    remark = _(
        "A model's tunes ({key}), trained on {corpus}{moved}; a token is one of {form}."
    ).format(key=found.sampler.key, corpus=config.corpus, moved=moved, form=config.music_form)
    return Provenance(found.sampler.title, today, request.seed, request.temperature, remark)


def _together(asked: Asked, found: list[SampleSet]) -> None:
    """All of them, a file for each writer: one file has one maker."""
    seed = asked.wishes[0].seed
    for index, one in enumerate(found):
        mine = kept_of(asked, index, one)
        letter = LETTERS[index] if len(found) > 1 else ""
        told = tunes_json(mine, made_by(asked, index, one), asked.instrument)
        stem = "-".join(filter(None, ("tunes", str(seed), letter)))
        for ending, label, mime, icon, make in (
            ("zip", _("All, zip"), "application/zip", "folder_zip",
             partial(tunes_zip, mine, told, asked.instrument)),
            ("json", "JSON", "application/json", "data_object", told),
        ):  # fmt: skip
            st.download_button(
                f"{label} {letter}".strip(), make, f"{stem}.{ending}", mime,
                icon=f":material/{icon}:", on_click="ignore", key=f"make.music.{ending}.{index}",
            )  # fmt: skip


def _named(melody: Melody, title: str) -> Melody:
    return replace(melody, title=title)
