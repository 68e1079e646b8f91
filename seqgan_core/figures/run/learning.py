"""The charts of the training lab: one run as it learns, on an oracle, on text or on tunes."""

from collections.abc import Callable, Sequence
from typing import Any

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run import findings
from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, PRETRAIN_D, Curves, columns
from seqgan_core.figures.run.drift import beyond_temperature
from seqgan_core.figures.run.phases import bands, epochs, evaluations, focus
from seqgan_core.figures.style import (
    COMPARED,
    DASHES,
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    REWARD,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    level,
    line,
    note,
    numbers,
    ribbon,
    zone,
)  # fmt: skip
from seqgan_core.judge.verdict import CLEAR, LAST
from seqgan_core.messages import _, remark

_LOOKS = {  # colour, marker, dash; BLEU has the last
    "nll_test": (REAL, "diamond", "solid"),
    "nll_oracle": (GENERATOR, "circle", "solid"),
    "self_bleu": (NEUTRAL, "square", "dash"),
    "distinct_2": (COMPARED[2], "cross", "dot"),
    "bleu": (GENERATOR, "circle", "solid"),
}
_SHARE = "%{y:.3f}"


def nll(curves: Curves, compared: Sequence[Curves] = ()) -> Figure:
    """The NLLs on one axis, phases banded, the level that MLE reached dashed.

    The loss that MLE trains on is drawn thin behind them: it is in the same unit, and it moves
    from the first second.
    """
    seeing = remark("seeing.nll" if curves.has_oracle else "seeing.nll-of-text")
    metrics, judge = _nlls(curves), curves.judge
    x, y = columns(curves.rows("generator", PRETRAIN), "epoch", "loss")
    if not x and not evaluations(curves, judge)[0]:
        return empty(_("The curves begin with the first update"), seeing, height=380)
    data: list[Trace] = [line(x, y, _("training loss"), fade(GENERATOR, 0.45), width=1.2)]
    data += _others(compared, _nlls)
    data += [_measured(curves, metric) for metric in metrics]
    shapes, notes = bands(curves)
    end, switch, colour = curves.at_switch(judge), curves.switch, _LOOKS[judge][0]
    if end is not None and switch is not None:
        shapes.append(level(end, colour, x0=switch, x1=curves.horizon))
        text, side = _("MLE ended at {end:.2f}"), "bottom" if curves.has_oracle else "top"
        notes.append(note(text.format(end=end), curves.horizon, end, xanchor="right",
                          yanchor=side, colour=colour))  # fmt: skip
    return figure(
        data,
        finding=findings.nll(curves), seeing=seeing,
        x_title=epochs(), y_title=_("nats per token, lower is better"), height=380,
        shapes=shapes, notes=notes, x_range=(0, curves.horizon), y_range=focus(curves, data),
    )  # fmt: skip


def since_switch(curves: Curves) -> Figure:
    """The NLLs as differences from where MLE ended, so that a tenth of a nat can be seen."""
    key = "seeing.changes" if curves.has_oracle else "seeing.changes-of-text"
    seeing = remark(key, last=LAST, clear=CLEAR)
    metrics = _nlls(curves)
    return _changes(
        curves, metrics, metrics[::-1], seeing, height=380,
        y_title=_("change in nats per token, lower is better"), room=(-0.06, 0.08),
        more=_by_temperature(curves),
    )  # fmt: skip


def _by_temperature(curves: Curves) -> list[Trace]:
    """What MLE's temperature curve has in place of each round's NLL_test, since MLE ended."""
    distances, switch = beyond_temperature(curves), curves.switch
    start = curves.at_switch("nll_test")
    if not distances or switch is None or start is None:
        return []
    rounds = curves.rows("evaluated", ADVERSARIAL)
    pairs = zip(rounds["nll_test"], distances, strict=True)
    y = [None if gap is None else test - gap - start for test, gap in pairs]
    x = [at - switch for at in rounds["epoch"]]
    name = _("NLL_test of MLE, by temperature")
    return [line(x, y, name, fade(REAL, 0.7), dash="dot", width=1.6, hover="%{y:+.4f}")]


def bleu(curves: Curves, compared: Sequence[Curves] = ()) -> Figure:
    """BLEU against held-out data, with self-BLEU on the same axis."""
    seeing = remark("seeing.bleu")
    if not any(evaluations(curves, name)[0] for name in curves.bleus):
        return empty(_("BLEU is measured at each evaluation"), seeing, height=300)
    data = _others(compared, _longest)
    data += [_measured(curves, metric, hover=_SHARE) for metric in ("self_bleu", *curves.bleus)]
    highest = max((value for trace in data for value in trace["y"] if value is not None), default=1)
    shapes, notes = bands(curves, label=False)
    return figure(
        data,
        finding=findings.bleu(curves), seeing=seeing,
        x_title=epochs(), y_title=_("share of n-grams, 0 to 1"), height=300,
        shapes=shapes, notes=notes, x_range=(0, curves.horizon),
        y_range=(0.0, min(1.02, 1.12 * highest + 0.02)),  # from 0, so that a height is a share
    )  # fmt: skip


