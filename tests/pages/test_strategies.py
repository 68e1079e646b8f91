"""The Strategies screen: recorded studies and this library's own runs, and what is missing."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.strategies import study_source
from seqgan_core.judge.report_file import ReportError
from seqgan_core.judge.study import PAPER_FOUR, study
from seqgan_core.judge.sweeps.plan import Plan, Planned, read_plan, stored
from seqgan_core.judge.verdict import LAST
from seqgan_core.runs.manager import Manager
from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import (
    Evaluated,
    Event,
    TemperaturePoint,
    TemperaturesMeasured,
)
from seqgan_core.training.setup.presets import preset
from tests.support.paths import ROOT
from tests.support.screen import address, button, components, figures, fine, tables, text, titles

App = Callable[..., AppTest]
PLANS = ROOT / "assets" / "plans"
SEEDS = (11, 12, 13)  # of the plans
ORACLE, TEST = 2.5, 2.2  # where MLE leaves both numbers in the made-up runs

TEMPERATURE_CURVE = ((0.7, 1.9, 2.6), (0.8, 2.3, 2.3), (0.9, 2.4, 2.23), (1.0, ORACLE, TEST))

# What becomes of a setting: the changes of NLL_oracle and NLL_test, and D's accuracy at the end.
Fate = tuple[float, float, float]
FATES: dict[tuple[int, int, int], Fate] = {
    (100, 1, 10): (-0.40, 0.60, 0.90),
    (30, 1, 30): (-0.20, 0.10, 0.70),
    (1, 1, 10): (0.00, 0.00, 0.80),
    (1, 5, 3): (-0.10, 0.01, 0.65),
    (4, 1, 1): (-0.25, 0.03, 0.60),
}


def plan_of(name: str) -> Plan:
    return read_plan(PLANS / f"{name}.toml")


def triple(config: TrainConfig) -> tuple[int, int, int]:
    return config.g_steps, config.d_steps, config.d_epochs


def made_up_run(
    store: Store, plan: Plan, planned: Planned, fate: Fate, status: str = "finished"
) -> str:
    """A run of the plan that was never trained; seed 12 has the fate, others are hundredths off."""
    c, luck = planned.config, 0.01 * (planned.config.seed - 12)
    run_id = store.create_run(c, preset=plan.preset, name=planned.label, status="finished")
    events: list[Event] = []
    seconds: list[float] = []
    for epoch in range(c.pretrain_epochs + 1):
        fall = math.exp(-epoch / 2) - math.exp(-c.pretrain_epochs / 2)
        numbers = {"nll_oracle": ORACLE + fall, "nll_test": TEST + fall}
        events.append(Evaluated(epoch, epoch, 2, "pretrain_generator", numbers, []))
        seconds.append(0.2 * epoch)
    last = c.pretrain_epochs
    curve = [TemperaturePoint(t, y, x) for t, x, y in TEMPERATURE_CURVE]
    events.append(TemperaturesMeasured(last, last, 2, 100, curve))
    seconds.append(seconds[-1])
    start = {"nll_oracle": ORACLE, "nll_test": TEST, "d_accuracy": 0.62}
    events.append(Evaluated(last + 1, last, 5, "pretrain_discriminator", start, []))
    seconds.append(seconds[-1] + 2)
    for done in range(1, c.rounds + 1):
        share = min(1.0, done / max(1, c.rounds - LAST + 1))  # there before its last evaluations
        numbers = {
            "nll_oracle": ORACLE + (fate[0] + luck) * share,
            "nll_test": TEST + (fate[1] - luck / 2) * share,
            "d_accuracy": 0.62 + (fate[2] - 0.62) * share,
        }
        events.append(Evaluated(last + 1 + done, last + done, 18, "adversarial", numbers, []))
        seconds.append(0.2 * last + 2 + 30 * done / c.rounds)
    store.append(run_id, events, seconds)
    if status != "finished":
        store.set_status(run_id, status, "made up")  # type: ignore[arg-type]
    return run_id


def balance(store: Store, seeds: tuple[int, ...] = SEEDS) -> dict[str, str]:
    """Made-up runs of FATES in the library; their ids by "g-d-k seed"."""
    plan = plan_of("strategies")
    return {
        f"{'-'.join(map(str, triple(planned.config)))} {planned.config.seed}": made_up_run(
            store, plan, planned, FATES[triple(planned.config)]
        )
        for planned in plan.runs
        if triple(planned.config) in FATES and planned.config.seed in seeds
    }


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of recorded studies: empty, whatever ships."""
    folder = tmp_path / "recorded studies"
    folder.mkdir()
    monkeypatch.setattr(study_source, "RECORDED", folder)
    return folder


