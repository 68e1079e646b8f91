"""Components from `assets/components`: a folder each, with its script, style and markup."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal

import streamlit as st

from pages.ui.common.i18n import ASSETS
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _

COMPONENTS = ASSETS / "components"
_visible = partial(visible_text, lines=True)
Act = Callable[[Any], object] | None


@cache
def texts_of(name: str) -> dict[str, Any]:
    """What a component's texts.json holds, in English."""
    file = COMPONENTS / name / "texts.json"
    texts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return texts


def component(name: str, *, html: str | None = None, before: Sequence[str] = ()) -> Any:
    """The component in the folder `name`: NAME.js, and NAME.css and NAME.html where they exist.

    What it returns draws it, with what texts.json adds to the data, in the reader's language.
    Whatever text it is given is made visible first. What a viewer changes is in the result, and
    goes to the functions of `on`, by name, before the page is drawn again.

    Args:
        name: the folder, and the name that Streamlit knows the component by.
        html: its markup, where that is too short for a file.
        before: scripts that NAME.js needs, as FILE of this folder or FOLDER/FILE of another one.
    """
    folder = COMPONENTS / name
    style, markup = folder / f"{name}.css", folder / f"{name}.html"
    scripts = [(COMPONENTS / part if "/" in part else folder / part) for part in before]
    scripts.append(folder / f"{name}.js")
    mount = st.components.v2.component(
        name,
        html=markup.read_text(encoding="utf-8") if html is None else html,
        css=style.read_text(encoding="utf-8") if style.is_file() else None,
        js="\n".join(script.read_text(encoding="utf-8") for script in scripts),
        isolate_styles=False,
    )

    def draw(key: str, data: Any, on: Mapping[str, Act] | None = None) -> Any:
        def changed(part: str, act: Act) -> None:
            value = (st.session_state.get(key) or {}).get(part)
            if act is not None and value is not None:
                act(value)

        parts = (on or {}).items()
        changes = {f"on_{part}_change": partial(changed, part, act) for part, act in parts}
        return mount(key=key, data=shown(data) | shown(texts_of(name), _), **changes)

    return draw


def shown(data: Any, text: Callable[[str], str] = _visible) -> Any:
    """Values of JSON with each text in them made what `text` makes of it."""
    if isinstance(data, str):
        return text(data)
    if isinstance(data, dict):
        return {name: shown(value, text) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [value if type(value) is float else shown(value, text) for value in data]
    return data


def scroll_here(key: str, asked: object, block: Literal["start", "nearest"]) -> None:
    """Bring this place into view each time `asked` changes, not where it is empty, as on loading.

    `block` is where it then stands: at the top, or wherever it takes the least scrolling.
    """
    _mark()(f"{key}-scroll", {"asked": asked, "block": block})


@cache
def _mark() -> Any:
    return component("scroll_into_view", html='<div class="look-here"></div>')
