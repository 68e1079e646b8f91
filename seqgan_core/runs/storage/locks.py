"""The lock of a run while it trains or is queued; a crash releases it."""

from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from seqgan_core.runs.records import StoreError
from seqgan_core.runs.storage.disk_errors import translate_errors


class RunLock(AbstractContextManager["RunLock"]):
    """The lock of one run, acquired on construction; any thread may release it.

    Raises:
        StoreError: another program held it for `wait` seconds.
    """

    def __init__(self, home: Path, run_id: str, wait: float) -> None:
        self.path = home / "locks" / f"{run_id}.lock"
        self._lock = FileLock(self.path, thread_local=False)
        with translate_errors(home):
            try:
                self._lock.acquire(timeout=wait, poll_interval=0.02)
            except Timeout:
                raise StoreError("run.held", run=run_id) from None

    def release(self) -> None:
        """Release the run; safe to call again."""
        self._lock.release()

    def __exit__(self, *error: object) -> None:
        self.release()
