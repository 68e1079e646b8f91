"""Exposure bias: how much a model that learned on true prefixes drifts on its own."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.i18n import long_text, plain
from pages.ui.common.model_picker import pick_model
from pages.ui.exposure import sections
from pages.ui.exposure.models import has_oracle, models_of, runs_with_oracle
from pages.ui.exposure.settings import settings
from seqgan_core.messages import _


def draw() -> None:
    html.style("exposure")
    st.title(_("Left to itself, does a model drift?"), anchor=False)
    html.lede(
        _(
            "A model trained on true prefixes may go astray on its own. The oracle knows the "
            "truth after any prefix, so here it can be measured: on own and on true prefixes, and "
            "after a wound."
        )
    )
    html.quiet(
        _(
            "How large the effect is, is disputed in the literature. This measures it, on small "
            "models; what each number can and cannot say stands at the end of the page."
        )
    )
    picked = pick_model()
    if picked is None:
        return
    added, design = settings(picked)
    models = models_of(picked, added)
    truth = has_oracle(picked.record.config)
    usable = sections.by_position(design, models, truth)
    if not truth:
        no_truth()
    elif usable is None or usable:
        drawn = sections.true_and_own(design, usable)
        length = picked.record.config.sequence_length
        sections.recovery(design, usable, length, drawn)
    with st.expander(_("How this is measured, and what is disputed"), icon=":material/menu_book:"):
        st.markdown(long_text("exposure"))


def no_truth() -> None:
    """Text has no oracle: what cannot be measured, and the runs where it can."""
    html.empty(
        _("No oracle, no truth after a model's own prefix"),
        _(
            "Of text nobody knows the true distribution. What a model reads is measured above, but "
            "neither what it writes on its own nor how it heals can be judged: for that open a run "
            "of the oracle's task."
        ),
    )
    with st.container(horizontal=True, key="exposure-doors"):
        for record in runs_with_oracle():
            st.page_link(
                navigation.EXPOSURE,
                label=plain(record.name),
                icon=":material/healing:",
                query_params={"run": record.id},
            )


navigation.show(draw)
