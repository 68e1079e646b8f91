"""What a method's NLL_oracle is made of: its path to it, and what MLE reaches without a reward."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import fmean
from typing import Any

from seqgan_core.figures.methods.forest import span
from seqgan_core.figures.methods.gaps import interval
from seqgan_core.figures.methods.names import look_of, method_name
from seqgan_core.figures.methods.paper import NLL_ORACLE, SOURCE, after_epochs, at_temperature
from seqgan_core.figures.methods.plane import mean_sweep
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import NEUTRAL, Figure, Trace, empty, fade, figure, level, line, note
from seqgan_core.judge.mean_curves import Step, paths
from seqgan_core.judge.report import CURVE, Distance, FrontierPoint, Report, Sweep
from seqgan_core.judge.verdict import place_of
from seqgan_core.messages import _, ngettext, remark

_CONTROL = "constant_reward"
_AWAY = "pg_bleu"  # its path may lead far from all others, so it does not decide the scale
_BY_HAND = {"tilt": "α", "mixture": "w"}
_HIDDEN = ("nll_oracle_median", "distinct_4")
_HEIGHT = 560
_ROOM = (0.8, 0.25)  # around what decides the scale, for the rest and for the paper's names
_LINE = 17 / (_HEIGHT - 130)  # of the plot's height, that a line of text takes
_HOVER = "%{customdata}: %{x:.3f} / %{y:.3f}<extra></extra>"


def made_of(report: Report, gaps: Sequence[Distance]) -> Figure:
    """NLL_oracle against NLL_test: MLE's stopping times and temperatures, and all paths.

    The report has an oracle; `gaps` from `rivals` are for the title.
    """
    x, y = metric_of("nll_test"), metric_of("nll_oracle")
    known = report.has_paper_oracle
    seeing = remark("seeing.paths-paper", source=_(SOURCE)) if known else remark("seeing.paths")
    stopped: list[tuple[int | None, Sequence[Sweep]]] = [*report.stopping.items()]
    stopped = stopped or [(None, report.frontier.get(CURVE, ()))]
    curves = {n: mean_sweep(sweeps, x.name, y.name) for n, sweeps in stopped if sweeps}
    walked = paths(report)
    means = {name: path for name, seeds in walked.items() if (path := _mean(seeds))}
    if not curves and not means:
        return empty(_("No path and no curve was measured"), seeing, height=_HEIGHT)
    swept = [point for points in curves.values() for point in points]
    near = [step[:0:-1] for name, path in means.items() if name != _AWAY for step in path]
    near += [(x, y) for t, x, y in swept if t == 1]
    by_hand = _by_hand(report)
    near += [at for trace in by_hand for at in zip(trace["x"], trace["y"], strict=True)]
    x_range, y_range = (
        span([at[axis] for at in near], [at[1 + axis] for at in swept], room)
        for axis, room in enumerate(_ROOM)
    )
    shapes, notes = _levels(*y_range) if known else ([], [])
    notes += [
        note(f"{epochs}", *points[-1][1:], yanchor="bottom", yshift=3,
             xanchor="center" if epochs == [*curves][-1] else "left")  # the paper's names follow it
        for epochs, points in curves.items() if epochs is not None
    ]  # fmt: skip
    if mixed := report.controls.get("mixture"):
        seeing = remark("seeing.by-hand", seen=seeing, cold=mixed[0].points[0].temperature)
    if _AWAY in means and (end := means[_AWAY][-1][1]) < y_range[0]:
        text = _("{seen} {method} goes on to NLL_oracle {end:.2f}, off the scale.")
        seeing = text.format(seen=seeing, method=method_name(_AWAY), end=end)
    return figure(
        [
            *_of_mle(curves),
            *by_hand,
            *(trace for name, path in means.items() for trace in _walk(path, name, walked[name])),
        ],
        finding=_finding(report, gaps, means.get(_CONTROL)),
        seeing=seeing,
        x_title=x.axis,
        y_title=y.axis,
        height=_HEIGHT,
        shapes=shapes,
        notes=notes,
        x_range=x_range,
        y_range=y_range,
        x_axis={"showgrid": True, "nticks": 7},
        hovermode="closest",
    )


def _mean(seeds: Mapping[int, Sequence[Step]]) -> list[Step]:
    """The mean over the seeds after each number of updates at which all were evaluated."""
    of_seeds = [{step[0]: step for step in steps} for steps in seeds.values()]
    common = sorted(set.intersection(*map(set, of_seeds)))
    return [(updates, fmean(steps[updates][1] for steps in of_seeds),
             fmean(steps[updates][2] for steps in of_seeds)) for updates in common]  # fmt: skip


def _of_mle(curves: Mapping[int | None, Sequence[Step]]) -> list[Trace]:
    """A thin curve over temperatures for each stopping time, and one through temperature 1."""
    traces: list[Trace] = []
    for epochs, points in curves.items():
        temperatures, xs, ys = zip(*points, strict=True)
        traces.append(
            line(xs, ys, _("MLE, temperature varied"), fade(NEUTRAL, 0.7), width=1.3,
                 marker="line-ns-open", showlegend=not traces, hovertemplate=_HOVER,
                 customdata=[at_temperature(epochs, t) for t in temperatures])
        )  # fmt: skip
    ones = [(n, x, y) for n, points in curves.items() for t, x, y in points if t == 1 and n]
    if ones:
        stopped, xs, ys = zip(*ones, strict=True)
        look = look_of(CURVE)
        traces.append(
            line(xs, ys, _("MLE, epochs varied"), look.colour, dash=look.dash, marker=look.symbol,
                 hovertemplate=_HOVER, customdata=[after_epochs(n) for n in stopped])
        )  # fmt: skip
    return traces


def _by_hand(report: Report) -> list[Trace]:
    """The controls without training, each point with the numbers that the plane cannot show."""
    text = _("{control}, median of NLL_oracle {median:.3f}, distinct 4-grams {share:.1%}")
    traces = []
    for name in filter(report.controls.get, _BY_HAND):
        sweeps, look = report.controls[name], look_of(name)
        _t, xs, ys = zip(*mean_sweep(sweeps, "nll_test", "nll_oracle"), strict=True)
        at = [text.format(control=_changed(name, point), median=median, share=share)
              for point, (_t, median, share)
              in zip(sweeps[0].points, mean_sweep(sweeps, *_HIDDEN), strict=True)]  # fmt: skip
        traces.append(line(xs, ys, method_name(name), look.colour, dash=look.dash,
                           marker=look.symbol, hovertemplate=_HOVER, customdata=at))  # fmt: skip
    return traces


def _changed(name: str, point: FrontierPoint) -> str:
    """A control with its setting; the reference as it is."""
    by = f" ({_BY_HAND[name]} = {point.setting:g})" if name in _BY_HAND else ""
    return method_name(name) + by


def _walk(path: Sequence[Step], name: str, seeds: Mapping[int, Sequence[Step]]) -> list[Trace]:
    look, title = look_of(name), method_name(name)
    traces = []
    for steps in seeds.values() if len(seeds) > 1 else ():
        _updates, ys, xs = zip(*steps, strict=True)
        traces.append(
            line(xs, ys, title, fade(look.colour, 0.3), width=1, showlegend=False, hoverinfo="skip")
        )
    updates, ys, xs = zip(*path, strict=True)
    at = [ngettext("after {n} update", "after {n} updates", round(n)) for n in updates]
    return [
        *traces,
        line(xs, ys, title, look.colour, dash=look.dash, marker=look.symbol, hovertemplate=_HOVER,
             customdata=[f"{title} {when}" for when in at]),
    ]  # fmt: skip


def _levels(low: float, high: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The paper's numbers as lines, and their names, which cover neither each other nor a line."""
    place = {"xref": "paper", "xanchor": "right", "yanchor": "bottom"}
    dotted = {"color": NEUTRAL, "width": 1, "dash": "dot"}
    drawn = [value for value in sorted(NLL_ORACLE.values()) if value < high]
    notes, at, step = [], low, _LINE * (high - low)
    for name, value in sorted(NLL_ORACLE.items(), key=itemgetter(1)):
        at = max(at, value) if value < high else at
        while covered := [each for each in drawn if at < each < at + step]:
            at = covered[-1]
        arrow = "" if value < high else " ↑"
        notes.append(note(f"{method_name(name)} {value:.3f}{arrow}", 1, at, **place))
        at += step
    notes.append(note(_("in the paper:"), 1, at, **place))
    return [level(value, NEUTRAL) | {"line": dotted} for value in drawn], notes


