"""The training lab's charts of a run on text: what it covers, and quality with diversity."""

from __future__ import annotations

from collections.abc import Sequence

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run import notices_text
from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, Curves, columns
from seqgan_core.figures.run.notices import HELD
from seqgan_core.figures.run.phases import bands, epochs, evaluations, focus
from seqgan_core.figures.style import (
    COMPARED,
    DASHES,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    level,
    line,
    note,
    zone,
)  # fmt: skip
from seqgan_core.messages import _

_SHARE = "%{y:.3f}"
_VARIETY = ("self_bleu", "distinct_2")
_MARKS = {"self_bleu": (NEUTRAL, "square", "dash"), "distinct_2": (COMPARED[2], "cross", "dot")}


def nll(curves: Curves, compared: Sequence[Curves] = (), *, height: int = 380) -> Figure:
    """NLL_test over the loss that MLE trains on, phases banded, MLE's best level dashed."""
    seeing = _(
        "NLL_test: how plausible G finds sequences that it has not seen; what it leaves out "
        "costs it here. Thin: the loss on those that it learns from; where the two part, it "
        "learns by heart. Neither looks at what G writes: for that see BLEU."
    )
    x, y = columns(curves.rows("generator", PRETRAIN), "epoch", "loss")
    test = evaluations(curves, "nll_test")
    if not x and not test[0]:
        return empty(_("The curves begin with the first update"), seeing, height=height)
    data: list[Trace] = [line(x, y, _("training loss"), fade(GENERATOR, 0.45), width=1.2)]
    for index, other in enumerate(compared):
        name = f"{other.name} · {metric_of('nll_test').title}"
        data.append(_other(other, "nll_test", name, index))
    data.append(line(*test, metric_of("nll_test").title, REAL, marker="diamond"))
    shapes, notes = bands(curves)
    best, switch = curves.best_mle("nll_test"), curves.switch
    if best is not None and switch is not None:
        shapes.append(level(best, REAL, x0=switch, x1=curves.horizon))
        text = _("MLE's best {best:.2f}").format(best=best)
        notes.append(note(text, curves.horizon, best, xanchor="right", yanchor="top", colour=REAL))
    return figure(
        data,
        finding=notices_text.nll(curves), seeing=seeing,
        x_title=epochs(), y_title=_("nats per token, lower is better"), height=height,
        shapes=shapes, notes=notes, x_range=(0, curves.horizon), y_range=focus(curves, data),
    )  # fmt: skip


def since_switch(curves: Curves, *, height: int = 380) -> Figure:
    """NLL_test as the difference from where MLE ended, so that a tenth of a nat can be seen."""
    seeing = _(
        "The change of NLL_test since MLE ended, always on the same held-out sequences. Below zero "
        "is better; in the shaded strip it counts as held."
    )
    lines = _changes(curves, ["nll_test"])
    if not lines:
        return empty(_("Waiting for the adversarial rounds"), seeing, height=height)
    values = lines[0]["y"]
    return figure(
        lines,
        finding=notices_text.since_switch(curves), seeing=seeing,
        x_title=_("adversarial rounds"), y_title=_("change in nats, lower is better"),
        height=height, shapes=[zone(0, HELD, REAL, 0.08), level(0, NEUTRAL)],
        x_range=_rounds(curves),
        y_range=(min(1.15 * min(values), -0.06), max(1.15 * max(values), 1.6 * HELD)),
    )  # fmt: skip


