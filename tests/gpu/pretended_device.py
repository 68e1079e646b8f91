"""A pretended GPU that computes: tensors that say they are on it, with real numbers behind them.

Inside `pretended("cuda")` or `pretended("mps")` the program finds that device. What a real one
refuses is refused: tensors of two devices in one operation, a random stream of another device,
float64 on MPS, a host read while a CUDA graph is captured. What a real one does slowly is counted:
each host read, with its place in the program. A graph is recorded operation by operation, with the
tensors it was captured on, and a replay computes into those same tensors. Cumulative sums are made
of sums of blocks, as on CUDA, where they need not rise with each number.

It holds for one thread: another one calls `join` of the value that the context gives.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

CPU = torch.device("cpu")
READS = {"_local_scalar_dense", "nonzero", "masked_select", "equal", "_unique2", "unique_dim"}
MOVES = {"copy_", "_to_copy"}  # between devices
INDEXING = {"index", "index_put", "index_put_", "_index_put_impl_"}  # by places on the CPU too
NO_FLOAT64 = (
    "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64. "
    "Please use float32 instead."
)


class PretendedTensor(torch.Tensor):
    """A tensor on the pretended device: `numbers` are its values, on the CPU."""

    numbers: torch.Tensor
    at: "PretendedDevice"
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, real: torch.Tensor, at: "PretendedDevice") -> "PretendedTensor":
        if at.device.type == "mps" and real.dtype == torch.float64:
            raise TypeError(NO_FLOAT64)
        wrapper = torch.Tensor._make_wrapper_subclass(
            cls, real.size(), strides=real.stride(), storage_offset=real.storage_offset(),
            dtype=real.dtype, device=CPU,
        )  # fmt: skip
        wrapper.numbers, wrapper.at = real, at
        return wrapper

    @property
    def device(self) -> torch.device:
        return self.at.device

    @property
    def is_cuda(self) -> bool:
        return self.at.device.type == "cuda"

    def __repr__(self) -> str:
        return f"{self.numbers!r} on {self.device}"

    def tolist(self) -> Any:
        self.at.read("tolist")
        return self.numbers.tolist()

    def numpy(self, **options: Any) -> Any:
        raise TypeError(f"can't convert {self.device} device type tensor to numpy")

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        tensors = tree_flatten((args, kwargs))[0]
        at = next(each.at for each in tensors if isinstance(each, PretendedTensor))
        return at.run(func, args, kwargs or {})


class PretendedDevice(TorchDispatchMode):
    """What computes and counts.

    Attributes:
        device: as the program sees it.
        reads: host reads, by "operation file:line".
        calls: operations, by name.
        largest: the most numbers of one tensor.
        captures: how many graphs were captured.
        failing: makes the error that is raised instead of computing.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.device = torch.device(kind, 0)
        self.reads: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.largest = 0
        self.captures = 0
        self.failing: Callable[[], Exception] | None = None
        self.capturing: list[Any] | None = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # True would import the compiler, which takes seconds

    def join(self) -> None:
        """Makes this thread see the device, to its end."""
        self.__enter__()

    def read(self, name: str) -> None:
        """Counts a host read at the place in the program that asked for it."""
        if self.capturing is not None:
            raise RuntimeError(f"operation not permitted when stream is capturing ({name})")
        self.reads[f"{name} {_place()}"] += 1

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return self.run(func, args, kwargs or {})

    def run(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """One operation, on this device or on the CPU."""
        name = func.overloadpacket.__name__
        mine = [x for x in tree_flatten((args, kwargs))[0] if isinstance(x, PretendedTensor)]
        target = kwargs.get("device")
        if name == "copy_":
            here = isinstance(args[0], PretendedTensor)
        elif target is None or (mine and name != "_to_copy"):
            here = bool(mine)  # autograd makes new tensors like ours on the device of C++, the CPU
        else:
            here = target.type == self.device.type
        if not mine and not here:
            return func(*args, **kwargs)
        self._refuse(name, mine, here, args, kwargs)
        to_host = name in MOVES and not here
        by_mask = name in INDEXING and any(x.dtype == torch.bool for x in _tensors(args[1]))
        if name in READS or to_host or by_mask:
            self.read(name)
        if target is not None:
            kwargs = kwargs | {"device": CPU}
        self.calls[name] += 1
        result = _computed(func, args, kwargs)
        if not here:
            return result
        self.largest = max([self.largest, *(x.numel() for x in _tensors(result))])
        known = {id(each.numbers): each for each in mine}  # what an operation in place returns

        def wrapped(value: Any) -> Any:
            if not isinstance(value, torch.Tensor):
                return value
            return known[id(value)] if id(value) in known else PretendedTensor(value, self)

        result = tree_map(wrapped, result)
        if self.capturing is not None:
            self.capturing.append((func, args, kwargs, result))
        return result

    def _refuse(self, name: str, mine: list[Any], here: bool, args: Any, kwargs: Any) -> None:
        if self.failing is not None:
            raise self.failing()
        if self.device.type == "mps" and kwargs.get("dtype") == torch.float64 and here:
            raise TypeError(NO_FLOAT64)
        drawn_by = kwargs.get("generator")
        if drawn_by is not None:
            want, given = self.device.type if here else "cpu", _device_of(drawn_by)
            if want != given:
                raise RuntimeError(f"Expected a '{want}' device type for generator, not '{given}'")
        if name in MOVES or not mine:
            return
        together = [args[0], *args[2:]] if name in INDEXING else (args, kwargs)
        one = [isinstance(x, PretendedTensor) for x in _tensors(together) if x.dim()]
        elsewhere = name in INDEXING and not isinstance(args[0], PretendedTensor)
        if len(set(one)) > 1 or elsewhere:
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{self.device} and cpu! ({name} at {_place()})"
            )