def record(folder: Path, store: Store, name: str, runs: Plan | None = None) -> Path:
    """Keeps the library's runs of a plan as the study that ships."""
    plan = runs or plan_of(name)
    recorded_study = study(store, plan, stored(store, plan))
    (folder / f"{name}.json").write_text(recorded_study.to_json())
    return folder / f"{name}.json"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Store:
    """The library in which a recorded study was trained."""
    return Store(tmp_path / "elsewhere")


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainConfig, str | None, str | None]]:
    """What was sent to be trained; nothing is."""
    sent: list[tuple[TrainConfig, str | None, str | None]] = []

    def start(
        self: Manager, config: TrainConfig, preset: str | None = None, name: str | None = None
    ) -> str:
        sent.append((config, preset, name))
        return self.store.create_run(config, preset=preset, name=name)

    monkeypatch.setattr(Manager, "start", start)
    return sent


def cells(test: AppTest) -> list[dict[str, dict[str, Any]]]:
    """The cells of each heat map by their id, as the browser gets them."""
    (component,) = components(test, "heat_map").values()
    return [
        {cell["id"]: cell for row in each["cells"] for cell in row if cell}
        for each in component["maps"]
    ]


def doors(test: AppTest) -> list[tuple[str, str]]:
    """The links into the lab: their words and the run in their address."""
    return [
        (node.proto.label, re.sub(r".*run=", "", node.proto.query_string))
        for node in test.get("page_link")
        if "in the lab" in node.proto.label
    ]


# -- nothing there ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("panel", "label", "count"),
    [
        ("paper", "Train all four, one seed each", 4),
        ("grid", "Train one seed of each setting", 15),
        ("knobs", "Train one seed of each value", 16),
    ],
)
def test_an_empty_screen_teaches_and_queues(
    app: App, queued: list[Any], panel: str, label: str, count: int
) -> None:
    test = fine(app(navigation.STRATEGIES, panel=panel))
    assert "Nothing to compare yet" in text(test)
    (notice,) = test.info
    assert "recorded study is not available" in notice.value
    assert re.search(r"about (\d+ min )?\d+ s", button(test, label).label)
    button(test, label).click()
    fine(test.run())
    assert len(queued) == count
    assert {config.seed for config, _preset, _name in queued} == {11}
    assert {preset for _config, preset, _name in queued} == {"glance"}
    if panel == "paper":
        assert [triple(config) for config, _preset, _name in queued] == list(PAPER_FOUR)
    assert f"{count} runs are queued or training" in text(test)
    assert not [node for node in test.button if label in node.label]  # they are not sent twice
    rest = button(test, "Queue ")
    rest.click()
    fine(test.run())
    plan = plan_of("one_at_a_time" if panel == "knobs" else "strategies")
    assert {config for config, *_more in queued} == {planned.config for planned in plan.runs}
    assert len(queued) == len(plan.runs)


def test_a_run_of_the_preset_alone_is_no_study_of_knobs(app: App, store: Store) -> None:
    plan = plan_of("one_at_a_time")
    made_up_run(store, plan, plan.runs[0], (-0.2, 0.0, 0.6), "recorded")  # as ships with the app
    test = fine(app(navigation.STRATEGIES, panel="knobs"))
    assert "Nothing to compare yet" in text(test)
    assert button(test, "Queue 47 missing runs")


# -- this library's own runs -----------------------------------------------------------------------


