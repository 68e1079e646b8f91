"""How good the text is: the recorded comparison, with its ceilings, or why there is none."""

import json
import re
from pathlib import Path
from typing import Any

from pages.ui.common import navigation
from tests.support.made_up.text_report import text_report, text_values
from tests.support.text_screen import App, html_of, messages, opened, words

VERSES = "poems-samples"


def charts(test: Any) -> list[dict[str, Any]]:
    return [
        figure
        for node in test.get("bidi_component")
        if node.proto.component_name == "plotly_chart"
        for figure in json.loads(node.proto.json)["figures"]
    ]


def test_the_comparison_stands_with_its_ceilings(
    app: App, text_models: Path, tmp_path: Path
) -> None:
    (tmp_path / "comparison").mkdir()
    (tmp_path / "comparison" / "poems.json").write_text(text_report().to_json())
    test = opened(app, navigation.POEMS, tab="metrics")
    titles = [figure["layout"]["title"]["text"] for figure in charts(test)]
    assert "Best mean BLEU-2: SeqGAN 0.580, then MLE 0.500 (real data 0.610)" in titles
    assert any("SeqGAN is better than MLE at any of the temp" in title for title in titles)
    shown = words(test)
    assert "difference +0.080 [" in shown
    assert "BLEU-2 0.590" in shown  # the bigram model's
    (command,) = re.findall(r"<code>([^<]*--out [^<]*)</code>", html_of(test))
    assert command.endswith("--out assets/comparison/poems.json")


def test_a_damaged_comparison_is_reported(app: App, text_models: Path, tmp_path: Path) -> None:
    cut = text_values()
    del cut["rows"][0]["summary"]["bleu_2"]["low"]
    (tmp_path / "comparison").mkdir()
    file = tmp_path / "comparison" / "poems.json"
    test = opened(app, navigation.POEMS, tab="metrics")
    for content in ("", "{", '{"format": "other"}', json.dumps(cut)):
        file.write_text(content)
        test.run()
        assert "poems.json" in messages(test).lower(), content