class PretendedGraph:
    """A CUDA graph: the operations of a capture and the tensors that they read and write."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def replay(self) -> None:
        """Computes all of it again, into the same tensors."""
        for func, args, kwargs, result in self.calls:
            again = _computed(func, args, kwargs)  # with gradients, as the library's LSTM needs
            for new, old in zip(_tensors(again), _tensors(result), strict=True):
                if new is not old.numbers:
                    old.numbers.copy_(new)


class _Generator(torch.Generator):
    """A random stream that says which device it is on."""

    def __new__(cls, device: torch.device | str = CPU) -> "_Generator":
        made = super().__new__(cls, CPU)
        made._on = torch.device(device)
        _STREAMS[made._cdata] = made._on.type
        return made

    def __init__(self, device: torch.device | str = CPU) -> None:
        pass

    @property
    def device(self) -> torch.device:
        return self._on


_STREAMS: dict[int, str] = {}  # the device of each random stream, by its address


@contextmanager
def pretended(kind: str = "cuda") -> Iterator[PretendedDevice]:
    """Inside, this thread has the device, and `device="auto"` means it."""
    at = PretendedDevice(kind)
    to, tensor, as_tensor = torch.Tensor.to, torch.tensor, torch.as_tensor
    group = torch._C._group_tensors_by_device_and_dtype

    def moved(self: torch.Tensor, *args: Any, **options: Any) -> torch.Tensor:
        given = [*args, options.get("device"), options.get("dtype")]
        if isinstance(given[0], torch.Tensor):
            given = [given[0].device, given[0].dtype]
        where = next((x for x in given if isinstance(x, torch.device | str)), None)
        dtype = next((x for x in given if isinstance(x, torch.dtype)), None)
        here = isinstance(self, PretendedTensor)
        if where is None or (torch.device(where).type == kind) == here:
            if dtype is None and not options.get("copy"):
                return self
            return to(self, dtype or self.dtype, copy=options.get("copy", False))
        goal = CPU if here else at.device
        return torch.ops.aten._to_copy.default(self, dtype=dtype, device=goal)

    def made(data: Any, *, device: Any = None, **options: Any) -> torch.Tensor:
        return tensor(data, **options) if device is None else tensor(data, **options).to(device)

    def taken(data: Any, dtype: Any = None, device: Any = None) -> torch.Tensor:
        result = data if isinstance(data, torch.Tensor) else as_tensor(data, dtype=dtype)
        result = result if device is None else result.to(device)
        return result if dtype is None else result.to(dtype)

    def grouped(lists: Any, with_indices: bool = False) -> Any:
        groups = group(lists, with_indices)
        return {(some[0][0].device, dtype): (some, i) for (_, dtype), (some, i) in groups.items()}

    @contextmanager
    def capture(graph: PretendedGraph, **options: Any) -> Iterator[None]:
        at.captures += 1
        at.capturing = graph.calls
        try:
            yield
        finally:
            at.capturing = None

    stream = SimpleNamespace(wait_stream=lambda other: None, synchronize=lambda: None)
    facts = SimpleNamespace(name="Pretended", total_memory=140 * 2**30)
    of_torch = {"Generator": _Generator, "tensor": made, "as_tensor": taken}
    of_cuda = {
        "is_available": lambda: kind == "cuda", "_lazy_init": lambda: None,
        "get_device_properties": lambda device: facts, "current_stream": lambda *device: stream,
        "Stream": lambda: stream, "stream": lambda given: nullcontext(), "graph": capture,
        "CUDAGraph": PretendedGraph, "synchronize": lambda *device: None,
        "empty_cache": lambda: None, "is_initialized": lambda: kind == "cuda",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "to", moved)
        patch.setattr(torch.Tensor, "cpu", lambda self: self.to(CPU))
        for name, value in of_torch.items():
            patch.setattr(torch, name, value)
        for name, value in of_cuda.items():
            patch.setattr(torch.cuda, name, value)
        patch.setattr(torch._C, "_group_tensors_by_device_and_dtype", grouped)
        patch.setattr(torch.backends.mps, "is_available", lambda: kind == "mps")
        # A module that moves gets new parameters: those of the CPU cannot turn into ours.
        patch.setattr(torch.__future__, "get_overwrite_module_params_on_conversion", lambda: True)
        with at:
            yield at


def hide_gpu(patch: pytest.MonkeyPatch) -> None:
    """Hides the GPU of this machine from the tests, and from the processes that they start."""
    patch.setenv("CUDA_VISIBLE_DEVICES", "")
    patch.setattr(torch.cuda, "is_available", lambda: False)
    patch.setattr(torch.backends.mps, "is_available", lambda: False)


def _tensors(tree: Any) -> list[torch.Tensor]:
    return [each for each in tree_flatten(tree)[0] if isinstance(each, torch.Tensor)]


def _real(tree: Any) -> Any:
    return tree_map(lambda x: x.numbers if isinstance(x, PretendedTensor) else x, tree)


def _computed(func: Any, args: Any, kwargs: Any) -> Any:
    if func.overloadpacket.__name__ == "cumsum" and args[0].dtype.is_floating_point:
        dtype = kwargs.get("dtype") or args[0].dtype
        return _blockwise(args[0].numbers.to(dtype), args[1])
    return func(*_real(args), **_real(kwargs))


def _blockwise(x: torch.Tensor, dim: int, width: int = 4) -> torch.Tensor:
    """The cumulative sum as sums in blocks, each added to the sum of the blocks before it."""
    columns = x.movedim(dim, -1)
    before = torch.zeros_like(columns[..., :1])
    parts = []
    for block in columns.split(width, -1):
        parts.append(before + block.cumsum(-1))
        before = before + block.flip(-1).sum(-1, keepdim=True)  # in another order
    return torch.cat(parts, -1).movedim(-1, dim)


def _device_of(stream: Any) -> str:
    return _STREAMS.get(stream._cdata, "cpu")


def _place() -> str:
    """The line of the program that is running."""
    frame = sys._getframe(1)
    while frame is not None:
        _, inside, name = frame.f_code.co_filename.partition("seqgan_core/")
        if inside:
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return "elsewhere"
