"""The page of Algorithm 1: the trace and the step of the address, the words, and bad traces."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.algorithm.pseudocode import lines
from pages.ui.algorithm.source_view import code, pieces
from pages.ui.algorithm.step_text import step_texts
from pages.ui.algorithm.traces import OWN, TITLES, divergences
from pages.ui.common import navigation
from pages.ui.common.component import texts_of
from seqgan_core.training.trace import record as record_traces
from seqgan_core.training.trace.record import FOLDER, record
from seqgan_core.training.trace.source_lines import FUNCTIONS, source_of
from seqgan_core.training.trace.tiny_problem import WHAT_IFS, tiny
from seqgan_core.training.trace.trace_file import Trace, load
from seqgan_core.training.trace.tracer import VARIABLES
from tests.support.paths import ROOT
from tests.support.screen import components

LONG_TEXT = ROOT / "assets" / "text" / "en" / "algorithm.md"

App = Callable[..., AppTest]


def data(test: AppTest) -> dict[str, Any]:
    """What the component is given."""
    (given,) = components(test, "algorithm").values()
    return given


def messages(kind: Any) -> str:
    return " ".join(node.value for node in kind)


# -- the page -----------------------------------------------------------------------------------


def test_the_page_opens_at_the_first_step_of_the_base(app: App) -> None:
    test = app(navigation.ALGORITHM)
    assert not test.exception
    assert not test.error
    given = data(test)
    assert (given["at"], given["tab"], given["differences"]) == (1, "words", [])
    assert len(given["trace"]["steps"]) == len(given["trace"]["texts"])
    assert len(given["lines"]) == 19


@pytest.mark.parametrize("name", WHAT_IFS)
def test_a_link_opens_its_trace_step_and_tab(app: App, name: str) -> None:
    test = app(navigation.ALGORITHM, trace=name, at="17", tab="python")
    given = data(test)
    assert given["trace"]["id"].startswith(f"{name}/")
    assert (given["at"], given["tab"]) == (17, "python")
    assert len(given["differences"]) == (0 if name == "base" else 2)
    assert given["trace"]["has_discriminator"] == (name != "constant_reward")
    assert given["trace"]["has_value_network"] == (name == "value_network")


@pytest.mark.parametrize(
    ("address", "at", "tab"),
    [
        ({"at": "0"}, 1, "words"),
        ({"at": "99999"}, 183, "words"),
        ({"at": "-3"}, 1, "words"),
        ({"at": "x", "tab": "x", "trace": "x"}, 1, "words"),
    ],
)
def test_an_address_that_makes_no_sense_falls_back(
    app: App, address: dict[str, str], at: int, tab: str
) -> None:
    test = app(navigation.ALGORITHM, **address)
    assert not test.exception
    assert not test.error
    given = data(test)
    assert (given["at"], given["tab"]) == (at, tab)
    assert given["trace"]["id"].startswith("base/")


def test_choosing_a_what_if_is_written_into_the_address(app: App) -> None:
    test = app(navigation.ALGORITHM)
    test.pills(key="algorithm-trace").set_value("one_rollout").run()
    assert test.query_params["trace"] in ("one_rollout", ["one_rollout"])
    assert data(test)["trace"]["sizes"]["N"] == 1


def test_custom_settings_are_recorded_and_stand_in_the_address(app: App) -> None:
    given = data(app(navigation.ALGORITHM, trace="own", seed="7", n="5", rate="0.02", at="12"))
    assert given["trace"]["sizes"]["N"] == 5
    assert given["at"] == 12
    mine = record("own", tiny(seed=7, n_rollouts=5, g_learning_rate=0.02))
    assert given["trace"]["steps"][11]["variables"] == mine.steps[11].variables
    assert given["differences"][0]["at"] == 1  # another seed differs from the first line on


def test_own_settings_that_make_no_sense_fall_back(app: App) -> None:
    test = app(navigation.ALGORITHM, trace="own", seed="x", n="900", rate="nan")
    given = data(test)
    assert not test.exception
    assert given["trace"]["sizes"]["N"] == 16
    assert [field.value for field in test.number_input] == [2, 16, 0.05]


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the traces that ship, to be damaged."""
    shutil.copytree(FOLDER, tmp_path / "traces")
    monkeypatch.setattr(record_traces, "FOLDER", tmp_path / "traces")
    return tmp_path / "traces"


