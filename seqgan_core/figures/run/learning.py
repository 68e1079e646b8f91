"""The charts of the training lab: one run as it learns.

`nll` and `since_switch` are for tasks with an oracle; `learning_text` has those of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seqgan_core.figures.run import notices
from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, PRETRAIN_D, Curves, columns
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
from seqgan_core.messages import _


def nll(curves: Curves, compared: Sequence[Curves] = (), *, height: int = 380) -> Figure:
    """NLL_oracle and NLL_test on one axis, phases banded, MLE's best level dashed.

    The loss that MLE trains on is drawn thin behind them: it is in the same unit, and it moves
    from the first second.
    """
    seeing = _(
        "NLL_oracle: how plausible the oracle finds what G writes (quality). NLL_test: how "
        "plausible G finds unseen real sequences (coverage). Quality alone can be bought by "
        "sharpening, so read both."
    )
    x, y = columns(curves.rows("generator", PRETRAIN), "epoch", "loss")
    oracle, test = evaluations(curves, "nll_oracle"), evaluations(curves, "nll_test")
    if not x and not oracle[0]:
        return empty(_("The curves begin with the first update"), seeing, height=height)
    data: list[Trace] = [line(x, y, _("training loss"), fade(GENERATOR, 0.45), width=1.2)]
    for index, other in enumerate(compared):
        colour, dash = COMPARED[index % len(COMPARED)], DASHES[index % len(DASHES)]
        for metric in ("nll_oracle", "nll_test"):
            name = f"{other.name} · {_METRIC_NAMES[metric]}"
            data.append(line(*evaluations(other, metric), name, colour, dash=dash, width=1.6))
    data.append(line(*test, _("NLL_test"), REAL, marker="diamond"))
    data.append(line(*oracle, _("NLL_oracle"), GENERATOR, marker="circle"))
    shapes, notes = bands(curves)
    best, switch = curves.best_mle(), curves.switch
    if best is not None and switch is not None:
        shapes.append(level(best, GENERATOR, x0=switch, x1=curves.horizon))
        text = _("MLE's best {best:.2f}").format(best=best)
        notes.append(
            note(text, curves.horizon, best, xanchor="right", yanchor="bottom", colour=GENERATOR)
        )
    return figure(
        data,
        finding=notices.nll(curves), seeing=seeing,
        x_title=epochs(), y_title=_("nats per token, lower is better"), height=height,
        shapes=shapes, notes=notes, x_range=(0, curves.horizon), y_range=focus(curves, data),
    )  # fmt: skip


def since_switch(curves: Curves, *, height: int = 380) -> Figure:
    """Both NLLs as differences from where MLE ended, so that a tenth of a nat can be seen."""
    rounds = curves.rows("evaluated", ADVERSARIAL)
    switch = curves.switch
    starts = {metric: curves.at_switch(metric) for metric in ("nll_oracle", "nll_test")}
    seeing = _(
        "The change of both NLLs since MLE ended. Below zero is better; in the shaded strip "
        "NLL_test counts as held; bars are ± one standard error of the evaluation."
    )
    if switch is None or starts["nll_oracle"] is None or not len(rounds):
        return empty(_("Waiting for the adversarial rounds"), seeing, height=height)
    data: list[Trace] = []
    marks = {"nll_test": (REAL, "diamond"), "nll_oracle": (GENERATOR, "circle")}
    for metric, (colour, marker) in marks.items():
        start = starts[metric]
        if start is None:
            continue
        x, y = columns(rounds, "epoch", metric)
        shifted = [0.0, *(value - start for value in y)]
        trace = line(
            [0, *(at - switch for at in x)],
            shifted,
            _METRIC_NAMES[metric],
            colour,
            marker=marker,
            hover="%{y:+.4f}",
        )
        if metric == "nll_oracle" and f"{metric}_se" in rounds:
            errors = numbers([0.0, *rounds[f"{metric}_se"]])
            trace["error_y"] = {"array": errors, "color": fade(colour, 0.4), "width": 0}
        data.append(trace)
    lowest = min(value for trace in data for value in trace["y"] if value is not None)
    highest = max(value for trace in data for value in trace["y"] if value is not None)
    return figure(
        data,
        finding=notices.since_switch(curves), seeing=seeing,
        x_title=_("adversarial rounds"), y_title=_("change in nats, lower is better"),
        height=height, shapes=[zone(0, notices.HELD, REAL, 0.08), level(0, NEUTRAL)],
        x_range=(0, max(curves.horizon - switch, 1)),
        y_range=(min(lowest * 1.15, -0.06), max(highest * 1.15, notices.HELD * 1.6)),
    )  # fmt: skip


def accuracy(curves: Curves, *, height: int = 270) -> Figure:
    """D's accuracy on fresh sequences and on its own batches, with the zones that matter."""
    seeing = _(
        "Share of sequences that D sorts into real and fake rightly. A gap between the lines "
        "is memory."
    )
    held, trained = evaluations(curves, "d_accuracy"), _reports(curves.discriminator, "accuracy")
    if not held[0] and not trained[0]:
        return empty(notices.accuracy(curves), seeing, height=height)
    low, high = notices.GUESSING
    pretraining = curves.phase == PRETRAIN_D  # takes no epoch: seen by its reports instead
    if pretraining:
        rows = curves.rows("discriminator", PRETRAIN_D)
        trained = (list(range(1, len(rows) + 1)), columns(rows, "accuracy")[0])
        held = ([], [])
    shapes, notes = ([], []) if pretraining else bands(curves, label=False)
    shapes += [zone(low, high, NEUTRAL, 0.14), zone(notices.TOO_STRONG, 1.0, REWARD, 0.12)]
    for text, y in ((_("guessing"), high), (_("too strong"), 1.0)):
        notes.append(note(text, 0.01, y, xref="paper", xanchor="left", yanchor="top"))
    return figure(
        [
            line(*trained, _("on its batches"), fade(DISCRIMINATOR, 0.6), dash="dot", width=1.4,
                 hover="%{y:.1%}"),
            line(*held, _("held-out"), DISCRIMINATOR, marker="square", hover="%{y:.1%}"),
        ],
        finding=notices.accuracy(curves), seeing=seeing,
        x_title=_("reports of D's pre-training") if pretraining else epochs(),
        y_title=_("accuracy, 0.5 is chance"), height=height, shapes=shapes, notes=notes,
        x_range=None if pretraining else (0, curves.horizon), y_range=(0.35, 1.02),
    )  # fmt: skip


