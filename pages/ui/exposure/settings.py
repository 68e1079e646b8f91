"""What is measured on the screen of exposure bias: which runs, how many sequences, which dice."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import session, url_state
from pages.ui.common.i18n import _, plain
from pages.ui.common.model_picker import PickedModel
from pages.ui.exposure.models import has_oracle, why_not
from seqgan_core.insight.exposure.divergence import Design
from seqgan_core.runs.store import RunRecord, StoreError

SIZES = (500, 1000, 2000, 5000)
LIGHT = 10_000  # numbers a sequence, V · T, up to which thousands are done in a second
MOST_SEED = 9999
MOST_ADDED = 4  # more curves cannot be told apart


def settings(picked: PickedModel) -> tuple[list[RunRecord], Design]:
    """Draw the choices; all of them stand in the address."""
    config = picked.record.config
    left, middle, right = st.columns([2.2, 1, 1], vertical_alignment="bottom")
    with left:
        added, problems = _added(picked.record)
    sizes = sizes_for(config.n_test)
    usual = 2000 if config.vocab_size * config.sequence_length <= LIGHT else 1000
    default = str(max((size for size in sizes if size <= usual), default=sizes[0]))
    asked = url_state.one_of("n", [str(size) for size in sizes], default)
    n = middle.selectbox(
        _("Sequences n"),
        sizes,
        index=sizes.index(int(asked)),
        key=f"exposure.n.{picked.record.id}",
        help=_("Held-out real sequences, and as many that each model writes"),
    )
    seed = right.number_input(
        _("Dice"),
        0,
        MOST_SEED,
        value=url_state.number("seed", 1, 0, MOST_SEED),
        key="exposure.seed",
        help=_("Another number draws other sequences and other dice"),
    )
    url_state.put(n=n, seed=seed)
    for problem in problems:
        st.warning(plain(problem))
    return added, Design(picked.record.id, int(n), int(seed))


def sizes_for(held_out: int) -> list[int]:
    """Numbers of sequences to choose from, none above what is held out."""
    most = min(held_out, SIZES[-1])
    return [size for size in SIZES if size < most] + [most]


def _added(shown: RunRecord) -> tuple[list[RunRecord], list[str]]:
    """Draw the choice of further runs; returns them, and why others that were asked for are not.

    What is wrong with a link is kept until the choice is changed: the address is mended at once.
    """
    asked, wrong = _asked(shown)
    kept = f"exposure.wrong.{shown.id}"
    st.session_state[kept] = st.session_state.get(kept, []) + wrong
    records = [*asked, *session.lab().store.runs()]
    by_id = {record.id: record for record in records if record.id != shown.id}
    reasons = {key: why_not(shown, record) for key, record in by_id.items()}
    in_link = {record.id for record in asked}
    offered = [key for key in by_id if not reasons[key] or key in in_link]
    wanted = st.multiselect(
        _("Compare with"),
        offered,
        default=[record.id for record in asked],
        format_func=lambda key: f"{by_id[key].name}  ·  {key}",
        max_selections=MOST_ADDED,
        placeholder=_placeholder(shown) if offered else _("no other run fits"),
        key=f"exposure.with.{shown.id}",
        on_change=lambda: st.session_state.pop(kept, None),
    )
    st.query_params["with"] = wanted
    text = _("{name} cannot be laid beside this run: {reason}.")
    refused = [
        text.format(name=by_id[key].name, reason=reasons[key]) for key in wanted if reasons[key]
    ]
    chosen = [by_id[key] for key in wanted if not reasons[key]]
    return chosen, [*st.session_state.get(kept, []), *refused]


def _placeholder(shown: RunRecord) -> str:
    if has_oracle(shown.config):
        return _("any run of the same oracle")
    return _("any run on the same text")


def _asked(shown: RunRecord) -> tuple[list[RunRecord], list[str]]:
    """The runs that the address adds, and what is wrong with it."""
    found: dict[str, RunRecord] = {}
    wrong = []
    for run_id in st.query_params.get_all("with"):
        try:
            record = session.lab().store.run(run_id)
        except StoreError:
            wrong.append(_("There is no run {id} in this library.").format(id=run_id))
        else:
            found[record.id] = record
    found.pop(shown.id, None)
    if len(found) > MOST_ADDED:
        text = _("The link adds {n} runs; the first {most} are shown.")
        wrong.append(text.format(n=len(found), most=MOST_ADDED))
    return list(found.values())[:MOST_ADDED], wrong
