"""`train` and `resume`: what they print, and with which status they end."""

import json
import os
import signal
from pathlib import Path
from typing import NoReturn

import pytest

from seqgan_core.cli.common.progress import TrainingBars
from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.events import Evaluated, Event
from tests.support.commands import (
    Command,
    V,
    assignments,
    in_this_process,
    new_process,
    run_id_in,
    write_oracle,
)


def test_train_prints_what_the_value_network_learnt(cli: Command) -> None:
    result = cli("train", *assignments(), "--strategy", "actor_critic", "--json")
    assert result.status == 0
    updates = [line for line in result.lines if line.get("event") == "GeneratorUpdated"]
    assert updates
    assert all(isinstance(u[name], float) for u in updates
               for name in ("v_loss", "v_explained", "v_bias"))  # fmt: skip


def test_train_prints_every_evaluation_and_a_last_line(cli: Command) -> None:
    result = cli("train", *assignments(), "--json")
    assert result.status == 0
    *measured, last = result.lines
    evaluations = [e for e in measured if e["event"] == "Evaluated"]
    (curve,) = [e for e in measured if e["event"] == "TemperaturesMeasured"]
    assert measured.index(curve) == 3  # where MLE has ended
    assert {point["temperature"] for point in curve["points"]} == set(TEMPERATURES)
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
    assert {e["run"] for e in measured} == {last["run"]}


def test_train_for_people_keeps_progress_off_standard_output(cli: Command) -> None:
    result = cli("train", *assignments())
    assert result.status == 0
    assert len(result.out.splitlines()) == 1
    assert "finished" in result.out
    assert "NLL_oracle" in result.out
    assert "MLE pre-training: 2 epochs\n" in result.err
    assert "D pre-training: 1 step\n" in result.err


def test_lesson_is_the_default_preset(cli: Command) -> None:
    result = cli("train", *assignments(rounds=0, pretrain_epochs=0, d_pretrain_steps=0))
    assert result.status == 0
    assert cli("runs", "--json").json[0]["preset"] == "lesson"


def test_named_options_reach_the_run(cli: Command) -> None:
    options = ("--preset", "glance", "--strategy", "mle", "--seed", "7", "--name", "My run")
    assert cli("train", *options, *assignments()).status == 0
    (row,) = cli("runs", "--json").json
    assert (row["preset"], row["strategy"], row["seed"]) == ("glance", "mle", 7)
    assert (row["name"], row["status"], row["task"]) == ("My run", "finished", "synthetic")


def test_the_same_command_gives_the_same_numbers(cli: Command) -> None:
    first, second = (cli("train", *assignments(), "--json").lines[-1] for _ in range(2))
    assert first["run"] != second["run"]
    assert first["metrics"] == second["metrics"]
    other_seed = cli("train", *assignments(), "--seed", "2", "--json").lines[-1]
    assert other_seed["metrics"] != first["metrics"]


def interrupt_at(monkeypatch: pytest.MonkeyPatch, epoch: float, number: int) -> None:
    before = TrainingBars.__call__

    def watch(report: TrainingBars, event: Event) -> None:
        before(report, event)
        if isinstance(event, Evaluated) and event.epoch == epoch:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(TrainingBars, "__call__", watch)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_checkpoint_and_resume_goes_on(
    cli: Command, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    unbroken = cli("train", *assignments(), "--json").lines
    with monkeypatch.context() as patch:
        interrupt_at(patch, 4.0, number)
        stopped = cli("train", *assignments(checkpoint_every=100), "--json")
    assert stopped.status == 130
    last = stopped.lines[-1]
    assert last["status"] == "interrupted"
    assert "resume" in stopped.err
    assert cli("show", last["run"], "--json").json["checkpoints"][-1]["epoch"] == 4.0

    resumed = cli("resume", last["run"], "--json")
    assert resumed.status == 0
    assert [e["epoch"] for e in resumed.lines[:-1]] == [5.0]
    assert resumed.lines[-1]["run"] == last["run"]
    assert resumed.lines[-1]["metrics"] == unbroken[-1]["metrics"]
    assert len(cli("runs", "--json").json) == 2


def test_a_real_process_stops_at_a_signal_and_when_nobody_reads_any_more(tmp_path: Path) -> None:
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
    run = in_this_process("show", first["run"], *home).json
    assert run["status"] == "interrupted"
    saved = run["checkpoints"][-1]["step"]

    process = new_process("resume", first["run"], *home)
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["step"] <= saved:
        pass
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    run = in_this_process("show", first["run"], *home).json
    assert (run["status"], run["step"] > saved) == ("interrupted", True)
    saved = run["checkpoints"][-1]["step"]

    process = new_process("resume", first["run"], *home)  # `| head`
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["step"] <= saved:
        pass
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait() == 130
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    (run,) = in_this_process("runs", *home).json
    assert run["status"] == "interrupted"
    assert run["step"] > saved


def test_a_run_that_diverges_fails_and_says_why(cli: Command) -> None:
    result = cli(
        "train", *assignments(g_learning_rate=1, divergence_nats=1e-9, rounds=50), "--json"
    )
    assert result.status == 1
    assert result.lines[-1]["status"] == "diverged"
    assert "NLL_oracle rose" in result.err


def test_an_unforeseen_failure_is_a_sentence(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(self: Algorithm1) -> NoReturn:
        raise ArithmeticError("the pipes burst")

    monkeypatch.setattr(Algorithm1, "generator_step", burst)
    result = cli("train", *assignments(), "--json")
    assert result.status == 1
    assert result.lines[-1]["status"] == "failed"
    assert "the pipes burst" in result.err
    assert "Traceback" not in result.err


def test_resume_of_a_finished_run_says_what_to_do(cli_with_run: Command) -> None:
    result = cli_with_run("resume", run_id_in(cli_with_run))
    assert result.status == 2
    assert "nothing left to train" in result.err


def test_an_oracle_file_brings_its_vocabulary(cli: Command, tmp_path: Path) -> None:
    file = write_oracle(tmp_path / "oracle.npz", vocab_size=30)
    changes = assignments(n_rollouts=1)
    place = changes.index(f"vocab_size={V}")
    del changes[place - 1 : place + 1]
    assert cli("train", "--oracle", str(file), *changes).status == 0
    run = cli("runs", "--json").json[0]["run"]
    config = cli("show", run, "--json").json["config"]
    assert config["vocab_size"] == 30
    assert config["oracle_path"] == str(file)
