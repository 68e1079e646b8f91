"""Sweeps on a Ray cluster: workers have no store, so their runs are sent back as bundles.

Ray is an optional extra: import this module only when it is requested.
"""

import io
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seqgan_core.judge.sweeps.plan import PlanError
from seqgan_core.judge.sweeps.remote_worker import BUNDLE_SECONDS, pack, train_remotely
from seqgan_core.runs.bundle import merge_bundle
from seqgan_core.runs.store import Store

AT_A_WORKER = "a worker on a Ray cluster trains it; its sweep stores the results"
CONNECT_SECONDS = 5.0  # seconds to wait for an answer from the cluster's address
POLL_SECONDS = 0.5  # seconds that one look at the workers may take


class RayEngine:
    """Each run is a streaming task; its bundles are stored here as they come.

    Args:
        store: the library that the runs belong to, on this machine.
        address: HOST:PORT of the cluster's head, or "auto" for the cluster that this machine
            belongs to; None starts Ray on this machine alone.
        gpus: what one run asks of a node, besides a CPU.
        every: seconds of training between two bundles.

    Raises:
        PlanError: Ray is not installed, or there is no cluster at that address.
    """

    def __init__(
        self,
        store: Store,
        address: str | None = None,
        *,
        workers: int = 1,
        gpus: float = 0.0,
        every: float = BUNDLE_SECONDS,
    ) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError:
            raise PlanError("ray.missing") from None
        self._ray = ray
        self._store = store
        if address is not None:
            _check_address(address)
        try:
            ray.init(
                address=address or "local",  # without one Ray would look for a cluster first
                num_cpus=None if address else workers,
                include_dashboard=False if address is None else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
                # the nodes need the packages of requirements.txt; this one travels along
                runtime_env={"py_modules": [str(Path(__file__).parents[2])]} if address else None,
            )
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            raise _no_cluster(address, error) from None
        available = ray.cluster_resources().get("GPU", 0.0)  # type: ignore[no-untyped-call]
        if address is None and gpus > available:  # its tasks would wait for ever
            ray.shutdown()
            raise PlanError("ray.gpus", n=gpus, available=available)
        remote = ray.remote(num_cpus=1, num_gpus=gpus, max_retries=0, num_returns="streaming")
        self._task = remote(_train)
        self._every = every
        self._streams: dict[str, Any] = {}

    def start(self, run_id: str) -> None:
        """Start a run, or resume it from what is in the store."""
        self._store.set_status(run_id, "interrupted", AT_A_WORKER)
        self._streams[run_id] = self._task.remote(pack(self._store, run_id), self._every)

    def ended(self) -> list[str]:
        """Runs whose worker has ended since the last call; stores what the others sent."""
        if not self._streams:
            return []
        by_stream = {stream: run_id for run_id, stream in self._streams.items()}
        ready, _ = self._ray.wait(list(by_stream), num_returns=1, timeout=POLL_SECONDS)
        done = []
        for stream in ready:
            run_id = by_stream[stream]
            if not self._take(run_id, stream):
                del self._streams[run_id]
                done.append(run_id)
        return done

    def _take(self, run_id: str, stream: Any) -> bool:
        """Store the next bundle of a stream; False when it has ended, or its worker was lost."""
        try:
            merge_bundle(self._store, io.BytesIO(self._ray.get(next(stream))))
        except StopIteration:
            return False
        except self._ray.exceptions.RayError as error:
            *_rest, last = str(error).strip().splitlines() or [type(error).__name__]
            self._store.set_status(run_id, "interrupted", f"its worker was lost ({last.strip()})")
            return False
        if self._store.run(run_id).status == "stopped":  # for the bundle's sake: it goes on
            self._store.set_status(run_id, "interrupted", AT_A_WORKER)
        return True

    def stop(self) -> None:
        """End the tasks; their runs can be resumed from the last bundles stored."""
        for run_id, stream in self._streams.items():
            self._ray.cancel(stream, force=True)
            self._store.set_status(run_id, "interrupted", "its sweep was stopped")
        self._streams.clear()
        self._ray.shutdown()


def _train(packed: bytes, every: float) -> Iterator[bytes]:
    yield from train_remotely(packed, every)


def _check_address(address: str) -> None:
    """Check that the address answers: Ray itself waits for minutes before it fails."""
    endpoint = _current_cluster() if address == "auto" else address
    if endpoint is None:
        return  # Ray looks for one on this machine, and is quick about it
    host, _colon, port = endpoint.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise PlanError("ray.address", address=endpoint)
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, error, listens=False) from None


def _current_cluster() -> str | None:
    """The address that "auto" stands for: the environment's, or what `ray start` last noted."""
    note = Path(os.environ.get("RAY_TMPDIR") or "/tmp", "ray", "ray_current_cluster")
    try:
        return os.environ.get("RAY_ADDRESS") or note.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _no_cluster(address: str | None, error: Exception, *, listens: bool = True) -> PlanError:
    """`listens`: something answers at the address, so a token may be missing."""
    reason = [] if address == "auto" else str(error).strip().splitlines()[:1]
    why = f" ({reason[0].rstrip('.')})" if reason else ""
    if address is None:
        return PlanError("ray.no-start", why=why)
    if address == "auto":
        return PlanError("ray.no-member", why=why)
    if listens:
        return PlanError("ray.no-token", address=address, why=why)
    return PlanError("ray.no-cluster", address=address, why=why)
