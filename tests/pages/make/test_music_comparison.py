"""How good the tunes are: the comparison, what they are made of, the best and the worst."""

import json
from pathlib import Path

from pages.ui.common import navigation
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.tune_statistics import extremes, tune_statistics
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.registry import CORPORA, source_of
from tests.support.made_up.text_report import tunes_values
from tests.support.music_screen import drawn, tune_cards
from tests.support.text_screen import App, messages, opened, words
from tests.support.tiny.tune_models import keep_tunes

ENDS = "music-extremes"


def titles(test: object) -> list[str]:
    return [
        figure["layout"]["title"]["text"]
        for chart in drawn(test, "plotly_chart")  # type: ignore[arg-type]
        for figure in chart["figures"]
    ]


def test_the_comparison_of_tunes_stands_with_its_ceilings(
    app: App, tune_models: Path, tmp_path: Path
) -> None:
    (tmp_path / "comparison").mkdir()
    (tmp_path / "comparison" / "music.json").write_text(json.dumps(tunes_values()))
    test = opened(app, navigation.MUSIC, tab="metrics")
    assert "Best mean BLEU-4: SeqGAN 0.580, then MLE 0.500 (real data 0.610)" in titles(test)
    assert any(title.startswith("Best mean MSE") for title in titles(test))
    shown = words(test)
    assert "(difference −1.00 [−1.20, −0.80], Holm's p" in shown
    assert "MSE 22.38 20.62" in shown  # the paper's
    # the made-up one is of the preset for poems
    assert f"MLE, SeqGAN, trained on {CORPORA['tang-quatrains'].title} (n = 3 seeds)" in shown
    assert "Longest copy" in shown


def test_without_a_comparison_it_says_what_makes_one(app: App, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, tab="metrics")
    assert "No comparison is recorded" in words(test)
    assert "compare --preset music" in words(test)


def test_the_statistics_are_those_of_500_tunes(app: App, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, tab="statistics")
    assert [title.split(":")[0] for title in titles(test)] == ["Notes", "Intervals"]
    shown = words(test)
    assert "n = 500 and " in shown
    assert "real, held-out" in shown
    assert len(tune_cards(test, ENDS)) == 4


def test_the_best_and_the_worst_are_those_of_the_measure(
    app: App, store: Store, tune_models: Path
) -> None:
    statistics = finish(tune_statistics(Models(store), "music-mle", 500, 1, 0.7))
    address = {"measure": 1, "who": "music-mle", "t": 0.7, "instrument": "flute"}
    test = opened(app, navigation.MUSIC, **address)
    best, worst = extremes(statistics, "mse")
    cards = tune_cards(test, ENDS)
    assert [card["title"] for card in cards] == [
        f"best of 500: MSE {best.value:.2f}", f"nearest real: {best.title}",
        f"worst of 500: MSE {worst.value:.2f}", f"nearest real: {worst.title}",
    ]  # fmt: skip
    assert f"√{worst.value:.2f} is {worst.value**0.5:.1f} for the worst" in words(test)
    assert f"{best.known} of its {best.runs} runs of four steps" in cards[0]["remarks"][0]

    by_bleu = opened(app, navigation.MUSIC, **address, by="bleu_4")
    good, bad = extremes(statistics, "bleu_4")
    ends = tune_cards(by_bleu, ENDS)
    assert ends[0]["title"] == f"best of 500: BLEU-4 {good.value:.3f}"
    assert ends[2]["title"] == f"worst of 500: BLEU-4 {bad.value:.3f}"
    assert "It ignores where an n-gram stands" in words(by_bleu)


def test_without_the_tunes_it_says_which_are_needed(app: App, tune_models: Path) -> None:
    source_of(keep_tunes().name).remove()
    test = opened(app, navigation.MUSIC, measure=1)
    assert "the real tunes that Small tunes, SeqGAN was trained on" in messages(test)
    assert not tune_cards(test, ENDS)
