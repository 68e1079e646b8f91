"""Splits text into sentences and words, and joins words again."""

from collections import Counter
from collections.abc import Iterable

import regex  # Python's `re` supports neither letters with marks nor joined emoji

from seqgan_core.media.verse.english_spacing import CLOSES

READER = 2  # goes up when the same text gets other sentences; a stored text keeps those it had
# Titles precede a name, so a full stop after them never ends a sentence.
_TITLES = ["Mr", "Mrs", "Ms", "Dr", "St", "Mt", "Prof", "Rev", "Hon", "Gov", "Sen", "Rep", "Pres"]
_TITLES += ["Gen", "Lt", "Col", "Maj", "Capt", "Sgt", "Adm", "vs"]
# These may also end a sentence, if a typical first word follows.
_SHORT = ["Jr", "Sr", "Inc", "Co", "Corp", "Ltd", "etc"]
_OPENER = regex.compile(
    "A|After|All|Although|America|An|And|As|At|Because|But|By|For|From|God|Have|He|Her|Here|His|"
    "How|I|If|I'm|I've|I'll|In|Is|It|It's|Its|Last|Let|Let's|Many|May|My|No|Not|Now|Of|On|One|Or|"
    "Our|She|So|Some|Thank|That|That's|The|Their|Then|There|There's|These|They|They're|This|Those|"
    "Through|To|Today|Tonight|Under|We|We'll|We're|We've|What|When|Where|Which|While|Who|Why|"
    "With|Without|Yes|Yet|You|You're|Your"
)

_TOKENS = regex.compile(
    r"""
    [0-9\#*]\uFE0F?\u20E3                                    # a keycap is one sign
    | \p{Sc}?\p{N}+(?:[.,:/]\p{N}+)*(?:%|[\p{L}\p{M}]+)?(?:-[\p{L}\p{M}]+)*
                                                              # 60,000  $2.5  9/11  50%  21st
    | (?:\p{L}\.){2,}                                         # U.S.  a.m.
    | (?:TITLES)\.(?=\s|$)                                    # Mr.
    | th'(?=\s)                                               # th' Omnipotent
    | '(?:tis|twas|twere|twill|twixt|gainst|gan|em)\b         # 'tis
    | [\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*(?:['’\-\u200C\u200D][\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)*
                                                              # don't  well-kept
    | -{2,} | \.{3,}                                          # a dash, an ellipsis
    | (?!\s)\X                                                # any other sign, however composed
    """.replace("TITLES", "|".join(_TITLES + _SHORT)),
    regex.VERBOSE | regex.IGNORECASE,
)
# What ends a sentence, by the reader. Of European stops (Greek asks with a semicolon) a capital, a
# number or a letter of a script without capitals must follow; other scripts need no more than the
# stop: danda, full-width and Arabic marks, and all that Unicode calls terminal.
_ENDS = {
    1: regex.compile(
        r"""(?<![.?!…])(?P<stop>[.?!…]++)["'”’)\]]*+\s++(?=(?:--?\s+)?["'“‘(\[]*[\p{Lu}\p{Lt}\p{Lo}\p{N}])
            | [。！？]+[”’」』）]*""",
        regex.VERBOSE,
    ),
    2: regex.compile(
        r"""(?<![.?!…])(?P<stop>[.?!…]++ | (?<=\p{Greek});)
            (?:["'\p{Pe}\p{Pf}\p{Pi}]*+ | \s»)\s++
            (?=(?:--?\s+ | «\s)?["'¿¡\p{Ps}\p{Pi}\p{Pf}]*[\p{Lu}\p{Lt}\p{Lo}\p{N}\p{Georgian}])
        | (?:(?![.?!] | (?<=\p{N})．\p{N})[\p{Sentence_Terminal}།] | ፡፡)
            (?:\s*+(?:(?![.?!])[\p{Sentence_Terminal}།])++)*+
            [\p{Pe}\p{Pf}]*+(?:["']++(?=\s|$))?""",
        regex.VERBOSE,
    ),
}
_LAST_WORD = regex.compile(r"[\p{L}.]*+$")
_DOTTED = regex.compile(r"(?:\p{L}\.)+\p{L}|\p{Lu}")  # U.S, or an initial
_NEXT_WORD = regex.compile(r"[\p{L}'’]+")
_NEAR = 40  # characters around a stop that decide whether it ends a sentence
_BEFORE = set(")]}%”’…»›）」』》")  # no space before these, and any stop or comma
_AFTER = set("([{“‘«‹¿¡「『《（")  # no space after these


