"""Some rows of the data, the same ones whenever the same dice are asked for."""

from __future__ import annotations

import torch
from torch import LongTensor

from seqgan_core.training.randomness import rng_for


def some_rows(data: LongTensor, n: int, seed: int, stream: str) -> LongTensor:
    """At most n of the rows of `data`, in an order drawn; a larger n keeps the first ones."""
    order = torch.randperm(len(data), generator=rng_for(seed, stream))[:n]
    return data[order.to(data.device)]  # type: ignore[return-value]
