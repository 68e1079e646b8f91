"""The grammar of a practice line: two symbols make a third, from words up to a line of five.

Every rule has two parts, so a line is parsed with a chart (Cocke, Younger, Kasami): the symbols of
a piece of text follow from those of its two halves, and each piece is analysed once. The rules have
the break after the second character of five-character verse: two characters begin a line, and three
follow.

`assets/practice/classes.tsv`: a kind of word, and the classes of rules that it is in.
`assets/practice/rules.tsv`: a class, for each kind of which the rule holds (none: it holds once), a
symbol, and the alternatives for it, each of one part or two; `*` is the kind.
"""

from functools import cache, lru_cache
from itertools import product

from seqgan_core.tasks.practice.lexicon import lexicon, rows

ROLES = ("opening", "scene", "turn", "close")
"""The roles of the four lines of a quatrain: a time or a place, what is there, a person, the end.

A poem has one line of each, in this order.
"""


@cache
def rules() -> tuple[tuple[str, ...], ...]:
    """The whole grammar, each rule once: a symbol, and the part or the two parts that it may be."""
    members: dict[str, list[str]] = {}
    for kind, classes in rows("classes.tsv"):
        for name in classes.split():
            members.setdefault(name, []).append(kind)
    every = (
        (symbol.replace("*", kind), *parts.replace("*", kind).split())
        for name, symbol, options in rows("rules.tsv")
        for kind in members.get(name, [""])
        for parts in options.split("|")
    )
    return tuple(dict.fromkeys(every))


@cache
def _index() -> tuple[dict[tuple[str, ...], set[str]], dict[str, set[str]]]:
    """Parts to wholes, and words to kinds."""
    wholes: dict[tuple[str, ...], set[str]] = {}
    for whole, *parts in rules():
        wholes.setdefault(tuple(parts), set()).add(whole)
    kinds: dict[str, set[str]] = {}
    for kind, words in lexicon().items():
        for word in words:
            kinds.setdefault(word.text, set()).add(kind)
    return wholes, kinds


@lru_cache(maxsize=200_000)
def symbols(text: str) -> frozenset[str]:
    """All symbols that `text` can be; none if it is not in the language.

    >>> "moon.state" in symbols("明月高"), "moon.state" in symbols("高明月")
    (True, False)
    """
    wholes, kinds = _index()
    result = set(kinds.get(text, ()))
    for cut in range(1, len(text)):
        for parts in product(symbols(text[:cut]), symbols(text[cut:])):
            result |= wholes.get(parts, set())
    fresh = list(result)
    while fresh:
        more = wholes.get((fresh.pop(),), set()) - result
        result |= more
        fresh += more
    return frozenset(result)


LINE = 5  # characters; the chart of a longer text would be large


def parses(line: tuple[str, ...]) -> bool:
    """Whether the grammar has this line of five characters.

    >>> parses(tuple("明月照空山")), parses(tuple("空照山明月"))
    (True, False)
    """
    if len(line) != LINE or any(len(token) != 1 for token in line):
        return False
    return not symbols("".join(line)).isdisjoint(ROLES)


Options = tuple[str, ...] | tuple[tuple[str, ...], ...]


def language(tags: frozenset[str]) -> dict[str, Options]:
    """What each symbol can be in a poem with these tags: its words, or the parts of its rules.

    Only symbols that lead to words are included, so that a draw never fails.
    """
    words: dict[str, tuple[str, ...]] = {}
    for kind, entries in lexicon().items():
        if fitting := tuple(dict.fromkeys(word.text for word in entries if word.fits(tags))):
            words[kind] = fitting
    sayable = set(words)
    while True:
        ready = [rule for rule in rules() if sayable.issuperset(rule[1:])]
        more = {rule[0] for rule in ready} - sayable
        if not more:
            break
        sayable |= more
    parts: dict[str, list[tuple[str, ...]]] = {}
    for rule in ready:
        parts.setdefault(rule[0], []).append(rule[1:])
    return words | {whole: tuple(options) for whole, options in parts.items()}
