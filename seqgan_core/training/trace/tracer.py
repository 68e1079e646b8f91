"""Records what every line of Algorithm 1 made or changed, in plain numbers.

A traced run passes its results here, where they are measured and made JSON-ready. Nothing is drawn
at random and nothing is changed, so training is the same as without a trace.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn

from seqgan_core.paper.objectives import discriminator_loss
from seqgan_core.paper.rollout import RolloutValues
from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.counters import Counters
from seqgan_core.training.events import Traced
from seqgan_core.training.learners.updates import PolicyReading
from seqgan_core.training.models import RunModels

Variables = dict[str, Any]
TraceLine = Callable[..., Iterator[Traced]]  # called with a line's number and its results


class Variable(NamedTuple):
    """The type of a recorded variable: numbers of one kind in nested lists of this shape.

    `B` sequences per batch, `T` tokens, `N` completions, `n` sequences for D, `V` the vocabulary;
    a `share` is from 0 to 1. With `holes` single numbers may be None: not yet known.
    """

    kind: Literal["number", "share", "token", "count", "flag"]
    shape: str = ""
    holes: bool = False


VARIABLES = {
    # G and D themselves
    "theta_norm": Variable("number"),  # ‖θ‖
    "theta_moved": Variable("number"),  # ‖θ - θ as last reported‖
    "phi_norm": Variable("number"),
    "phi_moved": Variable("number"),
    "beta_is_theta": Variable("flag"),  # the live roll-out policy: no copy at all
    "beta_distance": Variable("number"),  # ‖β - θ‖
    "first": Variable("share", "V"),  # G's distribution of y_1
    "nll_real": Variable("number"),  # of the real rows by G, nats per token
    "mle_updates": Variable("count"),
    # D's turn
    "real": Variable("token", "nT"),
    "fake": Variable("token", "nT"),
    "real_scores": Variable("share", "n"),  # D's P(real) before it is trained on these
    "fake_scores": Variable("share", "n"),
    "real_scores_after": Variable("share", "n"),
    "fake_scores_after": Variable("share", "n"),
    "d_loss": Variable("number"),  # Eq. (5) on these rows, without dropout
    "d_accuracy": Variable("share"),  # on the same rows
    # where the loops stand
    "round": Variable("count"),
    "rounds_left": Variable("count"),
    "g_step": Variable("count"),
    "d_step": Variable("count"),
    "t": Variable("count"),
    # G's turn
    "y": Variable("token", "BT"),
    "p": Variable("share", "BT"),  # G's probability of each chosen token, before the update
    "completions": Variable("token", "BNT"),  # of the prefix Y_{1:t}
    "completion_scores": Variable("number", "BN"),
    "q": Variable("number", "BT", holes=True),
    "v": Variable("share", "BT"),  # the value network's, of the prefix before each token
    "weights": Variable("number", "BT"),  # Q, normalised as the settings say
    "log_p": Variable("number", "BT"),
    "p_after": Variable("share", "BT"),
    "loss": Variable("number"),  # -Σ log_p · weights, Eq. (8)
    "grad_norm": Variable("number"),  # before clipping
}


def no_trace(line: int, *made: object) -> Iterator[Traced]:
    """Records nothing; the trace function of an untraced run."""
    return iter(())


class Tracer:
    """Reports each line after it ran; called with its number and results. Models are only read."""

    def __init__(self, models: RunModels, done: Counters) -> None:
        self._models, self._done = models, done
        self._reported: dict[str, Tensor] = {}  # θ and φ as last reported
        self._log_p = torch.empty(0)  # (B, T), of the sequences as they were sampled

    def __call__(self, line: int, *made: Any) -> Iterator[Traced]:
        """The line's events; lines 9 to 11 are reported together, as call 10."""
        if line in (4, 5, 14, 15, 16, 17) and self._models.discriminator is None:
            return  # these lines do not run
        if line == 10:
            yield from self._values(*made)
            return
        # Never a yield inside no_grad: training would continue without gradients.
        with torch.no_grad():
            variables = self._variables(line, *made)
        yield self._event(line, variables)

    def _event(self, line: int, variables: Variables, t: int | None = None) -> Traced:
        done = self._done
        return Traced(
            done.step,
            done.epoch,
            line,
            round=done.rounds + (line < 19) if line >= 6 else None,
            g_step=done.g_steps if 7 <= line <= 12 else None,
            d_step=self._d_step(line),
            t=t,
            variables=variables,
        )

    def _d_step(self, line: int) -> int | None:
        if line in (4, 5):
            return self._done.d_sets + (line == 4)
        return self._done.d_steps + (line < 16) if line in (14, 15, 16) else None

    def _variables(self, line: int, *made: Any) -> Variables:
        done, rounds = self._done, self._models.config.rounds
        match line:
            case 1:
                return self._theta() | self._phi() | self._first_scores()
            case 2:
                return self._theta() | {"mle_updates": done.mle_updates}
            case 3 | 18:
                return self._beta()
            case 4 | 15:
                return self._before_training(*made)
            case 5 | 16:
                return self._after_training(*made)
            case 6:
                return {"round": done.rounds + 1}
            case 7:
                return {"g_step": done.g_steps}
            case 8:
                return self._sampled(*made)
            case 12:
                return self._updated(*made)
            case 13:
                return {"g_step": None}
            case 14:
                return {"d_step": done.d_steps + 1}
            case 17:
                return {"d_step": None}
            case 19:
                return {"rounds_left": rounds - done.rounds}
        raise ValueError(f"line is {line}; Algorithm 1 has lines 1 to 19")

    # -- models ---------------------------------------------------------------------------------

    def _theta(self) -> Variables:
        generator, real = self._models.generator, self._models.task.train_data()
        return self._movement("theta", generator) | {
            "first": generator.logits(real[:1, :1])[0, 0].softmax(-1).tolist(),
            "nll_real": float(-generator.log_probs(real).mean()),
        }

    def _phi(self) -> Variables:
        discriminator = self._models.discriminator
        return self._movement("phi", discriminator) if discriminator is not None else {}

    def _movement(self, name: str, model: nn.Module) -> Variables:
        now = _vector(model)
        moved = now - self._reported.get(name, now)
        self._reported[name] = now
        return {f"{name}_norm": float(now.norm()), f"{name}_moved": float(moved.norm())}

    def _beta(self) -> Variables:
        beta, theta = self._models.rollout_policy, self._models.generator
        distance = float((_vector(beta) - _vector(theta)).norm())
        return {"beta_is_theta": beta is theta, "beta_distance": distance}

    # -- D's turn -------------------------------------------------------------------------------

    def _first_scores(self) -> Variables:
        discriminator, real = self._models.discriminator, self._models.task.train_data()
        if discriminator is None:
            return {}
        return {"real": real.tolist(), "real_scores": discriminator(real).tolist()}

    def _before_training(self, real: Tokens, fake: Tokens) -> Variables:
        loss, accuracy, real_scores, fake_scores = self._scores(real, fake)
        return {
            "real": real.tolist(),
            "fake": fake.tolist(),
            "real_scores": real_scores,
            "fake_scores": fake_scores,
            "real_scores_after": None,
            "fake_scores_after": None,
            "d_loss": loss,
            "d_accuracy": accuracy,
        }

    def _after_training(self, real: Tokens, fake: Tokens) -> Variables:
        loss, accuracy, real_scores, fake_scores = self._scores(real, fake)
        return self._phi() | {
            "real_scores_after": real_scores,
            "fake_scores_after": fake_scores,
            "d_loss": loss,
            "d_accuracy": accuracy,
        }

    def _scores(self, real: Tokens, fake: Tokens) -> tuple[float, float, list[float], list[float]]:
        """D's loss and accuracy on both, and its P(real) of each."""
        discriminator = self._models.discriminator
        assert discriminator is not None
        both = torch.cat([real, fake])
        labels = (torch.arange(len(both), device=both.device) < len(real)).long()
        loss, right = discriminator_loss(discriminator, both, labels, self._models.config.d_l2)
        scores = discriminator(both).tolist()
        accuracy = float(right) / len(both)
        return float(loss), accuracy, scores[: len(real)], scores[len(real) :]

    # -- G's turn -------------------------------------------------------------------------------

    def _sampled(self, tokens: Tokens) -> Variables:
        self._log_p = self._models.generator.log_probs(tokens)
        unknown = [[None] * tokens.shape[1] for _ in tokens]
        of_last_batch = ["completions", "completion_scores", "weights", "log_p", "p_after", "loss"]
        of_last_batch += ["v"] if self._models.value is not None else []
        return {
            "y": tokens.tolist(),
            "p": self._log_p.exp().tolist(),
            "q": unknown,
            **dict.fromkeys((*of_last_batch, "grad_norm")),
        }

    def _values(
        self, tokens: Tokens, q: Tensor, rollouts: RolloutValues | None, values: Tensor | None
    ) -> Iterator[Traced]:
        """Lines 9 and 10 of every t, then line 11, all from the one call that training made."""
        T = tokens.shape[1]
        for t in range(1, T + 1):
            nothing = {"completions": None, "completion_scores": None}
            yield self._event(9, {"t": t} | nothing, t)
            known = [row[:t] + [None] * (T - t) for row in q.tolist()]
            completed = _completed(tokens, rollouts, t) if rollouts else nothing
            of_prefixes = {"v": values.tolist()} if t == 1 and values is not None else {}
            yield self._event(10, completed | {"q": known} | of_prefixes, t)
        yield self._event(11, {"t": None, "completions": None, "completion_scores": None})

    def _updated(self, tokens: Tokens, weights: Tensor, reading: PolicyReading) -> Variables:
        p_after = self._models.generator.log_probs(tokens).exp()
        return self._theta() | {
            "weights": weights.tolist(),
            "log_p": self._log_p.tolist(),
            "p_after": p_after.tolist(),
            "loss": reading.loss * tokens.numel(),  # it reads the mean; Eq. (8) is the sum
            "grad_norm": reading.grad_norm,
        }


def _completed(tokens: Tokens, rollouts: RolloutValues, t: int) -> Variables:
    """The sequences behind Q at t (counted from 1), and the score of each."""
    if t == tokens.shape[1]:  # complete: nothing is left to draw, so there is one score, not N
        completions, scores = tokens[None], rollouts.scores[:1, t - 1]
    else:
        completions, scores = rollouts.completions[t - 1], rollouts.scores[:, t - 1]
    return {
        "completions": completions.transpose(0, 1).tolist(),  # (B, N, T)
        "completion_scores": scores.t().tolist(),  # (B, N)
    }


def _vector(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])
