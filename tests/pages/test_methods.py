"""The Methods screen: recorded comparisons, and this library's own runs measured now."""

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.common.run import missing_runs
from pages.ui.methods import comparison_source, own_runs
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.judge.comparison import compare_runs
from seqgan_core.judge.methods import METHODS, methods_plan
from seqgan_core.judge.report import About, Report
from seqgan_core.judge.sweeps.plan import stored
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.manager import Manager
from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.events import CheckpointDue, Evaluated
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import PRESETS
from seqgan_core.training.trainer import Trainer
from tests.support.made_up.comparison import changed, made_up, made_up_values
from tests.support.made_up.full_size import full_size
from tests.support.paths import ROOT
from tests.support.screen import address, figures, settled, text, titles

App = Callable[..., AppTest]
TWO = "mle.seqgan"
PLANTED = "![x](http://planted.example/p.png)"  # where Markdown is read it fetches an image


def untrained(store: Store, strategy: str, seed: int, status: Any = "finished") -> str:
    """A run of the glance preset as it starts: with its first evaluation and checkpoint."""
    config = make_config(PRESETS["glance"], strategy=strategy, seed=seed)
    run_id = store.create_run(config, preset="glance", name=f"{strategy} {seed}", status=status)
    trainer = Trainer(config)
    for event in trainer.events():
        if isinstance(event, Evaluated):
            store.append(run_id, [event], 1.0)
        if isinstance(event, CheckpointDue):
            store.append(run_id, [event], 1.0)
            store.save_checkpoint(run_id, event.step, trainer.state(), dict(trainer.counters))
            return run_id
    raise AssertionError("no checkpoint came")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], bytes]:
    """Runs of two methods with two seeds, made once, to be brought into each test's library."""
    prepare_cpu()  # as the app does
    store = Store(tmp_path_factory.mktemp("made"))
    exported = {}
    for strategy, seed in [("mle", 1), ("mle", 2), ("seqgan", 1), ("seqgan", 2)]:
        file = BytesIO()
        export_bundle(store, untrained(store, strategy, seed), file)
        exported[strategy, seed] = file.getvalue()
    return exported


