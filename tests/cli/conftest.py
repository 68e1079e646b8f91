from pathlib import Path

import pytest

from tests.support.commands import Command, assignments, in_this_process


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process, its runs in a folder of this test's own."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    return in_this_process


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run; read it, change nothing."""
    home = tmp_path_factory.mktemp("shared") / "home"
    result = in_this_process("train", *assignments(), "--home", home)
    assert result.status == 0, result.err
    return home


@pytest.fixture
def cli_with_run(cli: Command, shared_home: Path) -> Command:
    """As `cli`, where there is one finished run."""
    return lambda *arguments: cli(*arguments, "--home", str(shared_home))
