"""What a comparison of text or tunes shows, each sentence with its numbers and their n."""

from __future__ import annotations

from seqgan_core.figures.methods.report import (
    Report,
    mean,
    method_name,
    row_of,
    seeds_text,
    untested,
)
from seqgan_core.figures.methods.text_plane import gap_to_curve
from seqgan_core.figures.methods.text_report import (
    baselines,
    compared_pair,
    difference,
    is_music,
    metric_of,
    real_data_name,
)
from seqgan_core.messages import _

ALPHA = 0.05


def findings(report: Report, metric: str) -> list[str]:
    """What to notice: is it better, is it better than counting, is it as varied, does it copy."""
    pair = compared_pair(report)
    if pair is None:
        return []
    method, reference = pair
    sentences = [_better(report, metric, method, reference), _counting(report, metric, method)]
    sentences += [
        _varied(report, method, reference),
        _curve(report, metric, method),
        _copies(report, method),
    ]
    if is_music(report):
        sentences += [
            _better(report, "mse", method, reference),
            _apart(report),
            _again(report, method),
        ]
    return [sentence for sentence in sentences if sentence]


def _better(report: Report, metric: str, method: str, reference: str) -> str:
    a, b = mean(report, method, metric), mean(report, reference, metric)
    if a is None or b is None:
        return ""
    title, digits = metric_of(metric).title, metric_of(metric).digits
    test = difference(report, metric, method, reference)
    if test is None:
        return _(
            "{one} has {title} {a} and {other} {b} ({n}). {why}"
        ).format(one=method_name(method), other=method_name(reference), title=title,
                 a=f"{a:.{digits}f}", b=f"{b:.{digits}f}", n=seeds_text(report),
                 why=untested(report)).strip()  # fmt: skip
    words = (
        _("{one} differs from {other} in {title} by {d} [{low}, {high}]")
        if test["p_holm"] < ALPHA
        else _("In {title}, {one} and {other} cannot be told apart: {d} "
               "[{low}, {high}]")
    )  # fmt: skip
    words = words.format(
        one=method_name(method), other=method_name(reference), title=title,
        d=f"{test['difference']:+.{digits}f}",
        low=f"{test['low']:+.{digits}f}", high=f"{test['high']:+.{digits}f}",
    )  # fmt: skip
    return words + _(", p = {p:.2g} (Welch, Holm; n = {n1} and {n2} runs).").format(
        p=test["p_holm"], n1=test["n_first"], n2=test["n_second"]
    )


def _counting(report: Report, metric: str, method: str) -> str:
    others, a = baselines(report, metric), mean(report, method, metric)
    if a is None or "bigram" not in others:
        return ""
    title, bigram = metric_of(metric).title, others["bigram"]
    words = (
        _("A bigram model, which knows two tokens at a time, reaches {title} {b:.3f}: as much or "
          "more, so this BLEU says nothing of longer thoughts.")
        if bigram >= a
        else _("A bigram model, which knows two tokens at a time, reaches {title} {b:.3f}.")
    )  # fmt: skip
    return words.format(title=title, b=bigram)


def _varied(report: Report, method: str, reference: str) -> str:
    a, b = mean(report, method, "self_bleu"), mean(report, reference, "self_bleu")
    if a is None or b is None:
        return ""
    test = difference(report, "self_bleu", method, reference)
    numbers = _("self-BLEU {a:.3f} against {b:.3f}").format(a=a, b=b)
    if test is None:
        return f"{method_name(method)}, {method_name(reference)}: {numbers} ({seeds_text(report)})."
    if test["p_holm"] >= ALPHA:
        words = _("In variety, {one} and {other} cannot be told apart: {numbers}, {p}.")
    elif a > b:
        words = _("{one} is less varied than {other}: {numbers}, {p}.")
    else:
        words = _("{one} is more varied than {other}: {numbers}, {p}.")
    p = _("p = {p:.2g} (Welch, Holm; n = {n1} and {n2} runs)").format(
        p=test["p_holm"], n1=test["n_first"], n2=test["n_second"]
    )
    return words.format(one=method_name(method), other=method_name(reference), numbers=numbers, p=p)


def _curve(report: Report, metric: str, method: str) -> str:
    gap = gap_to_curve(report, metric, method)
    if gap is None:
        return ""
    words = {
        1: _("MLE at the temperature where it is as varied has {title} {c:.3f}; {one}, with "
             "{a:.3f}, is above it: {interval} (n = {n})."),
        -1: _("MLE at the temperature where it is as varied has {title} {c:.3f}; {one}, with "
              "{a:.3f}, is below it: {interval} (n = {n})."),
        0: _("MLE at the temperature where it is as varied has {title} {c:.3f}, and {one} "
             "{a:.3f}: its runs cannot be told apart from that, {interval} (n = {n})."),
    }[gap.side]  # fmt: skip
    return words.format(
        title=metric_of(metric).title, c=gap.curve, one=method_name(method), a=gap.bleu,
        interval=gap.interval, n=gap.n,
    )  # fmt: skip


def _copies(report: Report, method: str) -> str:
    others, a = baselines(report, "copied"), mean(report, method, "copied")
    if a is None or "held out" not in others:
        return ""
    words = {
        1: _("{one}'s longest copied run is {a:.2f} tokens on average, longer than the {b:.2f} of "
             "{real}, held back (n = {n})."),
        -1: _("{one}'s longest copied run is {a:.2f} tokens on average, shorter than the {b:.2f} "
              "of {real}, held back (n = {n})."),
        0: _("{one}'s longest copied run is {a:.2f} tokens on average; from the {b:.2f} of "
             "{real}, held back, it cannot be told apart (n = {n})."),
    }[_side(report, method, "copied", others["held out"])]  # fmt: skip
    return words.format(
        one=method_name(method),
        a=a,
        b=others["held out"],
        real=real_data_name(report),
        n=_runs(report, method),
    )


def _apart(report: Report) -> str:
    real = baselines(report, "mse").get("held out")
    if real is None:
        return ""
    return _(
        "Real tunes, held back, have an MSE of {mse:.2f} to the nearest other one: below that, a "
        "model is nearer to them than they are to each other, which is no merit."
    ).format(mse=real)


def _again(report: Report, method: str) -> str:
    real, a = baselines(report, "repeated").get("held out"), mean(report, method, "repeated")
    if real is None or a is None:
        return ""
    words = {
        1: _("Of {one}'s patterns {a:.1%} come again in the same tune, more than the {b:.1%} of "
             "real tunes, held back (n = {n})."),
        -1: _("Of {one}'s patterns {a:.1%} come again in the same tune, less than the {b:.1%} of "
              "real tunes, held back (n = {n})."),
        0: _("Of {one}'s patterns {a:.1%} come again in the same tune; from the {b:.1%} of real "
             "tunes, held back, that cannot be told apart (n = {n})."),
    }[_side(report, method, "repeated", real)]  # fmt: skip
    return words.format(one=method_name(method), a=a, b=real, n=_runs(report, method))


def _side(report: Report, method: str, metric: str, level: float) -> int:
    """Where a method's runs lie beside a level: 1 above, -1 below, 0 if their interval holds it."""
    row = row_of(report, method)
    assert row is not None
    low, high = row["summary"][metric]["low"], row["summary"][metric]["high"]
    return 0 if low is None or high is None else (low > level) - (high < level)


def _runs(report: Report, method: str) -> int:
    row = row_of(report, method)
    assert row is not None
    return len(row["results"])
