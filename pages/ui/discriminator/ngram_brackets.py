"""A sequence with a bracket over every n-gram that D's filters chose; both are buttons."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from pages.ui.common.component import component
from seqgan_core.figures.discriminator.filters import lanes

_mount = component(
    "ngram_brackets",
    html='<div class="brackets"><div class="wide"><div class="arcs" role="toolbar"></div>'
    '<div class="toks" role="toolbar"></div></div></div>',
)


@dataclass(frozen=True)
class Arc:
    """A bracket's button over the tokens `start` to `start + width - 1`.

    `side` is where it pushes D, `strength` from 0 to 1 its thickness; `text` stands on it, and
    `label`, which begins with it, is its accessible name.
    """

    start: int
    width: int
    text: str
    label: str
    side: Literal["real", "fake", "none"]
    strength: float
    chosen: bool


@dataclass(frozen=True)
class Token:
    """A token's button: its text, a small note under it, and its accessible name `label`.

    The name begins with what is visible. `padding` greys what only fills a sequence after its end.
    """

    text: str
    label: str
    note: str
    changed: bool
    chosen: bool
    padding: bool = False


def brackets(
    tokens: list[Token],
    arcs: list[Arc],
    key: str,
    *,
    on_bracket: Callable[[int, int], None],
    on_token: Callable[[int], None],
) -> None:
    """Draw them. Arrow keys move, Enter or Space or a click chooses.

    Args:
        tokens: in order.
        arcs: the most important first: they stand nearest to the tokens.
        key: of the component.
        on_bracket: called with start and width.
        on_token: called with the index.
    """
    lane_of = lanes([(arc.start, arc.width) for arc in arcs])
    placed = [asdict(arc) | {"lane": lane} for arc, lane in zip(arcs, lane_of, strict=True)]
    placed.sort(key=lambda arc: (arc["start"], arc["lane"]))  # the order that arrow keys follow
    data = {
        "tokens": [asdict(token) for token in tokens],
        "brackets": placed,
        "lanes": max(lane_of, default=-1) + 1,
    }
    _mount(
        key,
        data,
        {
            "bracket": lambda span: on_bracket(int(span[0]), int(span[1])),
            "token": lambda index: on_token(int(index)),
        },
    )
