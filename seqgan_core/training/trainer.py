"""Algorithm 1 of the paper, as a generator of events.

The consumer holds the clock: pausing is not calling `next`, stepping is calling it once, stopping
is `close()`. At every `yield` the state is whole: what was done is counted, and what is counted
was done, so a checkpoint can be taken there and the events go on from it as if nothing had been.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import LongTensor, Tensor

from seqgan_core.paper.objectives import move_average, normalise_q
from seqgan_core.paper.rollout import q_values
from seqgan_core.tasks.task import Task
from seqgan_core.training.build import make_discriminator, make_generator, make_task
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.counters import Counters
from seqgan_core.training.data import DiscriminatorData, shuffled_batch
from seqgan_core.training.devices import resolve_device
from seqgan_core.training.evaluation import evaluate, held_out_accuracy
from seqgan_core.training.events import (
    CheckpointDue,
    DiscriminatorUpdated,
    Event,
    Finished,
    GeneratorUpdated,
    Phase,
    PhaseStarted,
)
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.state import load_state, whole_state
from seqgan_core.training.steps import DiscriminatorLearner, MleLearner, PolicyLearner
from seqgan_core.training.strategies import STRATEGIES, ConstantReward, Context


class Diverged(Exception):
    """Training cannot go on; the message says what was seen."""


class Trainer:
    """One run of one strategy.

    Args:
        config: all settings.
        task: by default the one that `config` names, made on the config's device.
        cuda_graphs: on a GPU, replay MLE's and D's steps as graphs.

    Raises:
        ConfigError, OracleFileError: the settings cannot be met on this machine.
    """

    def __init__(
        self, config: TrainConfig, task: Task | None = None, *, cuda_graphs: bool = True
    ) -> None:
        self.config = config
        self.device = resolve_device(config.device)
        self.strategy = STRATEGIES[config.strategy]
        self.task = task or make_task(config, self.device)
        self._done = Counters()

        # Line 1: initialise G and D; line 3: β ← θ.
        self.generator = make_generator(config, self.device)
        self.rollout_policy = self.generator
        if config.rollout_policy == "average":  # a copy of its own, never an alias of the live one
            self.rollout_policy = make_generator(config, self.device)
        self.mle = MleLearner(
            self.generator, config.pretrain_learning_rate, config.max_grad_norm, cuda_graphs
        )
        self.policy = PolicyLearner(self.generator, config.g_learning_rate, config.max_grad_norm)
        self.discriminator = None
        self.critic: DiscriminatorLearner | None = None
        if self.strategy.trains_discriminator:
            self.discriminator = make_discriminator(config, self.device)
            self.critic = DiscriminatorLearner(
                self.discriminator, config.d_learning_rate, config.d_l2, cuda_graphs
            )
        self._d_data = DiscriminatorData(config, self.task, self.generator)
        reward = self.strategy.reward
        self.reward = reward(Context(self.discriminator)) if reward else None

    # -- state ----------------------------------------------------------------------------------

    @property
    def counters(self) -> dict[str, int | float]:
        """How far the run is, JSON-ready; with `state()` all that a checkpoint needs."""
        return self._done.as_dict()

    def state(self) -> dict[str, Tensor]:
        """Weights and both optimisers' moments, copied to the CPU."""
        return {name: t.detach().to("cpu", copy=True) for name, t in whole_state(self).items()}

    def load(self, tensors: dict[str, Tensor], counters: dict[str, int | float]) -> None:
        """Goes back to a state; `events()` then goes on from there.

        Raises:
            ValueError: the tensors are not those of this configuration.
        """
        done = Counters.from_dict(counters)
        load_state(whole_state(self), tensors)
        self._done = done
        self._d_data.forget()

    # -- Algorithm 1 ----------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Runs, or goes on with, Algorithm 1, yielding what happens."""
        try:
            if self.strategy.pretrains:
                yield from self._pretrain_generator()  # line 2
            if self.config.rounds and self.strategy.trains_discriminator:
                yield from self._pretrain_discriminator()  # lines 4 and 5
            if self.strategy.pretrains:
                yield from self._adversarial_rounds()  # lines 6 to 19
            elif self._done.evaluated < 0:  # an untrained generator: there is only this to tell
                yield from self._measure(2, "pretrain_generator", evaluation=True, checkpoint=True)
        except Diverged as reason:
            yield Finished(self._done.step, self._done.epoch, 19, "diverged", str(reason))
            return
        yield Finished(self._done.step, self._done.epoch, 19, "finished")

    def _pretrain_generator(self) -> Iterator[Event]:
        c, done = self.config, self._done
        if done.phase == 0:
            done.phase = 1
            yield PhaseStarted(done.step, done.epoch, 2, "pretrain_generator", c.pretrain_epochs)
        if done.phase > 1:
            return
        in_epoch = len(self.task.train_data()) // c.batch_size  # an incomplete last batch is left
        total = c.pretrain_epochs * in_epoch
        while True:
            if done.mle_updates % in_epoch == 0:
                epoch, last = done.mle_updates // in_epoch, done.mle_updates == total
                yield from self._measure(
                    2,
                    "pretrain_generator",
                    evaluation=last or epoch % c.evaluate_every == 0,
                    checkpoint=last or epoch % c.checkpoint_every == 0,
                )
            if done.mle_updates >= total:
                return
            left_in_epoch = in_epoch - done.mle_updates % in_epoch
            yield self._mle_updates(min(c.report_every, left_in_epoch), "pretrain_generator")

    def _mle_updates(self, count: int, phase: Phase) -> GeneratorUpdated:
        done, c = self._done, self.config
        for _ in range(count):
            rows = shuffled_batch(c, len(self.task.train_data()), done.mle_updates, self.device)
            self.mle(self.task.train_data()[rows])
            done.mle_updates += 1
        reading = self.mle.read()
        self._refuse_nan("the generator's loss", reading.loss)
        done.step += 1
        self._advance_epoch(phase)
        return GeneratorUpdated(
            done.step, done.epoch, 2, phase, reading.updates, reading.loss, reading.other
        )

    def _pretrain_discriminator(self) -> Iterator[Event]:
        c, done = self.config, self._done
        if done.phase <= 1:
            done.phase = 2
            steps = c.d_pretrain_steps
            yield PhaseStarted(done.step, done.epoch, 4, "pretrain_discriminator", steps)
        if done.phase > 2:
            return
        while done.d_sets < c.d_pretrain_steps:
            yield from self._discriminator_step(5, "pretrain_discriminator")
        if done.d_pretrain_measured != 1:
            done.d_pretrain_measured = 1
            done.evaluated = done.checkpointed = -1  # the same step, seen by a trained D
        if done.rounds == 0:
            yield from self._measure(5, "pretrain_discriminator", evaluation=True, checkpoint=True)

    def _discriminator_step(self, line: int, phase: Phase) -> Iterator[Event]:
        """Line 15: fresh negatives; line 16: k epochs on them and as many real sequences."""
        c, done = self.config, self._done
        assert self.critic is not None
        assert self.discriminator is not None
        if phase == "adversarial" and done.d_batch == 0 and self._too_strong():
            self._end_of_set()
            done.step += 1
            self._advance_epoch(phase)
            yield DiscriminatorUpdated(done.step, done.epoch, line, phase, 0, None, None, True)
            return
        total = self._d_data.batches_in_epoch * c.d_epochs
        if done.d_batch >= total:  # branched inside a set, with fewer epochs or a smaller set
            self._end_of_set()
            return
        while done.d_batch < total:
            chunk = min(c.report_every, total - done.d_batch)
            for batch in range(done.d_batch, done.d_batch + chunk):
                tokens, labels = self._d_data.batch(done.d_sets, batch)
                rng = rng_for(c.seed, "dropout", done.d_updates, self.device)
                mask = self.discriminator.dropout_mask(len(tokens), c.d_dropout_keep, rng)
                self.critic(tokens, labels, mask)
                done.d_updates += 1
            reading = self.critic.read()
            self._refuse_nan("the discriminator's loss", reading.loss)
            done.d_batch += chunk
            done.step += 1
            if done.d_batch == total:  # counted before the yield: there the state must be whole
                total = 0
                self._end_of_set()
            self._advance_epoch(phase)
            yield DiscriminatorUpdated(
                done.step, done.epoch, line, phase, reading.updates, reading.loss, reading.other
            )

    def _end_of_set(self) -> None:
        self._done.d_batch = 0
        self._done.d_sets += 1
        self._done.d_steps += 1

    def _too_strong(self) -> bool:
        """The balance rule looks at held-out data: on its own, D may only have memorised."""
        c = self.config
        if c.d_max_accuracy is None or self.discriminator is None:
            return False
        rng = rng_for(c.seed, "balance", self._done.d_sets, self.device)
        return held_out_accuracy(self.discriminator, self.generator, self.task, rng) > (
            c.d_max_accuracy
        )

    def _adversarial_rounds(self) -> Iterator[Event]:
        c, done = self.config, self._done
        if not c.rounds:
            return
        if done.phase <= 2:
            done.phase = 3
            done.d_steps = 0
            if self.rollout_policy is not self.generator:
                move_average(self.rollout_policy, self.generator, rate=0.0)  # line 3: β ← θ
            yield PhaseStarted(done.step, done.epoch, 6, "adversarial", c.rounds)
        while done.rounds < c.rounds:  # line 6
            while done.g_steps < c.g_steps:  # line 7
                yield self._generator_step()
            while self.critic is not None and done.d_steps < c.d_steps:  # line 14
                yield from self._discriminator_step(16, "adversarial")
            if done.measured_round != done.rounds:
                done.measured_round = done.rounds
                if self.rollout_policy is not self.generator:  # line 18
                    move_average(self.rollout_policy, self.generator, c.rollout_update_rate)
                done.epoch = float(c.pretrain_epochs + done.rounds + 1)
            last, number = done.rounds + 1 == c.rounds, done.rounds + 1
            yield from self._measure(
                18,
                "adversarial",
                evaluation=last or number % c.evaluate_every == 0,
                checkpoint=last or number % c.checkpoint_every == 0,
            )
            done.rounds += 1
            done.g_steps = done.d_steps = 0

    def _generator_step(self) -> GeneratorUpdated:
        """Lines 8 to 12; for MLE one more MLE update in their place."""
        c, done = self.config, self._done
        done.g_steps += 1
        if self.reward is None:
            return self._mle_updates(1, "adversarial")
        rng = rng_for(c.seed, "policy", done.policy_updates, self.device)
        tokens = self.generator.sample(c.g_batch_size, self.task.sequence_length, rng)  # line 8
        q = self._q(tokens, rng)  # lines 9 to 11
        how = c.q_normalisation if self.strategy.normalises_q else "none"
        reading = self.policy(tokens, q, normalise_q(q, how))  # line 12
        self._refuse_nan("the policy gradient's loss", reading.loss, reading.grad_norm)
        done.policy_updates += 1
        done.step += 1
        self._advance_epoch("adversarial")
        return GeneratorUpdated(done.step, done.epoch, 12, "adversarial", 1, *reading)

    def _q(self, tokens: LongTensor, rng: torch.Generator) -> Tensor:
        assert self.reward is not None
        if isinstance(self.reward, ConstantReward):  # its mean over roll-outs is itself
            return torch.full(tokens.shape, self.reward.value, device=self.device)
        n = self.config.n_rollouts
        return q_values(self.rollout_policy, self.reward, tokens, n, rng).q

    def _advance_epoch(self, phase: Phase) -> None:
        """The horizontal axis: MLE epochs, then rounds, and the share done of the one under way."""
        done, c = self._done, self.config
        if phase == "pretrain_generator":
            done.epoch = done.mle_updates / (len(self.task.train_data()) // c.batch_size)
        elif phase == "adversarial":
            d_steps = c.d_steps if self.critic is not None else 0
            # a branch may have fewer steps a round than were done already
            over = min(done.g_steps, c.g_steps) + min(done.d_steps, d_steps)
            done.epoch = c.pretrain_epochs + done.rounds + over / (c.g_steps + d_steps)

    # -- measuring and guarding -----------------------------------------------------------------

    def _measure(
        self, line: int, phase: Phase, *, evaluation: bool, checkpoint: bool
    ) -> Iterator[Event]:
        """Evaluates and offers a checkpoint where due, each at most once a step."""
        done = self._done
        if evaluation and done.evaluated != done.step:
            event = evaluate(self, done.step, done.epoch, line, phase)
            self._guard(event.metrics)
            done.evaluated = done.step
            yield event
        if checkpoint and done.checkpointed != done.step:
            done.checkpointed = done.step
            if not all(bool(t.isfinite().all()) for t in whole_state(self).values()):
                raise Diverged(f"a weight became infinite or NaN at step {done.step}")
            yield CheckpointDue(done.step, done.epoch, line)

    def _guard(self, metrics: dict[str, float]) -> None:
        for name, value in metrics.items():
            self._refuse_nan(name, value)
        nll = metrics.get("nll_oracle")
        if nll is None:
            return
        limit = self.config.divergence_nats
        if nll > self._done.best_nll + limit:
            raise Diverged(
                f"NLL_oracle rose to {nll:.3f}, more than {limit:g} nats above its best "
                f"({self._done.best_nll:.3f})"
            )
        self._done.best_nll = min(nll, self._done.best_nll)

    def _refuse_nan(self, name: str, *values: float) -> None:
        if not all(math.isfinite(value) for value in values):
            raise Diverged(
                f"{name} became infinite or NaN at step {self._done.step + 1}; "
                "lower the learning rates, or branch from the last good checkpoint"
            )
