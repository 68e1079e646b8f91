"""Tunes that cannot be used: why, how often, and an example of each reason."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import _
from seqgan_core.media.visible_text import shown
from seqgan_core.tasks.corpus import Report

MOST = 12  # reasons that are shown; the others are counted


def left_out(report: Report, what: str, place: str) -> None:
    """Draw a table of the reasons, the frequent first.

    Args:
        report: what a reader made of its files.
        what: an example is of: "file" or "tune".
        place: where on the page this stands, a word of its own.
    """
    reasons: dict[str, tuple[int, str]] = {}
    for found in report.left_out:
        count, example = reasons.get(found.reason, (0, found.example))
        reasons[found.reason] = (count + found.count, example)
    if not reasons:
        html.quiet(_("No {what} was left out.").format(what=what))
        return
    ordered = sorted(reasons.items(), key=lambda item: -item[1][0])
    rows = [
        [reason, f"{count:,}", shown(example) or "–"] for reason, (count, example) in ordered[:MOST]
    ]
    if ordered[MOST:]:
        rest = sum(count for _reason, (count, _example) in ordered[MOST:])
        rows.append([_("other reasons ({n})").format(n=len(ordered) - MOST), f"{rest:,}", "–"])
    with st.container(key=f"own-left-{place}"):
        html.table(
            [_("left out because"), _("how often"), what],
            rows,
            _("What is not used, and why; the {what} is the first of each").format(what=what),
        )
