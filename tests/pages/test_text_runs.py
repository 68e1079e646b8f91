"""Runs on text show words on every screen, and break none where their text is missing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from seqgan_core.insight.token_reader import reader_of
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.store import Store
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.setup.presets import PRESETS
from tests.support.screen import address_values, all_text, button, html, settled
from tests.support.tiny import text_runs

App = Callable[..., AppTest]
SCREENS = [
    navigation.LAB,
    navigation.ROLLOUTS,
    navigation.DISCRIMINATOR,
    navigation.EXPOSURE,
]
WORDS = ["oracle", "poems", "speech", "music"]  # of the tasks, in the list of runs


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of each kind, trained once."""
    folder = tmp_path_factory.mktemp("text")
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        text_runs.install_tiny_texts(patch)
        for name, task, changes in (
            ("poems", "poems", {}),
            ("speech", "speech", {"sequence_length": 8}),
            ("mle", "poems", {"strategy": "mle", "seed": 2}),
        ):
            store, run_id = text_runs.trained_text(folder / "home", task, name, **changes)
            made[name] = folder / f"{name}.zip"
            export_bundle(store, run_id, made[name])
    return made


@pytest.fixture(autouse=True)
def _texts_here(monkeypatch: pytest.MonkeyPatch) -> None:
    text_runs.install_tiny_texts(monkeypatch)


@pytest.fixture
def runs(store: Store, bundles: dict[str, Path]) -> dict[str, str]:
    return {name: import_bundle(store, path) for name, path in bundles.items()}


def opened(app: App, page: str, **address: str | list[str]) -> AppTest:
    """A page, once nothing on it is being worked out any more."""
    return settled(app(page, **address))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", ["poems", "speech"])
def test_every_screen_opens_a_run_on_text(
    app: App, runs: dict[str, str], screen: str, name: str
) -> None:
    test = opened(app, screen, run=runs[name])
    assert not test.exception
    assert not test.error


@pytest.mark.parametrize("name", ["poems", "speech"])
@pytest.mark.parametrize("view", ["filters", "training"])
def test_every_part_of_the_discriminators_screen_opens(
    app: App, runs: dict[str, str], name: str, view: str
) -> None:
    test = opened(app, navigation.DISCRIMINATOR, run=runs[name], view=view, n="200")
    assert not test.exception
    assert not test.error


def test_fresh_sequences_and_a_constant_reward_of_text(app: App, runs: dict[str, str]) -> None:
    test = opened(app, navigation.ROLLOUTS, run=runs["mle"], sequences="fresh", n="2", update="yes")
    assert not test.exception
    assert not test.error


def test_the_lab_shows_verse_in_lines_and_what_was_measured(
    app: App, store: Store, runs: dict[str, str]
) -> None:
    record = store.run(runs["poems"])
    page = html(app(navigation.LAB, run=record.id, part="samples"))
    row = store.frame(record.id, "Evaluated")["followed"].iloc[-1][0]
    first = reader_of(record.config).names(row)[0]
    assert 'class="followed characters"' in page
    assert page.count('<span class="line">') == 8 * 2  # two lines a poem
    assert f">{first}</span>" in page
    assert f"{record.metrics['bleu_2']:.3f}" in page
    assert f"self-BLEU {record.metrics['self_bleu']:.3f}" in page
    assert "NLL_oracle" not in page


def test_the_lab_greys_what_stands_after_an_end(
    app: App, store: Store, runs: dict[str, str]
) -> None:
    record = store.run(runs["speech"])
    rows = store.frame(record.id, "Evaluated")["followed"].iloc[-1]
    read = reader_of(record.config)
    page = html(app(navigation.LAB, run=record.id, part="samples"))
    assert page.count("tok pad") == sum(sum(read.padding(row)) for row in rows)
    assert 'class="followed words"' in page


def test_only_runs_on_the_same_text_are_compared(app: App, runs: dict[str, str]) -> None:
    test = app(navigation.LAB, run=runs["poems"])
    assert [option.split()[-1] for option in test.multiselect[0].options] == [runs["mle"]]
    test.multiselect[0].set_value([runs["mle"]]).run()
    assert not test.exception
    assert address_values(test, "with") == [runs["mle"]]
    linked = app(navigation.LAB, run=runs["speech"], **{"with": [runs["poems"]]})
    assert "poems cannot be compared with this run" in linked.warning[0].value
    assert not linked.multiselect[0].value


