"""The sentences about exposure bias, computed from the numbers: titles of figures, and notices.

A difference is called one only where its 95% interval leaves 0 out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from seqgan_core.messages import N_, _

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

    Args:
        wrote: empty without an oracle, and then there is nothing to say.
        read: the same models.
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
        text = _("{name} has a better NLL_oracle than MLE but a worse NLL_test: part of the "
                 "gain comes from leaving things out (difference in nats per token: NLL_oracle "
                 "{wrote}, NLL_test {reads}; n = {n}).")  # fmt: skip
    elif wrote.sign < 0 and reads.sign < 0:
        text = _("{name} has a better NLL_oracle and a better NLL_test than MLE (difference in "
                 "nats per token: NLL_oracle {wrote}, NLL_test {reads}; n = {n}).")  # fmt: skip
    elif wrote.sign < 0:
        text = _("{name} has a better NLL_oracle than MLE; in NLL_test no difference is found "
                 "(difference in nats per token: NLL_oracle {wrote}, NLL_test {reads}; "
                 "n = {n}).")  # fmt: skip
    elif wrote.sign > 0:
        text = _("{name} has a worse NLL_oracle than MLE (difference in nats per token: "
                 "NLL_oracle {wrote}, NLL_test {reads}; n = {n}).")  # fmt: skip
    else:
        text = _("The NLL_oracle of {name} is neither clearly better nor clearly worse than "
                 "MLE's (difference in nats per token: NLL_oracle {wrote}, NLL_test {reads}; "
                 "n = {n}).")  # fmt: skip
    return text.format(name=model.name, wrote=wrote, reads=reads, n=model.n)


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
        text = _("{name}: no exposure bias is measurable with {n} sequences ({gap} nats per "
                 "token; the interval includes 0).")  # fmt: skip
    elif gap.sign < 0:
        text = _("{name} is closer to the oracle after its own prefixes than after real ones "
                 "({gap} nats per token): it generates prefixes that it can continue.")  # fmt: skip
    else:
        text = _("{name} is further from the oracle after its own prefixes: {gap} nats per "
                 "token, {share:.0%} of its distance there. The rest exists on real prefixes "
                 "too, so it is model error, not exposure bias.")  # fmt: skip
    return text.format(name=model.name, n=model.gap.n, gap=gap, share=gap.value / free.value)


def _against_mle(name: str, gap: Mean, forced: Mean) -> str:
    if gap.sign == 0:
        text = _("{name} and MLE do not differ measurably in exposure bias ({gap}).")
    elif gap.sign > 0:
        text = _("{name} has more exposure bias than MLE ({gap}).")
    elif forced.sign > 0:
        text = _("{name} has less exposure bias than MLE ({gap}), but on real prefixes it is "
                 "{forced} nats further from the oracle than MLE.")  # fmt: skip
    else:
        text = _("{name} has less exposure bias than MLE ({gap}).")
    return text.format(name=name, gap=gap, forced=forced)


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
            text = {
                -1: _("{name} loses less than MLE: {versus} nats, with the same perturbations and "
                      "random numbers."),
                0: _("{name} and MLE do not differ measurably: {versus} nats, with the same "
                     "perturbations and random numbers."),
                1: _("{name} loses more than MLE: {versus} nats, with the same perturbations and "
                     "random numbers."),
            }[versus.sign]  # fmt: skip
            sentences.append(text.format(name=model.name, versus=versus))
    return sentences


def unsigned(mean: Mean) -> str:
    """A mean that is not a difference: without the plus."""
    return str(mean).lstrip("+")
