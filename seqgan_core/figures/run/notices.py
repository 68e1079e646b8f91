"""What to notice now: one sentence for each chart, computed from the run's own numbers."""

from __future__ import annotations

import math

from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, PRETRAIN_D, Curves, present
from seqgan_core.messages import _

GUESSING = (0.45, 0.55)  # D's held-out accuracy in which its score says little
TOO_STRONG = 0.75  # above it the generator stopped improving in the small runs of paper.md
HELD = 0.05  # nats that NLL_test may rise and still count as held
CLEAR = 0.02  # nats below which a difference is not called one
RECENT = 20


def nll(curves: Curves) -> str:
    """Learns, only sharpens, or has not moved: judged on both NLLs."""
    now = curves.latest("nll_oracle")
    if now is None:
        return _("The first evaluation is on its way")
    best = curves.best_mle()
    last_phase = str(curves.evaluated["phase"].iloc[-1])
    if best is None or last_phase != ADVERSARIAL:
        return _mle(curves, now)
    gained, noise = best - now, max(CLEAR, _noise(curves))
    cost = _difference(curves.latest("nll_test"), curves.at_switch("nll_test"))
    if gained < -noise:
        return _("NLL_oracle is {gap:.2f} above MLE's best: the rounds have made it worse").format(
            gap=-gained
        )
    if gained < noise:
        return _("Level with MLE's best: {now:.2f} against {best:.2f}, within ±{noise:.2f}").format(
            now=now, best=best, noise=noise
        )
    if cost is None:
        return _("NLL_oracle is {gap:.2f} below MLE's best").format(gap=gained)
    if cost > HELD:
        return _(
            "It sharpens: NLL_oracle is {gap:.2f} below MLE's best, but NLL_test rose {cost:.2f}"
        ).format(gap=gained, cost=cost)
    return _(
        "It learns: NLL_oracle is {gap:.2f} below MLE's best and NLL_test held ({cost:+.2f})"
    ).format(gap=gained, cost=cost)


def since_switch(curves: Curves) -> str:
    """Quality bought, and what was paid in coverage, since MLE ended."""
    quality = _difference(curves.latest("nll_oracle"), curves.at_switch("nll_oracle"))
    coverage = _difference(curves.latest("nll_test"), curves.at_switch("nll_test"))
    if curves.switch is None or quality is None or coverage is None:
        return _("Waiting for the adversarial rounds")
    return _("Since the switch: oracle {quality:+.3f}, test {coverage:+.3f} nats").format(
        quality=quality, coverage=coverage
    )


def accuracy(curves: Curves) -> str:
    """Guessing, useful, too strong, or memorising."""
    held_out = curves.latest("d_accuracy")
    trained = present(curves.discriminator, "accuracy").tail(RECENT)
    if not curves.has_discriminator:
        return _("This method trains no discriminator")
    if held_out is None and not len(trained):
        return _("D has not been trained yet")
    if held_out is None:
        return _("D tells {share:.0%} of its training batches apart").format(share=trained.mean())
    gap = float(trained.mean()) - held_out if len(trained) else 0.0
    if gap > 0.15:
        return _("D memorises: {trained:.0%} on its own batches, {held:.0%} on fresh ones").format(
            trained=trained.mean(), held=held_out
        )
    if held_out > TOO_STRONG:
        return _("D is too strong ({held:.0%}): little is left for G to win").format(held=held_out)
    if held_out < GUESSING[1]:
        return _("D is close to guessing ({held:.0%})").format(held=held_out)
    return _("D tells {held:.0%} of fresh sequences apart: a usable teacher").format(held=held_out)


def mean_q(curves: Curves) -> str:
    """Whether D believes more or less of what G writes."""
    values = present(curves.generator, "mean_q")
    if not len(values):
        return _("No reward yet: Q begins with the adversarial rounds")
    now, first = float(values.tail(RECENT).mean()), float(values.head(RECENT).mean())
    if now < 0.1:
        return _("Mean Q is down at {now:.2f}: D believes almost nothing").format(now=now)
    if abs(now - first) < 0.02 or len(values) <= RECENT:
        return _("Mean Q is about {now:.2f}").format(now=now)
    if now > first:
        return _("Mean Q rose from {first:.2f} to {now:.2f}: G fools D more often").format(
            first=first, now=now
        )
    return _("Mean Q fell from {first:.2f} to {now:.2f}: D learns faster than G").format(
        first=first, now=now
    )


def entropy(curves: Curves) -> str:
    """How much of its spread G has given up."""
    values, start = present(curves.evaluated, "entropy"), curves.at_switch("entropy")
    if not len(values):
        values = present(curves.generator, "entropy")
        start = float(values.iloc[0]) if len(values) else None
    if not len(values) or start is None:
        return _("Entropy is measured with the evaluations")
    now = float(values.iloc[-1])
    if curves.switch is None or start <= 0:
        return _("G chooses as if among {choices:,.0f} equally likely tokens").format(
            choices=math.exp(now)
        )
    change = (now - start) / start
    if abs(change) < 0.01:
        return _("Entropy holds at {now:.2f} nats").format(now=now)
    if change < 0:
        return _("G is {share:.0%} more certain than at the switch").format(share=-change)
    return _("G is {share:.0%} less certain than at the switch").format(share=change)


def grad_norm(curves: Curves) -> str:
    """How often clipping had to step in."""
    values = present(curves.generator, "grad_norm").tail(RECENT)
    if not len(values):
        return _("No update yet")
    if curves.clip is None:
        return _("The gradient's norm is {now:.2g}").format(now=float(values.iloc[-1]))
    cut = int((values > curves.clip).sum())
    if not cut:
        return _("No recent step was cut: norms stay below {clip:g}").format(clip=curves.clip)
    return _("Cut to {clip:g} in {cut} of the last {count} reports").format(
        cut=cut, count=len(values), clip=curves.clip
    )


def followed(shares: list[float]) -> str:
    """How much of the followed sequences moved since the evaluation before."""
    if not shares:
        return _("Nothing to compare yet: the next evaluation shows what moved")
    share = sum(shares) / len(shares)
    if not share:
        return _("No token changed since the evaluation before")
    return _("{share:.0%} of the tokens changed since the evaluation before").format(share=share)


def phase_title(phase: str | None) -> str:
    """A phase in words."""
    titles = {
        PRETRAIN: _("MLE pre-training"),
        PRETRAIN_D: _("Discriminator's pre-training"),
        ADVERSARIAL: _("Adversarial rounds"),
    }
    return titles.get(phase or "", _("Starting"))


def _mle(curves: Curves, now: float) -> str:
    values = present(curves.evaluated, "nll_oracle")
    if len(values) < 2:
        return _("NLL_oracle starts at {now:.2f}").format(now=now)
    recent = values.tail(3)
    if len(recent) == 3 and float(recent.iloc[0] - recent.iloc[-1]) < CLEAR:
        return _("MLE stalls near {now:.2f}").format(now=now)
    return _("MLE brings NLL_oracle from {first:.2f} down to {now:.2f}").format(
        first=float(values.iloc[0]), now=now
    )


def _noise(curves: Curves) -> float:
    """Two standard errors of the difference of two evaluations, where they are known."""
    error = curves.latest("nll_oracle_se")
    return 2 * math.sqrt(2) * error if error is not None else 0.0


def _difference(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else now - then
