import ast
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import glossary, navigation
from seqgan_core.figures import metrics
from tests.support.paths import ROOT
from tests.support.screen import address, all_text, fine

App = Callable[..., AppTest]

CALLS = {"term", "glossary.term", "glossary.link"}
TERMS = {"line", "screen"}
QUESTIONS = {"screen", "text"}
DEPARTURES = {"paper", "here", "because"}


def test_every_entry_is_whole_and_has_a_name_of_its_own() -> None:
    names = Counter[str]()
    for entry in glossary.entries():
        names.update([entry.key, *entry.values("also")])
        given = {*entry.fields, *(["text"] if entry.text else [])}
        wanted = {"Questions": QUESTIONS, "Departures from the paper": DEPARTURES}
        assert wanted.get(entry.part, TERMS) <= given, entry.key
        assert {"key", "file"} <= given, entry.title
    assert not [name for name, times in names.items() if times > 1]
    assert len(glossary.entries()) > 80


def test_files_and_screens_that_are_named_exist() -> None:
    for entry in glossary.entries():
        assert (ROOT / entry.fields["file"]).is_file(), entry.fields["file"]
        for screen in entry.values("screen"):
            assert f"pages/{screen}.py" in navigation.TITLES, screen


def test_every_metric_has_an_entry() -> None:
    assert metrics.METRICS
    for name in metrics.METRICS:
        assert glossary.entry(name).fields["line"]


def test_every_term_that_a_page_explains_exists() -> None:
    for name in _terms_used():
        glossary.entry(name)


def _terms_used() -> Iterator[str]:
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, argument = ast.unparse(node.func), node.args[0]
            if name in CALLS and isinstance(argument, ast.Constant):
                yield str(argument.value)


def test_an_unknown_term_says_where_the_terms_are() -> None:
    with pytest.raises(KeyError, match=r"glossary\.md"):
        glossary.entry("nothing")


def test_a_tooltip_is_a_line_with_a_link() -> None:
    text = glossary.term("nll_oracle")
    assert text.startswith("Mean NLL of G's samples under the oracle")
    assert "(glossary?term=nll-oracle)" in text


def test_the_linked_entry_comes_first_and_its_part_is_shown(app: App) -> None:
    test = fine(app(navigation.GLOSSARY, term="nll-oracle"))
    shown = [node.value for node in test.markdown]
    assert shown[0].startswith("**[NLL_oracle]")
    assert any("NLL_test" in text for text in shown)


def test_search_finds_entries_of_all_parts(app: App) -> None:
    test = fine(app(navigation.GLOSSARY))
    test.text_input(key="glossary-search").input("bleu ceiling").run()
    text = all_text(fine(test))
    assert "What are BLEU's references?" in text
    assert "[Ceiling]" in text
    assert "Perturbation" not in text


def test_an_unknown_entry_is_said_and_the_rest_is_there(app: App) -> None:
    test = app(navigation.GLOSSARY, term="<b>no</b>", part="nowhere")
    assert "no entry" in test.warning[0].value
    assert "Generator" in all_text(test)
    assert r"\<b>" in test.warning[0].value


def test_a_part_is_kept_in_the_address(app: App) -> None:
    test = app(navigation.GLOSSARY, term="q")
    test.button_group(key="glossary-part").set_value("Questions").run()
    assert address(test) == {"part": "Questions"}
    assert "How strong should D be?" in all_text(fine(test))
