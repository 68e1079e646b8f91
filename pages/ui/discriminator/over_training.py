"""D through training: its scores, whether to believe them, and what it only remembers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.background_job import result
from pages.ui.common.i18n import plain
from pages.ui.common.model_picker import PickedModel, checkpoint_label
from pages.ui.common.plotly_chart import charts
from pages.ui.discriminator.filters import sample_settings
from pages.ui.discriminator.formatting import notice
from seqgan_core.figures.discriminator import over_training as figures
from seqgan_core.insight.discriminator.calibration import Share, accuracy, calibration
from seqgan_core.insight.discriminator.scores import (
    Scan,
    Scores,
    UnknownReason,
    scan,
    score_history,
    scores,
)
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _


def training(picked: PickedModel) -> None:
    """Draw the section."""
    n, seed = sample_settings()
    current = _current_scores(picked, seed, n)
    if current is None:
        return
    st.subheader(
        _("At this checkpoint: {words}").format(
            words=checkpoint_label(picked.record, picked.steps, picked.step)
        ),
        anchor=False,
    )
    if not current.trained:
        st.info(
            _(
                "D has not been trained yet here: what it says is chance, and the same in every "
                "run with this seed. Move the checkpoint to the right to see what it learns."
            ),
            icon=":material/info:",
        )
    right, judged = (
        accuracy(current.held_out, current.fake),
        calibration(current.held_out, current.fake),
    )
    html.facts(
        [
            (_("right on new sequences"), _percent(right.value), _interval(right)),
            (
                _("calibration error"),
                f"{100 * judged.error:.1f}",
                _("points; {chance:.1f} by chance").format(chance=100 * judged.by_chance),
            ),
            (
                _("Brier score"),
                f"{judged.brier:.3f}",
                _("± {half:.3f}; a coin 0.250, n = {n}").format(half=judged.brier_half, n=judged.n),
            ),
        ]
    )
    charts(
        [
            [
                figures.histograms(
                    current.held_out,
                    current.fake,
                    current.training,
                    (right.value, right.low, right.high),
                ),
                figures.calibration(
                    judged.frame(),
                    error=judged.error,
                    by_chance=judged.by_chance,
                    clear=judged.clear,
                    predicted=judged.predicted,
                ),
            ]
        ],
        "d-here",
        even=True,
    )
    _draw_memory(current)
    with st.expander(_("The numbers as a table")):
        _draw_calibration(current)
    st.subheader(_("Through training"), anchor=False)
    scanned = _scan(picked, seed, n)
    if scanned is not None:
        _draw_over_training(picked, scanned)


def _current_scores(picked: PickedModel, seed: int, n: int) -> Scores | None:
    models, run_id, step = session.lab().models, picked.record.id, picked.step

    def make() -> Job[Scores]:
        yield 0.0
        task = models.task(run_id)
        checkpoint = models.at(run_id, step)
        return (yield from scores(models.store, run_id, step, task, seed, n, checkpoint))

    return result(("d-scores", run_id, step, seed, n), make, _("Scoring real and fresh sequences"))


def _scan(picked: PickedModel, seed: int, n: int) -> Scan | None:
    """All checkpoints since MLE's end; those that an earlier look scored are not scored again."""
    models, record = session.lab().models, picked.record
    switch = record.config.pretrain_epochs
    steps = tuple(step for step, epoch in picked.steps.items() if epoch >= switch)
    known_scores: dict[int, Scores] = st.session_state.setdefault(
        f"d-known.{record.id}.{seed}.{n}", {}
    )
    known = dict(known_scores)

    def make() -> Job[Scan]:
        yield 0.0
        task = models.task(record.id)
        return (yield from scan(models.store, record.id, steps, task, seed, n, known))

    scanned = result(
        ("d-scan", record.id, steps, seed, n), make, _("Opening every checkpoint and scoring")
    )
    if scanned is not None:
        known_scores.update(scanned.scores)
    return scanned


# -- this checkpoint ------------------------------------------------------------------------------


def _draw_memory(current: Scores) -> None:
    """What D says of what it has seen, beside what it says of the like that it has not."""
    new = [_share_correct(current.held_out, real=True), _share_correct(current.fake, real=False)]
    rows = [
        [_("real, held out"), *_share_cells(new[0])],
        [_("G's, fresh"), *_share_cells(new[1])],
        [
            _("real, from all of the training data"),
            *_share_cells(_share_correct(current.training, real=True)),
        ],
    ]
    if current.unknown is None:
        seen = [
            _share_correct(current.seen_real, real=True),
            _share_correct(current.seen_fake, real=False),
        ]
        rows += [
            [_("real, in D's last training set"), *_share_cells(seen[0])],
            [_("G's, in D's last training set"), *_share_cells(seen[1])],
        ]
        row = score_history([current]).iloc[0]
        notice(
            figures.remembered(row)
            + ". "
            + _(
                "Of the real sequences it trains on D calls {seen} real, of held-out ones {new}."
            ).format(seen=_percent(seen[0].value), new=_percent(new[0].value))
        )
    else:
        notice(_why_unknown(current.unknown))
    html.table(
        [_("sequences"), _("right"), _("95 % interval"), _("n")],
        rows,
        _("Seen and new: D is right when it calls real ones real, and G's fake"),
    )


