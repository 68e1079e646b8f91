"""A model's card: what it was trained on, how it was made, and its metrics."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.i18n import plain
from pages.ui.make.model_choice import ModelOption
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.progress import duration
from seqgan_core.messages import N_, _, remark
from seqgan_core.training.setup.model_files import ModelCard, load_shipped

FORMS = {
    "eighths": (N_("a step is an eighth"), N_("an onset, a hold or a rest")),
    "tunes": (
        N_("a whole tune: a metre, a mode and two parts of eight bars"),
        N_("an onset, a hold or a rest for each eighth"),
    ),
    "keys": (N_("a step is 0.4 s"), N_("one pitch each, as in the paper")),
}


def model_card(model: ModelOption) -> None:
    """Draw the card of a model that ships, or the link to a run."""
    label = _("How {name} was trained").format(name=plain(model.title))
    if "@" in model.key:
        navigation.link(navigation.LAB, label, run=model.key.partition("@")[0])
        return
    with st.expander(label):
        _card(load_shipped(model.key).card)


def _card(card: ModelCard) -> None:
    html.facts(
        (_("Training data"), card.corpus, ""),
        *(_tune_facts(card) if card.task == "music" else ()),
        (_("Vocabulary"), f"{len(card.words):,}", ""),
        (_("Training time"), duration(card.seconds), card.machine),
        (_("Epoch"), f"{card.epoch:g}", ""),
    )
    rows = [
        [metric_of(name).title, f"{value:.{metric_of(name).digits}f}"]
        for name, value in card.metrics.items()
        if name != "samples"
    ]
    if rows:
        about = _("Of at most {n:,.0f} samples; compare BLEU with its ceilings under Metrics")
        html.table([_("metric"), ""], rows, about.format(n=card.metrics.get("samples", 0)))
    html.quiet(_("Licence of the training data: {licence}").format(licence=_(card.licence)))
    if card.lines and card.unit == "characters":
        html.quiet(remark("make.rhyme-book"))
    html.command(card.command)


def _tune_facts(card: ModelCard) -> list[tuple[str, str, str]]:
    """What a token of its tunes is, and the keys of the training data."""
    form, about = FORMS[card.config["music_form"]]
    transposed = card.config["transpose"]
    return [
        (_("Form"), _(form), _(about)),
        (_("Steps per tune"), str(card.length), ""),
        (_("Keys"), _("C major, A minor") if transposed else _("as in the books"),
         _("all tunes were transposed") if transposed else ""),
    ]  # fmt: skip
