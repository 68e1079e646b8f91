"""Overview: what SeqGAN is, a recorded run at once, and doors to the other screens."""

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.i18n import long_text
from pages.ui.overview.data_flow import flow
from pages.ui.overview.replay import replay
from seqgan_core.messages import _


def draw() -> None:
    st.title(_("A critic teaches a writer, token by token"), anchor=False)
    html.lede(
        _(
            "SeqGAN trains a generator that cannot be differentiated through: a discriminator's "
            "score of whole sentences is passed back to each token as a reward."
        )
    )
    still = flow()
    st.header(_("A recorded run"), anchor=False)
    recorded_run(still)
    st.header(_("Where to go next"), anchor=False)
    doors()
    with st.expander(_("The idea in a few paragraphs"), icon=":material/menu_book:"):
        st.markdown(long_text("overview"))


def recorded_run(still: bool) -> None:
    """A recording, playing again; a viewer who asked for less motion gets it standing."""
    records = [record for record in session.lab().store.runs() if record.status == "recorded"]
    if not records:
        html.empty(
            _("No recorded run here"),
            _(
                "Recordings ship in assets/recorded. Open the training lab and start one of your "
                "own: the glance preset takes half a minute."
            ),
        )
        return
    records.sort(key=lambda run: (run.config.strategy != "seqgan", run.preset != "lesson"))
    by_id = {record.id: record for record in records}
    html.lede(
        _(
            "Trained by this program and kept with every event. It plays again in half a minute; "
            "stop it anywhere."
        )
    )
    chosen = st.pills(
        _("Recorded run"),
        list(by_id),
        default=records[0].id,
        required=True,
        key="recorded",
        format_func=lambda run_id: by_id[run_id].name,
        label_visibility="collapsed",
    )
    replay(by_id[chosen], still=still)


def doors() -> None:
    """Links to the other screens, each with the sentence it teaches."""
    rows = [
        (
            navigation.LAB,
            _("Training lab"),
            ":material/science:",
            _("Start a run of your own and watch whether it learns, or only sharpens."),
        ),
        (
            navigation.ALGORITHM,
            _("Algorithm 1"),
            ":material/format_list_numbered:",
            _("Walk through it line by line, and see which line makes which number move."),
        ),
        (
            navigation.ROLLOUTS,
            _("Roll-out explorer"),
            ":material/account_tree:",
            _("Open the Q of any token into the sentences that it is the mean of."),
        ),
        (
            navigation.DISCRIMINATOR,
            _("Discriminator"),
            ":material/policy:",
            _("See which n-grams D reads, change a token, and watch its score move."),
        ),
        (
            navigation.EXPOSURE,
            _("Exposure bias"),
            ":material/healing:",
            _("Measure how far a model drifts when it must go on from its own words."),
        ),
        (
            navigation.METHODS,
            _("Methods"),
            ":material/leaderboard:",
            _("Compare six ways to train, and learn which differences are real."),
        ),
        (
            navigation.STRATEGIES,
            _("Strategies"),
            ":material/balance:",
            _("Let G and D move more or less often: it learns, it stalls, or it collapses."),
        ),
        (
            navigation.POEMS,
            _("Poems"),
            ":material/brush:",
            _("Have new verse written, see how much of it is copied, and guess which is human."),
        ),
        (
            navigation.SPEECHES,
            _("Speeches"),
            ":material/record_voice_over:",
            _("The same for sentences, by a model of speeches or of a text of your own."),
        ),
        (
            navigation.MUSIC,
            _("Music"),
            ":material/music_note:",
            _("Hear new tunes, draw the first notes of one, and let the model go on."),
        ),
        (
            navigation.RUNS,
            _("Runs"),
            ":material/list_alt:",
            _("Everything that was trained here: compare, resume, branch, take away."),
        ),
    ]
    with st.container(key="doors"):
        for first in range(0, len(rows), 4):
            for column, door in zip(st.columns(4), rows[first : first + 4], strict=False):
                page, title, icon, text = door
                with column.container(border=True):
                    st.page_link(page, label=f"**{title}**", icon=icon)
                    html.quiet(text)


navigation.show(draw)