def bleu(curves: Curves, compared: Sequence[Curves] = (), *, height: int = 300) -> Figure:
    """BLEU against the held-out text, and self-BLEU on the same axis."""
    seeing = _(
        "BLEU: which share of G's phrases held-out sequences hold (quality). Self-BLEU: the same "
        "against its own other samples (1 is all alike), for one good one over and over has a "
        "fine BLEU. A BLEU is worth nothing without its ceiling: what real ones, and a mere bigram "
        "model, reach against the same."
    )
    if not any(evaluations(curves, name)[0] for name in curves.bleus):
        return empty(_("BLEU is measured with the evaluations"), seeing, height=height)
    data: list[Trace] = []
    for index, other in enumerate(compared):
        for metric in (*other.bleus[-1:], "self_bleu"):
            data.append(_other(other, metric, f"{other.name} · {metric_of(metric).title}", index))
    x, y = evaluations(curves, "self_bleu")
    colour, marker, dash = _MARKS["self_bleu"]
    alike = metric_of("self_bleu").title
    data.append(line(x, y, alike, colour, marker=marker, dash=dash, hover=_SHARE))
    data += [_quality(curves, name) for name in curves.bleus]
    shapes, notes = bands(curves, label=False)
    return figure(
        data,
        finding=notices_text.bleu(curves), seeing=seeing,
        x_title=epochs(), y_title=_("share of phrases, 0 to 1"), height=height,
        shapes=shapes, notes=notes, x_range=(0, curves.horizon), y_range=_up_to(data),
    )  # fmt: skip


def since_switch_bleu(curves: Curves, *, height: int = 300) -> Figure:
    """BLEU, self-BLEU and distinct-2 as differences from where MLE ended."""
    seeing = _(
        "Changes since MLE ended. BLEU that rises alone is a gain; where self-BLEU rises with it, "
        "or distinct-2 (the share of different pairs) falls, it is paid for in variety."
    )
    lines = _changes(curves, [*_VARIETY, *curves.bleus[-1:]])
    if not lines:
        return empty(_("Waiting for the adversarial rounds"), seeing, height=height)
    values = [value for trace in lines for value in trace["y"]]
    return figure(
        lines,
        finding=notices_text.since_switch_bleu(curves), seeing=seeing,
        x_title=_("adversarial rounds"), y_title=_("change of the share"),
        height=height, shapes=[level(0, NEUTRAL)], x_range=_rounds(curves),
        y_range=(1.15 * min(*values, -0.02), 1.15 * max(*values, 0.02)),
    )  # fmt: skip


def _quality(curves: Curves, metric: str) -> Trace:
    """BLEU of one order: the longest n-grams full, shorter ones faint."""
    last = metric == curves.bleus[-1]
    colour = GENERATOR if last else fade(GENERATOR, 0.55)
    marker = "circle" if last else "circle-open"
    x, y = evaluations(curves, metric)
    return line(x, y, metric_of(metric).title, colour, marker=marker, hover=_SHARE)


def _other(curves: Curves, metric: str, name: str, index: int) -> Trace:
    """A metric of a run that is compared, in a colour and a dash of its own."""
    colour, dash = COMPARED[index % len(COMPARED)], DASHES[index % len(DASHES)]
    x, y = evaluations(curves, metric)
    return line(x, y, name, colour, dash=dash, width=1.6)


def _changes(curves: Curves, metrics: Sequence[str]) -> list[Trace]:
    """Each metric less its value where MLE ended, over the rounds; none before there are any."""
    rounds, switch = curves.rows("evaluated", ADVERSARIAL), curves.switch
    changes = []
    for metric in metrics:
        start = curves.at_switch(metric)
        x, y = columns(rounds, "epoch", metric)
        if switch is None or start is None or not y:
            continue
        colour, marker, dash = _MARKS.get(metric, (GENERATOR, "circle", "solid"))
        if metric == "nll_test":
            colour, marker = REAL, "diamond"
        changes.append(
            line(
                [0, *(at - switch for at in x)], [0.0, *(value - start for value in y)],
                metric_of(metric).title, colour, marker=marker, dash=dash, hover="%{y:+.4f}",
            )
        )  # fmt: skip
    return changes


def _rounds(curves: Curves) -> tuple[float, float]:
    return 0, max(curves.horizon - (curves.switch or 0.0), 1)


def _up_to(data: Sequence[Trace]) -> tuple[float, float]:
    """From 0, so that a height is a share; to a little above the highest."""
    highest = max((value for trace in data for value in trace["y"] if value is not None), default=1)
    return 0.0, min(1.02, 1.12 * highest + 0.02)
