"""The value network v: the expected reward of a prefix, learnt from the scores that Q is made of.

    v(Y_{1:t}) ≈ E[D(Y_{1:T}) | Y_{1:t}, G]        t = 0 .. T

SeqGAN's conclusion names it as future work (Yu et al. 2017). As a baseline it takes the place of
Q_{t-1}; with it alone, advantages need no roll-outs.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan_core.paper.generator import START_TOKEN, State
from seqgan_core.paper.tokens import Tokens


class ValueNetwork(nn.Module):
    """v: an LSTM with its own embedding, the position added, two layers and a sigmoid.

    G's own state would move at every update, so v does not read it.

    Args:
        vocab_size: V.
        sequence_length: T.
        size: of the embedding and of every layer.
    """

    def __init__(self, vocab_size: int, sequence_length: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.embedding = nn.Embedding(vocab_size, size)
        self.position = nn.Embedding(sequence_length + 1, size)
        self.lstm = nn.LSTM(size, size, batch_first=True)
        self.layer = nn.Linear(size, size)
        self.output = nn.Linear(size, 1)

    def initialise(self, rng: torch.Generator) -> "ValueNetwork":
        """Draws every parameter from U(-s, s) with s = 1/√size, as PyTorch does."""
        bound = self.size**-0.5
        with torch.no_grad():
            for parameter in self.parameters():
                noise = torch.rand(parameter.shape, generator=rng, device=rng.device)
                parameter.copy_((2 * noise - 1).to(parameter.device) * bound)
        return self

    def logits(self, tokens: Tokens) -> Tensor:
        """Before the sigmoid, of the prefixes of 0 .. T - 1 tokens: (B, T) -> (B, T)."""
        read = F.pad(tokens[:, :-1], (1, 0), value=START_TOKEN)
        h, _ = self.lstm(self.embedding(read))  # (B, T, size)
        return self._output(h, torch.arange(tokens.shape[1], device=tokens.device))

    @torch.no_grad()
    def values(self, tokens: Tokens) -> Tensor:
        """v of the prefixes of 0 .. T - 1 tokens, in (0, 1): (B, T) -> (B, T)."""
        return self.logits(tokens).sigmoid()

    # -- one step -------------------------------------------------------------------------------

    @torch.no_grad()
    def states(self, tokens: Tokens) -> list[State]:
        """The states after 0 .. T - 1 tokens, each (B, size)."""
        read = torch.full_like(tokens[:, 0], START_TOKEN)
        zeros = self.embedding.weight.new_zeros(len(tokens), self.size)
        states = [self.advance(read, State(zeros, zeros))]
        for t in range(tokens.shape[1] - 1):
            states.append(self.advance(tokens[:, t], states[-1]))
        return states

    @torch.no_grad()
    def advance(self, tokens: Tensor, state: State) -> State:
        """The state after reading `tokens` (M,)."""
        embedded = self.embedding(tokens)[:, None]  # (M, 1, size)
        _, (h, c) = self.lstm(embedded, (state.h[None], state.c[None]))
        return State(h[0], c[0])

    @torch.no_grad()
    def value(self, h: Tensor, lengths: Tensor) -> Tensor:
        """v of prefixes of `lengths` (M,) tokens from their states h (M, size): (M,)."""
        return self._output(h, lengths).sigmoid()

    def _output(self, h: Tensor, lengths: Tensor) -> Tensor:
        hidden: Tensor = self.layer(h + self.position(lengths)).relu()
        return F.linear(hidden, self.output.weight, self.output.bias).squeeze(-1)


def value_loss(network: ValueNetwork, tokens: Tokens, targets: Tensor) -> Tensor:
    """Binary cross-entropy with soft targets, the mean over all prefixes: a scalar, in nats.

    Its minimum over v is the mean of the targets of equal prefixes, as for squared error.

    Args:
        network: v.
        tokens: (B, T).
        targets: (B, T) in [0, 1], of the prefixes of 0 .. T - 1 tokens.
    """
    return F.binary_cross_entropy_with_logits(network.logits(tokens), targets)


def prefix_targets(q: Tensor) -> Tensor:
    """The targets of v that roll-outs already made: (B, T) -> (B, T).

    Q_t is the mean score of the completions of Y_{1:t}, hence the value of that prefix. The empty
    prefix is that of all B sequences: its target is the mean of Q_1.
    """
    return torch.cat([q[:, :1].mean().expand(len(q), 1), q[:, :-1]], dim=1)


def advantages(values: Tensor, rewards: Tensor, decay: float) -> Tensor:
    """Generalised advantage estimation (Schulman et al. 2016) with γ = 1: (B, T) -> (B, T).

        A_t = Σ_{l >= 0} λ^l δ_{t+l},  δ_t = v(Y_{1:t}) - v(Y_{1:t-1}),  v(Y_{1:T}) = D(Y)

    With λ = 1 it is D(Y) - v(Y_{1:t-1}); with λ = 0 it is δ_t. A_t + v(Y_{1:t-1}) is the λ-return,
    the target of v where there are no roll-outs.

    Args:
        values: (B, T), v of the prefixes of 0 .. T - 1 tokens.
        rewards: (B,), of the complete sequences.
        decay: λ, from 0 to 1.
    """
    deltas = torch.cat([values, rewards[:, None]], dim=1).diff(dim=1)  # (B, T)
    total, reverse = torch.zeros_like(rewards), []
    for delta in deltas.flip(1).unbind(1):
        total = delta + decay * total
        reverse.append(total)
    return torch.stack(reverse, dim=1).flip(1)