def test_the_library_tells_tasks_apart(app: App, runs: dict[str, str], store: Store) -> None:
    test = app(navigation.RUNS)
    frame = test.dataframe[0].value
    assert set(frame["task"]) == {"tiny-verse", "tiny-speech"}
    assert "oracle" not in frame  # no run here has one
    by_id = frame.set_index("id")
    record = store.run(runs["speech"])
    assert by_id.loc[record.id, "best"] == pytest.approx(record.best["nll_test"])
    assert by_id.loc[record.id, "bleu"].startswith("BLEU-4 ")
    test.segmented_control(key="library.task").set_value("speech").run()
    assert list(test.dataframe[0].value["id"]) == [record.id]
    assert address_values(test, "task") == ["speech"]
    again = app(navigation.RUNS, task="speech")
    assert list(again.dataframe[0].value["id"]) == [record.id]


def test_runs_of_every_task_stand_in_one_list(app: App, store: Store) -> None:
    for task in TASKS:
        config = next(config for config in PRESETS.values() if config.task == task)
        store.create_run(config, status="finished")
    test = app(navigation.RUNS)
    assert not test.exception
    assert len(test.dataframe[0].value) == len(TASKS)
    options = test.segmented_control(key="library.task").options
    assert options == [f"all · {len(TASKS)}", *(f"{word} · 1" for word in WORDS)]
    tunes = app(navigation.RUNS, task="music")
    assert list(tunes.dataframe[0].value["task"]) == ["ryan-oneill"]


def test_the_explorer_opens_words_and_their_completions(
    app: App, store: Store, runs: dict[str, str]
) -> None:
    read = reader_of(store.run(runs["poems"]).config)
    test = opened(app, navigation.ROLLOUTS, run=runs["poems"], row="1", token="2", n="4")
    page = html(test)
    assert any(
        f"Token {word}, position 2" in all_text(test) for word in read.vocabulary.words or ()
    )
    assert '<span class="words"><span class="kept">' in page
    assert "\N{FIGURE SPACE}" not in page  # only numbers are set under each other


def test_a_token_is_changed_by_its_word(app: App, store: Store, runs: dict[str, str]) -> None:
    config = store.run(runs["speech"]).config
    words = reader_of(config).vocabulary.words or ()
    test = opened(app, navigation.DISCRIMINATOR, run=runs["speech"], at="1")
    choice = test.selectbox(key=f"discriminator-token-{runs['speech']}")
    assert list(choice.options) == list(words)
    replacement = next(word for word in words[1:] if word != choice.options[choice.value])
    choice.set_value(list(words).index(replacement)).run()
    settled(test)
    assert "Effect of the change" in all_text(test)
    changed, was = (address_values(test, name)[0].split(",") for name in ("tokens", "was"))
    assert changed[0] == str(list(words).index(replacement)) != was[0]
    assert not test.error


def test_sequences_are_chosen_by_what_they_say(
    app: App, store: Store, runs: dict[str, str]
) -> None:
    test = opened(app, navigation.DISCRIMINATOR, run=runs["speech"])
    choice = test.selectbox(key=f"discriminator-sequence-{runs['speech']}")
    real = [option for option in choice.options if option.startswith("▲ real")]
    sentence = " ".join(text_runs.TEXTS["tiny-speech"].test[0])
    assert any(sentence.replace(" .", ".") in option for option in real)


def test_exposure_bias_of_text_says_what_is_missing_and_where_it_is(
    app: App, runs: dict[str, str], made_up: Callable[..., str], store: Store
) -> None:
    from tests.support.tiny.trained_run import trained

    trained(Path(store.home), "has an oracle")
    test = opened(app, navigation.EXPOSURE, run=runs["speech"])
    assert "No oracle, so exposure bias cannot be measured" in all_text(test)
    assert "the later the position" in all_text(test)
    labels = [link.proto.label for link in test.get("page_link")]
    assert "has an oracle" in labels
    assert not test.error


