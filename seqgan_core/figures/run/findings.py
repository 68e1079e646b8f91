"""What to notice now in a run: one sentence for each chart, computed from its own numbers."""

import math
from collections.abc import Sequence

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run.curves import ADVERSARIAL, Curves, present
from seqgan_core.figures.run.drift import Drift, beyond_temperature, drift, since_mle
from seqgan_core.figures.style import signed
from seqgan_core.judge.verdict import ALONG, CLEAR, COLLAPSED, LAST
from seqgan_core.messages import _, remark

GUESSING = (0.45, 0.55)  # D's held-out accuracy in which its score says little
TOO_STRONG = 0.75  # above it the generator stopped improving in the small runs of paper.md
STEADY = 0.01  # a BLEU, or a self-BLEU, that moves by less counts as held
RECENT = 20


def nll(curves: Curves) -> str:
    """What MLE reached, and where the rounds stand against MLE's temperature curve."""
    now = curves.latest(curves.judge)
    if now is None:
        return _("Waiting for the first evaluation")
    if not curves.is_adversarial or not len(curves.mle(curves.judge)):
        return _mle(curves, curves.judge, now)
    distance = drift(beyond_temperature(curves), ALONG)
    oracle, test = since_mle(curves, "nll_oracle"), since_mle(curves, "nll_test")
    if test is None:
        return _("Too early to judge: evaluation {n} of {last} since MLE ended").format(
            n=len(curves.rows("evaluated", ADVERSARIAL)), last=LAST
        )
    if test.mean > COLLAPSED:
        return _("G collapses: NLL_test is {gap:.2f} above where MLE ended").format(gap=test.mean)
    if distance is None:
        return _changes(oracle, test, measured=bool(curves.temperature_curve))
    return _against_coverage(distance) if oracle is None else _against(distance, oracle, test)


def _against(distance: Drift, oracle: Drift, test: Drift) -> str:
    """Beyond, along or behind MLE's temperature curve: what one run may say, and no more."""
    if distance.sign < 0:
        key = "run.beyond"
    elif distance.sign > 0:
        key = "run.behind" if oracle.sign < 0 else "run.behind-no-gain"
    else:
        key = "run.along" if oracle.sign < 0 else "run.level"
    return remark(
        key, gap=abs(distance.mean), band=distance.band, oracle=signed(oracle.mean, 2),
        noise=oracle.band, test=signed(test.mean, 2),
    )  # fmt: skip


def _against_coverage(distance: Drift) -> str:
    """Without an oracle: NLL_test against the lowest that any temperature gives MLE."""
    keys = {1: "run.coverage-lost", 0: "run.coverage-holds", -1: "run.coverage-better"}
    return remark(keys[distance.sign], gap=abs(distance.mean), band=distance.band)


def _changes(oracle: Drift | None, test: Drift, measured: bool) -> str:
    """The numbers alone: without the temperature curve, learning and sharpening look the same."""
    if oracle is None:
        return _("NLL_test {test} ± {band:.2f} since MLE ended").format(
            test=signed(test.mean, 2), band=test.band
        )
    return remark(
        "run.changes-out-of-reach" if measured else "run.changes-unmeasured",
        oracle=signed(oracle.mean, 2), noise=oracle.band, test=signed(test.mean, 2), band=test.band,
    )  # fmt: skip


