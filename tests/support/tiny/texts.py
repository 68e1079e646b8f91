"""Texts small enough to learn in a second, for tests."""

import itertools

from seqgan_core.tasks.corpus import Report, TextCorpus

_WORDS = ("we", "will", "work", "and", "they", "hope", "for", "peace")


def tiny_verse() -> TextCorpus:
    """60 poems of two lines of three characters, out of eight; twenty of them held out."""
    poems = [
        (a, b, c, c, b, d)
        for a, b, c, d in itertools.product("春江花月", "山水", "风雨", "春江花月")
    ][:60]
    return TextCorpus(
        "tiny-verse", "Tiny verse", "characters",
        tuple(poems[20:]), (), tuple(poems[:20]), lines=(3, 3), report=Report(60, 60),
    )  # fmt: skip


def tiny_speech() -> TextCorpus:
    """80 sentences of 3 to 6 words; held out are twenty more, one with a word of its own."""
    sentences = [
        (*words, ".")[: 3 + index % 4]
        for index, words in enumerate(itertools.permutations(_WORDS, 5))
    ]
    unique = sorted(set(sentences))
    held_out = (*unique[80:99], ("we", "will", "rest", "."))
    return TextCorpus("tiny-speech", "Tiny speech", "words", tuple(unique[:80]), (), held_out)
