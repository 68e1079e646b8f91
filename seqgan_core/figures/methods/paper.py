"""The paper's own numbers.

Where the oracle is not the paper's, and for BLEU, whose references and split are others, only the
order of the methods can be compared with ours.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from seqgan_core.figures.methods.names import (
    broken_name,
    look_of,
    method_name,
    p_digits,
    ranked,
    seeds_text,
    with_interval,
)
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import NEUTRAL, Figure, Trace, empty, figure, line, note
from seqgan_core.figures.table import Table
from seqgan_core.judge.report import CURVE, Distance, Report
from seqgan_core.messages import N_, _, ngettext, remark

# NLL_oracle in nats per token, as commonly cited from the paper's Table 1: V = 5000, T = 20.
NLL_ORACLE = {
    "random": 10.310,
    "mle": 9.038,
    "scheduled_sampling": 8.985,
    "pg_bleu": 8.946,
    "seqgan": 8.736,
}
SOURCE = N_("as commonly cited from the paper's Table 1 (V = 5000, T = 20)")


def both_orders(report: Report) -> tuple[list[str], list[str]]:
    """The methods of both, lowest NLL_oracle first: in this comparison, and in the paper."""
    shared = [
        strategy
        for strategy in report.strategies
        if strategy in NLL_ORACLE and math.isfinite(report.mean(strategy, "nll_oracle"))
    ]
    return ranked(report, "nll_oracle", shared), sorted(shared, key=NLL_ORACLE.__getitem__)


def swapped_pairs(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs in opposite order; of each pair, the one that is first here comes first.

    >>> swapped_pairs(["a", "b", "c"], ["b", "a", "c"])
    [('a', 'b')]
    """
    place = {strategy: index for index, strategy in enumerate(theirs)}
    return [(a, b) for a, b in combinations(ours, 2) if place[a] > place[b]]


def orders(report: Report, size: str) -> Figure:
    """Our order by NLL_oracle on the left, the paper's on the right, a line for each method.

    `size` is what the comparison was made at, such as "V = 50, T = 10".
    """
    ours, theirs = both_orders(report)
    given = {"size": size, "source": _(SOURCE), "compared": _compared(report)}
    seeing = remark("seeing.orders", **given)
    if len(ours) < 2:
        return empty(_("An order needs at least two of the methods in the paper's table"), seeing)
    data, notes = [], []
    for strategy in ours:
        our_place, their_place = ours.index(strategy), theirs.index(strategy)
        data.append(_joined(strategy, our_place, their_place))
        value = report.mean(strategy, "nll_oracle")
        notes += [
            _side(f"{broken_name(strategy)} {value:.3f}", 0, our_place, look_of(strategy).colour),
            _side(f"{NLL_ORACLE[strategy]:.3f} {broken_name(strategy)}", 1, their_place, NEUTRAL),
        ]
    notes += [
        note(_("here"), 0, -0.75, xanchor="center"),
        note(_("the paper"), 1, -0.75, xanchor="center"),
    ]
    hidden = {"visible": False, "fixedrange": True}
    return figure(
        data,
        finding=_finding(ours, theirs),
        seeing=seeing,
        x_title="",
        y_title="",
        height=44 * len(ours) + 78,
        notes=notes,
        x_range=(-1.15, 2.15),
        y_range=(len(ours) - 0.5, -1.0),
        x_axis=hidden,
        y_axis=hidden,
        showlegend=False,
        hovermode="closest",
    )


def _side(text: str, x: int, y: int, colour: str) -> dict[str, Any]:
    """Text next to a mark: on the left of the left one, on the right of the right one."""
    where = "left" if x else "right"
    shift = 12 if x else -12
    return note(text, x, y, xanchor=where, align=where, xshift=shift, colour=colour)


def _joined(strategy: str, our_place: int, their_place: int) -> Trace:
    look, title = look_of(strategy), method_name(strategy)
    text = _("{method}: rank {here} here, {there} in the paper")
    trace = line(
        [0, 1], [our_place, their_place], title, NEUTRAL, width=1.6, marker=look.symbol,
        dash="solid" if our_place == their_place else "dot",
        hovertemplate=text.format(method=title, here=our_place + 1, there=their_place + 1)
        + "<extra></extra>",
    )  # fmt: skip
    symbols, colours = [look.symbol, f"{look.symbol}-open"], [look.colour, NEUTRAL]
    return trace | {"marker": {"symbol": symbols, "size": 11, "color": colours}}


