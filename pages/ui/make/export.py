"""Samples as files: text and JSON of texts; ABC, MIDI, MusicXML, WAV, a zip and JSON of tunes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.make.cards import tune_of
from pages.ui.make.screen_kind import Kind
from pages.ui.make.settings import LETTERS, Settings, instrument_name
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.tune_files import WRITERS, TuneFile, tunes_json, tunes_zip
from seqgan_core.media.verse.script import Script, in_script, verse_in_script
from seqgan_core.media.verse.verse_files import Provenance, Sheet, as_json, as_text
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, remark

CHOICE = "music-export-tune"
# ending, label, type, icon, content
Download = tuple[str, str, str, str, str | bytes | Callable[[], bytes]]


def buttons(
    kind: Kind, settings: Settings, sample_sets: list[SampleSet], notes: list[list[list[str]]]
) -> None:
    """Draw the buttons; names that are hidden are hidden in the files too.

    Args:
        kind: of screen.
        settings: of the samples.
        sample_sets: one or two.
        notes: what stands under each sample of each set.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="make-export"):
        if kind.music:
            _one_tune(settings, sample_sets)
        for index, samples in enumerate(sample_sets):  # a file has one provenance
            made_by = _made_by(settings, index, samples)
            files = _texts(samples, notes[index], made_by, settings.look.script)
            if kind.music:
                files = _tunes(settings, index, samples, made_by)
            for ending, label, mime, icon, content in files:
                letter = settings.letter(index)
                stem = "-".join(filter(None, (kind.task, str(settings.seed), letter)))
                st.download_button(
                    f"{label} {letter}".strip(), content, f"{stem}.{ending}", mime,
                    icon=f":material/{icon}:", on_click="ignore",
                    key=f"{kind.task}-export-{ending}-{index}",
                )  # fmt: skip
    about = _("All samples in one file; each card can also be saved as an image.")
    if kind.music:
        instrument = instrument_name(settings.look.instrument)
        about = remark("make.files", bpm=settings.look.bpm, instrument=instrument)
    html.quiet(about)


def tune_buttons(tune: Melody, instrument: str, stem: str, key: str) -> None:
    """Draw buttons that download a melody; each file is made when its button is pressed."""
    for ending, label, mime, icon in (
        ("abc", "ABC", "text/vnd.abc", "text_fields"),
        ("mid", "MIDI", "audio/midi", "piano"),
        ("musicxml", "MusicXML", "application/vnd.recordare.musicxml+xml", "music_note"),
        ("wav", "WAV", "audio/wav", "graphic_eq"),
    ):
        st.download_button(
            label, partial(WRITERS[ending], tune, instrument), f"{stem}.{ending}", mime,
            icon=f":material/{icon}:", on_click="ignore", key=f"{key}-{ending}",
        )  # fmt: skip


def tune_files(settings: Settings, index: int, samples: SampleSet) -> list[TuneFile]:
    """The tunes of one model, ready for export."""
    seed, look, files = settings.seed, settings.look_of(index), []
    tunes = zip(samples.tokens.tolist(), samples.texts, strict=True)
    for number, (tokens, words) in enumerate(tunes, start=1):
        stem = "-".join(filter(None, ("tune", str(seed), settings.letter(index), str(number))))
        title = _("{model}, seed {seed}, tune {n}")
        title = title.format(model=settings.name(index), seed=seed, n=number)
        melody = replace(tune_of(samples.sampler, words, look), title=title)
        files.append(TuneFile(stem, melody, tokens, words))
    return files


def _one_tune(settings: Settings, sample_sets: list[SampleSet]) -> None:
    """The choice of a tune, and its files."""
    files = {
        tune.stem: tune
        for index, samples in enumerate(sample_sets)
        for tune in tune_files(settings, index, samples)
    }
    if st.session_state.get(CHOICE) not in files:  # of another seed
        st.session_state.pop(CHOICE, None)
    stem = st.selectbox(
        _("Export"), list(files), key=CHOICE, width=340,
        format_func=lambda each: visible_text(files[each].melody.title),
    )  # fmt: skip
    tune_buttons(files[stem].melody, settings.look.instrument, stem, "music-export")


def _tunes(
    settings: Settings, index: int, samples: SampleSet, made_by: Provenance
) -> list[Download]:
    files, instrument = tune_files(settings, index, samples), settings.look.instrument
    description = tunes_json(files, made_by, instrument)
    whole = partial(tunes_zip, files, description, instrument)
    return [
        ("zip", _("All (zip)"), "application/zip", "folder_zip", whole),
        ("json", "JSON", "application/json", "data_object", description),
    ]


def _texts(
    samples: SampleSet, notes: list[list[str]], made_by: Provenance, script: Script
) -> list[Download]:
    sheets = [
        Sheet(verse_in_script(samples.sampler.verse(text), script), text,
              notes=[in_script(note, script) for note in remarks])
        for text, remarks in zip(samples.texts, notes, strict=True)
    ]  # fmt: skip
    return [
        ("txt", _("Text"), "text/plain", "description", as_text(sheets, made_by)),
        ("json", "JSON", "application/json", "data_object", as_json(sheets, made_by)),
    ]


def _made_by(settings: Settings, index: int, samples: SampleSet) -> Provenance:
    """What made the samples of a file; no more than a letter while names are hidden."""
    request, config = samples.request, samples.sampler.config
    today = datetime.now(UTC).date().isoformat()
    if settings.hidden:
        return Provenance(LETTERS[index], today, request.seed, request.temperature)
    what = "text" if samples.sampler.unit != "notes" else "moved" if config.transpose else "tunes"
    fields = {"key": samples.sampler.key, "corpus": config.corpus, "form": config.music_form}
    about = remark(f"made-by.{what}", **fields)
    if request.search:
        about = f"{about} {remark('made-by.search', n=request.search)}"
    return Provenance(samples.sampler.title, today, request.seed, request.temperature, about)
