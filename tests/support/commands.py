"""What the tests of the command line share: tiny settings, and ways to run a command."""

import io
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan_core.cli.app import run
from tests.support.paths import ROOT

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
class CommandResult:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., CommandResult]


def in_this_process(*arguments: object) -> CommandResult:
    """Runs a command here; threads, handlers and listeners are then as they were."""
    with (
        process_state_kept(),
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as err,
    ):
        status = run([str(argument) for argument in arguments])
    return CommandResult(status, out.getvalue(), err.getvalue())


@contextmanager
def process_state_kept() -> Iterator[None]:
    threads = torch.get_num_threads()
    matmul = getattr(torch.backends.mkldnn, "matmul", None)
    precision = getattr(matmul, "fp32_precision", None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    log = logging.getLogger("seqgan_core")
    listeners = list(log.handlers)
    try:
        yield
    finally:
        log.handlers = listeners
        torch.set_num_threads(threads)
        if matmul is not None:
            matmul.fp32_precision = precision
        for number, handler in handlers.items():
            signal.signal(number, handler)


def new_process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "seqgan_core", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_id_in(cli_with_run: Command) -> str:
    run_id: str = cli_with_run("runs", "--json").json[0]["run"]
    return run_id


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


def refused(result: CommandResult, *words: str) -> None:
    """Exit status 2, nothing on standard output, and one sentence that holds these words."""
    assert (result.status, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1, result.err
    assert "Traceback" not in result.err
    for word in words:
        assert word in result.err
