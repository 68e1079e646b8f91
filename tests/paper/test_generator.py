"""The generator: its formulas, what it reads first, and its samples."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from seqgan_core.paper.generator import GPU_NUMBERS, START_TOKEN, FastSampler, Generator, row_chunks
from seqgan_core.paper.objectives import mle_loss
from tests.support.tiny.models import (
    all_sequences,
    chi_square_p_value,
    number_of,
    probabilities,
    random_tokens,
    rng,
    small_generator,
)


def as_torch_lstm(generator: Generator) -> nn.LSTM:
    """PyTorch's own LSTM with the same weights; its gates are in the order i, f, c, o."""
    E, H = generator.embedding_size, generator.hidden_size
    lstm = nn.LSTM(E, H, batch_first=True)
    order = [0, 1, 3, 2]

    def reordered(weight: torch.Tensor) -> torch.Tensor:
        return torch.cat([weight.chunk(4, dim=-1)[gate] for gate in order], dim=-1)

    with torch.no_grad():
        lstm.weight_ih_l0.copy_(reordered(generator.w_input).t())
        lstm.weight_hh_l0.copy_(reordered(generator.w_hidden).t())
        lstm.bias_ih_l0.copy_(reordered(generator.b_gates))
        lstm.bias_hh_l0.zero_()
    return lstm


def test_it_is_an_lstm_with_a_softmax() -> None:
    G, tokens = small_generator(11, size=5), random_tokens(6, 7, 11)
    inputs = F.pad(tokens[:, :-1], (1, 0), value=START_TOKEN)
    h, _ = as_torch_lstm(G)(G.embedding[inputs])
    expected = (h @ G.w_output + G.b_output).log_softmax(-1)
    expected = expected.gather(2, tokens[..., None])[..., 0]
    assert torch.allclose(G.log_probs(tokens), expected, atol=1e-5)


def test_log_probs_sum_to_one_over_all_sequences() -> None:
    every = all_sequences(3, 4)
    total = small_generator().log_probs(every).detach().sum(dim=1).double().exp().sum()
    assert float(total) == pytest.approx(1.0, abs=1e-5)


def test_log_probs_are_the_probabilities_from_the_start() -> None:
    G, every = small_generator(), all_sequences(3, 3)
    assert torch.allclose(
        G.log_probs(every).sum(1).double().exp(), probabilities(G, every), atol=1e-6
    )


def test_trap_4_the_start_token_is_read_before_everything() -> None:
    G, tokens = small_generator(5), random_tokens(4, 3, 5)
    states = G.states(tokens)
    state = G.advance(torch.full((4,), START_TOKEN), G.initial_state(4))
    for t in range(3):
        assert torch.allclose(states[t].h, state.h, atol=1e-6)
        state = G.advance(tokens[:, t], state)
    without_start = G.advance(tokens[:, 0], G.initial_state(4))
    assert not torch.allclose(states[1].h, without_start.h, atol=1e-3)


@pytest.mark.parametrize(("rows", "length"), [(0, 3), (1, 1), (7, 9)])
def test_the_librarys_lstm_has_the_states_of_ours(rows: int, length: int) -> None:
    G, tokens = small_generator(6, size=5), random_tokens(rows, length, 6)
    expected = torch.stack([state.h for state in G.states(tokens)], dim=1)
    assert torch.allclose(G.hidden(tokens), expected, atol=1e-6)
    assert G.log_probs(tokens).shape == (rows, length)
    noise = torch.randn(rows, length, 5, generator=rng())
    inputs = [G.embedding, G.w_input, G.w_hidden, G.b_gates]
    ours, theirs = (
        torch.autograd.grad((h * noise).sum(), inputs) for h in (G.hidden(tokens), expected)
    )
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_samples_follow_the_model() -> None:
    G, every = small_generator(), all_sequences(3, 3)
    samples = G.sample(40_000, 3, rng(7))
    counts = torch.bincount(number_of(samples, 3), minlength=27)
    assert chi_square_p_value(counts, probabilities(G, every).detach()) > 1e-3


def test_temperature_divides_the_logits() -> None:
    G = small_generator()
    hot = small_generator()
    with torch.no_grad():  # the first token only depends on the output layer this way
        hot.w_output.div_(2.0)
        hot.b_output.div_(2.0)
    assert torch.equal(G.sample(500, 3, rng(), temperature=2.0), hot.sample(500, 3, rng()))


def test_temperature_0_is_greedy() -> None:
    G = small_generator(9)
    samples = G.sample(5, 6, rng(), temperature=0.0)
    assert (samples == samples[0]).all()
    assert torch.equal(G.logits(samples[:1]).argmax(-1), samples[:1])


def test_the_fast_sampler_steps_like_the_generator() -> None:
    G, tokens = small_generator(8), random_tokens(5, 1, 8)[:, 0]
    sampler = FastSampler(G)
    ours, theirs = G.initial_state(5), G.initial_state(5)
    for _ in range(3):
        ours, theirs = sampler.advance(tokens, ours), G.advance(tokens, theirs)
        assert torch.allclose(ours.h, theirs.h, atol=1e-6)
        assert torch.allclose(ours.c, theirs.c, atol=1e-6)


