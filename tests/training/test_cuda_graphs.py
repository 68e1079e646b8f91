"""Steps as CUDA graphs, with CUDA's parts stubbed: the same numbers, no cycle, no lost run."""

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.training.config import ConfigError
from seqgan_core.training.learners import cuda_graphs
from seqgan_core.training.learners.cuda_graphs import GraphedStep
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner
from seqgan_core.training.trainer import Trainer
from tests.support.fake_trainer import TINY, FakeTrainer
from tests.support.tiny.models import small_discriminator, small_generator
from tests.training.graph_on_cpu import Captures, capture_on_cpu


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> Captures:
    return capture_on_cpu(monkeypatch)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Only counted references free anything."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def with_graphs(learner: MleLearner | DiscriminatorLearner) -> None:
    """Lets it capture although it is on a CPU."""
    learner._one._enabled = learner._several._enabled = True
    learner.at_once = 3


def mle_learner() -> MleLearner:
    return MleLearner(small_generator(7, std=1.0), 0.05, max_grad_norm=0.5)


def d_learner() -> DiscriminatorLearner:
    return DiscriminatorLearner(small_discriminator(7), 0.05, l2=0.2)


def batches(learner: MleLearner | DiscriminatorLearner, n: int) -> list[tuple[torch.Tensor, ...]]:
    rng = torch.Generator().manual_seed(3)
    made: list[tuple[torch.Tensor, ...]] = []
    for _ in range(n):
        tokens = torch.randint(7, (8, 5), generator=rng)
        if isinstance(learner, MleLearner):
            made.append((tokens,))
        else:
            labels = torch.randint(2, (8,), generator=rng)
            made.append((tokens, labels, learner.model.dropout_mask(8, 0.5, rng)))
    return made


def same_numbers(first: MleLearner | DiscriminatorLearner, second: object) -> None:
    assert isinstance(second, type(first))
    for expected, actual in zip(first._one._state, second._one._state, strict=True):
        assert torch.equal(expected, actual)  # weights, moments and sums
    assert first.read() == second.read()


@pytest.mark.parametrize("make", [mle_learner, d_learner])
@pytest.mark.parametrize("fails", [False, True])
def test_a_graph_and_a_failed_capture_give_what_plain_steps_give(
    make: type[MleLearner], fails: bool, captures: Captures, caplog: pytest.LogCaptureFixture
) -> None:
    plain, graphed = make(), make()
    with_graphs(graphed)
    captures.fails = fails
    for inputs in batches(plain, 5):
        plain(*inputs)
        graphed(*inputs)
    assert len(captures.graphs) == 1
    assert (captures.graphs[0] > 20) != fails
    same_numbers(plain, graphed)
    assert [r.levelname for r in caplog.records] == ["WARNING"] * fails
    assert ("without a CUDA graph, more slowly: CUDA error" in caplog.text) == fails
    assert gc.isenabled()


@pytest.mark.parametrize("make", [mle_learner, d_learner])
def test_several_updates_in_a_graph_and_the_rest_give_what_single_ones_give(
    make: type[MleLearner], captures: Captures
) -> None:
    plain, graphed = make(), make()
    with_graphs(graphed)
    many = batches(plain, 14)
    for inputs in many:
        plain(*inputs)
    for first, last in ((0, 3), (3, 6), (6, 8), (8, 11), (11, 14)):  # 3 in a graph, 2 alone
        graphed.updates(*map(torch.stack, zip(*many[first:last], strict=True)))
    single, three = captures.graphs[1], captures.graphs[0]
    assert len(captures.graphs) == 2
    assert three == 3 * single
    assert [step._graph.replays for step in (graphed._several, graphed._one)] == [4, 2]
    same_numbers(plain, graphed)


def test_a_run_in_graphs_is_the_plain_run(captures: Captures) -> None:
    """MLE has epochs of 3 + 1 updates, D sets of 3 + 3 + 1 + 1."""
    plain, graphed = Trainer(TINY), Trainer(TINY)
    learners = graphed.learners
    assert learners.discriminator is not None
    with_graphs(learners.mle)
    with_graphs(learners.discriminator)
    assert list(plain.events()) == list(graphed.events())
    assert len(captures.graphs) == 4
    state = plain.state()
    assert all(torch.equal(tensor, state[name]) for name, tensor in graphed.state().items())


def test_a_lost_device_is_no_reason_for_plain_steps(
    captures: Captures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(torch.cuda, "synchronize", lost)
    captures.fails = True
    learner = mle_learner()
    with_graphs(learner)
    with pytest.raises(RuntimeError, match="illegal memory access"):
        learner(*batches(learner, 1)[0])
    with ThreadPoolExecutor(1) as pool:  # another thread may capture now
        assert pool.submit(cuda_graphs.CAPTURING.acquire, blocking=False).result()
        pool.submit(cuda_graphs.CAPTURING.release).result()


@pytest.mark.parametrize("make", [mle_learner, d_learner])
def test_a_learner_and_its_graph_die_with_their_last_reference(
    make: type[MleLearner], captures: Captures, no_collector: None
) -> None:
    learner = make()
    with_graphs(learner)
    learner(*batches(learner, 1)[0])
    graph = learner._one._graph
    assert graph is not None
    alive = [weakref.ref(learner), weakref.ref(graph), weakref.ref(learner.model)]
    del learner, graph
    assert [reference() for reference in alive] == [None] * 3


def test_a_trainer_dies_with_its_last_reference(no_collector: None) -> None:
    trainer = Trainer(TINY)
    events = trainer.events()
    while next(events).epoch <= TINY.pretrain_epochs:
        pass
    learners = trainer.learners
    assert learners.discriminator is not None
    alive = [weakref.ref(x) for x in (trainer, learners.mle, learners.discriminator)]
    events.close()
    del trainer, events, learners
    assert [reference() for reference in alive] == [None] * 3


def test_no_garbage_is_collected_in_a_capture_and_it_is_collected_before(
    captures: Captures, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.me = self

    before, during = Cycle(), [True]
    gone = weakref.ref(before)
    del before
    weight = torch.zeros(2)

    def step(by: torch.Tensor) -> None:
        if len(captures.graphs) == 1:
            during[0] = gc.isenabled() or gone() is not None
        weight.add_(by)

    GraphedStep([weight], enabled=True)(step, torch.ones(2))
    assert during == [False]
    assert weight.tolist() == [1.0, 1.0]


def test_at_a_runs_end_its_trainer_is_gone_and_the_gpus_memory_is_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_collector: None
) -> None:
    store, freed = Store(tmp_path), []
    made: list[weakref.ref[FakeTrainer]] = []

    def make(config: object, fails_at: int) -> FakeTrainer:
        def before(step: int) -> None:
            if step == fails_at:
                raise ConfigError("test", "this cannot be trained")

        trainer = FakeTrainer(TINY.model_copy(update={"rounds": 0}), before)
        made.append(weakref.ref(trainer))
        return trainer

    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: freed.append(made[-1]() is None))
    for fails_at, status in ((0, "finished"), (3, "failed")):
        run_id = store.create_run(TINY)
        record = drive(store, run_id, make_trainer=lambda c, at=fails_at: make(c, at))
        assert record.status == status
    assert freed == [True, True]
