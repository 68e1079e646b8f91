"""Roll-outs: a token's Q is the mean score of the completions that follow it."""

from functools import partial

import streamlit as st

from pages.ui.common import glossary, html, navigation, session
from pages.ui.common.background_job import of_models, result
from pages.ui.common.run.model_picker import PickedModel, pick_model
from pages.ui.common.run.token_reader import reader
from pages.ui.common.tabs import Tab, tabs
from pages.ui.rollouts import alternatives, q_maps, search, sequence_rows, token_detail
from pages.ui.rollouts.settings import Settings, settings
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.rollouts.view import explore_view, update_view
from seqgan_core.messages import _, long_text, remark


def draw() -> None:
    html.style("rollouts")
    st.title(_("Roll-outs: the value of a token"), anchor=False)
    html.lede(remark("rollouts.lede"))
    glossary.terms("roll-out", "completion", "q", "reward", "standard-error")
    picked = pick_model()
    if picked is not None:
        explorer(picked, settings(picked))


def explorer(picked: PickedModel, chosen: Settings) -> None:
    """All that depends on the explored sequences."""
    view = chosen.view
    rolled = of_models(_("Rolling out the sequences"), explore_view, view)
    if rolled is None:
        return
    if view.reward == "discriminator" and rolled.d_updates == 0:
        st.warning(remark("rollouts.untrained"))
    explored = rolled.explored.first(chosen.n)
    read = reader(picked.record.config)
    place = sequence_rows.chosen_place(*explored.tokens.shape)
    update = one_update(chosen, explored) if chosen.arrows else None
    left, right = html.columns_for(explored.tokens.shape[1])
    with left:
        sequence_rows.rows(explored, read, place, chosen, update)
    with right:
        token_detail.detail(explored, read, place, view.reward)

    def show_update() -> None:
        update = one_update(chosen, explored)
        if update is not None:
            names = read.names(explored.tokens[place[0]])
            alternatives.one_update(update, names, place, picked.record.config, view.reward)

    sections = [
        Tab("convergence", _("Roll-outs needed"),
            lambda: token_detail.convergence(rolled.explored, place, chosen.n)),
        Tab("tokens", _("Other tokens"),
            lambda: alternatives.alternatives(chosen, explored, place, read)),
        Tab("update", _("One update"), show_update),
        Tab("maps", _("Q of all sequences"),
            lambda: q_maps.maps(picked, chosen, explored, read.vocabulary, place[0])),
        Tab("search", _("Search"),
            lambda: search.search(picked.record.config, chosen, explored, place, read)),
        Tab("method", _("How to read this page"), lambda: st.markdown(long_text("rollouts"))),
    ]  # fmt: skip
    tabs("view", sections, key="rollouts-view")


def one_update(chosen: Settings, explored: Exploration) -> PolicyUpdate | None:
    """One real update on the explored sequences, once it is computed."""
    key, models = ("one update", chosen.view, chosen.n), session.lab().models
    make = partial(update_view, models, chosen.view, explored)
    return result(key, make, _("Computing one update"))


navigation.show(draw)
