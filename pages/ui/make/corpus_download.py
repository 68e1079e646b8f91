"""What is not on this machine yet: what it is, the button that brings it, how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from pages.ui.common import html
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import _, plain
from seqgan_core.tasks.corpora import registry
from seqgan_core.tasks.corpora.text_entries import TextEntry
from seqgan_core.tasks.corpora.tune_entries import TuneEntry
from seqgan_core.tasks.corpora.user_corpora import is_upload
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.download import MIRROR
from seqgan_core.tasks.home import default_home

LOOK = 0.4  # seconds between two looks


@dataclass
class Coming:
    """A text or tunes on their way; the thread that fetches them writes, pages read.

    `done` of `total` are bytes, and once tunes are read it is tunes.
    """

    done: int = 0
    total: int = 0
    error: str = ""
    ended: bool = False


@dataclass
class _Fetcher:
    """All texts on their way, whoever asked for them; a page that is left does not stop one."""

    coming: dict[tuple[Path, str], Coming] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, name: str) -> None:
        home = default_home()
        with self.lock:
            at = self.coming.get((home, name))
            if at is not None and not at.ended:
                return
            at = self.coming[home, name] = Coming()
        threading.Thread(target=self._fetch, args=(name, home, at), daemon=True).start()

    def _fetch(self, name: str, home: Path, at: Coming) -> None:
        def told_of(done: int, total: int) -> None:
            at.done, at.total = done, total

        try:
            registry.fetch(name, home, told_of)
        except CorpusError as error:
            at.error = sentence(error)
        except OSError as error:
            at.error = _("The disk said no: {reason}.").format(reason=error.strerror or error)
        finally:
            at.ended = True


@st.cache_resource(show_spinner=False)
def _fetcher() -> _Fetcher:
    return _Fetcher()


def here(name: str) -> bool:
    """Whether the text can be read now."""
    try:
        return registry.have(name)
    except CorpusError:
        return False


def fetch(name: str, why: str, place: str) -> None:
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
    at = _at(name)
    running = at is not None and not at.ended
    st.fragment(_fetch, run_every=LOOK if running else None)(name, why, place)


@show_errors()
def _fetch(name: str, why: str, place: str) -> None:
    entry, at = registry.CORPORA[name], _at(name)
    if at is not None and at.ended and not at.error and here(name):
        st.rerun()  # the whole page has been waiting for it
    with st.container(border=True, key=f"fetch.{place}.{name}"):
        st.markdown(f"**{plain(why)}**")
        html.quiet(f"{entry.title}: {entry.about}")
        html.quiet(
            _("Size: {size}. Licence: {licence}. From {source}").format(
                size=entry.size, licence=entry.licence, source=entry.source
            )
        )
        if at is not None and at.error:
            st.error(plain(at.error), icon=":material/cloud_off:")
        if at is not None and not at.ended:
            share = at.done / at.total if at.total else 0.0
            st.progress(min(1.0, share), text=_amount(entry, at))
            return
        carried = isinstance(entry, TuneEntry) and not entry.files
        label = _("Read it") if carried else _("Fetch it")
        label = _("Try again") if at is not None and at.error else label
        icon = ":material/auto_stories:" if carried else ":material/download:"
        if st.button(label, icon=icon, key=f"fetch.button.{place}.{name}"):
            _fetcher().start(name)
            st.rerun()  # with the clock that looks again
        html.quiet(_how(carried))


def _how(carried: bool) -> str:
    """Where it comes from, and what to do without a network."""
    if carried:
        return _(
            "Nothing is fetched: the tunes came with the program's own libraries. They are read "
            "once and kept; what is left half way goes on from there."
        )
    return _(
        "No network here? Put the same files into a folder, under any name, and start the "
        "program with {variable}=FOLDER: what has the right checksum is taken from there."
    ).format(variable=MIRROR)


def _at(name: str) -> Coming | None:
    return _fetcher().coming.get((default_home(), name))


def _amount(entry: TextEntry | TuneEntry, at: Coming) -> str:
    if isinstance(entry, TuneEntry) and (not entry.files or at.total != entry.bytes):
        if not at.done:
            return _("Beginning to read")
        return _("{done:,} of {total:,} tunes read").format(done=at.done, total=at.total)
    if not at.done:
        return _("Asking for it")
    if not at.total:
        return _("{done:.1f} MB so far").format(done=at.done / 1e6)
    return _("{done:.1f} of {total:.1f} MB").format(done=at.done / 1e6, total=at.total / 1e6)
