"""Every screen in a language that no one speaks: a plain word on it has escaped translation."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from seqgan_core import messages
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.training.setup.model_files import read_cards
from seqgan_core.training.setup.presets import PRESETS
from tests.support.paths import ROOT
from tests.support.pseudo import KEPT_IN_TEXTS, Catalogue, pseudo
from tests.support.screen import settled

App = Callable[..., AppTest]

# Fields of Streamlit's messages that nobody reads.
UNREAD = {
    "id", "form_id", "element_id", "url", "icon", "page_script_hash", "color", "type", "format",
    "allowed_origin", "image", "css_content", "js_content", "html_content", "component_name", "key",
    "fragment_id", "unsafe_allow_html", "language", "url_path", "default_script_hash", "mime_type",
    "page_name", "query_string", "anchor", "script_hash", "width", "height", "external", "symbol",
    "page",
}  # fmt: skip
# Keys of Plotly's figures and of components whose values are no words.
NO_WORDS = {
    "anchor",
    "annotationposition",
    "axis",
    "boxpoints",
    "calendar",
    "categoryorder",
    "color",
    "colorscale",
    "dash",
    "direction",
    "dragmode",
    "fill",
    "fillpattern",
    "font",
    "gradient",
    "hoverinfo",
    "hovermode",
    "hoveron",
    "insidetextanchor",
    "layer",
    "legendgroup",
    "mode",
    "orientation",
    "overlaying",
    "patternshape",
    "rangemode",
    "scaleanchor",
    "shape",
    "side",
    "sizemode",
    "symbol",
    "textposition",
    "tickmode",
    "ticks",
    "type",
    "uirevision",
    "xanchor",
    "xref",
    "yanchor",
    "yref",
    "fgcolor",
    "bgcolor",
    "bordercolor",
    "spikesnap",
    "meta",
    "id",
    "constraintext",
    "cliponaxis",
    "autorange",
    "tickson",
    "code",
}
# What is the same in every language: file formats, units, licences, what a run says of its machine.
NAMES = {
    "ABC",
    "CPU",
    "CSV",
    "JSON",
    "Linux",
    "MIDI",
    "MIT",
    "MusicXML",
    "MiB",
    "WAV",
    "thread",
    "torch",
}
# Whole values in the data of components: kinds that become a colour, a tab or a source's mark.
KINDS = {"code", "disc", "found", "gen", "here", "paper", "reward", "run", "words"}
SAMPLE = {"lines", "title", "credit"}  # of a card with a sample: its text, its model's name
TAGS = re.compile(r"<(style|script|svg|pre|code|kbd)\b.*?</\1>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')
NOT_WORDS = re.compile(
    r"\S{1000,}"  # sound and pictures as data
    r"|`[^`]*`|\$\$?[^$]+\$\$?|:material/\w+:|:[a-z]+(?:-[a-z]+)?\[|\]\([^)]*\)|https?://\S+"
    r"|%\{[^}]*\}|rgba?\([^)]*\)|^python -m .*"  # Plotly's fields, colours, commands
    r"|\b[a-z-]+-[a-z0-9]{5,6}\b|KL\([^)]*\)"  # ids of runs, a formula
    r"|\S*[\d_/=]\S*|\S*\.\S+"  # identifiers, paths, versions
)
WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(autouse=True)
def _pseudo_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def text(name: str, _language: str) -> str:
        path = messages.LOCALE.with_name("text") / "en" / f"{name}.md"
        return pseudo(path.read_text(encoding="utf-8"), KEPT_IN_TEXTS)

    monkeypatch.setattr(messages, "catalogue", lambda _language: Catalogue())
    monkeypatch.setattr(messages, "_text", text)


@pytest.mark.usefixtures("recorded_runs")
@pytest.mark.parametrize("screen", list(navigation.TITLES))
def test_no_word_on_a_screen_escapes_translation(app: App, store: Store, screen: str) -> None:
    test = settled(app(screen))
    runs = store.runs()
    names = [*PRESETS, *CORPORA, *(name for run in runs for name in (run.name, run.id))]
    names += [card.title for card in read_cards()[0].values()]
    recorded = [path.read_text() for path in (ROOT / "assets" / "comparison").glob("*.json")]
    names += [json.loads(text).get("processor", "") for text in recorded]
    escaped = escapes(test, names)
    assert not escaped, "\n" + "\n".join(f"{word}: {where}" for word, where in escaped.items())


def escapes(test: AppTest, names: list[str]) -> dict[str, str]:
    """The plain words on the page that are not in the names, each with a text where it stands."""
    found: dict[str, str] = {}
    for text in shown(test):
        rest = "" if text in KINDS else unescape(text)
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, " ")
        words = WORD.findall(NOT_WORDS.sub(" ", rest))
        found |= {word: text[:120] for word in words if word not in NAMES | found.keys()}
    return found


def shown(test: AppTest) -> Iterator[str]:
    """All texts that the page shows or speaks."""
    for node in test._tree:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Proto):
            yield from texts(proto)


def texts(proto: Proto) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name in UNREAD:
            continue
        values = value if field.is_repeated else [value]
        if field.message_type:
            if field.message_type.GetOptions().map_entry:
                continue
            for part in values:
                yield from texts(part)
        elif field.cpp_type == field.CPPTYPE_STRING:
            for text in values:
                if isinstance(text, str):
                    yield from read(text, field.name)


def read(text: str, field: str) -> Iterator[str]:
    if field == "json":
        yield from spoken_json(json.loads(text))
    elif field == "columns" and text:  # of a data frame
        columns = json.loads(text).values()
        yield from (str(column.get(name) or "") for column in columns for name in ("label", "help"))
    else:
        yield from SPOKEN.findall(text)
        yield TAGS.sub(" ", text)


def spoken_json(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in (NO_WORDS | SAMPLE if "chinese" in value else NO_WORDS):
                yield from spoken_json(part)
    elif isinstance(value, list):
        for part in value:
            yield from spoken_json(part)
    elif isinstance(value, str):
        yield from read(value, "")
