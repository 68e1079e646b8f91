"""How quickly the app answers while it trains, and how much a viewer slows the training.

    OMP_NUM_THREADS=1 python -m tests.browser.measure.viewers [--seconds 20] [--windows 6]

It serves the app, trains the lesson preset in it, and speaks Streamlit's protocol as a browser
does, without a browser's own work: a viewer obeys the fragments' timers, and clicks once a second
(a change of the form, a full run of the lab, the list of runs). Windows with and without a viewer
alternate within the same run, so that other work on the machine falls on both. One JSON object.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from seqgan_core.runs.store import Store
from tests.browser.conftest import Server, end, serve


class Viewer:
    """One tab: runs pages, and reruns fragments when their timers say so."""

    def __init__(self, server: Server, page: str, **address: str) -> None:
        url = server.address.replace("http", "ws") + "/_stcore/stream"
        self.open = ExitStack()
        connection = connect(url, subprotocols=["streamlit"], max_size=None, origin=server.address)
        self.socket = self.open.enter_context(connection)
        self.address = urlencode(address)
        self.timers: dict[str, tuple[float, float]] = {}  # fragment -> interval, next time
        self.buttons: dict[str, str] = {}  # label -> widget id
        self.page_hash = ""
        self.run(page=page)

    def run(
        self, *, page: str = "", fragment: str = "", press: str = "", auto: bool = False
    ) -> float:
        """Ask for a run and wait until it has finished; returns the seconds."""
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string, ask.page_script_hash, ask.page_name = self.address, self.page_hash, page
        ask.fragment_id, ask.is_auto_rerun = fragment, auto
        if press:
            widget = ask.widget_states.widgets.add()
            widget.id, widget.trigger_value = press, True
        began = time.perf_counter()
        if not fragment:
            self.timers.clear()
        self.socket.send(message.SerializeToString())
        while not self._hear(self.socket.recv()):
            pass
        return time.perf_counter() - began

    def idle(self, seconds: float) -> list[float]:
        """Obey the timers for a while; returns how long each refresh took."""
        took, until = [], time.perf_counter() + seconds
        while (now := time.perf_counter()) < until:
            due = [name for name, (_interval, at) in self.timers.items() if at <= now]
            for name in due:
                interval, _at = self.timers[name]
                self.timers[name] = (interval, now + interval)
                took.append(self.run(fragment=name, auto=True))
            time.sleep(0.01)
        return took

    def _hear(self, data: str | bytes) -> bool:
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
        elif kind == "auto_rerun":
            timer = message.auto_rerun
            self.timers[timer.fragment_id] = (timer.interval, time.perf_counter() + timer.interval)
        elif kind == "delta" and message.delta.new_element.HasField("button"):
            button = message.delta.new_element.button
            self.buttons[button.label] = button.id
        # A run that a rerun replaces says so; the last word is one of the two others.
        finished = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
        return kind == "script_finished" and message.script_finished in finished

    def close(self) -> None:
        self.open.close()


def steps_in(store: Store, run_id: str, wait: object) -> float:
    """Steps of the run for each second that `wait` takes."""
    assert callable(wait)
    first, began = store.run(run_id).step, time.perf_counter()
    wait()
    return (store.run(run_id).step - first) / (time.perf_counter() - began)


def measure(seconds: float, windows: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        try:
            return _measure(server, seconds, windows)
        finally:
            end(server)


def _measure(server: Server, seconds: float, windows: int) -> dict[str, object]:
    store = Store(server.home)
    starter = Viewer(server, "lab", preset="lesson", set="rounds=5000")
    starter.run(press=starter.buttons["Start training"])
    starter.close()
    run_id = next(record.id for record in store.runs() if record.status != "recorded")
    while store.run(run_id).epoch < store.run(run_id).config.pretrain_epochs + 1:
        time.sleep(0.5)
    alone, seen = [], []
    clicks: dict[str, list[float]] = {"lab": [], "runs": [], "refresh": []}
    for _ in range(windows):
        alone.append(steps_in(store, run_id, lambda: time.sleep(seconds)))
        viewer = Viewer(server, "lab", run=run_id)
        viewer.idle(1)

        def watch(viewer: Viewer = viewer) -> None:
            clicks["refresh"] += viewer.idle(seconds)

        seen.append(steps_in(store, run_id, watch))
        for _ in range(10):
            clicks["lab"].append(viewer.run())
            clicks["refresh"] += viewer.idle(1)
        viewer.close()
        viewer = Viewer(server, "runs")
        for _ in range(5):
            clicks["runs"].append(viewer.run())
            time.sleep(0.5)
        viewer.close()
    return {
        "steps_per_second_alone": round(statistics.median(alone), 3),
        "steps_per_second_with_viewer": round(statistics.median(seen), 3),
        "slower_by": round(1 - sum(seen) / sum(alone), 4),
        "windows": windows,
        "seconds_each": seconds,
        "milliseconds": {name: summary(times) for name, times in clicks.items()},
    }


def summary(seconds: list[float]) -> dict[str, float]:
    """Number, median and 95th percentile, in milliseconds."""
    ordered = sorted(1000 * value for value in seconds)
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--windows", type=int, default=6)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(measure(given.seconds, given.windows), indent=1) + "\n")
