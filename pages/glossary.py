"""Glossary: every term, its formula, the screens where it moves, the file that computes it."""

import streamlit as st

from pages.ui.common import html, navigation, url_state
from pages.ui.common.glossary import Entry, entries, entry
from pages.ui.common.i18n import plain
from pages.ui.glossary.entry import draw as draw_entry
from pages.ui.glossary.entry import matches
from seqgan_core.messages import _, ngettext, remark


def draw() -> None:
    st.title(_("Glossary"), anchor=False)
    html.lede(remark("glossary.lede"))
    search = st.text_input(
        _("Search"),
        key="glossary-search",
        icon=":material/search:",
        placeholder=_("for example roll-out, NLL or reward"),
    )
    term = None if search else linked_entry()
    if search:
        found = [candidate for candidate in entries() if matches(candidate, search)]
        html.quiet(ngettext("{n} entry", "{n} entries", len(found)))
    else:
        part = chosen_part(term)
        found = [candidate for candidate in entries() if candidate.part == part]
    if term:
        with st.container(border=True, key="glossary-term"):
            draw_entry(term)
    listed([candidate for candidate in found if candidate != term])


def linked_entry() -> Entry | None:
    """The entry in the address; none where the address has none or an unknown one."""
    key = url_state.text("term")
    try:
        return entry(key) if key else None
    except KeyError:
        st.warning(_("The glossary has no entry {key}.").format(key=f"“{plain(key[:40])}”"))
        return None


def chosen_part(term: Entry | None) -> str:
    """The part that is shown, kept in the address; that of the linked entry at first."""
    parts = list(dict.fromkeys(candidate.part for candidate in entries()))
    first = url_state.one_of("part", parts, term.part if term else parts[0])
    part: str = st.pills(
        _("Part"), parts, default=first, required=True, key="glossary-part",
        label_visibility="collapsed",
    )  # fmt: skip
    if part != first:
        url_state.put(part=part, term=None)
        st.rerun()
    return part


def listed(found: list[Entry]) -> None:
    """Entries in two columns, read down the first and then the second."""
    half = (len(found) + 1) // 2
    for column, shown in zip(st.columns(2, gap="large"), (found[:half], found[half:]), strict=True):
        with column:
            for candidate in shown:
                draw_entry(candidate)


navigation.show(draw)
