"""The traces that can be stepped through: those that ship, and one with the viewer's settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.ui.algorithm.step_text import step_texts
from pages.ui.common import background_job, url_state
from seqgan_core.messages import _
from seqgan_core.training.trace import record
from seqgan_core.training.trace.tiny_problem import TINY, WHAT_IFS, tiny
from seqgan_core.training.trace.trace_diff import Divergence, first_difference, first_other_theta
from seqgan_core.training.trace.trace_file import RECORD, Trace, TraceError, load

OWN = "own"
NAMES = [*WHAT_IFS, OWN]
MOST_ROLLOUTS, FASTEST = 16, 0.3


@dataclass(frozen=True)
class TraceView:
    """A trace to step through: `id` is unique to it, `texts` has a text for every step."""

    id: str
    trace: Trace
    texts: list[str]


def title(name: str) -> str:
    """What a trace is called."""
    return {
        "base": _("As the paper has it"),
        "one_rollout": _("What if N = 1?"),
        "no_d_steps": _("What if D never learned in the rounds?"),
        "constant_reward": _("What if every reward were 1?"),
        OWN: _("My own settings"),
    }[name]


def recorded(name: str) -> TraceView:
    """A trace that ships.

    Raises:
        TraceError: it is missing, damaged or of another version.
    """
    file = record.FOLDER / f"{name}.json"
    return _read(file, file.stat().st_mtime_ns if file.is_file() else 0)


@lru_cache(maxsize=8)
def _read(file: Path, changed: int) -> TraceView:
    trace = load(file)
    return TraceView(f"{file.stem}/{changed}", trace, _texts_of(trace, file.name))


def _texts_of(trace: Trace, name: str) -> list[str]:
    try:
        return step_texts(trace)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        raise TraceError(
            f"the trace {name} is damaged: its steps do not fit together; "
            f"record it again with {RECORD}"
        ) from None


def own() -> TraceView | None:
    """A trace recorded now, with settings from the form and the address; None while it runs."""
    left, middle, right = st.columns(3)
    seed = left.number_input(
        _("Seed"), 0, 2**31 - 1, url_state.number("seed", TINY.seed + 1, 0, 2**31 - 1),
        key="own.seed", help=_("Other dice: other first weights, other draws, other roll-outs."),
    )  # fmt: skip
    n = middle.number_input(
        _("Roll-outs N"), 1, MOST_ROLLOUTS,
        url_state.number("n", TINY.n_rollouts, 1, MOST_ROLLOUTS), key="own.n",
        help=_("Completions whose mean score is Q."),
    )  # fmt: skip
    rate = right.number_input(
        _("Policy learning rate α"), 0.001, FASTEST, _rate(), step=0.01, format="%.3f",
        key="own.rate", help=_("How far line 12 moves θ. The paper's is 0.01."),
    )  # fmt: skip
    url_state.put(seed=seed, n=n, rate=f"{rate:.3f}")
    config = tiny(seed=int(seed), n_rollouts=int(n), g_learning_rate=round(float(rate), 3))
    trace = background_job.result(
        ("trace", config.model_dump_json()),
        lambda: record.recording(OWN, config),
        _("Running the algorithm on the tiny problem"),
    )
    if trace is None:
        return None
    return TraceView(f"{OWN}/{seed}/{n}/{rate:.3f}", trace, _texts_of(trace, OWN))


def _rate() -> float:
    try:
        rate = float(url_state.text("rate"))
    except ValueError:
        return TINY.g_learning_rate
    return min(FASTEST, max(0.001, rate)) if rate == rate else TINY.g_learning_rate


def divergences(trace: Trace, base: Trace) -> list[dict[str, object]]:
    """Where a trace first differs from the base, and where θ first does: text and step of each."""
    rows = []
    first, theta = first_difference(trace, base), first_other_theta(trace, base)
    if first is not None:
        text = _("It first parts from the base run at {place}: {what}.")
        rows.append(_divergence(text, first))
    if theta is not None and (first is None or theta.index != first.index):
        text = _("G's weights θ first differ at {place}: {what}.")
        rows.append(_divergence(text, theta))
    return rows


def _divergence(text: str, divergence: Divergence) -> dict[str, object]:
    step = divergence.step
    place = [_("line {n}").format(n=step.line)]
    if step.round is not None:
        place.append(_("round {n}").format(n=step.round))
    if step.t is not None:
        place.append(f"t = {step.t}")
    return {
        "text": text.format(place=", ".join(place), what=_reason(divergence)),
        "at": divergence.index + 1,
    }


def _reason(divergence: Divergence) -> str:
    name, base_step = divergence.variable, divergence.base_step
    if base_step is None:
        return _("the base run has ended there")
    if name is None:
        return _("the base run goes to line {n} there").format(n=base_step.line)
    ours, theirs = divergence.step.variables.get(name), base_step.variables.get(name)
    words = variable_names()[name][1]
    if name == "phi_norm" and ours is None:
        return _("there is no D in this run")
    if ours is None or theirs is None:
        missing = _("this run") if ours is None else _("the base run")
        return _("{run} has no {what}").format(run=missing, what=words)
    if name == "completions":
        return _("N is {n}, and {m} in the base run").format(n=len(ours[0]), m=len(theirs[0]))
    if isinstance(ours, float):
        return _("{what} {ours:.5f}, and {theirs:.5f} in the base run").format(
            what=words, ours=ours, theirs=theirs
        )
    return words


def variable_names() -> dict[str, tuple[str, str]]:
    """Symbol and description of every variable that a trace records."""
    return {
        "round": (_("round"), _("number of the round")),
        "rounds_left": (_("rounds left"), _("rounds still to come")),
        "g_step": (_("g-step"), _("number of G's update in the round")),
        "d_step": (_("d-step"), _("number of D's step in the round")),
        "t": ("t", _("place in the sequences")),
        "y": ("Y", _("sequence that G wrote")),
        "p": ("p", _("G's probability of each chosen token, before the update")),
        "p_after": ("p′", _("the same after the update")),
        "q": ("Q_t", _("value of each token")),
        "weights": ("w", _("weight of each token's log-probability: its Q, normalised if asked")),
        "log_p": ("ln p", _("log-probability of each chosen token, nats")),
        "completions": (_("completions"), _("completions of the prefix, by sequence")),
        "completion_scores": (_("scores"), _("score of each completion")),
        "loss": (_("loss"), _("policy-gradient loss −Σ w · ln p, nats")),
        "grad_norm": (_("‖gradient‖"), _("norm of the gradient, before clipping")),
        "theta_norm": ("‖θ‖", _("size of G's weights")),
        "theta_moved": (_("θ moved by"), _("distance that G's weights moved last")),
        "nll_real": (_("NLL of real rows"), _("G's NLL of the real rows, nats a token; lower is "
                                             "better")),
        "first": ("G(y_1)", _("G's distribution of the first token")),
        "mle_updates": (_("MLE updates"), _("updates of G by maximum likelihood")),
        "beta_is_theta": ("β = θ", _("whether the roll-out policy is G itself")),
        "beta_distance": ("‖β − θ‖", _("distance of the roll-out policy from G")),
        "phi_norm": ("‖φ‖", _("size of D's weights")),
        "phi_moved": (_("φ moved by"), _("distance that D's weights moved last")),
        "d_loss": (_("D's loss"), _("D's loss on these rows, nats; lower is better")),
        "d_accuracy": (_("accuracy"), _("share of these rows that D tells right")),
        "real": (_("real"), _("real sequence")),
        "real_scores": (_("P(real) of real"), _("D's P(real) of the real rows, before training")),
        "real_scores_after": (_("P(real) of real, after"), _("the same after training")),
        "fake": (_("fake"), _("sequence that G wrote for D")),
        "fake_scores": (_("P(real) of fake"), _("D's P(real) of G's rows, before training")),
        "fake_scores_after": (_("P(real) of fake, after"), _("the same after training")),
    }  # fmt: skip
