import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui.common import navigation, session
from pages.ui.common.frame import tour
from pages.ui.lab import branch
from seqgan_core.messages import remark
from seqgan_core.runs import bundle_reader
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.store import Store
from seqgan_core.training.setup.presets import PRESETS
from tests.pages.conftest import ROOT, TINY
from tests.support.screen import (
    address_values,
    all_text,
    button,
    figures,
    fine,
    html,
    titles,
    until,
)
from tests.support.tiny.trained_run import trained

App = Callable[..., AppTest]
MadeUp = Callable[..., str]

JUDGING = [navigation.METHODS, navigation.STRATEGIES]
LOOKING = [navigation.ALGORITHM, navigation.ROLLOUTS, navigation.DISCRIMINATOR, navigation.EXPOSURE]
PAGES = [navigation.OVERVIEW, navigation.LAB, *LOOKING, *JUDGING, navigation.RUNS]
LAB, RUNS = navigation.LAB, navigation.RUNS


def open_settings(test: AppTest) -> AppTest:
    """Opens the lab's settings."""
    test.session_state["all-settings"] = True
    return test.run()


@pytest.mark.parametrize("screen", PAGES)
def test_an_empty_library_teaches_and_fails_nowhere(app: App, screen: str) -> None:
    test = app(screen)
    assert not test.exception
    assert not test.error
    assert test.title


@pytest.mark.usefixtures("recorded_runs")
def test_a_second_start_does_not_read_the_recorded_runs_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    from_dict = bundle_reader.from_dict
    monkeypatch.setattr(
        bundle_reader,
        "from_dict",
        lambda values: (read.append(values["event"]), from_dict(values))[1],
    )
    session.lab().manager.close()
    shipped = store.runs()
    count = len(read)
    assert count == sum(store.last_seq(record.id) + 1 for record in shipped) > 0
    session.lab.clear()
    session.lab()
    assert len(read) == count
    assert store.runs() == shipped


@pytest.mark.parametrize("screen", PAGES)
def test_every_page_shows_stored_runs(app: App, made_up: MadeUp, screen: str) -> None:
    made_up("first", status="recorded")
    made_up("second", oracle=0.1)
    test = app(screen)
    assert not test.exception
    assert not test.error


def test_overview_replays_the_recorded_run(app: App, made_up: MadeUp) -> None:
    made_up("recorded glance", status="recorded")
    test = app(part="run")
    assert button(test, "Pause")
    button(test, "Pause").click()
    test.run()
    slider = test.slider(key="replay.at")
    slider.set_value(slider.max).run()
    assert button(test, "Replay")
    assert re.search(r"\d+% of the tokens", all_text(test))


def test_the_runs_that_ship_are_here_from_the_start(
    app: App, store: Store, recorded_runs: None
) -> None:
    test = app(part="run")
    assert button(test, "Pause")  # of the recording that is replayed
    assert {record.status for record in store.runs()} == {"recorded"}
    for page in (*LOOKING, LAB, RUNS):
        test.switch_page(page).run()
        assert not test.exception
        assert not test.error


@pytest.mark.parametrize(
    "screen", [LAB, navigation.ROLLOUTS, navigation.DISCRIMINATOR, navigation.EXPOSURE]
)
def test_a_run_that_is_missing_is_named_and_another_is_shown(
    app: App, store: Store, small_runs: dict[str, Path], screen: str
) -> None:
    run_id = import_bundle(store, small_runs["seqgan"])
    name = store.run(run_id).name
    test = fine(app(screen, run="seqgan-nowher"))
    assert test.warning[0].value == (
        f"There is no run seqgan-nowher in this library; {name} is shown instead."
    )
    assert address_values(test, "run") == [run_id]
    assert len(fine(test.run()).warning) == 1  # the address is mended, the notice stays


def test_a_run_that_is_missing_in_an_empty_library_is_no_error(app: App) -> None:
    assert "No runs yet" in all_text(fine(app(LAB, run="seqgan-nowher")))


