"""Poems of the practice corpus can be checked: does each line parse, does the poem rhyme?"""

from __future__ import annotations

from functools import partial

from pages.ui.common import html, session
from pages.ui.common.background_job import result
from pages.ui.common.i18n import _
from pages.ui.make.model_choice import Writer
from pages.ui.make.sample_settings import Asked
from seqgan_core.insight.writing.samples import by_rule
from seqgan_core.tasks.corpora.text_entries import PRACTICE
from seqgan_core.tasks.practice.corpus import Shares

POEMS = 500


def rule(asked: Asked) -> None:
    """Draw the check for each writer that learned from the practice corpus."""
    for place, writer in enumerate(asked.writers):
        if writer.config.corpus == PRACTICE:
            _rule(asked, place, writer)


def _rule(asked: Asked, place: int, writer: Writer) -> None:
    wish = asked.wishes[place]
    found: Shares | None = result(
        ("rule", wish.author, wish.temperature),
        partial(by_rule, session.lab().models, wish.author, POEMS, 1, wish.temperature),
        _("Checking {n} poems by the rule").format(n=POEMS),
    )
    if found is None:
        return
    who = (_("A"), _("B"))[place] if asked.hidden else writer.title
    html.quiet(
        _(
            "{who} learned from composed practice poems, whose rule is known, so it can be checked "
            "exactly (n = {n} new poems, temperature {t:g}; the corpus itself keeps all of it):"
        ).format(who=who, n=found.poems, t=wish.temperature)
    )
    html.facts(
        [
            (_("Lines that parse"), f"{found.lines_that_parse:.1%}", ""),
            (_("Whole poems that parse"), f"{found.poems_that_parse:.1%}", ""),
            (_("Poems that rhyme"), f"{found.poems_that_rhyme:.1%}", ""),
            (_("Tones as they should be"), f"{found.poems_with_tones:.1%}", ""),
        ]
    )
