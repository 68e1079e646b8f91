"""Books of tunes: what each is, its licence, and what of it can be used."""

from functools import partial

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import plain
from pages.ui.make.corpora import download as corpus_download
from pages.ui.make.corpora.upload import rejections
from pages.ui.make.music import quantisation_text
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _, remark
from seqgan_core.tasks.corpora.book import Book
from seqgan_core.tasks.corpora.registry import sources
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.tune import TuneCorpus


def tune_books() -> None:
    """Draw every book: those on this machine with what is used, the others with a button."""
    st.header(_("Books of tunes"), anchor=False)
    books = [source for source in sources("music") if isinstance(source, Book)]
    available = [book for book in books if corpus_download.is_here(book.name)]
    html.quiet(remark("make.books", n=len(available), all=len(books)))
    open_books = [book.name for book in books if _book(book, book in available)]
    url_state.put(book=open_books[-1] if open_books else None)


def _book(book: Book, available: bool) -> bool:
    """Draw one of them, if it is open; its tunes are read again to count them."""
    state = _("read") if available else book.size
    box = st.expander(
        f"{plain(book.label)} · {state}", url_state.text("book") == book.name,
        key=f"book.{book.name}", on_change="rerun",
        icon=":material/check_circle:" if available else ":material/book_2:",
    )  # fmt: skip
    if not box.open:
        return False
    with box:
        if available:
            _contents(book)
        else:
            corpus_download.offer(book.name, _("Not on this machine yet"), "books")
        if not book.ships:
            html.quiet(remark("make.no-shipping"))
    return True


def _contents(book: Book) -> None:
    """What is used of a book, and what is rejected."""
    html.quiet(_(book.about))
    text = _("Licence: {licence}. Source: {source}")
    html.quiet(text.format(licence=_(book.licence), source=_(book.origin)))
    stamp = tuple((path, path.stat().st_mtime_ns) for path in book.paths())
    counted = result(("book", book.name, stamp), partial(_count, book), _("Opening the book"))
    if isinstance(counted, CorpusError):
        st.error(plain(sentence(counted)), icon=":material/error:")
    elif counted is not None:
        corpus, quantisation = counted
        html.facts(
            (_("Tunes in the book"), f"{corpus.report.read:,}", ""),
            (_("Used"), f"{corpus.report.kept:,}", ""),
            (_("Training"), f"{len(corpus.train):,}", ""),
            (_("Validation"), f"{len(corpus.valid):,}", ""),
            (_("Held-out"), f"{len(corpus.test):,}", ""),
        )
        html.quiet(quantisation_text.of_tunes(quantisation))
        rejections(corpus.report, book.name)


def _count(book: Book) -> Job[tuple[TuneCorpus, Quantisation] | CorpusError]:
    yield 0.0
    try:
        corpus = book.load()
    except CorpusError as error:
        return error
    return corpus, quantisation_of(tune for side in corpus.sides.values() for tune in side)