def test_the_paper_s_four_are_compared(app: App, store: Store) -> None:
    balance(store)
    test = fine(app(navigation.STRATEGIES))
    four = figures(test)["strategies-paper"]
    assert titles(four) == [
        "(100, 1, 10) ✕ collapsed: NLL_test +0.60 (3 seeds: +0.59 to +0.60)",
        "(30, 1, 30) ◆ sharpened: NLL_oracle −0.20, along the curve",
        "(1, 1, 10) ‖ stalled: NLL_oracle +0.00 (3 seeds: −0.01 to +0.01)",
        "(1, 5, 3) ✓ learned: 0.021 nats below the curve",
    ]
    assert len({tuple(figure["layout"]["yaxis"]["range"]) for figure in four}) == 1
    assert len({tuple(figure["layout"]["xaxis"]["range"]) for figure in four}) == 1
    shown = text(test)
    assert "✓ learned: (1, 5, 3). ◆ sharpened: (30, 1, 30)." in shown
    assert "✓ learned: NLL_test lies below the curve" in shown  # the rule itself
    assert "30 to 30 s" in shown
    assert "your runs" not in shown  # there is nothing to choose from
    assert not tables(test)
    test.session_state["strategies-numbers"] = True
    (table,) = tables(fine(test.run()))
    assert "−0.400 (3 seeds: −0.410 to −0.390)" in table
    assert "−0.021 [" in table  # the distance, with its interval


def test_the_grid_s_cells_open_what_is_here_and_queue_what_is_not(
    app: App, store: Store, queued: list[Any]
) -> None:
    ids = balance(store, seeds=(11, 12))
    test = fine(app(navigation.STRATEGIES, panel="grid", cell="1-5-3"))
    quality, coverage, accuracy = cells(test)
    assert len(quality) == 15
    assert [cell_data["100-1-10"]["number"] for cell_data in (quality, coverage, accuracy)] == [
        "−0.41", "+0.60", "90%",
    ]  # fmt: skip
    assert quality["1-5-3"]["mark"] == "?"
    assert quality["12-1-1"]["number"] == "–"
    assert titles(figures(test)["strategies-cell"])[0].startswith("(1, 5, 3) ? undecided")
    assert doors(test) == [
        ("Seed 11 in the lab · ✓ finished", ids["1-5-3 11"]),
        ("Seed 12 in the lab · ✓ finished", ids["1-5-3 12"]),
    ]
    button(test, "Train seed 13").click()
    fine(test.run())
    ((config, preset, name),) = queued
    assert (triple(config), config.seed, preset) == ((1, 5, 3), 13, "glance")
    assert (
        name
        == "strategies: g_steps 1, d_steps 5, d_epochs 3, rounds 11, d_pretrain_steps 5, seed 13"
    )
    assert [label for label, _run in doors(test)][2] == "Seed 13 in the lab · ◔ queued"
    assert "1 run is queued or training" in text(test)


def test_a_setting_that_was_not_tried_offers_all_its_seeds(
    app: App, store: Store, queued: list[Any]
) -> None:
    balance(store)
    test = fine(app(navigation.STRATEGIES, panel="grid", cell="12-1-3"))
    assert titles(figures(test)["strategies-cell"]) == ["(12, 1, 3): no finished run yet"]
    assert not doors(test)
    button(test, "Queue 3 missing runs").click()
    fine(test.run())
    assert [(triple(config), config.seed) for config, *_more in queued] == [
        ((12, 1, 3), seed) for seed in SEEDS
    ]


def test_a_run_that_failed_is_no_result_but_opens_in_the_lab(app: App, store: Store) -> None:
    plan = plan_of("strategies")
    some = [planned for planned in plan.runs if triple(planned.config) == (1, 5, 3)]
    made_up_run(store, plan, some[0], FATES[1, 5, 3])
    failed = made_up_run(store, plan, some[1], (5.0, 5.0, 0.5), "failed")
    diverged = made_up_run(store, plan, some[2], FATES[1, 5, 3], "diverged")
    test = fine(app(navigation.STRATEGIES, panel="grid", cell="1-5-3"))
    assert "✕ collapsed" in titles(figures(test)["strategies-cell"])[0]  # by the one that diverged
    assert "n = 2 seeds" in figures(test)["strategies-cell"][0]["layout"]["meta"]["seeing"]
    assert ("Seed 12 in the lab · ✕ failed", failed) in doors(test)
    assert ("Seed 13 in the lab · ▲ diverged", diverged) in doors(test)


