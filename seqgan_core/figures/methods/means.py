"""One metric of every method: the mean over seeds with its interval, and every seed a dot."""

from seqgan_core.figures.methods.forest import ForestRow, forest
from seqgan_core.figures.methods.names import (
    levels,
    method_name,
    ranked,
    real_level,
    seeds_text,
    trained,
)
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import Figure, empty
from seqgan_core.judge.report import Report
from seqgan_core.messages import _, remark


def means(report: Report, metric: str, *, small: bool = False) -> Figure:
    """A row a method; below them what real data and n-gram models have of the metric."""
    if not report.rows:
        seeing = _("Each row will be a method, each dot a seed.")
        return empty(_("No method to compare yet"), seeing)
    rows = [
        ForestRow.of(
            row.strategy, row.summary[metric], {r.seed: r.values[metric] for r in row.results}
        )
        for row in report.rows
    ]
    rows += [ForestRow(name, value) for name, value in levels(report, metric).items()]
    what = metric_of(metric)
    return forest(
        rows,
        finding=_finding(report, metric),
        seeing=remark("seeing.means", help=what.help or what.title, n=seeds_text(report)),
        x_title=what.axis,
        digits=what.digits,
        real=real_level(report, metric),
        row_height=33 if small else 40,
    )


def _finding(report: Report, metric: str) -> str:
    what = metric_of(metric)
    order = ranked(report, metric, trained(report) or report.strategies)
    real = real_level(report, metric)
    names = {"metric": what.title, "real": what.text(real)}
    for place, strategy in zip("ab", order, strict=False):
        value = what.text(report.mean(strategy, metric))
        names[place] = _("{method} {value}").format(method=method_name(strategy), value=value)
    if metric == "self_bleu" or metric.startswith("distinct_"):  # more than real data is no merit
        text = (
            _("Most diverse by mean {metric}: {a}")
            if real is None
            else _("Most diverse by mean {metric}: {a} (real data {real})")
        )
    elif len(order) == 1:
        text = _("{metric}: {a}") if real is None else _("{metric}: {a} (real data {real})")
    elif what.direction == "neither":
        text = (
            _("{metric}: {a}, {b}") if real is None else _("{metric}: {a}, {b} (real data {real})")
        )
    elif real is None:
        text = _("Best mean {metric}: {a}, then {b}")
    else:
        text = _("Best mean {metric}: {a}, then {b} (real data {real})")
    return text.format(**names)
