"""Upload of a text: a file or pasted text, read without guessing, and how it is cut."""

from functools import partial

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.buttons import button
from pages.ui.common.i18n import escape
from pages.ui.make.corpora.upload import Outcome, Reader, Uploaded, title_input
from pages.ui.make.findings import flat
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _, remark
from seqgan_core.tasks.music.user_tunes import UploadedFile
from seqgan_core.tasks.text import user_text
from seqgan_core.tasks.text.decoding import MAX_BYTES, NeedsConfirmation, decode
from seqgan_core.tasks.text.user_text import Options, UserText, looks_hard_wrapped

UPLOAD_MB = 5
PREVIEWED = 3  # sequences that show how the text was cut

ReadOptions = tuple[Options, str | None]
"""How to read a text, and its encoding, if its user confirmed one."""


def _intro(kind: Kind) -> None:
    if kind.task == "poems":
        label, page = _("For text in words, see Speeches"), navigation.SPEECHES
    else:
        label, page = _("For verse in characters, see Poems"), navigation.POEMS
    html.quiet(remark(
        f"make.upload-{kind.task}", mb=MAX_BYTES / 1e6, lines=user_text.MAX_LINES,
        vocabulary=user_text.MAX_VOCABULARY, least=user_text.MIN_SEQUENCES,
    ))  # fmt: skip
    navigation.link(page, label, "arrow_forward")


def _inputs(kind: Kind) -> Uploaded | None:
    how = st.segmented_control(
        _("Source"), ["file", "paste"], default="file", required=True,
        format_func={"file": _("File"), "paste": _("Pasted text")}.__getitem__,
        key=f"upload.{kind.task}.source",
    )  # fmt: skip
    if how == "paste":
        hint = _("One or more sentences a line")
        if kind.task == "poems":
            hint = _("One poem a line, or lines of poems with a blank line between poems")
        key = f"upload.{kind.task}.text"
        text = st.text_area(_("Text"), key=key, height=180, placeholder=hint)
        if not text.strip():
            return None
        data = text.encode("utf-8", errors="surrogatepass")
        return Uploaded((UploadedFile(_("Pasted text"), data),), pasted=True)
    file = st.file_uploader(
        _("Text file: UTF-8 or UTF-16; GB18030 after confirmation"),
        key=f"upload.{kind.task}.file", max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    return None if file is None else Uploaded((UploadedFile(file.name, file.getvalue()),))


def _options(kind: Kind, uploaded: Uploaded) -> ReadOptions:
    verse, key = kind.task == "poems", f"upload.{kind.task}"
    confirmed: str | None = st.session_state.get(f"upload.encoding.{uploaded.digest}")
    encoding = "utf-8" if uploaded.pasted else confirmed
    with st.container(key="upload-options"):
        left, middle, right = st.columns([1.6, 1, 1], vertical_alignment="bottom")
        with left:
            title_input(kind, uploaded)
        length = middle.number_input(
            _("Characters in a poem") if verse else _("Words in a sentence, at most"),
            user_text.MIN_LENGTH, user_text.MAX_LENGTH, kind.length, key=f"{key}.length",
            help=_("A quatrain of five characters a line has 20, of seven 28") if verse
            else _("Longer sentences are rejected, not cut"),
        )  # fmt: skip
        least = right.number_input(
            _("Minimum count"), 1, 100, 1, key=f"{key}.count",
            help=_("Rarer characters become □ (unknown)") if verse
            else _("Rarer words become □ (unknown)"),
        )  # fmt: skip
        with st.container(horizontal=True):
            marks = st.toggle(
                _("Punctuation marks are tokens"), value=not verse, key=f"{key}.marks",
                help=_("Otherwise they are removed"),
            )  # fmt: skip
            joined = not verse and st.toggle(
                _("Paragraphs continue over several lines"), value=_joined(uploaded, encoding),
                key=f"{key}.join.{uploaded.digest}",
            )  # fmt: skip
    unit = "characters" if verse else "words"
    return Options(unit, int(length), int(least), bool(marks), bool(joined)), encoding


def _joined(uploaded: Uploaded, encoding: str | None) -> bool:
    """Whether lines look like parts of paragraphs; a first look, the rest is read later."""
    start = uploaded.files[0].data[:20_000]
    return looks_hard_wrapped(start.decode(encoding or "utf-8", errors="ignore"))


def _read(uploaded: Uploaded, given: ReadOptions) -> Job[NeedsConfirmation | Outcome]:
    yield 0.0
    options, encoding = given
    decoded = decode(uploaded.files[0].data, encoding)
    yield 0.2
    if isinstance(decoded, NeedsConfirmation):
        return decoded
    content = UserText(decoded.text, uploaded.title, options)
    return Outcome(content, content.corpus())


def _ask(uploaded: Uploaded, question: NeedsConfirmation) -> None:
    """Nothing is guessed: a person looks at how it would read."""
    encoding = question.encoding.upper()
    with st.container(border=True, key="upload-confirm"):
        st.markdown(f"**{_('Does this text look right?')}**")
        text = _("The encoding is unclear: {why}. As {encoding} it begins:")
        html.quiet(text.format(why=question.why, encoding=encoding))
        st.html(f'<pre class="preview">{escape(question.preview)}</pre>')
        confirm = partial(
            st.session_state.update, {f"upload.encoding.{uploaded.digest}": question.encoding}
        )
        label = _("Yes, it is {encoding}").format(encoding=encoding)
        button(label, "check", "upload.confirm", confirm)
        html.quiet(_("If it is not, save the file as UTF-8 and upload it again."))


def _report(kind: Kind, uploaded: Uploaded, outcome: Outcome) -> None:
    """What is used of the text, and how it is cut."""
    corpus = outcome.corpus
    report, verse = corpus.report, kind.task == "poems"
    vocabulary = {token for sequence in corpus.train for token in sequence}
    html.facts(
        (_("Lines read"), f"{report.read:,}", ""),
        (_("Poems") if verse else _("Sentences"), f"{report.kept:,}",
         _("{train:,} for training, {held:,} held out").format(
             train=len(corpus.train), held=len(corpus.valid) + len(corpus.test))),
        (_("Different characters") if verse else _("Different words"), f"{len(vocabulary):,}",
         _("in the training data")),
    )  # fmt: skip
    cut = [flat(sequence, corpus.unit, corpus.lines) for sequence in corpus.train[:PREVIEWED]]
    items = "".join(f"<li>{escape(text)}</li>" for text in cut)
    about = escape(_("The first sequences of the training data:"))
    st.html(f'<p class="quiet">{about}</p><ul class="cut">{items}</ul>')


TEXT = Reader(_intro, _inputs, _options, _read, _report, _ask)
