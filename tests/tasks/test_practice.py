"""The practice corpus: what it promises is so, and its check tells right from wrong."""

import hashlib
import subprocess
import sys
from itertools import product

import pytest
from pypinyin import Style, pinyin

from seqgan_core.tasks.corpus import Sequence, TextCorpus
from seqgan_core.tasks.practice.corpus import check, part_of, practice_corpus, shares
from seqgan_core.tasks.practice.grammar import ROLES, language, parses, rules, symbols
from seqgan_core.tasks.practice.lexicon import FACETS, lexicon, readings, themes
from seqgan_core.tasks.practice.rhyme import rhyme_of, tone_of
from seqgan_core.tasks.practice.sampler import splitmix64

# The reading in the lexicon is another than pypinyin's first for the character alone, on purpose.
CHOSEN = {"长": "chang2", "泊": "bo2", "弹": "tan2", "似": "si4", "尽": "jin4", "子": "zi3"}
CHOSEN |= {"不": "bu4"}
# sha256 of all quatrains, one a line: train, validation, test. Trained models ship that learned it.
DIGEST = "2a58327b1f8b3d50389d7c4f55b22c86222e270f0aefce7d5a58e63efe457ec1"


@pytest.fixture(scope="module")
def corpus() -> TextCorpus:
    return practice_corpus()


def everything(corpus: TextCorpus) -> list[Sequence]:
    return [*corpus.train, *corpus.valid, *corpus.test]


def lines(poem: Sequence) -> list[str]:
    text = "".join(poem)
    return [text[at : at + 5] for at in range(0, 20, 5)]


def test_there_are_enough_distinct_quatrains(corpus: TextCorpus) -> None:
    poems = everything(corpus)
    assert 6000 <= len(poems) == len(set(poems)) == corpus.report.kept <= 8000
    assert {len(poem) for poem in poems} == {20}
    assert corpus.lines == (5, 5, 5, 5)
    assert 300 < len({character for poem in poems for character in poem}) < 600


def test_every_quatrain_keeps_to_the_rule(corpus: TextCorpus) -> None:
    result = shares(everything(corpus))
    assert result.lines_that_parse == result.poems_that_parse == 1
    assert result.poems_that_rhyme == result.poems_with_tones == 1


def test_the_parts_are_those_of_the_rule_and_share_no_line(corpus: TextCorpus) -> None:
    parts = {"train": corpus.train, "valid": corpus.valid, "test": corpus.test}
    for name, poems in parts.items():
        assert all(part_of(poem) == name for poem in poems)
    n = len(everything(corpus))
    assert len(corpus.train) / n == pytest.approx(0.8, abs=0.02)
    assert len(corpus.valid) / n == pytest.approx(0.05, abs=0.01)
    all_lines = [line for poem in everything(corpus) for line in lines(poem)]
    assert len(all_lines) == len(set(all_lines))  # so no test line is a training line
    assert {c for poem in corpus.test for c in poem} <= {c for poem in corpus.train for c in poem}


def test_no_character_comes_twice_but_in_doubled_words(corpus: TextCorpus) -> None:
    doubled = {a for word in words_of("slow", "alone", "everywhere") for a, b in [word] if a == b}
    for poem in everything(corpus):
        twice = {character for character in poem if poem.count(character) > 1}
        assert twice <= doubled
        for character in twice:
            assert character * 2 in "".join(poem)


def words_of(*kinds: str) -> list[str]:
    return [word.text for kind in kinds for word in lexicon()[kind] if len(word.text) == 2]


@pytest.mark.parametrize("facet", ["season", "time", "weather"])
def test_a_quatrain_keeps_to_its_theme(corpus: TextCorpus, facet: str) -> None:
    asks: dict[str, set[str]] = {}
    for words in lexicon().values():
        for word in words:
            needs = [need for need in word.needs if set(need) <= set(FACETS[facet])]
            asks.setdefault(word.text, set()).update(needs[0] if needs else FACETS[facet])
    only = {
        word: tags
        for word, tags in asks.items()
        # 日长 is the long day of summer, and also the sun that is far from setting
        if len(tags) == 1 and len(word) == 2 and "short" not in symbols(word)
    }
    seen = 0
    for poem in everything(corpus):
        heads = [only[line[:2]] for line in lines(poem) if line[:2] in only]
        assert len(set.union(set(), *heads)) <= 1, lines(poem)
        seen += len(heads) > 1
    assert seen > 20  # else this test sees nothing


def test_the_corpus_is_the_same_everywhere(corpus: TextCorpus) -> None:
    poems = "\n".join("".join(poem) for poem in everything(corpus))
    assert hashlib.sha256(poems.encode()).hexdigest() == DIGEST
    code = (
        "import hashlib\n"
        "from seqgan_core.tasks.practice.corpus import practice_corpus as made\n"
        "c = made(); poems = [*c.train, *c.valid, *c.test]\n"
        "text = '\\n'.join(''.join(p) for p in poems).encode()\n"
        "import sys; sys.stdout.write(hashlib.sha256(text).hexdigest())"
    )
    # another process has other hashes of strings, so the order of sets would show
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == DIGEST


