"""Where a sweep's runs are trained in a test that is not about processes: here, one by one."""

from pathlib import Path

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store


class InlineEngine:
    """As `LocalEngine`, without its processes; a run has ended when `start` returns."""

    def __init__(self, home: Path) -> None:
        self._store, self._done = Store(home), list[str]()

    def start(self, run_id: str) -> None:
        """Train the run to its end."""
        drive(self._store, run_id)
        self._done.append(run_id)

    def ended(self) -> list[str]:
        """Runs that ended since the last call."""
        done, self._done = self._done, []
        return done

    def stop(self) -> None:
        """Nothing is at work between two calls."""
