"""Training on a pretended GPU: nothing is mixed, little is read back, and graphs give the same."""

from pathlib import Path

import pytest
import torch

from seqgan_core.paper import cross_entropy, generator
from seqgan_core.paper.bleu import Bleu, self_bleu
from seqgan_core.paper.metrics import conditional_entropy, sequence_nll
from seqgan_core.paper.rollout import complete
from seqgan_core.paper.sampling import draw_from_weights
from seqgan_core.training.build import make_discriminator, make_generator, resolve_config
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Evaluated, Event, Finished, GeneratorUpdated
from seqgan_core.training.learners import cuda_graphs
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup import estimate
from seqgan_core.training.setup.devices import describe_device, resolve_device
from seqgan_core.training.trainer import Trainer
from tests.gpu.pretended_device import PretendedDevice, PretendedTensor, pretended
from tests.support.tiny.configs import small_config
from tests.support.tiny.text_models import config_for, keep_verse
from tests.support.tiny.tune_models import keep_tunes, music_config

TINY = small_config(
    n_train=32, n_test=16, pretrain_epochs=2, d_pretrain_steps=1, rounds=1, n_rollouts=2,
    report_every=100, evaluate_every=10, checkpoint_every=10, device="auto",
)  # fmt: skip
BRIEF = {"pretrain_epochs": 1, "rounds": 1, "evaluate_every": 10, "checkpoint_every": 10}


def events_of(config: TrainConfig) -> list[Event]:
    events = list(Trainer(config).events())
    assert isinstance(events[-1], Finished)
    assert events[-1].status == "finished"
    return events


def places(at: PretendedDevice) -> set[str]:
    """The files that read from the device."""
    return {read.split()[1].split(":")[0] for read in at.reads}


# -- the pretended device itself -------------------------------------------------------------------


def test_tensors_of_two_devices_never_meet() -> None:
    with pretended() as at:
        here, there = torch.ones(3, device=at.device), torch.ones(3)
        assert (here.device.type, here.is_cuda, there.device.type) == ("cuda", True, "cpu")
        for mixed in (
            lambda: here + there,
            lambda: torch.stack([here, there]),
            lambda: there[torch.zeros(2, dtype=torch.long, device=at.device)],
            lambda: torch.rand(3, generator=torch.Generator(), device=at.device),
        ):
            with pytest.raises(RuntimeError, match="device"):
                mixed()
        assert (here + torch.tensor(2.0)).tolist() == [3.0] * 3  # a number may come from the CPU
        assert here[torch.tensor([0, 2])].shape == (2,)
        assert torch.equal(here.cpu(), there)
        there.copy_(here * 3)
        assert type(there) is torch.Tensor
        assert there.tolist() == [3.0] * 3
        with pytest.raises(TypeError, match="numpy"):
            here.numpy()
    assert not torch.cuda.is_available()


def test_each_host_read_is_counted_and_none_is_allowed_in_a_capture() -> None:
    with pretended() as at:
        numbers = torch.arange(4.0, device=at.device)
        float(numbers.sum()), numbers.tolist(), numbers.cpu(), numbers[numbers > 1]
        assert at.reads.total() == 4
        with (
            pytest.raises(RuntimeError, match="capturing"),
            torch.cuda.graph(torch.cuda.CUDAGraph()),
        ):
            float(numbers.sum())


def test_a_replay_computes_again_into_the_same_tensors() -> None:
    with pretended() as at:
        given, total = torch.ones(3, device=at.device), torch.zeros((), device=at.device)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            total.add_((given * 2).sum())
        assert float(total) == 6  # a real capture computes nothing; here it is one more step
        given.fill_(5)
        graph.replay()
        graph.replay()
        assert float(total) == 6 + 2 * 30


def test_mps_has_no_float64() -> None:
    with pretended("mps") as at:
        for wide in (
            lambda: torch.ones(3, device=at.device).double(),
            lambda: torch.zeros(3, dtype=torch.float64, device=at.device),
        ):
            with pytest.raises(TypeError, match="float64"):
                wide()


# -- training --------------------------------------------------------------------------------------


def test_seqgan_trains_whole_with_the_numbers_of_the_cpu() -> None:
    config = TINY.model_copy(update={"rollout_policy": "average", "d_max_accuracy": 0.99})
    with pretended() as at:
        on_gpu = events_of(config)
    on_cpu = events_of(config.model_copy(update={"device": "cpu"}))
    assert [type(event) for event in on_gpu] == [type(event) for event in on_cpu]
    for first, second in zip(on_gpu, on_cpu, strict=True):
        if isinstance(first, GeneratorUpdated) and first.phase == "pretrain_generator":
            assert isinstance(second, GeneratorUpdated)
            assert first.loss == pytest.approx(second.loss, rel=1e-5)
            assert first.grad_norm == pytest.approx(second.grad_norm, rel=1e-4)
    assert at.captures == 2  # of MLE and of D
    assert places(at) <= {
        "training/learners/updates.py", "training/evaluation.py", "training/checks.py",
        "tasks/synthetic.py", "paper/metrics.py",
    }  # fmt: skip


