"""Who decides how a training loop goes on: what it may be told, and how it hears Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Literal, Protocol

from seqgan_core.training.events import Event

Answer = Literal["go", "pause", "stop", "interrupt", "park"]  # park: stay paused, leave the worker


class Control(Protocol):
    """Who decides how the loop goes on."""

    def answer(self, event: Event | None) -> Answer:
        """Asked before the first event (with None) and after each one."""

    def wait(self) -> Answer:
        """Asked once the run is paused; blocks until it goes on, stops, or gives up its place."""


class _Listener:
    """Goes on until a signal came or `should_stop` says so."""

    def __init__(self, should_stop: Callable[[], bool] | None) -> None:
        self.signalled = False
        self._should_stop = should_stop or (lambda: False)

    def answer(self, event: Event | None) -> Answer:
        if self.signalled:
            return "interrupt"
        return "stop" if self._should_stop() else "go"

    def wait(self) -> Answer:
        raise AssertionError("this control never pauses")

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.signalled:
            raise KeyboardInterrupt
        self.signalled = True


@contextmanager
def listening(should_stop: Callable[[], bool] | None) -> Iterator[Control]:
    """A control that hears Ctrl-C and SIGTERM, where this thread may listen for them."""
    listener = _Listener(should_stop)
    if threading.current_thread() is not threading.main_thread():
        yield listener
        return
    before = {
        number: signal.signal(number, listener.on_signal)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield listener
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
