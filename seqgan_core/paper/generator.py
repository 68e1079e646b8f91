"""The generator G: an embedding, one LSTM and a linear layer onto the vocabulary.

    h_t = LSTM(h_{t-1}, e(y_{t-1}))            Eqs. (9) and (10)
    G(y_t | y_{1:t-1}) = softmax(W_o h_t + b_o)

The oracle of the synthetic task has the same shape; only its weights are drawn differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan_core.paper.cross_entropy import LOGITS_AT_ONCE, WeightedNll, nll_of_tokens
from seqgan_core.paper.sampling import SoftmaxLayer
from seqgan_core.paper.tokens import Tokens

START_TOKEN = 0  # also an ordinary token, as in the authors' code
ROWS_IN_CACHE = 256  # rows that fit a CPU's cache; larger batches are split
GPU_NUMBERS = LOGITS_AT_ONCE["gpu"]  # of the rows of any large batch, too
LOGITS_IN_CACHE = 1 << 20  # with a small vocabulary more rows fit, and fewer calls are made


class State(NamedTuple):
    """The LSTM's state: `h` and `c`, each (M, H)."""

    h: Tensor
    c: Tensor

    def rows(self, index: slice | Tensor) -> State:
        """The state of some rows."""
        return State(self.h[index], self.c[index])


