"""A tree search at the chosen position, simulation by simulation, and the truth of a small one."""

import streamlit as st

from pages.ui.common import choice, html, session
from pages.ui.common.background_job import result
from pages.ui.common.buttons import button
from pages.ui.common.errors import show_errors
from pages.ui.common.plotly_chart import charts_and_tables
from pages.ui.rollouts.settings import Place, Settings
from seqgan_core.figures.rollouts.findings import percent, value_words
from seqgan_core.figures.rollouts.search_tree import against_truth as truth_figure
from seqgan_core.figures.rollouts.search_tree import search_tree
from seqgan_core.insight.rollouts.explore import MOST, Exploration
from seqgan_core.insight.rollouts.search import PrefixSearch
from seqgan_core.insight.rollouts.truth import against_truth
from seqgan_core.insight.rollouts.view import search_view
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, remark
from seqgan_core.training.config import TrainConfig

TICK = 0.9  # seconds between two simulations


def search(
    config: TrainConfig, chosen: Settings, explored: Exploration, place: Place, read: Reader
) -> None:
    """Draw the search for the chosen token, what it would write, and how far to trust it."""
    row, t = place
    tokens = explored.tokens[row]
    if chosen.view.reward == "constant":
        html.quiet(remark("rollouts.search-constant"))
    elif read.padding(tokens)[t]:
        html.quiet(_("The sequence has ended before this position: there is nothing to search."))
    else:
        _one_position(config, chosen, tokens[:t].tolist(), read)
    shown = st.expander(_("Against the truth"), key="rollouts-truth-open", on_change="rerun")
    if shown.open:  # it takes seconds, which the search would wait for
        with shown:
            _truth()


def _truth() -> None:
    html.quiet(remark("rollouts.truth"))
    what = _("Training and enumerating the small problem")
    truth = result(("search truth",), against_truth, what)
    if truth is not None:
        drawn = [truth_figure(truth, "absolute"), truth_figure(truth, "bias")]
        charts_and_tables([drawn], "rollouts-truth")


def _one_position(config: TrainConfig, chosen: Settings, prefix: list[int], read: Reader) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="rollouts-search"):
        simulations = choice.number(
            "simulations", _("Simulations S"), 1, MOST, min(config.search_simulations, MOST),
            key="rollouts-simulations", slider=True, width=260,
            help=_("A larger S uses the same random draws and adds to them."),
        )  # fmt: skip
        exploration = choice.number(
            "exploration", _("Exploration c"), 0.0, 100.0, config.search_exploration,
            key="rollouts-exploration", step=0.25, width=160,
            help=_("The weight of G's probabilities in the choice of a branch."),
        )  # fmt: skip
    view, models = chosen.view, session.lab().models
    key = ("rollouts search", view, tuple(prefix), simulations, exploration)
    changes = {"search_simulations": simulations, "search_exploration": exploration}
    found = result(key, lambda: search_view(models, view, prefix, **changes), _("Searching"))
    if found is None:
        return
    state = st.session_state
    if state.get("rollouts-played") != key or "rollouts-at" not in state:  # a widget's key can go
        state["rollouts-played"], state["rollouts-at"] = key, simulations
        state["rollouts-playing"] = False
    playing = bool(state["rollouts-playing"])
    st.fragment(_tree, run_every=TICK if playing else None)(found, read, playing)
    _root(found, read)
    _written(found, read)


@show_errors()
def _tree(found: PrefixSearch, read: Reader, ticking: bool) -> None:
    """The tree after the simulation that the buttons and the slider choose.

    `ticking`: whether a timer draws it again, which only a run of the page can change.
    """
    state, last = st.session_state, len(found.visits) - 1

    def go(to: int, playing: bool = False) -> None:
        state["rollouts-at"], state["rollouts-playing"] = to, playing

    if ticking and state["rollouts-playing"]:
        go(min(last, state["rollouts-at"] + 1), state["rollouts-at"] + 1 < last)
    at, playing = state["rollouts-at"], state["rollouts-playing"]
    play = ("pause", _("Pause")) if playing else ("play_arrow", _("Play"))
    again = 0 if at == last and not playing else at
    buttons = (
        ("back", "skip_previous", _("Step back"), (at - 1,), at == 0),
        ("play", *play, (again, not playing), False),
        ("forward", "skip_next", _("Step forward"), (at + 1,), at == last),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="rollouts-steps"):
        for key, icon, label, args, off in buttons:
            button(label, icon, f"rollouts-{key}", go, *args, disabled=off)
        st.slider(_("After simulation"), 0, last, key="rollouts-at", width=260,
                  on_change=lambda: go(state["rollouts-at"]))  # fmt: skip
    drawn = search_tree(found, at, read.vocabulary.name)
    charts_and_tables([[drawn]], "rollouts-tree")
    if ticking != playing:
        st.rerun()


def _root(found: PrefixSearch, read: Reader) -> None:
    """What the search knows of each action of the root, and of the prefix."""
    rows = [
        [read.vocabulary.name(int(action)), percent(p), f"{n:.0f}", f"{q:.3f}", percent(better)]
        for action, p, n, q, better in zip(*found.root().values(), strict=True)
    ]
    others = percent(float(found.found.tree.left_out[0, 0]))
    caption = remark("rollouts.search-values", v=float(found.found.value), p=others)
    html.table([_("token"), "P", "N", "Q", "π′"], rows, caption)
    html.quiet(remark("rollouts.search-root"))
    if (about := found.prefix_value) is not None:
        q = value_words(about.mean, about.std_error)
        text = _("The value network gives this prefix {v:.3f}; {n} fresh roll-outs give {q}.")
        html.quiet(text.format(v=about.v, n=MOST, q=q))


def _written(found: PrefixSearch, read: Reader) -> None:
    """What the search would write from here to the end, and what G would."""
    by = {
        _("a search at every position"): found.by_search,
        _("G, one sample"): found.by_sample,
        _("G, its likeliest tokens"): found.by_likeliest,
    }
    rows = [[title, read.text(one.tokens), f"{one.score:.3f}"] for title, one in by.items()]
    head = [_("written by"), _("sequence"), _("score")]
    caption = _("What each would write from here to the end, and its reward")
    html.table(head, rows, caption, stacked=True)
