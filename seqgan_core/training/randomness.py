"""Counter-based randomness: draws depend only on the seed, the stream and the step."""

import hashlib

import torch


def rng_for(
    seed: int, stream: str, step: int = 0, device: torch.device | str = "cpu"
) -> torch.Generator:
    """A random generator that depends only on (seed, stream, step).

    Every draw of a run comes from one of these, never from the process-wide state, which other
    threads use too; so a resumed run draws the same numbers as an uninterrupted one.
    """
    digest = hashlib.blake2b(f"{seed}/{stream}/{step}".encode(), digest_size=8).digest()
    generator = torch.Generator(device=device)
    generator.manual_seed(int.from_bytes(digest, "little") >> 1)  # a non-negative int64
    return generator
