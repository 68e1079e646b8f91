"""What to notice now in a run: one sentence for each chart, computed from its own numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run.curves import Curves, present
from seqgan_core.judge.verdict import CLEAR, HELD
from seqgan_core.messages import _

GUESSING = (0.45, 0.55)  # D's held-out accuracy in which its score says little
TOO_STRONG = 0.75  # above it the generator stopped improving in the small runs of paper.md
STEADY = 0.01  # a BLEU, or a self-BLEU, that moves by less counts as held
RECENT = 20


def nll(curves: Curves) -> str:
    """What MLE reached, and what adversarial training does to quality and coverage."""
    now, test = curves.latest(curves.judge), curves.latest("nll_test")
    if now is None:
        return _("Waiting for the first evaluation")
    best = curves.best_mle(curves.judge)
    if best is None or not curves.is_adversarial:
        return _mle(curves, curves.judge, now)
    start = curves.at_switch("nll_test")
    cost = None if test is None or start is None else test - start
    if curves.has_oracle:
        return _quality(best - now, cost, now, best, max(CLEAR, _noise(curves)))
    if cost is None or start is None:
        return _("NLL_test is {now:.2f}").format(now=now)
    if cost > HELD:
        text = _(
            "Coverage is lost: NLL_test rose {gap:.2f} since the end of pre-training, to {now:.2f}"
        )
    elif cost < -HELD:
        text = _("G is still learning: NLL_test is {gap:.2f} below the end of pre-training")
    else:
        text = _("Coverage holds: NLL_test is {now:.2f}, {start:.2f} at the end of pre-training")
    return text.format(gap=abs(cost), now=now, start=start)


def _quality(gained: float, cost: float | None, now: float, best: float, noise: float) -> str:
    """Learns, only sharpens, or has not moved: judged by both NLLs."""
    if gained < -noise:
        text = _("NLL_oracle is {gap:.2f} above MLE's best: adversarial training made it worse")
        return text.format(gap=-gained)
    if gained < noise:
        return _("Level with MLE's best: {now:.2f} against {best:.2f}, within ±{noise:.2f}").format(
            now=now, best=best, noise=noise
        )
    if cost is None:
        return _("NLL_oracle is {gap:.2f} below MLE's best").format(gap=gained)
    if cost > HELD:
        return _(
            "G sharpens: NLL_oracle is {gap:.2f} below MLE's best, but NLL_test rose {cost:.2f}"
        ).format(gap=gained, cost=cost)
    return _(
        "G learns: NLL_oracle is {gap:.2f} below MLE's best and NLL_test held ({cost:+.2f})"
    ).format(gap=gained, cost=cost)


def _mle(curves: Curves, name: str, now: float) -> str:
    values, title = curves.mle(name), metric_of(name).title
    if len(values) < 2:
        return _("{metric} starts at {now:.2f}").format(metric=title, now=now)
    best = float(values.min())
    if name == "nll_test" and now - best > CLEAR:
        epoch = float(curves.evaluated["epoch"].loc[values.index[int(values.argmin())]])
        return _(
            "MLE is overfitting: NLL_test was best at epoch {epoch:g} ({best:.2f}), now {now:.2f}"
        ).format(epoch=epoch, best=best, now=now)
    if len(values) >= 3 and float(values.iloc[-3]) - now < CLEAR:
        return _("MLE stalls: {metric} stays near {now:.2f}").format(metric=title, now=now)
    return _("MLE brings {metric} from {first:.2f} down to {now:.2f}").format(
        metric=title, first=float(values.iloc[0]), now=now
    )


def since_switch(curves: Curves, metrics: Sequence[str]) -> str:
    """The changes of some metrics since pre-training ended, as numbers."""
    changes = {}
    for name in metrics:
        now, start = curves.latest(name), curves.at_switch(name)
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
    numbers = {"name": metric_of(name).title, "quality": quality, "alike": alike}
    before = curves.at_switch(name), curves.at_switch("self_bleu")
    if not curves.is_adversarial or before[0] is None or before[1] is None:
        return _("{name} is {quality:.3f}, self-BLEU {alike:.3f}").format(**numbers)
    gained, nearer = quality - before[0], alike - before[1]
    return _diversity(gained, nearer).format(gained=gained, nearer=nearer, **numbers)


def _diversity(gained: float, nearer: float) -> str:
    """Words for a change of BLEU and one of self-BLEU."""
    if gained > STEADY:
        if nearer > STEADY:
            return _(
                "{name} rose {gained:.3f} to {quality:.3f}, but self-BLEU rose {nearer:.3f}: less "
                "diverse"
            )
        return _("{name} rose {gained:.3f} to {quality:.3f}, and diversity held")
    if gained < -STEADY:
        if nearer < -STEADY:
            return _("{name} fell to {quality:.3f}, and the samples became more diverse")
        return _("{name} fell to {quality:.3f}: adversarial training made it worse")
    if nearer > STEADY:
        return _("{name} stays at {quality:.3f}, self-BLEU rose {nearer:.3f}: only less diverse")
    return _("{name} stays at {quality:.3f}, self-BLEU at {alike:.3f}")


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
        return _(
            "D overfits: {trained:.0%} correct on its own batches, {held:.0%} on held-out data"
        ).format(trained=trained.mean(), held=held_out)
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


def _noise(curves: Curves) -> float:
    """Two standard errors of the difference of two evaluations, where they are known."""
    error = curves.latest("nll_oracle_se")
    return 2 * math.sqrt(2) * error if error is not None else 0.0