class Generator(nn.Module):
    """G, with the parameters of the authors' code: a bias per gate, gates in the order i, f, o, c.

    Args:
        vocab_size: V.
        embedding_size: E.
        hidden_size: H.
        tied: W_o is the embedding (Press and Wolf 2017), so E = H, and there is no `w_output`.
    """

    def __init__(
        self, vocab_size: int, embedding_size: int, hidden_size: int, tied: bool = False
    ) -> None:
        super().__init__()
        V, E, H = vocab_size, embedding_size, hidden_size
        self.vocab_size, self.embedding_size, self.hidden_size = V, E, H
        self.embedding = nn.Parameter(torch.empty(V, E))
        self.w_input = nn.Parameter(torch.empty(E, 4 * H))
        self.w_hidden = nn.Parameter(torch.empty(H, 4 * H))
        self.b_gates = nn.Parameter(torch.empty(4 * H))
        if not tied:
            self.w_output = nn.Parameter(torch.empty(H, V))
        elif E != H:
            raise ValueError(f"tied embeddings need E = H, not {E} and {H}")
        self.tied = tied
        self.b_output = nn.Parameter(torch.empty(V))

    @property
    def output_weight(self) -> Tensor:
        """W_o: (H, V)."""
        return self.embedding.t() if self.tied else self.w_output

    def initialise(self, rng: torch.Generator, std: float = 0.1) -> Generator:
        """Draws every parameter, including biases, from N(0, std²); 0.1 for G, 1 for the oracle."""
        with torch.no_grad():
            for parameter in self.parameters():
                noise = torch.randn(parameter.shape, generator=rng, device=rng.device)
                parameter.copy_(noise.to(parameter.device) * std)
        return self

    def at_temperature(self, temperature: float) -> Generator:
        """A copy with the distributions softmax(logits / temperature); 1 is the same model.

        Raises:
            ValueError: the temperature is not above 0 (at 0 most sequences are impossible).
        """
        if not 0.0 < temperature < float("inf"):
            raise ValueError(f"temperature is {temperature}; it must be above 0 and finite")
        scaled = Generator(self.vocab_size, self.embedding_size, self.hidden_size)
        with torch.no_grad():
            scaled.to(self.embedding.device)
            scaled.load_state_dict(self.state_dict() | {"w_output": self.output_weight})
            scaled.w_output.div_(temperature)
            scaled.b_output.div_(temperature)
        return scaled

    # -- one step -------------------------------------------------------------------------------

    def initial_state(self, rows: int) -> State:
        """h₀ = c₀ = 0 for `rows` sequences."""
        zeros = self.embedding.new_zeros(rows, self.hidden_size)
        return State(zeros, zeros)

    def advance(self, tokens: Tensor, state: State) -> State:
        """The state after reading `tokens` (M,)."""
        return self._cell(self._input_gates(tokens), state)

    def output_logits(self, h: Tensor) -> Tensor:
        """Unnormalised log-probabilities of the next token: (..., H) -> (..., V)."""
        return F.linear(h, self.output_weight.t(), self.b_output)

    def _input_gates(self, tokens: Tensor) -> Tensor:
        return F.embedding(tokens, self.embedding) @ self.w_input + self.b_gates  # (..., 4H)

    def _cell(self, gates: Tensor, state: State) -> State:
        gates = torch.addmm(gates, state.h, self.w_hidden)  # (M, 4H)
        H = self.hidden_size
        i, f, o = gates[:, : 3 * H].sigmoid().chunk(3, dim=-1)
        c = f * state.c + i * gates[:, 3 * H :].tanh()
        return State(o * c.tanh(), c)

    # -- whole sequences ------------------------------------------------------------------------

    def states(self, tokens: Tokens) -> list[State]:
        """Teacher forcing: the states that predict y_1 .. y_T, each (B, H).

        The start token is read first: state t has seen (start, y_1 .. y_{t-1}). For h alone
        `hidden` is faster; the library's LSTM gives only the last c.
        """
        gates = self._input_gates(_shifted(tokens))  # (B, T, 4H)
        state = self.initial_state(len(tokens))
        states = []
        for t in range(tokens.shape[1]):
            state = self._cell(gates[:, t], state)
            states.append(state)
        return states

    def hidden(self, tokens: Tokens, dropout_mask: Tensor | None = None) -> Tensor:
        """h of `states`, by the library's LSTM: (B, T) -> (B, T, H).

        `dropout_mask` (B, T, E + H) of 0 and 1/keep falls on the LSTM's inputs and outputs, in
        training only (Zaremba et al. 2014).
        """

        def library_order(weight: Tensor) -> Tensor:  # i, f, g, o
            i, f, o, c = weight.chunk(4, dim=-1)
            return torch.cat([i, f, c, o], dim=-1)

        bias = library_order(self.b_gates)
        weights = [library_order(self.w_input).t(), library_order(self.w_hidden).t(), bias]
        zeros = self.embedding.new_zeros(1, len(tokens), self.hidden_size)
        embedded = F.embedding(_shifted(tokens), self.embedding)  # (B, T, E)
        after = None
        if dropout_mask is not None:
            after = dropout_mask[..., self.embedding_size :]
            embedded = embedded * dropout_mask[..., : self.embedding_size]
        h, _, _ = torch.lstm(
            embedded, (zeros, zeros), [*weights, torch.zeros_like(bias)],
            has_biases=True, num_layers=1, dropout=0.0, train=True, bidirectional=False,
            batch_first=True,
        )  # fmt: skip
        return h if after is None else h * after

    def logits(self, tokens: Tokens) -> Tensor:
        """Teacher-forced logits of every position: (B, T) -> (B, T, V)."""
        return self.output_logits(self.hidden(tokens))

    @torch.no_grad()
    def log_probs(self, tokens: Tokens) -> Tensor:
        """log G(y_t | y_{1:t-1}) of the tokens themselves, in nats: (B, T) -> (B, T)."""
        h = self.hidden(tokens).flatten(0, 1)  # (B·T, H)
        nll = nll_of_tokens(h, self.output_weight, self.b_output, tokens.flatten())
        return -nll.view(tokens.shape)

    def weighted_nll(
        self, tokens: Tokens, weights: Tensor, dropout_mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """-Σ_b Σ_t w_t log G(y_t | y_{1:t-1}), with gradient, and G's mean entropy, without.

        Args:
            tokens: (B, T).
            weights: (B, T), the same for all tokens in MLE and Q in the policy gradient.
            dropout_mask: of `hidden`, in training only.

        Returns:
            Two scalars: nats times the weights' unit, and nats per token.
        """
        h = self.hidden(tokens, dropout_mask).flatten(0, 1)  # (B·T, H)
        loss, entropy = WeightedNll.apply(  # type: ignore[no-untyped-call]
            h, self.output_weight, self.b_output, tokens.flatten(), weights.flatten().to(h)
        )
        return loss, entropy

    # -- sampling -------------------------------------------------------------------------------

    @torch.no_grad()
    def sample(self, n: int, length: int, rng: torch.Generator, temperature: float = 1.0) -> Tokens:
        """Samples n sequences Y_{1:T} ~ G.

        Args:
            n: how many, 0 or more.
            length: T, 1 or more.
            rng: the only source of randomness; on the generator's own device.
            temperature: divides the logits; 0 takes the most likely token.

        Returns:
            (n, length).
        """
        uniforms = torch.rand(n, length, generator=rng, device=self.embedding.device)
        return self.sample_with(uniforms, temperature)

    @torch.no_grad()
    def sample_with(self, uniforms: Tensor, temperature: float = 1.0) -> Tokens:
        """As `sample`, from given noise (n, T) in [0, 1)."""
        start = torch.full((len(uniforms),), START_TOKEN, device=uniforms.device)
        state = self.advance(start, self.initial_state(len(start)))
        return self.continue_from(state, uniforms, temperature)

    @torch.no_grad()
    def continue_from(self, state: State, uniforms: Tensor, temperature: float = 1.0) -> Tokens:
        """Continues each row of `state` (M, H) by L tokens with noise `uniforms` (M, L): (M, L)."""
        out = torch.empty(uniforms.shape, dtype=torch.long, device=uniforms.device)
        sampler = FastSampler(self, temperature)
        for rows in sampler.chunks(len(uniforms)):
            now = state.rows(rows)
            for t in range(uniforms.shape[1]):
                if t > 0:
                    now = sampler.advance(out[rows, t - 1], now)
                out[rows, t] = sampler.draw(now.h, uniforms[rows, t])
        return out


def _shifted(tokens: Tokens) -> Tensor:
    """What G reads to predict `tokens` (B, T): the start token, then all but the last."""
    return F.pad(tokens[:, :-1], (1, 0), value=START_TOKEN)


class FastSampler:
    """Samples many tokens from G quickly, without gradients.

    Args:
        generator: its weights must not change while the sampler is in use.
        temperature: divides the logits; 0 takes the most likely token.
    """

    @torch.no_grad()
    def __init__(self, generator: Generator, temperature: float = 1.0) -> None:
        # Each token's contribution to the gates, computed once instead of at every step.
        self._gates = generator.embedding @ generator.w_input + generator.b_gates  # (V, 4H)
        self._w_hidden = generator.w_hidden.detach()
        self._softmax = SoftmaxLayer(
            generator.output_weight.detach(), generator.b_output.detach(), temperature
        )

    def chunks(self, n: int) -> Iterator[slice]:
        """Slices of n rows that are sampled together."""
        rows = min(2048, max(ROWS_IN_CACHE, LOGITS_IN_CACHE // len(self._gates)))
        return row_chunks(n, self._gates.device, len(self._gates) + self._gates.shape[1], rows)

    def advance(self, tokens: Tensor, state: State) -> State:
        """As `Generator.advance`: the state after reading `tokens` (M,)."""
        gates = F.embedding(tokens, self._gates).addmm_(state.h, self._w_hidden)  # (M, 4H)
        H = gates.shape[1] // 4
        i, f, o = gates[:, : 3 * H].sigmoid_().chunk(3, dim=1)
        c = (f * state.c).addcmul_(i, gates[:, 3 * H :].tanh_())
        return State(o * c.tanh(), c)

    def draw(self, h: Tensor, uniforms: Tensor) -> Tokens:
        """The next token of every row: h (M, H) and uniforms (M,) or (M, N) -> the same shape."""
        return self._softmax.draw(h, uniforms)


def row_chunks(
    n: int, device: torch.device, numbers: int, rows: int = ROWS_IN_CACHE
) -> Iterator[slice]:
    """Slices of n rows: short on a CPU, so that logits stay in its cache, long on a GPU.

    Args:
        n: how many rows.
        device: where they are.
        numbers: that each row makes; a GPU has memory for `GPU_NUMBERS` at once.
        rows: at once on a CPU.
    """
    step = rows if device.type == "cpu" else max(1, GPU_NUMBERS // numbers)
    for first in range(0, n, step):
        yield slice(first, min(n, first + step))
