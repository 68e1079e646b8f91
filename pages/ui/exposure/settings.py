"""What is measured on the screen of exposure bias: which runs, how many sequences, the seed."""

import streamlit as st

from pages.ui.common import choice, session
from pages.ui.common.i18n import plain
from pages.ui.common.run.model_picker import PickedModel, run_label
from pages.ui.exposure.models import has_oracle, why_not
from seqgan_core.insight.exposure.divergence import Design
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord, StoreError

SIZES = (500, 1000, 2000, 5000)
LIGHT = 10_000  # numbers a sequence, V · T, up to which thousands are done in a second
MOST_SEED = 9999
MOST_ADDED = 4  # more curves are indistinguishable


def settings(picked: PickedModel) -> tuple[list[RunRecord], Design]:
    """Draw the choices."""
    config = picked.record.config
    left, middle, right = st.columns([2.2, 1, 1], vertical_alignment="bottom")
    with left:
        added, problems = _choose_added(picked.record)
    sizes = sizes_for(config.n_test)
    usual = 2000 if config.vocab_size * config.sequence_length <= LIGHT else 1000
    default = max((size for size in sizes if size <= usual), default=sizes[0])
    n = choice.one_of(
        "n", _("Sequences n"), sizes, key=f"exposure-n-{picked.record.id}", default=default,
        widget="select", place=middle,
        help=_("Held-out real sequences, and as many samples of each model"),
    )  # fmt: skip
    seed = choice.number(
        "seed", _("Seed"), 0, MOST_SEED, 1, key="exposure-seed", place=right,
        help=_("Another seed draws other sequences and other samples"),
    )  # fmt: skip
    for problem in problems:
        st.warning(plain(problem))
    return added, Design(picked.record.id, n, seed)


def sizes_for(held_out: int) -> list[int]:
    """Numbers of sequences to choose from, none above what is held out."""
    most = min(held_out, SIZES[-1])
    return [size for size in SIZES if size < most] + [most]


def _choose_added(shown: RunRecord) -> tuple[list[RunRecord], list[str]]:
    """Draw the choice of further runs; returns them, and why others in the link cannot be added.

    What is wrong with a link is kept until the choice is changed: the address is corrected at once.
    """
    linked, problems = _linked_runs(shown)
    problems_key = f"exposure-wrong-{shown.id}"
    st.session_state[problems_key] = st.session_state.get(problems_key, []) + problems
    records = [*linked, *session.lab().store.runs()]
    by_id = {record.id: record for record in records if record.id != shown.id}
    reasons = {key: why_not(shown, record) for key, record in by_id.items()}
    in_link = {record.id for record in linked}
    offered = [key for key in by_id if not reasons[key] or key in in_link]
    chosen_ids = st.multiselect(
        _("Compare with"), offered, default=[record.id for record in linked],
        format_func=lambda key: run_label(by_id[key]), max_selections=MOST_ADDED,
        placeholder=_placeholder(shown) if offered else _("no comparable run"),
        key=f"exposure-with-{shown.id}",
        on_change=lambda: st.session_state.pop(problems_key, None),
    )  # fmt: skip
    st.query_params["with"] = chosen_ids
    text = _("{name} cannot be compared with this run: {reason}.")
    refused = [
        text.format(name=by_id[key].name, reason=reasons[key]) for key in chosen_ids if reasons[key]
    ]
    chosen = [by_id[key] for key in chosen_ids if not reasons[key]]
    return chosen, [*st.session_state.get(problems_key, []), *refused]


def _placeholder(shown: RunRecord) -> str:
    oracle = has_oracle(shown.config)
    return _("any run with the same oracle") if oracle else _("any run on the same text")


def _linked_runs(shown: RunRecord) -> tuple[list[RunRecord], list[str]]:
    """The runs that the address adds, and what is wrong with it."""
    records: dict[str, RunRecord] = {}
    problems = []
    for run_id in st.query_params.get_all("with"):
        try:
            record = session.lab().store.run(run_id)
        except StoreError:
            problems.append(_("There is no run {id} in this library.").format(id=run_id))
        else:
            records[record.id] = record
    records.pop(shown.id, None)
    if len(records) > MOST_ADDED:
        text = _("The link adds {n} runs; only the first {most} are shown.")
        problems.append(text.format(n=len(records), most=MOST_ADDED))
    return list(records.values())[:MOST_ADDED], problems
