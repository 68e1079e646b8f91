"""The cards with two whole tunes by hand, a script for Streamlit; more tunes move them up."""

import streamlit as st

from pages.ui.common import html
from pages.ui.make.music.cards import kept
from pages.ui.make.music.cards.score_cards import Tune, melodies
from tests.support.files.whole_tunes import JIG, REEL

st.set_page_config(layout="wide")
html.style()
seed = st.session_state.setdefault("seed", 1)
tunes = [
    Tune("0", f"Reel {seed}", REEL.transposed(seed - 1)),
    Tune("1", f"Jig {seed}", JIG.transposed(seed - 1), "flute"),
]


def more(_asked: str) -> None:
    st.session_state.seed = seed + 1


def keep(card_id: str) -> None:
    kept.keep(tunes, f"Before: {seed}", None, card_id)


melodies([*kept.tunes(None), *tunes], "player", on_next=more, on_keep=keep)
