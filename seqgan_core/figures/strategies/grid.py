"""The grid of both players' moves as three heat maps: numbers with marks, in cells to choose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.strategies.findings import name_of
from seqgan_core.figures.strategies.words import (
    MARKS,
    WORDS,
    distance_text,
    seeds_text,
    spread_text,
    strength,
    verdict_text,
    why_undecided,
)
from seqgan_core.figures.style import signed
from seqgan_core.figures.table import Table
from seqgan_core.judge.study import PAPER_FOUR, Setting, Triple, outcome
from seqgan_core.judge.verdict import CLEAR, COLLAPSED, HELD, LAST, Outcome, Spread
from seqgan_core.messages import _, remark


@dataclass(frozen=True)
class Cell:
    """One button of a heat map."""

    id: str  # of its setting
    number: str  # what is written
    mark: str  # a sign before it, so that colour is not the only one
    # tone, fill: a colour of the style sheet, or "" for none, and its strength, 0 to 1
    tone: str
    fill: float
    tag: str  # small text under the number
    label: str  # all of it in words


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
            remark("seeing.oracle-map"),
            _oracle
        ),
        _map(
            settings,
            _("Change of NLL_test (coverage)"),
            _("= held within {held:g}, ▲ rose, ▲▲ rose by more than {much:g}, ▼ fell.").format(
                held=HELD, much=COLLAPSED
            ),
            _test,
        ),
        _map(
            settings,
            _("D's accuracy at the end"),
            _("○ guessing, ● useful, ■ too strong. 50% is chance."),
            _accuracy,
        ),
    ]  # fmt: skip


_Shown = tuple[str, str, str, float, str]  # number, mark, tone, fill, tag


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
    number, mark, tone, fill, seeds = show(result) if result else ("–", "", "", 0.0, "")
    tag = f"{seeds} *".strip() if setting.triple in PAPER_FOUR else seeds
    return Cell(name, number, mark, tone, fill, tag, label_of(setting, result))


def label_of(setting: Setting, result: Outcome | None) -> str:
    """A setting and what became of it, in words."""
    g, d, k = setting.triple
    text = _("g-steps {g}, D's epochs {epochs}: {result}")
    if setting.triple in PAPER_FOUR:
        text = _("g-steps {g}, D's epochs {epochs}, one of the paper's settings: {result}")
    parts = [_("no finished run yet")]
    if result is not None:
        word = _(WORDS[result.verdict])
        if result.verdict == "undecided":
            word = _("{verdict}, {why}").format(verdict=word, why=why_undecided(result))
        parts = [word, *_numbers(result), seeds_text([result])]
    return text.format(g=g, epochs=_epochs(d, k), result="; ".join(parts))


def _numbers(result: Outcome) -> list[str]:
    parts = [
        f"{metric_of(name).title} {spread_text(spread)}"
        for name, spread in (("nll_oracle", result.oracle), ("nll_test", result.test))
    ]
    if result.distance is not None:
        text = _("NLL_test above MLE's temperature curve {gap}")
        parts.append(text.format(gap=distance_text(result)))
    if result.accuracy is not None:
        share = result.accuracy.mean
        parts.append(_("D {share:.0%}, {word}").format(share=share, word=strength(share)[1]))
    if result.diverged:
        parts.append(_("{k} of {n} diverged").format(k=result.diverged, n=result.n))
    return parts


def _range(spread: Spread) -> str:
    """How far the seeds differ, in small."""
    return f"↔ {spread.width:.2f}" if len(spread.values) > 1 else ""


def _oracle(result: Outcome) -> _Shown:
    mean = result.oracle.mean
    tone, fill = ("gen" if mean < 0 else "alarm"), min(1.0, abs(mean) / COLLAPSED)
    return signed(mean, 2), MARKS[result.verdict], tone, fill, _range(result.oracle)


def _test(result: Outcome) -> _Shown:
    mean = result.test.mean
    mark = "▲▲" if mean > COLLAPSED else "▲" if mean > HELD else "▼" if mean < -CLEAR else "="
    tone, fill = ("real" if mean < 0 else "alarm"), min(1.0, abs(mean) / COLLAPSED)
    return signed(mean, 2), mark, tone, fill, _range(result.test)


def _accuracy(result: Outcome) -> _Shown:
    if result.accuracy is None:
        return "–", "", "", 0.0, ""
    share = result.accuracy.mean
    return f"{share:.0%}", strength(share)[0], "disc", max(0.0, min(1, 2 * share - 1)), ""


def table(settings: Sequence[Setting], names: Sequence[str] = ()) -> Table:
    """All numbers, a row a setting; `names` instead of (g, d, k)."""
    head = [
        _("setting"), _("verdict"), *(metric_of(m).title for m in ("nll_oracle", "nll_test")),
        _("NLL_test above MLE's temperature curve"), metric_of("d_accuracy").title, _("seeds"),
        _("diverged"), _("rounds"), _("generator updates"), _("seconds"),
    ]  # fmt: skip
    names = names or [name_of(setting) for setting in settings]
    rows = [[name, *_row(setting)] for name, setting in zip(names, settings, strict=True)]
    caption = remark("seeing.settings-table", last=LAST)
    return Table(head, rows, caption)


def _row(setting: Setting) -> list[str]:
    result = outcome(setting)
    if result is None:
        return [_("no finished run yet"), *["–"] * 9]
    seconds = [run.seconds_since[-1] for run in setting.runs]
    most = max(run.rounds[-1] for run in setting.runs)
    return [
        verdict_text(result.verdict),
        spread_text(result.oracle),
        spread_text(result.test),
        distance_text(result),
        "–" if result.accuracy is None else f"{result.accuracy.mean:.1%}",
        str(result.n),
        str(result.diverged),
        f"{most:g}",
        f"{most * setting.config.g_steps:g}",
        f"{sum(seconds) / len(seconds):.1f}",
    ]
