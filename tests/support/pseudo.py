"""A language that no one speaks: English with every letter accented, to see what is not translated.

Placeholders, markup, code, formulas and addresses stay as they are.
"""

import gettext
import re
import string

PLAIN = string.ascii_letters
ACCENTED = "áƀćđéƒǵħíĵķĺḿńóṕʠŕśťúṽŵẋýźÁƁĆĐÉƑǴĦÍĴĶĹḾŃÓṔɊŔŚŤÚṼŴẊÝŹ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)
KEPT = re.compile(
    r"\{[^{}]*\}|</?[a-z][^<>]*>|`[^`]*`|\$\$?[^$]+\$\$?|&\w+;"  # fields, tags, code, formulas
    r"|:material/\w+:|:[a-z]+(?:-[a-z]+)?\[|\]\([^)]*\)"  # Streamlit's own markup, links
)
# Of the long texts also the glossary's field names, those fields that are no words, and keys.
KEPT_IN_TEXTS = re.compile(
    r"^## [a-z]+\.\S+$|^- (?:key|also|screen|file|symbol): .*$|^- \w+: |^- \[\w+\]|" + KEPT.pattern,
    re.MULTILINE,
)


def pseudo(text: str, kept: re.Pattern[str] = KEPT) -> str:
    """The text in the pseudo language.

    >>> pseudo("{n} runs of `make`")
    '{n} ŕúńś óƒ `make`'
    """
    parts, at = [], 0
    for match in kept.finditer(text):
        parts += [text[at : match.start()].translate(ACCENTS), match[0]]
        at = match.end()
    return "".join([*parts, text[at:].translate(ACCENTS)])


class Catalogue(gettext.NullTranslations):
    """Translates every message into the pseudo language."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)