def _finding(ours: Sequence[str], theirs: Sequence[str]) -> str:
    swapped = swapped_pairs(ours, theirs)
    pairs = len(ours) * (len(ours) - 1) // 2
    if not swapped:
        return _("The order by mean NLL_oracle is the same as in the paper")
    if len(swapped) == 1:
        return _(
            "Order by mean NLL_oracle: {a} and {b} are in the opposite order in the paper"
        ).format(a=method_name(swapped[0][0]), b=method_name(swapped[0][1]))
    return remark("finding.orders", k=len(swapped), n=pairs)


def table(report: Report, gaps: Sequence[Distance]) -> Table:
    """The paper's table with this comparison's numbers, and the controls that it lacks.

    `gaps` come from `rivals`: MLE's temperatures are among the controls.
    """
    oracle, test = metric_of("nll_oracle"), metric_of("nll_test")
    head = [_("method"), _("NLL_oracle in the paper"), _("NLL_oracle here"), _("NLL_test here"),
            _("SeqGAN minus it"), _("p over runs"), _("p over sequences"),
            _("the paper's claim: SeqGAN is better")]  # fmt: skip
    rows = [
        [method_name(row.strategy), oracle.text(NLL_ORACLE.get(row.strategy)),
         with_interval(oracle, row.summary[oracle.name]),
         with_interval(test, row.summary[test.name]), *_tested(report, row.strategy)]
        for row in report.rows if {oracle.name, test.name} <= row.summary.keys()
    ]  # fmt: skip
    for gap in gaps:
        if gap.best is not None and gap.strategy == "seqgan":
            x, y, temperature = gap.best
            minus = oracle.text(report.mean("seqgan", oracle.name) - x.mean, signed=True)
            rows.append([at_temperature(gap.epochs, temperature), "–", with_interval(oracle, x),
                         with_interval(test, y), minus, "–", "–", "–"])  # fmt: skip
    caption = remark(
        "seeing.paper-table", compared=_compared(report), n=seeds_text(report),
        samples=report.samples, source=_(SOURCE),
    )  # fmt: skip
    return Table(head, rows if len(report.rows) > 1 else [], caption)


def _tested(report: Report, strategy: str) -> list[str]:
    """SeqGAN minus a method by NLL_oracle, p over runs and sequences, and the paper's claim."""
    run, sequence = (
        report.difference("seqgan", strategy, "nll_oracle", by) for by in ("run", "sentence")
    )
    claims = {-1: _("holds"), 0: _("not shown"), 1: _("the opposite")}
    return [
        metric_of("nll_oracle").text(run.difference, signed=True) if run else "–",
        *(
            _("{p} (n = {n:,})").format(p=p_digits(test.p_holm), n=test.n_first) if test else "–"
            for test in (run, sequence)
        ),
        claims[run.sign] if run and strategy in NLL_ORACLE else "–",
    ]


def _compared(report: Report) -> str:
    """What of the paper's numbers can be compared with those here."""
    if report.has_paper_oracle:
        return _("The oracle is the authors' own, so the numbers can be compared.")
    if report.at_paper_size:
        return _("The size is the paper's, the oracle is not, so only the order can be compared.")
    return _("The paper's size and oracle are different, so only the order can be compared.")


def at_temperature(epochs: int | None, temperature: float) -> str:
    """A setting of MLE."""
    return _("{model} at temperature {t:g}").format(model=after_epochs(epochs), t=temperature)


def after_epochs(epochs: int | None) -> str:
    """MLE's model that was stopped; with None the one that its runs end with."""
    if epochs is None:
        return method_name(CURVE)
    return ngettext("MLE after {n} epoch", "MLE after {n} epochs", epochs)


# -- text and music --------------------------------------------------------------------------------

# As commonly cited from the paper's tables; BLEU's references are its own test sets.
TEXT_RESULTS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "poems": (("BLEU-2", "0.6670", "0.7389", "0.746"),),
    "speech": (("BLEU-3", "0.519", "0.556", "–"), ("BLEU-4", "0.416", "0.427", "–")),
    "music": (("BLEU-4", "0.9210", "0.9406", "–"), ("MSE", "22.38", "20.62", "–")),
}
HUMAN = (N_("human score"), "0.4165", "0.5356", "0.6011")


def text_rows(task: str) -> list[tuple[str, str, str, str]]:
    """The paper's results on a task of text or music: the metric, MLE, SeqGAN, real data."""
    name, *scores = HUMAN
    human = [(_(name), scores[0], scores[1], scores[2])] if task == "poems" else []
    return [*TEXT_RESULTS[task], *human]


def text_caveat(task: str) -> str:
    """Why these numbers cannot be compared with ours, in sentences."""
    own = [remark(f"paper.{task}")] if task in ("music", "poems") else []
    return " ".join([remark("paper.text"), *own])
