"""The authors' oracle gives the published numbers, and the ones measured of it before."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.cli.app import run as run_command
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.oracle_file import load_oracle
from tests.support.paths import ROOT

DEFAULT = ROOT.parent / "shared" / "corpora" / "oracle" / "target_params.npz"
ORACLE = Path(os.environ.get("SEQGAN_ORACLE") or DEFAULT)
V, T, N = 5000, 20, 2000
# The mean over N sequences of T tokens has a standard error of 0.015 nats at most here.
TOLERANCE = 0.04

pytestmark = pytest.mark.skipif(
    not ORACLE.is_file(),
    reason="the authors' oracle is not here; SEQGAN_ORACLE says where target_params.npz is",
)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def oracle() -> Generator:
    return load_oracle(ORACLE)


@pytest.fixture(scope="module")
def own_samples(oracle: Generator) -> Tokens:
    return oracle.sample(N, T, rng())


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mean_nll(oracle: Generator, tokens: torch.Tensor) -> float:
    return float(sequence_nll(oracle, tokens).mean())


def test_its_sizes(oracle: Generator) -> None:
    assert (oracle.vocab_size, oracle.embedding_size, oracle.hidden_size) == (5000, 32, 32)


def test_its_own_samples(oracle: Generator, own_samples: Tokens) -> None:
    assert mean_nll(oracle, own_samples) == pytest.approx(5.75, abs=TOLERANCE)


def test_its_entropy_along_its_own_samples(oracle: Generator, own_samples: Tokens) -> None:
    # No chance in the last token drawn, so this is the more exact of the two.
    assert float(conditional_entropy(oracle, own_samples)) == pytest.approx(5.760, abs=0.02)


def test_uniform_tokens(oracle: Generator) -> None:
    tokens = torch.randint(V, (N, T), generator=rng())
    assert mean_nll(oracle, tokens) == pytest.approx(11.43, abs=TOLERANCE)


def test_tokens_by_their_frequency(oracle: Generator, own_samples: Tokens) -> None:
    order = torch.randperm(own_samples.numel(), generator=rng())
    shuffled = own_samples.flatten()[order].view(N, T)  # as often as in the oracle, in no order
    assert mean_nll(oracle, shuffled) == pytest.approx(10.29, abs=TOLERANCE)


def test_an_untrained_generator(oracle: Generator) -> None:
    tokens = Generator(V, 32, 32).initialise(rng(), std=0.1).sample(N, T, rng(1))
    assert mean_nll(oracle, tokens) == pytest.approx(11.43, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("temperature", "nll"), [(0.9, 5.26), (0.8, 4.74), (0.5, 3.31), (0.0, 2.76)]
)
def test_colder_samples_score_better_than_real_data(
    oracle: Generator, temperature: float, nll: float
) -> None:
    tokens = oracle.sample(N if temperature else 1, T, rng(), temperature)
    assert mean_nll(oracle, tokens) == pytest.approx(nll, abs=TOLERANCE)


def test_the_command_line_says_the_same(
    oracle: Generator,
    own_samples: Tokens,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    some = own_samples[:200]
    np.save(tmp_path / "tokens.npy", some.numpy())
    tokens = str(tmp_path / "tokens.npy")
    assert run_command(["score", "--oracle", str(ORACLE), "--tokens", tokens]) == 0
    assert float(capsys.readouterr().out) == pytest.approx(mean_nll(oracle, some), abs=1e-4)
