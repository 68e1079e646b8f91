"""Where the runs of a sweep are trained: the protocol, and local processes."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

STOP_SECONDS = 60.0  # seconds that a worker has to save a checkpoint when the sweep is stopped


class Engine(Protocol):
    """Trains runs of one store, several at a time; the store holds what each worker did."""

    def start(self, run_id: str) -> None:
        """Start or resume a run."""
        ...

    def ended(self) -> list[str]:
        """Runs whose worker has ended, well or badly, since the last call; may wait briefly."""
        ...

    def stop(self) -> None:
        """End all workers so that their runs can be resumed."""
        ...


class LocalEngine:
    """One process a run, on this machine; each computes with one thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._workers: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, run_id: str) -> None:
        """Start or resume a run."""
        self._workers[run_id] = subprocess.Popen(
            [sys.executable, "-m", "seqgan_core.judge.sweeps.worker", str(self._home), run_id],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C reaches the sweep alone, which stops its workers
        )

    def ended(self) -> list[str]:
        """Runs whose worker has ended since the last call."""
        done = [run_id for run_id, worker in self._workers.items() if worker.poll() is not None]
        for run_id in done:
            del self._workers[run_id]
        return done

    def stop(self) -> None:
        """Ask all workers for a checkpoint, and wait for it."""
        for worker in self._workers.values():
            if worker.poll() is None:
                worker.send_signal(signal.SIGINT)
        for worker in self._workers.values():
            try:
                worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
        self._workers.clear()
