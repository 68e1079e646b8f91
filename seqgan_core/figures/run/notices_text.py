"""What to notice now in a run on text, which no oracle judges: one sentence for each chart."""

from __future__ import annotations

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run.curves import ADVERSARIAL, Curves
from seqgan_core.figures.run.notices import CLEAR, HELD
from seqgan_core.messages import _

STEADY = 0.01  # a BLEU, or a self-BLEU, that moves by less counts as held


def nll(curves: Curves) -> str:
    """How well G knows the held-out text: MLE at its best, and what the rounds do to it."""
    now = curves.latest("nll_test")
    if now is None:
        return _("The first evaluation is on its way")
    if str(curves.evaluated["phase"].iloc[-1]) != ADVERSARIAL:
        return _mle(curves, now)
    start = curves.at_switch("nll_test")
    if start is None:
        return _("NLL_test is {now:.2f}").format(now=now)
    words = _coverage(now - start)
    return words.format(now=now, start=start, gap=abs(now - start))


def since_switch(curves: Curves) -> str:
    """What the rounds did to coverage, in nats."""
    now, start = curves.latest("nll_test"), curves.at_switch("nll_test")
    if curves.switch is None or now is None or start is None:
        return _("Waiting for the adversarial rounds")
    return _("Since the switch: NLL_test {change:+.3f} nats").format(change=now - start)


def bleu(curves: Curves) -> str:
    """Quality with diversity beside it, and what the rounds did to both."""
    name = curves.bleus[-1] if curves.bleus else ""
    quality, alike = curves.latest(name), curves.latest("self_bleu")
    if quality is None or alike is None:
        return _("BLEU is measured with the evaluations")
    numbers = {"name": metric_of(name).title, "quality": quality, "alike": alike}
    before = curves.at_switch(name), curves.at_switch("self_bleu")
    in_rounds = str(curves.evaluated["phase"].iloc[-1]) == ADVERSARIAL
    if not in_rounds or before[0] is None or before[1] is None:
        return _("{name} is {quality:.3f}, with a self-BLEU of {alike:.3f}").format(**numbers)
    gained, nearer = quality - before[0], alike - before[1]
    return _bought(gained, nearer).format(gained=gained, nearer=nearer, **numbers)


def since_switch_bleu(curves: Curves) -> str:
    """The changes of quality and diversity since MLE ended, as numbers."""
    name = curves.bleus[-1] if curves.bleus else ""
    numbers = {}
    for key, metric in (("quality", name), ("alike", "self_bleu")):
        now, start = curves.latest(metric), curves.at_switch(metric)
        if curves.switch is None or now is None or start is None:
            return _("Waiting for the adversarial rounds")
        numbers[key] = now - start
    return _("Since the switch: {name} {quality:+.3f}, self-BLEU {alike:+.3f}").format(
        name=metric_of(name).title, **numbers
    )


def _mle(curves: Curves, now: float) -> str:
    values = curves.mle("nll_test")
    if len(values) < 2:
        return _("NLL_test starts at {now:.2f}").format(now=now)
    best = float(values.min())
    epoch = float(curves.evaluated["epoch"].loc[values.index[int(values.argmin())]])
    if now - best > CLEAR:
        return _(
            "MLE learns by heart: NLL_test was best at epoch {epoch:g} ({best:.2f}) and is "
            "{now:.2f} now"
        ).format(epoch=epoch, best=best, now=now)
    if len(values) >= 3 and float(values.iloc[-3]) - now < CLEAR:
        return _("MLE stalls near {now:.2f} on sequences that it has not seen").format(now=now)
    return _("MLE brings NLL_test from {first:.2f} down to {now:.2f}").format(
        first=float(values.iloc[0]), now=now
    )


def _coverage(change: float) -> str:
    if change > HELD:
        return _("The rounds lose coverage: NLL_test rose {gap:.2f} since MLE ended, to {now:.2f}")
    if change < -HELD:
        return _("The rounds go on learning: NLL_test fell {gap:.2f} below where MLE ended")
    return _("The rounds keep coverage: NLL_test is {now:.2f}, where MLE ended at {start:.2f}")


def _bought(gained: float, nearer: float) -> str:
    """Words for a change of BLEU and one of self-BLEU."""
    if gained > STEADY:
        if nearer > STEADY:
            return _(
                "{name} rose {gained:.3f} to {quality:.3f}, and self-BLEU {nearer:.3f}: better "
                "phrases, and more alike"
            )
        return _("{name} rose {gained:.3f} to {quality:.3f}, and variety held")
    if gained < -STEADY:
        if nearer < -STEADY:
            return _("{name} fell to {quality:.3f}, and the samples became more varied")
        return _("{name} fell since MLE ended, to {quality:.3f}: the rounds made it worse")
    if nearer > STEADY:
        return _("{name} stays at {quality:.3f} while self-BLEU rose {nearer:.3f}: only more alike")
    return _("{name} stays at {quality:.3f}, self-BLEU at {alike:.3f}")
