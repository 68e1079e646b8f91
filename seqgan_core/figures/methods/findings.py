"""What a comparison shows, in sentences computed from it; and the command that makes it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from seqgan_core.figures.methods.frontier_gaps import Gap, gap_of, interval, side, single
from seqgan_core.figures.methods.report import (
    METRICS,
    UNTRAINED,
    Report,
    difference,
    mean,
    method_name,
    p_text,
    ranked,
    real_level,
    strategies,
    trained,
)
from seqgan_core.figures.methods.significance import ALPHA
from seqgan_core.figures.settings import Difference, assignments
from seqgan_core.messages import _

FAR = 0.25  # nats of NLL_test above MLE's from which it is called a collapse here
CONTROL = "constant_reward"

Finding = tuple[str, str]  # a lead, and what follows it


def findings(report: Report, gaps: Sequence[Gap], size: str) -> list[Finding]:
    """What this comparison shows, and what it does not.

    Args:
        report: a comparison.
        gaps: distances to MLE's curve.
        size: what it was made at, such as "V = 50, T = 10".
    """
    if len(trained(report)) < 2 or mean(report, trained(report)[0], "nll_oracle") is None:
        return []
    sentences = [
        (_("One number alone."), _one_number(report)),
        (_("A collapse looks like a win."), _collapsed(report)),
        (_("SeqGAN against MLE."), _against(report, "seqgan", "mle")),
        (_("A lower temperature."), _temperature(gaps)),
        (_("The control."), _control(report)),
        (_("How far it carries."), _carries(report, size)),
    ]
    return [(lead, text) for lead, text in sentences if text]


def collapsed(report: Report) -> list[str]:
    """The methods with a lower NLL_oracle than MLE's and an NLL_test far above it."""
    oracle, test = (mean(report, "mle", metric) for metric in ("nll_oracle", "nll_test"))
    if oracle is None or test is None:
        return []
    return [
        strategy
        for strategy in trained(report)
        if (mean(report, strategy, "nll_oracle") or 0.0) < oracle
        and (mean(report, strategy, "nll_test") or 0.0) > test + FAR
    ]


def _one_number(report: Report) -> str:
    first, second = ranked(report, "nll_oracle", trained(report))[:2]
    text = _("By NLL_oracle {first} comes first with {a:.3f}, then {second} with {b:.3f}").format(
        first=method_name(first),
        second=method_name(second),
        a=mean(report, first, "nll_oracle"),
        b=mean(report, second, "nll_oracle"),
    )
    by_test = ranked(report, "nll_test", trained(report))
    place = by_test.index(first) + 1
    real = real_level(report, "nll_oracle")
    if real is not None:
        text += _(" (real data: {real:.3f})").format(real=real)
    if place == 1:
        return text + ". " + _("By NLL_test it comes first too.")
    return (
        text
        + ". "
        + _(
            "By NLL_test it is number {place} of {n}, and {best} comes first with {value:.3f}."
        ).format(
            place=place,
            n=len(by_test),
            best=method_name(by_test[0]),
            value=mean(report, by_test[0], "nll_test"),
        )
    )


def _collapsed(report: Report) -> str:
    sentences = []
    for strategy in collapsed(report):
        test, mle = mean(report, strategy, "nll_test"), mean(report, "mle", "nll_test")
        assert test is not None
        assert mle is not None
        text = _(
            "{method} writes what the oracle likes and leaves the rest out: its NLL_test is "
            "{test:.3f}, {more:.2f} nats above MLE's"
        ).format(method=method_name(strategy), test=test, more=test - mle)
        sentences.append(text + _alike(report, strategy) + ".")
    if not sentences:
        return ""
    rule = _(
        "(The rule here: an NLL_oracle below MLE's with an NLL_test more than {far} nats above.)"
    )
    return " ".join([*sentences, rule.format(far=FAR)])


def _alike(report: Report, strategy: str) -> str:
    own, real = mean(report, strategy, "self_bleu"), real_level(report, "self_bleu")
    if own is None or real is None:
        return ""
    return _(", and its samples are alike (self-BLEU-3 {own:.2f}, real data {real:.2f})").format(
        own=own, real=real
    )


def _against(report: Report, first: str, second: str) -> str:
    """Both numbers of two methods with what a test over runs says of each."""
    pairs = [_pair(report, first, second, metric) for metric in ("nll_oracle", "nll_test")]
    if None in pairs:
        return ""
    (quality, quality_text), (coverage, coverage_text) = [pair for pair in pairs if pair]
    return f"{quality_text}; {coverage_text}. {_verdict(first, second, quality, coverage)}"


def _pair(report: Report, first: str, second: str, metric: str) -> tuple[int | None, str] | None:
    """Its sign where a test tells it (0: cannot be told, None: no test), and the words."""
    a, b = mean(report, first, metric), mean(report, second, metric)
    if a is None or b is None:
        return None
    text = f"{METRICS[metric].title} {a:.3f} / {b:.3f} ({a - b:+.3f}"
    test = difference(report, first, second, metric, "run")
    if test is None:
        return None, f"{text})"
    holm = p_text(test["p_holm"]).replace("p", _("p (Holm)"), 1)
    text += f"; {holm}, n = {test['n_first']}, {test['n_second']})"
    return (0 if test["p_holm"] >= ALPHA else 1 if a > b else -1), text