def test_without_its_text_a_run_says_what_is_missing(
    app: App, runs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text_runs.remove_tiny_texts(monkeypatch)
    test = app(navigation.LAB, run=runs["speech"], part="samples")
    assert "Tokens are shown as numbers: The corpus tiny-speech is not on this machine" in all_text(
        test
    )
    assert not test.exception
    assert not test.error
    for page in SCREENS[1:]:
        test = opened(app, page, run=runs["speech"])
        assert "the corpus tiny-speech is not on this machine" in all_text(test).lower()
        assert not test.exception


def test_the_command_of_a_run_tells_only_what_was_chosen(
    app: App, store: Store, runs: dict[str, str]
) -> None:
    from pages.ui.lab.export import command

    shell_command = command(store.run(runs["poems"]))
    assert "--task poems" in shell_command
    assert "corpus=tiny-verse" in shell_command
    assert "vocab_size" not in shell_command
    assert "n_train" not in shell_command
    test = app(navigation.LAB, run=runs["poems"])
    assert button(test, "Export")


def comparison_of_all() -> None:
    from pages.ui.common import session
    from pages.ui.runs.compare_runs import compared

    compared(session.lab().store.runs())


def test_unlike_runs_have_charts_of_their_own(
    app: App, runs: dict[str, str], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.ui.runs import compare_runs

    drawn: list[list[str]] = []
    monkeypatch.setattr(
        compare_runs,
        "charts_and_tables",
        lambda rows, key, **options: drawn.append(
            [figure["layout"]["title"]["text"].split(":")[0].split(" of ")[0] for figure in rows[0]]
        ),
    )
    test = AppTest.from_function(comparison_of_all, default_timeout=60).run()
    assert not test.exception
    assert "2 different tasks or corpora" in all_text(test)
    assert sorted(drawn) == [
        ["NLL_test", "BLEU-2", "self-BLEU"], ["NLL_test", "BLEU-4", "self-BLEU"],
    ]  # fmt: skip
    assert "Poems: Tiny verse" not in all_text(test)  # its title is known to the registry alone
    assert "Poems: tiny-verse, vocabulary of 9 tokens" in all_text(test)


def a_comparison() -> None:
    from pages.ui.common import session
    from pages.ui.methods import sections
    from pages.ui.methods.comparison_source import Source
    from seqgan_core.insight.jobs import finish
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.comparison import compare_runs
    from seqgan_core.judge.sweeps.plan import Planned

    store = session.lab().store
    records = [record for record in store.runs() if record.config.task == "poems"]
    runs = {Planned(record.name, record.config): record for record in records}
    report = finish(compare_runs(Models(store), runs, 100))
    assert report.is_text
    sections.draw(Source(report))


def test_a_comparison_on_text_is_shown_with_its_ceilings(app: App, runs: dict[str, str]) -> None:
    test = AppTest.from_function(a_comparison, default_timeout=60).run()
    assert not test.exception
    for part in ("tests", "temperature", "metrics", "curves", "numbers"):
        opened = AppTest.from_function(a_comparison, default_timeout=60)
        opened.query_params["part"] = part
        assert not opened.run().exception
    numbers = html(opened)
    assert "Real data, held-out" in numbers
    assert "BLEU-2" in numbers
    assert "seqgan_core compare" in numbers


def test_own_comparisons_on_missing_text_are_reported(app: App, store: Store) -> None:
    test = app(navigation.METHODS, source="own", preset="poems")
    assert "tang-quatrains" in test.info[0].value
    assert not test.exception
    assert not test.error
    assert {"Poems", "Speeches", "Music"} <= {link.proto.label for link in test.get("page_link")}


def test_a_recorded_comparison_on_text_is_no_damaged_file(
    app: App, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.ui.methods import comparison_source
    from tests.support.made_up.text_report import text_report

    (tmp_path / "poems.json").write_text(text_report().to_json())
    monkeypatch.setattr(comparison_source, "FOLDER", tmp_path)
    test = app(navigation.METHODS)
    assert not test.warning
    assert not test.exception
