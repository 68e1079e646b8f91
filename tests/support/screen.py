"""What a page shows, read from its AppTest as a viewer, a screen reader or a browser gets it."""

import json
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

Figures = dict[str, list[dict[str, Any]]]

MOST_RERUNS = 300


def settled(test: AppTest) -> AppTest:
    """The page, once nothing on it is being worked out any more; it reruns as a progress bar does.

    Raises:
        AssertionError: the page failed, or did not settle.
    """
    for _ in range(MOST_RERUNS):
        assert not test.exception
        if not test.get("progress"):
            return test
        time.sleep(0.05)
        test.run()
    raise AssertionError(f"the page did not settle: {text(test)}")


def until(test: AppTest, condition: Callable[[], bool]) -> None:
    """Reruns the page until something holds that happens elsewhere: a run in the worker.

    Raises:
        AssertionError: it did not come to hold within a minute.
    """
    for _ in range(600):
        if condition():
            test.run()
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to hold")


def fine(test: AppTest) -> AppTest:
    """The page, which shows no error."""
    assert not test.exception
    assert not test.error
    return test


def html(test: AppTest) -> str:
    """The page's own HTML."""
    return " ".join(node.proto.body for node in test.get("html"))


def words(markup: str) -> str:
    """HTML as a reader sees it: no tags, single spaces."""
    shown = re.sub(r"<(style|script)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", shown))).strip()


def text(test: AppTest) -> str:
    """What stands in the page's own HTML, as a reader sees it."""
    return words(html(test))


def all_text(test: AppTest) -> str:
    """`text`, and titles, Markdown, errors and warnings."""
    kinds = (test.title, test.header, test.subheader, test.markdown, test.error, test.warning)
    return words(" ".join([html(test), *(str(node.value) for kind in kinds for node in kind)]))


def tables(test: AppTest) -> list[str]:
    """The text of every table."""
    return [words(node.proto.body) for node in test.get("html") if "<table" in node.proto.body]


def opened(test: AppTest, key: str) -> AppTest:
    """The page with the table of the figures of this key unfolded."""
    test.session_state[f"{key}-numbers"] = True
    return test.run()


def codes(test: AppTest) -> str:
    """All that stands there to be copied."""
    return " ".join(block.value for block in test.code)


def address(test: AppTest, *names: str) -> dict[str, str]:
    """The address: those of `names` that stand in it, or all; of repeated ones the first."""
    params = test.query_params
    chosen = {name: params[name] for name in (names or params) if name in params}
    return {name: value[0] if isinstance(value, list) else value for name, value in chosen.items()}


def address_values(test: AppTest, name: str) -> list[str]:
    """All values of a name in the address."""
    value = test.query_params[name]
    return list(value) if isinstance(value, list) else [value]


def button(test: AppTest, label: str) -> Any:
    """The one button whose label holds these words, or is them where several do."""
    buttons = [button for button in test.button if label in button.label]
    exact = [button for button in buttons if button.label == label]
    (match,) = exact or buttons
    return match


def components(test: AppTest, name: str) -> dict[str, dict[str, Any]]:
    """What the components of this name are given, by their key."""
    nodes = [node.proto for node in test.get("bidi_component")]
    return {
        node.id.split("-", 2)[-1]: json.loads(node.json)
        for node in nodes
        if node.component_name == name
    }


def figures(test: AppTest) -> Figures:
    """The figures as the browser gets them, by the key of their `charts`."""
    drawn = components(test, "plotly_chart")
    return {key: data["figures"] for key, data in drawn.items()}


def titles(figures: list[dict[str, Any]]) -> list[str]:
    return [figure["layout"]["title"]["text"] for figure in figures]
