"""Overview: what SeqGAN is, a tour, a recorded run, and links to the other screens."""

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.frame import tour
from pages.ui.common.i18n import long_text, plain
from pages.ui.common.tabs import Tab, tabs
from pages.ui.overview.data_flow import flow
from pages.ui.overview.replay import SECONDS, replay
from seqgan_core.messages import N_, _

# What each screen is for.
SCREENS = {
    navigation.LAB: N_("Train a model, and watch whether it improves or only loses diversity."),
    navigation.ALGORITHM: N_("Run it line by line, and see which line changes which number."),
    navigation.ROLLOUTS: N_("See the completions and scores behind the value Q of any token."),
    navigation.DISCRIMINATOR: N_(
        "See which n-grams D reacts to; change a token and see D's new score."
    ),
    navigation.EXPOSURE: N_("Measure how a model drifts when it continues its own samples."),
    navigation.METHODS: N_("Compare six training methods, and see which differences are real."),
    navigation.STRATEGIES: N_(
        "Train G and D more or less often, and see which settings learn, stall or collapse."
    ),
    navigation.POEMS: N_("Sample poems, see what is copied, and guess which one a human wrote."),
    navigation.SPEECHES: N_(
        "Sample sentences in the style of presidential speeches or of your text."
    ),
    navigation.MUSIC: N_("Listen to sampled tunes, or draw a few notes for a model to continue."),
    navigation.RUNS: N_("Every run in one list: open, compare, resume or export it."),
    navigation.GLOSSARY: N_("Every term with its formula and the screens where you can see it."),
}


def draw() -> None:
    st.title(_("A discriminator teaches a generator, token by token"), anchor=False)
    html.lede(
        _("SeqGAN turns a discriminator's score for a whole sequence into a reward for each token.")
    )
    with st.container(key="start-here", horizontal=True, vertical_alignment="center"):
        tour.link(1, _("Start here"))
        html.quiet(_("A five-minute tour of five screens."))
    still = flow()
    tabs(
        "part",
        [
            Tab("idea", _("The idea"), lambda: st.markdown(long_text("overview"))),
            Tab("run", _("A recorded run"), lambda: recorded_run(still)),
            Tab("screens", _("All screens"), screens),
        ],
        key="overview-part",
    )


def recorded_run(still: bool) -> None:
    """A recorded run, replayed; paused at its end for a viewer who asked for less motion."""
    by_id = {record.id: record for record in session.recorded_runs()}
    if not by_id:
        html.empty(
            _("No recorded run"),
            _(
                "Recorded runs belong in assets/recorded, but none is there. Train one in the "
                "training lab: the preset “glance” takes half a minute."
            ),
        )
        return
    text = _("A run trained by this lab, replayed in {n:.0f} seconds.")
    html.quiet(text.format(n=SECONDS))
    chosen = st.pills(
        _("Recorded run"),
        list(by_id),
        default=next(iter(by_id)),
        required=True,
        key="recorded",
        format_func=lambda run_id: plain(by_id[run_id].name),
        label_visibility="collapsed",
    )
    replay(by_id[chosen], still=still)


def screens() -> None:
    """Links to the other screens, each with what it is for."""
    rows = list(SCREENS.items())
    with st.container(key="doors"):
        for first in range(0, len(rows), 4):
            for column, (page, text) in zip(st.columns(4), rows[first : first + 4], strict=True):
                with column.container(border=True):
                    st.page_link(page, label=f"**{_(navigation.TITLES[page])}**")
                    html.quiet(_(text))


navigation.show(draw)
