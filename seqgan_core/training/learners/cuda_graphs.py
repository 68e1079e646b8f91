"""A training step as one CUDA graph; at batch 64 most of the time is kernel launches."""

import gc
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import torch
from torch import Tensor

# CUDA allows one capture at a time in a process. Whoever else computes on the GPU holds it, too.
CAPTURING = threading.RLock()
WARM_UP_STEPS = 3  # PyTorch needs them before a capture, for lazy initialisation

log = logging.getLogger(__name__)


class GraphedStep:
    """Calls a step, and on CUDA replays it as a graph from the first call on.

    The step comes with each call and is not kept: it is a method of the graph's owner. In a cycle
    both would live until the cyclic collector finds them, perhaps in the capture of the next run,
    which breaks if a graph is freed in it.

    Args:
        state: every tensor that the step changes (weights, moments, sums), at fixed addresses.
        enabled: False calls the step directly, as on a CPU.
    """

    def __init__(self, state: Iterable[Tensor], enabled: bool) -> None:
        self._state = list(state)
        self._enabled = enabled
        self._graph: torch.cuda.CUDAGraph | None = None
        self._inputs: tuple[Tensor, ...] = ()

    def __call__(self, step: Callable[..., None], *inputs: Tensor) -> None:
        """One step on `inputs`, tensors of fixed shapes.

        It must be the same `step` in every call, and change only `state`, in place.
        """
        if self._enabled and self._graph is None:
            self._capture(step, inputs)
        if self._graph is None:
            step(*inputs)
            return
        for static, given in zip(self._inputs, inputs, strict=True):
            static.copy_(given)
        self._graph.replay()

    def _capture(self, step: Callable[..., None], inputs: tuple[Tensor, ...]) -> None:
        """Makes the graph; if CUDA refuses, steps stay plain, with the same results."""
        with CAPTURING:
            before = [tensor.detach().clone() for tensor in self._state]
            self._inputs = tuple(tensor.clone() for tensor in inputs)
            try:
                self._graph = _graph_of(partial(step, *self._inputs))
            except RuntimeError as error:
                torch.cuda.synchronize()  # raises if the device itself has failed
                log.warning("training continues without a CUDA graph, more slowly: %s", error)
                self._enabled, self._inputs = False, ()
            with torch.no_grad():  # undo the training steps of the warm-up
                for tensor, saved in zip(self._state, before, strict=True):
                    tensor.copy_(saved)


def _graph_of(work: Callable[[], None]) -> torch.cuda.CUDAGraph:
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UP_STEPS):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    # thread_local: another thread may allocate CUDA memory during the capture
    with _no_collection(), torch.cuda.graph(graph, capture_error_mode="thread_local"):
        work()
    return graph


@contextmanager
def _no_collection() -> Iterator[None]:
    """Collects garbage now, so that none has to be collected inside."""
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def free_gpu_memory() -> None:
    """Frees the GPU memory of what is no longer referenced; does nothing without a GPU in use."""
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        with CAPTURING, suppress(RuntimeError):  # raised by a device that has failed
            gc.collect()
            torch.cuda.empty_cache()