def test_splitmix_gives_its_published_numbers() -> None:
    stream = splitmix64(1234567)
    assert [next(stream) for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_readings_are_those_of_pypinyin() -> None:
    own = readings()
    characters = {c for words in lexicon().values() for word in words for c in word.text}
    assert characters == set(own)
    for character in characters:
        every = pinyin(character, style=Style.TONE3, heteronym=True, v_to_u=False)[0]
        assert own[character] in every or character in CHOSEN, (character, own[character], every)
    for words in lexicon().values():
        for word in words:
            read = pinyin(word.text, style=Style.TONE3, neutral_tone_with_five=True)
            for character, (syllable,) in zip(word.text, read, strict=True):
                expected = CHOSEN.get(character, syllable)
                assert own[character] == expected, (word.text, character, syllable)


def test_every_reading_rhymes_with_something_and_has_a_tone() -> None:
    for character, reading in readings().items():
        assert rhyme_of(reading) is not None, character
        assert tone_of(reading) is not None, character


def slow_parse(text: str, symbol: str) -> bool:
    """The grammar without a chart: every rule tried at every place."""
    if any(word.text == text for word in lexicon().get(symbol, ())):
        return True
    for rule in rules():
        if rule[0] != symbol:
            continue
        parts = rule[1:]
        if len(parts) == 1 and slow_parse(text, parts[0]):
            return True
        if len(parts) == 2:
            cuts = range(1, len(text))
            if any(slow_parse(text[:c], parts[0]) and slow_parse(text[c:], parts[1]) for c in cuts):
                return True
    return False


def test_the_chart_agrees_with_trying_every_rule(corpus: TextCorpus) -> None:
    right = [line for poem in corpus.test[:6] for line in lines(poem)]
    # the same characters in another order, and halves of different lines
    reversed_lines = [line[::-1] for line in right[:8]]
    mixed = [a[:2] + b[2:] for a, b in zip(right[:12], right[3:15], strict=True)]
    verdicts = set()
    for line in [*right, *reversed_lines, *mixed]:
        slowly = any(slow_parse(line, role) for role in ROLES)
        assert parses(tuple(line)) == slowly, line
        verdicts.add(slowly)
    assert verdicts == {True, False}


def test_words_and_wholes_are_different_symbols() -> None:
    kinds, wholes = set(lexicon()), {rule[0] for rule in rules()}
    assert not kinds & wholes
    parts = {part for rule in rules() for part in rule[1:]}
    assert kinds <= parts  # no word that no rule can reach


def test_in_every_theme_every_role_has_words() -> None:
    assert len(themes()) == 4 * 4 * 3 * 2
    for theme in themes():
        grammar = language(theme)
        assert set(ROLES) <= set(grammar)
        for options in grammar.values():
            for option in options:
                assert isinstance(option, str) or all(part in grammar for part in option)


POEM = tuple("日长绿草翠一片野烟低幽人饮薄酒沙鸥处处啼")


def test_the_check_of_a_good_poem() -> None:
    verdict = check(POEM)
    assert verdict.parses == (True,) * 4
    assert verdict.rhymes
    assert verdict.tones


@pytest.mark.parametrize(
    ("place", "character", "wrong_line", "rhymes", "tones"),
    [
        (9, "轻", None, False, True),  # qing does not rhyme with ti
        (9, "细", None, True, False),  # it rhymes, but on an oblique tone
        (14, "茶", 2, True, False),  # line 3 on a level tone; 薄茶 is no word
        (4, "青", None, True, False),  # line 1 on a level tone without the rhyme
        (4, "低", 0, True, True),  # line 1 on the rhyme; grass is not low
        (19, "低", 3, False, True),  # the same character is no rhyme; 啼 is what gulls do
        (0, "长", 0, True, True),
        (10, "□", 2, True, True),
    ],
)
def test_the_check_reports_what_is_wrong(
    place: int, character: str, wrong_line: int | None, rhymes: bool, tones: bool
) -> None:
    verdict = check((*POEM[:place], character, *POEM[place + 1 :]))
    assert verdict.parses == tuple(line != wrong_line for line in range(4))
    assert verdict.rhymes is rhymes
    assert verdict.tones is tones


@pytest.mark.parametrize(
    "poem",
    [
        (),
        POEM[:19],
        (*POEM, "啼"),
        ("",) * 20,
        ("明月照空山",) * 20,
        tuple("<script>alert(1)</s"),
        ("a",) * 20,
    ],
)
def test_what_is_no_quatrain_keeps_to_nothing(poem: tuple[str, ...]) -> None:
    verdict = check(poem)
    assert verdict.parses == (False,) * 4
    assert not verdict.rhymes
    assert not verdict.tones


def test_shares_count_lines_and_poems() -> None:
    wrong = ("长", *POEM[1:])
    result = shares([POEM, wrong, ("a",) * 20, POEM])
    assert result.poems == 4
    assert result.lines_that_parse == (4 + 3 + 0 + 4) / 16
    assert result.poems_that_parse == 2 / 4
    assert result.poems_that_rhyme == result.poems_with_tones == 3 / 4
    with pytest.raises(ValueError, match="no poems"):
        shares([])


def test_a_piece_of_text_is_never_more_than_a_line() -> None:
    assert not parses(tuple("明月照空山明月照空山"))
    assert not parses(("明月", "照", "空", "山", ""))
    assert all(not symbols(a + b) for a, b in product("XY", "12"))
