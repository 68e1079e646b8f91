"""On a GPU: runs in a row, beside another thread, in full memory, on text, tunes, both devices."""

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from seqgan_core.insight.models import Models
from seqgan_core.paper.sampling import draw_from_weights
from seqgan_core.runs.driver import drive
from seqgan_core.runs.manager import Manager
from seqgan_core.runs.store import Store
from seqgan_core.training.build import make_discriminator, make_generator, resolve_config
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.events import Evaluated, Event, Finished
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner
from seqgan_core.training.setup.devices import gpu_has_failed
from seqgan_core.training.setup.estimate import unit_costs
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.text_models import config_for, keep_verse
from tests.support.tiny.tune_models import keep_tunes, music_config

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU; none is here"),
]

CUDA = torch.device("cuda")
BRIEF = make_config(
    vocab_size=200, sequence_length=10, n_train=1024, n_test=256, d_embedding_size=16,
    d_widths=(1, 2, 3), d_filters=(16, 16, 16), pretrain_epochs=2, d_pretrain_steps=1, rounds=1,
    g_steps=1, d_steps=1, d_epochs=1, n_rollouts=4, n_eval=512, evaluate_every=1,
    checkpoint_every=1, device="cuda",
)  # fmt: skip


def nll_of(config: TrainConfig) -> list[float]:
    """NLL_test at each evaluation of a whole run."""
    events = list(Trainer(config).events())
    assert isinstance(events[-1], Finished)
    assert events[-1].status == "finished"
    return [event.metrics["nll_test"] for event in events if isinstance(event, Evaluated)]


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s in vain"
        time.sleep(0.05)


def in_use() -> int:
    """Bytes of living tensors; cuBLAS keeps some for each stream that it has worked on."""
    gc.collect()
    torch._C._cuda_clearCublasWorkspaces()
    return torch.cuda.memory_allocated()


def test_a_second_captured_run_in_one_process(caplog: pytest.LogCaptureFixture) -> None:
    first = nll_of(BRIEF)
    after_one = in_use()
    for _ in range(3):
        assert nll_of(BRIEF) == pytest.approx(first, abs=5e-2)
        assert in_use() <= after_one
    assert "without a CUDA graph" not in caplog.text


@pytest.mark.parametrize("B", [300, 308, 1024])  # 3,000, 3,080 and 10,240 rows of an embedding
def test_graphs_of_more_than_3072_rows_are_captured_and_give_what_plain_steps_give(
    B: int, caplog: pytest.LogCaptureFixture
) -> None:
    rng = torch.Generator(device=CUDA).manual_seed(1)
    tokens = torch.randint(200, (B, 10), generator=rng, device=CUDA)
    labels = torch.arange(B, device=CUDA) % 2
    keep = make_discriminator(BRIEF, CUDA).dropout_mask(B, 0.75, rng)
    for graphed, plain, inputs in (
        (*(MleLearner(make_generator(BRIEF, CUDA), 0.01, 5.0, on) for on in (True, False)),
         (tokens,)),
        (*(DiscriminatorLearner(make_discriminator(BRIEF, CUDA), 1e-3, 0.2, on)
           for on in (True, False)), (tokens, labels, keep)),
    ):  # fmt: skip
        for _ in range(5):
            graphed(*inputs)
            plain(*inputs)
        first, second = graphed.read(), plain.read()
        assert first.loss == pytest.approx(second.loss, abs=1e-4)
        assert first.metric == pytest.approx(second.metric, rel=1e-3)
        for one, other in zip(graphed.model.parameters(), plain.model.parameters(), strict=True):
            # on average: Adam turns a gradient that is only rounding into a whole step
            assert float((one - other).detach().abs().mean()) < 1e-4
    assert "without a CUDA graph" not in caplog.text


