"""Overview: what SeqGAN is, a tour, a recorded run, and links to the other screens."""

from pathlib import Path

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.frame import tour
from pages.ui.common.i18n import plain
from pages.ui.common.tabs import Tab, tabs
from pages.ui.overview.data_flow import flow
from pages.ui.overview.replay import SECONDS, replay
from seqgan_core.messages import _, long_text, remark


def draw() -> None:
    st.title(_("A discriminator teaches a generator, token by token"), anchor=False)
    html.lede(
        _("SeqGAN turns a discriminator's score for a whole sequence into a reward for each token.")
    )
    with st.container(key="start-here", horizontal=True, vertical_alignment="center"):
        tour.link(1, _("Start here"))
        html.quiet(_("A five-minute tour of five screens."))
    still = flow()
    parts = [
        Tab("idea", _("The idea"), lambda: st.markdown(long_text("overview"))),
        Tab("run", _("A recorded run"), lambda: recorded_run(still)),
        Tab("screens", _("All screens"), screens),
    ]
    tabs("part", parts, key="overview-part")


def recorded_run(still: bool) -> None:
    """A recorded run, replayed; paused at its end for a viewer who asked for less motion."""
    by_id = {record.id: record for record in session.recorded_runs()}
    if not by_id:
        html.empty(_("No recorded run"), remark("overview.no-recording"))
        return
    text = _("A run trained by this lab, replayed in {n:.0f} seconds.")
    html.quiet(text.format(n=SECONDS))
    chosen = st.pills(
        _("Recorded run"), list(by_id), default=next(iter(by_id)), required=True, key="recorded",
        format_func=lambda run_id: plain(by_id[run_id].name), label_visibility="collapsed",
    )  # fmt: skip
    replay(by_id[chosen], still=still)


def screens() -> None:
    """Links to the other screens, each with what it is for."""
    others = [page for page in navigation.TITLES if page != navigation.OVERVIEW]
    with st.container(key="doors"):
        for first in range(0, len(others), 4):
            for column, page in zip(st.columns(4), others[first : first + 4], strict=True):
                with column.container(border=True):
                    st.page_link(page, label=f"**{_(navigation.TITLES[page])}**")
                    html.quiet(remark(f"screen.{Path(page).stem}"))


navigation.show(draw)
