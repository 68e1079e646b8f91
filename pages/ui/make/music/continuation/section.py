"""A beginning drawn by hand and N continuations, ranked by the discriminator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music.cards.player import Playback, inline_note
from pages.ui.make.music.continuation.note_drawing import MOST, checked, draw_prefix
from pages.ui.make.music.continuation.results import continuations, picture
from pages.ui.make.music.settings import TuneSettings
from pages.ui.make.sample_settings import COOLEST, HOTTEST, LAST_SEED, decimal
from seqgan_core.insight.writing.continuation import (
    ContinuationRequest,
    Continuations,
    continue_prefix,
)
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import HOLD, REST

MOST_CONTINUATIONS, CONTINUATIONS = 16, 8


@dataclass(frozen=True)
class Opening:
    """A beginning of the program's own making, in eighths."""

    name: str
    tokens: tuple[int, ...]


OPENINGS = (
    Opening(_("A climb"), (40, HOLD, 44, 45, 47, HOLD, 49, 47)),
    Opening(_("A question"), (56, 54, 52, HOLD, REST, 49, 51, HOLD)),
    Opening(_("Out of key"), (40, 46, HOLD, 43, 50, HOLD, 41, HOLD)),
)


def continuation(settings: TuneSettings) -> None:
    """Draw the drawing area and the main model's continuations; a fragment of its own."""
    st.header(_("Draw a beginning, hear how it goes on"), anchor=False)
    html.quiet(
        _(
            "Write the first notes: {name} keeps them and goes on, several times over with "
            "different dice; it may hold your last note on. Training does the same to find what a "
            "note is worth: it rolls the tune on to its end N times and asks the discriminator."
        ).format(name=settings.main.title)
    )
    st.fragment(_drawing)(settings.main, Playback.of(settings))


@show_errors()
def _drawing(model: ModelOption, playback: Playback) -> None:
    most = min(MOST, model.config.sequence_length - 1)
    if most < 1:
        html.quiet(_("{name} writes one note in all.").format(name=model.title))
        return
    _openings()
    left, right = st.columns([1.9, 1], gap="large")
    with left:
        turn = st.session_state.setdefault("music.draw.turn", 0)
        start = checked(_from_address(), most)
        drawn = draw_prefix(f"music.draw.{turn}.{most}", start=start, most=most)
    with right:
        request = _request(model, drawn)
        if request is None:
            html.empty(
                _("Here the ways on will part"),
                _(
                    "One line for each, from your last note on. The discriminator says how real "
                    "each tune seems to it, and the mean of that is what your last note is worth."
                ),
            )
            return
    continued: Continuations | None = result(
        ("go on", request), partial(continue_prefix, session.lab().models, request), _("Going on")
    )
    if continued is not None:
        with right:
            picture(continued)
        continuations(continued, playback)


def _openings() -> None:
    """Buttons with ready-made beginnings."""
    with st.container(horizontal=True, vertical_alignment="center", key="music-openings"):
        inline_note(_("Nothing comes to mind? Begin with one of these:"))
        for number, opening in enumerate(OPENINGS):
            st.button(opening.name, key=f"music.opening.{number}", on_click=_take, args=(opening,))


def _from_address() -> list[int]:
    """What a link says was drawn; anything else than tokens is nothing."""
    parts = url_state.text("drawn").split(".")
    return [int(part) for part in parts if part.isdecimal() and len(part) < 3]


def _request(model: ModelOption, drawn: Sequence[int]) -> ContinuationRequest | None:
    """Draw the choices; None until a beginning is drawn and its continuation requested."""
    n = st.slider(
        _("Ways to go on"), 1, MOST_CONTINUATIONS,
        url_state.number("ways", CONTINUATIONS, 1, MOST_CONTINUATIONS),
        key="music.ways.n", help=_("N: more of them keep the ones that are there"),
    )  # fmt: skip
    temperature = st.slider(
        _("Temperature of what follows"), COOLEST, HOTTEST,
        decimal("ways_t", 1.0, COOLEST, HOTTEST), 0.05, key="music.ways.t",
        help=_("1 is the model's own. Lower is safer and more alike, higher is bolder."),
    )  # fmt: skip
    seed = url_state.number("ways_seed", 1, 0, LAST_SEED)
    going = bool(drawn) and url_state.text("go") == "yes"
    with st.container(horizontal=True, vertical_alignment="center"):
        if going:
            st.button(
                _("Other ways"), type="primary", icon=":material/casino:", key="music.ways.again",
                on_click=url_state.put, kwargs={"ways_seed": seed % LAST_SEED + 1},
            )  # fmt: skip
            html.quiet(_("Dice {seed}; what you draw now is gone on with at once.").format(
                seed=seed))  # fmt: skip
        else:
            st.button(
                _("Go on from here"), type="primary", icon=":material/play_arrow:",
                key="music.ways.go", disabled=not drawn, on_click=url_state.put,
                kwargs={"go": "yes"},
            )  # fmt: skip
            if not drawn:
                html.quiet(_("Draw one note or more first."))
    values = {"ways": n, "ways_t": f"{temperature:g}", "ways_seed": seed} if drawn else {}
    url_state.put(
        drawn=".".join(map(str, drawn)) or None, go="yes" if going else None,
        **{name: values.get(name) for name in ("ways", "ways_t", "ways_seed")},
    )  # fmt: skip
    if not going:
        return None
    return ContinuationRequest(model.key, tuple(drawn), int(n), seed, float(temperature))


def _take(opening: Opening) -> None:
    """Draws an opening in place of what is there, and goes on with it."""
    url_state.put(drawn=".".join(map(str, opening.tokens)), go="yes")
    st.session_state["music.draw.turn"] += 1  # what a component was given to begin with is kept
