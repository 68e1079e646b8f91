"""The grid of both players' moves as three heat maps: numbers with marks, in cells to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seqgan_core.figures.run.notices import CLEAR, HELD
from seqgan_core.figures.strategies.study import PAPER_FOUR, Setting, Triple
from seqgan_core.figures.strategies.verdicts import (
    COLLAPSED,
    MARKS,
    WORDS,
    Outcome,
    Spread,
    name_of,
    outcome,
    seeds_of,
    signed,
    strength,
)
from seqgan_core.messages import _

Tone = str  # a colour of the page's style sheet, or "" for none


@dataclass(frozen=True)
class Cell:
    """One button of a heat map.

    Attributes:
        id: of its setting.
        number: what is written; mark: a sign before it, so that colour is not the only one.
        tone, fill: colour and its strength, 0 to 1.
        tag: small words under the number.
        label: all of it in words.
    """

    id: str
    number: str
    mark: str
    tone: Tone
    fill: float
    tag: str
    label: str


@dataclass(frozen=True)
class HeatMap:
    """A table of cells; a row for each number of g-steps, a column for each of D's epochs."""

    caption: str
    reading: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]


def cell_id(triple: Triple) -> str:
    """A setting's name in the address.

    >>> cell_id((100, 1, 10))
    '100-1-10'
    """
    return "-".join(map(str, triple))


def heat_maps(settings: Sequence[Setting]) -> list[HeatMap]:
    """The changes of both NLLs since MLE ended, and D's accuracy at the end."""
    return [
        _map(
            settings,
            _("Change of NLL_oracle (quality)"),
            _("✓ learned, ◆ sharpened, ‖ stalled, ✕ collapsed. Below zero is better."),
            _oracle,
        ),
        _map(
            settings,
            _("Change of NLL_test (coverage)"),
            _("= held within {held:g}, ▲ rose, ▲▲ rose by more than {much:g}.").format(
                held=HELD, much=COLLAPSED
            ),
            _test,
        ),
        _map(
            settings,
            _("D's accuracy at the end"),
            _("○ guessing, ● a usable teacher, ■ too strong. 50% is chance."),
            _accuracy,
        ),
    ]


_Shown = tuple[str, str, Tone, float]  # number, mark, tone, fill


def _map(
    settings: Sequence[Setting], caption: str, reading: str, show: Callable[[Outcome], _Shown]
) -> HeatMap:
    by_triple = {setting.triple: setting for setting in settings}
    g_steps = sorted({g for g, _d, _k in by_triple})
    d_moves = sorted({(d, k) for _g, d, k in by_triple}, key=lambda move: (move[0] * move[1], move))
    cells = tuple(
        tuple(
            _cell(by_triple[g, d, k], show) if (g, d, k) in by_triple else None for d, k in d_moves
        )
        for g in g_steps
    )
    columns = tuple(_epochs(d, k) for d, k in d_moves)
    return HeatMap(caption, reading, tuple(map(str, g_steps)), columns, cells)


def _epochs(d: int, k: int) -> str:
    """D's epochs in a round, and their sets where there is more than one.

    >>> _epochs(1, 10), _epochs(5, 3)
    ('10', '15 (5 × 3)')
    """
    return f"{d * k}" if d == 1 else f"{d * k} ({d} × {k})"


def _cell(setting: Setting, show: Callable[[Outcome], _Shown]) -> Cell:
    result, name = outcome(setting), cell_id(setting.triple)
    tag = _("paper") if setting.triple in PAPER_FOUR else ""
    if result is None:
        label = _("{where}: no finished run yet").format(where=_where(setting))
        return Cell(name, "?", "", "", 0.0, tag, label)
    number, mark, tone, fill = show(result)
    return Cell(name, number, mark, tone, fill, tag, label_of(setting, result))


def label_of(setting: Setting, result: Outcome) -> str:
    """A setting and what became of it, in words."""
    parts = [
        _("NLL_oracle {oracle}").format(oracle=_seeds(result.oracle)),
        _("NLL_test {test}").format(test=_seeds(result.test)),
    ]
    if result.accuracy is not None:
        share = result.accuracy.mean
        parts.append(_("D {share:.0%}, {word}").format(share=share, word=strength(share)))
    if result.diverged:
        parts.append(_("{k} of {n} diverged").format(k=result.diverged, n=result.n))
    return _("{where}: {verdict}. {parts}; {n}").format(
        where=_where(setting),
        verdict=WORDS[result.verdict],
        parts="; ".join(parts),
        n=seeds_of([result]),
    )


def _where(setting: Setting) -> str:
    g, d, k = setting.triple
    of = _(", of the paper's four") if setting.triple in PAPER_FOUR else ""
    return _("g-steps {g}, D's epochs {epochs}{of}").format(g=g, epochs=_epochs(d, k), of=of)


def _seeds(spread: Spread) -> str:
    if len(spread.values) == 1:
        return str(spread)
    low, high = signed(min(spread.values)), signed(max(spread.values))
    return _("{mean} (seeds {low} to {high})").format(mean=spread, low=low, high=high)


def _oracle(result: Outcome) -> _Shown:
    mean = result.oracle.mean
    tone = "gen" if mean < 0 else "alarm"
    return signed(mean, 2), MARKS[result.verdict], tone, min(1.0, abs(mean) / COLLAPSED)


def _test(result: Outcome) -> _Shown:
    mean = result.test.mean
    mark = "▲▲" if mean > COLLAPSED else "▲" if mean > HELD else "▼" if mean < -CLEAR else "="
    tone = "real" if mean < 0 else "alarm"
    return signed(mean, 2), mark, tone, min(1.0, abs(mean) / COLLAPSED)


def _accuracy(result: Outcome) -> _Shown:
    if result.accuracy is None:
        return "–", "", "", 0.0
    share = result.accuracy.mean
    marks = {_("too strong"): "■", _("a usable teacher"): "●"}
    return f"{share:.0%}", marks.get(strength(share), "○"), "disc", max(0.0, min(1, 2 * share - 1))


def table(settings: Sequence[Setting]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the numbers, a row a setting."""
    head = [
        _("(g, d, k)"), _("verdict"), _("NLL_oracle"), _("NLL_test"), _("D's accuracy"),
        _("seeds"), _("diverged"), _("rounds"), _("generator updates"), _("seconds"),
    ]  # fmt: skip
    return head, [_row(setting) for setting in settings]


def _row(setting: Setting) -> list[str]:
    result = outcome(setting)
    if result is None:
        return [name_of(setting), _("no finished run yet"), *["–"] * 8]
    rounds = [run.rounds[-1] for run in setting.runs]
    seconds = [run.seconds[-1] for run in setting.runs]
    most = max(rounds)
    return [
        name_of(setting),
        result.named,
        _seeds(result.oracle),
        _seeds(result.test),
        "–" if result.accuracy is None else f"{result.accuracy.mean:.1%}",
        str(result.n),
        str(result.diverged),
        f"{most:g}",
        f"{most * setting.triple[0]:g}",
        f"{sum(seconds) / len(seconds):.1f}",
    ]
