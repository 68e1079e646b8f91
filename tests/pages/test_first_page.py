"""The page that the server delivers before the app has run."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pages.ui.common.first_page import FirstPage, addition

PAGE = b"<html><body><div id='root'></div></body></html>"


def delivered(
    body: list[bytes], kind: bytes, *, accept: bytes = b"text/html,*/*", method: str = "GET"
) -> tuple[dict[bytes, bytes], bytes, set[bytes]]:
    """The headers and the body of an answer, and the names of the request's headers."""
    asked: set[bytes] = set()
    messages: list[Any] = []

    async def streamlit(scope: Any, receive: Any, send: Any) -> None:
        asked.update(name for name, _value in scope["headers"])
        length = str(sum(map(len, body))).encode()
        headers = [(b"content-type", kind), (b"content-length", length), (b"x-kept", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for index, part in enumerate(body, start=1):
            more = index < len(body)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def send(message: Any) -> None:
        messages.append(message)

    request = [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b"x")]
    scope = {"type": "http", "method": method, "headers": request}
    asyncio.run(FirstPage(streamlit)(scope, None, send))  # type: ignore[arg-type]
    whole = b"".join(message.get("body", b"") for message in messages)
    return dict(messages[0]["headers"]), whole, asked


@pytest.mark.parametrize("cut", [0, 20])
def test_a_page_gets_its_style_and_its_scripts_at_its_end(cut: int) -> None:
    parts = [PAGE[:cut], PAGE[cut:]] if cut else [PAGE]
    headers, body, asked = delivered(parts, b"text/html; charset=utf-8")
    assert body == PAGE.replace(b"</body>", addition() + b"</body>")
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"x-kept"] == b"1"
    assert asked == {b"accept"}  # neither compressed nor left out as known
    for part in (b".lede {", b"plotly-basic-", b"BACKEND_BASE_URL", b'as="font"'):
        assert part in body


@pytest.mark.parametrize(
    ("kind", "accept", "method"),
    [
        (b"application/json", b"text/html", "GET"),
        (b"text/html", b"*/*", "GET"),
        (b"text/html", b"text/html", "POST"),
    ],
)
def test_everything_else_is_delivered_as_it_is(kind: bytes, accept: bytes, method: str) -> None:
    headers, body, _asked = delivered([PAGE], kind, accept=accept, method=method)
    assert body == PAGE
    assert headers[b"content-length"] == str(len(PAGE)).encode()
