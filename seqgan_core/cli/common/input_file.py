"""Files of a person's own, read whole, or the reason why they cannot be."""

from __future__ import annotations

from pathlib import Path

from seqgan_core.cli.common.output import InputError


def read_bytes(path: Path, limit: int, *, kind: str = "a file", advice: str = "") -> bytes:
    """The content of a file, read only if its size is within the limit.

    Args:
        path: the file.
        limit: the most bytes that are read.
        kind: what the error asks for when the file cannot be read.
        advice: what the error adds when the file is too large.

    Raises:
        InputError: the file is too large or cannot be read.
    """
    try:
        size = path.stat().st_size
        if path.is_file() and size > limit:
            raise InputError(f"{path} has {size:,} bytes; at most {limit:,} are taken{advice}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); give {kind} that is there"
        ) from error
