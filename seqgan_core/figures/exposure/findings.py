"""The sentences about exposure bias, computed from the numbers: titles of figures, and notices.

A difference is called one only where its 95% interval leaves 0 out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from seqgan_core.messages import N_, _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.exposure.summary import PerturbationExcess, PrefixDivergence, Series
    from seqgan_core.insight.statistics import Mean

_M = TypeVar("_M", bound="Series | PrefixDivergence | PerturbationExcess")


def main_models(models: Sequence[_M]) -> list[_M]:
    """The two in the sentences: MLE and the chosen model; an added run where one is missing."""
    own = [model for model in models if model.role in ("mle", "model")]
    return [*own, *(model for model in models if model.role == "other")][:2]


# -- titles of figures -----------------------------------------------------------------------------


def writing(models: Sequence[Series]) -> str:
    """How far above real data the samples are."""
    return _("Samples compared with real data, nats per token: {list}").format(list=_above(models))


def reading(models: Sequence[Series]) -> str:
    """How much higher the NLL of real data is than the oracle's."""
    if models[0].above is None:
        return _("NLL of real data by position")
    return _("NLL of real data above the oracle's, nats per token: {list}").format(
        list=_above(models)
    )


def _above(models: Sequence[Series]) -> str:
    return "; ".join(f"{model.name} {model.above}" for model in main_models(models))


def forced_and_free(models: Sequence[PrefixDivergence]) -> str:
    """How much of the divergence is there on real prefixes already."""
    pairs = (
        f"{m.name} {unsigned(m.forced.overall)} / {unsigned(m.free.overall)}"
        for m in main_models(models)
    )
    return _("Real / own prefixes, nats (n = {n}): {pairs}").format(
        n=models[0].free.n, pairs="; ".join(pairs)
    )


_GAP = {
    1: N_("{name} {gap} (worse)"),
    -1: N_("{name} {gap} (better)"),
    0: N_("{name} {gap} (not significant)"),
}


def gap(models: Sequence[PrefixDivergence]) -> str:
    """Exposure bias, in one number a model and the word for it."""
    items = (
        _(_GAP[m.gap.overall.sign]).format(name=m.name, gap=m.gap.overall)
        for m in main_models(models)
    )
    return _("Own minus real prefixes, nats: {list}").format(list="; ".join(items))


def excess(reference: Series, models: Sequence[PerturbationExcess]) -> str:
    """The total cost of the perturbation."""
    costs = "; ".join(f"{model.name} {model.excess.overall}" for model in main_models(models))
    return _("Total cost of the perturbation, nats: {costs}; oracle {own}").format(
        costs=costs, own=reference.overall
    )


def beyond(models: Sequence[PerturbationExcess]) -> str:
    """From which position on the perturbation cannot be measured any more."""
    items = (
        _("{name} not by position {at}").format(name=model.name, at=model.last)
        if model.recovered is None
        else _("{name} from position {at}").format(name=model.name, at=model.recovered)
        for model in main_models(models)
    )
    return _("Recovered, no longer clearly above the oracle (n = {n}): {list}").format(
        n=models[0].beyond.n, list="; ".join(items)
    )


# -- what to notice --------------------------------------------------------------------------------

_WRITING = {
    1: N_("NLL_oracle: the distance from real data grows with the position ({names})."),
    -1: N_("NLL_oracle: the distance from real data shrinks with the position ({names})."),
    0: N_("NLL_oracle: the distance from real data does not clearly grow ({names})."),
}
_READING = {
    1: N_("NLL_test: the distance from the oracle grows too, although the prefixes are real "
          "({names}), so growth alone is not exposure bias."),
    -1: N_("NLL_test: the distance from the oracle shrinks with the position ({names})."),
    0: N_("NLL_test: the distance from the oracle does not clearly grow ({names})."),
}  # fmt: skip


def nll(wrote: Sequence[Series], read: Sequence[Series]) -> list[str]:
    """What better samples cost in NLL_test, and whether the distance grows with the position.

    Nothing without an oracle, where `wrote` is empty; `read` are the same models.
    """
    reads = {series.name: series for series in read}
    sentences = [
        _quality_and_coverage(series, series.versus, against)
        for series in wrote
        if series.role == "model" and series.versus and (against := reads[series.name].versus)
    ]
    main = main_models(wrote)
    for texts, models in ((_WRITING, main), (_READING, [reads[s.name] for s in main])):
        by_sign: dict[int, list[str]] = {}
        for series in models:
            if series.ends:
                by_sign.setdefault(series.ends.growth.sign, []).append(series.name)
        sentences += [_(texts[s]).format(names=", ".join(n)) for s, n in by_sign.items()]
    return sentences


def _quality_and_coverage(model: Series, wrote: Mean, reads: Mean) -> str:
    if wrote.sign < 0 and reads.sign > 0:
        key = "finding.better-by-leaving-out"
    elif wrote.sign < 0 and reads.sign < 0:
        key = "finding.both-better"
    elif wrote.sign < 0:
        key = "finding.nll-oracle-better"
    elif wrote.sign > 0:
        key = "finding.nll-oracle-worse"
    else:
        key = "finding.nll-oracle-unclear"
    return remark(key, name=model.name, wrote=wrote, reads=reads, n=model.n)


def prefixes(models: Sequence[PrefixDivergence]) -> list[str]:
    """Whether there is exposure bias, how much of the whole it is, and which model has more."""
    sentences = [_bias(model) for model in main_models(models)]
    for model in main_models(models):
        if model.role == "model" and model.gap.versus and model.forced.versus:
            sentences.append(_against_mle(model.name, model.gap.versus, model.forced.versus))
    return sentences


def _bias(model: PrefixDivergence) -> str:
    gap, free = model.gap.overall, model.free.overall
    if gap.sign == 0:
        key = "finding.no-bias"
    elif gap.sign < 0:
        key = "finding.closer"
    else:
        key = "finding.bias"
    return remark(key, name=model.name, n=model.gap.n, gap=gap, share=gap.value / free.value)


def _against_mle(name: str, gap: Mean, forced: Mean) -> str:
    if gap.sign == 0:
        key = "finding.bias-as-mle"
    elif gap.sign > 0:
        key = "finding.bias-above-mle"
    elif forced.sign > 0:
        key = "finding.bias-for-quality"
    else:
        key = "finding.bias-below-mle"
    return remark(key, name=name, gap=gap, forced=forced)


def perturbation(models: Sequence[PerturbationExcess]) -> list[str]:
    """What a perturbation costs beyond the oracle's own excess, and whether the models differ."""
    sentences = []
    for model in main_models(models):
        cost = model.beyond.overall
        text = (
            _("{name}: {cost} nats in total beyond the oracle (n = {n}).")
            if cost.sign
            else _("{name}: no measurable cost beyond the oracle ({cost} nats in total, n = {n}).")
        )
        sentences.append(text.format(name=model.name, cost=cost, n=model.beyond.n))
    for model in main_models(models):
        versus = model.beyond.versus
        if model.role == "model" and versus is not None:
            key = {-1: "finding.loses-less", 0: "finding.loses-alike", 1: "finding.loses-more"}
            sentences.append(remark(key[versus.sign], name=model.name, versus=versus))
    return sentences


def unsigned(mean: Mean) -> str:
    """A mean that is not a difference: without the plus."""
    return str(mean).lstrip("+")
