"""The scripts of all components: what comes from elsewhere is text, and stays text."""

from pathlib import Path

import pytest

from pages.ui.common.component import COMPONENTS
from pages.ui.common.frame import first_page
from tests.support.paths import ROOT

SCRIPTS = sorted(COMPONENTS.glob("*/*.js"))
DOORS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(",
         "XMLHttpRequest", "autoplay")  # fmt: skip


def test_every_component_has_its_script() -> None:
    folders = [path for path in COMPONENTS.iterdir() if path.is_dir()]
    assert folders
    assert all((folder / f"{folder.name}.js").is_file() for folder in folders)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_set_text_as_text_and_ask_nothing_of_others(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert [door for door in DOORS if door in text] == []
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_plotly_stands_where_the_charts_ask_for_it() -> None:
    served = ROOT / "static" / first_page.plotly_address().removeprefix("/app/static/")
    with served.open() as script:
        assert "plotly.js v" in script.read(60)
