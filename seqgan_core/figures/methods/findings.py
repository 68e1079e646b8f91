"""What a comparison shows, in sentences computed from it; and the command that makes it."""

import math
import shlex
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from seqgan_core.figures.methods.gaps import gap_of, interval, verdict
from seqgan_core.figures.methods.names import (
    CONTROLS,
    UNTRAINED,
    levels,
    main_pair,
    method_name,
    ranked,
    real_level,
    seeds_text,
    trained,
    with_interval,
)
from seqgan_core.figures.methods.pairs import against, numbers
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.settings import Difference as Change
from seqgan_core.figures.settings import assignments
from seqgan_core.judge.report import Distance, Report
from seqgan_core.judge.verdict import COLLAPSED
from seqgan_core.messages import _, ngettext, remark

Finding = tuple[str, str]  # a lead, and the sentences that follow it


def findings(report: Report, gaps: Sequence[Distance], size: str) -> list[Finding]:
    """What this comparison, made at a size such as "V = 50, T = 10", shows, and what it does not.

    `gaps` are the distances from MLE's curve, of the main pair of metrics.
    """
    quality, second = main_pair(report)
    if sum(math.isfinite(report.mean(name, quality)) for name in trained(report)) < 2:
        return []
    found = [
        (_("One metric alone."), _ranks(report, quality, second)),
        (_("Collapse."), _collapses(report)),
        (_("SeqGAN against MLE."), against(report, "seqgan", "mle")),
        (_("Temperature."), _temperature(gaps)),
        *(
            (
                _("{control} against SeqGAN.").format(control=method_name(control)),
                against(report, control, "seqgan", control=True),
            )
            for control in CONTROLS
        ),
        (_("n-gram models."), _n_grams(report, quality)),
        (_("Copies."), _compared_with_real(report, "copied")),
        (_("MSE."), _mse(report)),
        (_("Repetition."), _compared_with_real(report, "repeated")),
        (_("Scope."), _scope(report, size)),
    ]
    return [(lead, text) for lead, text in found if text]


def collapsed(report: Report) -> list[str]:
    """The methods whose intervals lie below MLE's NLL_oracle and far above its NLL_test."""
    oracle, test = (report.mean("mle", metric) for metric in ("nll_oracle", "nll_test"))
    return [
        strategy
        for strategy in trained(report)
        if _side(report, strategy, "nll_oracle", oracle) < 0
        and _side(report, strategy, "nll_test", test + COLLAPSED) > 0
    ]


def first_by_each(report: Report) -> str:
    """Under the main figures: whether the two metrics agree on the best method."""
    names = trained(report)
    quality, second = main_pair(report)
    if sum(math.isfinite(report.mean(name, quality)) for name in names) < 2:
        return ""
    best, other = (ranked(report, metric, names)[0] for metric in (quality, second))
    titles = {"quality": metric_of(quality).title, "second": metric_of(second).title}
    key = "methods.best-by-both" if best == other else "methods.best-by-one"
    return remark(key, best=method_name(best), other=method_name(other), **titles)


def beyond_real(report: Report) -> str:
    """Under the main figures: the methods whose samples are more probable than real data."""
    real = real_level(report, "nll_oracle")
    below = [s for s in trained(report) if real and _side(report, s, "nll_oracle", real) < 0]
    if not below:
        return ""
    return remark("methods.beyond-real", methods=", ".join(map(method_name, below)))


def distances_in_words(gaps: Sequence[Distance], reference: str) -> list[str]:
    """Under the plane: each method's distance from MLE's curve, the reference first."""
    sentences = []
    for gap in sorted(gaps, key=lambda gap: gap.strategy != reference):
        if gap.strategy == UNTRAINED:  # nobody expects it there
            continue
        if gap.summary is not None:
            sentences.append(
                _("{method}: {gap}. {verdict}").format(
                    method=method_name(gap.strategy), gap=interval(gap), verdict=_verdict(gap)
                )
            )
        if gap.outside:
            sentences.append(
                remark(
                    "methods.outside", method=method_name(gap.strategy), x=metric_of(gap.x).title,
                    k=gap.outside, n=gap.outside + len(gap.seeds),
                )
            )  # fmt: skip
    return sentences


def _side(report: Report, strategy: str, metric: str, level: float) -> int:
    """1 if a method's interval lies above the level, -1 if below; of a single run its value."""
    row = report.row(strategy)
    if row is None or metric not in row.summary:
        return 0
    summary = row.summary[metric]
    return summary.side(level) if summary.n > 1 else (
        (summary.mean > level) - (summary.mean < level)
    )  # fmt: skip


# -- sentences -------------------------------------------------------------------------------------


def _ranks(report: Report, quality: str, second: str) -> str:
    names = trained(report)
    what, other = metric_of(quality), metric_of(second)
    first, next_best = ranked(report, quality, names)[:2]
    by_second = ranked(report, second, names)
    place = by_second.index(first) + 1
    return remark(
        "methods.first-by-both" if place == 1 else "methods.first-by-one",
        quality=what.title, second=other.title, first=method_name(first),
        next_best=method_name(next_best), a=what.text(report.mean(first, quality)),
        b=what.text(report.mean(next_best, quality)), real=what.text(real_level(report, quality)),
        place=place, n=len(names), best=method_name(by_second[0]),
        value=other.text(report.mean(by_second[0], second)),
    )  # fmt: skip


