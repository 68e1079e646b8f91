"""The models that ship write at once, with nothing fetched and nothing trained."""

import pytest

from pages.ui.common import navigation
from seqgan_core.media.verse.prosody import prosody
from seqgan_core.media.verse.rhyme_book import rhyme_book
from seqgan_core.training.setup.model_files import FOLDER, read_cards
from tests.support.text_screen import App, cards, html_of, messages, opened, text_of

NAMES = ("poems-mle", "poems-seqgan", "speech-mle", "speech-seqgan")


pytestmark = pytest.mark.skipif(
    not all((FOLDER / f"{name}.safetensors").is_file() for name in NAMES),
    reason="the trained models are not here",
)


def test_each_can_be_read_and_says_how_it_was_made() -> None:
    model_cards, problems = read_cards()
    assert not problems
    for name in NAMES:
        card = model_cards[name]
        assert card.licence
        assert "seqgan_core" in card.command
        assert card.seconds > 0
        assert card.metrics["samples"] > 0


@pytest.mark.parametrize("who", ["poems-seqgan", "poems-mle"])
def test_quatrains_of_four_lines_of_five(app: App, who: str) -> None:
    test = opened(app, navigation.POEMS, who=who, set="vertical", pinyin="yes", colour="surprise")
    drawn = cards(test, "poems-samples")
    assert [[len(line) for line in card["lines"]] for card in drawn] == [[5, 5, 5, 5]] * 4
    assert len({text_of(card) for card in drawn}) == 4
    assert not test.error
    assert "To look for copies" in " ".join(box.value for box in test.markdown)


@pytest.mark.parametrize("who", ["speech-seqgan", "speech-mle"])
def test_sentences(app: App, who: str) -> None:
    test = opened(app, navigation.SPEECHES, who=who, n=6)
    drawn = cards(test, "speech-samples")
    assert len(drawn) == 6
    assert all(text_of(card) for card in drawn)
    quiz = opened(app, navigation.SPEECHES, who=who, tab="quiz")
    assert "The quiz shows real sentences" in " ".join(box.value for box in quiz.markdown)
    assert not test.error


def test_a_chosen_rhyme_is_kept_and_said(app: App) -> None:
    test = opened(app, navigation.POEMS, rhyme="尤")
    assert test.query_params["rhyme"] == "尤"
    characters = rhyme_book()["尤"].characters
    for card in cards(test, "poems-samples"):
        ends = [line[-1]["text"] for line in card["lines"]]
        assert {ends[1], ends[3]} <= characters
        words = card["notes"][0]
        poem = prosody([[sign["text"] for sign in line] for line in card["lines"]])
        assert ("Rhyme: 尤 (level), lines " in words) is (ends[1] != ends[3])
        assert f"tones: {' '.join(poem.tones)}, {poem.violations} violation" in words
    table = " ".join(html_of(test).split())
    assert all(text in table for text in ("in level tone", "Wikisource", "MIT", "Apache 2.0"))
    test.selectbox(key="poems-rhyme").set_value("").run()
    assert "rhyme" not in test.query_params
    wrong = opened(app, navigation.POEMS, rhyme="講")
    assert "of the rhyme 講; it needs at least 4" in messages(wrong)
    assert len(cards(wrong, "poems-samples")) == 4
