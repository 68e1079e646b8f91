"""Trains a run away from its store: a bundle goes out, and bundles come back as it learns."""

import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.training.setup.devices import prepare_cpu

BUNDLE_SECONDS = 60.0  # seconds of training between two bundles


def pack(store: Store, run_id: str) -> bytes:
    """Bundle the run with its newest checkpoint: all that is needed to resume it."""
    newest = [record.step for record in store.checkpoints(run_id)][-1:]
    file = io.BytesIO()
    export_bundle(store, run_id, file, steps=newest, places=True)
    return file.getvalue()


def train_remotely(packed: bytes, every: float = BUNDLE_SECONDS) -> Iterator[bytes]:
    """Trains a bundled run to its end; yields the updated bundle now and then, and at the end.

    It stops at a whole state for each bundle and resumes from its checkpoint, which gives the
    same numbers as uninterrupted training.
    """
    prepare_cpu()
    with tempfile.TemporaryDirectory(prefix="seqgan-") as folder:
        store = Store(Path(folder))
        run_id = import_bundle(store, io.BytesIO(packed))
        while True:
            until = time.monotonic() + every
            record = drive(store, run_id, should_stop=lambda until=until: time.monotonic() > until)  # type: ignore[misc]
            yield pack(store, run_id)
            if record.status != "stopped":
                return
