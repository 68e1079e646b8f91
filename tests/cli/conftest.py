from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Say, assignments, in_this_process


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command in this process, its runs in a folder of this test's own."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    return in_this_process


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run; read it, change nothing."""
    home = tmp_path_factory.mktemp("shared") / "home"
    said = in_this_process("train", *assignments(), "--home", home)
    assert said.status == 0, said.err
    return home


@pytest.fixture
def look(say: Say, shared_home: Path) -> Say:
    """As `say`, where there is one finished run."""
    return lambda *arguments: say(*arguments, "--home", str(shared_home))