def _share_correct(values: np.ndarray, *, real: bool) -> Share:
    return Share(int((values > 0.5).sum() if real else (values <= 0.5).sum()), len(values))


def _share_cells(share: Share) -> Sequence[str]:
    return [_percent(share.value), _interval(share), str(share.n)]


def _why_unknown(unknown: UnknownReason) -> str:
    """Why D's last training set is not among the numbers."""
    reasons: dict[UnknownReason, str] = {
        "untrained": _("D has not been trained on anything here."),
        "moved": _("G has been updated since D's last turn, so its old sequences cannot be drawn "
                   "again here; the checkpoints at the ends of rounds show what D remembers."),
        "skipped": _("D's last turn was skipped, for it was stronger than the balance bound: the "
                     "set of its last real turn came from an older G."),
        "branched": _("The set that D was trained on last belongs to the run that this one "
                      "branched from; look there, or at a later checkpoint."),
        "elsewhere": _("This run was trained on another kind of device, whose dice fall "
                       "otherwise, so the set that D was trained on last cannot be drawn again "
                       "here."),
    }  # fmt: skip
    return reasons[unknown]


def _draw_calibration(current: Scores) -> None:
    judged = calibration(current.held_out, current.fake)
    html.table(
        [_("D says, on average"), _("really real"), _("95 % interval"), _("n")],
        [
            [f"{b.predicted:.4f}", _percent(b.real.value), _interval(b.real), str(b.real.n)]
            for b in judged.bins
        ],
        _("Calibration: sequences in bins by what D says of them"),
    )
    cuts = (5, 25, 50, 75, 95)
    kinds = [
        (_("real, held out"), current.held_out),
        (_("real, training data"), current.training),
        (_("G's, fresh"), current.fake),
    ]
    html.table(
        [_("scores of"), *[_("{q} % below").format(q=q) for q in cuts], _("mean"), _("n")],
        [
            [
                name,
                *[f"{np.percentile(values, q):.3f}" for q in cuts],
                f"{values.mean():.3f}",
                str(len(values)),
            ]
            for name, values in kinds
        ],
        _("The histogram in numbers: P(real) below which a share of the sequences lies"),
    )


# -- all checkpoints ------------------------------------------------------------------------------


def _draw_over_training(picked: PickedModel, scanned: Scan) -> None:
    for step, reason in scanned.failed.items():
        st.warning(
            _("The checkpoint at step {step} is left out: {reason}").format(
                step=step, reason=plain(reason)
            ),
            icon=":material/warning:",
        )
    if not scanned.scores:
        html.empty(
            _("No checkpoint of a trained D yet"),
            _("D is first trained when MLE ends; from then on every checkpoint shows here."),
        )
        return
    frame = score_history(scanned.scores.values())
    charts([[figures.score_history(frame), figures.memory(frame)]], "d-through", even=True)
    with st.expander(_("All checkpoints as a table")):
        html.table(
            [
                _("checkpoint"),
                _("mean of real"),
                _("mean of G's"),
                _("right on new"),
                _("95 % interval"),
                _("right on seen"),
                _("95 % interval"),
                _("n of each"),
            ],
            [
                [
                    checkpoint_label(picked.record, picked.steps, int(row["step"])),
                    f"{row['real_mean']:.3f} ± {row['real_half']:.3f}",
                    f"{row['fake_mean']:.3f} ± {row['fake_half']:.3f}",
                    _percent(row["accuracy"]),
                    f"{100 * row['accuracy_low']:.1f} – {100 * row['accuracy_high']:.1f}",
                    _percent(row["seen"]),
                    f"{100 * row['seen_low']:.1f} – {100 * row['seen_high']:.1f}"
                    if row["seen"] == row["seen"]
                    else "–",
                    f"{row['n']:.0f}",
                ]
                for _index, row in frame.iterrows()
            ],
            _("What D says at every checkpoint; ± is half of the 95 % interval of the mean"),
        )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share == share else "–"


def _interval(share: Share) -> str:
    return f"{100 * share.low:.1f} – {100 * share.high:.1f} %"
