"""Training, validation and test data: which sequence goes where is decided by its own text."""

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import combinations
from typing import Literal, TypeVar

Side = Literal["train", "valid", "test"]
T = TypeVar("T")
H = TypeVar("H", bound=Hashable)
Sides = tuple[tuple[T, ...], tuple[T, ...], tuple[T, ...]]
"""Training, validation and test data."""

SHARE = 0.1  # of an upload that is validation data, and as much that is test data


def split_hash(text: str) -> float:
    """A number from 0 to 1 that depends on the text alone, the same on every machine.

    >>> round(split_hash("moon"), 3), round(split_hash("moons"), 3)
    (0.619, 0.183)
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def side_of(text: str, train: float = 0.85, valid: float = 0.05) -> Side:
    """The side of a text; `train` and `valid` are shares of the whole, the rest is `test`."""
    position = split_hash(text)
    return "train" if position < train else "valid" if position < train + valid else "test"


def exact_shares(
    groups: Iterable[H],
    label: Callable[[H], str],
    enough: Callable[[Sequence[H]], bool] = lambda _test: True,
) -> dict[H, Side]:
    """Sides in random order and in exact shares, so that even a small upload has all three.

    Args:
        groups: what is split, each once.
        label: the text that decides its place in the order.
        enough: whether these groups are enough test data; more are taken until they are, up to
            half of all.
    """
    order = sorted(groups, key=lambda group: split_hash(label(group)))
    n_test = n_valid = round(SHARE * len(order))
    while n_test < len(order) // 2 and not enough(order[:n_test]):
        n_test += 1
    sides: dict[H, Side] = dict.fromkeys(order, "train")
    sides |= dict.fromkeys(order[:n_test], "test")
    return sides | dict.fromkeys(order[n_test : n_test + n_valid], "valid")


def by_side(placed: Iterable[tuple[Side, T]]) -> Sides[T]:
    """Training, validation and test data of pairs of a side and what is on it, in their order."""
    sides: dict[Side, list[T]] = {"train": [], "valid": [], "test": []}
    for side, thing in placed:
        sides[side].append(thing)
    return tuple(sides["train"]), tuple(sides["valid"]), tuple(sides["test"])


def families(parts: Sequence[Collection[Hashable]], shared: int) -> list[int]:
    """For each text, by the lines or sentences it is made of, the first text of its family.

    Texts with at least `shared` different parts in common are one family, and families that share a
    text are one.

    >>> families([{"a", "b"}, {"c", "d"}, {"b", "a", "x"}, {"x", "b"}], shared=2)
    [0, 1, 0, 0]
    """
    from scipy.cluster.hierarchy import DisjointSet  # half a second's import

    sets = DisjointSet(range(len(parts)))
    seen: dict[frozenset[Hashable], int] = {}
    for text, its_parts in enumerate(parts):
        for subset in combinations(set(its_parts), shared):
            sets.merge(text, seen.setdefault(frozenset(subset), text))
    first: dict[int, int] = {}  # by what stands for a family
    return [first.setdefault(sets[text], text) for text in range(len(parts))]


def deduplicated(sides: Sides[H]) -> tuple[Sides[H], list[H]]:
    """The three without repeats, so that no training data is in the test data.

    Returns:
        Each sequence on one side only, in the order given (of several sides training comes first,
        then test); and the repeats that were removed.
    """
    train, valid, test = sides
    seen: set[H] = set()
    repeats: list[H] = []

    def new(sequences: Iterable[H]) -> tuple[H, ...]:
        kept: list[H] = []
        for sequence in sequences:
            (repeats if sequence in seen else kept).append(sequence)
            seen.add(sequence)
        return tuple(kept)

    train, test, valid = new(train), new(test), new(valid)
    return (train, valid, test), repeats
