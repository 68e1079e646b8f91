"""What to sample and how it is shown: model, number, temperature, opening, sound."""

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

import streamlit as st

from pages.ui.common import choice, html, session, url_state
from pages.ui.common.buttons import button
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import plain
from pages.ui.make import model_choice
from pages.ui.make.cards import Look
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.screen_kind import Kind
from pages.ui.make.text import prosody
from seqgan_core.insight.writing.sampler import open_sampler
from seqgan_core.insight.writing.samples import Colour, SampleRequest
from seqgan_core.insight.writing.think_ahead import no_discriminator
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.media.verse.script import other_script
from seqgan_core.messages import N_, Problem, _, remark
from seqgan_core.tasks.music.key_finding import NAMES
from seqgan_core.tasks.music.tokens import BPM

FIRST_SEED, LAST_SEED = 1, 10**9
COOLEST, HOTTEST = 0.3, 1.5
SEARCHES = (8, 32)  # simulations per token
SLOWEST, FASTEST = 40, 240  # quarter notes a minute
ROLLOUTS = 16  # the paper's
LETTERS = ("A", "B")
COLOURS: dict[Colour, str] = {"none": N_("none"), "q": N_("Q"), "surprise": N_("surprise")}
INSTRUMENT_NAMES = {
    "piano": N_("piano"), "harpsichord": N_("harpsichord"), "guitar": N_("guitar"),
    "fiddle": N_("fiddle"), "flute": N_("flute"), "clarinet": N_("clarinet"),
    "accordion": N_("accordion"), "banjo": N_("banjo"),
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What was chosen."""

    # one, or two for two models with the same seed, in the order shown
    requests: tuple[SampleRequest, ...]
    models: tuple[ModelOption, ...]  # of the requests
    hidden: bool  # whether the names of two models are still hidden
    main: ModelOption  # the model that was chosen first, whatever the order shown
    # how samples are shown; the tempo is that of the main model
    look: Look = Look()  # noqa: RUF009  # frozen
    motifs: bool = False  # whether D's motifs stand over the roll of a tune

    @property
    def colour(self) -> Colour:
        """What tokens are coloured by."""
        return self.requests[0].colour

    @property
    def seed(self) -> int:
        return self.requests[0].seed

    def name(self, index: int) -> str:
        """A model's title, or its letter while names are hidden."""
        return LETTERS[index] if self.hidden else self.models[index].title

    def short(self, index: int) -> str:
        """A model's title, or its letter where there are two."""
        return LETTERS[index] if len(self.models) > 1 else self.models[index].title

    def letter(self, index: int) -> str:
        """A model's letter where there are two; else ""."""
        return LETTERS[index] if len(self.models) > 1 else ""

    def look_of(self, index: int) -> Look:
        """How a model's samples are shown: one whose steps are slower stays slower."""
        if self.look.bpm is None:
            return self.look
        factor = natural_tempo(self.models[index]) / natural_tempo(self.main)
        return replace(self.look, bpm=self.look.bpm * factor)


def choose_model(kind: Kind, models: dict[str, ModelOption]) -> Settings:
    """Draw the choice of one model, and of the sound of tunes."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="make-model"):
        with st.container(width=360):
            model = models[model_choice.choose(kind, models, "who", _("Model"))]
        look = _sound(kind, model) if kind.music else Look()
    _explain_missing(kind)
    return Settings((SampleRequest(model.key, 1, FIRST_SEED),), (model,), False, model, look)


def choose(kind: Kind, models: dict[str, ModelOption]) -> Settings:
    """Draw all choices for samples, and write them into the address."""
    # On a phone they are folded, so that the samples come first; the style sheet decides.
    key = f"{kind.task}-fold"
    folded = not st.session_state.get(key, False)
    with st.container(horizontal=True, vertical_alignment="center", key="make-bar"):
        seed = _seed(kind)
        st.toggle(_("Settings"), key=key)
    with st.container(key="make-settings-folded" if folded else "make-settings"):
        pair, n, heat = _models(kind, models)
        with st.container(horizontal=True, vertical_alignment="bottom", key="make-look"):
            first, acrostic = ("", "") if kind.music else _opening(kind, pair[0])
            rhyme = prosody.choose(pair[0])
            look = _sound(kind, pair[0]) if kind.music else _setting(kind, pair[0])
            metre = _metre(pair) if kind.music else ""
            colour = _colour(kind, pair[0], models)
            search = choice.one_of(
                "search", _("Think ahead: simulations per token"),
                {0: _("off")} | {n: str(n) for n in SEARCHES},
                key=f"{kind.task}-search", help=remark("make.search"),
            )  # fmt: skip
            motifs = kind.music and choice.toggle(
                "motifs", _("Motifs of D"), key=f"{kind.task}-motifs", help=remark("make.motifs")
            )
    critic = model_choice.shared_critic(pair) if colour == "q" or motifs else ""
    requests = [
        SampleRequest(
            model.key, n, seed, heat, first, acrostic, colour, ROLLOUTS, critic,
            search if model.has_discriminator else 0,
            metre if model.config.music_form == "tunes" else "", rhyme,
        )
        for model in pair
    ]  # fmt: skip
    _explain_missing(kind)
    for model in pair if search else ():
        if not model.has_discriminator:
            html.quiet(sentence(no_discriminator(model.title)))
    hidden = len(pair) == 2 and not _revealed(seed)
    order = -1 if len(pair) == 2 and _swapped(seed, pair[0].key, pair[1].key) else 1
    return Settings(tuple(requests[::order]), pair[::order], hidden, pair[0], look, motifs)


def resample(seed: int) -> None:
    """Go on to the next seed."""
    url_state.put(seed=seed % LAST_SEED + 1)


def natural_tempo(model: ModelOption) -> float:
    """Quarter notes a minute of a model's tunes unless another tempo is chosen."""
    return BPM[model.config.music_form]


def instrument_name(name: str) -> str:
    """An instrument for people."""
    return _(INSTRUMENT_NAMES[name])


def temperature(kind: Kind, name: str) -> float:
    """Draw a temperature, kept in the address as `name`."""
    return choice.number(
        name, _("Temperature"), COOLEST, HOTTEST, 1.0, key=f"{kind.task}-{name.replace('_', '-')}",
        step=0.05, slider=True, help=remark("make.temperature"),
    )  # fmt: skip


def _models(
    kind: Kind, models: dict[str, ModelOption]
) -> tuple[tuple[ModelOption, ...], int, float]:
    """The model, perhaps another to compare it with, the number of samples and the temperature."""
    first, second, third, fourth = st.columns([1.5, 1.5, 1, 1.2], vertical_alignment="bottom")
    with first:
        main = model_choice.choose(kind, models, "who", _("Model"))
    with second:
        others = {key: model for key, model in models.items() if key != main}
        other = model_choice.choose(kind, others, "beside", _("Compare with"), none_label=_("none"))
    with third:
        counts = (1, kind.most, kind.samples)
        n = choice.number("n", _("Samples"), *counts, key=f"{kind.task}-n", slider=True)
    with fourth:
        at = temperature(kind, "t")
    return ((models[main], models[other]) if other else (models[main],)), n, at


def _opening(kind: Kind, model: ModelOption) -> tuple[str, str]:
    """What is fixed: nothing, the first token of each text, or that of each line of verse."""
    kind = kind.of(verse=model.verse)
    words = {"free": _("free"), "first": _("first {token}").format(**kind.words)}
    if model.verse:
        words["acrostic"] = _("acrostic")
    now = next((name for name in ("first", "acrostic") if url_state.text(name)), "free")
    how = st.segmented_control(
        _("Opening"), list(words), default=now if now in words else "free", required=True,
        format_func=words.__getitem__, key=f"{kind.task}-opening-{len(words)}",
    )  # fmt: skip
    if how == "free":
        url_state.put(first=None, acrostic=None)
        return "", ""
    example = kind.first if how == "first" else kind.acrostic
    given = st.text_input(
        words[how].capitalize(), value=url_state.text(how)[:40] or example, max_chars=40,
        width=150, key=f"{kind.task}-{how}", placeholder=example,
    ).strip()  # fmt: skip
    url_state.put(**{"first": None, "acrostic": None, how: given or None})
    return (given, "") if how == "first" else ("", given)


def _setting(kind: Kind, model: ModelOption) -> Look:
    """How verse is set."""
    if not model.verse:
        return Look()
    directions = {"horizontal": _("horizontal"), "vertical": _("vertical")}
    direction = choice.one_of("set", _("Direction"), directions, key=f"{kind.task}-direction")
    about = _("Each character's reading in modern Mandarin")
    pinyin = choice.toggle("pinyin", _("Pinyin"), key=f"{kind.task}-pinyin", help=about)
    script = other_script(_words(model))
    names = {"traditional": _("Traditional characters"), "simplified": _("Simplified characters")}
    if script and not choice.toggle(
        script, names[script], key=f"{kind.task}-{script}", help=remark("make.script")
    ):
        script = ""
    return Look(vertical=direction == "vertical", pinyin=pinyin, script=script)


def _words(model: ModelOption) -> tuple[str, ...]:
    """Its vocabulary; () where the model cannot be opened, which its samples will say."""
    try:
        return open_sampler(session.lab().models, model.key).words
    except Problem:
        return ()


def _sound(kind: Kind, model: ModelOption) -> Look:
    """Instrument, tempo, chords and key; the defaults stay out of the address."""
    names = {name: instrument_name(name) for name in INSTRUMENTS}
    instrument = choice.one_of(
        "instrument", _("Instrument"), names, key=f"{kind.task}-instrument", widget="select",
        width=170,
    )  # fmt: skip
    usual = round(natural_tempo(model))
    bpm = choice.number(
        "bpm", _("Tempo (♩ per minute)"), SLOWEST, FASTEST, usual,
        key=f"{kind.task}-tempo-{usual}", step=5, slider=True, width=230,
        help=remark("make.tempo", seconds=round(30 / usual, 2), usual=usual),
    )  # fmt: skip
    chords = choice.toggle("chords", _("Chords"), key=f"{kind.task}-chords")
    tonic = -1
    if model.config.music_form == "tunes":
        keys = {-1: _("C or A")} | dict(enumerate(NAMES))
        tonic = choice.one_of(
            "key", _("Tonic"), keys, key=f"{kind.task}-tonic", widget="select", width=110
        )
    pitch_class = None if tonic < 0 else tonic
    return Look(instrument=instrument, bpm=float(bpm), tonic=pitch_class, chords=chords)


def _metre(models: tuple[ModelOption, ...]) -> str:
    """The metre of whole tunes; "" for the model's choice."""
    if not any(model.config.music_form == "tunes" for model in models):
        return ""
    metres = {
        "": _("any"), "4/4": _("reel, 4/4"), "6/8": _("jig, 6/8"), "3/4": _("waltz, 3/4"),
    }  # fmt: skip
    return choice.one_of("metre", _("Metre"), metres, key="music-metre")


def _colour(kind: Kind, model: ModelOption, models: dict[str, ModelOption]) -> Colour:
    """What colours mean; in tunes Q at first, where a D can give it."""
    default = "q" if kind.music and model_choice.has_critic(model, models) else "none"
    colours: dict[Colour, str] = {name: _(label) for name, label in COLOURS.items()}
    return choice.one_of("colour", _("Colour"), colours, key=f"{kind.task}-colour", default=default)


def _seed(kind: Kind) -> int:
    """The seed, kept in the address, and the buttons that change it."""
    seed = url_state.number("seed", FIRST_SEED, 0, LAST_SEED)
    url_state.put(seed=seed)
    again = partial(resample, seed)
    button(_("Resample"), "casino", f"{kind.task}-again", again, type="primary")
    if seed != FIRST_SEED:
        label, first = _("Reset to seed {seed}"), partial(url_state.put, seed=FIRST_SEED)
        button(label.format(seed=FIRST_SEED), "replay", f"{kind.task}-back", first)
    html.quiet(_("Seed {seed}").format(seed=seed), inline=True)
    return seed


def _explain_missing(kind: Kind) -> None:
    missing = model_choice.missing(kind)
    if missing:
        text = _("There is no model {name} here; the default is shown.")
        st.warning(plain(text.format(name=missing[:80])), icon=":material/link_off:")


def _revealed(seed: int) -> bool:
    revealed = url_state.number("revealed", -1, 0, LAST_SEED) == seed
    if not revealed:
        url_state.put(revealed=None)
    return revealed


def _swapped(seed: int, first: str, second: str) -> bool:
    """Whether the second of two is shown first: a coin toss that is the same in every browser."""
    pair = sorted((first, second))
    text = "\n".join([str(seed), *pair])
    return pair[sha256(text.encode()).digest()[0] % 2] == second
