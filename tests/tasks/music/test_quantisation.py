"""What tunes lose in eighths is counted, and counted right."""

from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.tokens import KEYS, pieces
from tests.support.tiny.tunes import tune, walk

PLAIN = [(60 + n % 5, n, 1) for n in range(4, 14)]


def test_a_tune_in_eighths_is_as_it_was() -> None:
    assert quantisation_of([walk(3)]) == Quantisation(1, 0, 0, len(walk(3).notes), 0, 0)
    assert quantisation_of([]) == Quantisation(0, 0, 0, 0, 0, 0)


def test_of_a_triplet_one_note_is_moved_and_one_left_out() -> None:
    third = 2 / 3
    triplet = tune([(60, 0, third), (62, third, third), (64, 2 * third, third), (65, 2, 1), *PLAIN])
    assert quantisation_of([triplet]) == Quantisation(1, 0, 1, 14, 1, 1)
    onsets = sum(token <= KEYS for piece in pieces(triplet, "eighths") for token in piece)
    assert onsets == 13


def test_a_dotted_pair_is_moved() -> None:
    dotted = tune([(60, 0, 1.5), (62, 1.5, 0.5), (64, 2, 1), *PLAIN])
    assert quantisation_of([dotted]) == Quantisation(1, 0, 1, 13, 1, 0)


def test_a_tune_in_sixteenths_is_doubled_and_many_are_added() -> None:
    reel = tune([(60 + n % 5, n / 2, 0.5) for n in range(16)])
    assert quantisation_of([reel]) == Quantisation(1, 1, 0, 16, 0, 0)
    dotted = tune([(60, 0, 1.5), (62, 1.5, 0.5), *PLAIN])
    assert quantisation_of([reel, dotted, dotted]) == Quantisation(3, 1, 2, 40, 2, 0)
