"""A poem that is worked on: the address holds it, its card shows it, nonsense changes nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pages.ui.common import navigation, url_state
from pages.ui.make.text import one_poem
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.samples import SampleRequest, SampleSet, draw_samples
from seqgan_core.runs.store import Store
from tests.support.text_screen import App, cards, opened, text_of

VERSES = "poems-samples"


class Address(dict[str, str]):
    """The address as Streamlit gives it, each name once."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]] if name in self else []

    def from_dict(self, values: dict[str, list[str]]) -> None:
        self.clear()
        self.update({name: given[0] for name, given in values.items()})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Address:
    given = Address(who="poems-seqgan", n="3", seed="1")
    monkeypatch.setattr(url_state, "st", SimpleNamespace(query_params=given))
    return given


@pytest.fixture
def samples(store: Store, text_models: Path) -> SampleSet:
    return finish(draw_samples(Models(store), SampleRequest("poems-seqgan", 3, 1)))


def act(samples: SampleSet, row: int, **event: Any) -> None:
    one_poem.act(samples, 0, {"card": str(row)} | event)


def test_a_character_is_opened_and_another_put_in_its_place(
    app: App, samples: SampleSet, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(samples, 1, act="open", place=3)
    assert (address["poem"], address["place"]) == ("1.0.1", "4")
    link = dict(address)
    monkeypatch.undo()  # the page has its own address
    before = cards(opened(app, navigation.POEMS, **link), VERSES)
    assert [card["work"].get("title", "") for card in before] == [
        "", f"Instead of {samples.texts[1][3]}", ""
    ]  # fmt: skip
    options = before[1]["work"]["options"]
    assert len(options) == 11
    assert options[0]["text"] == samples.texts[1][3]
    assert all(option["kept"] and "±" in option["q"] and "%" in option["g"] for option in options)
    assert "mean over 16 poems" in before[1]["work"]["about"]


def test_a_link_opens_the_changed_poem(app: App, samples: SampleSet, address: Address,
                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    token = next(t for t in range(2, len(samples.sampler.words)) if t != samples.tokens[1, 3])
    act(samples, 1, act="put", place=3, token=token)
    poem = samples.tokens[1].tolist()
    poem[3] = token
    assert address["poem"] == ".".join(map(str, (1, 0, 1, *poem)))
    link = dict(address)
    monkeypatch.undo()
    drawn = cards(opened(app, navigation.POEMS, **link), VERSES)
    text = [samples.sampler.words[t] for t in poem]
    assert [text_of(card) for card in drawn] == [
        "".join(samples.texts[0]), "".join(text), "".join(samples.texts[2])
    ]  # fmt: skip
    assert drawn[1]["work"]["options"][0]["token"] == token
    assert [card["work"].get("changed", False) for card in drawn] == [False, True, False]
    assert "Changed by hand after it was sampled." in drawn[1]["notes"]
    assert "Changed by hand" not in str(drawn[0]["notes"])
    assert drawn[1]["credit"] == "Small poems, SeqGAN, changed by hand"
    assert "seed 1" in drawn[0]["credit"]


def test_lines_are_rolled_again_as_often_as_one_likes(samples: SampleSet, address: Address) -> None:
    poem, seen = samples.tokens[0].tolist(), set()
    for roll in range(1, 7):
        act(samples, 0, act="roll", lines=[2], alone=False)
        tokens = list(map(int, address["poem"].split(".")))[3:]
        assert tokens[:5] == poem[:5]
        assert (address["lines"], address["roll"]) == ("2", str(roll))
        assert "alone" not in address
        seen.add(tuple(tokens))
    assert len(seen) > 1
    act(samples, 0, act="roll", lines=[1, 2], alone=True)
    assert (address["lines"], address["alone"], address["roll"]) == ("1.2", "yes", "7")


def test_the_panel_of_lines_says_which(app: App, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, seed=1, poem="1.0.0", lines="2.9.0", roll=3, alone="yes")
    work = cards(test, VERSES)[0]["work"]
    assert (work["lines"], work["alone"], work["title"]) == ([2], True, "Roll lines again")
    assert test.query_params["roll"] == "3"


def test_closing_keeps_the_poem_and_reset_does_not(samples: SampleSet, address: Address) -> None:
    act(samples, 0, act="roll", lines=[1], alone=False)
    poem = address["poem"]
    changed = SampleSet(
        SampleRequest("poems-seqgan", 3, 1, poem=(0, tuple(map(int, poem.split(".")))[3:])),
        samples.sampler, "", samples.tokens.clone(), samples.texts, None,
    )  # fmt: skip
    changed.tokens[0] = changed.tokens.new_tensor(changed.request.poem[1])  # type: ignore[index]
    act(changed, 0, act="close")
    assert address["poem"] == poem
    assert not {"place", "lines"} & set(address)
    act(changed, 0, act="reset")
    assert set(address) == {"who", "n", "seed"}
    act(samples, 0, act="open", place=0)
    act(samples, 0, act="close")
    assert set(address) == {"who", "n", "seed"}


@pytest.mark.parametrize(
    "event",
    [
        {}, {"act": "put"}, {"act": "put", "place": 99, "token": 3},
        {"act": "put", "place": -1, "token": 3}, {"act": "put", "place": 0, "token": 0},
        {"act": "put", "place": 0, "token": 10**9}, {"act": "put", "place": "0", "token": "3"},
        {"act": "roll", "lines": [], "alone": False},
        {"act": "roll", "lines": [0, 99, "x"], "alone": False}, {"act": "roll", "lines": [1]},
        {"act": "open", "place": "<b>"}, {"act": "open", "place": 99}, {"act": "else"},
        {"act": "open", "place": 1, "card": "7"}, {"act": "open", "place": 1, "card": None},
    ],
    ids=str,
)  # fmt: skip
def test_nonsense_from_a_browser_changes_nothing(
    samples: SampleSet, address: Address, event: dict[str, Any]
) -> None:
    act(samples, 0, **event)
    assert set(address) == {"who", "n", "seed"}


@pytest.mark.parametrize(
    ("poem", "place"),
    [("2.0.0", "1"), ("1.1.0", "1"), ("1.0.9", "1"), ("x", "1"), ("1.0", "1"), ("1.0.-1", "1")],
)
def test_a_poem_that_is_not_shown_is_forgotten(
    app: App, text_models: Path, poem: str, place: str
) -> None:
    test = opened(app, navigation.POEMS, poem=poem, place=place, n=2)
    assert [card["work"] for card in cards(test, VERSES)] == [{}, {}]
    assert not {"poem", "place"} & set(test.query_params)


def test_tokens_of_an_address_that_are_no_poem_are_left_out(
    app: App, samples: SampleSet, text_models: Path
) -> None:
    for wrong in ("1.0.0.5", "1.0.0" + ".0" * 10, "1.0.0" + ".99999" * 10):
        test = opened(app, navigation.POEMS, poem=wrong, n=3)
        drawn = cards(test, VERSES)
        assert [text_of(card) for card in drawn] == ["".join(text) for text in samples.texts]
        assert not drawn[0]["work"]["changed"]


def test_hidden_names_stay_hidden(app: App, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, who="poems-mle", beside="poems-seqgan", n=1,
                  poem="1.1.0", place=2)  # fmt: skip
    shown = str([card["work"] for card in cards(test, VERSES)])
    assert "Instead of" in shown
    assert "Small poems" not in shown


def test_traditional_characters_are_a_switch_for_display(app: App, samples: SampleSet) -> None:
    test = opened(app, navigation.POEMS, n=3, traditional="yes", poem="1.0.0", place=1)
    assert test.toggle(key="poems-traditional").label == "Traditional characters"
    drawn = cards(test, VERSES)
    assert {card["lang"] for card in drawn} == {"zh-Hant"}
    shown = "".join(text_of(card) for card in drawn)
    plain = "".join("".join(text) for text in samples.texts)
    assert len(shown) == len(plain)
    for simplified, traditional in ("云雲", "飞飛", "风風", "远遠"):
        assert simplified not in shown
        assert shown.count(traditional) == plain.count(simplified)
    test.toggle(key="poems-traditional").set_value(False).run()
    assert {card["lang"] for card in cards(test, VERSES)} == {"zh-Hans"}
    assert "traditional" not in test.query_params