def _verdict(first: str, second: str, quality: int | None, coverage: int | None) -> str:
    names = {"first": method_name(first), "second": method_name(second)}
    if quality is None or coverage is None:
        text = _(
            "Without a test over runs nothing can be said of the methods, only of these models."
        )
    elif quality < 0 < coverage:
        text = _("{first} writes better and covers less: the quality is paid for.")
    elif quality < 0 and coverage < 0:
        text = _("{first} is better in both.")
    elif quality < 0:
        text = _("{first} writes better, and no loss of coverage can be told from these seeds.")
    elif quality == 0 and coverage > 0:
        text = _("No gain in quality can be told from these seeds, and coverage is lost.")
    elif quality == 0 and coverage == 0:
        text = _("From these seeds the two cannot be told apart: {first} does not win here.")
    elif quality > 0:
        text = _("{first} writes worse than {second}: it does not win here.")
    else:
        text = _("{first} covers more; in quality the two cannot be told apart.")
    return text.format(**names)


def _temperature(gaps: Sequence[Gap]) -> str:
    gap = gap_of(gaps, "seqgan")
    if gap is None:
        return ""
    where = (
        single(gap)
        or {
            1: _("MLE at a lower temperature writes as well and covers more"),
            -1: _("No temperature of MLE does this: SeqGAN does more than sharpen"),
            0: _("So far as these seeds tell, MLE at a lower temperature does as well"),
        }[side(gap)]
    )
    return _(
        "SeqGAN's NLL_test against that of MLE turned to the same NLL_oracle: {gap}. {where}."
    ).format(gap=interval(gap), where=where)


def _control(report: Report) -> str:
    """The reward that knows nothing, against SeqGAN: is it D that did it?"""
    pairs = [_pair(report, CONTROL, "seqgan", metric) for metric in ("nll_oracle", "nll_test")]
    if None in pairs:
        return ""
    (quality, quality_text), (coverage, coverage_text) = [pair for pair in pairs if pair]
    text = _("A constant reward knows nothing of the data. Beside SeqGAN: {both}. ").format(
        both=f"{quality_text}; {coverage_text}"
    )
    if quality is None or coverage is None:
        return text + _("Without a test over runs it cannot be said which of them does better.")
    if quality > 0 and coverage > 0:
        return text + _("It is worse in both: D's score does teach something.")
    if quality <= 0 and coverage <= 0:
        return text + _(
            "It does as well, so far as these seeds tell: what SeqGAN gains here need not come "
            "from D."
        )
    if quality > 0:
        return text + _("It writes worse; in coverage it does as well.")
    return text + _("It writes as well, and covers less.")


def _carries(report: Report, size: str) -> str:
    seeds = max(len(row["results"]) for row in report["rows"])
    seed_words = _("{n} seeds").format(n=seeds) if seeds > 1 else _("one seed")
    text = _(
        "All of it at {size}: one oracle, one set of settings, {seeds}. Another size may order the "
        "methods otherwise."
    ).format(size=size, seeds=seed_words)
    return " ".join(filter(None, [text, _budget(report)]))


def _budget(report: Report) -> str:
    took = _("Seconds a run: {each}.").format(each=", ".join(_seconds(report)))
    budget = report["about"].get("budget")
    if budget == "seconds":
        text = _("Quicker methods were trained on until they had had the seconds of {who}.")
        return text.format(who=method_name(report["reference"])) + " " + took
    if budget == "updates":
        return _("Every method had as many generator updates.") + " " + took
    return took


def _seconds(report: Report) -> list[str]:
    return [
        f"{method_name(row['strategy'])} {fmean(run['seconds'] for run in row['results']):.0f}"
        for row in report["rows"]
        if row["strategy"] != UNTRAINED
    ]


def command(report: Report, default: Mapping[str, Any], out: str = "") -> str:
    """The command that makes this comparison.

    Args:
        report: a comparison.
        default: what the command takes when it is not told: preset, seeds, samples, strategies.
        out: the file that it is kept in.
    """
    about = report["about"]
    words = ["python", "-m", "seqgan_core", "compare"]
    options = {
        "strategies": ",".join(about.get("strategies") or strategies(report)),
        "preset": about.get("preset"),
        "seeds": about.get("seeds"),
        "samples": report["samples"],
        "budget": about.get("budget"),
        "reference": report["reference"],
    }
    for option, value in options.items():
        if value is not None and value != default.get(option):
            words += [f"--{option}", str(value)]
    changes = [Difference(key, None, value) for key, value in about.get("changes", {}).items()]
    for assignment in assignments(changes):
        words += ["--set", assignment]
    return shlex.join([*words, *(["--out", out] if out else [])])
