"""The numbers of the exposure bias screen's figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui.common import html
from seqgan_core.figures.exposure.labels import Series
from seqgan_core.messages import _


def by_position_table(
    drawn: Sequence[Series], caption: str, last_row: str, *, fewer: bool = False
) -> None:
    """The numbers of a figure: a row a position, a column a line, and last what is over all.

    `fewer`: some sequences have ended before the later positions.
    """
    head = [_("position"), *(line.name for line in drawn)]
    rows = [
        [str(at), *(f"{line.mean[index]:.3f} ± {line.half[index]:.3f}" for line in drawn)]
        for index, at in enumerate(drawn[0].positions)
    ]
    total = [last_row, *(f"{line.overall.value:.3f} ± {line.overall.half:.3f}" for line in drawn)]
    words = _("{caption}; mean ± 95% of n = {n} sequences")
    if fewer:
        words = _("{caption}; mean ± 95% of n = {n} sequences, later of those that go on")
    about = words.format(caption=caption, n=drawn[0].n)
    html.table(head, [*rows, total], about)


def ends_table(groups: Sequence[tuple[str, Sequence[Series]]]) -> None:
    """The distances that the notice speaks of without their numbers."""
    rows = [
        [
            f"{line.name}, {what}",
            *(str(value) for value in (line.ends.early, line.ends.late, line.ends.growth)),
            str(line.versus) if line.versus else "–",
        ]
        for what, drawn in groups
        for line in drawn
        if line.ends
    ]
    if rows:
        html.table(
            ["", _("at position 2"), _("at the last"), _("growth"), _("mean, less MLE's")],
            rows,
            _("Distance from real data, nats a token; ± 95% of n = {n} sequences").format(
                n=groups[-1][1][0].n
            ),
        )
