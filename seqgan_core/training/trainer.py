"""Algorithm 1 of the paper, as a generator of events.

The consumer holds the clock: pausing is not calling `next`, stepping is calling it once, stopping
is `close()`. At every `yield` the state is whole: what was done is counted, and what is counted
was done, so a checkpoint can be taken there and the events go on from it as if nothing had been.
Only at a `Traced` event, which a trainer yields when asked to, it may stand amid a step: that is no
place for a checkpoint.

The comments `# line N` say which line of Algorithm 1 a line of Python is; the screen that walks
through the algorithm finds them there.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import LongTensor, Tensor

from seqgan_core.paper.objectives import move_average, normalise_q
from seqgan_core.paper.rollout import RolloutValues, q_values
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.build import make_discriminator, make_generator, make_task
from seqgan_core.training.checkpoint_state import load_state, whole_state
from seqgan_core.training.checks import Diverged, measure, refuse_nan, too_strong
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.counters import Counters
from seqgan_core.training.devices import resolve_device
from seqgan_core.training.events import (
    DiscriminatorUpdated,
    Event,
    Finished,
    GeneratorUpdated,
    Phase,
    PhaseStarted,
)
from seqgan_core.training.learners.batches import DiscriminatorData, feeding, shuffled_batch
from seqgan_core.training.learners.learners import (
    DiscriminatorLearner,
    MleLearner,
    PolicyLearner,
    ScheduledLearner,
)
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.strategies import STRATEGIES, ConstantReward, Context
from seqgan_core.training.trace.tracer import Tell, Tracer, silent


class Trainer:
    """One run of one strategy.

    Args:
        config: all settings.
        task: by default the one that `config` names, made on the config's device.
        cuda_graphs: on a GPU, replay MLE's and D's steps as graphs.
        traced: also yield a `Traced` event after each line of Algorithm 1, with all that it made;
            weights and other events stay the same. For small problems: it tells every number.

    Raises:
        ConfigError, OracleFileError, CorpusError: the settings cannot be met on this machine.
    """

    def __init__(
        self,
        config: TrainConfig,
        task: Task | None = None,
        *,
        cuda_graphs: bool = True,
        traced: bool = False,
    ) -> None:
        self.config = config
        self.device = resolve_device(config.device)
        self.strategy = STRATEGIES[config.strategy]
        self.task = task or make_task(config, self.device)
        self._done = Counters()

        self.generator = make_generator(config, self.device)  # line 1
        self.rollout_policy = self.generator
        if config.rollout_policy == "average":  # a copy of its own, never an alias of the live one
            self.rollout_policy = make_generator(config, self.device)
        pace = config.pretrain_learning_rate, config.max_grad_norm
        end = self.task.end
        self.mle: MleLearner | ScheduledLearner = (
            ScheduledLearner(self.generator, *pace, end)
            if self.strategy.scheduled
            else MleLearner(self.generator, *pace, cuda_graphs, end)
        )
        self.policy = PolicyLearner(self.generator, config.g_learning_rate, config.max_grad_norm)
        self.discriminator = None
        self.critic: DiscriminatorLearner | None = None
        if self.strategy.trains_discriminator:
            self.discriminator = make_discriminator(config, self.device)  # line 1
            self.critic = DiscriminatorLearner(
                self.discriminator, config.d_learning_rate, config.d_l2, cuda_graphs
            )
        self._d_data = DiscriminatorData(config, self.task, self.generator)
        reward = self.strategy.reward
        self.reward = reward(Context(config, self.task, self.discriminator)) if reward else None
        self._tell: Tell = Tracer(self, self._done) if traced else silent

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
            ValueError: the tensors are not those of this configuration, or the run is traced.
        """
        if self._tell is not silent:
            raise ValueError("a traced run tells its lines from the first on; train it anew")
        done = Counters.from_dict(counters)
        load_state(whole_state(self), tensors)
        self._done = done
        self._d_data.forget()

    # -- Algorithm 1 ----------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Runs, or goes on with, Algorithm 1, yielding what happens."""
        try:
            yield from self._tell(1)
            if self.strategy.pretrains:
                yield from self._pretrain_generator()  # line 2
                if self._done.phase < 3:
                    self._move_rollout_policy(0.0)  # line 3
                    yield from self._tell(3)
            if self.config.rounds and self.strategy.trains_discriminator:
                yield from self._pretrain_discriminator()  # lines 4 and 5
            if self.strategy.pretrains:
                yield from self._adversarial_rounds()  # lines 6 to 19
            elif self._done.evaluated < 0:  # an untrained generator: there is only this to tell
                yield from self._measure(2, "pretrain_generator")
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
                yield from self._measure(2, "pretrain_generator", epoch, last)
            if done.mle_updates >= total:
                break
            left_in_epoch = in_epoch - done.mle_updates % in_epoch
            yield self._mle_updates(min(c.report_every, left_in_epoch), "pretrain_generator")
        yield from self._tell(2)

    def _mle_updates(self, count: int, phase: Phase) -> GeneratorUpdated:
        done, c, data = self._done, self.config, self.task.train_data()
        for _ in range(count):
            rows = shuffled_batch(c, len(data), done.mle_updates, self.device)
            noise = (c, len(data), done.mle_updates, self.device)
            self.mle(data[rows], *(feeding(*noise) if self.strategy.scheduled else ()))  # line 2
            done.mle_updates += 1
        reading = self.mle.read()
        refuse_nan(done.step + 1, "the generator's loss", reading.loss)
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
            yield from self._measure(5, "pretrain_discriminator")

    def _discriminator_step(self, line: int, phase: Phase) -> Iterator[Event]:
        """Lines 4, 15: fresh negatives; lines 5, 16: k epochs on them and as many real ones."""
        c, done = self.config, self._done
        assert self.critic is not None
        assert self.discriminator is not None
        if phase == "adversarial" and done.d_batch == 0 and too_strong(self, done):
            self._end_of_set()
            done.step += 1
            self._advance_epoch(phase)
            yield DiscriminatorUpdated(done.step, done.epoch, line, phase, 0, None, None, True)
            return
        total = self._d_data.batches_in_epoch * c.d_epochs
        if done.d_batch >= total:  # branched inside a set, with fewer epochs or a smaller set
            self._end_of_set()
            return
        real, fake = self._d_data.draw(done.d_sets)  # lines 4 and 15
        yield from self._tell(line - 1, real, fake)
        while done.d_batch < total:
            chunk = min(c.report_every, total - done.d_batch)
            for batch in range(done.d_batch, done.d_batch + chunk):
                tokens, labels = self._d_data.batch(done.d_sets, batch)
                rng = rng_for(c.seed, "dropout", done.d_updates, self.device)
                mask = self.discriminator.dropout_mask(len(tokens), c.d_dropout_keep, rng)
                self.critic(tokens, labels, mask)  # lines 5 and 16
                done.d_updates += 1
            reading = self.critic.read()
            refuse_nan(done.step + 1, "the discriminator's loss", reading.loss)
            done.d_batch += chunk
            done.step += 1
            if done.d_batch == total:  # counted before the yield: there the state must be whole
                total = 0
                self._end_of_set()
            self._advance_epoch(phase)
            yield DiscriminatorUpdated(
                done.step, done.epoch, line, phase, reading.updates, reading.loss, reading.other
            )
        yield from self._tell(line, real, fake)

    def _end_of_set(self) -> None:
        self._done.d_batch = 0
        self._done.d_sets += 1
        self._done.d_steps += 1

    def _adversarial_rounds(self) -> Iterator[Event]:
        c, done = self.config, self._done
        if not c.rounds:
            return
        if done.phase <= 2:
            done.phase = 3
            done.d_steps = 0
            yield PhaseStarted(done.step, done.epoch, 6, "adversarial", c.rounds)
        while done.rounds < c.rounds:  # lines 6 and 19
            yield from self._tell(6)
            while done.g_steps < c.g_steps:  # lines 7 and 13
                yield from self._generator_step()
            yield from self._tell(13)
            while self.critic is not None and done.d_steps < c.d_steps:  # lines 14 and 17
                yield from self._tell(14)
                yield from self._discriminator_step(16, "adversarial")
            yield from self._tell(17)
            if done.measured_round != done.rounds:
                done.measured_round = done.rounds
                self._move_rollout_policy(c.rollout_update_rate)  # line 18
                done.epoch = float(c.pretrain_epochs + done.rounds + 1)
            yield from self._tell(18)
            last = done.rounds + 1 == c.rounds
            yield from self._measure(18, "adversarial", done.rounds + 1, last)
            done.rounds += 1
            done.g_steps = done.d_steps = 0
            yield from self._tell(19)

    def _generator_step(self) -> Iterator[Event]:
        """Lines 8 to 12; for MLE one more MLE update in their place."""
        c, done = self.config, self._done
        done.g_steps += 1
        yield from self._tell(7)
        if self.reward is None:
            yield self._mle_updates(1, "adversarial")
            return
        rng = rng_for(c.seed, "policy", done.policy_updates, self.device)
        tokens = self.generator.sample(c.g_batch_size, self.task.sequence_length, rng)  # line 8
        yield from self._tell(8, tokens)
        q, rollouts = self._q(tokens, rng)  # lines 9 to 11
        yield from self._tell(10, tokens, q, rollouts)
        weights = normalise_q(q, c.q_normalisation if self.strategy.normalises_q else "none")
        reading = self.policy(tokens, q, weights)  # line 12
        refuse_nan(done.step + 1, "the policy gradient's loss", reading.loss, reading.grad_norm)
        done.policy_updates += 1
        done.step += 1
        self._advance_epoch("adversarial")
        yield from self._tell(12, tokens, weights, reading)
        yield GeneratorUpdated(done.step, done.epoch, 12, "adversarial", 1, *reading)

    def _q(self, tokens: LongTensor, rng: torch.Generator) -> tuple[Tensor, RolloutValues | None]:
        """Q (B, T), and the roll-outs behind it where there are any."""
        assert self.reward is not None
        if isinstance(self.reward, ConstantReward):  # its mean over roll-outs is itself
            return torch.full(tokens.shape, self.reward.value, device=self.device), None
        n = self.config.n_rollouts
        values = q_values(self.rollout_policy, self.reward, tokens, n, rng)  # lines 9 to 11
        return values.q, values

    def _move_rollout_policy(self, rate: float) -> None:
        """β ← rate · β + (1 - rate) · θ; the live policy is θ itself: nothing to do."""
        if self.rollout_policy is not self.generator:
            move_average(self.rollout_policy, self.generator, rate)  # lines 3 and 18

    def _advance_epoch(self, phase: Phase) -> None:
        in_epoch = len(self.task.train_data()) // self.config.batch_size
        self._done.advance_epoch(self.config, phase, in_epoch, self.critic is not None)

    def _measure(self, line: int, phase: Phase, n: int = 0, last: bool = True) -> Iterator[Event]:
        return measure(self, self._done, line, phase, n, last)
