"""Recorded files, read once and again when they change."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from seqgan_core.messages import Problem

T = TypeVar("T")


def recorded(path: Path, load: Callable[[Path], T]) -> T:
    """What `load` makes of the file; kept until the file's time or size changes.

        comparison = recorded(FOLDER / "poems.json", Report.load)

    Args:
        path: of the file, which need not exist: `load` says what that means.
        load: a function of a module, since results are kept by it. What it raises is kept too.

    Raises:
        Problem: what `load` raised, or that the file is damaged.
    """
    try:
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        stamp = (0, 0)
    result = _read(load, path, stamp)
    if isinstance(result, Problem):
        raise result
    return result  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _read(load: Callable[[Path], object], path: Path, _stamp: tuple[int, int]) -> object:
    try:
        return load(path)
    except Problem as problem:
        return problem
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return Problem("recorded.damaged", name=path.name, what=f"{type(error).__name__}: {error}")
