"""What to notice now in the figures of exposure bias: sentences computed from their numbers.

A difference is called one only where its 95% interval leaves 0 out.
"""

from __future__ import annotations

from collections.abc import Sequence

from seqgan_core.figures.exposure_words import Ends, Hurt, Mean, Parted, Series, chosen
from seqgan_core.figures.words import _


def nll(wrote: Sequence[Series], read: Sequence[Series]) -> str:
    """Whether the distance grows with the position, and what better writing costs in reading.

    Nothing where writing cannot be judged: `wrote` is empty without an oracle.
    """
    if not wrote:
        return ""
    said = []
    for name in [one.name for one in chosen(wrote)]:
        writes, reads = (next(one for one in many if one.name == name) for many in (wrote, read))
        if writes.ends and reads.ends:
            said.append(_growing(name, writes.ends, reads.ends))
    if any(one.ends and one.ends.growth.sign > 0 for one in chosen(read)):
        said.append(
            _(
                "With true prefixes given the distance grows as well, so a growing distance is "
                "not yet exposure bias."
            )
        )
    for writes, reads in zip(wrote, read, strict=True):
        if writes.role == "model" and writes.versus and reads.versus:
            said.append(_quality_and_coverage(writes.name, writes.versus, reads.versus))
    return " ".join(said)


def _growing(name: str, writes: Ends, reads: Ends) -> str:
    words = {1: _("it grows"), -1: _("it shrinks"), 0: _("no growth can be told")}
    return _(
        "{name} is {early} nats from real data at position 2 in writing and {late} at the end "
        "({grows}); in reading {read_early} and {read_late} ({read_grows})."
    ).format(
        name=name,
        early=writes.early,
        late=writes.late,
        grows=words[writes.growth.sign],
        read_early=reads.early,
        read_late=reads.late,
        read_grows=words[reads.growth.sign],
    )


def _quality_and_coverage(name: str, wrote: Mean, reads: Mean) -> str:
    if wrote.sign < 0 and reads.sign > 0:
        verdict = _("it writes better and reads worse, so some of it is bought by leaving out")
    elif wrote.sign < 0:
        verdict = _("it writes better without reading worse")
    elif wrote.sign > 0:
        verdict = _("it writes worse")
    else:
        verdict = _("no difference in writing can be told")
    return _(
        "Against MLE, {name} is {wrote} nats a token in writing and {reads} in reading: {verdict}."
    ).format(name=name, wrote=wrote, reads=reads, verdict=verdict)


def gap(models: Sequence[Parted]) -> str:
    """Is there exposure bias, how much of the whole is it, and who has more."""
    said = [_bias(model) for model in chosen(models)]
    for model in models:
        if model.role == "model" and model.gap.versus and model.forced.versus:
            said.append(_against_mle(model.name, model.gap.versus, model.forced.versus))
    return " ".join(said)


def _bias(model: Parted) -> str:
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


def wound(models: Sequence[Hurt], n: int) -> str:
    """What a wound costs beyond the oracle's own excess, and whether the models differ in it."""
    said = []
    for model in chosen(models):
        cost = model.beyond.overall
        text = (
            _("{name} pays {cost} nats in all beyond the oracle (n = {n}).")
            if cost.sign
            else _("{name}: no cost beyond the oracle's can be told ({cost} nats in all, n = {n}).")
        )
        said.append(text.format(name=model.name, cost=cost, n=n))
    for model in models:
        versus = model.beyond.versus
        if model.role == "model" and versus is not None:
            said.append(_heals(model.name, versus))
    return " ".join(said)


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
