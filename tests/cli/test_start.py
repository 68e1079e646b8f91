"""The command line answers at once: what it need not compute with is not loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import Command, run_id_in
from tests.support.paths import ROOT

HEAVY = {"torch", "scipy", "nltk", "music21", "pandas", "statsmodels", "streamlit", "plotly"}
HEAVY |= {"numpy", "ray"}


def loaded_by(*arguments: str) -> tuple[str, set[str]]:
    """What a real process prints, and the packages that it imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "seqgan_core", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "seqgan_core.cli.app" in names  # else this test sees nothing
    return done.stdout, {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--help"], "q-values"),
        (["train", "--help"], "scheduled_sampling"),
        (["compare", "--help"], "updates"),
        (["compare", "--help"], "practice"),  # the last of all presets
        (["runs", "--json"], '"strategy"'),
        (["show", "RUN", "--json"], '"checkpoints"'),
    ],
)
def test_nothing_heavy_is_loaded(
    cli_with_run: Command, shared_home: Path, arguments: list[str], shown: str
) -> None:
    given = [run_id_in(cli_with_run) if part == "RUN" else part for part in arguments]
    home = [] if "--help" in given else ["--home", str(shared_home)]
    out, packages = loaded_by(*given, *home)
    assert shown in out
    assert not packages & HEAVY


def test_every_command_has_its_help(cli: Command) -> None:
    commands = "train resume runs show metrics export import sample score q-values search compare"
    commands += " sweep reproduce bench verify corpus models"
    listed = cli("--help").out
    for command in commands.split():
        assert command in listed
        result = cli(command, "--help")
        assert (result.status, result.err) == (0, "")
        assert f"Usage: python -m seqgan_core {command}" in result.out
