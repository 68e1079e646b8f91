"""A GPU that fails or is full, with CUDA's part stubbed: what is said, and what is kept."""

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from seqgan_core.runs import driver
from seqgan_core.runs import manager as manager_module
from seqgan_core.runs.driver import drive
from seqgan_core.runs.manager import Manager, ManagerError
from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig, settings_where
from seqgan_core.training.events import Event
from tests.gpu.pretended_device import PretendedTensor, pretended
from tests.support.fake_trainer import TINY, FakeTrainer
from tests.support.tiny.configs import small_config

SHORT = TINY.model_copy(update={"rounds": 0})
ON_GPU = SHORT.model_copy(update={"device": "auto"})
LOST = "CUDA error: an illegal memory access was encountered"
NO_HANDLE = "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
FULL = "CUDA out of memory. Tried to allocate 20.00 GiB."


class Trouble:
    """The first run fails with this error; later ones are trained."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.trainers = 0

    def make(self, config: TrainConfig) -> FakeTrainer:
        self.trainers += 1
        return FakeTrainer(config, self.fail if self.trainers == 1 else lambda step: None)

    def fail(self, step: int) -> None:
        if step == 3:
            raise self.error


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited 30 s in vain")


def lose_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise RuntimeError(LOST)

    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "synchronize", lost)
    monkeypatch.setattr(torch.cuda, "empty_cache", lost)
    monkeypatch.setattr(
        manager_module, "resolve_device",
        lambda name: torch.device("cuda" if name == "auto" else name),
    )  # fmt: skip


def test_when_the_gpu_fails_runs_on_it_wait_for_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_gpu(monkeypatch)
    trouble = Trouble(torch.AcceleratorError(LOST))
    store = Store(tmp_path)
    manager = Manager(store, make_trainer=trouble.make)
    try:
        first, second, third = (manager.start(ON_GPU) for _ in range(3))
        wait_for(lambda: manager.state().error is not None)
        assert store.run(first).status == "failed"
        assert store.run(first).reason == (
            f"the GPU failed: restart the program, then resume this run (AcceleratorError: {LOST})"
        )
        assert manager.state().active is None
        assert manager.state().queue == (second, third)
        assert [store.run(run).status for run in (second, third)] == ["queued", "queued"]
        assert trouble.trainers == 1
        for command in (lambda: manager.start(ON_GPU), lambda: manager.resume(first)):
            with pytest.raises(ManagerError, match="restart the program"):
                command()
        manager.cancel(third)
        assert store.run(third).status == "stopped"
    finally:
        manager.close()
    after = Manager(store, make_trainer=trouble.make)  # the program again
    try:
        monkeypatch.undo()
        after.resume(second)
        wait_for(lambda: store.run(second).status == "finished")
    finally:
        after.close()


def test_after_a_gpu_s_failure_runs_on_the_cpu_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_gpu(monkeypatch)
    trouble, store = Trouble(torch.AcceleratorError(LOST)), Store(tmp_path)
    manager = Manager(store, make_trainer=trouble.make)
    try:
        configs = (ON_GPU, ON_GPU, SHORT, ON_GPU, SHORT)
        _failed, first, second, third, fourth = (manager.start(config) for config in configs)
        wait_for(lambda: store.run(fourth).status == "finished")
        assert store.run(second).status == "finished"
        wait_for(lambda: manager.state().active is None)
        assert manager.state().queue == (first, third)
        late = manager.start(SHORT)
        wait_for(lambda: store.run(late).status == "finished")
        branch = manager.branch(late, store.checkpoints(late)[0].step, {})
        wait_for(lambda: store.run(branch).status == "finished")
        for command in (
            lambda: manager.start(ON_GPU),
            lambda: manager.branch(late, store.checkpoints(late)[0].step, {"device": "auto"}),
        ):
            with pytest.raises(ManagerError, match="restart the program"):
                command()
        assert trouble.trainers == 5
    finally:
        manager.close()


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError(FULL), MemoryError("20 GiB"), RuntimeError(NO_HANDLE)]
)
def test_a_full_memory_is_said_with_the_settings_to_lower_and_the_queue_goes_on(
    error: Exception, tmp_path: Path
) -> None:
    store, trouble = Store(tmp_path), Trouble(error)
    manager = Manager(store, make_trainer=trouble.make)
    try:
        first, second = manager.start(SHORT), manager.start(SHORT)
        wait_for(lambda: store.run(second).status == "finished")
    finally:
        manager.close()
    reason = store.run(first).reason
    assert reason.startswith("out of memory: ")
    branch, new = reason.split(", or start a new run ")
    fixed = settings_where(lambda facts: facts.fixed)
    assert set(re.findall(r"\w+_\w+", branch)) == {"n_rollouts", "g_batch_size"}
    assert not {"n_rollouts", "g_batch_size"} & set(fixed)
    assert {"batch_size", "d_batch_size"} <= set(fixed) & set(re.findall(r"\w+", new))
    assert str(error) in reason


def test_the_memory_of_a_run_that_filled_it_is_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []

    def empty_cache() -> None:
        left.append(sum(type(each) is PretendedTensor for each in gc.get_objects()))

    monkeypatch.setattr(driver.log, "exception", lambda *message: None)  # pytest keeps the error
    store = Store(tmp_path)
    run_id = store.create_run(small_config(n_train=32, n_test=16, device="auto"))
    with pretended() as at:
        monkeypatch.setattr(torch.cuda, "empty_cache", empty_cache)

        def fill(event: Event) -> None:
            if event.step:
                at.failing = lambda: torch.OutOfMemoryError(FULL)

        record = drive(store, run_id, on_event=fill)
    assert record.reason.startswith("out of memory: ")
    assert left[0] <= 4  # the orders of a few epochs, which the batches keep; no model, no graph
