"""The steps of Algorithm 1: updates, evaluations, and the events that report them.

Each counts its work before it returns its event, so at every event the state is complete.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from seqgan_core.paper.objectives import move_average, normalise_q
from seqgan_core.paper.rollout import RolloutValues, best_of, q_values
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.tree_search import (
    Found,
    finished,
    roots_of,
    search,
    search_noise,
)
from seqgan_core.paper.value_network import advantages, prefix_targets
from seqgan_core.training.build import tree_search_settings
from seqgan_core.training.checks import measure, refuse_nan, too_strong
from seqgan_core.training.counters import Counters, Plan
from seqgan_core.training.evaluation import TEMPERATURES, at_temperature
from seqgan_core.training.events import (
    DiscriminatorUpdated,
    Event,
    GeneratorUpdated,
    Phase,
    PhaseStarted,
    TemperaturesMeasured,
)
from seqgan_core.training.learners.batches import DiscriminatorData, MleData
from seqgan_core.training.learners.updates import PolicyReading, ValueLearner, ValueReading
from seqgan_core.training.models import RunModels, make_learners
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.strategies import (
    STRATEGIES,
    ConstantReward,
    Context,
    RandomReward,
)
from seqgan_core.training.trace.tracer import TraceLine, Tracer, no_trace


class Steps:
    """A run's models, data and progress.

    Attributes:
        models, learners: the models and their updates.
        reward: of the policy gradient; None for a strategy without one.
        mle_data, d_data: the batches of MLE and of D.
        plan, done: how much there is to do, and how much is done.
        trace: called after each line of Algorithm 1, yields its `Traced` events if there are any.
    """

    def __init__(self, models: RunModels, cuda_graphs: bool, traced: bool) -> None:
        c = self.config = models.config
        self.strategy = STRATEGIES[c.strategy]
        self.learners = make_learners(models, cuda_graphs)
        self.models = replace(models, learners=self.learners)
        context = Context(c, models.task, models.discriminator)
        self.reward = self.strategy.reward(context) if self.strategy.reward else None
        self.mle_data = MleData(c, models.task)
        self.d_data = DiscriminatorData(c, models.task, models.generator, models.searched)
        self.plan = Plan(
            pretrain_epochs=c.pretrain_epochs,
            mle_batches=self.mle_data.batches_in_epoch,
            rounds=c.rounds,
            g_steps=c.g_steps,
            d_steps=c.d_steps if models.discriminator is not None else 0,
            d_batches=self.d_data.batches_in_set,
            report_every=c.report_every,
        )
        self.done = Counters(self.plan)
        self.trace: TraceLine = Tracer(self.models, self.done) if traced else no_trace

    def begin(self, phase: Phase, line: int, total: int) -> Iterator[Event]:
        """Begins a phase, unless the run was resumed inside it."""
        if self.done.begin(phase):
            yield PhaseStarted(self.done.step, self.done.epoch, line, phase, total)

    # -- G --------------------------------------------------------------------------------------

    def mle_updates(self, count: int) -> GeneratorUpdated:
        """`count` updates of G on true tokens."""
        done, mle = self.done, self.learners.mle
        for updates in _parts(range(done.mle_updates, done.mle_updates + count), mle.at_once):
            mle.updates(*self.mle_data.batches(updates))  # line 2
        done.mle_updates += count
        reading = mle.read()
        refuse_nan(done, "the generator's loss", reading.loss)
        done.count_report()
        return GeneratorUpdated(done.step, done.epoch, 2, done.phase_name, *reading)

    def q_values(self, tokens: Tokens, rng: torch.Generator) -> tuple[Tensor, RolloutValues | None]:
        """Q (B, T), and its roll-outs where there are any."""
        assert self.reward is not None
        if isinstance(self.reward, ConstantReward):  # equal to its mean over roll-outs
            return torch.full(tokens.shape, self.reward.value, device=self.models.device), None
        policy, n = self.models.rollout_policy, self.config.n_rollouts
        if isinstance(self.reward, RandomReward):
            return self.reward.q_values(tokens, n, self.done.policy_updates), None
        values = q_values(policy, self.reward, tokens, n, rng)  # lines 9 to 11
        return values.q, values

    def weights(
        self, tokens: Tokens, q: Tensor
    ) -> tuple[Tensor, Tensor | None, ValueReading | None]:
        """Q normalised; where v is the baseline also its values (both B, T), and its reading."""
        how = self.config.q_normalisation if self.strategy.normalises_q else "none"
        if how != "value":
            return normalise_q(q, how), None, None
        v = self._value_learner()
        values = v.model.values(tokens)
        return normalise_q(q, how, values), values, v(tokens, values, prefix_targets(q))

    def look_ahead(self, tokens: Tokens, rng: torch.Generator) -> GeneratorUpdated:
        """One update of G by what the strategy does in place of roll-outs."""
        c, G, policy, value = self.config, self.models.generator, self.learners.policy, None
        assert not isinstance(self.reward, RandomReward)
        assert self.reward is not None
        if self.strategy.ahead == "best_of_n":
            best, scores = best_of(G, self.reward, tokens, c.n_rollouts, rng)
            reading = policy(best, scores, torch.ones_like(best, dtype=scores.dtype))
        else:
            v = self._value_learner()
            values = v.model.values(tokens)
            gains = advantages(values, self.reward(tokens), c.gae_decay)
            if self.strategy.ahead == "actor_critic":
                reading = policy(tokens, values + gains, gains)
            else:
                reading = policy.imitate(tokens, self._search(tokens, rng))
            value = v(tokens, values, values + gains)
        return self.policy_updated(reading, value)

    def _search(self, tokens: Tokens, rng: torch.Generator) -> Found:
        m = self.models
        assert m.discriminator is not None
        settings = tree_search_settings(self.config)
        roots = roots_of(m.generator, m.value, tokens)
        noise = search_noise(roots, settings, rng)
        found = search(m.generator, m.value, m.discriminator, roots, settings, noise, m.task.end)
        if m.searched is not None:
            m.searched.copy_(finished(m.generator, roots, found, rng, m.task.end))
        return found

    def _value_learner(self) -> ValueLearner:
        assert self.learners.value is not None
        return self.learners.value

    def policy_updated(
        self, reading: PolicyReading, value: ValueReading | None = None
    ) -> GeneratorUpdated:
        """Counts one policy-gradient update with these measurements."""
        done = self.done
        refuse_nan(done, "the policy gradient's loss", reading.loss, reading.grad_norm)
        if value is not None:
            refuse_nan(done, "the value network's loss", value.v_loss)
        done.policy_updates += 1
        done.count_report()
        of_value = value._asdict() if value is not None else {}
        return GeneratorUpdated(done.step, done.epoch, 12, "adversarial", 1, *reading, **of_value)

    def move_rollout_policy(self, rate: float) -> None:
        """β ← rate · β + (1 - rate) · θ; nothing to do for the live policy, which is θ itself."""
        if self.models.has_average:
            move_average(self.models.rollout_policy, self.models.generator, rate)  # lines 3 and 18

    # -- D --------------------------------------------------------------------------------------

    def discriminator_updates(self, batches: range, line: int) -> DiscriminatorUpdated:
        """D's updates on `batches` of the current set."""
        c, done = self.config, self.done
        D, learner = self.models.discriminator, self.learners.discriminator
        assert D is not None
        assert learner is not None
        for some in _parts(batches, learner.at_once):
            tokens, labels = self.d_data.batches(done.d_sets, some)  # (K, B, T), (K, B)
            updates = range(done.d_updates, done.d_updates + len(some))
            rngs = [rng_for(c.seed, "dropout", update, self.models.device) for update in updates]
            masks = [D.dropout_mask(tokens.shape[1], c.d_dropout_keep, rng) for rng in rngs]
            learner.updates(tokens, labels, torch.stack(masks))  # lines 5 and 16
            done.d_updates = updates.stop
        reading = learner.read()
        refuse_nan(done, "the discriminator's loss", reading.loss)
        done.count_d_batches(batches)
        return DiscriminatorUpdated(done.step, done.epoch, line, done.phase_name, *reading)

    def holds_d_back(self) -> bool:
        """Whether D is too strong to be trained on another set; checked in the rounds only."""
        done = self.done
        in_rounds = done.phase_name == "adversarial"
        return in_rounds and done.d_batch == 0 and too_strong(self.models, done)

    def discriminator_skipped(self, line: int) -> DiscriminatorUpdated:
        """Counts a set that D is not trained on."""
        done = self.done
        done.end_d_set()
        done.count_report()
        return DiscriminatorUpdated(
            done.step, done.epoch, line, done.phase_name, 0, None, None, skipped=True
        )

    # -- evaluation -----------------------------------------------------------------------------

    def measure(self, line: int, number: int = 0, last: bool = True) -> Iterator[Event]:
        """Evaluates and yields a checkpoint, where due."""
        return measure(self.models, self.done, line, number, last)

    def measure_temperatures(self) -> Iterator[Event]:
        """MLE's temperature curve, once, for a method with a reward that will be compared to it."""
        c, done, m = self.config, self.done, self.models
        if self.reward is None or not c.rounds or done.temperatures_measured:
            return
        points = [at_temperature(m.generator, m.task, t, c.n_eval, c.seed) for t in TEMPERATURES]
        done.temperatures_measured = 1
        yield TemperaturesMeasured(done.step, done.epoch, 2, c.n_eval, points)

    def measure_epoch(self) -> Iterator[Event]:
        """At the end of an epoch of MLE, and before the first one."""
        epoch, rest = divmod(self.done.mle_updates, self.plan.mle_batches)
        if not rest:
            yield from self.measure(2, epoch, last=not self.done.in_mle)

    def measure_round(self) -> Iterator[Event]:
        """At the end of a round."""
        number = self.done.rounds + 1
        return self.measure(18, number, last=number == self.config.rounds)


def _parts(numbers: range, size: int) -> Iterator[range]:
    """The range in parts of `size` numbers, the last one perhaps shorter."""
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]
