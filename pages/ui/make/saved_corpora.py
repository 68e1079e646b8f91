"""Saved user texts and tunes, each with a button that deletes it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.errors import show_errors
from pages.ui.make.screen_kind import MUSIC, Kind
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import remove
from seqgan_core.tasks.corpora.user_corpora import user_texts, user_tunes
from seqgan_core.tasks.text.user_text import Options


def saved(kind: Kind) -> None:
    """Draw the saved corpora of this kind, each with a button that deletes it."""
    rows = _tunes() if kind == MUSIC else _texts(kind)
    if not rows:
        return
    tunes = kind == MUSIC
    st.subheader(_("Kept tunes") if tunes else _("Kept texts"), anchor=False)
    for name, title, description in rows:
        with st.container(horizontal=True, vertical_alignment="center", key=f"kept.{name}"):
            html.quiet(" · ".join(filter(None, (title, description, name))))
            with st.popover(_("Delete"), icon=":material/delete:"):
                st.markdown(
                    _("Delete them for good? Models that learned from them stay.") if tunes
                    else _("Delete it for good? Models that learned from it stay.")
                )  # fmt: skip
                st.button(
                    _("Delete the tunes") if tunes else _("Delete the text"),
                    key=f"kept.delete.{name}", on_click=_delete, args=(name,),
                )  # fmt: skip


def _texts(kind: Kind) -> list[tuple[str, str, str]]:
    """The texts of this kind: name, title, how each is read."""
    unit = "characters" if kind.task == "poems" else "words"
    return [
        (text.name, text.title, _description(text.options))
        for text in user_texts()
        if text.options is None or text.options.unit == unit
    ]


def _tunes() -> list[tuple[str, str, str]]:
    """The same of tunes; a damaged file has no number of them."""
    return [
        (corpus.name, corpus.title, "" if corpus.tunes is None else _count(corpus.tunes))
        for corpus in user_tunes()
    ]  # fmt: skip


def _count(tunes: int) -> str:
    return _("one tune") if tunes == 1 else _("{n:,} tunes").format(n=tunes)


def _description(options: Options | None) -> str:
    """How a saved text is read, in a few words; empty for a damaged one."""
    if options is None:
        return ""
    words = _("poems of {n} characters") if options.unit == "characters" else _("up to {n} words")
    return words.format(n=options.length)


def _delete(name: str) -> None:
    with show_errors():
        remove(name)
    if url_state.text("text") == name:
        url_state.put(text=None)
