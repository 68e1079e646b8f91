"""Components from `assets/components`: a folder each, with its script, style and markup."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, Literal

import streamlit as st

from pages.ui.common.i18n import ASSETS
from seqgan_core.media.visible_text import visible_text

COMPONENTS = ASSETS / "components"
_visible = partial(visible_text, lines=True)


def component(name: str, *, html: str | None = None, before: Sequence[str] = ()) -> Any:
    """The component in the folder `name`: NAME.js, and NAME.css and NAME.html where they exist.

    Whatever text it is given is made visible first.

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

    def draw(*, data: Any = None, **more: Any) -> Any:
        return mount(data=shown(data), **more)

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
    _mark()(key=f"{key}-scroll", data={"asked": asked, "block": block})


@cache
def _mark() -> Any:
    return component("scroll_into_view", html='<div class="look-here"></div>')
