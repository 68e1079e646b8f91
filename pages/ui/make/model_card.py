"""Who wrote: what a model learned from, how it was made, and what was measured of it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.html import command
from pages.ui.common.i18n import plain
from pages.ui.make.model_choice import ModelOption
from seqgan_core.figures.methods.text_report import metric_of
from seqgan_core.figures.progress import duration
from seqgan_core.messages import _
from seqgan_core.training.setup.model_files import ModelCard, load_shipped


def model_card(model: ModelOption) -> None:
    """Draw the card of a model that ships, or the way to a run."""
    if "@" in model.key:
        run = model.key.partition("@")[0]
        st.page_link(
            navigation.LAB, label=_("How {name} learned").format(name=plain(model.title)),
            icon=":material/science:", query_params={"run": run},
        )  # fmt: skip
        return
    with st.expander(_("How {name} was made").format(name=plain(model.title))):
        _card(load_shipped(model.key).card)


def _card(card: ModelCard) -> None:
    html.facts(
        [
            (_("Learned from"), card.corpus, ""),
            *(_tune_facts(card) if card.task == "music" else ()),
            (_("Vocabulary"), f"{len(card.words):,}", ""),
            (_("Trained for"), duration(card.seconds), card.machine),
            (_("Epoch"), f"{card.epoch:g}", ""),
        ]
    )
    measured = [name for name in card.metrics if name != "samples"]
    if measured:
        n = card.metrics.get("samples", 0)
        html.table(
            [_("measured of these weights"), ""],
            [
                [metric_of(name).title, f"{card.metrics[name]:.{metric_of(name).digits}f}"]
                for name in measured
            ],
            _("Of at most {n:,.0f} samples; BLEU is to be read beside its ceilings below").format(
                n=n
            ),
        )
    html.quiet(_("Licence of what it learned from: {licence}").format(licence=card.licence))
    command(card.command)


def _tune_facts(card: ModelCard) -> list[tuple[str, str, str]]:
    """What a token of its tunes is, and in which key it was given them."""
    form = {
        "eighths": (_("a step is an eighth"), _("an onset, a hold or a rest")),
        "keys": (_("a step is 0.4 s"), _("one pitch each, as in the paper")),
    }[card.config["music_form"]]
    transposed = card.config["transpose"]
    return [
        (_("Form"), *form),
        (_("Steps in a tune"), str(card.length), ""),
        (_("Keys"), _("C major, A minor") if transposed else _("as in the books"),
         _("all tunes were moved there") if transposed else ""),
    ]  # fmt: skip
