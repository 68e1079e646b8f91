"""A training step as one CUDA graph; at batch 64 most of the time is kernel launches."""

import threading
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

_CAPTURING = threading.Lock()  # CUDA allows one capture at a time in a process
WARM_UP_STEPS = 3  # PyTorch needs them before a capture, for lazy initialisation


class GraphedStep:
    """Calls `step`, and on CUDA replays it as a graph from the first call on.

    Args:
        step: takes tensors of fixed shapes, returns nothing, and changes only `state` in place.
        state: every tensor that `step` changes (weights, moments, sums), at fixed addresses.
        enabled: False runs the step directly, as on a CPU.
    """

    def __init__(self, step: Callable[..., None], state: Iterable[Tensor], enabled: bool) -> None:
        self._step = step
        self._state = list(state)
        self._enabled = enabled
        self._graph: torch.cuda.CUDAGraph | None = None
        self._inputs: tuple[Tensor, ...] = ()

    def __call__(self, *inputs: Tensor) -> None:
        """One step on `inputs`."""
        if not self._enabled:
            self._step(*inputs)
            return
        if self._graph is None:
            self._graph = self._capture(inputs)
        for static, given in zip(self._inputs, inputs, strict=True):
            static.copy_(given)
        self._graph.replay()

    def _capture(self, inputs: tuple[Tensor, ...]) -> torch.cuda.CUDAGraph:
        with _CAPTURING:
            return self._capture_alone(inputs)

    def _capture_alone(self, inputs: tuple[Tensor, ...]) -> torch.cuda.CUDAGraph:
        before = [tensor.detach().clone() for tensor in self._state]
        self._inputs = tuple(tensor.clone() for tensor in inputs)
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP_STEPS):
                self._step(*self._inputs)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        # thread_local: another thread may allocate CUDA memory during the capture
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            self._step(*self._inputs)
        with torch.no_grad():  # undo the training steps of the warm-up
            for tensor, saved in zip(self._state, before, strict=True):
                tensor.copy_(saved)
        return graph