def test_lab_opens_the_run_and_step_of_the_address(app: App, made_up: MadeUp) -> None:
    run_id = made_up("looked at")
    made_up("newer")
    test = app(LAB, run=run_id, step="3")
    assert address_values(test, "run") == [run_id]
    look = test.select_slider[0]
    assert look.value == 2  # the last evaluation at or before step 3
    assert button(test, "Close history")
    button(test, "Close history").click()
    test.run()
    assert not test.select_slider
    assert "step" not in test.query_params


def test_lab_compares_with_a_stored_run(app: App, made_up: MadeUp) -> None:
    first, second = made_up("first"), made_up("second")
    test = app(LAB, run=second)
    test.multiselect[0].set_value([first]).run()
    assert not test.exception
    assert address_values(test, "with") == [first]


def test_settings_out_of_range_in_the_address_are_refused_in_words(app: App) -> None:
    test = app(LAB, preset="glance", set=["n_rollouts=0"])
    assert "n_rollouts is 0" in test.warning[0].value
    assert not test.exception


def test_settings_that_do_not_fit_disable_start(app: App) -> None:
    test = app(LAB, preset="glance", set=["d_widths=[1]", "d_filters=[4]"])
    open_settings(test)
    test.pills(key="group").set_value("discriminator").run()
    test.text_input(key="glance.d_filters.0").set_value("4, 4").run()
    assert "one number of filters for each width" in test.error[0].value
    assert button(test, "Start training").disabled


def test_what_differs_from_the_preset_is_listed_and_taken_back(app: App) -> None:
    test = app(LAB, preset="glance")
    test.number_input(key="glance.seed.0").set_value(7).run()
    assert "Seed" in all_text(test)
    assert address_values(test, "set") == ["seed=7"]
    assert any("--seed 7" in code.value for code in test.code)
    button(test, "Reset to the preset").click()
    test.run()
    assert "set" not in test.query_params
    assert test.number_input(key="glance.seed.1").value == 1


def test_every_group_of_settings_opens(app: App) -> None:
    test = open_settings(app(LAB, preset="lesson"))
    for group in ("run", "data", "generator", "mle", "discriminator", "adversarial", "measure"):
        test.pills(key="group").set_value(group).run()
        assert not test.exception
        assert not test.error


def test_start_trains_a_real_run_to_its_end(app: App, store: Store) -> None:
    test = app(LAB, preset="glance", set=TINY)
    button(test, "Start training").click()
    test.run()
    (record,) = [record for record in store.runs() if record.status != "recorded"]
    assert address_values(test, "run") == [record.id]
    until(test, lambda: store.run(record.id).status == "finished")
    assert not test.exception
    assert not test.error
    assert "nll_oracle" in store.run(record.id).metrics
    assert button(test, "Start training")


def test_pause_one_round_resume_stop_and_a_second_start_queues(app: App, store: Store) -> None:
    longer = [word for word in TINY if not word.startswith("rounds")] + ["rounds=3000"]
    test = app(LAB, preset="glance", set=longer)
    button(test, "Start training").click()
    test.run()
    run_id = address_values(test, "run")[0]
    until(test, lambda: store.run(run_id).epoch > 3)
    button(test, "Add to the queue").click()
    test.run()
    second = address_values(test, "run")[0]
    assert second != run_id
    assert store.run(second).status == "queued"
    assert "place 1 in the queue" in all_text(test)
    button(test, "Stop").click()
    test.run()
    assert store.run(second).status == "stopped"

    test.query_params["run"] = run_id
    test.run()
    button(test, "Pause").click()
    test.run()
    until(test, lambda: store.run(run_id).status == "paused")
    paused_at = store.run(run_id).epoch
    button(test, "One round").click()
    test.run()
    until(
        test, lambda: store.run(run_id).status == "paused" and store.run(run_id).epoch > paused_at
    )
    assert store.run(run_id).epoch == pytest.approx(paused_at + 1, abs=0.6)
    button(test, "Resume").click()
    test.run()
    until(test, lambda: store.run(run_id).epoch > paused_at + 3)
    button(test, "Stop").click()
    test.run()
    until(test, lambda: store.run(run_id).status == "stopped")
    assert not test.exception


