"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan_core.cli.app import run as run_command
from seqgan_core.cli.progress import ProgressReport
from seqgan_core.training.events import Evaluated, Event

ROOT = Path(__file__).resolve().parents[1]
V, T = 20, 5
TINY = {
    "device": "cpu",
    "vocab_size": V,
    "sequence_length": T,
    "n_train": 64,
    "n_test": 32,
    "g_embedding_size": 8,
    "g_hidden_size": 8,
    "pretrain_epochs": 2,
    "batch_size": 32,
    "d_embedding_size": 4,
    "d_widths": [1, 2],
    "d_filters": [4, 4],
    "d_pretrain_steps": 1,
    "d_samples": None,
    "rounds": 3,
    "g_steps": 1,
    "d_steps": 1,
    "d_epochs": 1,
    "g_batch_size": 16,
    "n_rollouts": 2,
    "n_eval": 64,
    "evaluate_every": 1,
    "checkpoint_every": 1,
}


def assignments(**changes: Any) -> list[str]:
    values = TINY | changes
    return [part for name, value in values.items() for part in ("--set", as_text(name, value))]


def as_text(name: str, value: Any) -> str:
    return f"{name}={value if isinstance(value, str) else json.dumps(value)}"


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture(autouse=True)
def process_state() -> Iterator[None]:
    threads = torch.get_num_threads()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    torch.set_num_threads(threads)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command in this process, its runs in a folder of this test's own."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))

    def command(*arguments: str) -> Said:
        capsys.readouterr()
        status = run_command([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Said(status, written.out, written.err)

    return command


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run; read it, change nothing."""
    home = tmp_path_factory.mktemp("shared") / "home"
    done = in_new_process("train", *assignments(), "--json", "--home", str(home))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def look(say: Say, shared_home: Path) -> Say:
    """As `say`, where there is one finished run."""
    return lambda *arguments: say(*arguments, "--home", str(shared_home))


def new_process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "seqgan_core", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def in_new_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    process = new_process(*arguments)
    out, err = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def run_id_in(look: Say) -> str:
    found: str = look("runs", "--json").json[0]["run"]
    return found


# -- train and resume ----------------------------------------------------------------------------


def test_train_prints_every_evaluation_and_a_last_line(say: Say) -> None:
    said = say("train", *assignments(), "--json")
    assert said.status == 0
    *evaluations, last = said.lines
    # epochs 0, 1, 2 of MLE; after D's pre-training; rounds 1, 2, 3
    assert [(e["phase"], e["epoch"]) for e in evaluations] == [
        ("pretrain_generator", 0.0),
        ("pretrain_generator", 1.0),
        ("pretrain_generator", 2.0),
        ("pretrain_discriminator", 2.0),
        ("adversarial", 3.0),
        ("adversarial", 4.0),
        ("adversarial", 5.0),
    ]
    assert all(set(e["metrics"]) >= {"nll_oracle", "nll_test", "entropy"} for e in evaluations)
    assert set(last) == {"run", "status", "metrics", "seconds"}
    assert last["status"] == "finished"
    assert last["metrics"] == evaluations[-1]["metrics"]
    assert last["seconds"] > 0
    assert {e["run"] for e in evaluations} == {last["run"]}


def test_train_for_people_keeps_progress_off_standard_output(say: Say) -> None:
    said = say("train", *assignments())
    assert said.status == 0
    assert len(said.out.splitlines()) == 1
    assert "finished" in said.out
    assert "NLL_oracle" in said.out
    assert "MLE pre-training" in said.err


def test_lesson_is_the_preset_that_nobody_named(say: Say) -> None:
    said = say("train", *assignments(rounds=0, pretrain_epochs=0, d_pretrain_steps=0))
    assert said.status == 0
    assert say("runs", "--json").json[0]["preset"] == "lesson"


def test_named_options_reach_the_run(say: Say) -> None:
    options = ("--preset", "glance", "--strategy", "mle", "--seed", "7", "--name", "My run")
    assert say("train", *options, *assignments()).status == 0
    (found,) = say("runs", "--json").json
    assert (found["preset"], found["strategy"], found["seed"]) == ("glance", "mle", 7)
    assert (found["name"], found["status"], found["task"]) == ("My run", "finished", "synthetic")


def test_the_same_command_gives_the_same_numbers(say: Say) -> None:
    first, second = (say("train", *assignments(), "--json").lines[-1] for _ in range(2))
    assert first["run"] != second["run"]
    assert first["metrics"] == second["metrics"]
    other = say("train", *assignments(), "--seed", "2", "--json").lines[-1]
    assert other["metrics"] != first["metrics"]


def interrupt_at(monkeypatch: pytest.MonkeyPatch, epoch: float, number: int) -> None:
    before = ProgressReport.__call__

    def watch(report: ProgressReport, event: Event) -> None:
        before(report, event)
        if isinstance(event, Evaluated) and event.epoch == epoch:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(ProgressReport, "__call__", watch)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_checkpoint_and_resume_goes_on(
    say: Say, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    unbroken = say("train", *assignments(), "--json").lines
    with monkeypatch.context() as patch:
        interrupt_at(patch, 4.0, number)
        stopped = say("train", *assignments(checkpoint_every=100), "--json")
    assert stopped.status == 130
    last = stopped.lines[-1]
    assert last["status"] == "interrupted"
    assert "resume" in stopped.err
    assert say("show", last["run"], "--json").json["checkpoints"][-1]["epoch"] == 4.0

    resumed = say("resume", last["run"], "--json")
    assert resumed.status == 0
    assert [e["epoch"] for e in resumed.lines[:-1]] == [5.0]
    assert resumed.lines[-1]["run"] == last["run"]
    assert resumed.lines[-1]["metrics"] == unbroken[-1]["metrics"]
    assert len(say("runs", "--json").json) == 2


def test_a_real_process_stops_at_a_signal_and_goes_on_later(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path), "--json")
    process = new_process("train", *assignments(rounds=100_000, checkpoint_every=1000), *home)
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    last = json.loads(out.splitlines()[-1])
    assert last["status"] == "interrupted"
    stood = json.loads(in_new_process("show", first["run"], *home).stdout)
    assert stood["status"] == "interrupted"
    saved = stood["checkpoints"][-1]["step"]

    process = new_process("resume", first["run"], *home)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["step"] > saved
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 130


def test_a_reader_that_leaves_stops_the_run_without_complaint(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path), "--json")
    process = new_process("train", *assignments(rounds=100_000), *home)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait() == 130
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    (found,) = json.loads(in_new_process("runs", *home).stdout)
    assert found["status"] == "interrupted"


def test_a_run_that_diverges_fails_and_says_why(say: Say) -> None:
    said = say("train", *assignments(g_learning_rate=1, divergence_nats=1e-9, rounds=50), "--json")
    assert said.status == 1
    assert said.lines[-1]["status"] == "diverged"
    assert "NLL_oracle rose" in said.err


def test_resume_of_a_finished_run_says_what_to_do(look: Say) -> None:
    said = look("resume", run_id_in(look))
    assert said.status == 2
    assert "nothing is left to train" in said.err


def test_an_oracle_file_brings_its_vocabulary(say: Say, tmp_path: Path) -> None:
    file = write_oracle(tmp_path / "oracle.npz", vocab_size=30)
    changes = assignments(n_rollouts=1)
    place = changes.index(f"vocab_size={V}")
    del changes[place - 1 : place + 1]
    assert say("train", "--oracle", str(file), *changes).status == 0
    run = say("runs", "--json").json[0]["run"]
    config = say("show", run, "--json").json["config"]
    assert config["vocab_size"] == 30
    assert config["oracle_path"] == str(file)


# -- the library ---------------------------------------------------------------------------------


def test_runs_lists_objects_with_their_run(look: Say) -> None:
    (found,) = look("runs", "--json").json
    assert {"run", "status", "preset", "strategy", "seed", "metrics", "seconds"} <= set(found)
    assert found["run"] in look("runs").out


def test_no_runs_is_an_empty_list_and_an_invitation(say: Say) -> None:
    assert say("runs", "--json").json == []
    said = say("runs")
    assert (said.status, said.out) == (0, "")
    assert "train" in said.err


def test_show_tells_settings_and_checkpoints(look: Say) -> None:
    found = look("show", run_id_in(look), "--json").json
    assert found["config"]["vocab_size"] == V
    assert [c["epoch"] for c in found["checkpoints"]][-1] == 5.0
    assert found["versions"]["torch"] == torch.__version__
    text = look("show", run_id_in(look)).out
    assert "vocab_size" in text
    assert "finished" in text


def test_a_run_is_found_by_the_beginning_of_its_id(look: Say) -> None:
    run = run_id_in(look)
    assert look("show", run[:-2], "--json").json["run"] == run


def test_metrics_as_csv_and_json_agree(look: Say) -> None:
    run = run_id_in(look)
    table = list(csv.DictReader(io.StringIO(look("metrics", run, "--format", "csv").out)))
    rows = look("metrics", run, "--format", "json").json
    assert rows == look("metrics", run, "--json").json
    assert len(table) == len(rows) == 7
    assert [float(row["nll_oracle"]) for row in table] == [row["nll_oracle"] for row in rows]
    assert rows[0]["d_accuracy"] is None  # before there is a trained D
    assert 0 <= rows[-1]["d_accuracy"] <= 1


def test_a_bundle_goes_out_and_comes_in_once(look: Say, say: Say, tmp_path: Path) -> None:
    run = run_id_in(look)
    file = tmp_path / "run.zip"
    assert look("export", run, str(file)).status == 0
    assert say("import", str(file), "--json").json == {"run": run}
    assert say("import", str(file), "--json").json == {"run": run}
    assert [found["run"] for found in say("runs", "--json").json] == [run]
    assert say("sample", run, "-n", "3").out == look("sample", run, "-n", "3").out


# -- looking inside ------------------------------------------------------------------------------


def test_sample_gives_sequences_and_obeys_its_seed(look: Say) -> None:
    run = run_id_in(look)
    text = look("sample", run, "-n", "4").out
    rows = [[int(token) for token in line.split()] for line in text.splitlines()]
    assert [len(row) for row in rows] == [T] * 4
    assert all(0 <= token < V for row in rows for token in row)
    found = look("sample", run, "-n", "4", "--format", "json").json
    assert found["tokens"] == rows
    assert (found["run"], found["n"], found["temperature"]) == (run, 4, 1.0)
    assert look("sample", run, "-n", "4", "--seed", "2", "--json").json["tokens"] != rows


def test_greedy_sampling_repeats_one_sequence(look: Say) -> None:
    found = look("sample", run_id_in(look), "-n", "5", "--temperature", "0", "--json").json
    assert len({tuple(row) for row in found["tokens"]}) == 1


def test_sample_reaches_back_to_an_earlier_checkpoint(look: Say) -> None:
    run = run_id_in(look)
    untrained = look("sample", run, "--step", "0", "--json").json
    assert untrained["step"] == 0
    assert untrained["tokens"] != look("sample", run, "--json").json["tokens"]


@pytest.mark.parametrize("n", [1, 3, 16])
def test_q_is_exactly_the_mean_of_the_scores_beside_it(look: Say, n: int) -> None:
    run = run_id_in(look)
    found = look("q-values", run, "-n", str(n), "--json").json
    assert set(found) == {"run", "step", "n", "tokens", "q", "std_error", "scores"}
    assert (found["run"], found["n"]) == (run, n)
    q, scores = np.array(found["q"]), np.array(found["scores"])
    assert q.shape == (8, T)  # the followed sequences
    assert scores.shape == (8, T, n)
    assert np.array_equal(scores.mean(-1), q)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (scores[:, -1] == scores[:, -1, :1]).all()  # a finished sequence has one score
    if n == 1:
        assert found["std_error"][0] == [None] * (T - 1) + [0.0]
    else:
        expected = scores.std(-1, ddof=1) / n**0.5
        assert np.allclose(found["std_error"], expected, atol=1e-12)


def test_q_values_of_given_tokens(look: Say, tmp_path: Path) -> None:
    run = run_id_in(look)
    tokens = np.random.default_rng(0).integers(V, size=(3, T), dtype=np.int16)
    np.save(tmp_path / "tokens.npy", tokens)
    found = look("q-values", run, "--tokens", str(tmp_path / "tokens.npy"), "--json").json
    assert found["tokens"] == tokens.tolist()
    assert found["n"] == TINY["n_rollouts"]
    assert np.shape(found["q"]) == (3, T)
    assert len(look("q-values", run).out.splitlines()) == 8


def test_q_values_need_a_reward(say: Say) -> None:
    run = say("train", *assignments(), "--strategy", "mle", "--json").lines[-1]["run"]
    said = say("q-values", run)
    assert said.status == 2
    assert "mle" in said.err


# -- score ---------------------------------------------------------------------------------------


def write_oracle(path: Path, vocab_size: int = V, logit: float = 0.0) -> Path:
    """An oracle that gives every token the same probability, but token 0 an odds of e^logit."""
    E = H = 4
    weights = {"embeddings": (vocab_size, E), "Wo": (H, vocab_size)}
    for gate in ("i", "f", "og", "c"):
        weights |= {f"W{gate}": (E, H), f"U{gate}": (H, H)}
    arrays = {name: np.zeros(shape, np.float32) for name, shape in weights.items()}
    arrays |= {f"b{gate}": np.zeros(H, np.float32) for gate in ("i", "f", "og", "c")}
    bias = np.zeros(vocab_size, np.float32)
    bias[0] = logit
    np.savez(path, **arrays, bo=bias)
    return path


def test_score_of_a_known_oracle(say: Say, tmp_path: Path) -> None:
    oracle = write_oracle(tmp_path / "oracle.npz", logit=1.0)
    np.save(tmp_path / "tokens.npy", np.array([[0, 0, 0, 1]] * 3))
    total = np.log(np.e + V - 1)
    expected = (3 * (total - 1) + total) / 4
    files = ("--oracle", str(oracle), "--tokens", str(tmp_path / "tokens.npy"))
    said = say("score", *files)
    assert said.status == 0
    assert float(said.out) == pytest.approx(expected, abs=1e-5)
    found = say("score", *files, "--json").json
    assert found == {"nll": pytest.approx(expected, abs=1e-5), "n": 3, "length": 4}


# -- wrong input ---------------------------------------------------------------------------------


def refused(said: Said, *words: str) -> None:
    """Exit status 2, nothing on standard output, and one sentence that holds these words."""
    assert (said.status, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) == 1, said.err
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "huge"], ["huge", "glance, lesson, paper"]),
        (["--strategy", "magic"], ["magic", "constant_reward"]),
        (["--task", "juggling"], ["juggling", "synthetic"]),
        (["--device", "abacus"], ["abacus", "cpu"]),
        (["--seed", "-1"], ["seed is -1", "0"]),
        (["--seed", "one"], ["--seed", "integer"]),
        (["--threads", "0"], ["--threads is 0", "1 or more"]),
        (["--set", "n_rollouts=0"], ["n_rollouts is 0", "1", "16"]),
        (["--set", "g_step=1"], ["g_step", "g_steps"]),
        (["--set", "g_steps"], ["'g_steps'", "field=value"]),
        (["--set", "rounds=many"], ["rounds is 'many'"]),
        (["--set", "g_learning_rate=NaN"], ["g_learning_rate is nan"]),
        (["--set", "d_widths=[1,2,3,4,99]"], ["d_widths", "sequence_length"]),
        (["--oracle", "nowhere.npz"], ["nowhere.npz", "does not exist"]),
        (["--frobnicate"], ["--frobnicate"]),
    ],
)
def test_train_refuses(say: Say, arguments: list[str], words: list[str]) -> None:
    refused(say("train", *arguments), *words)
    assert say("runs", "--json").json == []  # and no run is left behind


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_train_refuses_a_device_that_is_not_there(say: Say) -> None:
    refused(say("train", "--device", "cuda"), "cuda", "cpu")


@pytest.mark.parametrize("command", ["resume", "show", "metrics", "sample", "q-values"])
def test_a_run_that_does_not_exist(say: Say, command: str) -> None:
    refused(say(command, "nosuch"), "nosuch", "runs")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sample", "RUN", "-n", "0"], ["-n is 0", "1"]),
        (["sample", "RUN", "--temperature", "-1"], ["--temperature is -1", "0 or more"]),
        (["sample", "RUN", "--temperature", "nan"], ["--temperature is nan"]),
        (["sample", "RUN", "--format", "xml"], ["xml", "json"]),
        (["sample", "RUN", "--step", "12345"], ["12345", "checkpoints"]),
        (["metrics", "RUN", "--format", "xml"], ["xml", "csv"]),
        (["q-values", "RUN", "-n", "0"], ["n_rollouts is 0"]),
        (["q-values", "RUN", "--tokens", "nowhere.npy"], ["nowhere.npy", ".npy"]),
        (["q-values"], ["run"]),
    ],
)
def test_looking_refuses(look: Say, arguments: list[str], words: list[str]) -> None:
    run = run_id_in(look)
    refused(look(*[run if part == "RUN" else part for part in arguments]), *words)


def test_an_unknown_command(say: Say) -> None:
    refused(say("fly"), "fly", "--help")


def test_a_home_that_is_a_file(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    refused(say("runs", "--home", str(file)), str(file), "--home")
    refused(say("train", *assignments(), "--home", str(file)), str(file))
    assert file.read_text(encoding="utf-8") == "mine"


class Explosive:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(Path.cwd() / "exploded"),)


def token_files(folder: Path) -> dict[str, Path]:
    arrays = {
        "one row": np.zeros(T, int),
        "three axes": np.zeros((2, T, 1), int),
        "floats": np.zeros((2, T)),
        "truths": np.zeros((2, T), bool),
        "no rows": np.zeros((0, T), int),
        "no columns": np.zeros((2, 0), int),
        "too large": np.full((2, T), V),
        "negative": np.full((2, T), -1),
        "beyond int64": np.full((2, T), 2**63, np.uint64),
    }
    files = {name: folder / f"{name}.npy" for name in arrays}
    for name, array in arrays.items():
        np.save(files[name], array)
    files["pickled"] = folder / "pickled.npy"
    np.save(files["pickled"], np.array([Explosive()], object), allow_pickle=True)
    files["an archive"] = folder / "archive.npy"
    with files["an archive"].open("wb") as file:
        np.savez(file, tokens=np.zeros((2, T), int))
    files["empty"] = folder / "empty.npy"
    files["empty"].write_bytes(b"")
    files["text"] = folder / "text.npy"
    files["text"].write_text("1 2 3 4 5\n", encoding="utf-8")
    files["cut"] = folder / "cut.npy"
    files["cut"].write_bytes(files["too large"].read_bytes()[:-8])
    files["a folder"] = folder / "folder.npy"
    files["a folder"].mkdir()
    files["missing"] = folder / "missing.npy"
    return files


TOKEN_FILES = {
    "one row": "shape (5,)",
    "three axes": "shape (2, 5, 1)",
    "floats": "float64",
    "truths": "bool",
    "no rows": "no tokens",
    "no columns": "no tokens",
    "too large": "0..19",
    "negative": "0..19",
    "beyond int64": "0..19",
    "pickled": "not an array",
    "an archive": ".npz",
    "empty": "empty",
    "text": "not an array",
    "cut": "not an array",
    "a folder": "cannot be read",
    "missing": "not there",
}


@pytest.mark.parametrize("name", TOKEN_FILES)
def test_token_files_that_cannot_be_used(
    look: Say, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = token_files(tmp_path)[name]
    oracle = write_oracle(tmp_path / "oracle.npz")
    words = (str(file), TOKEN_FILES[name])
    refused(say("score", "--oracle", str(oracle), "--tokens", str(file)), *words)
    refused(look("q-values", run_id_in(look), "--tokens", str(file)), *words)
    assert not (tmp_path / "exploded").exists()


def test_token_files_of_another_length(look: Say, tmp_path: Path) -> None:
    np.save(tmp_path / "long.npy", np.zeros((2, T + 1), int))
    said = look("q-values", run_id_in(look), "--tokens", str(tmp_path / "long.npy"))
    refused(said, "6 tokens", "5 long")


@pytest.mark.parametrize("name", ["pickled", "empty", "text", "floats", "missing", "a folder"])
def test_oracle_files_that_cannot_be_used(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = token_files(tmp_path)[name]
    np.save(tmp_path / "good.npy", np.zeros((2, T), int))
    said = say("score", "--oracle", str(file), "--tokens", str(tmp_path / "good.npy"))
    refused(said, str(file), ".npz")
    assert not (tmp_path / "exploded").exists()


def test_an_oracle_of_another_vocabulary(say: Say, tmp_path: Path) -> None:
    file = write_oracle(tmp_path / "oracle.npz", vocab_size=30)
    refused(say("train", "--oracle", str(file), *assignments()), "vocab_size", "30")
    assert say("runs", "--json").json == []


# -- bench ---------------------------------------------------------------------------------------


def test_bench_measures_every_step_both_ways(say: Say) -> None:
    said = say("bench", "--repeats", "2", "--json", *assignments(batch_size=8))
    assert said.status == 0
    found = said.json
    assert found["threads"] == 1
    assert found["sizes"]["vocab_size"] == V
    names = ["mle_step", "sample", "reward", "generator_step", "discriminator_step"]
    assert list(found["steps"]) == names
    for step in found["steps"].values():
        assert step["repeats"] == 2
        assert 0 < step["fastest_seconds"] <= step["median_seconds"]
        ratio = step["textbook"]["median_seconds"] / step["median_seconds"]
        assert step["speed_up"] == pytest.approx(ratio)
    if sys.platform == "linux":
        assert found["steps"]["reward"]["peak_bytes"] > 1e6


def test_bench_without_the_textbook_way(say: Say) -> None:
    said = say("bench", "--repeats", "1", "--no-textbook", *assignments(batch_size=8))
    assert said.status == 0
    assert "reward of 8 sequences, 2 roll-outs" in said.out


def test_bench_refuses_no_repeats(say: Say) -> None:
    refused(say("bench", "--repeats", "0"), "--repeats is 0", "1")
