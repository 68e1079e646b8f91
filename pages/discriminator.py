"""Discriminator: the phrases behind its score, its strongest filters, and how far to trust it."""

import streamlit as st

from pages.ui.common import glossary, html, navigation
from pages.ui.common.run.model_picker import pick_model
from pages.ui.common.tabs import Tab, tabs
from pages.ui.discriminator.attribution import attribution
from pages.ui.discriminator.filters import filters
from pages.ui.discriminator.over_training import training
from seqgan_core.messages import _, long_text, remark
from seqgan_core.training.strategies import STRATEGIES


def draw() -> None:
    html.style("discriminator")
    st.title(_("Discriminator: a set of n-gram detectors"), anchor=False)
    html.lede(remark("discriminator.lede"))
    glossary.terms("filter", "filter-effect", "n-gram", "score", "calibration")
    picked = pick_model()
    if picked is None:
        return
    if not picked.has_discriminator:
        without(picked.record.config.strategy)
        return
    sections = [
        Tab("reads", _("One sequence"), lambda: attribution(picked)),
        Tab("filters", _("Filters"), lambda: filters(picked)),
        Tab("training", _("Through training"), lambda: training(picked)),
        Tab("method", _("Method and limits"), lambda: st.markdown(long_text("discriminator"))),
    ]
    tabs("view", sections, key="discriminator-view")


def without(strategy: str) -> None:
    """A run that has no discriminator: say what would be here, and how to get it."""
    html.empty(
        _("This run has no discriminator"),
        remark("discriminator.none", method=_(STRATEGIES[strategy].title)),
    )
    navigation.link(navigation.LAB, _("Open the training lab"))


navigation.show(draw)
