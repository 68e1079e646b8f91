"""The figures and the words of text: what they draw is what was measured, and they say its n."""

import numpy as np

from seqgan_core.figures.make import text_notices as text_words

# -- one page of new text --------------------------------------------------------------------------

VALUES = np.array([[1.0, 3.0, 9.0], [2.0, 5.0, 4.0]])  # the 9 pads, and counts nowhere
TEXTS = [("a", "b"), ("c", "d", "e")]


def test_where_values_stand_out() -> None:
    message = text_words.extreme(VALUES / 10, TEXTS, "q", "poem")
    assert message == "Q runs from 0.100 (“a” in poem 1) to 0.500 (“d” in poem 2)."
    flat = text_words.extreme(np.full((2, 3), 0.4), TEXTS, "q", "poem")
    assert flat == "Every Q is 0.400: here D does not tell one token from another."
    rare = text_words.extreme(VALUES, TEXTS, "surprise", "poem")
    assert rare == (
        "The least likely choice is “d” in poem 2: 5.0 nats, a probability of 1 in 148. The mean "
        "is 3.00 nats (n = 5)."
    )
    assert text_words.extreme(VALUES[:0], [], "q", "poem") == ""


def test_copies_are_compared_with_the_natural_length() -> None:
    message = text_words.copying([2, 3, 5], 2.5, 400, "poems", "characters", line=5)
    assert message == (
        "The longest copy has 3.3 characters on average over these 3, 5 at most; in "
        "held-out poems it has 2.5 on average (n = 400). 1 of 3 copy a stretch as"
        " long as a line."
    )
    single = text_words.copying([2], 2.5, 400, "tunes", "steps")
    assert single == (
        "The longest copy has 2 steps; in held-out tunes it has 2.5 on average (n = 400)."
    )
    much = text_words.copying([6, 6], 2.5, 400, "sentences", "words")
    assert much.endswith("They copy more than real ones do.")
    natural = text_words.copying([2, 3], 2.5, 400, "sentences", "words")
    assert natural.endswith("(n = 400).")