def since_switch_bleu(curves: Curves) -> Figure:
    """BLEU, self-BLEU and distinct-2 as differences from where MLE ended."""
    seeing = remark("seeing.changes-of-bleu")
    return _changes(
        curves, ["self_bleu", "distinct_2", *curves.bleus[-1:]], _longest(curves), seeing,
        height=300, y_title=_("change of the share"), room=(-0.023, 0.023),
    )  # fmt: skip


def accuracy(curves: Curves) -> Figure:
    """D's accuracy on held-out sequences and on its own batches, with the zones that matter."""
    seeing = remark("seeing.accuracy")
    held = evaluations(curves, "d_accuracy")
    x, y = columns(curves.discriminator, "epoch", "accuracy")
    if not held[0] and not x:
        return empty(findings.accuracy(curves), seeing, height=270)
    low, high = findings.GUESSING
    pretraining = curves.phase == PRETRAIN_D  # takes no epoch: seen by its reports instead
    if pretraining:
        rows = curves.rows("discriminator", PRETRAIN_D)
        x, y, held = list(range(1, len(rows) + 1)), columns(rows, "accuracy")[0], ([], [])
    shapes, notes = ([], []) if pretraining else bands(curves, label=False)
    shapes += [zone(low, high, NEUTRAL, 0.14), zone(findings.TOO_STRONG, 1.0, REWARD, 0.12)]
    for text, top in ((_("guessing"), high), (_("too strong"), 1.0)):
        notes.append(note(text, 0.01, top, xref="paper", xanchor="left", yanchor="top"))
    return figure(
        [
            line(x, y, _("on its batches"), fade(DISCRIMINATOR, 0.6), dash="dot", width=1.4,
                 hover="%{y:.1%}"),
            line(*held, _("held-out"), DISCRIMINATOR, marker="square", hover="%{y:.1%}"),
        ],
        finding=findings.accuracy(curves), seeing=seeing,
        x_title=_("reports of D's pre-training") if pretraining else epochs(),
        y_title=_("accuracy, 0.5 is chance"), height=270, shapes=shapes, notes=notes,
        x_range=None if pretraining else (0, curves.horizon), y_range=(0.35, 1.02),
    )  # fmt: skip


def mean_q(curves: Curves) -> Figure:
    """The mean of Q over sequences and positions, with one standard deviation around it."""
    seeing = _("The reward of a token: the mean score of the sequences that complete it.")
    x, spread, mean = columns(curves.generator, "epoch", "std_q", "mean_q")
    if not x:
        return empty(findings.mean_q(curves), seeing, height=270)
    x, mean, spread = binned(x, mean, spread)
    low = [max(0.0, m - (s or 0.0)) for m, s in zip(mean, spread, strict=True)]
    high = [min(1.0, m + (s or 0.0)) for m, s in zip(mean, spread, strict=True)]
    data = [
        ribbon(x, low, high, _("± one standard deviation"), REWARD),
        line(x, mean, _("mean Q"), REWARD, hover="%{y:.3f}"),
    ]
    return over_epochs(
        curves, data, findings.mean_q(curves), seeing, _("Q, 0 to 1, higher is better"), 270,
        y_range=(0, max([*high, 0.6]) * 1.05),
    )  # fmt: skip


def entropy(curves: Curves) -> Figure:
    """Nats per token of G's own choices: how spread out they are."""
    seeing = _("Falling entropy means sharper, less diverse samples; a collapse shows here first.")
    x, y = columns(curves.generator, "epoch", "entropy")
    measured = evaluations(curves, "entropy")
    if not x and not measured[0]:
        return empty(findings.entropy(curves), seeing, height=240)
    data = [
        line(x, y, _("in updates"), fade(GENERATOR, 0.5), dash="dot", width=1.3),
        line(*measured, _("at evaluations"), GENERATOR, marker="circle"),
    ]
    return over_epochs(
        curves, data, findings.entropy(curves), seeing, _("nats per token"), 240,
        y_range=focus(curves, data),
    )  # fmt: skip