def test_captures_beside_a_thread_that_estimates_and_computes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, rounds = threading.Event(), 0
    errors: list[Exception] = []

    def compute() -> None:
        nonlocal rounds
        try:
            while not stop.is_set():
                unit_costs.cache_clear()
                unit_costs(BRIEF, CUDA)
                torch.empty((rounds % 7 + 1) << 22, device=CUDA).fill_(1).sum().item()
                rounds += 1
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    expected = nll_of(BRIEF)
    thread = threading.Thread(target=compute)
    thread.start()
    try:
        wait_for(lambda: rounds > 0 or bool(errors))
        for _ in range(4):
            assert nll_of(BRIEF) == pytest.approx(expected, abs=5e-2)
    finally:
        stop.set()
        thread.join(60)
    assert errors == []
    assert rounds > 1
    assert "without a CUDA graph" not in caplog.text


def test_the_manager_trains_a_queue_and_frees_the_memory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    before = in_use()
    manager = Manager(store)
    try:
        runs = [manager.start(make_config(BRIEF, seed=seed)) for seed in (1, 2, 3)]
        wait_for(lambda: all(store.run(run).status == "finished" for run in runs))
        wait_for(lambda: manager.state().active is None)
    finally:
        manager.close()
    assert "GiB" in (store.run(runs[0]).device or "")
    assert in_use() <= before + 2**20
    step = max(point.step for point in store.checkpoints(runs[0]))
    assert Models(store).at(runs[0], step).device.type == "cpu"


def test_a_run_that_does_not_fit_is_said_and_freed_and_the_next_one_trains(tmp_path: Path) -> None:
    store = Store(tmp_path)
    before = in_use()
    gigabyte = 2**30 / torch.cuda.get_device_properties(CUDA).total_memory
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(gigabyte)
    manager = Manager(store)
    try:
        full = manager.start(make_config(BRIEF, g_batch_size=8192, n_rollouts=64))
        next_one = manager.start(BRIEF)
        wait_for(lambda: store.run(next_one).status in ("finished", "failed"))
    finally:
        manager.close()
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert store.run(full).status == "failed"
    assert store.run(full).reason.startswith("out of memory: ")
    assert store.run(next_one).status == "finished"
    assert in_use() <= before + 2**20
    assert not gpu_has_failed()


@pytest.mark.parametrize("strategy", ["seqgan", "pg_bleu", "scheduled_sampling"])
def test_text_and_tunes_train_as_on_the_cpu(
    strategy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    verse, tunes = config_for(keep_verse()), music_config(keep_tunes())
    for config in (verse, tunes):
        changed = make_config(config, strategy=strategy, evaluate_every=1)
        on_cpu, on_gpu = (
            nll_of(resolve_config(make_config(changed, device=device)))
            for device in ("cpu", "cuda")
        )
        if strategy != "scheduled_sampling":  # whose coins are other ones on a GPU
            mle = changed.pretrain_epochs + 1
            assert on_gpu[:mle] == pytest.approx(on_cpu[:mle], abs=1e-2)


def test_a_run_goes_from_the_gpu_to_the_cpu_and_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    config = make_config(BRIEF, rounds=6, pretrain_epochs=2)
    run_id = store.create_run(config)

    def until(epoch: float, device: str) -> str:
        reached = 0.0

        def make(config: TrainConfig) -> Trainer:
            return Trainer(make_config(config, device=device))

        def watch(event: Event) -> None:
            nonlocal reached
            reached = event.epoch

        return drive(
            store, run_id, on_event=watch, should_stop=lambda: reached >= epoch, make_trainer=make
        ).status

    assert until(4.0, "cuda") == "stopped"
    assert until(6.0, "cpu") == "stopped"
    assert until(99.0, "cuda") == "finished"
    nll = store.frame(run_id, "Evaluated")["nll_test"].to_numpy()
    assert abs(nll[1:] - nll[:-1]).max() < 0.5  # no jump where the device changed


def test_a_weight_of_zero_is_never_drawn() -> None:
    rng = torch.Generator(device=CUDA).manual_seed(1)
    for V in (50, 5000, 50_000):
        weights = torch.rand(64, V, generator=rng, device=CUDA)
        weights *= torch.rand(64, V, generator=rng, device=CUDA) < 0.3
        weights[:, 0] = 1.0
        uniforms = torch.rand(64, 2000, generator=rng, device=CUDA)
        drawn = draw_from_weights(weights, uniforms)
        assert (weights.gather(1, drawn) > 0).all()
