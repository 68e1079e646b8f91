"""A beginning drawn by hand and N continuations of it, ranked by the discriminator."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import choice, html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from pages.ui.make.cards import Look
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music.continuation_results import continuations, picture
from pages.ui.make.music.note_drawing import MOST, checked, draw_prefix
from pages.ui.make.screen_kind import MUSIC
from pages.ui.make.settings import LAST_SEED, Settings, temperature
from seqgan_core.insight.writing.continuation import (
    ContinuationRequest,
    Continuations,
    continue_prefix,
    pasted,
)
from seqgan_core.media.music.melody import BAR, Metre
from seqgan_core.messages import N_, _, remark
from seqgan_core.tasks.music.tokens import HOLD, REST
from seqgan_core.tasks.music.tune import TuneError

MOST_CONTINUATIONS, CONTINUATIONS = 16, 8
LONGEST = 64  # steps that can be pasted: a part
MOST_ABC = 4000  # characters


@dataclass(frozen=True)
class Opening:
    """A ready-made beginning, in eighths; its name is marked by `N_`."""

    name: str
    tokens: tuple[int, ...]


OPENINGS = (
    Opening(N_("Rising line"), (40, HOLD, 44, 45, 47, HOLD, 49, 47)),
    Opening(N_("Question"), (56, 54, 52, HOLD, REST, 49, 51, HOLD)),
    Opening(N_("Out of key"), (40, 46, HOLD, 43, 50, HOLD, 41, HOLD)),
)


def draw(settings: Settings) -> None:
    """Draw the drawing area and the main model's continuations; a fragment of its own."""
    html.quiet(remark("make.draw", name=settings.main.title))
    st.fragment(_drawing)(settings.main, settings.look)


@show_errors()
def _drawing(model: ModelOption, look: Look) -> None:
    most = min(MOST, model.config.sequence_length - 1)
    if most < 1:
        html.quiet(_("{name} generates a single note.").format(name=model.title))
        return
    _openings()
    _paste(model)
    left, right = st.columns([1.9, 1], gap="large")
    with left:
        turn = st.session_state.setdefault("music-draw-turn", 0)
        start = checked(url_state.numbers("drawn", 2), LONGEST)
        if len(start) > most:
            html.quiet(_("{n} steps were pasted.").format(n=len(start)))
            st.button(_("Draw instead"), on_click=_take, args=(OPENINGS[0],), key="music-redraw")
            drawn = start
        else:
            drawn = draw_prefix(f"music-draw-{turn}-{most}", start=start, most=most)
    with right:
        request = _request(model, drawn)
        if request is None:
            html.empty(_("The continuations appear here"), remark("make.draw-first"))
            return
    continued: Continuations | None = result(
        ("continue", request), partial(continue_prefix, session.lab().models, request),
        _("Continuing"),
    )  # fmt: skip
    if continued is not None:
        with right:
            picture(continued)
        continuations(continued, look)


def _openings() -> None:
    """Buttons with ready-made beginnings."""
    with st.container(horizontal=True, vertical_alignment="center", key="music-openings"):
        html.quiet(_("Or start from an example:"), inline=True)
        for number, opening in enumerate(OPENINGS):
            st.button(
                _(opening.name), key=f"music-opening-{number}", on_click=_take, args=(opening,)
            )


def _paste(model: ModelOption) -> None:
    """A tune in ABC to go on from."""
    with st.expander(_("Paste a tune in ABC"), icon=":material/content_paste:"):
        text = st.text_area(
            "ABC", key="music-abc", height=150, max_chars=MOST_ABC, label_visibility="collapsed",
            placeholder="M:6/8\nL:1/8\nK:D\nA|d2f afd|",
        )  # fmt: skip
        st.button(
            _("Continue this tune"), key="music-abc-go", on_click=_take_abc, args=(model,),
            disabled=not (text or "").strip(),
        )  # fmt: skip
        if problem := st.session_state.pop("music-abc-problem", ""):
            st.error(plain(problem))


def _take_abc(model: ModelOption) -> None:
    """Continue the pasted tune, and play what comes in its key."""
    config = model.config
    try:
        tune = pasted(
            st.session_state["music-abc"], min(LONGEST, config.sequence_length - 1),
            moved=config.transpose,
        )  # fmt: skip
    except TuneError as error:
        st.session_state["music-abc-problem"] = sentence(error)
        return
    _take(Opening(tune.title, tune.tokens))
    url_state.put(drawn_metre=tune.metre, drawn_mode="minor" if tune.key.minor else None)
    if config.music_form == "tunes":
        url_state.put(key=tune.key.tonic)


def _request(model: ModelOption, drawn: Sequence[int]) -> ContinuationRequest | None:
    """Draw the choices; None until a beginning is drawn and its continuation requested."""
    n = choice.number(
        "ways", _("Continuations"), 1, MOST_CONTINUATIONS, CONTINUATIONS, key="music-ways-n",
        slider=True, help=_("N: a larger N keeps the existing continuations"),
    )  # fmt: skip
    heat = temperature(MUSIC, "ways_t")
    seed = url_state.number("ways_seed", 1, 0, LAST_SEED)
    going = bool(drawn) and url_state.text("go") == "yes"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Continue"), type="primary", icon=":material/play_arrow:", key="music-continue",
            disabled=not drawn, on_click=url_state.put,
            kwargs={"ways_seed": seed % LAST_SEED + 1} if going else {"go": "yes"},
        )  # fmt: skip
        if going:
            html.quiet(_("Seed {seed}. Press again for other continuations.").format(seed=seed))
        elif not drawn:
            html.quiet(_("Draw at least one note first."))
    url_state.put(
        drawn=".".join(map(str, drawn)) or None,
        go="yes" if going else None,
        ways_seed=seed if drawn and seed != 1 else None,
    )
    if not going:
        return None
    metres: dict[str, Metre] = {metre: metre for metre in BAR}
    metre = metres.get(url_state.text("drawn_metre"), "4/4")
    minor = url_state.text("drawn_mode") == "minor"
    return ContinuationRequest(model.key, tuple(drawn), n, seed, heat, metre, minor)


def _take(opening: Opening) -> None:
    """Draw an opening in place of what is there, and continue it."""
    url_state.put(
        drawn=".".join(map(str, opening.tokens)), go="yes", drawn_metre=None, drawn_mode=None
    )
    st.session_state["music-draw-turn"] += 1  # a component keeps the data it first got
