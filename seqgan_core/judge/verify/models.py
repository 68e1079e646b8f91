"""Runs, model files and traces, evaluated, measured and recorded anew as far as can be here."""

from __future__ import annotations

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
from seqgan_core.training.build import make_task
from seqgan_core.training.checkpoint_state import load_weights
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.evaluation import at_temperature, evaluate
from seqgan_core.training.events import (
    DiscriminatorUpdated,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    TemperaturesMeasured,
)
from seqgan_core.training.models import RunModels, make_models
from seqgan_core.training.setup.model_files import digest_of, read_model
from seqgan_core.training.setup.provenance import Provenance, made_here
from seqgan_core.training.trace.record import record
from seqgan_core.training.trace.trace_file import load, to_dict

# By how much numbers may differ on another processor: of samples, which a rounding error may
# change; of a model's rounded weights; of a trace, which samples little.
SAMPLED, MEASURED, TRACED = 0.02, 1e-3, 1e-4


def check_bundle(path: Path) -> Check:
    """A run's record from its events, its checkpoints' counts, and what was measured of them.

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
    known: dict[str, Any] = {}
    for last in events[-1:]:
        known |= {"step": last.step, "epoch": last.epoch, "seconds": max(times)}
        if isinstance(last, Finished) and info.status != "recorded":
            known["status"] = last.status
    if evaluations:
        known["metrics"] = evaluations[-1].metrics
        nll = "nll_oracle" if "nll_oracle" in known["metrics"] else "nll_test"
        best = min(evaluations, key=lambda e: e.metrics[nll] if isfinite(e.metrics[nll]) else inf)
        known["best"] = {nll: best.metrics[nll], "epoch": best.epoch, "step": best.step}
    check.equal("run", {name: row.get(name) for name in known}, known)
    for state in states:
        before = events[: state.seq + 1]
        updates = [(e.phase, e.updates) for e in before if isinstance(e, GeneratorUpdated)]
        counted = {
            "mle_updates": sum(n for phase, n in updates if phase != "adversarial"),
            "policy_updates": sum(n for phase, n in updates if phase == "adversarial"),
            "d_updates": sum(e.updates for e in before if isinstance(e, DiscriminatorUpdated)),
        }
        place = f"checkpoint {state.step}"
        check.equal(place, state, {"step": before[-1].step, "epoch": before[-1].epoch})
        check.equal(place, {name: state.counters.get(name) for name in counted}, counted)
    device = "cpu" if info.device.startswith("CPU") else info.config.device
    try:
        models = make_models(info.config.model_copy(update={"device": device}))
    except Problem as problem:
        check.notes.append(Message("no evaluation is repeated: {why}", why=problem))
        return check
    here, made = made_here(models.device), check.made
    same = (made.torch, made.processor, made.device) == (here.torch, here.processor, here.device)
    for state in states:
        load_weights(models, state.tensors)
        for event in [event for event in events if event.step == state.step]:
            again = _again(models, event)
            check.equal(f"events.{state.step}", event, again, 0.0 if same else SAMPLED)
    return check


def _again(models: RunModels, old: Event) -> dict[str, Any]:
    """What an event measured of the models, measured again; empty for other events."""
    G, task, seed = models.generator, models.task, models.config.seed
    if isinstance(old, Evaluated):
        return {"metrics": evaluate(models, old.step, old.epoch, old.line, old.phase).metrics}
    if isinstance(old, TemperaturesMeasured):
        at = [at_temperature(G, task, point.temperature, old.n, seed) for point in old.points]
        return {"points": [vars(point) for point in at]}
    return {}


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
    stated = {"vocab_size": len(card.words), "sequence_length": card.length, "task": card.task}
    check.equal("config", config, stated | {"corpus": card.corpus})
    try:
        task = make_task(config)
    except Problem as problem:
        check.notes.append(Message("its metrics are not measured again: {why}", why=problem))
        return check
    measured = finish(measure(model.generator, task, TEXT_SAMPLES, config.seed)).means()
    check.equal("metrics", card.metrics, measured | {"samples": float(TEXT_SAMPLES)}, MEASURED)
    return check


def check_trace(path: Path) -> Check:
    """Every variable of every step of a trace, recorded anew.

    Raises:
        TraceError: the file cannot be used.
    """
    trace = load(path)
    check = Check(Message("trace"), trace.versions)
    again = record(trace.name, trace.config)
    check.equal("trace", to_dict(trace)["steps"], to_dict(again)["steps"], TRACED)
    return check