def _mle(curves: Curves, name: str, now: float) -> str:
    values, title = curves.mle(name), metric_of(name).title
    if len(values) < 2:
        return _("{metric} starts at {now:.2f}").format(metric=title, now=now)
    best = float(values.min())
    if name == "nll_test" and float(values.iloc[-2:].min()) - best > CLEAR:
        epoch = float(curves.evaluated["epoch"].loc[values.index[int(values.argmin())]])
        return remark("run.overfits", epoch=epoch, best=best, now=now)
    few = min(LAST, len(values) // 2)
    if few >= 2 and values.iloc[-2 * few : -few].mean() - values.iloc[-few:].mean() < CLEAR:
        return _("MLE stalls: {metric} stays near {now:.2f}").format(metric=title, now=now)
    return _("MLE brings {metric} from {first:.2f} down to {now:.2f}").format(
        metric=title, first=float(values.iloc[0]), now=now
    )


def since_switch(curves: Curves, metrics: Sequence[str]) -> str:
    """The changes of some metrics since pre-training ended, as numbers."""
    changes = {}
    for name in metrics:
        now, start = curves.recent(name), curves.at_switch(name)
        if curves.switch is None or now is None or start is None:
            return _("Waiting for adversarial training")
        changes[metric_of(name).title] = metric_of(name).text(now - start, signed=True)
    return _("Since pre-training ended: {changes}").format(
        changes=", ".join(f"{title} {change}" for title, change in changes.items())
    )


def bleu(curves: Curves) -> str:
    """Quality with diversity, and what adversarial training did to both."""
    name = curves.bleus[-1] if curves.bleus else ""
    quality, alike = curves.latest(name), curves.latest("self_bleu")
    if quality is None or alike is None:
        return _("BLEU is measured at each evaluation")
    title, before = metric_of(name).title, (curves.at_switch(name), curves.at_switch("self_bleu"))
    if not curves.is_adversarial or before[0] is None or before[1] is None:
        return _("{name} is {quality:.3f}, self-BLEU {alike:.3f}").format(
            name=title, quality=quality, alike=alike
        )
    quality, alike = curves.recent(name) or quality, curves.recent("self_bleu") or alike
    gained, nearer = quality - before[0], alike - before[1]
    if gained > STEADY:
        key = "bleu.rose-alike" if nearer > STEADY else "bleu.rose"
    elif gained < -STEADY:
        key = "bleu.fell-diverse" if nearer < -STEADY else "bleu.fell"
    else:
        key = "bleu.stays-alike" if nearer > STEADY else "bleu.stays"
    return remark(key, gained=gained, nearer=nearer, name=title, quality=quality, alike=alike)


def accuracy(curves: Curves) -> str:
    """Guessing, useful, too strong, or overfitting."""
    held_out = curves.latest("d_accuracy")
    trained = present(curves.discriminator, "accuracy").tail(RECENT)
    if not curves.has_discriminator:
        return _("This method trains no discriminator")
    if held_out is None and not len(trained):
        return _("D has not been trained yet")
    if held_out is None:
        return _("D classifies {share:.0%} of its training batches correctly").format(
            share=trained.mean()
        )
    gap = float(trained.mean()) - held_out if len(trained) else 0.0
    if gap > 0.15:
        return remark("run.d-overfits", trained=trained.mean(), held=held_out)
    if held_out > TOO_STRONG:
        return _("D is too strong ({held:.0%} correct): G can hardly improve").format(held=held_out)
    if held_out < GUESSING[1]:
        return _("D is close to guessing ({held:.0%} correct)").format(held=held_out)
    return _("D is useful to G: {held:.0%} correct on held-out data").format(held=held_out)


def mean_q(curves: Curves) -> str:
    """Whether D gives G's samples a higher or a lower reward."""
    values = present(curves.generator, "mean_q")
    if not len(values):
        return _("No reward yet: Q begins with adversarial training")
    now, first = float(values.tail(RECENT).mean()), float(values.head(RECENT).mean())
    if now < 0.1:
        text = _("Mean Q is down at {now:.2f}: D rejects almost every sample")
    elif abs(now - first) < 0.02 or len(values) <= RECENT:
        text = _("Mean Q is about {now:.2f}")
    elif now > first:
        text = _("Mean Q rose from {first:.2f} to {now:.2f}: G fools D more often")
    else:
        text = _("Mean Q fell from {first:.2f} to {now:.2f}: D learns faster than G")
    return text.format(first=first, now=now)


def entropy(curves: Curves) -> str:
    """How much of its diversity G has given up."""
    values, start = present(curves.evaluated, "entropy"), curves.at_switch("entropy")
    if not len(values):
        values = present(curves.generator, "entropy")
        start = float(values.iloc[0]) if len(values) else None
    if not len(values) or start is None:
        return _("Entropy is measured at each evaluation")
    now = float(values.iloc[-1])
    if curves.switch is None or start <= 0:
        return _("G chooses as if among {choices:,.0f} equally likely tokens").format(
            choices=math.exp(now)
        )
    change = (now - start) / start
    if abs(change) < 0.01:
        text = _("Entropy holds at {now:.2f} nats")
    elif change < 0:
        text = _("Entropy fell by {share:.0%} since pre-training ended: G is more certain")
    else:
        text = _("Entropy rose by {share:.0%} since pre-training ended: G is less certain")
    return text.format(now=now, share=abs(change))


def grad_norm(curves: Curves) -> str:
    """How often the gradient was clipped."""
    values = present(curves.generator, "grad_norm").tail(RECENT)
    if not len(values):
        return _("No update yet")
    if curves.clip is None:
        return _("The gradient's norm is {now:.2g}").format(now=float(values.iloc[-1]))
    cut = int((values > curves.clip).sum())
    if not cut:
        return _("No recent gradient was clipped: norms stay below {clip:g}").format(
            clip=curves.clip
        )
    return _("Gradients were clipped to {clip:g} in {cut} of the last {count} reports").format(
        cut=cut, count=len(values), clip=curves.clip
    )


def followed(shares: Sequence[float]) -> str:
    """How many tokens of the followed sequences changed since the evaluation before."""
    if not shares:
        return _("The next evaluation shows what changes")
    share = sum(shares) / len(shares)
    if not share:
        return _("No token changed since the previous evaluation")
    return _("{share:.0%} of the tokens changed since the previous evaluation").format(share=share)
