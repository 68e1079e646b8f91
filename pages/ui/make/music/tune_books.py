"""The books of tunes: what each is, its licence, and what of it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import plain
from pages.ui.make import corpus_download
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.upload_report import rejections
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import load_tunes
from seqgan_core.tasks.corpora.tune_entries import TUNES, TuneEntry
from seqgan_core.tasks.corpus import CorpusError, Report
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of


@dataclass(frozen=True)
class _Counted:
    """How many tunes a book has on each side, and what was left out of it."""

    train: int
    valid: int
    test: int
    report: Report
    quantisation: Quantisation


def tune_books() -> None:
    """Draw every book: those that are here with what is used, the others with their button."""
    st.subheader(_("Books of tunes"), anchor=False)
    available = [name for name in MUSIC.corpora if corpus_download.is_here(name)]
    html.quiet(
        _(
            "{n} of {all} are read. Most came with the program's own libraries and are only read; "
            "a tune is used if it has one voice, stays within the 88 keys and can be read to its "
            "end."
        ).format(n=len(available), all=len(MUSIC.corpora))
    )
    open_books = [name for name in MUSIC.corpora if _book(TUNES[name], name in available)]
    url_state.put(book=open_books[-1] if open_books else None)


def _book(entry: TuneEntry, available: bool) -> bool:
    """Draw one of them, if it is open; to count its tunes it is read anew."""
    state = _("read") if available else entry.size
    box = st.expander(
        f"{plain(entry.title)} · {state}", url_state.text("book") == entry.name,
        key=f"book.{entry.name}", on_change="rerun",
        icon=":material/check_circle:" if available else ":material/book_2:",
    )  # fmt: skip
    if not box.open:
        return False
    with box:
        if available:
            _contents(entry)
        else:
            corpus_download.offer(entry.name, _("Not on this machine yet"), "books")
        if not entry.ships:
            html.quiet(
                _(
                    "So no model that ships has learned from it. What you train on it here is for "
                    "yourself."
                )
            )
    return True


def _contents(entry: TuneEntry) -> None:
    """What is used of a book, and what is not."""
    html.quiet(entry.about)
    html.quiet(
        _("Licence: {licence}. From {source}").format(licence=entry.licence, source=entry.source)
    )
    stamp = tuple((path, path.stat().st_mtime_ns) for path in entry.caches(None))
    counted: _Counted | CorpusError | None = result(
        ("book", entry.name, stamp), partial(_count, entry.name), _("Opening it")
    )
    if isinstance(counted, CorpusError):
        st.error(plain(sentence(counted)), icon=":material/error:")
    elif counted is not None:
        report = counted.report
        html.facts(
            [
                (_("Tunes in it"), f"{report.read:,}", ""),
                (_("Used"), f"{report.kept:,}", ""),
                (_("To learn from"), f"{counted.train:,}", ""),
                (_("To choose by"), f"{counted.valid:,}", ""),
                (_("Held back"), f"{counted.test:,}", ""),
            ]
        )
        html.quiet(quantisation_text.of_tunes(counted.quantisation))
        rejections(report, _("tune"), entry.name)


def _count(name: str) -> Job[_Counted | CorpusError]:
    yield 0.0
    try:
        corpus = load_tunes(name)
    except CorpusError as error:
        return error
    sides = (corpus.train, corpus.valid, corpus.test)
    counts = quantisation_of(tune for side in sides for tune in side)
    return _Counted(*map(len, sides), corpus.report, counts)
