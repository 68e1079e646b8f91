"""Who wrote: what a model learned from, how it was made, and what was measured of it."""

from __future__ import annotations

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.make_who import Writer
from pages.ui.text import _, plain
from seqgan_core.figures.progress import duration
from seqgan_core.figures.text_report import metric_of
from seqgan_core.training.shipped import Card, load_shipped


def about(writer: Writer) -> None:
    """Draw the card of a model that ships, or the way to a run."""
    if "@" in writer.key:
        run = writer.key.partition("@")[0]
        st.page_link(
            nav.TRAINING_LAB, label=_("How {name} learned").format(name=plain(writer.title)),
            icon=":material/science:", query_params={"run": run},
        )  # fmt: skip
        return
    with st.expander(_("How {name} was made").format(name=plain(writer.title))):
        _card(load_shipped(writer.key).card)


def _card(card: Card) -> None:
    pieces.facts(
        [
            (_("Learned from"), card.corpus, ""),
            (_("Vocabulary"), f"{len(card.words):,}", ""),
            (_("Trained for"), duration(card.seconds), card.machine),
            (_("Epoch"), f"{card.epoch:g}", ""),
        ]
    )
    measured = [name for name in card.metrics if name != "samples"]
    if measured:
        n = card.metrics.get("samples", 0)
        pieces.table(
            [_("measured of these weights"), ""],
            [
                [metric_of(name).title, f"{card.metrics[name]:.{metric_of(name).digits}f}"]
                for name in measured
            ],
            _("Of at most {n:,.0f} samples; BLEU is to be read beside its ceilings below").format(
                n=n
            ),
        )
    pieces.quiet(_("Licence of the text: {licence}").format(licence=card.licence))
    st.code(card.command, language="bash", wrap_lines=True)
