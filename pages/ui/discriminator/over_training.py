"""D through training: its scores, its calibration, and what it has memorised."""

import numpy as np
import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.background_job import result
from pages.ui.common.i18n import plain
from pages.ui.common.plotly_chart import charts_and_tables
from pages.ui.common.run.model_picker import PickedModel, checkpoint_label
from pages.ui.discriminator.filters import sample_settings
from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.discriminator import over_training as figures
from seqgan_core.figures.discriminator.findings import interval_words, share_words
from seqgan_core.insight.discriminator.calibration import Share, accuracy, calibration
from seqgan_core.insight.discriminator.scores import Scan, Scores, scan, score_history, scores
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _, remark


def training(picked: PickedModel) -> None:
    """Draw the section."""
    n, seed = sample_settings()
    current = _current_scores(picked, seed, n)
    if current is None:
        return
    words = checkpoint_label(picked.record, picked.steps, picked.step)
    st.subheader(_("This checkpoint: {words}").format(words=words), anchor=False)
    if not current.trained:
        st.info(remark("discriminator.untrained-scores"), icon=":material/info:")
    right = accuracy(current.held_out, current.fake)
    judged = calibration(current.held_out, current.fake)
    html.facts(
        (_("accuracy on new sequences"), share_words(right), interval_words(right)),
        (_("calibration error"), f"{100 * judged.error:.1f}",
         _("points; {chance:.1f} by chance").format(chance=100 * judged.by_chance)),
        (_("Brier score"), f"{judged.brier:.3f}",
         _("± {half:.3f}; chance 0.250, n = {n}").format(half=judged.brier_half, n=judged.n)),
    )  # fmt: skip
    drawn = [figures.histograms(current, right), figures.calibration(judged)]
    charts_and_tables([drawn], "discriminator-checkpoint")
    _draw_memory(current)
    st.subheader(_("All checkpoints"), anchor=False)
    scanned = _scan(picked, seed, n)
    if scanned is not None:
        _draw_history(scanned)


def _current_scores(picked: PickedModel, seed: int, n: int) -> Scores | None:
    models, run_id, step = session.lab().models, picked.record.id, picked.step

    def make() -> Job[Scores]:
        yield 0.0
        task = models.task(run_id)
        checkpoint = models.at(run_id, step)
        return (yield from scores(models.store, run_id, step, task, seed, n, checkpoint))

    what = _("Scoring real sequences and samples")
    return result(("d-scores", run_id, step, seed, n), make, what)


def _scan(picked: PickedModel, seed: int, n: int) -> Scan | None:
    """All checkpoints since the end of MLE; those scored before are not scored again."""
    models, record = session.lab().models, picked.record
    switch = record.config.pretrain_epochs
    steps = tuple(step for step, epoch in picked.steps.items() if epoch >= switch)
    known_scores = st.session_state.setdefault(f"d-known.{record.id}.{seed}.{n}", {})
    known: dict[int, Scores] = dict(known_scores)

    def make() -> Job[Scan]:
        yield 0.0
        task = models.task(record.id)
        return (yield from scan(models.store, record.id, steps, task, seed, n, known))

    scanned = result(("d-scan", record.id, steps, seed, n), make, _("Scoring all checkpoints"))
    if scanned is not None:
        known_scores.update(scanned.scores)
    return scanned


def _draw_memory(current: Scores) -> None:
    """D's accuracy on what it was trained on, compared with new sequences."""
    held_out = _share_correct(current.held_out, real=True)
    rows = [
        (_("real, held-out"), held_out),
        (_("fresh samples of G"), _share_correct(current.fake, real=False)),
        (_("real, all training data"), _share_correct(current.training, real=True)),
    ]
    if current.unknown is None:
        seen = _share_correct(current.seen_real, real=True)
        rows += [
            (_("real, D's last training set"), seen),
            (_("samples, D's last training set"), _share_correct(current.seen_fake, real=False)),
        ]
        calls = remark("discriminator.calls", seen=share_words(seen), new=share_words(held_out))
        html.notices([f"{findings.memory(score_history([current])[0])}.", calls])
    else:
        html.notices([remark(f"discriminator.unknown-{current.unknown}")])
    html.table(
        [_("sequences"), _("correct"), _("95% interval"), _("n")],
        [[name, share_words(part), interval_words(part), str(part.n)] for name, part in rows],
        _("Accuracy on sequences that D has seen, and on new ones"),
    )


def _share_correct(values: np.ndarray, *, real: bool) -> Share:
    return Share(int((values > 0.5).sum() if real else (values <= 0.5).sum()), len(values))


def _draw_history(scanned: Scan) -> None:
    for step, reason in scanned.failed.items():
        text = _("The checkpoint at step {step} is left out: {reason}")
        st.warning(text.format(step=step, reason=plain(reason)), icon=":material/warning:")
    if not scanned.scores:
        html.empty(
            _("No checkpoint has a trained D yet"),
            _("D is first trained after MLE; later checkpoints are shown here."),
        )
        return
    history = score_history(scanned.scores.values())
    drawn = [figures.score_history(history), figures.memory(history)]
    charts_and_tables([drawn], "discriminator-history")
