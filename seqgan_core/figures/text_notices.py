"""What a comparison of text shows, sentence by sentence, each with its numbers and their n."""

from __future__ import annotations

from seqgan_core.figures.methods import Found, mean, name, seeds_words, untested
from seqgan_core.figures.text_plane import above
from seqgan_core.figures.text_report import beside, difference, first_and_second, metric_of
from seqgan_core.figures.words import _

ALPHA = 0.05


def shows(found: Found, metric: str) -> list[str]:
    """What to notice: is it better, is it better than counting, is it as varied, does it copy."""
    pair = first_and_second(found)
    if pair is None:
        return []
    one, other = pair
    said = [_better(found, metric, one, other), _counting(found, metric, one)]
    said += [_varied(found, one, other), _curve(found, metric, one), _copies(found, one)]
    return [sentence for sentence in said if sentence]


def _better(found: Found, metric: str, one: str, other: str) -> str:
    a, b = mean(found, one, metric), mean(found, other, metric)
    if a is None or b is None:
        return ""
    title = metric_of(metric).title
    test = difference(found, metric, one, other)
    if test is None:
        return _(
            "{one} has {title} {a:.3f} and {other} {b:.3f} ({n}). {why}"
        ).format(one=name(one), other=name(other), title=title, a=a, b=b,
                 n=seeds_words(found), why=untested(found)).strip()  # fmt: skip
    words = (
        _("{one} differs from {other} in {title} by {d:+.3f} [{low:+.3f}, {high:+.3f}]")
        if test["p_holm"] < ALPHA
        else _("In {title}, {one} and {other} cannot be told apart: {d:+.3f} "
               "[{low:+.3f}, {high:+.3f}]")
    )  # fmt: skip
    words = words.format(
        one=name(one), other=name(other), title=title, d=test["difference"],
        low=test["low"], high=test["high"],
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
    words = (
        _("{one} is less varied than {other}: self-BLEU {a:.3f} against {b:.3f}.")
        if a > b
        else _("{one} is no less varied than {other}: self-BLEU {a:.3f} against {b:.3f}.")
    )
    return words.format(one=name(one), other=name(other), a=a, b=b)


def _curve(found: Found, metric: str, one: str) -> str:
    at = above(found, metric, one)
    if at is None:
        return ""
    words = (
        _("MLE at the temperature where it is as varied has {title} {c:.3f}; {one}, with {a:.3f}, "
          "is above it.")
        if at.bleu > at.curve
        else _("MLE at the temperature where it is as varied has {title} {c:.3f}: {one}, with "
               "{a:.3f}, does no better than that.")
    )  # fmt: skip
    return words.format(title=metric_of(metric).title, c=at.curve, one=name(one), a=at.bleu)


def _copies(found: Found, one: str) -> str:
    others, a = beside(found, "copied"), mean(found, one, "copied")
    if a is None or "held out" not in others:
        return ""
    words = (
        _("{one}'s longest copied run is {a:.2f} tokens on average, longer than the {b:.2f} of "
          "real held-out text.")
        if a > others["held out"]
        else _("{one}'s longest copied run is {a:.2f} tokens on average, no longer than the "
               "{b:.2f} of real held-out text.")
    )  # fmt: skip
    return words.format(one=name(one), a=a, b=others["held out"])
