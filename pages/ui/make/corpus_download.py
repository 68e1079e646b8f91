"""What is not on this machine yet: what it is, the button that brings it, how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import streamlit as st

from pages.ui.common import html
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.messages import _
from seqgan_core.tasks.corpora import registry
from seqgan_core.tasks.corpora.text_entries import TextEntry
from seqgan_core.tasks.corpora.tune_entries import TuneEntry
from seqgan_core.tasks.corpora.user_corpora import is_upload
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.download import MIRROR
from seqgan_core.tasks.home import default_home

LOOK = 0.4  # seconds between two looks


@dataclass
class Download:
    """A text or tunes on their way; the thread that fetches them writes, pages read.

    `done` of `total` are bytes, and once tunes are read it is tunes.
    """

    done: int = 0
    total: int = 0
    error: str = ""
    ended: bool = False


@dataclass
class _Downloads:
    """All downloads of this server; leaving the page does not stop one."""

    by_name: dict[tuple[Path, str], Download] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, name: str) -> None:
        home = default_home()
        with self.lock:
            download = self.by_name.get((home, name))
            if download is not None and not download.ended:
                return
            download = self.by_name[home, name] = Download()
        _in_background(partial(self._run, name, home, download))

    def _run(self, name: str, home: Path, download: Download) -> None:
        def report(done: int, total: int) -> None:
            download.done, download.total = done, total

        try:
            registry.fetch(name, home, report)
        except CorpusError as error:
            download.error = sentence(error)
        except OSError as error:
            download.error = _("The disk said no: {reason}.").format(reason=error.strerror or error)
        finally:
            download.ended = True


def _in_background(work: Callable[[], None]) -> None:
    """A thread of its own for each download: many may wait for the network at once."""
    threading.Thread(target=work, daemon=True).start()


@st.cache_resource(show_spinner=False)
def _downloads() -> _Downloads:
    return _Downloads()


def is_here(name: str) -> bool:
    """Whether the text can be read now."""
    try:
        return registry.have(name)
    except CorpusError:
        return False


def offer(name: str, why: str, place: str) -> None:
    """Draw what a text is, or a book of tunes, and the button that brings it, or how far it is.

    Args:
        name: of what is not here.
        why: what it is needed for, as a sentence.
        place: where on the page this stands, a word of its own.
    """
    if is_upload(name) or name not in registry.CORPORA:
        gone = _("It was somebody's own ({name}), and is not here.").format(name=name)
        st.info(plain(f"{why} {gone}"), icon=":material/folder_off:")
        return
    download = _state(name)
    running = download is not None and not download.ended
    st.fragment(_offer, run_every=LOOK if running else None)(name, why, place)


@show_errors()
def _offer(name: str, why: str, place: str) -> None:
    entry, download = registry.CORPORA[name], _state(name)
    if download is not None and download.ended and not download.error and is_here(name):
        st.rerun()  # the whole page has been waiting for it
    with st.container(border=True, key=f"fetch.{place}.{name}"):
        st.markdown(f"**{plain(why)}**")
        html.quiet(f"{entry.title}: {entry.about}")
        html.quiet(
            _("Size: {size}. Licence: {licence}. From {source}").format(
                size=entry.size, licence=entry.licence, source=entry.source
            )
        )
        if download is not None and download.error:
            st.error(plain(download.error), icon=":material/cloud_off:")
        if download is not None and not download.ended:
            share = download.done / download.total if download.total else 0.0
            st.progress(min(1.0, share), text=_amount(entry, download))
            return
        bundled = isinstance(entry, TuneEntry) and not entry.files
        label = _("Read it") if bundled else _("Fetch it")
        label = _("Try again") if download is not None and download.error else label
        icon = ":material/auto_stories:" if bundled else ":material/download:"
        if st.button(label, icon=icon, key=f"fetch.button.{place}.{name}"):
            _downloads().start(name)
            st.rerun()  # with the clock that looks again
        html.quiet(_source_text(bundled))


def _source_text(bundled: bool) -> str:
    """Where it comes from, and what to do without a network."""
    if bundled:
        return _(
            "Nothing is fetched: the tunes came with the program's own libraries. They are read "
            "once and kept; what is left half way goes on from there."
        )
    return _(
        "No network here? Put the same files into a folder, under any name, and start the "
        "program with {variable}=FOLDER: what has the right checksum is taken from there."
    ).format(variable=MIRROR)


def _state(name: str) -> Download | None:
    return _downloads().by_name.get((default_home(), name))


def _amount(entry: TextEntry | TuneEntry, download: Download) -> str:
    if isinstance(entry, TuneEntry) and (not entry.files or download.total != entry.bytes):
        if not download.done:
            return _("Beginning to read")
        return _("{done:,} of {total:,} tunes read").format(
            done=download.done, total=download.total
        )
    if not download.done:
        return _("Asking for it")
    if not download.total:
        return _("{done:.1f} MB so far").format(done=download.done / 1e6)
    return _("{done:.1f} of {total:.1f} MB").format(
        done=download.done / 1e6, total=download.total / 1e6
    )
