"""Which models the screen of exposure bias lays beside each other, and why some cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.common import html, session
from pages.ui.common.model_picker import PickedModel, checkpoint_label
from seqgan_core.figures.exposure.labels import Role
from seqgan_core.insight.models import steps_of, switch_step
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import STRATEGIES


@dataclass(frozen=True)
class Model:
    """A model on the screen; `place` is its run and step, None for the oracle itself."""

    label: str
    role: Role
    place: tuple[str, int] | None


ORACLE = Model(_("the oracle itself"), "real", None)


_TEXT = (
    ("corpus", _("it learned from the text {theirs}, not {ours}")),
    ("punctuation", _("its marks are tokens, or those of this run are")),
)


def has_oracle(config: TrainConfig) -> bool:
    """Whether the true distribution is known, so that what a model writes can be judged."""
    return config.task not in CORPUS_TASKS


def runs_with_oracle(limit: int = 3) -> list[RunRecord]:
    """Runs that can be measured in full here, the recorded lesson first."""
    store = session.lab().store
    records = [run for run in store.runs() if has_oracle(run.config) and steps_of(store, run.id)]
    order = ("recorded", "lesson", "seqgan")
    return sorted(
        records,
        key=lambda run: [a != b for a, b in zip(
            (run.status, run.preset, run.config.strategy), order, strict=True
        )],
    )[:limit]  # fmt: skip


def models_of(picked: PickedModel, added: list[RunRecord]) -> list[Model]:
    """MLE as this run left it, the run as chosen, and the newest model of each added run.

    What is missing is said on the page.
    """
    store = session.lab().store
    models = _own(picked)
    for record in added:
        steps = steps_of(store, record.id)
        step = max(steps)
        models.append(Model(_label(record, steps, step), "other", (record.id, step)))
    labels = [model.label for model in models]
    return [
        Model(f"{model.label} · {model.place[0][-6:]}", model.role, model.place)
        if model.role == "other" and model.place and labels.count(model.label) > 1
        else model
        for model in models
    ]


def _own(picked: PickedModel) -> list[Model]:
    record, step, steps = picked.record, picked.step, picked.steps
    if not STRATEGIES[record.config.strategy].pretrains:
        html.quiet(
            _(
                "This run has no MLE. To see teacher forcing at work, choose a run that begins "
                "with MLE, or add one."
            )
        )
        return [Model(_label(record, steps, step), "model", (record.id, step))]
    end = record.config.pretrain_epochs
    if steps[step] == end:  # D's first training leaves the generator as MLE made it
        return [Model(_("MLE"), "mle", (record.id, step))]
    chosen = Model(_label(record, steps, step), "model", (record.id, step))
    switch = switch_step(session.lab().store, record)
    if switch is not None:
        return [Model(_("MLE"), "mle", (record.id, switch)), chosen]
    missing = (
        _("MLE has not ended in this run yet, so there is no finished MLE model to compare with.")
        if max(steps.values()) < end
        else _("This run has not kept its checkpoint at MLE's end; add a run of MLE to compare.")
    )
    html.quiet(missing)
    return [chosen]


def _label(record: RunRecord, steps: dict[int, float], step: int) -> str:
    title, epoch = _(STRATEGIES[record.config.strategy].title), steps[step]
    if not STRATEGIES[record.config.strategy].pretrains:
        return title
    if epoch < record.config.pretrain_epochs:
        return _("MLE (epoch {n:g})").format(n=epoch)
    if epoch == record.config.pretrain_epochs:
        return _("MLE ({n:g} epochs)").format(n=epoch)
    return f"{title} ({checkpoint_label(record, steps, step)})"


def why_not(shown: RunRecord, compared: RunRecord) -> str:
    """Why two runs cannot be measured by the same truth; empty where they can."""
    if reason := _difference(shown.config, compared.config):
        return reason
    if not steps_of(session.lab().store, compared.id):
        return _("it has no checkpoint yet")
    return ""


def _difference(shown: TrainConfig, compared: TrainConfig) -> str:
    same = [
        ("task", _("its task is {theirs}, not {ours}")),
        *(_TEXT if shown.task in CORPUS_TASKS else ()),
        ("vocab_size", _("its vocabulary has {theirs} tokens, not {ours}")),
        ("sequence_length", _("its sequences have {theirs} tokens, not {ours}")),
    ]
    if has_oracle(shown):
        same.append(("oracle_path", _("its oracle is read from another file, or drawn")))
    if has_oracle(shown) and shown.oracle_path is None:
        same += [
            ("oracle_seed", _("its oracle is drawn with seed {theirs}, not {ours}")),
            ("oracle_embedding_size", _("its oracle has another size")),
            ("oracle_hidden_size", _("its oracle has another size")),
        ]
    for name, reason in same:
        ours, theirs = getattr(shown, name), getattr(compared, name)
        if ours != theirs:
            return reason.format(ours=ours, theirs=theirs)
    if not has_oracle(shown):
        return ""
    # Both draw their data from the same stream: what one holds out may be what the other learned.
    if compared.oracle_seed == shown.oracle_seed and compared.n_train > shown.n_train:
        return _(
            "it learned from {theirs} sequences of the same data, among them those that are held "
            "out here; choose it as the run, and add this one instead"
        ).format(theirs=compared.n_train)
    return ""
