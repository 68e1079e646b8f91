"""A corpus that is not on this machine: what it is, the button that gets it, its progress."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import streamlit as st

from pages.ui.common import html
from pages.ui.common.buttons import action
from pages.ui.common.errors import error_message, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.messages import _, remark
from seqgan_core.tasks.corpora.registry import CORPORA, source_of
from seqgan_core.tasks.corpora.source import Source
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.download import MIRROR
from seqgan_core.tasks.home import default_home

LOOK = 0.4  # seconds between two looks


@dataclass
class Download:
    """A corpus that is being fetched; the thread that fetches it writes, pages read.

    `done` of `total` are bytes, and once tunes are read they are tunes.
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
            source_of(name, home).fetch(report)
        except (CorpusError, OSError) as error:
            download.error = error_message(error)
        finally:
            download.ended = True


def _in_background(work: Callable[[], None]) -> None:
    """A thread for each download: many may wait for the network at once."""
    threading.Thread(target=work, daemon=True).start()


@st.cache_resource(show_spinner=False)
def _downloads() -> _Downloads:
    return _Downloads()


def is_here(name: str) -> bool:
    """Whether the corpus can be read now."""
    try:
        return source_of(name).have()
    except CorpusError:
        return False


def offer(name: str, why: str, place: str) -> None:
    """Draw what a corpus is, and the button that gets it, or its progress.

    Args:
        name: of a corpus that is not on this machine.
        why: what it is needed for, as a sentence.
        place: tells the places of a page apart.
    """
    if name not in CORPORA:
        gone = _("{name} is an upload that is not on this machine.").format(name=name)
        st.info(plain(f"{why} {gone}"), icon=":material/folder_off:")
        return
    download = _state(name)
    running = download is not None and not download.ended
    st.fragment(_offer, run_every=LOOK if running else None)(name, why, place)


@show_errors()
def _offer(name: str, why: str, place: str) -> None:
    source, download = source_of(name), _state(name)
    if download is not None and download.ended and not download.error and is_here(name):
        st.rerun()  # the whole page waits for it
    with st.container(border=True, key=f"fetch.{place}.{name}"):
        st.markdown(f"**{plain(why)}**")
        html.quiet(f"{source.label}. {_(source.about)}")
        text = _("Size: {size}. Licence: {licence}. Source: {source}")
        licence, origin = _(source.licence), _(source.origin)
        html.quiet(text.format(size=source.size, licence=licence, source=origin))
        if download is not None and download.error:
            st.error(plain(download.error), icon=":material/cloud_off:")
        if download is not None and not download.ended:
            share = download.done / download.total if download.total else 0.0
            st.progress(min(1.0, share), text=_amount(source, download))
            return
        bundled = source.bundled
        label = _("Read the tunes") if bundled else _("Download")
        label = _("Try again") if download is not None and download.error else label
        icon, key = "auto_stories" if bundled else "download", f"fetch.button.{place}.{name}"
        action(label, icon, key, _downloads().start, name)  # drawn with the clock that looks again
        html.quiet(remark("make.bundled") if bundled else remark("make.mirror", variable=MIRROR))


def _state(name: str) -> Download | None:
    return _downloads().by_name.get((default_home(), name))


def _amount(source: Source, download: Download) -> str:
    done, total = download.done, download.total
    if source.unit == "notes" and (source.bundled or total != source.bytes):
        words = _("{done:,} of {total:,} tunes read") if done else _("Reading")
        return words.format(done=done, total=total)
    words = _("{done:.1f} of {total:.1f} MB") if total else _("{done:.1f} MB so far")
    return words.format(done=done / 1e6, total=total / 1e6) if done else _("Connecting")
