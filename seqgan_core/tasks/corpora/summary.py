"""What a corpus holds: numbers and its first sequences, for text and for tunes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from seqgan_core.messages import Message, _
from seqgan_core.tasks.corpus import Corpus, Sequence, TextCorpus, Unit
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.tokens import LONGEST_TUNE, Form, pieces, windows, words
from seqgan_core.tasks.music.tune import TuneCorpus
from seqgan_core.tasks.music.user_split import WINDOW
from seqgan_core.tasks.text.tokenize import detokenize

FIRST = 5  # sequences that are shown
_WINDOWS: dict[Form, int] = {"eighths": WINDOW, "keys": WINDOW, "tunes": LONGEST_TUNE}


@dataclass(frozen=True)
class Details:
    """Facts about a corpus: as data, and as rows for people (name and value).

    `first` and `shown` are its first sequences, as data and as lines for people.
    """

    data: dict[str, Any]
    rows: list[tuple[str, str]]
    first: list[Any]
    shown: list[str]


def text_details(corpus: TextCorpus) -> Details:
    """Vocabulary by minimum count, longest sequence, lines."""
    counts = Counter(token for sequence in corpus.train for token in sequence)
    vocabulary = {n: sum(count >= n for count in counts.values()) for n in (1, 2, 5)}
    longest = max(map(len, corpus.train), default=0)
    first = [set_out(corpus, sequence) for sequence in corpus.train[:FIRST]]
    data = {"vocabulary": {f"min_count {n}": size for n, size in vocabulary.items()}}
    rows = [(_("lines of verse"), ", ".join(map(str, corpus.lines)) or _("running text"))]
    rows += [
        (_("vocabulary, min_count {n}").format(n=n), f"{size:,}") for n, size in vocabulary.items()
    ]
    return Details(data | {"longest": longest}, rows, first, first)


def set_out(corpus: TextCorpus, sequence: Sequence) -> str:
    """A sequence as it is read, with " / " between lines of verse."""
    if not corpus.lines:
        return detokenize(sequence) if corpus.unit == "words" else "".join(sequence)
    rest = iter(sequence)
    return " / ".join("".join(islice(rest, size)) for size in corpus.lines)


def tune_details(corpus: TuneCorpus) -> Details:
    """Windows in both forms, quantisation, keys."""
    tunes = [tune for side in corpus.sides.values() for tune in side]
    counts = quantisation_of(tunes)
    keys = Counter(tune.key.name for tune in tunes).most_common(6)
    by_form = {
        form: {
            side: sum(len(windows(tune, form, size)) for tune in part)
            for side, part in corpus.sides.items()
        }
        for form, size in _WINDOWS.items()
    }
    names = words("eighths")
    first = [
        {
            "title": tune.title, "about": tune.about, "key": tune.key.name,
            "begins": " ".join(names[token] for token in pieces(tune, "eighths")[0][:WINDOW]),
        }
        for tune in corpus.train[:FIRST]
    ]  # fmt: skip
    rows = [
        (_("windows of {n}, {form}").format(n=_WINDOWS[form], form=form),
         " / ".join(f"{n:,}" for n in sides.values()))
        for form, sides in by_form.items()
    ]  # fmt: skip
    rows += [
        (_("quantised in eighths"), _quantised(counts)),
        (_("keys"), ", ".join(f"{name} {n:,}" for name, n in keys)),
    ]
    shown = [
        f"{tune['title']}{f' ({about})' if (about := tune['about']) else ''}, {tune['key']}: "
        f"{tune['begins']}"
        for tune in first
    ]
    data = {"windows": by_form, "eighths": vars(counts), "keys": dict(keys)}
    return Details(data, rows, first, shown)


def _quantised(counts: Quantisation) -> str:
    return str(
        Message(
            "{uneven:,} of {tunes:,} tunes: of {notes:,} notes {moved:,} are between two steps and "
            "are moved, {left:,} are dropped; {doubled:,} tunes in sixteenths have doubled note "
            "values",
            **vars(counts),
        )
    )


DETAILS: dict[Unit, Callable[[Corpus[Any]], Details]] = {
    "characters": text_details,
    "words": text_details,
    "notes": tune_details,
}
