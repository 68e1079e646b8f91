"""A run that is killed again and again ends bit for bit as the unbroken one (CPU, one thread)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Evaluated, PhaseStarted
from tests.support.fake_trainer import TINY
from tests.support.paths import ROOT

PROGRAM = """
import sys
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.training.setup.devices import prepare_cpu

def tell(event):
    print(event, flush=True)
    sys.stdin.readline()  # one line is the permission for one more event

prepare_cpu(1)
record = drive(Store(sys.argv[1]), sys.argv[2], on_event=tell)
print(record.status, flush=True)
"""


def begin(store: Store, run_id: str) -> subprocess.Popen[bytes]:
    """A new program that trains the run."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(store.home), run_id],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def train(store: Store, run_id: str) -> None:
    output, errors = begin(store, run_id).communicate(timeout=240)
    assert output.splitlines()[-1:] == [b"finished"], errors.decode()


def interrupt(store: Store, run_id: str, number: signal.Signals, events: int) -> int:
    """Let a new program train the run, and send it a signal when it has reported so many events.

    It may go on for two more events meanwhile, so the signal finds it anywhere in them.
    """
    program = begin(store, run_id)
    assert program.stdout is not None
    assert program.stdin is not None
    try:
        program.stdin.write(b"\n" * (events + 1))
        program.stdin.flush()
        for _ in range(events):
            assert program.stdout.readline(), program.communicate()[1].decode()
        program.send_signal(number)
        program.communicate(timeout=240)  # closes its input, so that it may end in order
    finally:
        program.kill()
    return program.returncode


def bits(tensor: torch.Tensor) -> bytes:
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes()


@pytest.mark.parametrize(
    ("config", "kills"),
    [
        (TINY, [8, 6, 17]),  # in MLE, in D's pre-training, in the rounds
        (
            TINY.model_copy(
                update={"rollout_policy": "average", "q_normalisation": "standardise", "g_steps": 2}
            ),
            [30],  # in the rounds, when the average has moved
        ),
    ],
    ids=["paper", "average"],
)
def test_killed_and_resumed_it_is_the_unbroken_run(
    tmp_path: Path, config: TrainConfig, kills: list[int]
) -> None:
    store = Store(tmp_path)
    unbroken, killed = store.create_run(config), store.create_run(config)
    train(store, unbroken)

    resumed_from = []
    for events in kills:
        assert interrupt(store, killed, signal.SIGKILL, events) == -signal.SIGKILL
        assert store.run(killed).status == "interrupted"
        resumed_from.append(store.checkpoint(killed).step)
    assert resumed_from[0] > 0
    assert resumed_from == sorted(set(resumed_from))  # each began where the last had come to
    assert store.checkpoint(killed).epoch > config.pretrain_epochs
    train(store, killed)

    histories = [[event for _, _, event in store.events(run_id)] for run_id in (unbroken, killed)]
    assert sum(isinstance(event, PhaseStarted) for event in histories[0]) == 3
    assert sum(isinstance(event, Evaluated) for event in histories[0]) >= 6
    assert histories[0] == histories[1]  # metrics and followed sequences among them
    whole, resumed = (store.checkpoint(run_id) for run_id in (unbroken, killed))
    assert (whole.counters, whole.step) == (resumed.counters, resumed.step)
    assert set(whole.tensors) == set(resumed.tensors)
    assert len(whole.tensors) > 20
    for name, tensor in whole.tensors.items():
        assert bits(tensor) == bits(resumed.tensors[name]), name
    seconds = [seconds for _, seconds, _ in store.events(killed)]
    assert seconds == sorted(seconds)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_signal_leaves_a_checkpoint_of_that_moment(
    tmp_path: Path, number: signal.Signals
) -> None:
    store = Store(tmp_path)
    run_id = store.create_run(TINY)
    assert interrupt(store, run_id, number, events=6) == 0
    record = store.run(run_id)
    assert (record.status, record.reason) == ("interrupted", "")
    assert store.last_seq(run_id) >= 5
    assert store.checkpoint(run_id).seq == store.last_seq(run_id)
