"""One entry: what it is, its formula, where it moves and where it is computed."""

import streamlit as st

from pages.ui.common import navigation
from pages.ui.common.glossary import Entry
from seqgan_core.messages import N_, _

_FIELDS = (("paper", N_("Paper")), ("here", N_("Here")), ("because", N_("Why")))


def matches(entry: Entry, search: str) -> bool:
    """Whether every word of the search stands in the entry, whatever the case."""
    words = " ".join((entry.title, entry.text, *entry.fields.values())).casefold()
    return all(word in words for word in search.casefold().split())


def draw(entry: Entry) -> None:
    """The entry as Markdown; its title links to its own address."""
    symbol = f" · {entry.fields['symbol']}" if "symbol" in entry.fields else ""
    parts = [f"**[{entry.title}](glossary?term={entry.key})**{symbol}"]
    parts += [entry.fields[name] for name in ("line", "formula") if name in entry.fields]
    parts += [
        f"{_(title)}: {entry.fields[name]}" for name, title in _FIELDS if name in entry.fields
    ]
    parts += [text for text in (entry.text, _places(entry)) if text]
    kind = "formula-" if "formula" in entry.fields else ""  # which has another height
    with st.container(key=f"entry-{kind}{entry.key}"):
        st.markdown("\n\n".join(parts))


def _places(entry: Entry) -> str:
    screens = [f"[{_(navigation.TITLES[f'pages/{name}.py'])}]({name})"
               for name in entry.values("screen")]  # fmt: skip
    where = [_("Screens: {links}").format(links=", ".join(screens))] if screens else []
    where.append(f"`{entry.fields['file']}`")
    return f":small[{' · '.join(where)}]"
