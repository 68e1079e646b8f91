"""Runs, model files and traces, evaluated, measured and recorded anew as far as can be here."""

from math import inf
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from seqgan_core.insight.jobs import finish
from seqgan_core.judge.measurements import TEXT_SAMPLES, measure
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message, Problem
from seqgan_core.runs import bundle_reader as bundle
from seqgan_core.runs.bundle import opened
from seqgan_core.runs.records import from_json
from seqgan_core.training import events
from seqgan_core.training.build import make_task
from seqgan_core.training.checkpoint_state import load_weights
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.evaluation import at_temperature, evaluate
from seqgan_core.training.models import RunModels, make_models
from seqgan_core.training.setup.model_files import digest_of, read_model
from seqgan_core.training.setup.provenance import Provenance, made_here
from seqgan_core.training.trace.record import record
from seqgan_core.training.trace.trace_file import load, to_dict

# By how much numbers may differ: of the same computation, which another version may round
# otherwise; on another processor, of samples, which a rounding error may change; of a model's
# rounded weights; of a trace, which samples little.
ROUNDED, SAMPLED, MEASURED, TRACED = 1e-5, 0.02, 1e-3, 1e-4


def check_bundle(path: Path) -> Check:
    """A run's record from its events, its checkpoints' counts, and what was measured of them."""
    with opened(path) as archive:
        info, timed = bundle.read_info(archive), bundle.read_events(archive)
        row = from_json(archive.read("run.json"))
        names = bundle.checkpoint_names(archive)
        states = [bundle.read_checkpoint(archive, name, len(timed))[0] for name in names]
    check, past = Check(Message("run"), Provenance(**info.versions)), [event for event, _ in timed]
    known: dict[str, Any] = {"best": {}}
    for event, seconds in timed:
        known |= {"step": event.step, "epoch": event.epoch, "seconds": seconds}
        if isinstance(event, events.Evaluated):
            known["metrics"] = event.metrics
            nll = "nll_oracle" if "nll_oracle" in event.metrics else "nll_test"
            if event.metrics.get(nll, inf) < known["best"].get(nll, inf):
                known["best"] = {nll: event.metrics[nll], "epoch": event.epoch, "step": event.step}
        elif isinstance(event, events.Finished) and info.status != "recorded":
            known["status"] = event.status
    check.equal("run", {name: row.get(name) for name in known}, known)
    for state in states:
        counts = {"step": past[state.seq].step, "epoch": past[state.seq].epoch}
        check.equal(f"checkpoint {state.step}", state, counts)
        counts = dict.fromkeys(("mle_updates", "policy_updates", "d_updates"), 0)
        for event in past[: state.seq + 1]:
            if isinstance(event, events.GeneratorUpdated):
                by_reward = event.phase == "adversarial"
                counts["policy_updates" if by_reward else "mle_updates"] += event.updates
            elif isinstance(event, events.DiscriminatorUpdated):
                counts["d_updates"] += event.updates
        known = {name: state.counters.get(name) for name in counts}
        check.equal(f"checkpoint {state.step}", known, counts)
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
        for old in [event for event in past if event.step == state.step]:
            again = _again(models, old)
            check.equal(f"events.{state.step}", old, again, ROUNDED if same else SAMPLED)
    return check


def _again(models: RunModels, old: events.Event) -> dict[str, Any]:
    """What an event measured of the models, measured again; empty for other events."""
    G, task, seed = models.generator, models.task, models.config.seed
    if isinstance(old, events.Evaluated):
        return {"metrics": evaluate(models, old.step, old.epoch, old.line, old.phase).metrics}
    if isinstance(old, events.TemperaturesMeasured):
        at = [at_temperature(G, task, point.temperature, old.n, seed) for point in old.points]
        return {"points": [vars(point) for point in at]}
    return {}


def check_model(path: Path) -> Check:
    """The digest of a model's weights, its settings, and its metrics where the corpus is here."""
    model = read_model(path)
    card, config = model.card, TrainConfig.model_validate(model.card.config)
    check = Check(Message("model"), model.made)
    if model.digest:
        check.equal("digest", model.digest, digest_of(load_file(path)))
    stated = {"vocab_size": len(card.words), "sequence_length": card.length, "task": card.task}
    check.equal("config", config, stated | {"corpus": card.corpus})
    try:
        task = make_task(config, torch.device("cpu"))  # as the model
    except Problem as problem:
        check.notes.append(Message("its metrics are not measured again: {why}", why=problem))
        return check
    measured = finish(measure(model.generator, task, TEXT_SAMPLES, config.seed)).means()
    check.equal("metrics", card.metrics, measured | {"samples": float(TEXT_SAMPLES)}, MEASURED)
    return check


def check_trace(path: Path) -> Check:
    """Every variable of every step of a trace, recorded anew."""
    trace = load(path)
    check = Check(Message("trace"), trace.versions)
    steps, again = (to_dict(t)["steps"] for t in (trace, record(trace.name, trace.config)))
    check.equal("trace", steps, again, TRACED)
    return check
