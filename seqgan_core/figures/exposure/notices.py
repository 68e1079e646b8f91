"""What to notice now in the figures of exposure bias: sentences computed from their numbers.

A difference is called one only where its 95% interval leaves 0 out.
"""

from __future__ import annotations

from collections.abc import Sequence

from seqgan_core.figures.exposure.labels import (
    Mean,
    PerturbationExcess,
    PrefixDivergence,
    Series,
    main_models,
)
from seqgan_core.messages import _


def nll(wrote: Sequence[Series], read: Sequence[Series]) -> str:
    """What better writing costs in reading, and whether the distance grows with the position.

    Nothing where writing cannot be judged: `wrote` is empty without an oracle.
    """
    if not wrote:
        return ""
    reads = {series.name: series for series in read}
    sentences = []
    for series in wrote:
        against = reads[series.name].versus
        if series.role == "model" and series.versus and against:
            sentences.append(_quality_and_coverage(series, series.versus, against))
    grows: dict[tuple[int, int], list[str]] = {}
    for series in main_models(wrote):
        ends = reads[series.name].ends
        if series.ends and ends:
            grows.setdefault((series.ends.growth.sign, ends.growth.sign), []).append(series.name)
    sentences.extend(_growing(names, *signs) for signs, names in grows.items())
    return " ".join(sentences)


def _growing(names: Sequence[str], writing: int, reading: int) -> str:
    words = {1: _("grows"), -1: _("shrinks"), 0: _("shows no clear growth")}
    text = _(
        "From position 2 to the last the distance from real data {writes} in writing and {reads} "
        "in reading ({names})"
    ).format(writes=words[writing], reads=words[reading], names=_(" and ").join(names))
    if reading > 0:  # with true prefixes given
        return text + _(": growth is not yet exposure bias.")
    return text + "."


def _quality_and_coverage(model: Series, wrote: Mean, reads: Mean) -> str:
    if wrote.sign < 0 and reads.sign > 0:
        verdict = _("writes better than MLE but reads worse: some of it is bought by leaving out")
    elif wrote.sign < 0:
        verdict = _("writes better than MLE without reading worse")
    elif wrote.sign > 0:
        verdict = _("writes worse than MLE")
    else:
        verdict = _("writes neither clearly better nor clearly worse than MLE")
    return _(
        "{name} {verdict} ({wrote} nats a token in writing, {reads} in reading; n = {n})."
    ).format(name=model.name, verdict=verdict, wrote=wrote, reads=reads, n=model.n)


def gap(models: Sequence[PrefixDivergence]) -> str:
    """Is there exposure bias, how much of the whole is it, and who has more."""
    sentences = [_bias(model) for model in main_models(models)]
    for model in models:
        if model.role == "model" and model.gap.versus and model.forced.versus:
            sentences.append(_against_mle(model.name, model.gap.versus, model.forced.versus))
    return " ".join(sentences)


def _bias(model: PrefixDivergence) -> str:
    gap, free = model.gap.overall, model.free.overall
    if gap.sign == 0:
        return _(
            "{name}: no exposure bias can be told from {n} sequences ({gap} nats a token, an "
            "interval that includes 0)."
        ).format(name=model.name, n=model.gap.n, gap=gap)
    if gap.sign < 0:
        return _(
            "{name} is nearer to the truth after its own beginnings than after real ones: {gap} "
            "nats a token. It writes beginnings that it can go on from."
        ).format(name=model.name, gap=gap)
    return _(
        "{name} is further from the truth after its own beginnings: {gap} nats a token. That is "
        "{share:.0%} of its distance there; the rest it has on true prefixes too, so it is not "
        "exposure bias but a model that is wrong."
    ).format(name=model.name, gap=gap, share=gap.value / free.value)


def _against_mle(name: str, gap: Mean, forced: Mean) -> str:
    if gap.sign == 0:
        text = _("Between {name} and MLE no difference in exposure bias can be told ({gap}).")
        return text.format(name=name, gap=gap)
    word = _("less") if gap.sign < 0 else _("more")
    text = _("{name} has {word} exposure bias than MLE ({gap}).").format(
        name=name, word=word, gap=gap
    )
    if gap.sign < 0 < forced.sign:
        text += " " + _(
            "It pays on true prefixes, where it is {forced} nats further from the truth than MLE."
        ).format(forced=forced)
    return text


def perturbation(models: Sequence[PerturbationExcess], n: int) -> str:
    """What a wound costs beyond the oracle's own excess, and whether the models differ in it."""
    sentences = []
    for model in main_models(models):
        cost = model.beyond.overall
        text = (
            _("{name} pays {cost} nats in all beyond the oracle (n = {n}).")
            if cost.sign
            else _("{name}: no cost beyond the oracle's can be told ({cost} nats in all, n = {n}).")
        )
        sentences.append(text.format(name=model.name, cost=cost, n=n))
    for model in models:
        versus = model.beyond.versus
        if model.role == "model" and versus is not None:
            sentences.append(_heals(model.name, versus))
    return " ".join(sentences)


def _heals(name: str, versus: Mean) -> str:
    if versus.sign == 0:
        return _(
            "Between {name} and MLE no difference can be told: {versus} nats, the same wounds and "
            "dice."
        ).format(name=name, versus=versus)
    word = _("less") if versus.sign < 0 else _("more")
    return _("{name} pays {word} than MLE: {versus} nats, the same wounds and dice.").format(
        name=name, word=word, versus=versus
    )
