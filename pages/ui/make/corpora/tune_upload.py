"""Upload of tunes: MIDI, MusicXML or ABC files, read by a stated rule, and what is used of each."""

import streamlit as st

from pages.ui.common import html
from pages.ui.make.corpora.tune_report import report
from pages.ui.make.corpora.upload import Outcome, Reader, Uploaded, title_input
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _, remark
from seqgan_core.tasks.music.melody_part import FIRST_PART, FULL, HIGHEST_PART
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.user_split import MIN_TEST, MIN_TRAIN, WINDOW
from seqgan_core.tasks.music.user_tunes import MAX_BYTES, MAX_FILES, UploadedFile, read_user_tunes

UPLOAD_MB = 10
PARTS = 4  # numbers of parts that can be chosen before the files are read


def _intro(kind: Kind) -> None:
    fields = {"train": MIN_TRAIN, "test": MIN_TEST, "window": WINDOW}
    html.quiet(remark("make.upload-tunes", files=MAX_FILES, mb=MAX_BYTES / 1e6, **fields))


def _inputs(kind: Kind) -> Uploaded | None:
    files = st.file_uploader(
        _("MIDI (.mid), MusicXML (.musicxml, .xml, .mxl), ABC (.abc), or .zip"),
        accept_multiple_files=True, key="upload.music.files", max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    given = tuple(UploadedFile(file.name, file.getvalue()) for file in files or ())
    return Uploaded(given) if given else None


def _options(kind: Kind, uploaded: Uploaded) -> str | int:
    """Which part is the melody: by a rule, or by number."""
    left, right = st.columns([1.4, 1.6], vertical_alignment="bottom")
    with left:
        title_input(kind, uploaded)
    most = int(st.session_state.get(_parts_key(uploaded), PARTS))
    words: dict[str | int, str] = {
        HIGHEST_PART: _("the melody: by its name, else the highest"),
        FIRST_PART: _("the first part with notes"),
    }
    words |= {n: _("part {n}").format(n=n) for n in range(1, most + 1)}
    chosen: str | int = right.selectbox(
        _("Melody"), list(words), format_func=words.__getitem__,
        key=f"upload.music.melody.{uploaded.digest}",
        help=remark("make.melody", share=FULL),
    )  # fmt: skip
    return chosen


def _parts_key(uploaded: Uploaded) -> str:
    return f"upload.music.parts.{uploaded.digest}"


def _read(uploaded: Uploaded, melody: str | int) -> Job[Outcome]:
    yield 0.0
    files = yield from read_user_tunes(uploaded.files, melody=melody)
    corpus = files.collection.corpus()
    return Outcome(files.collection, corpus, (files, MusicTask(corpus, WINDOW)))


def _report(kind: Kind, uploaded: Uploaded, outcome: Outcome) -> None:
    """What is used of the files; as many parts can be chosen as there are."""
    files, task = outcome.more
    most = max((len(file.parts) for file in files.files), default=PARTS)
    key = _parts_key(uploaded)
    if st.session_state.get(key) != most:
        st.session_state[key] = most
        st.rerun()
    report(files, task)


TUNES = Reader(_intro, _inputs, _options, _read, _report)
