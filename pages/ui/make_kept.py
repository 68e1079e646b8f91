"""The texts of one's own that are kept, each with the button that deletes it."""

from __future__ import annotations

import streamlit as st

from pages.ui import address, pieces
from pages.ui.errors import in_words
from pages.ui.make_kind import Kind
from pages.ui.text import _
from seqgan_core.tasks.own_files import own_corpora, remove_own
from seqgan_core.tasks.own_text import Options


def kept(kind: Kind) -> None:
    """Draw the texts of this kind that are kept, each with the button that deletes it."""
    unit = "characters" if kind.task == "poems" else "words"
    found = [text for text in own_corpora() if text.options is None or text.options.unit == unit]
    if not found:
        return
    st.subheader(_("Kept texts"), anchor=False)
    for text in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"kept.{text.name}"):
            pieces.quiet(" · ".join(filter(None, (text.title, _how(text.options), text.name))))
            with st.popover(_("Delete"), icon=":material/delete:"):
                st.markdown(_("Delete it for good? Models that learned from it stay."))
                st.button(
                    _("Delete the text"), key=f"kept.delete.{text.name}",
                    on_click=_delete, args=(kind, text.name),
                )  # fmt: skip


def _how(options: Options | None) -> str:
    """How a kept text is read, in a few words; nothing for a damaged one."""
    if options is None:
        return ""
    words = _("poems of {n} characters") if options.unit == "characters" else _("up to {n} words")
    return words.format(n=options.length)


def _delete(kind: Kind, name: str) -> None:
    with in_words():
        remove_own(name)
    if address.text("text") == name:
        address.put(text=None)
