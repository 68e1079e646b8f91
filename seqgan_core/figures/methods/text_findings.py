"""What a comparison of text or tunes shows, each sentence with its numbers and their n."""

from __future__ import annotations

from seqgan_core.figures.i18n import _
from seqgan_core.figures.methods.report import Found, mean, name, row_of, seeds_words, untested
from seqgan_core.figures.methods.text_plane import above
from seqgan_core.figures.methods.text_report import (
    beside,
    difference,
    first_and_second,
    metric_of,
    of_tunes,
    real_words,
)

ALPHA = 0.05


def shows(found: Found, metric: str) -> list[str]:
    """What to notice: is it better, is it better than counting, is it as varied, does it copy."""
    pair = first_and_second(found)
    if pair is None:
        return []
    one, other = pair
    said = [_better(found, metric, one, other), _counting(found, metric, one)]
    said += [_varied(found, one, other), _curve(found, metric, one), _copies(found, one)]
    if of_tunes(found):
        said += [_better(found, "mse", one, other), _apart(found), _again(found, one)]
    return [sentence for sentence in said if sentence]


def _better(found: Found, metric: str, one: str, other: str) -> str:
    a, b = mean(found, one, metric), mean(found, other, metric)
    if a is None or b is None:
        return ""
    title, digits = metric_of(metric).title, metric_of(metric).digits
    test = difference(found, metric, one, other)
    if test is None:
        return _(
            "{one} has {title} {a} and {other} {b} ({n}). {why}"
        ).format(one=name(one), other=name(other), title=title, a=f"{a:.{digits}f}",
                 b=f"{b:.{digits}f}", n=seeds_words(found),
                 why=untested(found)).strip()  # fmt: skip
    words = (
        _("{one} differs from {other} in {title} by {d} [{low}, {high}]")
        if test["p_holm"] < ALPHA
        else _("In {title}, {one} and {other} cannot be told apart: {d} "
               "[{low}, {high}]")
    )  # fmt: skip
    words = words.format(
        one=name(one), other=name(other), title=title, d=f"{test['difference']:+.{digits}f}",
        low=f"{test['low']:+.{digits}f}", high=f"{test['high']:+.{digits}f}",
    )  # fmt: skip
    return words + _(", p = {p:.2g} (Welch, Holm; n = {n1} and {n2} runs).").format(
        p=test["p_holm"], n1=test["n_first"], n2=test["n_second"]
    )


def _counting(found: Found, metric: str, one: str) -> str:
    others, a = beside(found, metric), mean(found, one, metric)
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


def _varied(found: Found, one: str, other: str) -> str:
    a, b = mean(found, one, "self_bleu"), mean(found, other, "self_bleu")
    if a is None or b is None:
        return ""
    test = difference(found, "self_bleu", one, other)
    numbers = _("self-BLEU {a:.3f} against {b:.3f}").format(a=a, b=b)
    if test is None:
        return f"{name(one)}, {name(other)}: {numbers} ({seeds_words(found)})."
    if test["p_holm"] >= ALPHA:
        words = _("In variety, {one} and {other} cannot be told apart: {numbers}, {p}.")
    elif a > b:
        words = _("{one} is less varied than {other}: {numbers}, {p}.")
    else:
        words = _("{one} is more varied than {other}: {numbers}, {p}.")
    p = _("p = {p:.2g} (Welch, Holm; n = {n1} and {n2} runs)").format(
        p=test["p_holm"], n1=test["n_first"], n2=test["n_second"]
    )
    return words.format(one=name(one), other=name(other), numbers=numbers, p=p)


def _curve(found: Found, metric: str, one: str) -> str:
    at = above(found, metric, one)
    if at is None:
        return ""
    words = {
        1: _("MLE at the temperature where it is as varied has {title} {c:.3f}; {one}, with "
             "{a:.3f}, is above it: {interval} (n = {n})."),
        -1: _("MLE at the temperature where it is as varied has {title} {c:.3f}; {one}, with "
              "{a:.3f}, is below it: {interval} (n = {n})."),
        0: _("MLE at the temperature where it is as varied has {title} {c:.3f}, and {one} "
             "{a:.3f}: its runs cannot be told apart from that, {interval} (n = {n})."),
    }[at.side]  # fmt: skip
    return words.format(
        title=metric_of(metric).title, c=at.curve, one=name(one), a=at.bleu, interval=at.interval,
        n=at.n,
    )  # fmt: skip


def _copies(found: Found, one: str) -> str:
    others, a = beside(found, "copied"), mean(found, one, "copied")
    if a is None or "held out" not in others:
        return ""
    words = {
        1: _("{one}'s longest copied run is {a:.2f} tokens on average, longer than the {b:.2f} of "
             "{real}, held back (n = {n})."),
        -1: _("{one}'s longest copied run is {a:.2f} tokens on average, shorter than the {b:.2f} "
              "of {real}, held back (n = {n})."),
        0: _("{one}'s longest copied run is {a:.2f} tokens on average; from the {b:.2f} of "
             "{real}, held back, it cannot be told apart (n = {n})."),
    }[_side(found, one, "copied", others["held out"])]  # fmt: skip
    return words.format(
        one=name(one), a=a, b=others["held out"], real=real_words(found), n=_runs(found, one)
    )


def _apart(found: Found) -> str:
    real = beside(found, "mse").get("held out")
    if real is None:
        return ""
    return _(
        "Real tunes, held back, have an MSE of {mse:.2f} to the nearest other one: below that, a "
        "model is nearer to them than they are to each other, which is no merit."
    ).format(mse=real)


def _again(found: Found, one: str) -> str:
    real, a = beside(found, "repeated").get("held out"), mean(found, one, "repeated")
    if real is None or a is None:
        return ""
    words = {
        1: _("Of {one}'s patterns {a:.1%} come again in the same tune, more than the {b:.1%} of "
             "real tunes, held back (n = {n})."),
        -1: _("Of {one}'s patterns {a:.1%} come again in the same tune, less than the {b:.1%} of "
              "real tunes, held back (n = {n})."),
        0: _("Of {one}'s patterns {a:.1%} come again in the same tune; from the {b:.1%} of real "
             "tunes, held back, that cannot be told apart (n = {n})."),
    }[_side(found, one, "repeated", real)]  # fmt: skip
    return words.format(one=name(one), a=a, b=real, n=_runs(found, one))


def _side(found: Found, one: str, metric: str, level: float) -> int:
    """Where a method's runs lie beside a level: 1 above, -1 below, 0 if their interval holds it."""
    row = row_of(found, one)
    assert row is not None
    low, high = row["summary"][metric]["low"], row["summary"][metric]["high"]
    return 0 if low is None or high is None else (low > level) - (high < level)


def _runs(found: Found, one: str) -> int:
    row = row_of(found, one)
    assert row is not None
    return len(row["results"])
