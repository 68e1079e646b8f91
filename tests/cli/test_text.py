"""Commands on runs that learned from text: words, the right numbers, and what to do without it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan_core.cli.common.progress import metrics_line
from seqgan_core.figures.methods.tables import means
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.token_reader import reader_of
from seqgan_core.judge.comparison import compare_runs
from seqgan_core.judge.sweeps.plan import Planned
from seqgan_core.runs.store import Store
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training.config import ConfigError
from seqgan_core.training.trainer import Trainer
from tests.support.commands import Command, refused
from tests.support.tiny import text_runs


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a run on verse, one on sentences, and one of MLE; change nothing in it."""
    folder = tmp_path_factory.mktemp("text") / "home"
    with pytest.MonkeyPatch.context() as patch:
        text_runs.install_tiny_texts(patch)
        text_runs.trained_text(folder, "poems", "verse")
        text_runs.trained_text(folder, "speech", "sentences", sequence_length=8)
        text_runs.trained_text(folder, "poems", "by MLE", strategy="mle")
    return folder


@pytest.fixture
def cli_with_run(cli: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    text_runs.install_tiny_texts(monkeypatch)
    return lambda *arguments: cli(*arguments, "--home", str(home))


@pytest.fixture
def run_of(home: Path) -> Callable[[str], Any]:
    def record_of(name: str) -> Any:
        return next(record for record in Store(home).runs() if record.name == name)

    return record_of


def test_runs_tell_their_text_and_its_numbers(cli_with_run: Command) -> None:
    output = cli_with_run("runs").out
    assert "tiny-verse" in output
    assert "tiny-speech" in output
    assert "BLEU-2" in output
    listed = {line["name"]: line for line in cli_with_run("runs", "--json").json}
    assert (listed["verse"]["task"], listed["verse"]["corpus"]) == ("poems", "tiny-verse")
    assert listed["verse"]["best"]["nll_test"] <= listed["verse"]["metrics"]["nll_test"]


def test_show_lists_only_what_was_chosen(
    cli_with_run: Command, run_of: Callable[[str], Any]
) -> None:
    output = cli_with_run("show", run_of("verse").id).out
    settings = output[output.index("Settings that differ") :]
    assert "corpus" in settings
    assert "tiny-verse" in settings
    assert "vocab_size" not in settings
    assert "n_train" not in settings


def test_metrics_of_text_have_no_oracle(
    cli_with_run: Command, run_of: Callable[[str], Any]
) -> None:
    rows = cli_with_run("metrics", run_of("sentences").id, "--json").json
    assert {"nll_test", "bleu_3", "bleu_4", "self_bleu", "distinct_2"} <= set(rows[-1])
    assert "nll_oracle" not in rows[-1]


def test_q_values_name_words(cli_with_run: Command, run_of: Callable[[str], Any]) -> None:
    record = run_of("sentences")
    document = cli_with_run("q-values", record.id, "-n", "2", "--json").json
    read = reader_of(record.config)
    assert document["words"] == [read.names(row) for row in document["tokens"]]
    lines = cli_with_run("q-values", record.id, "-n", "2").out.splitlines()
    assert len(lines) == 8
    words = [cell.rpartition(":")[0] for cell in lines[0].split("  ")]
    assert words == document["words"][0]


def test_q_values_of_numbers_stay_numbers(cli: Command, tmp_path: Path) -> None:
    from tests.support.tiny.trained_run import trained

    _store, run_id = trained(tmp_path / "home")
    document = cli("q-values", run_id, "-n", "2", "--json").json
    assert "words" not in document
    first = cli("q-values", run_id, "-n", "2").out.split("  ")[0]
    assert first.startswith(f"{document['tokens'][0][0]}:")


def test_q_values_of_given_tokens(
    cli_with_run: Command, run_of: Callable[[str], Any], tmp_path: Path
) -> None:
    record = run_of("verse")
    np.save(tmp_path / "t.npy", np.array([[1, 2, 3, 4, 5, 6]]))
    document = cli_with_run(
        "q-values", record.id, "-n", "2", "--json", "--tokens", tmp_path / "t.npy"
    ).json
    assert document["words"] == [reader_of(record.config).names([1, 2, 3, 4, 5, 6])]
    np.save(tmp_path / "t.npy", np.array([[1, 2, 3, 4, 5, 600]]))
    result = cli_with_run("q-values", record.id, "--tokens", tmp_path / "t.npy")
    refused(result, "vocabulary is 0..8")


def test_a_bundle_of_text_travels_and_says_which_text_it_needs(
    cli_with_run: Command, cli: Command, run_of: Callable[[str], Any], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    record, file = run_of("sentences"), tmp_path / "run.zip"
    assert cli_with_run("export", record.id, str(file)).status == 0
    assert cli("import", str(file), "--json").json == {"run": record.id}
    output = cli("q-values", record.id, "-n", "2").out
    assert output == cli_with_run("q-values", record.id, "-n", "2").out
    text_runs.remove_tiny_texts(monkeypatch)
    for command in ("q-values", "sample", "resume"):
        refused(cli(command, record.id), "tiny-speech", "fetch")
    assert cli("show", record.id).status == 0  # what needs no words goes on
    assert cli("metrics", record.id).status == 0


def test_a_run_is_not_resumed_on_a_corpus_that_is_read_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text_runs.install_tiny_texts(monkeypatch)
    config = text_runs.text_config("speech", sequence_length=8)
    before = Trainer(config)
    corpus = text_runs.TEXTS["tiny-speech"]
    shorter = replace(corpus, train=corpus.train[:-1])
    words = before.models.task.words  # type: ignore[attr-defined]
    after = Trainer(config, TextTask("speech", shorter, 8, words=words))
    with pytest.raises(ConfigError) as error:
        after.load(before.state(), before.counters)
    n = len(before.models.task.train_data())
    assert error.value.code == "config.data-changed"
    assert f"{n} sequences, but tiny-speech has {n - 1}" in str(error.value)
    Trainer(config).load(before.state(), before.counters)


def test_a_missing_registered_text_names_its_command(cli: Command, tmp_path: Path) -> None:
    refused(cli("train", "--preset", "poems"), "tang-quatrains", "corpus get tang-quatrains")


def test_a_line_of_metrics_reads_quality_with_diversity() -> None:
    numbers = {"nll_test": 5.4321, "bleu_3": 0.2, "bleu_4": 0.1, "self_bleu": 0.3, "entropy": 4.0}
    assert metrics_line(numbers) == (
        "NLL_test 5.432 · BLEU-3 0.200 · BLEU-4 0.100 · self-BLEU 0.300"
    )
    assert metrics_line({"nll_oracle": 5.0, "nll_test": 6.0, "d_accuracy": 0.6}) == (
        "NLL_oracle 5.000 · NLL_test 6.000 · D's accuracy 0.600"
    )


def test_a_comparison_of_text_includes_its_ceilings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_runs.install_tiny_texts(monkeypatch)
    store = Store(home)
    records = [record for record in store.runs() if record.config.task == "poems"]
    runs = {Planned(record.name, record.config): record for record in records}
    head, rows, _caption = means(finish(compare_runs(Models(store), runs, 100)))
    assert "BLEU-2 ↑" in head
    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert {"SeqGAN", "MLE", "Real data, held-out", "Bigram model"} <= set(by_name)
    assert by_name["Real data, training"]["NLL_test ↓"] == "–"
    assert float(by_name["Bigram model"]["BLEU-2 ↑"]) > 0
    assert by_name["Bigram model"]["self-BLEU ↓"] != "–"
    assert by_name["Bigram model"]["distinct-2 ↑"] != "–"
