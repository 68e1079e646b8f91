"""Training, validation and held-out data of uploaded tunes."""

from collections.abc import Sequence
from dataclasses import replace

from seqgan_core.tasks.corpus import Report
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.music.tokens import windows
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.tasks.splitting import Side, exact_shares

WINDOW = 32
MIN_TRAIN, MIN_TEST = 100, 20  # windows of 32 eighths that begin anywhere
FEW = 10  # families; with fewer the end of each tune is held out, not whole tunes
HELD_OUT = (0.2, 0.3, 0.4)  # share of each of few tunes: the first that is enough


def split(tunes: Sequence[Tune], report: Report) -> tuple[Collection, dict[str, int]]:
    """The tunes with their sides, and how many windows each side has, which may be too few."""
    for share in HELD_OUT:
        whole = _split(tunes, report, share)
        counts = _windows(whole)
        if counts["test"] >= MIN_TEST:
            break
    return whole, counts


def _split(tunes: Sequence[Tune], report: Report, share: float) -> Collection:
    """Exact shares in random order, near-copies together; or each tune's end, of few tunes.

    If short tunes come first, more of them are held out, up to half.
    """
    families = {tune.family for tune in tunes}
    if len(families) >= FEW:
        sides = exact_shares(
            families, label=str, enough=lambda test: _places(tunes, test) >= MIN_TEST
        )
        return Collection(tuple(tunes), tuple(sides[tune.family] for tune in tunes), report)
    halves: list[tuple[Tune, Side]] = []
    for tune in tunes:
        cut = round((1 - share) * tune.length)
        halves.append((_between(tune, 0, cut), "train"))
        halves.append((_between(tune, cut, tune.length), "test"))
    kept = [(tune, side) for tune, side in halves if tune.notes]
    return Collection(tuple(t for t, _ in kept), tuple(s for _, s in kept), report)


def _places(tunes: Sequence[Tune], families: Sequence[str]) -> int:
    """How many windows there could be in tunes of these families."""
    chosen = [tune for tune in tunes if tune.family in families]
    return sum(len(windows(tune, "eighths", WINDOW, hop=1)) for tune in chosen)


def _between(tune: Tune, start: int, end: int) -> Tune:
    """The notes that begin between two ticks, in the key of the whole tune."""
    notes = [note for note in tune.notes if start <= note[1] < end]
    first = notes[0][1] if notes else start
    moved = tuple((p, at - first, min(length, end - at)) for p, at, length in notes)
    before = [bpm for tick, bpm in tune.tempi if tick <= first]
    later = [(tick - first, bpm) for tick, bpm in tune.tempi if tick > first]
    return replace(tune, notes=moved, length=end - first, tempi=((0, before[-1]), *later))


def _windows(collection: Collection) -> dict[str, int]:
    """How many windows there are on each side, as far as that matters."""
    counts = {"train": 0, "valid": 0, "test": 0}
    for tune, side in zip(collection.tunes, collection.sides, strict=True):
        if counts[side] < MIN_TRAIN:
            counts[side] += len(windows(tune, "eighths", WINDOW, hop=1))
    return counts
