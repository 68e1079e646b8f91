"""Upload of a text: read without guessing, reported, and saved."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from html import escape

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import plain
from pages.ui.make.findings import flat
from pages.ui.make.saved_corpora import saved
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.jobs import Job
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.user_corpora import add_user_text, user_texts
from seqgan_core.tasks.corpus import Corpus, CorpusError, Rejection
from seqgan_core.tasks.text import user_text
from seqgan_core.tasks.text.decoding import MAX_BYTES, NeedsConfirmation, decode
from seqgan_core.tasks.text.user_text import Options, looks_hard_wrapped, user_text_corpus

UPLOAD_MB = 5
PREVIEWED = 3  # sequences that show how the text was cut


@dataclass(frozen=True)
class UploadedText:
    """An uploaded file, or a text that was typed in."""

    data: bytes
    title: str
    pasted: bool

    @property
    def digest(self) -> str:
        """What tells it from any other."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class _ReadRequest:
    """A text with all that decides how it is read."""

    uploaded: UploadedText
    encoding: str | None
    title: str
    options: Options

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The same without the bytes, to be remembered by."""
        return self.uploaded.digest, self.encoding, self.title, self.options


def upload(kind: Kind) -> None:
    """Draw the upload, the report on it, and the saved texts."""
    st.header(_("Your own text"), anchor=False)
    html.quiet(
        _(
            "It stays on this machine. At most {mb:g} MB and {lines:,} lines, {vocabulary:,} "
            "different {tokens}; at least {least} {many}. Give only what you may use."
        ).format(
            mb=MAX_BYTES / 1e6, lines=user_text.MAX_LINES, vocabulary=user_text.MAX_VOCABULARY,
            tokens=kind.tokens, least=user_text.MIN_SEQUENCES, many=kind.many,
        )
    )  # fmt: skip
    label, page = (
        (_("For a text in words, see Speeches"), navigation.SPEECHES)
        if kind.task == "poems"
        else (_("For verse in characters, see Poems"), navigation.POEMS)
    )
    st.page_link(page, label=label, icon=":material/arrow_forward:")
    uploaded = _input(kind)
    if uploaded is not None:
        _read_and_report(kind, uploaded)
    saved(kind)


def _input(kind: Kind) -> UploadedText | None:
    how = st.segmented_control(
        _("Give it"), ["file", "paste"], default="file", required=True,
        format_func={"file": _("as a file"), "paste": _("typed or pasted")}.__getitem__,
        key=f"own.{kind.task}.how",
    )  # fmt: skip
    if how == "paste":
        text = st.text_area(
            _("Text"), key=f"own.{kind.task}.text", height=180,
            placeholder=_("One {one} a line, or lines with a blank line between them").format(
                one=kind.one
            ),
        )  # fmt: skip
        if not text.strip():
            return None
        data = text.encode("utf-8", errors="surrogatepass")
        return UploadedText(data, _("Pasted text"), pasted=True)
    file = st.file_uploader(
        _("Text file: UTF-8, UTF-16 with its mark, or GB18030 when you confirm it"),
        key=f"own.{kind.task}.file", max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    if file is None:
        return None
    return UploadedText(file.getvalue(), file.name.rsplit(".", 1)[0], pasted=False)


def _read_and_report(kind: Kind, uploaded: UploadedText) -> None:
    """Read what was given with the settings chosen, and tell what came of it."""
    encoding = (
        "utf-8" if uploaded.pasted else st.session_state.get(f"own.encoding.{uploaded.digest}")
    )
    options, title = _options(kind, uploaded, encoding)
    request = _ReadRequest(uploaded, encoding, title, options)
    outcome: NeedsConfirmation | CorpusError | Corpus | None = result(
        ("own text", request.key), partial(_read, request), _("Reading the text")
    )
    if isinstance(outcome, NeedsConfirmation):
        _confirm(uploaded, outcome)
    elif isinstance(outcome, CorpusError):
        st.error(plain(sentence(outcome)), icon=":material/error:")
    elif outcome is not None:
        _report(kind, outcome)
        _save_button(kind, outcome, request)


def _read(request: _ReadRequest) -> Job[NeedsConfirmation | CorpusError | Corpus]:
    """What can be made of it, in the background; what is wrong with it is a result too."""
    yield 0.0
    try:
        decoded = decode(request.uploaded.data, request.encoding)
        yield 0.2
        if isinstance(decoded, NeedsConfirmation):
            return decoded
        return user_text_corpus(decoded.text, request.title, request.options)
    except CorpusError as error:
        return error


def _options(kind: Kind, uploaded: UploadedText, encoding: str | None) -> tuple[Options, str]:
    verse = kind.task == "poems"
    key = f"own.{kind.task}"
    with st.container(key="own-options"):
        left, middle, right = st.columns([1.6, 1, 1], vertical_alignment="bottom")
        title = left.text_input(
            _("Title"), value=visible_text(uploaded.title)[:60], max_chars=60,
            key=f"{key}.title.{uploaded.digest}",
        )  # fmt: skip
        label = _("Characters in a poem") if verse else _("Words in a sentence, at most")
        length = middle.number_input(
            label, user_text.MIN_LENGTH, user_text.MAX_LENGTH, kind.length, key=f"{key}.length",
            help=_("A quatrain of five characters a line has 20; of seven, 28") if verse
            else _("Longer sentences are left out, not cut"),
        )  # fmt: skip
        least = right.number_input(
            _("Minimum count"), 1, 100, 1, key=f"{key}.count",
            help=_("{tokens} that are there less often become □, unknown").format(
                tokens=kind.tokens.capitalize()
            ),
        )  # fmt: skip
        with st.container(horizontal=True):
            marks = st.toggle(
                _("Punctuation counts"), value=not verse, key=f"{key}.marks",
                help=_("Marks are learned like any {token}; else they are left out").format(
                    token=kind.token
                ),
            )  # fmt: skip
            joined = not verse and st.toggle(
                _("Paragraphs run over several lines"), value=_joined(uploaded, encoding),
                key=f"{key}.join.{uploaded.digest}",
            )  # fmt: skip
    unit = "characters" if verse else "words"
    return Options(unit, int(length), int(least), bool(marks), bool(joined)), title


def _joined(uploaded: UploadedText, encoding: str | None) -> bool:
    """Whether lines look like parts of paragraphs; a first look, the rest is read later."""
    return looks_hard_wrapped(uploaded.data[:20_000].decode(encoding or "utf-8", errors="ignore"))


def _confirm(uploaded: UploadedText, question: NeedsConfirmation) -> None:
    """Nothing is guessed: a person looks at how it would read."""
    with st.container(border=True, key="own-confirm"):
        st.markdown(f"**{_('Is this how it reads?')}**")
        html.quiet(
            _("It is not UTF-8 ({why}). As {encoding} it begins:").format(
                why=question.why, encoding=question.encoding.upper()
            )
        )
        st.html(f'<pre class="preview">{escape(question.preview)}</pre>')
        st.button(
            _("Yes, it is {encoding}").format(encoding=question.encoding.upper()),
            icon=":material/check:", key="own.confirm",
            on_click=_confirmed, args=(uploaded.digest, question.encoding),
        )  # fmt: skip
        html.quiet(_("If it is not, save the file as UTF-8 and give it again."))


def _confirmed(digest: str, encoding: str) -> None:
    st.session_state[f"own.encoding.{digest}"] = encoding


def _report(kind: Kind, corpus: Corpus) -> None:
    """What is used of the text, what is rejected and why."""
    report = corpus.report
    vocabulary = {token for sequence in corpus.train for token in sequence}
    html.facts(
        [
            (_("Lines read"), f"{report.read:,}", ""),
            (kind.many.capitalize(), f"{report.kept:,}",
             _("{a:,} to learn from, {b:,} held back").format(
                 a=len(corpus.train), b=len(corpus.valid) + len(corpus.test))),
            (_("Different {tokens}").format(tokens=kind.tokens), f"{len(vocabulary):,}",
             _("in what is learned from")),
        ]
    )  # fmt: skip
    cut = [flat(sequence, corpus.unit, corpus.lines) for sequence in corpus.train[:PREVIEWED]]
    items = "".join(f"<li>{escape(visible_text(text))}</li>" for text in cut)
    st.html(f'<p class="quiet">{escape(_("It begins so:"))}</p><ul class="cut">{items}</ul>')
    if report.rejections:
        with st.container(key="own-left"):
            html.table(
                [_("left out because"), _("how often"), _("for example"), _("line")],
                [_rejection_row(rejection) for rejection in report.rejections],
                _("What is not used, and why"),
            )
    else:
        html.quiet(_("Nothing was left out."))


def _rejection_row(rejection: Rejection) -> list[str]:
    line = "–" if rejection.line is None else f"{rejection.line:,}"
    return [rejection.reason, f"{rejection.count:,}", visible_text(rejection.example) or "–", line]


def _save_button(kind: Kind, corpus: Corpus, request: _ReadRequest) -> None:
    """The button that keeps the text; that takes a while, so it is done in the background."""
    if st.session_state.get("own.keep") == request.key:
        saved: Corpus | None = result(
            ("own keep", request.key), partial(_save, request), _("Keeping it")
        )
        if saved is not None:
            del st.session_state["own.keep"]
            # it may be deleted, and kept again
            session.lab().jobs.forget(("own keep", request.key))
            url_state.put(text=saved.name)
            st.session_state[f"{kind.task}-corpus-pending"] = saved.name
            st.rerun()
    elif corpus.name in {text.name for text in user_texts()}:
        html.quiet(_("It is kept: choose it below, and train on it."))
    else:
        st.button(
            _("Keep this text"), type="primary", icon=":material/save:",
            key=f"own.{kind.task}.keep", on_click=_mark_to_save, args=(request.key,),
        )  # fmt: skip


def _mark_to_save(key: tuple[Hashable, ...]) -> None:
    st.session_state["own.keep"] = key


def _save(request: _ReadRequest) -> Job[Corpus]:
    yield 0.0
    decoded = decode(request.uploaded.data, request.encoding)
    assert not isinstance(decoded, NeedsConfirmation)  # it has been read with this encoding
    return add_user_text(decoded.text, request.title, request.options)
