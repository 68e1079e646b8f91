"""What a trainer reports: frozen dataclasses of plain numbers, one for each kind of event.

`step` counts units of work from the start of the run (a report of MLE updates, one policy-gradient
update, a report of discriminator updates); `epoch` is the x axis of the paper's Figure 2: MLE
epochs, then adversarial rounds, counted on. `line` is the line of Algorithm 1 that ran.
"""

from dataclasses import asdict, dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, FiniteFloat, Strict, StrictBool, TypeAdapter

Count = Annotated[int, Strict(), Field(ge=0, lt=2**53)]
Number = Annotated[float, Strict()]  # NaN and the infinities included
Phase = Literal["pretrain_generator", "pretrain_discriminator", "adversarial"]


@dataclass(frozen=True)
class Event:
    """What all events share. The types of the fields are checked by `from_dict`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    step: Count
    epoch: Annotated[FiniteFloat, Strict()]
    line: Count


@dataclass(frozen=True)
class PhaseStarted(Event):
    """A phase began. `total` is its length in epochs (MLE), steps (D) or rounds."""

    phase: Phase
    total: Count


@dataclass(frozen=True)
class GeneratorUpdated(Event):
    """The generator took `updates` steps (1 in the adversarial phase).

    `loss` is nats per token: the mean NLL of the true tokens for MLE, the policy-gradient
    objective for a policy update. `grad_norm` is before clipping. `mean_q` and `std_q` are over
    sequences and positions, before normalisation, of what the strategy weighs tokens by or learns
    from: Q, λ-returns, the values of the searched roots, the winners' scores. They and `entropy`
    (nats per token, along the sampled sequences) are None in MLE. The value network's loss,
    explained variance and bias (mean v - mean target) are of targets that it had not learnt from;
    None without one.
    """

    phase: Phase
    updates: Count
    loss: Number
    grad_norm: Number
    mean_q: Number | None = None
    std_q: Number | None = None
    entropy: Number | None = None
    v_loss: Number | None = None
    v_explained: Number | None = None
    v_bias: Number | None = None


@dataclass(frozen=True)
class DiscriminatorUpdated(Event):
    """D took `updates` steps, or none when D was too strong.

    `loss` is cross-entropy in nats plus the L2 term; `accuracy` is on the batches it trained on
    (both None when skipped).
    """

    phase: Phase
    updates: Count
    loss: Number | None
    accuracy: Number | None
    skipped: StrictBool = False


@dataclass(frozen=True)
class Evaluated(Event):
    """Measured on fresh samples and held-out data.

    `metrics` holds at least `nll_oracle` and `nll_test` (nats per token, lower is better) for the
    oracle task, `entropy` (nats per token), and, when there is a discriminator, `d_accuracy`
    (held-out, chance is 0.5), `d_real` and `d_fake` (mean P(real)).
    `followed` are the eight sequences sampled with the same noise at every evaluation.
    """

    phase: Phase
    metrics: dict[str, Number]
    followed: list[list[Count]]


@dataclass(frozen=True)
class TemperaturePoint:
    """A model at one temperature, in nats per token; `nll_oracle` is None without an oracle."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    temperature: Number
    nll_test: Number
    nll_oracle: Number | None = None


@dataclass(frozen=True)
class TemperaturesMeasured(Event):
    """What MLE's model reaches by its temperature alone, measured once when MLE has ended.

    A method with a reward is compared with it: along these `points` (each over `n` samples), it
    only sharpens. Methods without a reward have no such event, and older runs have none either.
    """

    n: Count
    points: list[TemperaturePoint]


@dataclass(frozen=True)
class Traced(Event):
    """What line `line` of Algorithm 1 made or changed; only a traced trainer reports it.

    `round`, `g_step`, `d_step` and `t` count from 1 and are None outside their loops. `variables`
    are JSON-ready and described in `trace/tracer.py`; one that a line clears is None. The trainer
    may be in the middle of a step, so no checkpoint can be taken here. These events are not
    stored, so they are not among `EVENT_TYPES`.
    """

    round: int | None
    g_step: int | None
    d_step: int | None
    t: int | None
    variables: dict[str, Any]


@dataclass(frozen=True)
class CheckpointDue(Event):
    """The state is complete and finite, and should be saved."""


@dataclass(frozen=True)
class Finished(Event):
    """The last event. `status` is "finished", or "diverged" with the reason in a sentence."""

    status: Literal["finished", "diverged"]
    reason: str = ""


EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind for kind in Event.__subclasses__() if kind is not Traced
}


def to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON-ready values, with its type's name under "event"."""
    return {"event": type(event).__name__, **asdict(event)}


def from_dict(values: dict[str, Any]) -> Event:
    """The inverse of `to_dict`.

    Raises:
        ValueError: the type is unknown, or a field is missing, unknown or of the wrong type.
    """
    rest = dict(values)
    name = rest.pop("event", None)
    if name not in EVENT_TYPES:
        raise ValueError(f"event is {name!r}; it must be one of {', '.join(EVENT_TYPES)}")
    return _adapter(name).validate_python(rest)


@cache
def _adapter(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(EVENT_TYPES[name])
