"""Wrong input: exit status 2 and one sentence, and nothing is left behind."""

from pathlib import Path

import pytest
import torch

from tests.support.commands import Command, assignments, refused, run_id_in, write_oracle


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "huge"], ["huge", "glance, lesson, table1, paper"]),
        (["--strategy", "magic"], ["magic", "constant_reward"]),
        (["--task", "juggling"], ["juggling", "synthetic"]),
        (["--device", "abacus"], ["abacus", "cpu"]),
        (["--seed", "-1"], ["seed is -1", "0"]),
        (["--seed", "one"], ["--seed", "integer"]),
        (["--threads", "0"], ["--threads", "greater than or equal to 1"]),
        (["--set", "n_rollouts=0"], ["n_rollouts is 0", "1", "16"]),
        (["--set", "g_step=1"], ["g_step", "g_steps"]),
        (["--set", "g_steps"], ["'g_steps'", "field=value"]),
        (["--set", "rounds=many"], ["rounds is 'many'"]),
        (["--set", "g_learning_rate=NaN"], ["g_learning_rate is nan"]),
        (["--set", "d_widths=[1,2,99]"], ["d_widths", "sequence_length"]),
        (["--oracle", "nowhere.npz"], ["nowhere.npz", "does not exist"]),
        (["--frobnicate"], ["--frobnicate"]),
    ],
)
def test_train_refuses(cli: Command, arguments: list[str], words: list[str]) -> None:
    refused(cli("train", *arguments), *words)
    assert cli("runs", "--json").json == []  # and no run is left behind


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_train_refuses_a_device_that_is_not_there(cli: Command) -> None:
    refused(cli("train", "--device", "cuda"), "cuda", "cpu")


@pytest.mark.parametrize("command", ["resume", "show", "metrics", "sample", "q-values", "search"])
def test_a_run_that_does_not_exist(cli: Command, command: str) -> None:
    refused(cli(command, "nosuch"), "nosuch", "runs")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sample", "RUN", "-n", "0"], ["-n is 0", "1"]),
        (["sample", "RUN", "--temperature", "-1"], ["--temperature is -1", "0 or more"]),
        (["sample", "RUN", "--temperature", "nan"], ["--temperature is nan"]),
        (["sample", "RUN", "--search", "-1"], ["search is -1", "1 to 64", "0 to search nothing"]),
        (["sample", "RUN", "--search", "65"], ["search is 65", "1 to 64"]),
        (["sample", "RUN", "--search", "two"], ["--search", "integer"]),
        (["sample", "RUN", "--search", "4", "--temperature", "0"], ["temperature is 0", "above 0"]),
        (["sample", "RUN", "--rhyme", "東"], ["--first, --acrostic and --rhyme", "models of text"]),
        (["sample", "--model", "poems-mle", "--rhyme", "x"], ["'x' names no rhyme", "106"]),
        (["sample", "--model", "speech-mle", "--rhyme", "東"], ["writes no quatrains"]),
        (
            ["sample", "--model", "poems-seqgan", "--rhyme", "東", "--search", "2"],
            ["together with thinking ahead"],
        ),
        (["sample", "RUN", "--format", "xml"], ["xml", "json"]),
        (["sample", "RUN", "--step", "12345"], ["12345", "checkpoints"]),
        (["metrics", "RUN", "--format", "xml"], ["xml", "csv"]),
        (["q-values", "RUN", "-n", "0"], ["n_rollouts is 0"]),
        (["q-values", "RUN", "--tokens", "nowhere.npy"], ["nowhere.npy", ".npy"]),
        (["q-values"], ["run"]),
        (["search", "RUN", "--simulations", "0"], ["search_simulations is 0"]),
        (["search", "RUN", "--simulations", "65"], ["search_simulations is 65", "64"]),
        (["search", "RUN", "--prefix", "1 x"], ["'x' is no token", "19"]),
        (["search", "RUN", "--prefix", "1 20"], ["'20' is no token", "19"]),
        (["search", "RUN", "--prefix", "1 1 1 1 1"], ["5 tokens", "at most 4"]),
        (["search", "RUN", "--exploration", "-1"], ["search_exploration is -1"]),
        (["search", "RUN", "--reward", "constant"], ["nothing to search for"]),
    ],
)
def test_inspection_commands_refuse(
    cli_with_run: Command, arguments: list[str], words: list[str]
) -> None:
    run = run_id_in(cli_with_run)
    refused(cli_with_run(*[run if part == "RUN" else part for part in arguments]), *words)


def test_an_unknown_command(cli: Command) -> None:
    refused(cli("fly"), "fly", "--help")


def test_a_home_that_is_a_file(cli: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    refused(cli("runs", "--home", str(file)), str(file), "--home")
    refused(cli("train", *assignments(), "--home", str(file)), str(file))
    assert file.read_text(encoding="utf-8") == "mine"


def test_an_oracle_of_another_vocabulary(cli: Command, tmp_path: Path) -> None:
    file = write_oracle(tmp_path / "oracle.npz", vocab_size=30)
    refused(cli("train", "--oracle", str(file), *assignments()), "vocab_size", "30")
    assert cli("runs", "--json").json == []
