"""One run of one strategy, as a generator of events.

The consumer sets the pace: pausing is not calling `next`, stepping is calling it once, stopping is
`close()`. At every `yield` the state and the counters are complete, so a checkpoint can be taken
there, and training continues from it bit by bit the same. The exception is a `Traced` event, which
only a traced trainer yields: it may come in the middle of a step.
"""

from collections.abc import Generator

import torch
from torch import Tensor

from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.checkpoint_state import load_state, whole_state
from seqgan_core.training.checks import Diverged
from seqgan_core.training.config import ConfigError
from seqgan_core.training.counters import Counters
from seqgan_core.training.events import Event, Finished
from seqgan_core.training.trace.tracer import Tracer


class Trainer(Algorithm1):
    """One run of one strategy; its live `models` are changed by training."""

    def events(self) -> Generator[Event]:
        """Runs or continues Algorithm 1 and yields its events."""
        try:
            yield from self.run()
        except Diverged as reason:
            yield Finished(self.done.step, self.done.epoch, 19, "diverged", str(reason))
        else:
            yield Finished(self.done.step, self.done.epoch, 19, "finished")

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.models.device

    @property
    def counters(self) -> dict[str, int | float]:
        """How far the run is, JSON-ready; with `state()` all that a checkpoint needs."""
        return self.done.as_dict()

    def state(self) -> dict[str, Tensor]:
        """Weights and both optimisers' moments, copied to the CPU."""
        state = whole_state(self.models)
        return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}

    def load(self, tensors: dict[str, Tensor], counters: dict[str, int | float]) -> None:
        """Restores a state; `events()` then continues from there.

        Raises:
            ValueError: the tensors are not those of this configuration, or the run is traced.
            ConfigError: the corpus is no longer what the run has learnt from so far.
        """
        if isinstance(self.trace, Tracer):
            raise ValueError("a traced run must be traced from its start; train it again")
        c, n = self.config, len(self.models.task.train_data())
        if c.task in CORPUS_TASKS and n != c.n_train:
            raise ConfigError("config.data-changed", before=c.n_train, n=n, corpus=c.corpus)
        done = Counters.from_dict(counters, self.plan)
        load_state(self.models, tensors)
        self.done = done
        self.d_data.forget()