def change(file: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    values = json.loads(file.read_text(encoding="utf-8"))
    edit(values)
    file.write_text(json.dumps(values), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda file: file.unlink(), "No such file"),
        (lambda file: file.write_text("{half"), "is damaged"),
        (lambda file: change(file, lambda v: v.update(version=9)), "version: Input should be 1"),
        (lambda file: change(file, lambda v: v["steps"].pop(9)), "its steps do not fit together"),
    ],
    ids=["missing", "damaged", "other version", "a step is gone"],
)
def test_a_bad_trace_is_named_and_the_others_go_on(
    app: App, traces: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(traces / "no_d_steps.json")
    test = app(navigation.ALGORITHM, trace="no_d_steps")
    assert not test.exception
    assert "The trace no_d_steps.json" in messages(test.error)
    assert words in messages(test.error)
    assert "record it again with python -m" in messages(test.error)
    test.pills(key="algorithm-trace").set_value("one_rollout").run()
    assert not test.error
    assert data(test)["differences"]


def test_without_the_base_a_what_if_is_shown_and_the_base_named(app: App, traces: Path) -> None:
    (traces / "base.json").write_text("[]")
    test = app(navigation.ALGORITHM, trace="one_rollout")
    assert "base.json is damaged" in messages(test.warning)
    given = data(test)
    assert given["differences"] == []
    assert given["trace"]["steps"]


# -- the words ----------------------------------------------------------------------------------


def test_every_line_has_a_chapter_and_every_difference_a_source() -> None:
    text = (Path("assets/text/en/algorithm.md")).read_text(encoding="utf-8")
    numbers = re.findall(r"^## (\d+) \| ", text, flags=re.MULTILINE)
    assert list(map(int, numbers)) == list(range(1, 20))
    assert len(lines()) == 19
    items = re.findall(r"^- ", text, flags=re.MULTILINE)
    differences = [pair for chapter in lines() for pair in chapter.differences]
    assert len(differences) == len(items)  # none was lost for want of a source
    assert {source for source, _ in differences} == set(texts_of("algorithm")["sources"])
    for chapter in lines():
        assert len(re.findall(r"[.:?](?:\s|$)", chapter.words)) >= 2


def test_every_trace_has_a_title() -> None:
    assert list(TITLES) == [*WHAT_IFS, OWN]


def test_every_variable_has_words() -> None:
    assert set(texts_of("algorithm")["names"]) == set(VARIABLES)


@pytest.mark.parametrize("name", WHAT_IFS)
def test_every_step_is_described_with_its_numbers(name: str) -> None:
    trace = load(FOLDER / f"{name}.json")
    texts = step_texts(trace)
    assert len(texts) == len(trace.steps)
    assert all(text.endswith((".", "?")) for text in texts)
    assert not any("{" in text for text in texts)


def at(trace: Trace, line: int, t: int | None = None) -> int:
    return next(i for i, step in enumerate(trace.steps) if step.line == line and step.t == t)


def test_the_text_states_the_settings_of_the_trace() -> None:
    """What line 5 and line 16 say of "here" are the recorded settings, not the code's own."""
    c, text = load(FOLDER / "base.json").config, LONG_TEXT.read_text(encoding="utf-8")
    assert (
        f"[here] In this trace, which is small: {c.d_epochs} epochs on each set; Adam at "
        f"{c.d_learning_rate:g}; batches of {c.batch_size}; dropout keeps {c.d_dropout_keep:g}; "
        f"{c.d_l2:g} times the same penalty."
    ) in text
    assert f"[here] k = {c.d_epochs} in this trace." in text


def test_the_sentences_say_what_the_trace_says() -> None:
    trace = load(FOLDER / "base.json")
    texts, states = step_texts(trace), list(trace.states())
    ten = at(trace, 10, 3)
    for b, scores in enumerate(states[ten]["completion_scores"]):
        q = states[ten]["q"][b][2]
        assert q == pytest.approx(sum(scores) / 3, abs=2e-6)
        assert f"{', '.join(f'{score:.3f}' for score in scores)}; their mean {q:.3f}" in texts[ten]
    twelve = at(trace, 12)
    now = states[twelve]
    pairs = [pair for rows in zip(now["p"], now["p_after"], strict=True)
             for pair in zip(*rows, strict=True)]  # fmt: skip
    up = sum(after > before for before, after in pairs)
    was, now_is = max(pairs, key=lambda pair: abs(pair[1] - pair[0]))
    assert f"{up} of 10 chosen tokens became likelier" in texts[twelve]
    assert f"from {was:.3f} to {now_is:.3f}" in texts[twelve]
    assert "fell from" in texts[at(trace, 2)]
    five = at(trace, 5)
    right = round(states[five]["d_accuracy"] * 16)
    assert f"{right} of 16 are classified correctly" in texts[five]


def test_many_completions_are_summarised() -> None:
    trace = record("own", tiny(n_rollouts=9, rounds=1))
    text = step_texts(trace)[at(trace, 10, 1)]
    assert "D scores 9 completions between" in text


def test_the_divergences_are_described_with_place_and_numbers() -> None:
    base = load(FOLDER / "base.json")
    texts = {
        name: [str(row["text"]) for row in divergences(load(FOLDER / f"{name}.json"), base)]
        for name in WHAT_IFS
    }
    assert texts["base"] == []
    assert "line 10, round 1, t = 1 (N = 1 instead of 3)" in texts["one_rollout"][0]
    assert "line 17, round 1 (the base run is at line 14)" in texts["no_d_steps"][0]
    assert "line 12, round 2" in texts["no_d_steps"][1]
    assert "this run has no D" in texts["constant_reward"][0]


# -- the Python ---------------------------------------------------------------------------------


def test_the_coloured_python_is_the_source() -> None:
    for functions in FUNCTIONS.values():
        for function in functions:
            source = source_of(function)
            given = code()["functions"][source.name]
            assert ["".join(text for _, text in line) for line in given["lines"]] == list(
                source.lines
            )


def test_pieces_know_comments_strings_and_keywords() -> None:
    first, second = pieces(('def f(a):  # "x"', '    return "a # b", 12'))
    assert ("keyword", "def") in first
    assert ("comment", '# "x"') in first
    assert ("string", '"a # b"') in second
    assert ("number", "12") in second
