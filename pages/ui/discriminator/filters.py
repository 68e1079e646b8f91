"""The strongest filters over many sequences, and the phrases that excite them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.model_picker import PickedModel
from pages.ui.common.plotly_chart import charts
from pages.ui.discriminator.formatting import notice, phrase, phrase_html
from seqgan_core.figures.discriminator import attribution as figures
from seqgan_core.insight.discriminator.attribution import sequence_options
from seqgan_core.insight.discriminator.filters import (
    FilterRanking,
    Phrase,
    StrongFilter,
    filter_ranking_at,
)
from seqgan_core.messages import _

COUNTS = (200, 500, 1000, 2000)
SHOWN = 2  # phrases of each kind in the open table; the rest stand in the other


def sample_settings() -> tuple[int, int]:
    """Draw how many sequences are looked at, and which; returns (n, seed)."""
    st.session_state["d-n"] = int(url_state.one_of("n", [str(n) for n in COUNTS], "1000"))
    st.session_state["d-seed"] = url_state.number("seed", 1, 0, 9999)
    left, right, _rest = st.columns([1, 1, 2], vertical_alignment="bottom")
    n = left.selectbox(
        _("Sequences of each kind"),
        COUNTS,
        key="d-n",
        on_change=lambda: url_state.put(n=st.session_state["d-n"]),
    )
    seed = right.number_input(
        _("Dice (seed)"),
        0,
        9999,
        key="d-seed",
        help=_("Draws other sequences: what holds with one seed only was noise."),
        on_change=lambda: url_state.put(seed=st.session_state["d-seed"]),
    )
    return int(n), int(seed)


def filters(picked: PickedModel) -> None:
    """Draw the section."""
    n, seed = sample_settings()
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    offer = result(
        ("d-offered", run_id, step),
        lambda: sequence_options(models, run_id, step),
        _("Opening the model and its data"),
    )
    strongest = result(
        ("d-strongest", run_id, step, seed, n),
        lambda: filter_ranking_at(models, run_id, step, seed, n),
        _("Switching every filter off in every sequence"),
    )
    if offer is None or strongest is None:
        return
    _notice_strongest(strongest)
    frame = strongest.frame()
    charts(
        [[figures.filter_effects(frame, strongest.n), figures.activations(frame, strongest.n)]],
        "d-filters",
        even=True,
    )
    st.subheader(_("The phrases that excite them"), anchor=False)
    _phrases(strongest, offer.words)
    with st.expander(_("All the numbers as a table")):
        _table(strongest, offer.words)


def _notice_strongest(strongest: FilterRanking) -> None:
    if not strongest.filters:
        notice(_("No filter fires in any of these sequences: D says the same of everything."))
        return
    clear = [each for each in strongest.filters if each.effect.clear]
    widths = [each.width for each in strongest.filters]
    notice(
        _(
            "Of the {k} strongest of {all} filters, {real} speak for real on the whole and {fake} "
            "for fake; of {rest} no side can be told (n = {n} of each kind). They read "
            "{low} to {high} tokens. Silent in every sequence: {mute}."
        ).format(
            k=len(strongest.filters),
            all=strongest.n_filters,
            real=sum(each.effect.value > 0 for each in clear),
            fake=sum(each.effect.value < 0 for each in clear),
            rest=len(strongest.filters) - len(clear),
            n=strongest.n,
            low=min(widths),
            high=max(widths),
            mute=strongest.n_mute,
        )
    )


def _phrases(strongest: FilterRanking, words: tuple[str, ...]) -> None:
    head = (_("filter"), _("fires in"), _("excited most by"), _("most often won by"))
    rows = "".join(
        f'<tr><th scope="row">{each.number}<br><small>'
        f"{escape(_('1 token') if each.width == 1 else _('{w} tokens').format(w=each.width))}"
        f"</small></th>"
        f"<td>{_firing(each, strongest.n)}</td>"
        f"<td>{_listed(each.loudest[:SHOWN], words)}</td>"
        f"<td>{_listed(each.commonest[:SHOWN], words)}</td></tr>"
        for each in strongest.filters
    )
    html.quiet(
        _(
            "c̃ is the activation; ● in how many of {n} held-out real sequences the phrase stands, "
            "◆ in how many of {n} fresh ones. What excites a filter most may be so rare that it "
            "decides little."
        ).format(n=strongest.n)
    )
    caption = _("The filters and their phrases")
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    st.html(html.framed("phrases", caption, top, rows))


def _firing(strong: StrongFilter, n: int) -> str:
    real, fake = 100 * strong.awake_real / n, 100 * strong.awake_fake / n
    return (
        f'<span class="one towards-real">● {real:.0f} % {escape(_("of real"))}</span>'
        f'<span class="one towards-fake">◆ {fake:.0f} % {escape(_("of G’s"))}</span>'
    )


def _listed(phrases: Sequence[Phrase], words: tuple[str, ...]) -> str:
    return "".join(
        f'<span class="one">{phrase_html(each.tokens, words)} '
        f"<small>c̃ {each.activation:.2f} · ● {each.in_real} · ◆ {each.in_fake}</small></span>"
        for each in phrases
    )


def _table(strongest: FilterRanking, words: tuple[str, ...]) -> None:
    html.table(
        [
            _("filter"),
            _("tokens"),
            _("mean |effect|, points"),
            _("mean effect"),
            _("c̃ in real"),
            _("c̃ in G's"),
            _("fires in real"),
            _("fires in G's"),
        ],
        [
            [
                str(each.number),
                str(each.width),
                f"{100 * each.strength.value:.2f} ± {100 * each.strength.half:.2f}",
                f"{100 * each.effect.value:+.2f} ± {100 * each.effect.half:.2f}",
                f"{each.on_real.value:.3f} ± {each.on_real.half:.3f}",
                f"{each.on_fake.value:.3f} ± {each.on_fake.half:.3f}",
                f"{each.awake_real}",
                f"{each.awake_fake}",
            ]
            for each in strongest.filters
        ],
        _("{n} held-out real and {n} fresh sequences; ± is half of the 95 % interval").format(
            n=strongest.n
        ),
    )
    html.table(
        [
            _("filter and phrase"),
            _("kind"),
            _("activation"),
            _("stands in real"),
            _("in G's"),
            _("wins in"),
        ],
        [
            [
                f"{each.number}: {phrase(some.tokens, words)}",
                kind,
                f"{some.activation:.3f}",
                str(some.in_real),
                str(some.in_fake),
                str(some.wins),
            ]
            for each in strongest.filters
            for kind, phrases in ((_("loudest"), each.loudest), (_("commonest"), each.commonest))
            for some in phrases
        ],
        _("Phrases: in how many of {n} sequences of each kind they stand, and of {all} win").format(
            n=strongest.n, all=2 * strongest.n
        ),
    )
