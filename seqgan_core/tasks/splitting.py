"""Who learns and who is held out: decided by the text itself, so that no file has to say it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import combinations
from typing import Literal

Side = Literal["train", "valid", "test"]


def split_hash(text: str) -> float:
    """A number from 0 to 1 that the text alone decides, the same on every machine.

    >>> round(split_hash("moon"), 3), round(split_hash("moons"), 3)
    (0.619, 0.183)
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def side_of(text: str, train: float, valid: float) -> Side:
    """Where a text goes; `train` and `valid` are shares of the whole, the rest is `test`."""
    position = split_hash(text)
    return "train" if position < train else "valid" if position < train + valid else "test"


def families(parts: Sequence[Collection[Hashable]], shared: int) -> list[int]:
    """For each text the number of the first text of its family.

    Args:
        parts: of each text, the lines or sentences that it is made of.
        shared: texts with at least so many different parts in common are one family, and
            families that share a text are one.

    >>> families([{"a", "b"}, {"c", "d"}, {"b", "a", "x"}, {"x", "b"}], shared=2)
    [0, 1, 0, 0]
    """
    parents = list(range(len(parts)))

    def first(text: int) -> int:
        while parents[text] != text:
            parents[text] = parents[parents[text]]  # halves the way for those who ask later
            text = parents[text]
        return text

    seen: dict[frozenset[Hashable], int] = {}
    for text, its_parts in enumerate(parts):
        for subset in combinations(set(its_parts), shared):
            this, earlier = first(text), first(seen.setdefault(frozenset(subset), text))
            parents[max(this, earlier)] = min(this, earlier)
    return [first(text) for text in range(len(parts))]


def deduplicated(
    train: Iterable[tuple[str, ...]],
    valid: Iterable[tuple[str, ...]],
    test: Iterable[tuple[str, ...]],
) -> tuple[
    tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...], int
]:
    """The three without repeats: what is learnt from is never judged by.

    Returns:
        train, test and valid in the order given, each sequence in one of them only; and how many
        were taken out.
    """
    seen: set[tuple[str, ...]] = set()
    sides: dict[Side, tuple[tuple[str, ...], ...]] = {}
    taken = 0
    for name, sequences in (("train", train), ("test", test), ("valid", valid)):
        all_sequences = tuple(sequences)
        new = tuple(sequence for sequence in dict.fromkeys(all_sequences) if sequence not in seen)
        seen.update(new)
        taken += len(all_sequences) - len(new)
        sides[name] = new  # type: ignore[index]
    return sides["train"], sides["valid"], sides["test"], taken
