"""The type of token sequences."""

from torch import Tensor

Tokens = Tensor
"""Token numbers, int64: (B, T) unless a docstring gives another shape."""
