"""What the browser gets before the app has run: its style, so that nothing moves, and its scripts.

Streamlit sends a style sheet as one of the page's elements, a second after the title: everything
would move then. Here it stands in the page that the server delivers.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.common.i18n import ASSETS
from seqgan_core.tasks.atomic_write import atomic_write

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STATIC = ASSETS.parent / "static"
_FONTS = Path(st.__file__).parent / "static" / "static" / "media"
# Streamlit fetches the script of a kind of element when the first one is drawn: here before.
_SCRIPTS = _FONTS.parent / "js"
_KINDS = (
    "Html", "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "FileUploader",
    "Multiselect", "NumberInput", "PageLink", "Progress", "Selectbox", "Slider", "TextInput",
    "rehype-katex",
)  # fmt: skip
# Headers that would bring the page compressed, or tell the browser that it has it already.
_LEFT_OUT = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
_ROOT = b'<div id="root">'  # where the app is drawn
_WHEN_IDLE = """(window.requestIdleCallback ?? setTimeout)(() => {
  const script = document.createElement("script");
  if (!document.getElementById("plotly")) document.head.append(Object.assign(script, PLOTLY));
}, { timeout: 2000 });"""


def base() -> str:
    """The path that this server's addresses begin with: "" or "/PATH"."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


@cache
def plotly_address() -> str:
    """Where this server has Plotly's script: a copy of the installed package's, in static/.

    A copy, because the server refuses links that lead out of static/.
    """
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    target = _STATIC / f"plotly-{version('plotly')}.min.js"
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        _STATIC.mkdir(exist_ok=True)
        with atomic_write(target) as file:
            file.write(source.read_bytes())
    return f"{base()}/app/static/{target.name}"


def addition() -> bytes:
    """What is added before the app: its style wins over Streamlit's, a screen's own over it.

    Told its base address, the browser does not search for the server below each page.
    """
    style = (ASSETS / "styles" / "app.css").read_text(encoding="utf-8")
    scripts = sorted(path.name for kind in _KINDS for path in _SCRIPTS.glob(f"{kind}.*.js"))
    load = "".join(f"import({json.dumps(f'{base()}/static/js/{name}')});" for name in scripts)
    root = json.dumps(f"{base()}/")
    plotly = json.dumps({"id": "plotly", "src": plotly_address()})
    fonts = "".join(
        f'<link rel="preload" as="font" crossorigin href="{base()}/static/media/{font.name}">'
        for font in sorted(_FONTS.glob("SourceSansVF-Italic*.woff2"))  # else lines wrap anew
    )
    return (
        f"{fonts}<style>{style}</style><script type=module>{load}</script>"
        f"<script>window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {root} }};</script>"
        f'<link rel="preload" as="script" href="{plotly_address()}">'
        f"<script>{_WHEN_IDLE.replace('PLOTLY', plotly)}</script>"
    ).encode()


class FirstPage:
    """ASGI middleware that adds `addition` to HTML pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", [])
        asked = dict(headers).get(b"accept", b"")
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in asked:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def add(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
            if dict(kept).get(b"content-type", b"").startswith(b"text/html"):
                body = body.replace(_ROOT, addition() + _ROOT)
            kept.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": body})

        left = [(name, value) for name, value in headers if name.lower() not in _LEFT_OUT]
        await self.app({**scope, "headers": left}, receive, add)
