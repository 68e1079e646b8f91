"""A run trained elsewhere, coming home in parts: each bundle brings what the last one had not."""

from __future__ import annotations

import zipfile
from typing import IO

from seqgan_core.runs import bundle
from seqgan_core.runs.records import StoreError, to_json
from seqgan_core.runs.storage import queries
from seqgan_core.runs.store import Store


def deliver(store: Store, source: IO[bytes]) -> str:
    """Adds the events and checkpoints of a bundle to the run that is here; returns its id.

    The bundle must continue what is here: the same run, with all of its events and more. The
    run's status becomes that of the bundle.

    Raises:
        StoreError: there is no such run here, it is another one, or the bundle is no bundle.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            return _deliver(store, archive)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"what a worker delivered is not a whole run bundle ({error})") from error


def _deliver(store: Store, archive: zipfile.ZipFile) -> str:
    contents = bundle.check(archive)
    run_id = str(contents.about["id"])
    here = store.run(run_id)
    known = store.last_seq(run_id) + 1
    if here.config != contents.config or known > len(contents.timed):
        raise StoreError(f"what was delivered does not continue run {run_id} as it is here")
    folder = store.checkpoint_folder(run_id)
    states = [info.filename for info in archive.infolist() if info.filename.startswith("checkp")]
    listed = [bundle.keep_state(archive, name, folder, contents) for name in states]
    about = contents.about
    with store.database.writing(durable=True) as connection:
        if contents.timed[known:]:
            queries.append_events(connection, run_id, contents.timed[known:])
        for state, size in listed:
            queries.insert_checkpoint(connection, run_id, state.step, state.epoch, size)
        queries.update(
            connection, run_id, status=about["status"], reason=about["reason"],
            device=about["device"], versions=to_json(about["versions"]),
        )  # fmt: skip
    return run_id
