"""Upload of text or tunes: what is uploaded, how it is read, a report on it, and saved uploads."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.buttons import button
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.jobs import Job
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, ngettext
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.corpora.upload import OUTDATED, PREFIX, Content, Upload, add_upload, uploads
from seqgan_core.tasks.corpus import Corpus, CorpusError, Report, clean_title
from seqgan_core.tasks.music.user_tunes import UploadedFile
from seqgan_core.tasks.text.user_text import Options

REASONS = 12  # of rejections that are listed; the others are counted


@dataclass(frozen=True)
class Uploaded:
    """Files with their bytes, or a text that was pasted."""

    files: tuple[UploadedFile, ...]
    pasted: bool = False

    @cached_property
    def digest(self) -> str:
        """Identifies the files."""
        hasher = sha256()
        for file in self.files:
            hasher.update(sha256(file.data).digest() + file.name.encode("utf-8", "replace"))
        return hasher.hexdigest()

    @property
    def title(self) -> str:
        """The first file's name, without its ending."""
        name = self.files[0].name.rpartition("/")[2]
        return visible_text(name.rpartition(".")[0] or name)[:60]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was read: what is saved, its corpus, and more for the report."""

    content: Content
    corpus: Corpus[Any]
    more: Any = None


@dataclass(frozen=True)
class Reader:
    """What the upload of text and that of tunes differ in."""

    intro: Callable[[Kind], None]  # draws what can be uploaded
    # draws the widgets for files, and returns what was uploaded
    inputs: Callable[[Kind], Uploaded | None]
    # draws the widgets for reading, given the column of the title
    options: Callable[[Kind, Uploaded], Hashable]
    # reads it with these options, in the background; what is wrong with it is a result, as is a
    # question to its user
    read: Callable[[Uploaded, Any], Job[Any]]
    report: Callable[[Kind, Uploaded, Outcome], None]  # draws what is used
    ask: Callable[[Uploaded, Any], None] | None = None  # draws that question


def upload(kind: Kind, reader: Reader) -> None:
    """Draw the upload, the report on it, and the saved uploads."""
    st.subheader(_("Upload"), anchor=False)
    reader.intro(kind)
    uploaded = reader.inputs(kind)
    if uploaded is not None:
        _read_and_report(kind, reader, uploaded)
    _saved(kind)


def title_key(kind: Kind, uploaded: Uploaded) -> str:
    """The key of the title's widget."""
    return f"upload.{kind.task}.title.{uploaded.digest}"


def title_input(kind: Kind, uploaded: Uploaded) -> None:
    """Draw the widget of the title."""
    key = title_key(kind, uploaded)
    st.text_input(_("Title"), value=uploaded.title, max_chars=60, key=key)


def _read_and_report(kind: Kind, reader: Reader, uploaded: Uploaded) -> None:
    options = reader.options(kind, uploaded)
    request = (uploaded.digest, options)
    read = partial(_read, reader, uploaded, options)
    outcome: Any = result(("upload", kind.task, request), read, _("Reading the upload"))
    if isinstance(outcome, CorpusError):
        st.error(plain(sentence(outcome)), icon=":material/error:")
    elif isinstance(outcome, Outcome):
        reader.report(kind, uploaded, outcome)
        rejections(outcome.corpus.report, "upload")
        _save_button(kind, outcome, st.session_state[title_key(kind, uploaded)], request)
    elif outcome is not None and reader.ask is not None:
        reader.ask(uploaded, outcome)


def _read(reader: Reader, uploaded: Uploaded, options: Hashable) -> Job[Any]:
    try:
        return (yield from reader.read(uploaded, options))
    except CorpusError as error:
        return error


def _save_button(kind: Kind, outcome: Outcome, title: str, request: Hashable) -> None:
    """The button that saves the upload; that takes a while, so it is done in the background."""
    pending = f"upload.{kind.task}.saving"
    if st.session_state.get(pending) == request:
        key = ("save upload", request, title)
        saved: str | None = result(key, partial(_save, outcome, title), _("Saving"))
        if saved is not None:
            del st.session_state[pending]
            session.lab().jobs.forget(key)  # it may be deleted, and saved again
            url_state.put(text=saved)
            st.session_state[f"{kind.task}-corpus-pending"] = saved
            st.rerun()
    elif _is_saved(outcome):
        html.quiet(_("Saved. Choose it above to train on it."))
    else:
        mark = partial(st.session_state.update, {pending: request})
        button(_("Save"), "save", f"upload.{kind.task}.save", mark, type="primary")


def _is_saved(outcome: Outcome) -> bool:
    """Whether it is saved as it is read today."""
    name = f"{PREFIX}{outcome.content.digest}"
    return any(upload.name == name and not upload.outdated for upload in uploads())


def _save(outcome: Outcome, title: str) -> Job[str]:
    yield 0.0
    content: Any = outcome.content
    return add_upload(replace(content, title=clean_title(title) or content.title)).name


def rejections(report: Report, place: str) -> None:
    """Draw a table of what is rejected and why, the most frequent reason first.

    Args:
        report: of a reader.
        place: tells the tables of a page apart.
    """
    reasons = report.by_reason()
    if not reasons:
        html.quiet(_("Nothing was rejected."))
        return
    numbered = any(rejection.line is not None for rejection in reasons)
    rows = [
        [str(entry), f"{entry.count:,}", entry.example or "–",
         "–" if entry.line is None else f"{entry.line:,}"]
        for entry in reasons[:REASONS]
    ]  # fmt: skip
    if rest := reasons[REASONS:]:
        others = ngettext("{n} other reason", "{n} other reasons", len(rest))
        rows.append([others, f"{sum(entry.count for entry in rest):,}", "–", "–"])
    head = [_("reason"), _("count"), _("example"), _("line")]
    columns = 4 if numbered else 3
    with st.container(key=f"rejected-{place}"):
        html.table(head[:columns], [row[:columns] for row in rows], _("Rejected"))


def _saved(kind: Kind) -> None:
    """Draw the saved uploads for this screen, each with a button that deletes it."""
    saved: Sequence[Upload] = [upload for upload in uploads() if kind.task in upload.tasks]
    if not saved:
        return
    st.subheader(_("Saved uploads"), anchor=False)
    for one in saved:
        with st.container(horizontal=True, vertical_alignment="center", key=f"saved.{one.name}"):
            about = (one.label, _description(one), one.name, one.outdated and _(OUTDATED))
            html.quiet(" · ".join(filter(None, about)))
            with st.popover(_("Delete"), icon=":material/delete:", key=f"saved.popover.{one.name}"):
                st.markdown(_("Delete this upload? Models trained on it stay."))
                key, delete = f"saved.delete.{one.name}", partial(_delete, one.name)
                st.button(_("Delete the upload"), key=key, on_click=delete)


def _description(saved: Upload) -> str:
    """What it holds, in a few words; nothing if its file is damaged."""
    if saved.tunes is not None:
        return ngettext("{n:,} tune", "{n:,} tunes", saved.tunes)
    options: Options | None = saved.options
    if options is None:
        return ""
    if options.unit == "characters":
        return _("poems of {n} characters").format(n=options.length)
    return _("sentences of up to {n} words").format(n=options.length)


def _delete(name: str) -> None:
    with show_errors():
        source_of(name).remove()
    if url_state.text("text") == name:
        url_state.put(text=None)
