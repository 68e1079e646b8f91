"""Roll-out explorer: a token's Q is the mean score of the sentences that could still follow."""

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.background_job import result
from pages.ui.common.i18n import long_text
from pages.ui.common.model_picker import PickedModel, pick_model
from pages.ui.common.token_reader import reader
from pages.ui.common.token_rows import Place
from pages.ui.rollouts import alternatives, q_maps, sequence_rows, token_detail
from pages.ui.rollouts.settings import Settings, settings
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.rollouts.view import (
    Options,
    ViewRollouts,
    explore_view,
    options,
    update_view,
)
from seqgan_core.messages import _


def draw() -> None:
    html.style("rollouts")
    st.title(_("A token is worth what could still follow it"), anchor=False)
    html.lede(
        _(
            "Choose a token. The generator rolls the sentence on from there N times, the "
            "discriminator (or another reward) scores every ending, and the mean of the scores is "
            "the token's Q."
        )
    )
    picked = pick_model()
    if picked is not None:
        explorer(picked, settings(picked))
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text("rollouts"))


def explorer(picked: PickedModel, chosen: Settings) -> None:
    """All that hangs on the explored sequences."""
    view, models = chosen.view, session.lab().models
    rolled: ViewRollouts | None = result(
        ("rollouts", view), lambda: explore_view(models, view), _("Rolling the sequences on")
    )
    if rolled is None:
        return
    if view.reward == "discriminator" and rolled.d_updates == 0:
        st.warning(
            _(
                "At this checkpoint the discriminator had not been trained yet: its scores are "
                "chance. Choose a later checkpoint to see values that mean something."
            )
        )
    explored = rolled.explored.first(chosen.n)
    token_reader = reader(picked.record.config)
    names = [token_reader.names(row) for row in explored.tokens]
    place = sequence_rows.chosen_place(*explored.tokens.shape)
    left, right = html.columns_for(len(names[0]))
    convergence_area, others_area, update_area, maps_area = (st.container() for _index in range(4))
    with update_area:  # first: the rows may show its arrows
        st.subheader(_("What one update does with these values"), anchor=False)
        update = one_update(chosen, explored)
        if update is not None:
            alternatives.one_update(update, names, place, picked.record.config, view.reward)
    with left:
        sequence_rows.rows(explored, token_reader, place, chosen, update)
    with right:
        token_detail.detail(explored, token_reader, place, view.reward)
    with convergence_area:
        token_detail.convergence(rolled.explored, place, chosen.n)
    with others_area:
        st.subheader(_("What else could stand there"), anchor=False)
        options = other_tokens(chosen, explored, place)
        if options is not None:
            last = place[1] + 1 == len(names[0])
            alternatives.alternatives(options, token_reader.vocabulary, last)
    with maps_area:
        q_maps.maps(picked, chosen, explored, token_reader.vocabulary, place[0])


def other_tokens(chosen: Settings, explored: Exploration, place: Place) -> Options | None:
    """The likeliest other tokens at the place, once they are rolled on."""
    view, models = chosen.view, session.lab().models
    row, t = place
    tokens = explored.tokens[row].tolist()
    choices: Options | None = result(
        ("rollout options", view, row, t, chosen.n),
        lambda: options(models, view, tokens, t, chosen.n),
        _("Rolling other tokens on"),
    )
    return choices


def one_update(chosen: Settings, explored: Exploration) -> PolicyUpdate | None:
    """One real update on the explored sequences, once it is worked out."""
    view, models = chosen.view, session.lab().models
    update: PolicyUpdate | None = result(
        ("one update", view, chosen.n),
        lambda: update_view(models, view, explored),
        _("Taking one update"),
    )
    return update


navigation.show(draw)
