"""The server: the app in app.py, with its style and its chart script in the page from the start.

Run it with `make run`, or `streamlit run serve.py`.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGINT, SIGTERM, getsignal, signal

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.common.frame.first_page import FirstPage
from seqgan_core.media.visible_text import visible_text


class VisibleLog(logging.Formatter):
    """What an error quotes of a file cannot steer the terminal that the server runs in."""

    def format(self, record: logging.LogRecord) -> str:
        return visible_text(super().format(record), lines=True)


log = logging.StreamHandler()
log.setFormatter(VisibleLog())
for name in ("seqgan", "seqgan_core"):
    logging.getLogger(name).addHandler(log)


@asynccontextmanager
async def ends_cleanly(_app: st.App) -> AsyncIterator[None]:
    """Ctrl-C and a kill end the server with status 0.

    Its own handlers send the signal once more when it has ended, so that it looks like a crash.
    """
    server = getattr(getsignal(SIGINT), "__self__", None)
    if hasattr(server, "should_exit"):

        def end(*_: object) -> None:
            server.force_exit, server.should_exit = server.should_exit, True

        for number in (SIGINT, SIGTERM):
            signal(number, end)
    yield


app = st.App("app.py", lifespan=ends_cleanly, middleware=[Middleware(FirstPage)])