# -- what it shows ---------------------------------------------------------------------------------


def _finding(report: Report, gaps: Sequence[Distance], mean: Sequence[Step] | None) -> str:
    """Whether a reward that ignores the data reaches the paper's number; else SeqGAN's place."""
    if mean and report.has_paper_oracle:
        seeds, paper = paths(report)[_CONTROL], NLL_ORACLE["seqgan"]
        reached = next((step for step in mean if step[1] <= paper), None)
        key = "finding.constant-reaches" if reached else "finding.constant-falls-short"
        updates, oracle, test = reached or min(mean, key=itemgetter(1))
        fields = {"updates": updates, "oracle": oracle, "test": test}
        return remark(key, paper=paper, n=len(seeds), **fields)
    if gaps:
        return _place(next((gap for gap in gaps if gap.curve == _CONTROL), gaps[0]))
    return _("NLL_oracle against NLL_test: how each method reaches its numbers")


def in_words(report: Report, gaps: Sequence[Distance]) -> list[str]:
    """Under the plane: where the reference lies to each curve and path, and what neither shows."""
    return [
        (_("{place}.") if gap.outside else _("{place}: {gap}.")).format(
            place=_place(gap), gap=interval(gap)
        )
        for gap in gaps
    ] + [_hidden(report, name) for name in ("mixture", report.reference) if name in report.controls]


