"""Exposure bias: how far a model trained on real prefixes drifts on its own."""

import streamlit as st

from pages.ui.common import glossary, html, navigation
from pages.ui.common.i18n import plain
from pages.ui.common.run.model_picker import PickedModel, pick_model
from pages.ui.common.tabs import Tab, tabs
from pages.ui.exposure import sections
from pages.ui.exposure.models import has_oracle, models_of, runs_with_oracle
from pages.ui.exposure.settings import settings
from seqgan_core.messages import _, long_text, remark


def draw() -> None:
    html.style("exposure")
    st.title(_("Exposure bias: does a model drift on its own samples?"), anchor=False)
    html.lede(remark("exposure.lede"))
    glossary.terms("exposure-bias", "teacher-forcing", "oracle", "kl-divergence", "perturbation")
    picked = pick_model()
    if picked is not None:
        measurements(picked)


def measurements(picked: PickedModel) -> None:
    """The measurements of the picked model and of those compared with it."""
    added, design = settings(picked)
    models = models_of(picked, added)
    length = picked.record.config.sequence_length
    method = Tab("method", _("Method and debate"), lambda: st.markdown(long_text("exposure")))
    if not has_oracle(picked.record.config):
        no_oracle()
        nll = Tab("nll", _("NLL by position"), lambda: sections.read_only(design, models))
        tabs("view", [nll, method], key="exposure-view-text")
        return
    parts = [
        Tab("prefixes", _("Real and own prefixes"), lambda: sections.true_and_own(design, models)),
        Tab("nll", _("NLL by position"), lambda: sections.by_position(design, models)),
        Tab("perturbation", _("Perturbation and recovery"),
            lambda: sections.recovery(design, models, length)),
        method,
    ]  # fmt: skip
    tabs("view", parts, key="exposure-view")


def no_oracle() -> None:
    """Text has no oracle: what cannot be measured, and the runs where it can."""
    html.empty(_("No oracle, so exposure bias cannot be measured"), remark("exposure.no-oracle"))
    with st.container(horizontal=True, key="exposure-doors"):
        for record in runs_with_oracle():
            navigation.link(navigation.EXPOSURE, plain(record.name), run=record.id)


navigation.show(draw)