def test_runs_deletes_with_undo(app: App, made_up: MadeUp, store: Store) -> None:
    run_id = made_up("to be deleted")
    store.delete(run_id)
    test = app(RUNS)
    button(test, "Restore").click()
    test.run()
    assert not store.run(run_id).deleted


def test_runs_refuses_a_bad_bundle_in_words(app: App, tmp_path: Path) -> None:
    test = app(RUNS)
    test.file_uploader(key="bundle").upload("bad.zip", b"not a zip", "application/zip").run()
    assert test.error
    assert not test.exception


def test_a_home_that_cannot_be_used_is_one_sentence(
    app: App, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import streamlit as st

    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    st.cache_resource.clear()
    monkeypatch.setenv("SEQGAN_HOME", str(blocked / "home"))
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    assert str(blocked) in test.error[0].value
    assert "Traceback" not in all_text(test)


@pytest.mark.parametrize("screen", PAGES)
def test_a_page_run_without_the_app_hands_over_to_it(screen: str) -> None:
    """On a fresh server Streamlit runs a deep-linked screen alone."""
    assert (ROOT / screen).read_text().rstrip().endswith("navigation.show(draw)")


@pytest.mark.parametrize(("old", "screen"), navigation.MOVED.items())
def test_an_old_address_leads_to_its_page_and_keeps_its_query(
    store: Store, old: str, screen: str
) -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    test._page_hash = calc_hash(Path(old).stem)  # as a browser asks for its address
    test.query_params["preset"] = "lesson"
    test.query_params["set"] = ["seed=7", "n_rollouts=7"]
    test.run()
    assert screen == navigation.LAB
    assert [title.value for title in test.title] == ["Training lab"]
    assert address_values(test, "preset") == ["lesson"]
    assert address_values(test, "set") == ["seed=7", "n_rollouts=7"]
    assert not test.warning
    assert not test.exception


def test_pages_stay_thin() -> None:
    for folder, most in (("pages", 150), ("pages/ui", 300)):
        for path in (ROOT / folder).glob("*.py" if folder == "pages" else "**/*.py"):
            assert len(path.read_text().splitlines()) <= most, path


def test_an_oracle_file_that_is_missing_is_refused_and_no_run_is_made(
    app: App, store: Store
) -> None:
    address = [*TINY, "oracle_path=nowhere.npz"]
    test = app(LAB, preset="glance", set=address)
    before = len(store.runs())
    button(test, "Start training").click()
    test.run()
    assert "nowhere.npz does not exist" in " ".join(error.value for error in test.error)
    assert len(store.runs()) == before


# -- the lab: its form, its parts, a branch --------------------------------------------------------


def test_closed_settings_are_not_drawn_and_keep_their_values(app: App) -> None:
    test = app(LAB, preset="glance", set=["n_rollouts=7"])
    assert not test.pills or {pills.key for pills in test.pills} == {"preset"}
    assert address_values(test, "set") == ["n_rollouts=7"]
    assert open_settings(test).number_input(key="glance.n_rollouts.0").value == 7


def test_labels_of_settings_are_plain_and_the_papers_values_stand_beside_them(app: App) -> None:
    test = open_settings(app(LAB, preset="glance"))
    inputs = [*test.selectbox, *test.number_input, *test.text_input, *test.toggle]
    assert "Roll-outs (N)" in {node.label for node in inputs}
    assert not [node.label for node in inputs if set(node.label) & set("*:[]✓")]
    assert 'st-key-glance-task-0 [data-testid=stWidgetLabel] p::after { content: "✓ paper"' in (
        html(test)
    )
    assert 'content: "paper: 16"' in html(test)


def test_only_the_open_part_of_a_run_is_drawn(app: App, made_up: MadeUp) -> None:
    made_up()
    for part, charts in {"": ["lab"], "d": ["lab-d"], "g": ["lab-g"], "samples": []}.items():
        test = fine(app(LAB, part=part))
        assert list(figures(test)) == charts
    assert "Eight samples" in " ".join(head.value for head in test.subheader)


def test_a_run_with_a_value_network_shows_what_it_knows(app: App, store: Store) -> None:
    trained(store.home, strategy="actor_critic", v_size=4)
    drawn = figures(fine(app(LAB, part="d")))["lab-d"]
    assert len(drawn) == 4
    assert sum("The loss of v went" in title for title in titles(drawn)) == 1


def test_one_round_says_that_it_finishes_the_pre_training_first(
    app: App, store: Store, made_up: MadeUp
) -> None:
    made_up("in its rounds", status="paused")
    assert "finishes pre-training first" not in all_text(app(LAB))
    early = store.create_run(PRESETS["glance"], preset="glance", name="early", status="paused")
    assert "finishes pre-training first" in all_text(app(LAB, run=early))


@pytest.mark.parametrize(
    ("step", "epochs", "usual"),
    [
        (None, {10: 4.0, 20: 8.0, 30: 12.0}, 20),  # the end of pre-training
        (None, {20: 8.0}, 20),
        (None, {30: 12.0, 40: 16.0}, 30),
        ("30", {20: 8.0, 30: 12.0, 40: 16.0}, 30),  # the one shown
    ],
)
def test_a_branch_starts_at_the_end_of_pre_training_by_default(
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    step: str | None,
    epochs: dict[int, float],
    usual: int,
) -> None:
    shown = None if step is None else int(step)
    monkeypatch.setattr(branch.url_state, "step_shown", lambda: shown)
    config = PRESETS["glance"].model_copy(update={"pretrain_epochs": 8})
    record = store.run(store.create_run(config, preset="glance", name="parent", status="finished"))
    assert branch._usual_step(record, epochs) == usual


def test_a_deletion_is_announced_by_name(app: App, made_up: MadeUp) -> None:
    run_id = made_up("my first run")
    test = app(RUNS)
    test.session_state["library.deleted"] = {run_id: "my first run"}
    assert f"1 run deleted: my first run ({run_id})." in all_text(test.run())


def test_the_metrics_come_first_in_the_list_of_runs(app: App, made_up: MadeUp) -> None:
    made_up()
    assert list(app(RUNS).dataframe[0].value)[:3] == ["name", "oracle", "test"]


# -- the tour --------------------------------------------------------------------------------------


def link_of_the_tour(test: AppTest) -> tuple[str, dict[str, list[str]]]:
    """The page and the query that the tour's link leads to."""
    links = [node.proto for node in test.get("page_link")]
    (link,) = [link for link in links if link.label.startswith(("Start", "Next:", "End of"))]
    return link.page, parse_qs(link.query_string)


@pytest.mark.parametrize("stop", range(len(tour.STOPS) + 1))
def test_the_tour_leads_from_the_overview_through_its_stops_and_back(
    app: App, made_up: MadeUp, stop: int
) -> None:
    lesson = made_up("a lesson", status="recorded")
    test = fine(app(tour.STOPS[stop - 1] if stop else navigation.OVERVIEW, tour=str(stop)))
    if stop:
        assert f"Tour, {stop} of {len(tour.STOPS)} {remark(f'tour.{stop}')}" in all_text(test)
    path, query = link_of_the_tour(test)
    if stop == len(tour.STOPS):
        assert (path, query) == ("", {})
        return
    following = tour.STOPS[stop]
    assert path == Path(following).stem
    assert query == {"tour": [str(stop + 1)]} | ({"run": [lesson]} if following == LAB else {})


def test_the_tour_can_be_left(app: App) -> None:
    test = app(LAB, tour="2", part="d")
    test.button(key="tour-leave").click().run()
    assert "tour" not in test.query_params
    assert address_values(test, "part") == ["d"]


@pytest.mark.parametrize("tour_stop", ["0", "x", "-3"])
def test_a_wrong_stop_of_the_tour_is_no_tour(app: App, tour_stop: str) -> None:
    assert "Tour," not in all_text(app(LAB, tour=tour_stop))
