"""The one door for words that people read: English in the code, catalogues in `assets/locale`.

Text is marked where it is written and translated where it is read:

    _("Start training")                          translated now; inside functions only
    N_("Start training")                         marked for the catalogue, for tables of constants;
                                                 whoever shows it calls `_` on it
    ngettext("{n} run", "{n} runs", n)           one or many
    Message("{n} tokens are missing", n=3)       a sentence that is translated when it is read
    remark("lab.no-runs")                        a paragraph of a screen, or a finding longer than a
                                                 line of code, from `assets/text`
    raise CorpusError("corpus.empty", "the text has no words")
                                                 an error: a code, a sentence and its fields
    raise CorpusError("corpus.damaged", path=path)
                                                 code and sentence do not fit in a line: it is in
                                                 `assets/text`, in errors.md

The language belongs to whoever reads: a page sets it for its session, the command line for its
process.
"""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from seqgan_core.media.visible_text import visible_text

LOCALE = Path(__file__).resolve().parents[1] / "assets" / "locale"
ENGLISH = "en"  # the language of the code, and of threads that no session asked


def _english() -> str:
    return ENGLISH


_language: Callable[[], str] = _english


def use_language(source: Callable[[], str]) -> None:
    """Ask `source` for the language of whoever reads, at each message; for example "en"."""
    global _language
    _language = source


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; the English of the code where there is none."""
    return gettext.translation("seqgan", str(LOCALE), languages=[language], fallback=True)


def _(text: str) -> str:
    """The text in the reader's language."""
    return catalogue(_language()).gettext(text) if text else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The text for one or for many, in the reader's language; "{n}" is filled in."""
    return catalogue(_language()).ngettext(singular, plural, n).format(n=n)


def N_(text: str) -> str:  # gettext's own name
    """The text as it is: marked for the catalogues, translated by `_` where it is shown."""
    return text


def long_text(name: str) -> str:
    """The text `assets/text/LANGUAGE/NAME.md` in the reader's language, or in English."""
    return _text(name, _language())


def remark(key: str, /, **fields: Any) -> str:
    """The paragraph of `assets/text/LANGUAGE/remarks.md` under the heading `key`.

    Without fields its braces stay, for whoever fills them in.
    """
    text = _paragraph("remarks", key)
    return text.format(**fields) if fields else text


def _paragraph(name: str, key: str) -> str:
    known = _paragraphs(_text(name, ENGLISH)) | _paragraphs(long_text(name))
    return known[key]


@cache
def _text(name: str, language: str) -> str:
    path = LOCALE.with_name("text") / language / f"{name}.md"
    if not path.is_file():
        path = LOCALE.with_name("text") / ENGLISH / f"{name}.md"
    return path.read_text(encoding="utf-8")


@cache
def _paragraphs(text: str) -> dict[str, str]:
    """Each paragraph by its heading; "# " begins the part of a screen, which says nothing more."""
    sections = (part.partition("\n# ")[0].partition("\n") for part in text.split("\n## ")[1:])
    return {key: body.strip().replace("\n", " ") for key, _end, body in sections}


class Message:
    """A sentence with fields that is translated each time it is read.

    What a field holds may come from anywhere: what cannot be seen in it is written as its number.

    Args:
        text: English, with the fields in braces.
        plural: the text for many; `text` is then for one, and the field `n` decides.
        fields: what fills the braces; may be messages themselves.
    """

    def __init__(self, text: str, plural: str | None = None, **fields: Any) -> None:
        self.text, self.plural, self.fields = text, plural, fields

    def __str__(self) -> str:
        if self.plural is None:
            text = _(self.text)
        else:
            text = catalogue(_language()).ngettext(self.text, self.plural, self.fields["n"])
        if not self.fields:
            return text
        shown = {  # before `!r`, which would write it in its own way
            name: visible_text(value, lines=True) if isinstance(value, str) else value
            for name, value in self.fields.items()
        }
        return visible_text(text.format(**shown), lines=True)


class Problem(Exception):
    """An error for people: a code to look up and test for, and a sentence with its fields.

    Its words are chosen when it is shown (`str`), in the language of whoever reads it.

    Args:
        code: stable and short, words joined by dots and dashes: "corpus.too-short".
        text: English: what was given, what is allowed, what to do; fields in braces. By default
            the paragraph of `assets/text/LANGUAGE/errors.md` under the heading `code`.
        plural: the text for many; the field `n` decides.
        fields: what fills the braces.
    """

    def __init__(self, code: str, text: str = "", plural: str | None = None, **fields: Any) -> None:
        super().__init__(code, text, plural, fields)
        self.code, self.fields = code, fields

    def __str__(self) -> str:
        _code, text, plural, fields = self.args
        return str(Message(text or _paragraph("errors", self.code), plural, **fields))

    def __reduce__(self) -> tuple[Any, ...]:
        code, text, plural, fields = self.args
        return _rebuilt, (type(self), code, text, plural, fields)


def _rebuilt(
    kind: type[Problem], code: str, text: str, plural: str | None, fields: dict[str, Any]
) -> Problem:
    return kind(code, text, plural, **fields)