def test_factors_are_drawn_and_a_value_is_inspected(app: App, store: Store) -> None:
    plan = plan_of("one_at_a_time")
    for planned in plan.runs:
        fate = (-0.2 - 0.01 * planned.config.n_rollouts, 0.02, 0.6)
        made_up_run(store, plan, planned, fate)
    test = fine(app(navigation.STRATEGIES, panel="knobs", cell="n_rollouts=8"))
    factors = figures(test)["strategies-factors"]
    assert [title.split(":")[0] for title in titles(factors)] == [
        "Roll-outs N", "Memory of the roll-out policy", "Learning rate of G", "Learning rate of D",
    ]  # fmt: skip
    assert "16 changes NLL_oracle by −0.120" in titles(factors)[0]
    (mean,) = [trace for trace in factors[0]["data"] if trace["name"] == "NLL_oracle"]
    assert mean["x"] == [1, 2, 4, 8, 16]
    assert mean["y"] == pytest.approx([2.29, 2.28, 2.26, 2.22, 2.14])
    assert "preset's: Roll-outs N 1 (+0.030 ± 0.000)" in text(test)
    assert titles(figures(test)["strategies-cell"])[0].startswith("Roll-outs 8 ✓ learned")
    assert test.selectbox(key="strategies-value").value == "n_rollouts=8"
    test.selectbox(key="strategies-value").set_value("d_learning_rate=0.02")
    fine(test.run())
    assert address(test)["cell"] == "d_learning_rate=0.02"
    assert titles(figures(test)["strategies-cell"])[0].startswith("D learning rate 0.02")


# -- recorded studies ------------------------------------------------------------------------------


def test_the_recorded_study_is_shown_first_and_its_cells_offer_training(
    app: App, store: Store, elsewhere: Store, recorded: Path
) -> None:
    balance(elsewhere)
    record(recorded, elsewhere, "strategies")
    mine = balance(store, seeds=(12,))
    test = fine(app(navigation.STRATEGIES, panel="grid", cell="100-1-10"))
    assert cells(test)[0]["100-1-10"]["label"].endswith("n = 3 seeds")
    assert doors(test) == [("Seed 12 in the lab · ✓ finished", mine["100-1-10 12"])]
    assert button(test, "Train seed 11")
    assert button(test, "Train seed 13")
    test.segmented_control(key="strategies-study").set_value("library")
    fine(test.run())
    assert cells(test)[0]["100-1-10"]["label"].endswith("n = 1 seed")
    assert address(test)["study"] == "library"


FIGURE_3 = """
name = "figure3"
preset = "table1"
[grid]
seed = [11, 12, 13]
[set]
rounds = 4
""" + "".join(
    f"[[points]]\ng_steps = {g}\nd_steps = {d}\nd_epochs = {k}\n" for g, d, k in PAPER_FOUR
)


