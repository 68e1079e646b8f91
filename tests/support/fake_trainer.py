"""A trainer that counts: quick, with a pace that a test sets, and trouble on request."""

import threading
from collections.abc import Callable, Iterator

import torch

from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import (
    CheckpointDue,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
)

TINY = TrainConfig(
    vocab_size=30,
    sequence_length=6,
    n_train=256,
    n_test=64,
    g_embedding_size=8,
    g_hidden_size=8,
    d_embedding_size=8,
    d_widths=(1, 2, 3),
    d_filters=(8, 8, 8),
    d_pretrain_steps=2,
    d_steps=2,
    d_epochs=1,
    n_rollouts=4,
    pretrain_epochs=4,
    rounds=6,
    n_eval=64,
    evaluate_every=2,
    checkpoint_every=2,
    device="cpu",
)


class FakeTrainer:
    """Two steps an epoch, `config.pretrain_epochs` epochs; the weight doubles and adds the step.

    `before` is called with the number of the step that comes; it may wait or raise.
    """

    device = torch.device("cpu")

    def __init__(
        self,
        config: TrainConfig,
        before: Callable[[int], None] = lambda step: None,
        *,
        diverges_at: int | None = None,
    ) -> None:
        self.config, self.before, self.diverges_at = config, before, diverges_at
        self.weight = torch.ones(3, dtype=torch.float64)
        self.counters: dict[str, int | float] = {"step": 0, "stage": 0}

    def state(self) -> dict[str, torch.Tensor]:
        return {"weight": self.weight.clone()}

    def load(self, tensors: dict[str, torch.Tensor], counters: dict[str, int | float]) -> None:
        self.weight = tensors["weight"].clone()
        self.counters = dict(counters)

    def events(self) -> Iterator[Event]:
        c = self.counters
        if not c["stage"]:
            c["stage"] = 1
            yield PhaseStarted(0, 0.0, 2, "pretrain_generator", self.config.pretrain_epochs)
        while c["step"] < 2 * self.config.pretrain_epochs:
            if c["stage"] == 1:
                step = int(c["step"]) + 1
                self.before(step)
                if step == self.diverges_at:
                    yield Finished(step - 1, (step - 1) / 2, 19, "diverged", "the loss became NaN")
                    return
                self.weight = (self.weight * 2 + step) % 1009
                c["stage"] = 2
                yield GeneratorUpdated(step, step / 2, 2, "pretrain_generator", 1, 1 / step, 1.0)
            step = int(c["step"]) + 1
            if c["stage"] == 2:
                c["stage"] = 3
                if step % (2 * self.config.evaluate_every) == 0:
                    metrics = {"nll_oracle": 10.0 - step, "nll_test": 5.0}
                    yield Evaluated(step, step / 2, 2, "pretrain_generator", metrics, [[1, 2]])
            c["step"], c["stage"] = step, 1
            if step % (2 * self.config.checkpoint_every) == 0:
                yield CheckpointDue(step, step / 2, 2)
        yield Finished(int(c["step"]), c["step"] / 2, 19, "finished")


class Pace:
    """Lets a fake trainer take one step for each permission."""

    def __init__(self, steps: int = 0) -> None:
        self._permissions = threading.Semaphore(steps)
        self.stuck = threading.Event()  # set when the trainer wants more than it may

    def __call__(self, step: int) -> None:
        if not self._permissions.acquire(blocking=False):
            self.stuck.set()
            assert self._permissions.acquire(timeout=30), "the test forgot its trainer"
            self.stuck.clear()

    def allow(self, steps: int = 1) -> None:
        self._permissions.release(steps)