def test_scheduled_sampling_trains_whole() -> None:
    with pretended() as at:
        events_of(TINY.model_copy(update={"strategy": "scheduled_sampling"}))
    assert at.captures == 0


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_text_trains_whole(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    verse = config_for(keep_verse(), strategy="pg_bleu", device="auto", **BRIEF)
    with pretended(kind):
        events_of(resolve_config(verse))


def test_tunes_train_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    tunes = music_config(keep_tunes(n=12), strategy="seqgan", device="auto", **BRIEF)
    with pretended():
        events_of(resolve_config(tunes))


# -- what it draws, measures and expects -----------------------------------------------------------


def test_bleu_on_mps_is_that_of_the_cpu() -> None:
    tokens = torch.randint(9, (40, 7), generator=torch.Generator().manual_seed(1))
    bleu, own = Bleu(tokens[20:], 3, 9, end=0).scores(tokens), self_bleu(tokens, 3, 9, end=0)
    with pretended("mps") as at:
        there = tokens.to(at.device)
        scores = Bleu(there[20:], 3, 9, end=0).scores(there).cpu()
        diversity = self_bleu(there, 3, 9, end=0).cpu()
    torch.testing.assert_close(scores.double(), bleu, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(diversity.double(), own, rtol=1e-5, atol=1e-6)


def test_cuda_never_draws_a_weight_of_zero() -> None:
    rng = torch.Generator().manual_seed(1)
    weights = torch.rand(300, 40, generator=rng) * (torch.rand(300, 40, generator=rng) < 0.5)
    weights[:, 0] = 1.0
    # the uniform numbers next to the edge of each token, where a rounding error is enough
    edges = weights.double().cumsum(1) / weights.double().sum(1, keepdim=True)
    steps = torch.arange(-8, 9) / 2**24
    uniforms = (edges[:, :, None].float() + steps).flatten(1).clamp(0, 1 - 2**-24)
    with pretended() as at:
        drawn = draw_from_weights(weights.to(at.device), uniforms.to(at.device)).cpu()
    assert (weights.gather(1, drawn) > 0).all()


def test_the_memory_of_a_gpu_is_bounded_whatever_the_vocabulary_and_the_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = 20_000
    monkeypatch.setattr(generator, "GPU_NUMBERS", most)
    monkeypatch.setitem(cross_entropy.LOGITS_AT_ONCE, "gpu", most)
    config = TINY.model_copy(update={"vocab_size": 90, "sequence_length": 8})
    with pretended() as at:
        G, D = make_generator(config, at.device), make_discriminator(config, at.device)
        tokens = G.sample(500, 8, rng_for(1, "test", 0, at.device))
        completions = complete(G, tokens[:10], 8, rng_for(2, "test", 0, at.device))
        at.largest = 0
        G.sample(500, 8, rng_for(1, "test", 0, at.device))
        sequence_nll(G, tokens)
        conditional_entropy(G, tokens)
        D.probability_real(tokens)
        D.score_completions(completions, tokens[:10])
    assert at.largest <= most
    assert at.largest > most / 2


def test_the_estimate_times_graphs_and_no_run_captures_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = 0

    class Lock:
        def __enter__(self) -> None:
            nonlocal held
            held += 1

        def __exit__(self, *error: object) -> None:
            nonlocal held
            held -= 1

    for module in (estimate, cuda_graphs):
        monkeypatch.setattr(module, "CAPTURING", Lock())
    timed = estimate._seconds

    def seconds(work: object, device: torch.device) -> float:
        assert held == 1
        return timed(work, device)  # type: ignore[arg-type]

    monkeypatch.setattr(estimate, "_seconds", seconds)
    with pretended() as at:
        assert describe_device(resolve_device("auto")) == "Pretended, 140 GiB"
        costs = estimate.unit_costs(estimate._sizes_only(TINY), at.device)
    assert at.captures == 2
    assert all(cost > 0 for cost in vars(costs).values())
    assert held == 0


def test_a_checkpoint_goes_from_the_gpu_to_the_cpu_and_back() -> None:
    on_cpu = TINY.model_copy(update={"device": "cpu"})
    with pretended():
        first = Trainer(TINY)
        for event in first.events():
            if isinstance(event, Evaluated) and event.epoch == 2:
                break
        second = Trainer(on_cpu)
        second.load(first.state(), first.counters)
        list(second.events())
        third = Trainer(TINY)
        third.load(second.state(), second.counters)
        assert isinstance(third.models.generator.embedding, PretendedTensor)
        for name, tensor in second.state().items():
            assert torch.equal(third.state()[name], tensor), name