@pytest.fixture
def bring(store: Store, bundles: dict[tuple[str, int], bytes]) -> Callable[[str, int], str]:
    """Brings one of the runs into the library; returns its id."""
    return lambda strategy, seed: import_bundle(store, BytesIO(bundles[strategy, seed]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the recorded comparisons are looked for."""
    place = tmp_path / "comparison"
    place.mkdir()
    monkeypatch.setattr(comparison_source, "FOLDER", place)
    return place


def record(folder: Path, name: str, comparison: Report | dict[str, Any]) -> None:
    text = json.dumps(comparison) if isinstance(comparison, dict) else comparison.to_json()
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def keys(test: AppTest) -> list[str]:
    return [key.removeprefix("methods-") for key in figures(test)]


# -- recorded comparisons --------------------------------------------------------------------------


def test_first_come_the_two_metrics_and_what_to_notice(app: App, folder: Path) -> None:
    record(folder, "tried", made_up())
    test = app(navigation.METHODS)
    assert not test.exception
    assert not test.warning
    assert keys(test) == ["means"]  # the rest is drawn when its tab is opened
    oracle, held_out = titles(figures(test)["methods-means"])  # never one without the other
    assert oracle.startswith("Best mean NLL_oracle")
    assert held_out.startswith("Best mean NLL_test")
    shown = text(test)
    assert shown.count("What to notice now.") == 1
    assert "which method comes first depends on the metric" in shown
    assert "Collapse. PG-BLEU" in shown  # the findings are open
    assert "the lesson preset (V = 50, T = 10)" in shown
    assert "35 n = 5 seeds" in shown
    assert address(test, "part") == {}


def test_what_thinks_ahead_is_named_and_says_what_was_refuted(app: App, folder: Path) -> None:
    record(folder, "tried", made_up())
    named = {
        "thinking-ahead": "Thinking ahead, T = 10",
        "thinking-ahead-40": "Thinking ahead, T = 40",
        "thinking-ahead-40-seconds": "Thinking ahead, T = 40, equal seconds",
    }
    for stem in named:
        shutil.copy(ROOT / "assets" / "comparison" / f"{stem}.json", folder)
    for stem, title in named.items():
        test = app(navigation.METHODS, source=stem)
        assert not test.exception
        assert title in test.pills(key="methods-source").options
        assert "One is refuted" in text(test)
    assert "One is refuted" not in text(app(navigation.METHODS, source="tried"))


@pytest.mark.parametrize("file", ["thinking-ahead", "thinking-ahead-40"])
def test_what_is_said_to_be_refuted_is_in_the_recorded_numbers(file: str) -> None:
    report = Report.load(ROOT / "assets" / "comparison" / f"{file}.json")
    mean = {row.strategy: row.summary["nll_oracle"].mean for row in report.rows}
    missed = {row.strategy: row.summary["nll_test"].mean for row in report.rows}
    for method in ("seqgan_value", "actor_critic"):
        assert mean[method] < mean["seqgan"]
        assert missed[method] < missed["seqgan"]
    for method in ("tree_search", "tree_search_negatives"):
        assert mean[method] > mean["seqgan"]
        assert missed[method] > missed["seqgan"]
    assert (mean["tree_search"] > mean["mle"]) == (file == "thinking-ahead-40")
    assert (mean["best_of_n"] < mean["tree_search"]) == (file == "thinking-ahead-40")


@pytest.mark.parametrize(
    ("part", "drawn", "words"),
    [
        ("findings", {"means": 2}, "Temperature. SeqGAN's NLL_test minus the best of MLE's"),
        ("tests", {"means": 2, "tests": 1}, "with runs as observations p"),
        (
            "temperature",
            {"means": 2, "plane": 2},
            "for 5 of 5 runs, none of MLE's temperatures",
        ),
        ("metrics", {"means": 2, "varied": 3}, "the first 2,000 of each run"),
        ("curves", {"means": 2, "learning": 2}, ""),
        ("paper", {"means": 2, "paper": 1}, "so only the order can be compared. Nats per token"),
        ("numbers", {"means": 2}, "Mean [95% interval]"),
        ("nothing", {"means": 2}, "Collapse. PG-BLEU"),
    ],
)
def test_every_part_opens_by_its_link(
    app: App, folder: Path, part: str, drawn: dict[str, int], words: str
) -> None:
    record(folder, "tried", made_up())
    test = app(navigation.METHODS, part=part)
    assert not test.exception
    found = figures(test)
    assert {key.removeprefix("methods-"): len(each) for key, each in found.items()} == drawn
    assert words in text(test)


def test_at_the_paper_s_size_its_table_and_what_it_is_made_of_come_first(
    app: App, folder: Path
) -> None:
    record(folder, "table1-authors", full_size())
    record(folder, "table1", full_size(paper_oracle=False))
    record(folder, "tried", made_up())
    test = app(navigation.METHODS, source="table1-authors")
    assert not test.exception
    assert test.pills(key="methods-source").options[:2] == [
        "The paper's size, the authors' oracle", "The paper's size, another oracle",
    ]  # fmt: skip
    assert [tab.label for tab in test.tabs][:3] == [
        "The paper's table, at its size", "What the number is made of", "Findings",
    ]  # fmt: skip
    assert "the numbers can be compared. Nats per token" in text(test)
    test = app(navigation.METHODS, source="table1-authors", part="made-of")
    assert keys(test) == ["means", "made-of"]
    assert "What to notice now. At equal NLL_oracle, SeqGAN has a higher NLL_test" in text(test)
    test = app(navigation.METHODS, source="table1", part="made-of")
    assert titles(figures(test)["methods-made-of"])[0].startswith("At equal NLL_oracle, SeqGAN")
    test = app(navigation.METHODS, source="tried", part="made-of")  # another size has no such part
    assert "Collapse. PG-BLEU" in text(test)


def test_every_number_is_in_a_table(app: App, folder: Path) -> None:
    comparison = made_up()
    record(folder, "tried", comparison)
    test = app(navigation.METHODS, part="numbers")
    assert "Welch's test" not in text(test)  # drawn when opened
    test.session_state["methods-every-number"] = True
    shown = text(test.run())
    assert "assets/comparison/tried.json" in shown
    assert "compare --preset lesson --seeds 5 --samples 10000" in shown
    summary = comparison.rows[4].summary["nll_oracle"]
    assert f"{summary.mean:.3f} [{summary.low:.3f}, {summary.high:.3f}]" in shown
    for row in comparison.rows:
        for result in row.results:
            assert f"{result.values['nll_test']:.3f}" in shown
            assert result.run in shown
    captions = (
        "Mean [95% interval], n = 5 seeds, 10,000 samples per run",
        "NLL_oracle: Welch's test, one observation is a run",
        "distinct-3: Welch's test, one observation is a run",
        "NLL_oracle: Welch's test, one observation is a sequence of the lowest seed's run",
        "NLL_test: paired t-test, one observation is a held-out sequence, the same for the",
    )
    for caption in captions:
        assert caption in shown
    assert "5, 5" in shown  # a p-value never without its n
    assert "2,000, 2,000" in shown


def test_a_link_holds_every_setting(app: App, folder: Path) -> None:
    record(folder, "first", made_up(2))
    record(folder, "second", changed(made_up(2), about={"preset": "glance"}))
    tests = {"source": "second", "part": "tests", "obs": "sentence", "metric": "nll_test"}
    test = app(navigation.METHODS, **tests)
    assert address(test, *tests) == tests
    assert "NLL_test, one observation is a sequence" in titles(figures(test)["methods-tests"])[0]
    assert "n = 2 seeds" in text(test)
    plane = {"part": "temperature", "zoom": "near", "curves": "pg_bleu.seqgan"}
    test = app(navigation.METHODS, **plane)
    assert address(test, *plane) == plane
    drawn, _gaps = figures(test)["methods-plane"]
    names = {trace["name"] for trace in drawn["data"]}
    assert {"SeqGAN, temperature varied", "PG-BLEU, temperature varied"} <= names
    assert "Scheduled sampling, temperature varied" not in names
    assert drawn["layout"]["yaxis"]["range"][1] < 2.5
    test = app(navigation.METHODS, part="curves", by="seconds")
    drawn = figures(test)["methods-learning"][0]
    assert drawn["layout"]["xaxis"]["title"]["text"] == "seconds of training"


def test_bad_values_in_a_link_fall_back(app: App, folder: Path) -> None:
    record(folder, "tried", made_up(2))
    bad = {"source": "nowhere", "obs": "x", "metric": "accuracy", "zoom": "1", "by": "day",
           "curves": "random.gan.mle"}  # fmt: skip
    for part in ("tests", "temperature", "curves"):
        test = app(navigation.METHODS, **bad, seeds="99", part=part)
        assert not test.exception
        assert address(test, "source", "seeds") == {}  # the default leaves the address clean
        assert len(figures(test)) == 2


def test_a_sequence_is_no_observation_of_self_bleu(app: App, folder: Path) -> None:
    record(folder, "tried", made_up(2))
    test = app(navigation.METHODS, part="tests", obs="sentence", metric="self_bleu")
    assert keys(test) == ["means"]
    assert "No test of self-BLEU over sequences" in text(test)


def test_one_seed_says_why_there_is_no_test(app: App, folder: Path) -> None:
    record(folder, "tried", made_up(1))
    test = app(navigation.METHODS, part="tests")
    shown = text(test)
    assert keys(test) == ["means"]
    assert "No test of NLL_oracle over runs" in shown
    assert "Random has n = 1; a test needs at least 2 runs" in shown
    assert "With runs as observations there is no test" in shown


def test_a_comparison_without_a_trained_method_is_drawn(app: App, folder: Path) -> None:
    record(folder, "tried", made_up(2, ("random",), "random"))
    for part in ("findings", "tests", "temperature", "metrics", "curves", "paper", "numbers"):
        assert not app(navigation.METHODS, part=part).exception


BROKEN = {
    "half": ("{", "is damaged"),
    "version": ('{"format": "seqgan-comparison-7"}', "seqgan-comparison-7"),
    "about": ('{"format": "seqgan-comparison-1", "rows": []}', "about"),
    "row": (json.dumps(made_up_values(2) | {"rows": [{"strategy": "mle"}]}), "damaged"),
}


def test_broken_files_are_reported_and_the_rest_continues(app: App, folder: Path) -> None:
    """And what a file says is shown literally; a study among them is passed over."""
    about = {"preset": PLANTED, "budget": "updates"}
    record(folder, "whole", changed(made_up(2), about=about))
    record(folder, "strategies", {"format": "seqgan-study-1", "runs": []})
    record(folder, "odd", {"format": PLANTED})
    for name, (content, _words) in BROKEN.items():
        (folder / f"{name}.json").write_text(content, encoding="utf-8")
    test = app(navigation.METHODS)
    assert not test.exception
    assert not test.error
    warnings = {box.value.split(".json")[0]: box.value for box in test.warning}
    assert warnings.keys() == {f"The file {name}" for name in [*BROKEN, "odd"]}
    for name, (_content, words) in BROKEN.items():
        assert words in warnings[f"The file {name}"]
        assert "seqgan_core compare" in warnings[f"The file {name}"]
    assert keys(test) == ["means"]
    (named, _own) = test.pills(key="methods-source").options
    for shown in (warnings["The file odd"], named):
        assert "planted.example" in shown
        assert PLANTED not in shown
        assert r"!\[x\](" in shown


def test_a_file_that_changes_is_read_anew(folder: Path) -> None:
    record(folder, "tried", made_up(2))
    assert len(comparison_source.recorded_comparisons(folder)[0]["tried"].rows) == len(METHODS)
    record(folder, "tried", made_up(3, ("mle", "seqgan")))
    assert len(comparison_source.recorded_comparisons(folder)[0]["tried"].rows) == 2


def test_what_ships_is_whole() -> None:
    _comparisons, problems = comparison_source.recorded_comparisons(comparison_source.FOLDER)
    assert problems == []


def of(**about: Any) -> Report:
    return changed(made_up(1), about=about)


def test_comparisons_have_names_that_tell_them_apart() -> None:
    names = comparison_source.titles(
        {
            "a": of(preset="lesson", budget="updates"),
            "b": of(preset="lesson", budget="seconds"),
            "c": of(preset="lesson", budget="seconds"),
        }
    )
    assert names == {
        "a": "Equal updates (lesson)",
        "b": "Equal seconds (lesson): b",
        "c": "Equal seconds (lesson): c",
    }


def test_the_size_is_that_of_the_settings() -> None:
    size_words = comparison_source.size_words
    changes = {"vocab_size": 20}
    assert size_words(of(preset="glance", changes=changes)) == (
        "the changed glance preset (V = 20, T = 10)"
    )
    oracle = {"oracle_path": "authors.npz"}  # another oracle is no other size
    assert size_words(of(preset="table1", changes=oracle)) == (
        "the table1 preset (V = 5000, T = 20)"
    )
    assert size_words(of(preset="poems")) == "the poems preset (corpus tang-quatrains)"
    assert size_words(of(preset="gone")) == "gone"
    assert "does not state" in size_words(of())


# -- the library's own runs ------------------------------------------------------------------------


FEW = 200  # samples: enough for every number, quick to draw


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_runs, "SAMPLES", (FEW, *own_runs.SAMPLES))


def own(app: App, **more: str) -> AppTest:
    """The library's own runs, measured."""
    link = {"source": "own", "preset": "glance", "seeds": "2", "samples": "200", "methods": TWO,
            "part": "numbers"}  # fmt: skip
    return settled(app(navigation.METHODS, **{**link, **more}))


def test_own_runs_are_measured_as_the_core_measures_them(
    app: App, folder: Path, bring: Callable[[str, int], str], store: Store
) -> None:
    for strategy, seed in [("mle", 1), ("mle", 2), ("seqgan", 1), ("seqgan", 2)]:
        bring(strategy, seed)
    test = own(app)
    plan = methods_plan("glance", ["mle", "seqgan"], (1, 2), {})
    about = About(preset="glance", changes={}, budget="updates", seeds=2)
    runs = stored(store, plan)
    assert len(runs) == 4
    comparison = finish(compare_runs(Models(store), runs, FEW, about=about))
    shown = text(test)
    for row in comparison.rows:
        for metric in ("nll_oracle", "nll_test", "self_bleu", "distinct_2"):
            summary = row.summary[metric]
            assert f"{summary.mean:.3f} [{summary.low:.3f}, {summary.high:.3f}]" in shown
    assert "Ended 4 of 4 runs" in shown
    assert "Missing 0" in shown
    assert not [button for button in test.button if button.key == "methods-queue"]
    assert "Mean [95% interval], n = 2 seeds" in shown
    assert (
        "python -m seqgan_core compare --strategies mle,seqgan --preset glance --seeds 2 "
        f"--samples {FEW}"
    ) in shown
    link = ("preset", "seeds", "samples", "methods")
    assert address(test, *link) == {
        "preset": "glance", "seeds": "2", "samples": str(FEW), "methods": TWO,
    }  # fmt: skip


def test_bad_values_of_own_runs_fall_back(app: App, folder: Path) -> None:
    test = own(app, preset="huge", seeds="0", samples="7", methods="gan")
    names = ("preset", "seeds", "samples", "methods")
    assert address(test, *names) == {"seeds": "1"}  # defaults leave the address clean


def test_nothing_there_teaches_what_would_be(app: App, folder: Path) -> None:
    test = own(app, methods="mle", seeds="3")
    shown = text(test)
    assert "None of these runs has ended yet" in shown
    assert "five or more for a useful test" in shown
    assert not figures(test)
    assert test.button(key="methods-queue").label.startswith("Queue 3 missing runs")


class Kept:
    """A manager's commands, kept instead of obeyed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started: list[TrainConfig] = []
        self.names: list[str] = []
        self.resumed: list[str] = []

        def start(manager: Manager, config: TrainConfig, preset: str, name: str) -> str:
            self.started.append(config)
            self.names.append(name)
            return manager.store.create_run(config, preset=preset, name=name, status="queued")

        def resume(manager: Manager, run_id: str) -> None:
            self.resumed.append(run_id)
            manager.store.set_status(run_id, "queued")

        monkeypatch.setattr(Manager, "start", start)
        monkeypatch.setattr(Manager, "resume", resume)


def test_what_is_missing_is_queued_seed_by_seed_with_its_price(
    app: App, folder: Path, store: Store, bring: Callable[[str, int], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    manager = Kept(monkeypatch)
    monkeypatch.setattr(missing_runs, "estimate", lambda config: 100.0 * config.seed)
    bring("mle", 2)
    bring("seqgan", 1)
    stopped = untrained(store, "seqgan", 3, status="stopped")  # had 1 s
    test = own(app, seeds="3")
    button = test.button(key="methods-queue")
    # mle 1, seqgan 2, mle 3, and what is left of seqgan 3: 100 + 200 + 300 + 299 s
    assert button.label == "Queue 4 missing runs · about 14 min 59 s"
    assert "■ stopped" in text(test)
    assert "– missing" in text(test)
    button.click()
    test = settled(test.run())
    assert [(c.strategy, c.seed) for c in manager.started] == [
        ("mle", 1), ("seqgan", 2), ("mle", 3),
    ]  # fmt: skip
    assert manager.resumed == [stopped]
    assert manager.names[0] == "methods: strategy mle, seed 1"
    for config in manager.started:
        base = make_config(PRESETS["glance"], strategy=config.strategy, seed=config.seed)
        assert config == base
    shown = text(test)
    assert "Training or queued 4" in shown
    assert "Missing 0" in shown
    assert "◔ queued" in shown
    assert not [button for button in test.button if button.key == "methods-queue"]
    assert keys(test) == ["means"]  # what was there is still compared


def test_another_tab_may_have_been_quicker(
    store: Store, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    manager = Kept(monkeypatch)
    plan = methods_plan("glance", ["mle"], (1, 2), {})
    assert missing_runs.queue(plan, plan.runs) == 2
    assert missing_runs.queue(plan, plan.runs) == 0
    assert len(manager.started) == 2
    assert {run.status for run in store.runs() if run.config.strategy == "mle"} >= {"queued"}


def test_a_run_that_ended_meanwhile_is_included_on_request(
    app: App, folder: Path, bring: Callable[[str, int], str]
) -> None:
    bring("mle", 1)
    bring("seqgan", 1)
    test = own(app, methods="random.mle.seqgan")
    assert "Compared below 2" in text(test)
    assert "--strategies random,mle,seqgan" in text(test)  # what is asked for, not what is there
    bring("mle", 2)
    test = settled(test.run())
    assert "Compared below 2" in text(test)  # the figures stay as they are
    button = test.button(key="methods-add")
    assert button.label == "Add 1 ended run"
    button.click()
    test = settled(test.run())
    assert "Compared below 3" in text(test)
    assert "n = 1 to 2 seeds" in text(test)


def test_a_damaged_checkpoint_is_reported_and_the_others_are_compared(
    app: App, folder: Path, bring: Callable[[str, int], str], store: Store
) -> None:
    """And what a bundle calls a run is shown literally."""
    bring("mle", 1)
    damaged = bring("mle", 2)
    store.rename(damaged, PLANTED)
    for file in store.checkpoint_folder(damaged).glob("*.safetensors"):
        file.write_bytes(b"nothing of use")
    test = own(app)
    assert not test.error
    (warning,) = test.warning
    assert warning.value.startswith("One run is left out")
    assert damaged in warning.value
    assert "planted.example" in warning.value
    assert PLANTED not in warning.value
    assert keys(test) == ["means"]
    assert damaged not in text(test)  # it is in no table


def test_only_damaged_checkpoints_are_a_sentence(
    app: App, folder: Path, bring: Callable[[str, int], str], store: Store
) -> None:
    damaged = bring("mle", 2)
    for file in store.checkpoint_folder(damaged).glob("*.safetensors"):
        file.unlink()
    test = own(app, methods="mle")
    (error,) = test.error
    assert "No run can be measured" in error.value
    assert damaged in error.value
    assert not figures(test)


def test_a_run_without_a_checkpoint_is_there_but_not_compared(
    app: App, folder: Path, store: Store
) -> None:
    config = make_config(PRESETS["glance"], strategy="mle", seed=1)
    store.create_run(config, preset="glance", name="bare", status="finished")
    test = own(app, methods="mle", seeds="1")
    shown = text(test)
    assert "✓ finished, no checkpoint" in shown
    assert "None of these runs has ended yet" in shown
    assert store.runs()
