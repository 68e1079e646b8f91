"""How far a run is: with the weights and moments, all that its future depends on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from seqgan_core.training.config import TrainConfig


@dataclass
class Counters:
    """What has been done; each is counted before the event that tells of it.

    Attributes:
        step: units of work, as in the events.
        epoch: MLE epochs, then rounds.
        phase: 0 not started, 1 MLE, 2 discriminator pre-training, 3 rounds.
        mle_updates, policy_updates, d_updates: optimiser steps of each kind.
        d_sets: sets of fresh negatives that D has finished with.
        d_batch: batches done of the set in progress, over its k epochs.
        rounds, g_steps, d_steps: finished rounds, and what is done of the round in progress.
        measured_round: the last round whose end (line 18) was reached.
        d_pretrain_measured: 1 once D's pre-training is over.
        evaluated, checkpointed: the step at which that happened last, or -1.
        best_nll: the lowest NLL_oracle so far (1e9 before the first).
    """

    step: int = 0
    epoch: float = 0.0
    phase: int = 0
    mle_updates: int = 0
    policy_updates: int = 0
    d_updates: int = 0
    d_sets: int = 0
    d_batch: int = 0
    rounds: int = 0
    g_steps: int = 0
    d_steps: int = 0
    measured_round: int = -1
    d_pretrain_measured: int = 0
    evaluated: int = -1
    checkpointed: int = -1
    best_nll: float = 1e9

    def advance_epoch(self, c: TrainConfig, phase: str, in_epoch: int, with_d: bool) -> None:
        """Moves `epoch` to what is done: MLE epochs, then rounds, and the share of the one begun.

        Args:
            c: the run's settings.
            phase: the phase under way; in D's pre-training time stands still.
            in_epoch: MLE updates in an epoch.
            with_d: whether the rounds hold steps of D.
        """
        if phase == "pretrain_generator":
            self.epoch = self.mle_updates / in_epoch
        elif phase == "adversarial":
            d_steps = c.d_steps if with_d else 0
            # a branch may have fewer steps a round than were done already
            over = min(self.g_steps, c.g_steps) + min(self.d_steps, d_steps)
            self.epoch = c.pretrain_epochs + self.rounds + over / (c.g_steps + d_steps)

    def as_dict(self) -> dict[str, int | float]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, int | float]) -> Counters:
        """The inverse of `as_dict`.

        Raises:
            ValueError: a counter is missing or unknown (a checkpoint of another version).
        """
        wanted = {field.name for field in fields(cls)}
        if set(values) != wanted:
            odd = ", ".join(sorted(set(values) ^ wanted))
            raise ValueError(f"the checkpoint's counters do not fit this version: {odd}")
        return cls(**values)  # type: ignore[arg-type]
