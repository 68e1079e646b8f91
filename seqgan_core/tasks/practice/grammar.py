"""The grammar of a practice line: two symbols make a third, from words up to a line of five.

Every rule has two parts, so a line is parsed with a chart (Cocke, Younger, Kasami): the symbols of
a piece of text follow from those of its two halves, and each piece is analysed once. The rules have
the break after the second character of five-character verse: two characters begin a line, and three
follow.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from seqgan_core.tasks.practice.lexicon import lexicon

KINDS = (
    "moon", "sun", "star", "cloud", "wind", "rain", "snow", "mist", "hill", "water", "flower",
    "tree", "grass", "leaf", "bird", "insect", "person", "boat", "house", "sound", "heart",
)  # fmt: skip
ALONE = ("moon", "bird", "person", "boat")
EVERYWHERE = ("flower", "tree", "grass", "leaf", "bird", "insect")
SEEN = ("moon", "cloud", "mist", "hill", "water", "flower", "leaf", "bird", "boat")
SENT = ("moon", "cloud", "wind", "water", "flower", "leaf", "bird", "boat")
CLOSING = ("moon", "wind", "water", "bird", "boat", "sound")
WITH_OBJECT = ("lean", "drink", "read", "write", "play", "blow", "sweep", "pick", "break")

OPENING, SCENE, TURN, CLOSE = "opening", "scene", "turn", "close"
ROLES = (OPENING, SCENE, TURN, CLOSE)
"""The roles of the four lines of a quatrain: a time or a place, what is there, a person, the end.

A poem has one line of each, in this order.
"""


class Rule(NamedTuple):
    """`whole` may be `left` and then `right`."""

    whole: str
    left: str
    right: str


class Unit(NamedTuple):
    """`whole` may be a `part` alone."""

    whole: str
    part: str


def _of_kind(kind: str) -> list[Rule | Unit]:
    """The rules of a kind of noun: 月 明, 月 自明, 明月 渐渐升, 明月 照空山."""
    rules: list[Rule | Unit] = [
        Unit(f"{kind}.so", f"{kind}.is"),
        Unit(f"{kind}.so", f"{kind}.goes"),
        Rule(f"{kind}.state", kind, f"{kind}.so"),
        Rule(f"{kind}.short", f"{kind}1", f"{kind}.so"),
        Rule(f"{kind}.adverbial", "still", f"{kind}.so"),
        Rule(f"{kind}.adverbial", "yet", f"{kind}.goes"),
        Rule(f"{kind}.clause", f"{kind}1", f"{kind}.adverbial"),
        Rule(f"{kind}.manner", "slow", f"{kind}.so"),
        Rule(f"{kind}.deed", f"{kind}.does", "spot"),
    ]
    if kind in ALONE:
        rules.append(Rule(f"{kind}.adverbial", "single", f"{kind}.so"))
        rules.append(Rule(f"{kind}.manner", "alone", f"{kind}.so"))
    if kind in EVERYWHERE:
        rules.append(Rule(f"{kind}.manner", "everywhere", f"{kind}.so"))
    if kind != "heart":
        rules += [Unit(name, f"{kind}.{name}") for name in ("short", "clause")]
    if kind not in ("heart", "sound"):
        rules.append(Unit("state", f"{kind}.state"))
    if kind not in ("heart", "person"):
        rules += [Rule(SCENE, kind, f"{kind}.manner"), Rule(SCENE, kind, f"{kind}.deed")]
        rules.append(Rule(SCENE, f"{kind}.many", f"{kind}.state"))
    return rules


def _deeds() -> list[Rule | Unit]:
    """What people do, sitting, standing or walking: 独坐 听松声."""
    rules: list[Rule | Unit] = [Unit("view", kind) for kind in SEEN]
    rules += [Rule("looking", "look", "view"), Rule("listening", "listen", "sound")]
    rules += [Rule(f"{deed}.deed", deed, f"{deed}.it") for deed in WITH_OBJECT]
    of = {
        "sensing": ("looking", "listening"),
        "quiet": ("sensing", "drink.deed", "read.deed", "write.deed", "play.deed", "blow.deed"),
        "moving": ("sensing", "sweep.deed", "pick.deed", "break.deed", "person.deed"),
        "any.deed": ("quiet", "moving", "lean.deed"),
        "placed": ("quiet", "sweep.deed", "pick.deed", "break.deed"),
    }
    rules += [Unit(whole, part) for whole, parts in of.items() for part in parts]
    return rules


def _lines() -> list[Rule | Unit]:
    return [
        Unit("where", "when"),
        Unit("where", "place"),
        *(Rule(OPENING, "where", rest) for rest in ("clause", "state")),
        *(Rule(OPENING, "short", rest) for rest in ("clause", "state")),
        Rule(TURN, "person", "any.deed"),
        Rule(TURN, "who", "any.deed"),
        Rule(TURN, "sit", "quiet"),
        Rule(TURN, "stand", "sensing"),
        Rule(TURN, "walk", "moving"),
        Rule(TURN, "place", "placed"),
        Rule(TURN, "hear", "sound.state"),
        Rule(CLOSE, "see", "state"),
        Rule(CLOSE, "hear", "sound.state"),
        Rule(CLOSE, "heart", "heart.manner"),
        Rule(CLOSE, "heart", "sending"),
        *(Rule("sending", "lend", kind) for kind in SENT),
        *(Rule(CLOSE, kind, f"{kind}.manner") for kind in ("person", *CLOSING)),
        *(Rule(CLOSE, kind, f"{kind}.deed") for kind in CLOSING),
    ]


@cache
def rules() -> tuple[Rule | Unit, ...]:
    """The whole grammar, each rule once."""
    rules = [rule for kind in KINDS for rule in _of_kind(kind)] + _deeds() + _lines()
    return tuple(dict.fromkeys(rules))


@cache
def _index() -> tuple[dict[tuple[str, str], set[str]], dict[str, set[str]], dict[str, set[str]]]:
    """Pairs of parts to wholes, parts to wholes, and words to kinds."""
    pairs: dict[tuple[str, str], set[str]] = {}
    units: dict[str, set[str]] = {}
    for rule in rules():
        if isinstance(rule, Unit):
            units.setdefault(rule.part, set()).add(rule.whole)
        else:
            pairs.setdefault((rule.left, rule.right), set()).add(rule.whole)
    kinds: dict[str, set[str]] = {}
    for kind, words in lexicon().items():
        for word in words:
            kinds.setdefault(word.text, set()).add(kind)
    return pairs, units, kinds


@lru_cache(maxsize=200_000)
def symbols(text: str) -> frozenset[str]:
    """All symbols that `text` can be; none if it is not in the language.

    >>> "moon.state" in symbols("明月高"), "moon.state" in symbols("高明月")
    (True, False)
    """
    pairs, units, kinds = _index()
    result = set(kinds.get(text, ()))
    for cut in range(1, len(text)):
        left = symbols(text[:cut])
        if left:
            right = symbols(text[cut:])
            for a in left:
                for b in right:
                    result |= pairs.get((a, b), set())
    fresh = list(result)
    while fresh:
        more = units.get(fresh.pop(), set()) - result
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
        more = {rule.whole for rule in ready} - sayable
        if not more:
            break
        sayable |= more
    parts: dict[str, list[tuple[str, ...]]] = {}
    for rule in ready:
        parts.setdefault(rule.whole, []).append(rule[1:])
    return words | {whole: tuple(options) for whole, options in parts.items()}
