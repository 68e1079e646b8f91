"""A worker process of a sweep trains one run.

It is started as `python -m seqgan_core.judge.sweeps.worker HOME RUN`.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.home import VARIABLE
from seqgan_core.training.setup.devices import prepare_cpu


def main(home: str, run_id: str) -> int:
    """Trains the run; returns 0, or 130 when interrupted outside the training loop."""
    signal.signal(signal.SIGTERM, _interrupt)  # before the loop listens for itself
    os.environ[VARIABLE] = home  # the texts that the run learns from are there too
    prepare_cpu()
    try:
        drive(Store(Path(home)), run_id)
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