def grad_norm(curves: Curves) -> Figure:
    """The norm of G's gradient before clipping, on a logarithmic axis."""
    seeing = _("Norm of G's gradient before it is clipped at the dashed level.")
    x, y = columns(curves.generator, "epoch", "grad_norm")
    if not x:
        return empty(findings.grad_norm(curves), seeing, height=240)
    data = [line(x, y, _("norm"), GENERATOR, width=1.5, hover="%{y:.3g}")]
    clip = [] if curves.clip is None else [level(curves.clip, NEUTRAL)]
    return over_epochs(
        curves, data, findings.grad_norm(curves), seeing, _("norm (log)"), 240,
        levels=clip, y_axis={"type": "log", "dtick": 1},
    )  # fmt: skip


def _nlls(curves: Curves) -> list[str]:
    return ["nll_test", "nll_oracle"] if curves.has_oracle else ["nll_test"]


def _longest(curves: Curves) -> list[str]:
    """BLEU of the longest n-grams, never without self-BLEU."""
    return [*curves.bleus[-1:], "self_bleu"]


def _measured(curves: Curves, metric: str, hover: str = "%{y:.4f}") -> Trace:
    """A metric at each evaluation; BLEU of shorter n-grams is faint."""
    colour, marker, dash = _LOOKS.get(metric, _LOOKS["bleu"])
    if metric in curves.bleus[:-1]:
        colour, marker = fade(colour, 0.55), f"{marker}-open"
    x, y = evaluations(curves, metric)
    return line(x, y, metric_of(metric).title, colour, marker=marker, dash=dash, hover=hover)


def _others(
    compared: Sequence[Curves], metrics_of: Callable[[Curves], Sequence[str]]
) -> list[Trace]:
    """Metrics of the runs to compare with, each run in its own colour and dash."""
    return [
        line(
            *evaluations(other, metric), f"{other.name} · {metric_of(metric).title}",
            COMPARED[index % len(COMPARED)], dash=DASHES[index % len(DASHES)], width=1.6,
        )
        for index, other in enumerate(compared)
        for metric in metrics_of(other)
    ]  # fmt: skip


def _changes(
    curves: Curves, metrics: Sequence[str], named: Sequence[str], seeing: str, *, height: int,
    y_title: str, room: tuple[float, float], more: Sequence[Trace] = (),
) -> Figure:  # fmt: skip
    """Metrics less their values where MLE ended, over the rounds; `named` are in the title.

    `room` is the least that the vertical range holds, `more` is drawn with them.
    """
    rounds, switch = curves.rows("evaluated", ADVERSARIAL), curves.switch
    data: list[Trace] = []
    for metric in metrics:
        start = curves.at_switch(metric)
        x, y = columns(rounds, "epoch", metric)
        if switch is None or start is None or not y:
            continue
        colour, marker, dash = _LOOKS.get(metric, _LOOKS["bleu"])
        trace = line(
            [0, *(at - switch for at in x)], [0.0, *(value - start for value in y)],
            metric_of(metric).title, colour, marker=marker, dash=dash, hover="%{y:+.4f}",
        )  # fmt: skip
        if f"{metric}_se" in rounds and metric == "nll_oracle":
            errors = numbers([0.0, *rounds[f"{metric}_se"]])
            trace["error_y"] = {"array": errors, "color": fade(colour, 0.4), "width": 0}
        data.append(trace)
    data += more
    if not data or switch is None:
        return empty(_("Waiting for adversarial training"), seeing, height=height)
    values = [value for trace in data for value in trace["y"] if value is not None]
    return figure(
        data,
        finding=findings.since_switch(curves, named), seeing=seeing,
        x_title=_("adversarial epochs"), y_title=y_title, height=height,
        shapes=[level(0, NEUTRAL)], x_range=(0, max(curves.horizon - switch, 1)),
        y_range=(min(1.15 * min(values), room[0]), max(1.15 * max(values), room[1])),
    )  # fmt: skip


def over_epochs(
    curves: Curves, data: list[Trace], finding: str, seeing: str, y_title: str, height: int,
    *, levels: Sequence[dict[str, Any]] = (), **layout: Any,
) -> Figure:  # fmt: skip
    """Traces over the whole run, its phases banded."""
    shapes, notes = bands(curves, label=False)
    return figure(
        data, finding=finding, seeing=seeing, x_title=epochs(), y_title=y_title, height=height,
        shapes=[*shapes, *levels], notes=notes, x_range=(0, curves.horizon), **layout,
    )  # fmt: skip


def binned(x: list[Any], mean: list[Any], spread: list[Any], most: int = 150) -> Any:
    """Neighbouring updates averaged, so that a ribbon of thousands stays readable."""
    if len(x) <= most:
        return x, mean, spread
    size = -(-len(x) // most)
    cuts = range(0, len(x), size)

    def average(values: list[Any]) -> list[float]:
        return [
            sum(v or 0.0 for v in values[i : i + size]) / len(values[i : i + size]) for i in cuts
        ]

    return average(x), average(mean), average(spread)