def _collapses(report: Report) -> str:
    sentences = []
    for strategy in collapsed(report):
        test, real = report.mean(strategy, "nll_test"), real_level(report, "self_bleu")
        alike = report.mean(strategy, "self_bleu")
        unknown = real is None or math.isnan(alike)
        sentences.append(
            remark(
                "methods.collapse" if unknown else "methods.collapse-alike",
                method=method_name(strategy), test=test, alike=alike, real=real,
                more=test - report.mean("mle", "nll_test"),
            )
        )  # fmt: skip
    if sentences:
        sentences.append(remark("methods.collapse-rule", most=COLLAPSED))
    return " ".join(sentences)


def _temperature(gaps: Sequence[Distance]) -> str:
    gap = gap_of(gaps, "seqgan")
    if gap is None:
        return ""
    x, y = metric_of(gap.x).title, metric_of(gap.y).title
    return remark("methods.temperature", x=x, y=y, gap=interval(gap), verdict=_verdict(gap))


def _verdict(gap: Distance) -> str:
    if gap.outside:
        return remark("methods.gap-outside")
    if gap.summary is not None and gap.summary.n == 1:
        return _("One seed cannot tell which is better.")
    return {
        1: _("None of the temperatures takes MLE there: the method does more than sharpen."),
        -1: _("MLE at a suitable temperature is better."),
        0: _("No difference from MLE at a suitable temperature is found."),
    }[verdict(gap)]


def _n_grams(report: Report, metric: str) -> str:
    bigram, row = levels(report, metric).get("bigram"), report.row("seqgan")
    if bigram is None or row is None or metric not in row.summary:
        return ""
    what, summary = metric_of(metric), row.summary[metric]
    place = {1: "below", 0: "alike", -1: "above"}[summary.side(bigram)]
    return remark(
        f"methods.bigram-{place if summary.n > 1 else 'once'}",
        metric=what.title, value=what.text(bigram), seqgan=with_interval(what, summary),
    )  # fmt: skip


def _compared_with_real(report: Report, metric: str) -> str:
    """SeqGAN's mean of a metric that is best near that of held-out data."""
    row, real = report.row("seqgan"), levels(report, metric).get("held out")
    if row is None or real is None or metric not in row.summary:
        return ""
    what, summary = metric_of(metric), row.summary[metric]
    text = {
        1: _("{metric}: SeqGAN {value}, above held-out real data at {real} ({n})."),
        -1: _("{metric}: SeqGAN {value}, below held-out real data at {real} ({n})."),
        0: _("{metric}: SeqGAN {value}, held-out real data {real}; no difference is found ({n}).")
        if summary.n > 1
        else _("{metric}: SeqGAN {value}, held-out real data {real}; one seed cannot tell."),
    }[summary.side(real)]
    return text.format(
        metric=", ".join(filter(None, [what.title, what.unit])),
        value=with_interval(what, summary), real=what.text(real),
        n=ngettext("n = {n} seed", "n = {n} seeds", summary.n),
    )  # fmt: skip


def _mse(report: Report) -> str:
    real = levels(report, "mse").get("held out")
    if real is None or not {"seqgan", "mle"} <= set(report.strategies):
        return ""
    both = numbers(report, "seqgan", "mle", "mse")
    return remark("methods.mse", numbers=both, real=metric_of("mse").text(real))


def _scope(report: Report, size: str) -> str:
    text = remark("methods.scope", size=size, n=seeds_text(report))
    budget = {
        "seconds": remark("methods.budget-seconds", reference=method_name(report.reference)),
        "updates": _("Every method had the same number of generator updates."),
    }.get(report.about.budget or "", "")
    seconds = _("Seconds per run: {each}.").format(
        each=", ".join(
            f"{method_name(row.strategy)} {fmean(run.seconds for run in row.results):.0f}"
            for row in report.rows
            if row.strategy != UNTRAINED
        )
    )
    return " ".join(filter(None, [text, budget, seconds]))


def command(report: Report, default: Mapping[str, Any], out: str = "") -> str:
    """The command that makes this comparison; `default` holds its options' own defaults."""
    about = report.about
    words = ["python", "-m", "seqgan_core", "compare"]
    options = {
        "strategies": ",".join(about.strategies or report.strategies),
        "preset": about.preset,
        "seeds": about.seeds_option,
        "samples": report.samples,
        "budget": about.budget,
        "reference": report.reference,
    }
    for option, value in options.items():
        if value is not None and value != default.get(option):
            words += [f"--{option}", str(value)]
    changes = [Change(name, None, value) for name, value in about.changes.items()]
    for assignment in assignments(changes):
        words += ["--set", assignment]
    return shlex.join([*words, *(["--out", out] if out else [])])
