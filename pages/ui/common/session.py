"""The one store and the one manager of this server, kept over reloads and shared by all tabs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.ui.common.i18n import ASSETS
from seqgan_core.figures.run.curves import Curves
from seqgan_core.insight.jobs import Jobs
from seqgan_core.insight.models import Models
from seqgan_core.runs.branching import mark_orphans
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.manager import Manager
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.strategies import STRATEGIES, has_value_network

RECORDED = ASSETS / "recorded"  # the runs that ship with the app

log = logging.getLogger("seqgan.pages")


@dataclass(frozen=True)
class Lab:
    """What pages read from, and what they send commands to.

    `models` opens the models of stored runs; `jobs` is the thread of background jobs.
    """

    store: Store
    manager: Manager
    models: Models
    jobs: Jobs


@st.cache_resource(show_spinner=False)
def lab() -> Lab:
    """Open the library, import the recorded runs, and mark what a crash interrupted."""
    prepare_cpu()  # before the estimates of time, and the worker
    store = Store()
    for bundle in sorted(RECORDED.glob("*.zip")):
        try:
            import_bundle(store, bundle, status="recorded")
        except StoreError as error:  # one bad recording must not keep the app shut
            log.warning("%s was not imported: %s", bundle.name, error)
    mark_orphans(store)
    return Lab(store, Manager(store), Models(store), Jobs())


def recorded_lesson() -> RunRecord | None:
    """The run that ships to be looked at first; None where none does."""
    return next(iter(recorded_runs()), None)


def recorded_runs() -> list[RunRecord]:
    """The runs that ship, the lesson by SeqGAN first."""
    records = [record for record in lab().store.runs() if record.status == "recorded"]
    return sorted(
        records, key=lambda run: (run.config.strategy != "seqgan", run.preset != "lesson")
    )


def curves(store: Store, record: RunRecord) -> Curves:
    """A run's frames as the figures read them."""
    config, strategy = record.config, STRATEGIES[record.config.strategy]
    return Curves(
        name=record.name,
        evaluated=store.frame(record.id, "Evaluated"),
        generator=store.frame(record.id, "GeneratorUpdated"),
        discriminator=store.frame(record.id, "DiscriminatorUpdated"),
        phases=store.frame(record.id, "PhaseStarted"),
        temperatures=store.frame(record.id, "TemperaturesMeasured"),
        planned=float(config.pretrain_epochs + config.rounds) if strategy.pretrains else 0.0,
        clip=config.max_grad_norm,
        has_discriminator=strategy.trains_discriminator,
        has_value_network=has_value_network(config),
        has_oracle=config.task not in CORPUS_TASKS,
    )


def with_distinct_names(store: Store, records: Sequence[RunRecord]) -> list[Curves]:
    """The curves of several runs; runs that share a name also get the end of their id."""
    names = [record.name for record in records]
    return [
        replace(curves(store, record), name=f"{record.name} · {record.id[-6:]}")
        if names.count(record.name) > 1
        else curves(store, record)
        for record in records
    ]
