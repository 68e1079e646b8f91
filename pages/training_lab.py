"""Training lab: start a run, watch it learn, and see whether it learns or only sharpens."""

import streamlit as st

from pages.ui import address, nav, pieces, service
from pages.ui.panel import panel
from pages.ui.setup import setup
from pages.ui.text import _

nav.guard()
st.title(_("Training lab"), anchor=False)
pieces.lede(
    _(
        "Adversarial training can lower the oracle's NLL below where MLE stalls. Watch whether it "
        "learns or only sharpens."
    )
)

lab = service.lab()
records = lab.store.runs()
shown = address.run_shown(lab.store, records, lab.manager.state().active)

with st.container(key="lab-with-run" if shown else "lab-empty"):
    left, right = st.columns([1, 2.9], gap="large")
    with left, st.container(key="lab-left"):
        setup()
    with right, st.container(key="lab-right"):
        if shown is None:
            pieces.empty(
                _("No run yet"),
                _(
                    "Here its curves will grow: NLL by the oracle and of held-out sequences, the "
                    "discriminator's accuracy, mean Q, entropy, and eight followed sequences. "
                    "Press Start training; the glance preset takes half a minute."
                ),
            )
        else:
            st.html(f'<a class="only-narrow" href="#set-up">{_("Set up a run")} ↓</a>')
            by_id = {record.id: record for record in [shown, *records]}
            compared = [record.id for record in address.runs_compared(lab.store)]
            pick, beside = st.columns([1.2, 1])
            chosen = pick.selectbox(
                _("Run"),
                list(by_id),
                index=0,
                format_func=lambda key: f"{by_id[key].name}  ·  {key}",
                key=f"pick.{shown.id}",
            )
            others = [key for key in by_id if key != shown.id]
            wanted = beside.multiselect(
                _("Compare with"),
                others,
                default=[key for key in compared if key in others],
                format_func=lambda key: by_id[key].name,
                placeholder=_("any stored run"),
                key=f"with.{shown.id}",
            )
            if chosen != shown.id:
                address.show(chosen)
                st.rerun()
            st.query_params["with"] = wanted
            panel(shown, [by_id[key] for key in wanted])