def mean_q(curves: Curves, *, height: int = 270) -> Figure:
    """The mean of Q over sequences and positions, with one standard deviation around it."""
    seeing = _("What a token earns: the mean P(real) of the sentences that could still follow it.")
    x, spread, mean = columns(curves.generator, "epoch", "std_q", "mean_q")
    if not x:
        return empty(notices.mean_q(curves), seeing, height=height)
    x, mean, spread = _binned(x, mean, spread)
    low = [max(0.0, m - (s or 0.0)) for m, s in zip(mean, spread, strict=True)]
    high = [min(1.0, m + (s or 0.0)) for m, s in zip(mean, spread, strict=True)]
    shapes, notes = bands(curves, label=False)
    return figure(
        [
            ribbon(x, low, high, _("± one standard deviation"), REWARD),
            line(x, mean, _("mean Q"), REWARD, hover="%{y:.3f}"),
        ],
        finding=notices.mean_q(curves), seeing=seeing,
        x_title=epochs(), y_title=_("Q, 0 to 1, higher is better"), height=height, shapes=shapes,
        notes=notes, x_range=(0, curves.horizon), y_range=(0, max([*high, 0.6]) * 1.05),
    )  # fmt: skip


def entropy(curves: Curves, *, height: int = 240) -> Figure:
    """Nats per token of G's own choices: how spread out they are."""
    seeing = _("Falling entropy means sharper, less varied sentences; a collapse shows here first.")
    sampled, measured = _reports(curves.generator, "entropy"), evaluations(curves, "entropy")
    if not sampled[0] and not measured[0]:
        return empty(notices.entropy(curves), seeing, height=height)
    shapes, notes = bands(curves, label=False)
    data = [
        line(*sampled, _("in updates"), fade(GENERATOR, 0.5), dash="dot", width=1.3),
        line(*measured, _("at evaluations"), GENERATOR, marker="circle"),
    ]
    return figure(
        data,
        finding=notices.entropy(curves), seeing=seeing,
        x_title=epochs(), y_title=_("nats per token"), height=height, shapes=shapes, notes=notes,
        x_range=(0, curves.horizon), y_range=focus(curves, data),
    )  # fmt: skip


def grad_norm(curves: Curves, *, height: int = 240) -> Figure:
    """The norm of G's gradient before clipping, on a logarithmic axis."""
    seeing = _("Length of G's gradient before it is cut at the dashed level.")
    x, y = _reports(curves.generator, "grad_norm")
    if not x:
        return empty(notices.grad_norm(curves), seeing, height=height)
    shapes, notes = bands(curves, label=False)
    if curves.clip is not None:
        shapes.append(level(curves.clip, NEUTRAL))
    result = figure(
        [line(x, y, _("norm"), GENERATOR, width=1.5, hover="%{y:.3g}")],
        finding=notices.grad_norm(curves), seeing=seeing,
        x_title=epochs(), y_title=_("norm (log)"), height=height, shapes=shapes, notes=notes,
        x_range=(0, curves.horizon),
    )  # fmt: skip
    result["layout"]["yaxis"] |= {"type": "log", "dtick": 1}
    return result


_METRIC_NAMES = {"nll_oracle": "NLL_oracle", "nll_test": "NLL_test"}


def _reports(frame: Any, name: str) -> tuple[list[Any], list[Any]]:
    x, y = columns(frame, "epoch", name)
    return x, y


def _binned(x: list[Any], mean: list[Any], spread: list[Any], most: int = 150) -> Any:
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
