"""Files that a command is given, read whole, or an error that says why they cannot be."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqgan_core.cli.common.output import InputError

if TYPE_CHECKING:  # `corpus` reads files too, and must start quickly
    import numpy as np

    from seqgan_core.paper.tokens import Tokens


def read_bytes(path: Path, limit: int) -> bytes:
    """The content of a file of at most `limit` bytes.

    Raises:
        InputError: the file is too large or cannot be read.
    """
    try:
        size = path.stat().st_size
        if path.is_file() and size > limit:
            raise InputError("input.too-large", path=path, size=size, limit=limit)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def load_tokens(path: Path, vocab_size: int, sequence_length: int | None = None) -> Tokens:
    """The sequences (n, T) in a .npy file, checked; nothing in the file is ever executed.

    Every token must be in 0..V-1; T is checked where the model reads one length only.

    Raises:
        InputError: what is wrong with the file and what it must be.
    """
    import numpy as np
    import torch

    array = _array(path)
    if array.dtype.kind not in "iu" or array.ndim != 2 or 0 in array.shape:
        raise InputError("tokens.array", path=path, type=array.dtype, shape=array.shape)
    if sequence_length is not None and array.shape[1] != sequence_length:
        raise InputError("tokens.length", path=path, given=array.shape[1], allowed=sequence_length)
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= vocab_size:
        raise InputError("tokens.range", path=path, low=low, high=high, last=vocab_size - 1)
    return torch.from_numpy(array.astype(np.int64))


def _array(path: Path) -> np.ndarray:
    import numpy as np

    array: Any = None
    try:
        # Mapped, so that a header that promises more than the file holds allocates nothing.
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise _unreadable(path, error) from None
    except (ValueError, OverflowError, MemoryError, EOFError, zipfile.BadZipFile):
        pass
    if isinstance(array, np.ndarray):
        return array
    if array is not None:  # an .npz archive
        array.close()
    raise InputError("tokens.not-npy", path=path)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError("input.unreadable", path=path, why=error.strerror or error)
