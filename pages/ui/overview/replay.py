"""A recorded run replayed: its events up to a step that moves with the clock."""

import time
from dataclasses import dataclass

import streamlit as st

from pages.ui.common import session
from pages.ui.common.buttons import button
from pages.ui.common.errors import show_errors
from pages.ui.common.run import charts
from seqgan_core.figures.run.curves import Curves
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord

SECONDS = 22.0  # for a whole run
TICK = 0.5


@dataclass
class _Play:
    """A viewer's replay: at `step` at the time `since`.

    `settled` once the viewer has paused or moved it, or it was stopped for less motion.
    """

    run_id: str
    step: float
    playing: bool
    since: float
    settled: bool = False


def replay(record: RunRecord, *, still: bool) -> None:
    """Draw the run up to the replay's step, which moves on while it plays."""
    play = st.session_state.get("replay")
    if play is None or play.run_id != record.id:
        play = _Play(record.id, 0.0, True, time.monotonic())
        st.session_state["replay"] = play
    if still and not play.settled:
        # The viewer asked for less motion: the whole run and a slider. The browser reports it only
        # after the page's first run, when the replay has begun.
        play.step, play.playing, play.settled = float(record.step), False, True
    st.fragment(_replay, run_every=TICK if play.playing else None)(record)


@show_errors()
def _replay(record: RunRecord) -> None:
    play: _Play = st.session_state["replay"]
    was_playing = play.playing
    curves = session.curves(session.lab().store, record)
    last = max(record.step, 1)
    _advance(play, last)
    left, slider = st.columns([1, 5], vertical_alignment="bottom")
    ended = play.step >= last
    label, icon = (_("Replay"), "replay") if ended else (_("Play"), "play_arrow")
    if play.playing:
        label, icon = _("Pause"), "pause"
    with left:
        button(label, icon, "replay.toggle", _toggle, play, last, width="stretch")
    with slider:
        _position(play, last)
    shown: Curves = curves.until(int(play.step))
    charts.quality(shown, "replay", brief=True)
    charts.followed(shown, record.config)
    if was_playing and not play.playing:
        st.rerun()  # the timer goes with the next full run


def _position(play: _Play, last: int) -> None:
    """A bar while it plays, a slider while it is paused: a moving slider cannot be dragged."""
    if play.playing:
        text = _("Step {step} of {last}").format(step=int(play.step), last=last)
        st.progress(play.step / last, text=text)
        return
    st.session_state["replay.at"] = int(play.step)
    st.slider(
        _("Training step"), 0, last, key="replay.at", on_change=_seek, args=(play,),
        help=_("Drag, or use the arrow keys, to move through the run"),
    )  # fmt: skip


def _advance(play: _Play, last: int) -> None:
    now = time.monotonic()
    if play.playing:
        play.step = min(last, play.step + (now - play.since) * last / SECONDS)
        play.playing = play.step < last
    play.since = now


def _toggle(play: _Play, last: int) -> None:
    if not play.playing and play.step >= last:
        play.step = 0.0
    play.playing, play.settled = not play.playing, True
    play.since = time.monotonic()


def _seek(play: _Play) -> None:
    play.step, play.playing, play.settled = float(st.session_state["replay.at"]), False, True
