"""Runs, model files and traces, evaluated, measured and recorded anew as far as can be here."""

from __future__ import annotations

from itertools import zip_longest
from math import inf, isfinite
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from seqgan_core.insight.jobs import finish
from seqgan_core.judge.measurements import TEXT_SAMPLES, measure
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message, Problem
from seqgan_core.runs import bundle_reader as bundle
from seqgan_core.runs.bundle import opened
from seqgan_core.runs.records import from_json
from seqgan_core.runs.storage.checkpoints import Checkpoint
from seqgan_core.training.build import make_task
from seqgan_core.training.checkpoint_state import load_weights
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.evaluation import evaluate
from seqgan_core.training.events import DiscriminatorUpdated, Evaluated, Event, GeneratorUpdated
from seqgan_core.training.models import make_models
from seqgan_core.training.setup.model_files import digest_of, read_model
from seqgan_core.training.setup.provenance import Provenance, made_here
from seqgan_core.training.trace.record import record
from seqgan_core.training.trace.trace_file import load

# By how much numbers may differ on another processor: of samples, which a rounding error may
# change; of a model's rounded weights; of a trace, which samples little.
SAMPLED, MEASURED, TRACED = 0.02, 1e-3, 1e-4


def check_bundle(path: Path) -> Check:
    """A run's record from its events, its checkpoints' counts, and the newest evaluated anew.

    Raises:
        StoreError: it is damaged.
    """
    with opened(path) as archive:
        info, timed = bundle.read_info(archive), bundle.read_events(archive)
        row = from_json(archive.read("run.json"))
        names = bundle.checkpoint_names(archive)
        states = [bundle.read_checkpoint(archive, name, len(timed))[0] for name in names]
    check = Check(Message("run"), Provenance(**info.versions))
    events, times = [event for event, _ in timed], [seconds for _, seconds in timed]
    evaluations = [event for event in events if isinstance(event, Evaluated)]
    last = events[-1]
    known: dict[str, Any] = {"step": last.step, "epoch": last.epoch, "seconds": times[-1]}
    known |= {"status": getattr(last, "status", row["status"])}
    if evaluations:
        known["metrics"] = metrics = evaluations[-1].metrics
        nll = "nll_oracle" if "nll_oracle" in metrics else "nll_test"
        best = min(evaluations, key=lambda e: e.metrics[nll] if isfinite(e.metrics[nll]) else inf)
        known["best"] = {nll: best.metrics[nll], "epoch": best.epoch, "step": best.step}
    for name, value in known.items():
        check.equal(name, row.get(name), value)
    check.equal("events.seconds", times, sorted(times))
    for state in states:
        _counts(check, state, events[: state.seq + 1])
    measured = {event.step: event for event in evaluations}
    for state in [state for state in states if state.step in measured][-1:]:
        _evaluated(check, info, state, measured[state.step])
    return check


def _counts(check: Check, state: Checkpoint, before: list[Event]) -> None:
    """The checkpoint's counters against the updates that the events report."""
    updates = dict.fromkeys(("mle_updates", "policy_updates", "d_updates"), 0)
    for event in before:
        if isinstance(event, GeneratorUpdated):
            adversarial = event.phase == "adversarial"
            updates["policy_updates" if adversarial else "mle_updates"] += event.updates
        elif isinstance(event, DiscriminatorUpdated):
            updates["d_updates"] += event.updates
    place = f"checkpoint {state.step}"
    check.parts(place, state, step=before[-1].step, epoch=before[-1].epoch)
    for name, count in updates.items():
        check.equal(f"{place}.{name}", state.counters.get(name), count)


def _evaluated(check: Check, info: bundle.RunInfo, state: Checkpoint, old: Evaluated) -> None:
    device = "cpu" if info.device.startswith("CPU") else info.config.device
    try:
        models = make_models(info.config.model_copy(update={"device": device}))
    except Problem as problem:
        check.notes.append(Message("the evaluation is not repeated: {why}", why=problem))
        return
    load_weights(models, state.tensors)
    new = evaluate(models, old.step, old.epoch, old.line, old.phase)
    here, made = made_here(models.device), check.made
    same = (made.torch, made.processor, made.device) == (here.torch, here.processor, here.device)
    for name, value in old.metrics.items():
        within = 0.0 if same else SAMPLED
        check.equal(f"events.{old.step}.{name}", value, new.metrics.get(name), within)


def check_model(path: Path) -> Check:
    """The digest of a model's weights, its settings, and its metrics where the corpus is here.

    Raises:
        ConfigError: the file, or its settings, cannot be used.
    """
    model = read_model(path)
    card, config = model.card, TrainConfig.model_validate(model.card.config)
    check = Check(Message("model"), model.made)
    if model.digest:
        check.equal("digest", model.digest, digest_of(load_file(path)))
    sizes = {"vocab_size": len(card.words), "sequence_length": card.length, "task": card.task}
    check.parts("config", config, **sizes, corpus=card.corpus)
    try:
        task = make_task(config)
    except Problem as problem:
        check.notes.append(Message("its metrics are not measured again: {why}", why=problem))
        return check
    measured = finish(measure(model.generator, task, TEXT_SAMPLES, config.seed)).means()
    for name, value in measured.items():
        check.equal(f"metrics.{name}", card.metrics.get(name), value, MEASURED)
    return check


def check_trace(path: Path) -> Check:
    """Every variable of every step of a trace, recorded anew.

    Raises:
        TraceError: the file cannot be used.
    """
    trace = load(path)
    check = Check(Message("trace"), trace.versions)
    for at, steps in enumerate(zip_longest(trace.steps, record("", trace.config).steps)):
        old, new = (step and {"at": step.place, **step.variables} for step in steps)
        _alike(check, f"steps.{at}", old, new)
    return check


def _alike(check: Check, place: str, old: Any, new: Any) -> None:
    pairs: Any = ()
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        pairs = [(name, old[name], new[name]) for name in old]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = zip(range(len(old)), old, new, strict=True)
    else:
        check.equal(place, old, new, TRACED)
    for name, first, second in pairs:
        _alike(check, f"{place}.{name}", first, second)
