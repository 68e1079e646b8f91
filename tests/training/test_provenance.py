"""What a recorded file states of its making; nothing is invented where it states nothing."""

import json
import platform
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from seqgan_core.judge.report import Report
from seqgan_core.training.setup import provenance
from seqgan_core.training.setup.provenance import NOT_RECORDED, Provenance, made_here
from seqgan_core.training.trace.trace_file import Trace
from tests.support.paths import ROOT

CPU = torch.device("cpu")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout of a program of one file."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "code.py").write_text("1\n")
    who = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["init"], ["add", "."], [*who, "commit", "-m", "first"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True, capture_output=True)
    monkeypatch.setattr(provenance, "PACKAGE", package)
    provenance._commit.cache_clear()
    yield package
    provenance._commit.cache_clear()


def test_the_commit_is_that_of_the_checkout(checkout: Path) -> None:
    head = subprocess.run(
        ["git", "-C", checkout, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout
    commit = made_here(CPU).commit
    assert len(commit) == 12
    assert head.startswith(commit)


def test_a_change_of_the_code_shows_and_one_elsewhere_does_not(checkout: Path) -> None:
    (checkout.parent / "recorded.json").write_text("{}")
    assert not made_here(CPU).commit.endswith("+changes")
    (checkout / "code.py").write_text("2\n")
    provenance._commit.cache_clear()
    assert made_here(CPU).commit.endswith("+changes")


def test_without_git_or_a_checkout_there_is_no_commit(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert made_here(CPU).commit == ""
    monkeypatch.undo()
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path / "nowhere" / "package")
    provenance._commit.cache_clear()
    assert made_here(CPU).commit == ""


def test_everything_is_stated_but_the_host_and_its_paths() -> None:
    made = made_here(CPU, preset="lesson", seconds=1.25)
    assert made.torch == torch.__version__
    assert made.python == platform.python_version()
    assert (made.seconds, made.chosen_with) == ("1.2", "1, 2, 4")
    assert made.processor
    assert made.device.startswith("CPU, ")
    text = made.model_dump_json()
    assert socket.gethostname() not in text
    assert str(ROOT) not in text
    assert all(len(part) < 200 for part in made.parts().values())
    assert Provenance.model_validate_json(text) == made


def test_what_is_missing_is_said_to_be_missing() -> None:
    assert NOT_RECORDED.line() == (
        "Commit: not recorded · Date: not recorded · Processor: not recorded"
    )
    made = Provenance(commit="abc", date="2026-01-02", processor="A")
    assert made.line("5 seeds") == "Commit: abc · Date: 2026-01-02 · Processor: A · 5 seeds"


def test_files_of_before_open_and_stay_as_they_are() -> None:
    before = json.loads((ROOT / "assets/comparison/poems.json").read_text())
    report = Report.model_validate(before | {"versions": {"python": "3.11.7", "torch": "2.13.0"}})
    assert json.loads(report.to_json())["versions"] == {"python": "3.11.7", "torch": "2.13.0"}
    assert report.versions.commit == ""
    values = json.loads((ROOT / "assets/traces/base.json").read_text())
    values.pop("versions", None)
    assert Trace.model_validate(values).versions == NOT_RECORDED
