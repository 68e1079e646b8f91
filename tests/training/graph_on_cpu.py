"""CUDA graphs on a CPU: a capture records the operations, a replay computes them again.

As with CUDA, a replay runs no Python: it reads and writes the tensors of the capture, and a capture
refuses what would wait for the device.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

HOST_READS = ("_local_scalar_dense", "nonzero", "masked_select", "_unique2", "unique_dim", "equal")


class Recorder(TorchDispatchMode):
    """Records every operation that changes numbers."""

    def __init__(self, work: list[Callable[[], None]]) -> None:
        super().__init__()
        self.work = work

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name = func._schema.name.removeprefix("aten::")
        if name.removesuffix(".out") in HOST_READS:
            raise RuntimeError(f"{name} waits for the device, which a capture does not allow")
        if name in ("index", "index_put_", "_index_put_impl_") and any(
            t.dtype == torch.bool for t in tree_leaves(args[1]) if isinstance(t, torch.Tensor)
        ):
            raise RuntimeError(f"{name} by booleans waits for the device")
        made = func(*args, **(kwargs or {}))
        out = [t for t in tree_leaves(made) if isinstance(t, torch.Tensor)]
        if func.is_view or not (out or func._schema.is_mutable):
            return made
        self.work.append(lambda: replay(func, args, kwargs or {}, out))
        return made


@torch.no_grad()
def replay(func: Any, args: Any, kwargs: dict[str, Any], out: list[torch.Tensor]) -> None:
    # Only with gradients on does the CPU's LSTM keep what its own gradient reads.
    with torch.set_grad_enabled(func._schema.name == "aten::mkldnn_rnn_layer"):
        again = [t for t in tree_leaves(func(*args, **kwargs)) if isinstance(t, torch.Tensor)]
    if not func._schema.is_mutable:
        for tensor, value in zip(out, again, strict=True):
            tensor.copy_(value)


class Graph:
    """In place of `torch.cuda.CUDAGraph`."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []
        self.replays = 0

    def replay(self) -> None:
        self.replays += 1
        for operation in self.work:
            operation()


class Stream:
    """In place of `torch.cuda.Stream`."""

    def wait_stream(self, other: object) -> None: ...


class Captures:
    """What was captured, and whether a capture fails.

    Attributes:
        graphs: as many as captures began.
        fails: makes the next captures fail, as CUDA does.
    """

    def __init__(self) -> None:
        self.graphs: list[int] = []  # the number of operations of each
        self.fails = False

    @contextmanager
    def graph(self, graph: Graph, capture_error_mode: str) -> Iterator[None]:
        assert capture_error_mode == "thread_local"
        assert not gc.isenabled()
        self.graphs.append(0)
        if self.fails:
            raise RuntimeError("CUDA error: operation failed due to a previous error")
        with Recorder(graph.work):
            yield
        self.graphs[-1] = len(graph.work)


def capture_on_cpu(monkeypatch: pytest.MonkeyPatch) -> Captures:
    """Puts the stand-ins in the place of CUDA's own."""
    captures = Captures()
    for name, stand_in in {
        "Stream": Stream,
        "current_stream": Stream,
        "stream": lambda stream: nullcontext(),
        "CUDAGraph": Graph,
        "graph": captures.graph,
        "synchronize": lambda: None,
    }.items():
        monkeypatch.setattr(torch.cuda, name, stand_in)
    # On a GPU the size of the logits is not asked for, because that would wait for it.
    monkeypatch.setattr("seqgan_core.paper.cross_entropy.logits_are_within", lambda *of: False)
    return captures
