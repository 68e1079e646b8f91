"""New tunes as files to keep: MIDI, MusicXML and WAV of one, or all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.settings import TuneSettings, instrument_name
from pages.ui.make.text.samples import LETTERS
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.tune_files import TuneFile, tunes_json, tunes_zip
from seqgan_core.media.music.wav import wav
from seqgan_core.media.verse.verse_files import Provenance
from seqgan_core.messages import _

CHOICE = "make.music.keep"


def buttons(settings: TuneSettings, sample_sets: list[SampleSet]) -> None:
    """Draw the choice of a tune and the buttons; while names are hidden, so they are in files.

    A file is made when its button is pressed, so that drawing the page waits for none.
    """
    files = [
        tune
        for index, samples in enumerate(sample_sets)
        for tune in files_of(settings, index, samples)
    ]
    by_stem = {tune.stem: tune for tune in files}
    if st.session_state.get(CHOICE) not in by_stem:  # of other dice
        st.session_state.pop(CHOICE, None)
    with st.container(horizontal=True, vertical_alignment="bottom", key="music-keep"):
        stem = st.selectbox(
            _("Keep"), list(by_stem), format_func=lambda samples: by_stem[samples].melody.title,
            key=CHOICE, width=260,
        )  # fmt: skip
        tune = by_stem[stem].melody
        for ending, label, mime, icon, make in (
            ("mid", "MIDI", "audio/midi", "piano", partial(to_midi, tune, settings.instrument)),
            ("musicxml", "MusicXML", "application/vnd.recordare.musicxml+xml", "music_note",
             partial(to_musicxml, tune, settings.instrument)),
            ("wav", "WAV", "audio/wav", "graphic_eq", partial(wav, tune, settings.instrument)),
        ):  # fmt: skip
            st.download_button(
                label, make, f"{stem}.{ending}", mime, icon=f":material/{icon}:",
                on_click="ignore", key=f"make.music.keep.{ending}",
            )  # fmt: skip
        _download_all(settings, sample_sets)
    html.quiet(
        _(
            "MIDI for players and sequencers, MusicXML for notation programs, WAV to listen to, as "
            "heard here: {instrument}, {bpm:g} quarter notes a minute. The zip holds all of it, "
            "the JSON the tokens, the notes, the dice and the model."
        ).format(instrument=instrument_name(settings.instrument), bpm=settings.bpm)
    )


def files_of(settings: TuneSettings, index: int, samples: SampleSet) -> list[TuneFile]:
    """The tunes of one model, ready for export."""
    seed = settings.requests[index].seed
    letter = LETTERS[index] if len(settings.requests) > 1 else ""
    name = letter if settings.hidden else samples.sampler.title
    return [
        TuneFile(
            "-".join(filter(None, ("tune", str(seed), letter, str(number + 1)))),
            _named(melody, _("{who}, dice {seed}, tune {n}").format(
                who=name, seed=seed, n=number + 1)),
            samples.tokens[number].tolist(),
            samples.texts[number],
        )
        for number, melody in enumerate(tune_cards.melodies_of(settings, index, samples))
    ]  # fmt: skip


def made_by(settings: TuneSettings, index: int, samples: SampleSet) -> Provenance:
    """What made them, for their file."""
    request, config = samples.request, samples.sampler.config
    today = datetime.now(UTC).date().isoformat()
    if settings.hidden:
        return Provenance(LETTERS[index], today, request.seed, request.temperature)
    transposed = _(", moved to C major or A minor") if config.transpose else ""
    remark = _(
        "A model's tunes ({key}), trained on {corpus}{moved}; a token is one of {form}."
    ).format(
        key=samples.sampler.key, corpus=config.corpus, moved=transposed, form=config.music_form
    )
    return Provenance(samples.sampler.title, today, request.seed, request.temperature, remark)


def _download_all(settings: TuneSettings, sample_sets: list[SampleSet]) -> None:
    """All tunes, one file for each model: a file has one provenance."""
    seed = settings.requests[0].seed
    for index, samples in enumerate(sample_sets):
        files = files_of(settings, index, samples)
        letter = LETTERS[index] if len(sample_sets) > 1 else ""
        description = tunes_json(files, made_by(settings, index, samples), settings.instrument)
        stem = "-".join(filter(None, ("tunes", str(seed), letter)))
        for ending, label, mime, icon, make in (
            ("zip", _("All, zip"), "application/zip", "folder_zip",
             partial(tunes_zip, files, description, settings.instrument)),
            ("json", "JSON", "application/json", "data_object", description),
        ):  # fmt: skip
            st.download_button(
                f"{label} {letter}".strip(), make, f"{stem}.{ending}", mime,
                icon=f":material/{icon}:", on_click="ignore", key=f"make.music.{ending}.{index}",
            )  # fmt: skip


def _named(melody: Melody, title: str) -> Melody:
    return replace(melody, title=title)
