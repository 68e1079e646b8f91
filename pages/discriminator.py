"""Discriminator: the phrases behind its score, its strongest filters, and how far to trust it."""

import streamlit as st

from pages.ui.common import html, navigation, url_state
from pages.ui.common.i18n import long_text
from pages.ui.common.model_picker import pick_model
from pages.ui.discriminator.attribution import attribution
from pages.ui.discriminator.filters import filters
from pages.ui.discriminator.over_training import training
from seqgan_core.messages import _
from seqgan_core.training.strategies import STRATEGIES

VIEWS = {
    "reads": (_("What D reads"), attribution),
    "filters": (_("Filters"), filters),
    "training": (_("Through training"), training),
}


def draw() -> None:
    html.style("discriminator")
    st.title(_("D is a bag of n-gram detectors"), anchor=False)
    html.lede(
        _(
            "Each filter of the discriminator looks for phrases of one length and keeps its best "
            "match. Switch off what a phrase excited, score again, and you see what it was worth."
        )
    )
    picked = pick_model()
    if picked is None:
        return
    if not picked.has_discriminator:
        without(picked.record.config.strategy)
        return
    VIEWS[view()][1](picked)
    with st.expander(_("How this is measured, and what it does not say")):
        st.markdown(long_text("discriminator"))


def view() -> str:
    """Which of the three parts is shown, from the address."""
    shown = url_state.one_of("view", list(VIEWS), "reads")
    st.session_state["d-view"] = shown
    st.segmented_control(
        _("Part"),
        list(VIEWS),
        key="d-view",
        format_func=lambda name: VIEWS[name][0],
        label_visibility="collapsed",
        on_change=lambda: url_state.put(view=st.session_state["d-view"] or shown),
    )
    return shown


def without(strategy: str) -> None:
    """A run that has no discriminator: say what would be here, and how to get it."""
    html.empty(
        _("This run has no discriminator"),
        _(
            "Its method is {method}, which trains without one. Choose a run of the method SeqGAN "
            "above, or start one: here you will see which phrases D reads, and what each is worth."
        ).format(method=STRATEGIES[strategy].title),
    )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")


navigation.show(draw)
