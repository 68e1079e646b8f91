from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from seqgan_core.cli.app import run as run_command
from tests.support.commands import Said, Say, assignments, in_new_process


@pytest.fixture(autouse=True)
def process_state() -> Iterator[None]:
    threads = torch.get_num_threads()
    matmul = getattr(torch.backends.mkldnn, "matmul", None)
    precision = getattr(matmul, "fp32_precision", None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    log = logging.getLogger("seqgan_core")
    listeners = list(log.handlers)
    yield
    log.handlers = listeners
    torch.set_num_threads(threads)
    if matmul is not None:
        matmul.fp32_precision = precision
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
