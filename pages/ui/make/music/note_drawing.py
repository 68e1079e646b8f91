"""The first notes of a melody, drawn by hand on a roll or on a keyboard of real buttons."""

import itertools
from collections.abc import Sequence
from typing import Any

from pages.ui.common.component import component
from pages.ui.make.music.cards.note_text import key_name, length_words
from seqgan_core.media.music.melody import HIGHEST, LOWEST
from seqgan_core.tasks.music.tokens import BELOW, HOLD, KEYS, REST

_mount = component(
    "note_drawing",
    html='<div class="draw"></div>',
    before=["score_cards/parts.js", "signs.js", "sketch.js"],
)
MOST = 16  # steps that can be drawn: two bars of eighths


def draw_prefix(key: str, *, start: Sequence[int] = (), most: int = MOST) -> list[int]:
    """Draw the roll and the keyboard; returns the drawn tokens, in eighths.

    The first token is an onset: a rest before the first note is left out.

    Args:
        key: of the component.
        start: tokens at first, such as a link's; what is drawn later wins.
        most: eighths that fit.
    """
    if not 1 <= most <= 64:
        raise ValueError(f"most is {most}; from 1 to 64 eighths can be drawn")
    begin = checked(start, most)
    result = _mount(key, data_of(begin, most), {"tokens": None})
    drawn = result.get("tokens")
    return checked(drawn, most) if drawn is not None else begin


def checked(tokens: Any, most: int = MOST) -> list[int]:
    """The tokens from the first onset on; none at all unless all can be drawn.

    They come from a browser or from an address, so they may be anything.

    >>> checked([90, 90, 41, 89, 90, 43]), checked([89]), checked("x"), checked([41, 999])
    ([41, 89, 90, 43], [], [], [])
    """
    if not isinstance(tokens, (list, tuple)) or len(tokens) > 64:
        return []
    if any(type(token) is not int or not 1 <= token <= REST for token in tokens):
        return []
    onsets = [at for at, token in enumerate(tokens) if token <= KEYS]
    if not onsets:
        return []
    start = list(tokens[onsets[0] : onsets[0] + most])
    if any(pair == (REST, HOLD) for pair in itertools.pairwise(start)):
        return []
    return start


def data_of(start: Sequence[int], most: int) -> dict[str, Any]:
    """What the browser gets: plain values only."""
    return {
        "start": list(start),
        "most": most,
        "hold": HOLD,
        "rest": REST,
        "below": BELOW,
        "lowest": LOWEST,
        "highest": HIGHEST,
        "names": {pitch: key_name(pitch) for pitch in range(LOWEST, HIGHEST + 1)},
        "lengths": [{"steps": steps, "name": length_words(steps / 2)} for steps in (1, 2, 3, 4)],
    }
