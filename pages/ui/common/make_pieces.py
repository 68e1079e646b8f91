"""Small pieces that Poems and Speeches share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.ui.common.i18n import _


def notices(said: Sequence[str]) -> None:
    """What to notice now: one sentence as a paragraph, more of them as a list."""
    told = [escape(sentence) for sentence in said if sentence]
    lead = f"<b>{escape(_('What to notice now.'))}</b>"
    if len(told) == 1:
        st.html(f'<p class="notice-now">{lead} {told[0]}</p>')
    elif told:
        items = "".join(f"<li>{sentence}</li>" for sentence in told)
        st.html(f'<div class="notice-now">{lead}<ul>{items}</ul></div>')


def command(line: str) -> None:
    """A command line to copy: a click selects all of it.

    `st.code` would bring its colouring along, which costs a browser half a second to a second
    before anything on the page can be heard or read.
    """
    about = escape(_("command line"))
    st.html(f'<pre class="command" tabindex="0" role="group" aria-label="{about}">'
            f"<code>{escape(line)}</code></pre>")  # fmt: skip
