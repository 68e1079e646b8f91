"""On a GPU: the same numbers as on the CPU, graphs equal to plain steps, and resume."""

import pytest
import torch

from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.rollout import complete, q_values, q_values_with
from seqgan_core.training.build import make_discriminator, make_generator
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.evaluation import at_temperature
from seqgan_core.training.events import (
    CheckpointDue,
    Evaluated,
    GeneratorUpdated,
    PhaseStarted,
    TemperaturesMeasured,
)
from seqgan_core.training.learners.cuda_graphs import GraphedStep
from seqgan_core.training.models import make_models
from seqgan_core.training.trainer import Trainer

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU; none is here"),
]

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
SMALL = make_config(
    vocab_size=200, sequence_length=10, n_train=1024, n_test=256, d_embedding_size=16,
    d_widths=(1, 2, 3), d_filters=(16, 16, 16), pretrain_epochs=2, d_pretrain_steps=2, rounds=3,
    g_steps=2, d_steps=2, d_epochs=1, n_rollouts=4, n_eval=512, evaluate_every=1,
    checkpoint_every=1, device="cuda",
)  # fmt: skip


def on(device: str, **changes: object) -> TrainConfig:
    return make_config(SMALL, device=device, **changes)


def test_log_probs_and_scores_agree_with_the_cpu() -> None:
    tokens = torch.randint(0, 200, (64, 10), generator=torch.Generator().manual_seed(1))
    for make in (make_generator, make_discriminator):
        on_cpu, on_gpu = make(SMALL, CPU), make(SMALL, CUDA)
        if make is make_generator:
            expected, actual = sequence_nll(on_cpu, tokens), sequence_nll(on_gpu, tokens.to(CUDA))
        else:
            expected, actual = on_cpu(tokens), on_gpu(tokens.to(CUDA))
        torch.testing.assert_close(actual.cpu(), expected, atol=2e-4, rtol=2e-4)


def test_completions_keep_their_prefix_and_score_as_whole_sequences() -> None:
    generator, discriminator = make_generator(SMALL, CUDA), make_discriminator(SMALL, CUDA)
    rng = torch.Generator(device=CUDA).manual_seed(1)
    tokens = generator.sample(8, 10, rng)
    completions = complete(generator, tokens, 5, rng)
    for p in range(9):
        assert torch.equal(completions[p, :, :, : p + 1], tokens[:, : p + 1].expand(5, 8, p + 1))
    fast = discriminator.score_completions(completions, tokens)
    plain = discriminator(completions.flatten(0, 2)).view(fast.shape)
    torch.testing.assert_close(fast, plain, atol=1e-4, rtol=1e-4)
    values = q_values(generator, discriminator, tokens, 5, rng)
    torch.testing.assert_close(values.q, values.scores.mean(0).t())


def test_the_temperature_curve_agrees_with_the_cpu() -> None:
    on_cpu, on_gpu = (make_models(on(device, n_eval=4096)) for device in ("cpu", "cuda"))
    for temperature in (0.7, 1.0):
        expected, actual = (
            at_temperature(models.generator, models.task, temperature, 4096, seed=1)
            for models in (on_cpu, on_gpu)
        )
        assert actual.nll_test == pytest.approx(expected.nll_test, abs=2e-4)
        assert actual.nll_oracle == pytest.approx(expected.nll_oracle, abs=0.1)  # other noise
    events = list(Trainer(on("cuda", rounds=1)).events())
    assert sum(isinstance(event, TemperaturesMeasured) for event in events) == 1


def test_graphs_give_what_plain_steps_give() -> None:
    def losses(graphs: bool) -> list[float]:
        trainer = Trainer(on("cuda", rounds=1), cuda_graphs=graphs)
        updates = [event for event in trainer.events() if isinstance(event, GeneratorUpdated)]
        return [event.loss for event in updates if event.phase == "pretrain_generator"]

    with_graphs, plain = losses(True), losses(False)
    assert with_graphs == pytest.approx(plain, abs=1e-4)


def test_a_captured_discriminator_learns_as_a_plain_one() -> None:
    def weights(graphs: bool) -> torch.Tensor:
        trainer = Trainer(on("cuda", d_pretrain_steps=1), cuda_graphs=graphs)
        for event in trainer.events():
            if isinstance(event, PhaseStarted) and event.phase == "adversarial":
                break
        assert trainer.models.discriminator is not None
        return trainer.models.discriminator.output_weight.detach().cpu()

    torch.testing.assert_close(weights(True), weights(False), atol=1e-3, rtol=1e-3)


def test_sampling_and_reward_as_one_graph_give_what_they_give_without() -> None:
    G, D = make_generator(SMALL, CUDA), make_discriminator(SMALL, CUDA)
    rng = torch.Generator(device=CUDA).manual_seed(1)
    sampled = torch.zeros(8, 10, dtype=torch.long, device=CUDA)
    q = torch.zeros(8, 10, device=CUDA)

    def reward(uniforms: torch.Tensor, noise: torch.Tensor) -> None:
        sampled.copy_(G.sample_with(uniforms))
        q.copy_(q_values_with(G, D, sampled, noise).q)

    graph = GraphedStep([sampled, q], enabled=True)
    for _ in range(3):
        uniforms = torch.rand(8, 10, generator=rng, device=CUDA)
        noise = torch.rand(9, 5, 8, 10, generator=rng, device=CUDA)
        graph(reward, uniforms, noise)
        tokens = G.sample_with(uniforms)
        assert torch.equal(sampled, tokens)
        torch.testing.assert_close(q, q_values_with(G, D, tokens, noise).q)
    assert graph._graph is not None


def test_the_first_mle_epochs_agree_with_the_cpu() -> None:
    def nll(device: str) -> list[float]:
        events = Trainer(on(device, strategy="mle", rounds=0)).events()
        return [event.metrics["nll_test"] for event in events if isinstance(event, Evaluated)]

    assert nll("cuda") == pytest.approx(nll("cpu"), abs=5e-3)


def test_a_run_resumes_on_the_gpu() -> None:
    whole = Trainer(SMALL)
    state, at = None, 0
    events = []
    for event in whole.events():
        events.append(event)
        if isinstance(event, CheckpointDue) and event.epoch == 3:
            state, at = (whole.state(), whole.counters), len(events)
    assert state is not None
    resumed = Trainer(SMALL)
    resumed.load(*state)
    rest = [e.metrics["nll_oracle"] for e in resumed.events() if isinstance(e, Evaluated)]
    expected = [e.metrics["nll_oracle"] for e in events[at:] if isinstance(e, Evaluated)]
    assert rest == pytest.approx(expected, abs=2e-2)
