"""The traces that can be stepped through: those that ship, and one with the viewer's settings."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.algorithm.step_text import step_texts
from pages.ui.common import background_job, choice
from pages.ui.common import recorded as recorded_files
from pages.ui.common.component import texts_of
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
    trace = recorded_files.recorded(file, load)
    return TraceView(f"{name}/{file.stat().st_mtime_ns}", trace, _texts_of(trace, file.name))


def _texts_of(trace: Trace, name: str) -> list[str]:
    try:
        return step_texts(trace)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        raise TraceError("trace.damaged", name=name, command=RECORD) from None


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
    key, what = ("trace", config.model_dump_json()), _("Running the algorithm on the tiny problem")
    trace = background_job.result(key, lambda: record.recording(OWN, config), what)
    if trace is None:
        return None
    return TraceView(f"{OWN}/{seed}/{n}/{rate:.3f}", trace, _texts_of(trace, OWN))


def divergences(trace: Trace, base: Trace) -> list[dict[str, object]]:
    """Where a trace first differs from the base, and where θ first does: text and step of each."""
    first, theta = first_difference(trace, base), first_other_theta(trace, base)
    found = []
    if first is not None:
        found.append((_("First difference from the base run: {place} ({what})"), first))
    if theta is not None and (first is None or theta.index != first.index):
        found.append((_("First difference in θ: {place} ({what})"), theta))
    return [_divergence(text, divergence) for text, divergence in found]


def _divergence(text: str, divergence: Divergence) -> dict[str, object]:
    step = divergence.step
    place = [_("line {n}").format(n=step.line)]
    if step.round is not None:
        place.append(_("round {n}").format(n=step.round))
    if step.t is not None:
        place.append(f"t = {step.t}")
    words = text.format(place=", ".join(place), what=_reason(divergence))
    return {"text": words, "at": divergence.index + 1}


def _reason(divergence: Divergence) -> str:
    name, base_step = divergence.variable, divergence.base_step
    if base_step is None:
        return _("the base run has ended")
    if name is None:
        return _("the base run is at line {n}").format(n=base_step.line)
    ours, theirs = divergence.step.variables.get(name), base_step.variables.get(name)
    words = _(texts_of("algorithm")["names"][name][1])
    if name == "phi_norm" and ours is None:
        return _("this run has no D")
    if ours is None:
        return _("only in the base run: {what}").format(what=words)
    if theirs is None:
        return _("only in this run: {what}").format(what=words)
    if name == "completions":
        return _("N = {n} instead of {m}").format(n=len(ours[0]), m=len(theirs[0]))
    if isinstance(ours, float):
        text = _("{what}: {ours:.5f} instead of {theirs:.5f}")
        return text.format(what=words, ours=ours, theirs=theirs)
    return words