def test_sampling_leaves_state_and_weights_unchanged() -> None:
    G = small_generator(8)
    before = [parameter.detach().clone() for parameter in G.parameters()]
    state = G.states(random_tokens(4, 3, 8))[-1]
    h, c = state.h.detach().clone(), state.c.detach().clone()
    G.continue_from(state, torch.rand(4, 5, generator=rng()))
    assert torch.equal(state.h, h)
    assert torch.equal(state.c, c)
    assert all(torch.equal(a, b) for a, b in zip(before, G.parameters(), strict=True))


def test_equal_noise_gives_equal_samples_and_chunks_do_not_matter() -> None:
    G = small_generator(6)
    noise = torch.rand(5000, 4, generator=rng())
    samples = G.sample_with(noise)
    assert torch.equal(samples, G.sample_with(noise))
    assert torch.equal(samples[3000:3005], G.sample_with(noise[3000:3005]))


def test_only_the_given_generator_is_drawn_from() -> None:
    G = small_generator(6)
    before = torch.random.get_rng_state()
    first = G.sample(20, 5, rng(3))
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.rand(5)
    assert torch.equal(G.sample(20, 5, rng(3)), first)
    assert not torch.equal(G.sample(20, 5, rng(4)), first)


def test_every_parameter_moves() -> None:
    G = small_generator(5)
    mle_loss(G, all_sequences(5, 3)[::3]).backward()
    for name, parameter in G.named_parameters():
        assert parameter.grad is not None, name
        rows = parameter.grad.abs().sum(-1) if name == "embedding" else parameter.grad.abs()
        assert (rows > 0).all(), name


@pytest.mark.parametrize("std", [0.1, 1.0])
def test_every_tensor_starts_normal(std: float) -> None:
    G = Generator(500, 16, 16).initialise(rng(), std)
    for name, parameter in G.named_parameters():
        tolerance = 4 * std / parameter.numel() ** 0.5
        assert abs(float(parameter.detach().mean())) < tolerance, name
        assert float(parameter.detach().std()) == pytest.approx(std, abs=tolerance), name


def test_no_sequences() -> None:
    assert small_generator().sample(0, 4, rng()).shape == (0, 4)


def test_rows_are_taken_in_turn() -> None:
    slices = list(row_chunks(10, torch.device("cpu"), 5000, rows=4))
    assert slices == [slice(0, 4), slice(4, 8), slice(8, 10)]
    assert list(row_chunks(0, torch.device("cpu"), 5000)) == []


@pytest.mark.parametrize("numbers", [1, 5000, 50_000 * 200, GPU_NUMBERS + 1])
def test_a_gpu_takes_as_many_rows_as_it_has_memory_for(numbers: int) -> None:
    slices = list(row_chunks(3 * GPU_NUMBERS // numbers + 2, torch.device("cuda"), numbers))
    rows = slices[0].stop
    assert rows == 1 or rows * numbers <= GPU_NUMBERS < (rows + 1) * numbers
    assert slices[-1].stop == 3 * GPU_NUMBERS // numbers + 2


def tied(seed: int = 0) -> Generator:
    return Generator(5, 4, 4, tied=True).initialise(rng(seed), 1.0)


def test_tied_embeddings_are_the_same_model_with_equal_weights() -> None:
    G, plain = tied(), Generator(5, 4, 4)
    assert "w_output" not in G.state_dict()
    plain.load_state_dict(G.state_dict() | {"w_output": G.embedding.detach().t()})
    tokens, uniforms = random_tokens(6, 7, 5), torch.rand(6, 7, generator=rng(1))
    assert torch.allclose(G.logits(tokens), plain.logits(tokens), atol=1e-6)
    assert torch.equal(G.sample_with(uniforms), plain.sample_with(uniforms))
    hot = G.at_temperature(2.0)
    assert torch.allclose(hot.logits(tokens), G.logits(tokens) / 2, atol=1e-6)
    weights = torch.rand(6, 7, generator=rng(2))
    G.weighted_nll(tokens, weights)[0].backward()  # type: ignore[no-untyped-call]
    plain.weighted_nll(tokens, weights)[0].backward()  # type: ignore[no-untyped-call]
    assert plain.embedding.grad is not None
    assert plain.w_output.grad is not None
    both = plain.embedding.grad + plain.w_output.grad.t()
    assert G.embedding.grad is not None
    assert torch.allclose(G.embedding.grad, both, atol=1e-5)


def test_tied_embeddings_need_equal_sizes() -> None:
    with pytest.raises(ValueError, match="E = H, not 3 and 4"):
        Generator(5, 3, 4, tied=True)


def test_dropout_falls_on_the_inputs_and_the_outputs_of_the_lstm() -> None:
    G, tokens = small_generator(5, size=4), random_tokens(6, 7, 5)
    assert torch.equal(G.hidden(tokens, torch.ones(6, 7, 8)), G.hidden(tokens))
    outputs = torch.ones(6, 7, 8)
    outputs[..., 4:] = torch.rand(6, 7, 4, generator=rng(1))
    assert torch.allclose(G.hidden(tokens, outputs), G.hidden(tokens) * outputs[..., 4:])
    inputs = torch.ones(6, 7, 8)
    inputs[:, 3, :4] = 0.0  # as if nothing were read at step 3
    dropped, whole = G.hidden(tokens, inputs), G.hidden(tokens)
    assert torch.equal(dropped[:, :3], whole[:, :3])
    assert not torch.allclose(dropped[:, 3:], whole[:, 3:])
