"""Upload of tunes: files read by a stated rule, reported, and saved."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.i18n import plain
from pages.ui.make.music.upload_report import rejections, report
from pages.ui.make.saved_corpora import saved
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.jobs import Job
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.user_corpora import add_user_tunes, has_user_tunes
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.melody_part import FIRST_PART, FULL, HIGHEST_PART
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.user_split import MIN_TEST, MIN_TRAIN, WINDOW
from seqgan_core.tasks.music.user_tunes import (
    LICENCE,
    MAX_BYTES,
    MAX_FILES,
    ReadFiles,
    Upload,
    read_stepwise,
    tunes_digest,
    with_title,
)
from seqgan_core.tasks.text.user_text import PREFIX

UPLOAD_MB = 10
PARTS = 4  # numbers of parts that can be chosen before the files are read


@dataclass(frozen=True)
class _ReadRequest:
    """Files with the choice of their melody part."""

    uploads: tuple[Upload, ...]
    melody: str | int

    @property
    def digest(self) -> str:
        """What tells the files from any others."""
        hasher = sha256()
        for upload in self.uploads:
            hasher.update(sha256(upload.data).digest() + upload.name.encode("utf-8", "replace"))
        return hasher.hexdigest()

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The same without the bytes, to be remembered by."""
        return self.digest, self.melody


@dataclass(frozen=True, eq=False)
class ReadTunes:
    """What was made of the files: their tunes, what of each they are, and their windows."""

    files: ReadFiles
    name: str
    task: MusicTask


def upload() -> None:
    """Draw the upload, the report on it, and the saved tunes."""
    st.header(_("Tunes of your own"), anchor=False)
    html.quiet(
        _(
            "MIDI or MusicXML files, or zip archives of them; they stay on this machine. At most "
            "{files:,} files and {mb:g} MB together. They must hold at least {train} stretches of "
            "{window} eighth notes to learn from and {test} to be judged by: a few minutes of "
            "melody. Give only what you may use."
        ).format(files=MAX_FILES, mb=MAX_BYTES / 1e6, train=MIN_TRAIN, test=MIN_TEST, window=WINDOW)
    )
    files = st.file_uploader(
        _("MIDI (.mid), MusicXML (.musicxml, .xml, .mxl), or .zip"), accept_multiple_files=True,
        key="own.music.files", max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    if files:
        _read_and_report(tuple(Upload(file.name, file.getvalue()) for file in files))
    saved(MUSIC)


def _read_and_report(uploads: tuple[Upload, ...]) -> None:
    """Read what was given by the rule chosen, and tell what came of it."""
    first = uploads[0].name.rpartition("/")[2].rpartition(".")[0] or uploads[0].name
    left, right = st.columns([1.4, 1.6], vertical_alignment="bottom")
    digest = _ReadRequest(uploads, "").digest
    title = left.text_input(
        _("Title"), value=visible_text(first)[:60], max_chars=60, key=f"own.music.title.{digest}"
    )
    with right:
        melody = _melody(digest)
    request = _ReadRequest(uploads, melody)
    outcome: ReadTunes | CorpusError | None = result(
        ("own tunes", request.key), partial(_read, request), _("Reading the files")
    )
    if isinstance(outcome, CorpusError):
        why = _("Nothing can be used: {why}.").format(why=str(outcome).rstrip("."))
        st.error(plain(why), icon=":material/error:")
    elif outcome is not None:
        _more_parts(digest, outcome.files)
        report(outcome.files, outcome.task)
        rejections(outcome.files.collection.report, _("file"), "files")
        _save_button(outcome, title, request)


def _melody(digest: str) -> str | int:
    """Which part is the melody: by a rule, or by number."""
    most = int(st.session_state.get(f"own.music.parts.{digest}", PARTS))
    words: dict[str | int, str] = {
        HIGHEST_PART: _("the part that sings: by its name, else the highest"),
        FIRST_PART: _("the first part with notes"),
    }
    words |= {n: _("part {n}").format(n=n) for n in range(1, most + 1)}
    chosen: str | int = st.selectbox(
        _("The melody is"), list(words), format_func=words.__getitem__,
        key=f"own.music.melody.{digest}",
        help=_(
            "Of the parts that are called voice, melody, lead, solo and the like, or of all where "
            "none is, the one that lies highest on average; parts with less than {share:.0%} of "
            "the notes of the fullest do not count. Of notes that sound together the highest is "
            "taken. Drums never are."
        ).format(share=FULL),
    )  # fmt: skip
    return chosen


def _more_parts(digest: str, files: ReadFiles) -> None:
    """As many numbers can be chosen as there are parts."""
    most = max((len(file.parts) for file in files.files), default=PARTS)
    key = f"own.music.parts.{digest}"
    if st.session_state.get(key) != most:
        st.session_state[key] = most
        st.rerun()


def _read(request: _ReadRequest) -> Job[ReadTunes | CorpusError]:
    """What can be made of them, in the background; what is wrong with them is a result too."""
    yield 0.0
    try:
        files = yield from _steps(request)
        collection = files.collection
        name = PREFIX + tunes_digest(collection)
        task = MusicTask(collection.corpus(name, collection.title, LICENCE, ""), WINDOW)
        return ReadTunes(files, name, task)
    except CorpusError as error:
        return error


def _steps(request: _ReadRequest) -> Job[ReadFiles]:
    steps = read_stepwise(request.uploads, request.melody)
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            files: ReadFiles = end.value
            return files
        yield 0.9 * done / total


def _save_button(outcome: ReadTunes, title: str, request: _ReadRequest) -> None:
    """The button that keeps the tunes; the disk may be slow, so it is done in the background."""
    if st.session_state.get("own.music.keeping") == request.key:
        key = ("keep tunes", request.key, title)
        saved: str | None = result(key, partial(_save, outcome, title), _("Keeping them"))
        if saved is not None:
            del st.session_state["own.music.keeping"]
            session.lab().jobs.forget(key)  # they may be deleted, and kept again
            url_state.put(text=saved)
            st.session_state["music-corpus-pending"] = saved
            st.rerun()
    elif has_user_tunes(outcome.name):
        html.quiet(_("They are kept: choose them below, and train on them."))
    else:
        st.button(
            _("Keep these tunes"), type="primary", icon=":material/save:", key="own.music.keep",
            on_click=_mark_to_save, args=(request.key,),
        )  # fmt: skip


def _mark_to_save(key: tuple[Hashable, ...]) -> None:
    st.session_state["own.music.keeping"] = key


def _save(outcome: ReadTunes, title: str) -> Job[str]:
    yield 0.0
    return add_user_tunes(with_title(outcome.files.collection, title)).name
