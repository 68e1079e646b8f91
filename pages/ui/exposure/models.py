"""Which models are compared on the screen of exposure bias, and why some cannot be."""

from pages.ui.common import html, session
from pages.ui.common.run.model_picker import PickedModel, checkpoint_label
from seqgan_core.insight.exposure.summary import Model, Role
from seqgan_core.insight.models import steps_of, switch_step
from seqgan_core.messages import N_, _, remark
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import STRATEGIES

_SAME = {  # settings that must be equal, in the order in which they are compared
    "task": N_("its task is {theirs}, not {ours}"),
    "corpus": N_("it was trained on {theirs}, not {ours}"),
    "punctuation": N_("only one of the two treats punctuation as tokens"),
    "vocab_size": N_("its vocabulary has {theirs} tokens, not {ours}"),
    "sequence_length": N_("its sequences have {theirs} tokens, not {ours}"),
    "oracle_path": N_("it has another oracle"),
    "oracle_seed": N_("its oracle has seed {theirs}, not {ours}"),
    "oracle_embedding_size": N_("its oracle has another size"),
    "oracle_hidden_size": N_("its oracle has another size"),
}
_OF_TEXT = {"corpus", "punctuation"}
_OF_ORACLE = {"oracle_path", "oracle_seed", "oracle_embedding_size", "oracle_hidden_size"}


def oracle() -> Model:
    """The oracle itself, which is the reference."""
    return Model(_("oracle"), "real", None)


def has_oracle(config: TrainConfig) -> bool:
    """Whether the true distribution is known, so that what a model writes can be judged."""
    return config.task not in CORPUS_TASKS


def runs_with_oracle() -> list[RunRecord]:
    """Three runs that can be measured in full here, the recorded lesson first."""
    store = session.lab().store
    records = [run for run in store.runs() if has_oracle(run.config) and steps_of(store, run.id)]
    wanted = ("recorded", "lesson", "seqgan")

    def differs(run: RunRecord) -> list[bool]:
        facts = (run.status, run.preset, run.config.strategy)
        return [fact != one for fact, one in zip(facts, wanted, strict=True)]

    return sorted(records, key=differs)[:3]


def models_of(picked: PickedModel, added: list[RunRecord]) -> list[Model]:
    """The run's MLE model, the chosen checkpoint, and the newest model of each added run.

    The page says what is missing.
    """
    store = session.lab().store
    models = _own(picked)
    for record in added:
        steps = steps_of(store, record.id)
        models.append(_model(record, steps, max(steps), "other"))
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
        html.quiet(remark("exposure.no-mle"))
        return [_model(record, steps, step)]
    end = record.config.pretrain_epochs
    if steps[step] == end:  # D's first training leaves the generator as MLE made it
        return [Model(_("MLE"), "mle", (record.id, step))]
    chosen = _model(record, steps, step)
    switch = switch_step(session.lab().store, record)
    if switch is not None:
        return [Model(_("MLE"), "mle", (record.id, switch)), chosen]
    unfinished = max(steps.values()) < end
    html.quiet(remark("exposure.mle-unfinished" if unfinished else "exposure.no-mle-checkpoint"))
    return [chosen]


def _model(record: RunRecord, steps: dict[int, float], step: int, role: Role = "model") -> Model:
    return Model(_label(record, steps, step), role, (record.id, step))


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
    none_yet = "" if steps_of(session.lab().store, compared.id) else _("it has no checkpoint yet")
    return _difference(shown.config, compared.config) or none_yet


def _difference(shown: TrainConfig, compared: TrainConfig) -> str:
    skipped = _OF_TEXT if has_oracle(shown) else _OF_ORACLE
    if shown.oracle_path is not None:
        skipped = skipped | _OF_ORACLE - {"oracle_path"}
    for name, reason in _SAME.items():
        ours, theirs = getattr(shown, name), getattr(compared, name)
        if name not in skipped and ours != theirs:
            return _(reason).format(ours=ours, theirs=theirs)
    # Both draw their data from the same stream: what one holds out the other may have learned.
    same_stream = has_oracle(shown) and compared.oracle_seed == shown.oracle_seed
    if same_stream and compared.n_train > shown.n_train:
        return remark("exposure.held-out-differ", theirs=compared.n_train)
    return ""
