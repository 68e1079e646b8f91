"""The traces that can be stepped through: those that ship, and one with the viewer's settings."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.algorithm.step_text import step_texts
from pages.ui.common import background_job, choice
from pages.ui.common import recorded as recorded_files
from seqgan_core.messages import N_, _
from seqgan_core.training.trace import record
from seqgan_core.training.trace.tiny_problem import TINY, tiny
from seqgan_core.training.trace.trace_diff import Divergence, first_difference, first_other_theta
from seqgan_core.training.trace.trace_file import RECORD, Trace, TraceError, load

BASE, OWN = "base", "own"  # "own" is recorded on the spot
TITLES = {
    BASE: N_("As in the paper"),
    "one_rollout": N_("What if N = 1?"),
    "no_d_steps": N_("What if D is not trained in the rounds?"),
    "constant_reward": N_("What if every reward is 1?"),
    "value_network": N_("What if a value network is the baseline?"),
    OWN: N_("Custom settings"),
}
MOST_ROLLOUTS, SLOWEST, FASTEST = 16, 0.001, 0.3


@dataclass(frozen=True)
class TraceView:
    """A trace to step through: `id` is unique to it, `texts` has a text for every step."""

    id: str
    trace: Trace
    texts: list[str]


def recorded(name: str) -> TraceView:
    """A trace that ships.

    Raises:
        TraceError: it is missing, damaged or of another version.
    """
    file = record.FOLDER / f"{name}.json"
    trace: Trace = recorded_files.recorded(file, load)
    return TraceView(f"{name}/{file.stat().st_mtime_ns}", trace, _texts_of(trace, file.name))


def _texts_of(trace: Trace, name: str) -> list[str]:
    try:
        return step_texts(trace)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        raise TraceError(
            "trace.damaged",
            "the trace {name} is damaged: its steps do not fit together; record it again with "
            "{command}",
            name=name,
            command=RECORD,
        ) from None


def own() -> TraceView | None:
    """A trace recorded now, with settings from the form and the address; None while it runs."""
    left, middle, right = st.columns(3)
    seed = choice.number(
        "seed", _("Seed"), 0, 2**31 - 1, TINY.seed + 1, key="algorithm-seed", place=left,
        help=_("Another seed gives different weights, samples and roll-outs."),
    )  # fmt: skip
    n = choice.number(
        "n", _("Roll-outs N"), 1, MOST_ROLLOUTS, TINY.n_rollouts, key="algorithm-n", place=middle,
        help=_("Completions whose mean score is Q."),
    )  # fmt: skip
    rate = choice.number(
        "rate", _("Policy learning rate α"), SLOWEST, FASTEST, TINY.g_learning_rate,
        key="algorithm-rate", place=right, step=0.01, format="%.3f",
        help=_("How far line 12 moves θ. The paper uses 0.01."),
    )  # fmt: skip
    config = tiny(seed=seed, n_rollouts=n, g_learning_rate=round(rate, 3))
    trace = background_job.result(
        ("trace", config.model_dump_json()),
        lambda: record.recording(OWN, config),
        _("Running the algorithm on the tiny problem"),
    )
    if trace is None:
        return None
    return TraceView(f"{OWN}/{seed}/{n}/{rate:.3f}", trace, _texts_of(trace, OWN))


def divergences(trace: Trace, base: Trace) -> list[dict[str, object]]:
    """Where a trace first differs from the base, and where θ first does: text and step of each."""
    rows = []
    first, theta = first_difference(trace, base), first_other_theta(trace, base)
    if first is not None:
        text = _("First difference from the base run: {place} ({what})")
        rows.append(_divergence(text, first))
    if theta is not None and (first is None or theta.index != first.index):
        text = _("First difference in θ: {place} ({what})")
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
        return _("the base run has ended")
    if name is None:
        return _("the base run is at line {n}").format(n=base_step.line)
    ours, theirs = divergence.step.variables.get(name), base_step.variables.get(name)
    words = variable_names()[name][1]
    if name == "phi_norm" and ours is None:
        return _("this run has no D")
    if ours is None:
        return _("only in the base run: {what}").format(what=words)
    if theirs is None:
        return _("only in this run: {what}").format(what=words)
    if name == "completions":
        return _("N = {n} instead of {m}").format(n=len(ours[0]), m=len(theirs[0]))
    if isinstance(ours, float):
        return _("{what}: {ours:.5f} instead of {theirs:.5f}").format(
            what=words, ours=ours, theirs=theirs
        )
    return words


def variable_names() -> dict[str, tuple[str, str]]:
    """Symbol and description of every variable that a trace records."""
    return {
        "round": (_("round"), _("number of the round")),
        "rounds_left": (_("rounds left"), _("rounds that remain")),
        "g_step": (_("g-step"), _("number of G's update in the round")),
        "d_step": (_("d-step"), _("number of D's step in the round")),
        "t": ("t", _("position in the sequences")),
        "y": ("Y", _("sample of G")),
        "p": ("p", _("G's probability of each chosen token, before the update")),
        "p_after": ("p′", _("the same after the update")),
        "q": ("Q_t", _("value of each token")),
        "v": ("v", _("the value network's value of the prefix before each token")),
        "weights": ("w", _("weight of each token's log-probability: Q, or Q normalised")),
        "log_p": ("ln p", _("log-probability of each chosen token, nats")),
        "completions": (_("completions"), _("completions of the prefix, by sequence")),
        "completion_scores": (_("scores"), _("score of each completion")),
        "loss": (_("loss"), _("policy-gradient loss −Σ w · ln p, nats")),
        "grad_norm": (_("‖gradient‖"), _("norm of the gradient, before clipping")),
        "theta_norm": ("‖θ‖", _("norm of G's weights")),
        "theta_moved": (_("θ moved by"), _("how far G's weights last moved")),
        "nll_real": (_("NLL of real"), _("G's NLL of the real sequences, nats per token, lower is "
                                         "better")),
        "first": ("G(y_1)", _("G's distribution of the first token")),
        "mle_updates": (_("MLE updates"), _("updates of G by maximum likelihood")),
        "beta_is_theta": ("β = θ", _("whether the roll-out policy is G itself")),
        "beta_distance": ("‖β − θ‖", _("distance between the roll-out policy and G")),
        "phi_norm": ("‖φ‖", _("norm of D's weights")),
        "phi_moved": (_("φ moved by"), _("how far D's weights last moved")),
        "d_loss": (_("D's loss"), _("D's loss on these sequences, nats, lower is better")),
        "d_accuracy": (_("accuracy"), _("share of these sequences that D classifies correctly")),
        "real": (_("real"), _("real sequence")),
        "real_scores": (_("P(real) of real"), _("D's P(real) of real sequences, before training")),
        "real_scores_after": (_("P(real) of real, after"), _("the same after training")),
        "fake": (_("fake"), _("sample of G for D")),
        "fake_scores": (_("P(real) of fake"), _("D's P(real) of G's samples, before training")),
        "fake_scores_after": (_("P(real) of fake, after"), _("the same after training")),
    }  # fmt: skip
