"""What the version before stored still opens: runs, checkpoints, uploads, a comparison.

`tests/support/files/version_0_1/home.zip` was written by commit 359a9ff: six runs and a comparison
made by `compare`, a run on an uploaded text, an upload of a tune, and what that version printed
of them.
"""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message
from tests.support.commands import in_this_process
from tests.support.paths import ROOT

HOME = ROOT / "tests/support/files/version_0_1/home.zip"
RUN, TEXT_RUN = "seqgan-3cy57c", "seqgan-xumye6"
TEXT, TUNES = "own-82e4c3b941e3", "own-84f8d930173b"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with ZipFile(HOME) as bundle:
        bundle.extractall(tmp_path / "home")
    return tmp_path / "home"


def printed(home: Path, *arguments: str) -> Any:
    result = in_this_process(*arguments, "--json", "--home", str(home))
    assert result.status == 0, result.err
    return json.loads(result.out)


def test_every_run_is_listed_with_its_metrics(home: Path) -> None:
    runs = {run["run"]: run for run in printed(home, "runs")}
    assert len(runs) == 7
    assert {run["status"] for run in runs.values()} == {"finished"}
    assert runs[RUN]["metrics"]["nll_oracle"] == pytest.approx(4.057621479034424, abs=1e-12)
    assert runs[TEXT_RUN]["corpus"] == TEXT


def test_the_models_of_a_checkpoint_give_the_same_token_values(home: Path) -> None:
    before = json.loads((home / "q_values.json").read_text())
    assert printed(home, "q-values", RUN, "-n", "8")["q"] == before["q"]


def test_a_comparison_finds_its_runs_and_measures_the_same(home: Path, tmp_path: Path) -> None:
    before = json.loads((home / "compare.json").read_text())
    changes = [
        part
        for name, value in before["about"]["changes"].items()
        for part in ("--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}")
    ]
    after = printed(
        home, "compare", "--strategies", "mle,seqgan,constant_reward", "--seeds", "2",
        "--preset", "glance", "--samples", "200", *changes, "--out", str(tmp_path / "new.json"),
    )  # fmt: skip
    assert len(printed(home, "runs")) == 7  # nothing was trained
    written = json.loads((tmp_path / "new.json").read_text())
    assert written["rows"] == after["rows"]
    check = Check(Message("comparison"))
    check.equal("rows", before["rows"], after["rows"], 1e-5)  # this version rounds otherwise
    assert not check.differences
    assert check.n > 50


def test_uploads_open(home: Path) -> None:
    text = printed(home, "corpus", "show", TEXT)
    assert (text["title"], text["train"], text["valid"], text["test"]) == (
        "A small text", 259, 32, 32,
    )  # fmt: skip
    before = json.loads((home / "tunes.json").read_text())
    after = printed(home, "corpus", "show", TUNES)
    assert after["windows"].pop("tunes") == {"train": 0, "valid": 0, "test": 0}  # newer
    for fact in ("title", "train", "valid", "test", "windows", "keys", "read", "kept"):
        assert after[fact] == before[fact], fact


def test_a_run_on_an_upload_writes_and_travels(home: Path, tmp_path: Path) -> None:
    lines = in_this_process("sample", TEXT_RUN, "-n", "3", "--home", str(home))
    assert lines.status == 0, lines.err
    assert len(lines.out.splitlines()) >= 3
    bundle = tmp_path / "run.zip"
    exported = in_this_process("export", TEXT_RUN, str(bundle), "--home", str(home))
    assert exported.status == 0, exported.err
    imported = in_this_process("import", str(bundle), "--home", str(tmp_path / "other"))
    assert imported.status == 0, imported.err
    assert [run["run"] for run in printed(tmp_path / "other", "runs")] == [TEXT_RUN]
