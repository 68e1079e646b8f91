"""Settings for sampling tunes: model, number, temperature, sound; kept in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.common import url_state
from pages.ui.make import sample_settings
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.sample_settings import ROLLOUTS
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.writing.samples import Colour, SampleRequest
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import BPM

FIRST, MOST = 2, 8  # tunes of a writer: each is half a megabyte of sound
SLOWEST, FASTEST = 40, 240


@dataclass(frozen=True)
class TuneSettings:
    """What was chosen for the tunes.

    Attributes:
        requests: one, or two for two models with the same seed, in the order shown.
        models: of the requests.
        hidden: whether the names of two are still hidden.
        main: the model that was chosen first, whatever the order shown.
        instrument: a name of `INSTRUMENTS`.
        bpm: quarter notes a minute, of the main model.
        motifs: whether D's motifs stand over the roll.
    """

    requests: tuple[SampleRequest, ...]
    models: tuple[ModelOption, ...]
    hidden: bool
    main: ModelOption
    instrument: str
    bpm: float
    motifs: bool

    @property
    def colour(self) -> Colour:
        """What notes are coloured by."""
        return self.requests[0].colour

    def tempo(self, model: ModelOption) -> float:
        """Quarter notes a minute of a model: one whose steps are slower stays slower."""
        return self.bpm * natural_tempo(model) / natural_tempo(self.main)


def choose(models: dict[str, ModelOption]) -> TuneSettings:
    """Draw the choices, and write them into the address."""
    with st.container(key="make-settings"):
        pair, n, temperature = sample_settings.common_controls(
            MUSIC, models, _("Who composes"), FIRST, MOST
        )
        with st.container(key="music-sound"):
            model, two, three, four = st.columns([1.5, 1.5, 1, 1.2], vertical_alignment="bottom")
        with model:
            instrument = _instrument()
        with two:
            bpm = _tempo(pair[0])
        with three:
            colour = sample_settings.colour_of(MUSIC, _coloured(pair[0], models))
        motifs = four.toggle(
            _("What D reads"), value=url_state.text("motifs") == "yes", key="make.music.motifs",
            help=_(
                "Brackets over the stretches that the discriminator's filters chose, with what "
                "becomes of its score without them."
            ),
        )  # fmt: skip
        url_state.put(motifs="yes" if motifs else None)
    seed = sample_settings.seed_controls(MUSIC, _("Compose again"))
    critic = sample_settings.shared_critic(pair) if colour == "q" or motifs else ""
    requests = [
        SampleRequest(
            model.key, n, seed, temperature, colour=colour, rollouts=ROLLOUTS, critic=critic
        )
        for model in pair
    ]
    shown, shown_models, hidden = sample_settings.in_random_order(requests, pair)
    return TuneSettings(shown, shown_models, hidden, pair[0], instrument, bpm, motifs)


def natural_tempo(model: ModelOption) -> float:
    """Quarter notes a minute of a model's tunes unless another tempo is chosen."""
    return BPM[model.config.music_form]


def instrument_name(name: str) -> str:
    """An instrument for people."""
    return {
        "piano": _("piano"),
        "harpsichord": _("harpsichord"),
        "guitar": _("guitar"),
        "fiddle": _("fiddle"),
        "flute": _("flute"),
        "clarinet": _("clarinet"),
        "accordion": _("accordion"),
        "banjo": _("banjo"),
    }.get(name, name)


def _instrument() -> str:
    names = list(INSTRUMENTS)
    chosen: str = st.selectbox(
        _("Instrument"), names, index=names.index(url_state.one_of("instrument", names, names[0])),
        format_func=instrument_name, key="make.music.instrument",
    )  # fmt: skip
    url_state.put(instrument=chosen if chosen != names[0] else None)
    return chosen


def _tempo(model: ModelOption) -> float:
    """Quarter notes a minute; the default of the model's form stays out of the address."""
    usual = round(natural_tempo(model))
    chosen = st.slider(
        _("Tempo, ♩ a minute"), SLOWEST, FASTEST,
        url_state.number("bpm", usual, SLOWEST, FASTEST), 5,
        key=f"make.music.bpm.{usual}",
        help=_(
            "Instrument and tempo change what is heard, not what was written: the notes and all "
            "numbers stay, and a tune that plays goes on from where it is. A step of this writer "
            "lasts {seconds:g} s at {usual}."
        ).format(seconds=round(30 / usual, 2), usual=usual),
    )  # fmt: skip
    url_state.put(bpm=chosen if chosen != usual else None)
    return float(chosen)


def _coloured(model: ModelOption, models: dict[str, ModelOption]) -> Colour:
    """What notes are coloured by at first: Q, where there is a D that can give it."""
    shipped = (option for option in models.values() if "@" not in option.key)
    config = model.config
    has_critic = any(
        option.has_discriminator
        and (option.config.music_form, option.config.transpose)
        == (config.music_form, config.transpose)
        and max(option.config.d_widths) <= config.sequence_length
        for option in (model, *shipped)
    )
    return "q" if has_critic else "none"