def _hidden(report: Report, name: str) -> str:
    """How far the mean of NLL_oracle has moved, its median, and the variety."""
    mean, median, share = (
        [fmean(sweep.points[at].value(metric) for sweep in report.controls[of])
         for of, at in (("mixture", 0), (name, -(name == "mixture")))]
        for metric in ("nll_oracle", *_HIDDEN)
    )  # fmt: skip
    moved = [metric_of("nll_oracle").text(b - a, signed=True) for a, b in (mean, median)]
    mle = after_epochs(report.config.get("pretrain_epochs"))
    model = _changed(name, report.controls[name][0].points[-1])
    return remark("methods.by-hand", mle=mle, model=model, mean=moved[0],
                  median=moved[1], before=share[0], now=share[1])  # fmt: skip


def _place(gap: Distance) -> str:
    """Where a method lies to one of the curves, without a full stop."""
    if gap.curve != CURVE:
        rival = _("the {method} path").format(method=method_name(gap.curve))
        rival = method_name(gap.curve) if gap.curve in _BY_HAND else rival
    else:
        rival = _("{model} at a suitable temperature").format(model=after_epochs(gap.epochs))
    text = {
        "beyond": _("At equal NLL_oracle, {method} has a lower NLL_test than {rival}"),
        "along": _("At equal NLL_oracle, {method} has the same NLL_test as {rival}"),
        "behind": _("At equal NLL_oracle, {method} has a higher NLL_test than {rival}"),
        "undecided": _("At equal NLL_oracle, which of {method} and {rival} is better is not clear"),
    }[place_of(gap)]
    if gap.outside:
        text = _("{k} of {n} runs of {method} have an NLL_oracle that {rival} does not reach")
    return text.format(
        method=method_name(gap.strategy), rival=rival, k=gap.outside,
        n=gap.outside + len(gap.seeds),
    )  # fmt: skip
