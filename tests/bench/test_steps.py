"""The floor of each step: its formulas' products, counted by PyTorch where it can count them."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from seqgan_core.bench.steps import count_flops
from seqgan_core.paper.objectives import discriminator_loss
from seqgan_core.training.build import make_discriminator, make_generator
from seqgan_core.training.config import TrainConfig, make_config

SMALL = make_config(
    TrainConfig(), vocab_size=30, sequence_length=8, batch_size=6, n_rollouts=3, n_train=64,
    g_embedding_size=5, g_hidden_size=7, d_embedding_size=4, d_widths=(1, 3), d_filters=(6, 5),
)  # fmt: skip
CPU = torch.device("cpu")


def test_the_forward_products_are_those_that_pytorch_counts() -> None:
    c, flops = SMALL, count_flops(SMALL)
    G, D = make_generator(c, CPU), make_discriminator(c, CPU)
    tokens = torch.randint(c.vocab_size, (c.batch_size, c.sequence_length))
    with FlopCounterMode(display=False) as counted, torch.no_grad():
        h = torch.stack([state.h for state in G.states(tokens)], dim=1)
        G.output_logits(h)
    assert flops["sample"] == counted.get_total_flops()
    assert flops["mle_step"] == 3 * counted.get_total_flops()
    with FlopCounterMode(display=False) as counted, torch.no_grad():
        discriminator_loss(D, tokens, torch.ones(c.batch_size, dtype=torch.long), 0.0)
    forwards = counted.get_total_flops() - c.batch_size * 2 * 2 * sum(c.d_filters)  # the output
    highway = c.batch_size * 4 * sum(c.d_filters) ** 2
    one_window = c.batch_size * 2 * c.d_embedding_size * (1 * 6 + 3 * 5)
    assert flops["discriminator_step"] == forwards + 2 * highway + 2 * one_window


def test_the_papers_reward_is_mostly_the_highway() -> None:
    flops = count_flops(TrainConfig())
    assert flops["reward"] == pytest.approx(300e9, rel=0.02)
    highway = 64 * (16 * 19 + 1) * 4 * 1720**2
    assert 0.7 < highway / flops["reward"] < 0.8
