"""Sequences as rows of HTML buttons, one a token; the chosen one is sent to Python."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from pages.ui.common.component import component
from seqgan_core.tasks.corpus import Unit

_mount = component(
    "token_rows", html='<div class="token-rows"></div><p class="said quiet" aria-live="polite"></p>'
)


@dataclass(frozen=True)
class Cell:
    """A token's button.

    `fill` is the strength of its colour from 0 to 1, None for none; `note` is small text under the
    token; `label` is its accessible name, which begins with both; `padding` greys tokens that only
    fill a sequence after its end.
    """

    text: str
    label: str
    note: str = ""
    fill: float | None = None
    padding: bool = False


Place = tuple[int, int]


def token_rows(
    rows: list[list[Cell]],
    key: str,
    *,
    chosen: Place | None,
    on_choose: Callable[[Place], None],
    announcement: str = "",
    unit: Unit | None = None,
) -> None:
    """Draw the rows. Arrow keys move between tokens, Enter or Space or a click chooses.

    Args:
        rows: one list of cells a sequence.
        key: of the component.
        chosen: row and index of the pressed button.
        on_choose: called with row and index.
        announcement: a sentence under the rows that screen readers speak whenever it changes.
        unit: what a token is; None for numbers.
    """
    data = {
        "rows": [[asdict(cell) for cell in row] for row in rows],
        "names": [str(number) for number in range(1, len(rows) + 1)],
        "chosen": list(chosen) if chosen else None,
        "colour": "reward",
        "said": announcement,
        "unit": unit or "",
    }
    _mount(key, data, {"chosen": lambda place: on_choose((int(place[0]), int(place[1])))})
