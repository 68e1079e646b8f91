"""A run's progress: with weights and moments, all that its continuation depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_args

from seqgan_core.training.events import Phase

PHASES: tuple[Phase, ...] = get_args(Phase)  # in the order of Algorithm 1


@dataclass(frozen=True)
class Plan:
    """How much a run has to do, from its settings and data."""

    pretrain_epochs: int
    mle_batches: int  # updates in an epoch of MLE; an incomplete last batch is dropped
    # rounds, g_steps, d_steps: rounds, and steps of G and of D in each (0 without a D)
    rounds: int
    g_steps: int
    d_steps: int
    d_batches: int  # updates of D on one set of negatives, over its k epochs
    report_every: int  # the most updates between two events


@dataclass
class Counters:
    """How much of a plan is done; each is counted before the event that reports it."""

    plan: Plan  # what there is to do; not in a checkpoint, because a branch may change it
    step: int = 0  # units of work, as in the events
    epoch: float = 0.0  # MLE epochs, then rounds
    phase: int = 0  # 0 not started, 1 MLE, 2 discriminator pre-training, 3 rounds
    # mle_updates, policy_updates, d_updates: optimiser steps of each kind
    mle_updates: int = 0
    policy_updates: int = 0
    d_updates: int = 0
    d_sets: int = 0  # sets of new negatives that D has finished
    d_batch: int = 0  # batches done in the current set, over its k epochs
    # rounds, g_steps, d_steps: finished rounds, and steps done in the current round
    rounds: int = 0
    g_steps: int = 0
    d_steps: int = 0
    measured_round: int = -1  # the last round whose end (line 18) was reached
    d_pretrain_measured: int = 0  # 1 once D's pre-training has ended
    temperatures_measured: int = 0  # 1 once MLE's temperature curve is measured
    # evaluated, checkpointed: the step of the last one, or -1
    evaluated: int = -1
    checkpointed: int = -1
    best_nll: float = 1e9  # the lowest NLL_oracle so far (1e9 before the first)

    def count_report(self) -> None:
        """Counts one more unit of work, and the share of the current epoch or round that is done.

        `epoch` does not change in D's pre-training.
        """
        self.step += 1
        plan, phase = self.plan, self.phase_name
        if phase == "pretrain_generator":
            self.epoch = self.mle_updates / plan.mle_batches
        elif phase == "adversarial":
            # a branch may have fewer steps per round than are already done
            steps = min(self.g_steps, plan.g_steps) + min(self.d_steps, plan.d_steps)
            share = steps / (plan.g_steps + plan.d_steps)
            self.epoch = plan.pretrain_epochs + self.rounds + share

    # -- phases ---------------------------------------------------------------------------------

    @property
    def phase_name(self) -> Phase:
        """The current phase; MLE for a run that has not begun."""
        return PHASES[max(1, self.phase) - 1]

    def reached(self, phase: Phase) -> bool:
        """Whether that phase, or a later one, has begun."""
        return self.phase > PHASES.index(phase)

    def begin(self, phase: Phase) -> bool:
        """Begins the phase; False for a run that was resumed inside it."""
        if self.reached(phase):
            return False
        self.phase = 1 + PHASES.index(phase)
        if phase == "adversarial":
            self.d_steps = 0
        return True

    # -- MLE ------------------------------------------------------------------------------------

    @property
    def in_mle(self) -> bool:
        """Whether epochs of MLE are left."""
        return self.mle_updates < self.plan.pretrain_epochs * self.plan.mle_batches

    def next_mle_updates(self) -> int:
        """How many MLE updates the next event reports; never beyond the end of the epoch."""
        in_epoch = self.plan.mle_batches
        return min(self.plan.report_every, in_epoch - self.mle_updates % in_epoch)

    # -- D --------------------------------------------------------------------------------------

    def next_d_batches(self) -> range:
        """The batches of the current set that the next event reports."""
        end = min(self.d_batch + self.plan.report_every, self.plan.d_batches)
        return range(self.d_batch, end)

    def count_d_batches(self, batches: range) -> None:
        """D was trained on these batches; the last ones finish the set."""
        self.d_batch = batches.stop
        if self.d_batch == self.plan.d_batches:
            self.end_d_set()
        self.count_report()

    def end_d_set(self) -> None:
        """Counts a set as finished or skipped."""
        self.d_batch = 0
        self.d_sets += 1
        self.d_steps += 1

    def leave_d_set(self) -> bool:
        """Ends a set whose batches are all done: after a branch inside it to fewer epochs."""
        over = self.d_batch >= self.plan.d_batches
        if over:
            self.end_d_set()
        return over

    def end_d_pretraining(self) -> None:
        """The trained D is to be evaluated and saved even if the step is the same."""
        if not self.d_pretrain_measured:
            self.d_pretrain_measured = 1
            self.evaluated = self.checkpointed = -1

    # -- rounds ---------------------------------------------------------------------------------

    def reach_line_18(self) -> bool:
        """All steps of the round are done; False for a run that was resumed here."""
        if self.measured_round == self.rounds:
            return False
        self.measured_round = self.rounds
        self.epoch = float(self.plan.pretrain_epochs + self.rounds + 1)
        return True

    def end_round(self) -> None:
        """Counts the round as finished."""
        self.rounds += 1
        self.g_steps = self.d_steps = 0

    # -- in a checkpoint ------------------------------------------------------------------------

    def as_dict(self) -> dict[str, int | float]:
        """JSON-ready, without the plan."""
        return {name: getattr(self, name) for name in _COUNTED}

    @classmethod
    def from_dict(cls, values: Mapping[str, int | float], plan: Plan) -> Counters:
        """The inverse of `as_dict`.

        Raises:
            ValueError: a counter is missing or unknown (a checkpoint of another version).
        """
        check_counters(values)
        return cls(plan, **values)  # type: ignore[arg-type]


_COUNTED = [field.name for field in fields(Counters) if field.name != "plan"]
_LATER = {"temperatures_measured": 0}  # not in checkpoints of older versions


def check_counters(values: Mapping[str, int | float]) -> None:
    """Refuses counters of another version.

    Raises:
        ValueError: a counter is missing or unknown.
    """
    odd = (_LATER | dict(values)).keys() ^ set(_COUNTED)
    if odd:
        raise ValueError(
            f"the checkpoint's counters do not fit this version: {', '.join(sorted(odd))}"
        )
