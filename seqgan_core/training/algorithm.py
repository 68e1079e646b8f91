"""Algorithm 1 of the paper, from line 1 to line 19.

A comment `# line N` marks the line of the algorithm that a line of Python implements; the Algorithm
screen reads these comments. `trace(N, ...)` reports line N and its results, in a traced run only.
`done` holds the run's progress, so a run that was saved at any event continues there.
"""

from collections.abc import Iterator

from seqgan_core.tasks.protocol import Task
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Event
from seqgan_core.training.models import make_models
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.steps import Steps


class Algorithm1(Steps):
    """Trains G, and D where the strategy has one.

    Args:
        config: all settings.
        task: by default the one that `config` names, made on the config's device.
        cuda_graphs: on a GPU, replay MLE's and D's steps as graphs.
        traced: also yield a `Traced` event after each line of Algorithm 1, with every number it
            made (for small problems); weights and other events stay the same.

    Raises:
        ConfigError, OracleFileError, CorpusError: the settings cannot be used on this machine.
    """

    def __init__(
        self, config: TrainConfig, task: Task | None = None, *, cuda_graphs: bool = True,
        traced: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(make_models(config, task), cuda_graphs, traced)  # line 1

    def run(self) -> Iterator[Event]:
        """Runs the algorithm, or continues it from what is done."""
        c, done, strategy = self.config, self.done, self.strategy
        yield from self.trace(1)
        if not strategy.pretrains:
            yield from self.measure(line=2)  # there is only an untrained generator
            return
        if not done.reached("pretrain_discriminator"):
            yield from self.pretrain_generator()  # line 2
            yield from self.measure_temperatures()
        if not done.reached("adversarial"):
            self.move_rollout_policy(rate=0.0)  # line 3
            yield from self.trace(3)
        if c.rounds and strategy.trains_discriminator and not done.reached("adversarial"):
            yield from self.pretrain_discriminator()  # lines 4 and 5
        if c.rounds:
            yield from self.adversarial_rounds()  # lines 6 to 19

    def pretrain_generator(self) -> Iterator[Event]:
        """Line 2: MLE on the real sequences."""
        yield from self.begin("pretrain_generator", 2, self.config.pretrain_epochs)
        yield from self.measure_epoch()
        while self.done.in_mle:
            yield self.mle_updates(self.done.next_mle_updates())  # line 2
            yield from self.measure_epoch()
        yield from self.trace(2)

    def pretrain_discriminator(self) -> Iterator[Event]:
        """Lines 4 and 5, `d_pretrain_steps` times."""
        d_pretrain_steps = self.config.d_pretrain_steps
        yield from self.begin("pretrain_discriminator", 4, d_pretrain_steps)
        while self.done.d_sets < d_pretrain_steps:
            yield from self.discriminator_step(line=5)
        self.done.end_d_pretraining()
        yield from self.measure(line=5)

    def adversarial_rounds(self) -> Iterator[Event]:
        """Lines 6 to 19: g-steps and d-steps in turn."""
        c, done = self.config, self.done
        yield from self.begin("adversarial", 6, c.rounds)
        while done.rounds < c.rounds:  # lines 6 and 19
            yield from self.trace(6)
            while done.g_steps < c.g_steps:  # lines 7 and 13
                yield from self.generator_step()
            yield from self.trace(13)
            while done.d_steps < self.plan.d_steps:  # lines 14 and 17
                yield from self.trace(14)
                yield from self.discriminator_step(line=16)
            yield from self.trace(17)
            if done.reach_line_18():
                self.move_rollout_policy(c.rollout_update_rate)  # line 18
            yield from self.trace(18)
            yield from self.measure_round()
            done.end_round()
            yield from self.trace(19)

    def generator_step(self) -> Iterator[Event]:
        """Lines 8 to 12; without a reward, one more MLE update in their place."""
        c, G, T = self.config, self.models.generator, self.models.task.sequence_length
        self.done.g_steps += 1
        yield from self.trace(7)
        if self.reward is None:
            yield self.mle_updates(1)
            return
        rng = rng_for(c.seed, "policy", self.done.policy_updates, self.models.device)
        tokens = G.sample(c.g_batch_size, T, rng)  # line 8
        yield from self.trace(8, tokens)
        if self.strategy.ahead is not None:
            yield self.look_ahead(tokens, rng)  # in place of lines 9 to 12
            return
        q, rollouts = self.q_values(tokens, rng)  # lines 9 to 11
        weights, values, learnt = self.weights(tokens, q)
        yield from self.trace(10, tokens, q, rollouts, values)
        reading = self.learners.policy(tokens, q, weights)  # line 12
        event = self.policy_updated(reading, learnt)
        yield from self.trace(12, tokens, weights, reading)
        yield event

    def discriminator_step(self, line: int) -> Iterator[Event]:
        """Lines 4, 15: new negatives; lines 5, 16: k epochs on them and as many real sequences."""
        number = self.done.d_sets
        if self.holds_d_back():
            yield self.discriminator_skipped(line)
            return
        if self.done.leave_d_set():
            return
        real, fake = self.d_data.draw(number)  # lines 4 and 15
        yield from self.trace(line - 1, real, fake)
        while self.done.d_sets == number:
            yield self.discriminator_updates(self.done.next_d_batches(), line)  # lines 5 and 16
        yield from self.trace(line, real, fake)