def words(text: str) -> tuple[str, ...]:
    """The words and marks of a text, without the spaces between them.

    A word keeps its apostrophe and hyphens ("don't", "well-kept"); a number is one word; every
    other mark is a token.

    >>> words("Mr. Lee's 401 votes -- we don't know!")
    ('Mr.', "Lee's", '401', 'votes', '--', 'we', "don't", 'know', '!')
    """
    return tuple(_TOKENS.findall(text))


def sentences(text: str, reader: int = READER) -> list[str]:
    """The sentences of a paragraph, by the rules of a reader.

    A sentence ends with a stop (and closing quotes) before a space and a capital letter or number,
    but not after a title or an initial; after "U.S." or "Jr." only if a typical first word follows.
    The stops of scripts without capitals end one wherever they are.

    >>> sentences("Mr. Lee left the U.S. Senate. He likes D.C. It is warm.")
    ['Mr. Lee left the U.S. Senate.', 'He likes D.C.', 'It is warm.']
    >>> sentences("राम आया। सीता गई।")
    ['राम आया।', 'सीता गई।']
    """
    result, start = [], 0
    for match in _ENDS[reader].finditer(text):
        if match["stop"] == "." and not _ends(
            text[max(start, match.start() - _NEAR) : match.start()],
            text[match.end() : match.end() + _NEAR],
        ):
            continue
        result.append(text[start : match.end()].strip())
        start = match.end()
    rest = text[start:].strip()
    return [*result, rest] if rest else result


def _ends(before: str, after: str) -> bool:
    match = _LAST_WORD.search(before)
    word = match[0] if match else ""
    if word in _TITLES or (word == "No" and after[:1].isdigit()):
        return False
    if word == "I":  # far more often the word than the initial
        return True
    if word in _SHORT or _DOTTED.fullmatch(word):
        following = _NEXT_WORD.search(after)
        return following is not None and bool(_OPENER.fullmatch(following[0].replace("’", "'")))
    return True


def without_first_capitals(texts: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Sentences whose first word has its capital only if it is mostly written with one.

    So "The" at the beginning is the same token as "the" elsewhere, while "America" and "I" stay.

    >>> without_first_capitals([("The", "sea"), ("I", "see", "the", "sea"), ("So", "I", "see")])
    [('the', 'sea'), ('I', 'see', 'the', 'sea'), ('so', 'I', 'see')]
    """
    given = list(texts)
    first = [next((i for i, word in enumerate(text) if word[0].isalnum()), None) for text in given]
    inside: Counter[str] = Counter()
    for text, at in zip(given, first, strict=True):
        inside.update(text[at + 1 :] if at is not None else ())
    result = []
    for text, at in zip(given, first, strict=True):
        word = text[at] if at is not None else ""
        first_person = word == "I" or word.startswith("I'")
        if word[:1].isupper() and (word[1:].islower() or len(word) == 1) and not first_person:
            lower = word[0].lower() + word[1:]
            if inside[lower] >= inside[word]:
                text = (*text[:at], lower, *text[at + 1 :])  # type: ignore[operator]
        result.append(text)
    return result


def detokenize(tokens: Iterable[str]) -> str:
    """The words as text, without spaces before and after marks that need none.

    >>> detokenize(("we", "said", ",", '"', "yes", ",", '"', "--", "and", "left", "."))
    'we said, "yes," -- and left.'
    """
    text, glue, open_quotes = "", True, False
    for token in tokens:
        closes = token in _BEFORE or token == "..." or (token == '"' and open_quotes)
        closes = closes or CLOSES.fullmatch(token) is not None
        text += token if glue or closes else f" {token}"
        glue = token in _AFTER or (token == '"' and not open_quotes)
        open_quotes ^= token == '"'
    return text
