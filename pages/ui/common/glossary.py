"""The glossary of `assets/text/LANGUAGE/glossary.md`: each term's line, as a tooltip or a link.

In the file `# ` begins a part and `## ` an entry; `- name: value` lines are its fields (`key` and
`file` always; `line` for terms), what follows them is its text.
"""

from dataclasses import dataclass
from functools import cache

import streamlit as st

from seqgan_core.messages import _, long_text


@dataclass(frozen=True)
class Entry:
    """A term, a question or a departure from the paper."""

    title: str  # as it is written
    part: str  # the part of the glossary that it belongs to
    # by name: key, also, symbol, line, formula, screen, file, paper, here, because
    fields: dict[str, str]
    text: str  # Markdown below the fields; may be empty

    @property
    def key(self) -> str:
        """Its name in the address, words joined by dashes."""
        return self.fields["key"]

    def values(self, name: str) -> list[str]:
        """A field that holds several values, separated by commas."""
        return [value for value in self.fields.get(name, "").split(", ") if value]


def entries() -> tuple[Entry, ...]:
    """All entries in the session's language, in the order of the file."""
    return _entries(long_text("glossary"))


@cache
def _entries(text: str) -> tuple[Entry, ...]:
    found = []
    for section in text.removeprefix("# ").split("\n# "):
        part, *blocks = section.split("\n## ")
        for block in blocks:
            title, *lines = block.strip().splitlines()
            fields = dict(line[2:].split(": ", 1) for line in lines if line.startswith("- "))
            text = "\n".join(line for line in lines if not line.startswith("- ")).strip()
            found.append(Entry(title, part.strip(), fields, text))
    return tuple(found)


def entry(key: str) -> Entry:
    """The entry of this key, or of a metric's name ("nll_oracle").

    Raises:
        KeyError: there is none.
    """
    key = key.replace("_", "-")
    for candidate in entries():
        if key == candidate.key or key in candidate.values("also"):
            return candidate
    raise KeyError(f"the glossary has no entry {key!r}; see assets/text/en/glossary.md")


def link(key: str, label: str = "") -> str:
    """Markdown: a link to an entry, labelled with its title."""
    about = entry(key)
    return f"[{label or about.title}](glossary?term={about.key})"


def term(key: str) -> str:
    """A term's line and a link to its entry, for `help=`."""
    return f"{entry(key).fields['line']} {link(key, _('Glossary'))}"


def terms(*keys: str) -> None:
    """Draw links to the entries that a screen needs."""
    links = " · ".join(map(link, keys))
    st.markdown(f":small[{_('Glossary: {links}').format(links=links)}]")
