"""The three parts of the exposure bias screen: each asks, waits, draws and says what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.plotly_chart import charts
from pages.ui.exposure import series
from pages.ui.exposure.examples import examples
from pages.ui.exposure.models import ORACLE, Model
from pages.ui.exposure.tables import by_position_table, ends_table
from seqgan_core.figures.exposure import figures, notices
from seqgan_core.insight.exposure import divergence, perturbation
from seqgan_core.insight.exposure.divergence import (
    Design,
    Direction,
    Divergences,
    PositionNLL,
    Study,
)
from seqgan_core.insight.exposure.perturbation import Recovery
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.token_reader import numbers
from seqgan_core.messages import _

T = TypeVar("T")


def study_each(
    study_key: tuple[object, ...],
    design: Design,
    models: Sequence[Model],
    study: Study[T],
    what: str,
) -> tuple[dict[Model, T], bool]:
    """What is known of each model, and whether something is still being worked out.

    Each model is a job of its own, so that one that cannot be opened leaves the others alone.
    """
    lab = session.lab()
    results: dict[Model, T] = {}
    waiting = False
    for model in models:
        key = ("exposure", *study_key, design.run_id, design.n, design.seed, model.place)

        def make(place: tuple[str, int] | None = model.place) -> Job[T]:
            return divergence.study_model(lab.models, design, place, study)

        value = result(key, make, what.format(name=model.label))
        if value is not None:
            results[model] = value
        else:
            waiting = waiting or lab.jobs.request(key, make).status == "waiting"
    return results, waiting


# -- 1 ---------------------------------------------------------------------------------------------


def by_position(design: Design, models: list[Model], truth: bool) -> list[Model] | None:
    """NLL by position; returns the models that can be measured, or None while it is waiting."""
    if not truth:
        return _read_only(design, models)
    st.header(_("Writing and reading, position by position"), anchor=False)
    what = _("{name}: writing and reading")
    floors, pending = study_each(("nll",), design, [ORACLE], divergence.nll_by_position, what)
    if not floors:
        return None if pending else []
    results, waiting = study_each(("nll",), design, models, divergence.nll_by_position, what)
    if results:
        _draw_by_position(results, floors.get(ORACLE))
    return None if waiting else list(results)


def _read_only(design: Design, models: list[Model]) -> list[Model] | None:
    """Text: what held-out text costs each model; of what it writes nobody knows the truth."""
    st.header(_("Reading, position by position"), anchor=False)
    end = numbers(session.lab().store.run(design.run_id).config).end
    results, waiting = study_each(
        ("reading",), design, models, divergence.text_nll_by_position(end), _("{name}: reading")
    )
    if results:
        _draw_by_position(results, None, fewer=end is not None)
        if end is not None:
            html.quiet(
                _(
                    "Sentences end at different places: the later the position, the fewer of them "
                    "are left to read, and the wider the ribbon."
                )
            )
    return None if waiting else list(results)


def _draw_by_position(
    results: dict[Model, PositionNLL], floor: PositionNLL | None, *, fewer: bool = False
) -> None:
    read = series.reading(results, floor)
    real = series.real_data(floor) if floor else None
    wrote = series.writing(results, floor) if floor else []
    row = [figures.reading(real, read)]
    if real and wrote:
        row.insert(0, figures.writing(real, wrote))
    charts([row], "exposure.nll", even=True)
    html.notices([notices.nll(wrote, read)])
    with st.expander(_("The numbers as a table")):
        if real and wrote:
            by_position_table(
                [real, *wrote],
                _("The oracle's NLL of what is written, nats, by position"),
                _("mean"),
            )
        by_position_table(
            [*([real] if real else []), *read],
            _("NLL of held-out real data, nats, by position"),
            _("mean"),
            fewer=fewer,
        )
        ends_table([(_("writing"), wrote), (_("reading"), read)])


# -- 2 ---------------------------------------------------------------------------------------------


def true_and_own(design: Design, models: list[Model] | None) -> bool:
    """Teacher forcing against free running; returns whether it is all drawn."""
    st.header(_("True prefixes against own prefixes"), anchor=False)
    html.quiet(
        _(
            "How far is the model's distribution of the next token from the oracle's: after "
            "beginnings of real sequences, and after beginnings that it wrote itself? "
            "KL(oracle ‖ G) counts what the model leaves out, KL(G ‖ oracle) what it makes up."
        )
    )
    direction = _direction()
    if models is None:
        return _wait_for_above()
    results, waiting = study_each(
        ("kl",), design, models, divergence.diverge, _("{name}: true and own prefixes")
    )
    if not results:
        return False
    drawn = series.prefix_gaps(results, direction)
    charts([[figures.forced_and_free(drawn), figures.gap(drawn)]], "exposure.kl", even=True)
    html.notices([notices.gap(drawn)])
    with st.expander(_("The numbers as a table")):
        beyond = _("mean of 2 to {T}").format(T=drawn[0].gap.positions[-1])
        both = [curve for model in drawn for curve in (model.forced, model.free)]
        by_position_table(both, _("Divergence from the oracle, nats, by position"), beyond)
        gaps = [model.gap for model in drawn]
        by_position_table(gaps, _("Own less true prefixes, nats, by position"), beyond)
    with st.expander(_("The four corners: what MLE lowers, and what NLL_oracle sees")):
        _four_corners(results)
    return not waiting


def _direction() -> Direction:
    names: dict[Direction, str] = {
        "forward": _("KL(oracle ‖ G)"),
        "reverse": _("KL(G ‖ oracle)"),
    }
    options: list[Direction] = list(names)
    linked = url_state.one_of("kl", options, "forward")
    chosen = st.segmented_control(
        _("Direction of the divergence"),
        options,
        default=next(name for name in options if name == linked),
        format_func=lambda name: names[name],
        required=True,
        key="exposure.kl.direction",
    )
    url_state.put(kl=chosen)
    return chosen


def _four_corners(results: dict[Model, Divergences]) -> None:
    html.quiet(
        _(
            "Two of the four are old acquaintances. After true prefixes, KL(oracle ‖ G) is "
            "NLL_test less the floor: the only one that MLE lowers. After own prefixes, "
            "KL(G ‖ oracle) is NLL_oracle less the entropy of what G writes: quality, with "
            "sharpening taken out."
        )
    )
    rows = [
        [
            model.label,
            *(
                str(series.mean(divergence.estimate(part[direction].mean(1)))).lstrip("+")
                for direction in ("forward", "reverse")
                for part in (result.forced, result.free)
            ),
        ]
        for model, result in results.items()
    ]
    head = [
        _("model"),
        _("true prefixes, KL(oracle ‖ G)"),
        _("own prefixes, KL(oracle ‖ G)"),
        _("true prefixes, KL(G ‖ oracle)"),
        _("own prefixes, KL(G ‖ oracle)"),
    ]
    html.table(head, rows, _("Mean over all positions, nats a token, ± 95%"))


# -- 3 ---------------------------------------------------------------------------------------------


def recovery(design: Design, models: list[Model] | None, length: int, ready: bool) -> None:
    """The wound: its place and kind, who recovers, and what was written."""
    st.header(_("The wound: one token replaced, and who recovers"), anchor=False)
    html.quiet(
        _(
            "Token k of real sequences is replaced. Each model, and the oracle as the reference, "
            "writes on from there, and once more from the whole sequence with the same dice."
        )
    )
    k, kind = _perturbation_settings(design.run_id, length)
    if models is None or not ready:
        _wait_for_above()
        return
    study = perturbation.recovery_study(k, kind)
    what = _("{name}: writing on after the wound")
    results, _waiting = study_each(("wound", k, kind), design, [ORACLE, *models], study, what)
    reference = results.pop(ORACLE, None)
    if results and reference is not None:
        _draw_recovery(results, reference, k, design.n)


def _perturbation_settings(run_id: str, length: int) -> tuple[int, perturbation.Kind]:
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    k = 1
    if length > 2:
        k = left.slider(
            _("Wounded position k"),
            1,
            length - 1,
            value=url_state.number("k", max(1, length // 3), 1, length - 1),
            key=f"exposure.k.{run_id}",
        )
    names: dict[perturbation.Kind, str] = {
        "random": _("any other token"),
        "unlikely": _("the token the oracle expects least"),
    }
    linked = url_state.one_of("wound", perturbation.KINDS, "random")
    kind = right.segmented_control(
        _("Replaced by"),
        perturbation.KINDS,
        default=next(name for name in perturbation.KINDS if name == linked),
        format_func=lambda name: names[name],
        required=True,
        key="exposure.wound.kind",
    )
    url_state.put(k=k, wound=kind)
    return k, kind


def _draw_recovery(results: dict[Model, Recovery], reference: Recovery, k: int, n: int) -> None:
    perturbed = series.perturbation_excess(results, reference)
    own = series.reference_series(ORACLE.label, reference)
    charts(
        [[figures.excess(own, perturbed, k), figures.beyond(perturbed, k)]],
        "exposure.wound",
        even=True,
    )
    html.notices([notices.perturbation(perturbed, n)])
    with st.expander(_("The numbers as a table")):
        by_position_table(
            [own, *(model.excess for model in perturbed)],
            _("Wounded less whole, nats, by position"),
            _("sum"),
        )
        by_position_table(
            [model.beyond for model in perturbed],
            _("Beyond the oracle's excess, nats, by position"),
            _("sum"),
        )
    st.subheader(_("What they wrote"), anchor=False)
    examples({ORACLE: reference, **results}, k)


# -- shared ----------------------------------------------------------------------------------------


def _wait_for_above() -> bool:
    html.quiet(_("This follows when the part above is done."))
    return False
