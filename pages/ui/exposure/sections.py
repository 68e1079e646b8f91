"""The parts of the exposure bias screen: each asks, waits, draws and says what it shows."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from pages.ui.common import choice, html, session
from pages.ui.common.background_job import result
from pages.ui.common.plotly_chart import charts, tables
from pages.ui.exposure.examples import examples
from pages.ui.exposure.models import oracle
from seqgan_core.figures.exposure import figures, findings
from seqgan_core.insight.exposure import divergence, perturbation, summary
from seqgan_core.insight.exposure.divergence import Design, Direction, Divergences, PositionNLL
from seqgan_core.insight.exposure.summary import Model, Series
from seqgan_core.insight.statistics import mean_of
from seqgan_core.insight.token_reader import numbers
from seqgan_core.messages import N_, _, remark

T = TypeVar("T")

DIRECTIONS: dict[Direction, str] = {"forward": "KL(oracle ‖ G)", "reverse": "KL(G ‖ oracle)"}
KINDS: dict[perturbation.Kind, str] = {
    "random": N_("any other token"),
    "unlikely": N_("the oracle's least likely token"),
}


def study_each(
    study_key: tuple[object, ...], design: Design, models: Sequence[Model],
    study: divergence.Study[T], what: str,
) -> dict[Model, T]:  # fmt: skip
    """The results that are known so far; draws the progress of the others.

    Each model is a job of its own, so that one that cannot be opened leaves the others alone.
    """
    results = {}
    for model in models:
        make = partial(divergence.study_model, session.lab().models, design, model.place, study)
        key = ("exposure", *study_key, design.run_id, design.n, design.seed, model.place)
        results[model] = result(key, make, what.format(name=model.label))
    return {model: value for model, value in results.items() if value is not None}


def by_position(design: Design, models: list[Model]) -> None:
    """NLL of samples and of real data by position."""
    what, study = _("{name}: NLL by position"), divergence.nll_by_position
    results = study_each(("nll",), design, [oracle(), *models], study, what)
    floor = results.pop(oracle(), None)
    if results and floor is not None:
        _draw_by_position(results, floor)


def read_only(design: Design, models: list[Model]) -> None:
    """Text: the NLL of held-out text; samples cannot be judged."""
    end = numbers(session.lab().store.run(design.run_id).config).end
    study = partial(divergence.nll_by_position, end=end)
    what = _("{name}: NLL of real data")
    results = study_each(("reading",), design, models, study, what)
    if results:
        _draw_by_position(results, None)
        if end is not None:
            html.quiet(remark("exposure.lengths"))


def _draw_by_position(results: Mapping[Model, PositionNLL], floor: PositionNLL | None) -> None:
    read = summary.reading(results, floor)
    real = summary.real_data(floor) if floor else None
    wrote = summary.writing(results, floor) if floor else []
    drawn = [figures.reading(real, read)]
    if real and wrote:
        drawn.insert(0, figures.writing(real, wrote))
    charts([drawn], "exposure-nll", even=True)
    html.notices(findings.nll(wrote, read))
    tables(drawn, "exposure-nll")
    with st.expander(_("Distance from real data as a table")):
        _distance_table([(_("writing"), wrote), (_("reading"), read)])


def _distance_table(groups: Sequence[tuple[str, Sequence[Series]]]) -> None:
    """The overall distances, and those early and late in the sequence."""
    head = [
        _("model"), _("mean"), _("above real data or the oracle"), _("minus MLE's"),
        _("at position 2"), _("at the last position"), _("growth"),
    ]  # fmt: skip
    rows = []
    for what, drawn in groups:
        for line in drawn:
            ends = [getattr(line.ends, part, None) for part in ("early", "late", "growth")]
            values = [str(value) if value else "–" for value in (line.above, line.versus, *ends)]
            rows.append([f"{line.name}, {what}", findings.unsigned(line.overall), *values])
    caption = _("Nats per token, ± 95% of n = {n} sequences").format(n=groups[-1][1][0].n)
    html.table(head, rows, caption)


def true_and_own(design: Design, models: list[Model]) -> None:
    """Teacher forcing compared with free running."""
    direction = choice.one_of(
        "kl", _("Direction of the divergence"), DIRECTIONS, key="exposure-direction",
        help=remark("exposure.direction"),
    )  # fmt: skip
    what = _("{name}: true and own prefixes")
    results = study_each(("kl",), design, models, divergence.diverge, what)
    if not results:
        return
    compared = summary.prefix_divergence(results, direction)
    drawn = [figures.gap(compared), figures.forced_and_free(compared)]
    charts([drawn], "exposure-kl", even=True)
    html.notices(findings.prefixes(compared))
    tables(drawn, "exposure-kl")
    with st.expander(_("All four divergences: which MLE lowers, which NLL_oracle measures")):
        _four_divergences(results)


def _four_divergences(results: Mapping[Model, Divergences]) -> None:
    html.quiet(remark("exposure.four"))
    rows = []
    for model, each in results.items():
        parts = [part[way] for way in DIRECTIONS for part in (each.forced, each.free)]
        means = [findings.unsigned(mean_of(part.mean(1))) for part in parts]
        rows.append([model.label, *means])
    head = [
        _("model"), _("real prefixes, KL(oracle ‖ G)"), _("own prefixes, KL(oracle ‖ G)"),
        _("real prefixes, KL(G ‖ oracle)"), _("own prefixes, KL(G ‖ oracle)"),
    ]  # fmt: skip
    html.table(head, rows, _("Mean over all positions, nats per token, ± 95%"))


def recovery(design: Design, models: list[Model], length: int) -> None:
    """A perturbation: its position and kind, who recovers, and what was written."""
    html.quiet(remark("exposure.recovery"))
    k, kind = _perturbation_settings(design.run_id, length)
    study = partial(perturbation.perturb_and_continue, k=k, kind=kind)
    what = _("{name}: continuing after the perturbation")
    results = study_each(("wound", k, kind), design, [oracle(), *models], study, what)
    reference = results.pop(oracle(), None)
    if not results or reference is None:
        return
    perturbed = summary.perturbation_excess(results, reference)
    own = summary.reference_series(oracle().label, reference)
    drawn = [figures.excess(own, perturbed, k), figures.beyond(perturbed, k)]
    charts([drawn], "exposure-recovery", even=True)
    html.notices(findings.perturbation(perturbed))
    tables(drawn, "exposure-recovery")
    st.subheader(_("Examples"), anchor=False)
    examples({oracle(): reference, **results}, k)


def _perturbation_settings(run_id: str, length: int) -> tuple[int, perturbation.Kind]:
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    k = 1
    if length > 2:
        k = choice.number(
            "k", _("Perturbed position k"), 1, length - 1, max(1, length // 3), slider=True,
            key=f"exposure-k-{run_id}", place=left,
        )  # fmt: skip
    kinds = {kind: _(label) for kind, label in KINDS.items()}
    kind = choice.one_of("wound", _("Replaced by"), kinds, key="exposure-kind", place=right)
    return k, kind
