"""Sequences of tokens read from a .npy file, or the reason why they cannot be."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import torch

from seqgan_core.cli.common.output import InputError
from seqgan_core.paper.tokens import Tokens

EXPECTED = "it must be a .npy file that holds an array of integers of shape (n, T)"


def load_tokens(path: Path, vocab_size: int, sequence_length: int | None = None) -> Tokens:
    """The sequences in `path`, checked; nothing in the file is ever executed.

    Args:
        path: a .npy file with integers of shape (n, T).
        vocab_size: V; every token must be in 0..V-1.
        sequence_length: T, where the model was made for one length only.

    Returns:
        (n, T).

    Raises:
        InputError: with the file, what is wrong and what is wanted.
    """
    array = _read(path)
    if array.dtype.kind not in "iu":
        raise InputError(f"{path} holds values of type {array.dtype}; {EXPECTED}")
    if array.ndim != 2:
        raise InputError(f"{path} holds an array of shape {array.shape}; {EXPECTED}")
    if 0 in array.shape:
        raise InputError(
            f"{path} holds no tokens (shape {array.shape}); give at least one sequence"
        )
    if sequence_length is not None and array.shape[1] != sequence_length:
        raise InputError(
            f"{path} holds sequences of {array.shape[1]} tokens; "
            f"they must be {sequence_length} long, as the run's are"
        )
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= vocab_size:
        raise InputError(
            f"{path} holds tokens from {low} to {high}; "
            f"they must lie in 0..{vocab_size - 1}, the model's vocabulary"
        )
    return torch.from_numpy(array.astype(np.int64))


def _read(path: Path) -> np.ndarray:
    try:
        # Mapped, so that a header that promises more than the file holds allocates nothing.
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise InputError(f"{path} is not there; {EXPECTED}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}); {EXPECTED}") from None
    except EOFError:
        raise InputError(f"{path} is empty; {EXPECTED}") from None
    except (ValueError, OverflowError, MemoryError, zipfile.BadZipFile):
        raise InputError(f"{path} is not an array that numpy wrote; {EXPECTED}") from None
    if not isinstance(array, np.ndarray):
        array.close()
        raise InputError(f"{path} is an .npz archive; {EXPECTED}")
    return array
