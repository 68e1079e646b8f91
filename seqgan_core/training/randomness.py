"""Counter-based randomness: what is drawn depends on the seed, the stream and the step alone."""

from __future__ import annotations

import hashlib

import torch


def rng_for(
    seed: int, stream: str, step: int = 0, device: torch.device | str = "cpu"
) -> torch.Generator:
    """A random generator that depends on (seed, stream, step) alone.

    Every draw of a run comes from one of these, never from the process-wide state (which the
    app's other threads draw from too), so a resumed run draws what the unbroken one would have.
    """
    digest = hashlib.blake2b(f"{seed}/{stream}/{step}".encode(), digest_size=8).digest()
    generator = torch.Generator(device=device)
    generator.manual_seed(int.from_bytes(digest, "little") >> 1)  # a non-negative int64
    return generator
