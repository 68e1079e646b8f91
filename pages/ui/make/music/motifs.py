"""D's motifs: windows that its filters chose, as brackets over the roll and in words."""

from pages.ui.make.music.cards.score_cards import Motif
from seqgan_core.figures.discriminator.findings import effect_words, filter_count, points
from seqgan_core.figures.make import tune_notices
from seqgan_core.insight.discriminator.attribution import Bracket
from seqgan_core.insight.writing.tune_motifs import Motifs, TuneMotifs
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import quarters


def brackets(tune: TuneMotifs, words: tuple[str, ...], tokens: list[int]) -> list[Motif]:
    """The brackets over one tune of these tokens."""
    return [
        Motif(
            quarters(tokens, bracket.start),
            quarters(tokens, bracket.start + bracket.width),
            points(bracket.effect),
            _("“{phrase}”, {steps}: P(real) {score:.3f}, {without:.3f} without the {filters} that "
              "chose it: {effect}").format(
                phrase=phrase(bracket, words), steps=steps(bracket), score=tune.reading.score,
                without=bracket.without, filters=filter_count(len(bracket.filters)),
                effect=effect_words(bracket.effect),
            ),
        )
        for bracket in tune.motifs
    ]  # fmt: skip


def strongest(of_model: Motifs, words: tuple[str, ...]) -> str:
    """A sentence on the strongest of a model's motifs."""
    every = [
        (abs(bracket.effect), number, tune, bracket)
        for number, tune in enumerate(of_model.tunes)
        for bracket in tune.motifs
    ]
    if not every:
        return _("No window of two steps or more changes D's score by a tenth of a point.")
    _size, number, tune, bracket = max(every, key=lambda each: each[0])
    return tune_notices.motif(
        tune.reading.score, bracket.without, phrase(bracket, words), steps(bracket),
        str(number + 1), len(tune.reading.brackets), tune.reading.n_filters,
    )  # fmt: skip


def phrase(bracket: Bracket, words: tuple[str, ...]) -> str:
    """A window's steps by name; a hold is a dash."""
    return " ".join(words[token] for token in bracket.tokens)


def steps(bracket: Bracket) -> str:
    """Where a window stands, counted from 1."""
    return _("steps {first} to {last}").format(
        first=bracket.start + 1, last=bracket.start + bracket.width
    )