def test_figure_3_at_the_paper_s_size_is_offered_where_it_is_recorded(
    app: App, elsewhere: Store, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    balance(elsewhere)
    record(recorded, elsewhere, "strategies")
    test = fine(app(navigation.STRATEGIES, size="figure3"))
    assert "at the size of the glance preset" in text(test)
    (tmp_path / "figure3.toml").write_text(FIGURE_3)
    (tmp_path / "strategies.toml").write_text((PLANS / "strategies.toml").read_text())
    monkeypatch.setattr(study_source, "PLANS", tmp_path)
    full = read_plan(tmp_path / "figure3.toml")
    for planned in full.runs:
        made_up_run(elsewhere, full, planned, FATES[triple(planned.config)])
    record(recorded, elsewhere, "figure3", full)
    test = fine(app(navigation.STRATEGIES))
    assert "at the size of the glance preset" in text(test)
    test.segmented_control(key="strategies-size").set_value("figure3")
    fine(test.run())
    assert "at the size of the table1 preset" in text(test)
    assert address(test) == {"size": "figure3"}
    assert len(figures(test)["strategies-paper"]) == 4
    (commands,) = [code.value for code in fine(app(navigation.STRATEGIES, panel="about")).code]
    last = commands.splitlines()[-1]
    assert last == f"python -m seqgan_core reproduce figure3 --out {recorded / 'figure3.json'}"


def test_what_was_recorded_of_another_plan_is_still_shown(
    app: App, elsewhere: Store, recorded: Path
) -> None:
    plan = plan_of("strategies")
    config = plan.runs[0].config.model_copy(update={"g_steps": 7, "rounds": 3})
    other_plan = Plan("strategies", "glance", (Planned("another", config),))
    made_up_run(elsewhere, other_plan, other_plan.runs[0], (-0.1, 0.0, 0.6))
    record(recorded, elsewhere, "strategies", other_plan)
    test = fine(app(navigation.STRATEGIES, panel="grid", cell="7-1-10"))
    assert cells(test)[0]["7-1-10"]["number"] == "−0.11"  # seed 11
    assert "the plan no longer contains it" in text(test)
    test = fine(app(navigation.STRATEGIES))
    assert "Nothing to compare yet" in text(test)  # of these four


DAMAGED: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "is damaged"),
    "another version": (b'{"format": "seqgan-study-9"}', "is of version 'seqgan-study-9'"),
    "another preset": (
        b'{"format": "seqgan-study-1", "preset": "lesson", "runs": []}', "not glance",
    ),
    "no runs": (b'{"format": "seqgan-study-1", "preset": "glance"}', "runs: Field required"),
    "odd runs": (
        b'{"format": "seqgan-study-1", "preset": "glance", "runs": [{"status": 3}]}',
        "is damaged (runs.0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_wrong_with_a_recorded_study_is_one_sentence(recorded: Path, name: str) -> None:
    content, words = DAMAGED[name]
    (recorded / "strategies.json").write_bytes(content)
    plan = plan_of("strategies")
    with pytest.raises(ReportError) as error:
        study_source.recorded_settings("strategies", plan, preset("glance"))
    problem = str(error.value)
    assert "strategies.json" in problem
    assert words in problem
    assert "\n" not in problem


def test_a_damaged_file_is_reported_and_this_library_s_runs_are_shown(
    app: App, store: Store, recorded: Path
) -> None:
    (recorded / "strategies.json").write_bytes(DAMAGED["odd runs"][0])
    balance(store)
    test = fine(app(navigation.STRATEGIES, study="recorded"))
    (notice,) = test.info
    assert "recorded study is not available" in notice.value
    assert titles(figures(test)["strategies-paper"])[0].startswith("(100, 1, 10) ✕ collapsed")


def test_how_to_make_the_studies_again_is_told_beside_how_they_are_measured(app: App) -> None:
    test = fine(app(navigation.STRATEGIES, panel="about"))
    (commands,) = [code.value for code in test.code]
    assert commands.startswith("python -m seqgan_core sweep assets/plans/strategies.toml --out ")
    assert "one_at_a_time.toml" in commands
    assert "figure3" not in commands  # it is not recorded here
    assert not figures(test)


def test_what_a_file_says_is_shown_literally(app: App, store: Store, recorded: Path) -> None:
    planted = "![x](http://planted.example/p.png)"
    document = {"format": "seqgan-study-1", "preset": planted, "runs": []}
    (recorded / "strategies.json").write_text(json.dumps(document))
    (notice,) = fine(app(navigation.STRATEGIES)).info
    assert "planted.example" in notice.value
    assert planted not in notice.value
    assert r"!\[x\](" in notice.value


def test_a_plan_that_cannot_be_read_is_one_sentence(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "strategies.toml").write_text("name = ")
    monkeypatch.setattr(study_source, "PLANS", tmp_path)
    test = app(navigation.STRATEGIES)
    assert not test.exception
    (error,) = test.error
    assert "strategies.toml is not TOML" in error.value


# -- the address -----------------------------------------------------------------------------------


def test_a_link_holds_the_whole_view(
    app: App, store: Store, elsewhere: Store, recorded: Path
) -> None:
    balance(elsewhere)
    record(recorded, elsewhere, "strategies")
    balance(store)
    view = {"panel": "grid", "study": "library", "x": "updates", "cell": "30-1-30"}
    test = fine(app(navigation.STRATEGIES, **view))
    assert address(test) == view
    assert figures(test)["strategies-cell"][0]["layout"]["xaxis"]["type"] == "log"
    assert titles(figures(test)["strategies-cell"])[0].startswith("(30, 1, 30)")
    test.segmented_control(key="strategies-axis").set_value("rounds")
    fine(test.run())
    assert address(test) == view | {"x": "rounds"}
    test.session_state["strategies-panel"] = "The paper's settings"
    fine(test.run())
    assert "panel" not in address(test)


def test_bad_values_in_a_link_fall_back(app: App, store: Store) -> None:
    balance(store)
    test = fine(app(navigation.STRATEGIES, panel="grid", study="x", x="years", cell="9-9-9"))
    view = address(test)
    assert (view["panel"], view["cell"], view.get("x")) == ("grid", "4-1-1", None)
    test = fine(app(navigation.STRATEGIES, panel="?"))
    assert address(test) == {}
