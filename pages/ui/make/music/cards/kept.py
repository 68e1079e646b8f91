"""The tune that a listener keeps to compare new ones with: one for a session."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.ui.make.music.cards.score_cards import KEPT, Tune
from pages.ui.make.text.verse_cards import Scale


def keep(tunes: Sequence[Tune], title: str, scale: Scale | None, card_id: str) -> None:
    """Keep one of the tunes under that title; or none any longer, where its id is `KEPT`."""
    if card_id == KEPT:
        st.session_state.pop(KEPT, None)
    for tune in tunes:
        if tune.id == card_id:
            copy = replace(tune, id=KEPT, title=title, notes=(), motifs=())
            st.session_state[KEPT] = copy, scale and scale.name


def tunes(scale: Scale | None) -> list[Tune]:
    """The tune that is kept, if any; its values only where the scale is of the same kind."""
    tune, name = st.session_state.get(KEPT, (None, None))
    if tune is None:
        return []
    return [tune if scale is not None and scale.name == name else replace(tune, values=())]
