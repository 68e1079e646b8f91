"""What the experiments at the paper's size share: the switch, measurements, and the record.

V = 5000, T = 20, 9,984 real sequences, 16 epochs of MLE. A record is a file of JSON lines, one an
arm and seed, whose points (dicts of equal keys) begin with `start`; lines with a dash for a seed
are means over seeds. An arm that the record has is not run again.
"""

import hashlib
import json
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.synthetic import SyntheticTask
from seqgan_core.training.build import make_task
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.evaluation import ENTROPY
from seqgan_core.training.events import GeneratorUpdated
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.presets import PAPER
from seqgan_core.training.trainer import Trainer

SAMPLES = 4000  # for NLL_oracle: standard error 0.011
HELD_OUT = 2000  # for NLL_test; its changes are paired
BINS = 20  # of tokens by how often they stand in the training data, an equal share of it each
RARE = 2  # the first bins: the rarest tokens, a tenth of the data
MOST = 1562  # updates of MLE where it stops at the lowest NLL_test: an epoch of 100,000
PATIENCE = 3  # looks without a lower NLL_test before it stops
FALLS = (0.1, 0.2, 0.3)  # of NLL_oracle, at which NLL_test is compared
MEAN = "-"  # for a seed, in lines of means
CACHE = Path(tempfile.gettempdir()) / "seqgan-full-size"

Point = dict[str, float]
Path_ = Mapping[str, Point]


def config_of(seed: int, oracle: str | None, **changes: Any) -> TrainConfig:
    """The paper's settings with 16 epochs of MLE, and with data and training of this seed."""
    base: dict[str, Any] = {
        "strategy": "constant_reward",
        "seed": seed,
        "oracle_seed": seed,
        "oracle_path": oracle,
        "pretrain_epochs": 16,
        "rounds": 0,
        "device": "cpu",
        "n_eval": 64,
        "evaluate_every": 10_000,
        "checkpoint_every": 10_000,
    }
    return make_config(PAPER, **(base | changes))


class Switch:
    """The end of MLE, trained once and kept in `cache`.

    Args:
        config: its settings.
        cache: the folder.
        lowest: stop where NLL_test is lowest instead of at the end: looked at twice an epoch, at
            least every 520 updates, and up to 1,562.

    Attributes:
        path: NLL_test where it was looked at.
    """

    def __init__(self, config: TrainConfig, cache: Path, lowest: bool = False) -> None:
        if lowest:
            half = config.n_train // config.batch_size // 2
            config = make_config(config, report_every=min(half, MOST // 3))
        self.config = config
        task = make_task(config)
        assert isinstance(task, SyntheticTask)
        self.task = task
        cache.mkdir(parents=True, exist_ok=True)
        key = config.model_dump_json() + str(lowest)
        file = cache / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.pt"
        if not file.exists():
            torch.save(self._trained(lowest), file)
        self._state, self._counters, self.path = torch.load(file, weights_only=True)

    def _trained(self, lowest: bool) -> tuple[dict[str, Tensor], dict[str, Any], list[float]]:
        trainer = Trainer(self.config, self.task)
        if not lowest:
            for _event in trainer.events():
                pass
            return trainer.state(), trainer.counters, []
        best, path = (trainer.state(), trainer.counters), []
        for event in trainer.events():
            if isinstance(event, GeneratorUpdated) and event.updates > 1:
                nll = sequence_nll(trainer.models.generator, self.task.test_data()[:HELD_OUT])
                path.append(float(nll.mean()))
                if path[-1] == min(path):
                    best = (trainer.state(), trainer.counters)
                behind = len(path) - 1 - path.index(min(path))
                if behind == PATIENCE or trainer.counters["mle_updates"] >= MOST:
                    break
        return (*best, path)

    def trainer(self, **changes: Any) -> Trainer:
        """A new trainer at the switch, with these settings."""
        trainer = Trainer(make_config(self.config, **changes), self.task)
        own = trainer.state()
        trainer.load(own | {k: v for k, v in self._state.items() if k in own}, self._counters)
        return trainer

    @cached_property
    def measure(self) -> "Measure":
        """The measurements, with the switch as their start."""
        return Measure(self.task, self.trainer().models.generator, self.config.seed)


class Measure:
    """Measurements of a generator, and their changes since `start`.

    Attributes:
        start: the point of the generator that it began with.
    """

    def __init__(self, task: SyntheticTask, start: Generator, seed: int) -> None:
        self._task, self._seed = task, seed
        self._bins = bins_of(task.train_data(), task.vocabulary.size, BINS)
        self.rarest = int((self._bins < RARE).sum())
        tokens, nll = self._sampled(start)
        self._shares, self._nll_of_bin = self._by_bin(tokens, nll)
        self._test = sequence_nll(start, task.test_data()[:HELD_OUT])
        self.start = self(start)

    def __call__(self, generator: Generator) -> Point:
        """A point; every generator is sampled with the same noise."""
        tokens, nll = self._sampled(generator)
        test = sequence_nll(generator, self._task.test_data()[:HELD_OUT])
        return self.point(tokens, nll, test, generator)

    def mixed(self, generator: Generator, temperature: float, share: float) -> Point:
        """The point of a mixture: this share of the sequences is sampled at that temperature."""
        cold = generator.at_temperature(temperature)
        n, test = int(SAMPLES * share), self._task.test_data()[:HELD_OUT]
        drawn = [self._sampled(cold), self._sampled(generator)]
        tokens, nll = (torch.cat([x[:n], y[n:]]) for x, y in zip(*drawn, strict=True))
        parts = [math.log(share) - sequence_nll(cold, test) * test.shape[1],
                 math.log(1 - share) - sequence_nll(generator, test) * test.shape[1]]  # fmt: skip
        return self.point(tokens, nll, -torch.stack(parts).logsumexp(0) / test.shape[1], generator)

    def point(self, tokens: Tokens, nll: Tensor, test: Tensor, generator: Generator) -> Point:
        """Of samples (n, T), their NLL (n, T) under the oracle, and the NLL of held-out data (m,).

        `mix` is the part of the change of NLL_oracle that comes from other shares of rare and
        frequent tokens, each bin as likely as it was at the start; `four` the share of distinct
        sequences of four tokens in the samples.
        """
        of_sequence, change = nll.mean(1), test - self._test
        shares, _ = self._by_bin(tokens, nll)
        fours = tokens.unfold(1, 4, 1).flatten(0, 1)
        return {
            "nll_oracle": float(of_sequence.mean()),
            "nll_oracle_se": float(of_sequence.std() / len(of_sequence) ** 0.5),
            "nll_oracle_median": float(of_sequence.median()),
            "nll_test": float(test.mean()),
            "nll_test_change_se": float(change.std() / len(change) ** 0.5),
            "entropy": float(conditional_entropy(generator, tokens[-ENTROPY:])),
            "rare": float(shares[:RARE].sum()),
            "mix": float(((shares - self._shares) * self._nll_of_bin).sum()),
            "distinct": float(len(tokens.unique())),
            "four": len(fours.unique(dim=0)) / len(fours),
        }

    def _sampled(self, generator: Generator) -> tuple[Tokens, Tensor]:
        """Samples and the NLL of each token under the oracle, both (n, T)."""
        rng = rng_for(self._seed, "full-size")
        tokens = generator.sample(SAMPLES, self._task.sequence_length, rng)
        parts = [-self._task.oracle.log_probs(some) for some in tokens.split(64)]
        return tokens, torch.cat(parts)

    def _by_bin(self, tokens: Tokens, nll: Tensor) -> tuple[Tensor, Tensor]:
        """Share of the tokens in each bin, and their mean NLL, (BINS,) each."""
        bins = self._bins[tokens].flatten()
        n = torch.bincount(bins, minlength=BINS)
        total = torch.bincount(bins, nll.flatten().double(), minlength=BINS)
        return n / n.sum(), total / n.clamp(min=1)


def bins_of(data: Tokens, vocab_size: int, n: int) -> Tensor:
    """The bin of each token, (V,): 0 for the rarest, each with about 1/n of the data."""
    counts = torch.bincount(data.flatten(), minlength=vocab_size)
    order = counts.argsort(stable=True)
    before = counts[order].cumsum(0) - counts[order]
    bins = torch.empty_like(counts)
    bins[order] = before * n // int(counts.sum())
    return bins


def cost_of(points: Iterable[Point], fall: float) -> float:
    """The rise of NLL_test where NLL_oracle has first fallen by `fall`; NaN if it never does.

    Along the straight lines between the points, the first of which is the start.
    """
    start, *path = points
    before = start
    for point in path:
        low, high = (start["nll_oracle"] - x["nll_oracle"] for x in (before, point))
        if low < fall <= high:
            part = (fall - low) / (high - low)
            test = before["nll_test"] + part * (point["nll_test"] - before["nll_test"])
            return test - start["nll_test"]
        before = point
    return float("nan")


@dataclass
class Record:
    """A file of JSON lines."""

    file: Path

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text("utf-8").splitlines()]

    def run(self, what: Mapping[str, Any], points: Callable[[], Path_]) -> None:
        """Adds the points of an arm, and how long they took, unless they are there."""
        if any(row.items() >= what.items() for row in self.rows):
            return
        began = time.process_time()
        row = {**what, **points(), "seconds": round(time.process_time() - began, 1)}
        self.rows.append(row)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(rounded(row)) + "\n")
        last = [value for value in row.values() if isinstance(value, dict)][-1]
        numbers = " ".join(f"{name} {value:.3f}" for name, value in last.items())
        print(*what.values(), numbers, f"{row['seconds']} s", flush=True)  # noqa: T201

    def write_with_means(self) -> None:
        """Adds the means over seeds to the file, or renews them."""
        rows = [row for row in self.rows if row["seed"] != MEAN]
        lines = (json.dumps(row) + "\n" for row in [*rows, *mean_rows(rows)])
        self.file.write_text("".join(lines), "utf-8")


def points_of(row: Mapping[str, Any]) -> dict[str, Point]:
    """The points of a line, in order."""
    return {name: value for name, value in row.items() if isinstance(value, dict)}


def means(of: Sequence[Mapping[str, Point]]) -> dict[str, Point]:
    """The mean of each number over the seeds of an arm, where all have it."""
    names = [name for name in of[0] if all(name in each for each in of)]
    keys = {name: [k for k in of[0][name] if all(k in each[name] for each in of)] for name in names}
    return {
        name: {key: float(np.mean([each[name][key] for each in of])) for key in keys[name]}
        for name in names
    }


def mean_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A line of means for each arm that several seeds have; costs of a fall, where all fell."""
    groups: dict[tuple[tuple[str, Any], ...], list[Path_]] = defaultdict(list)
    for row in rows:
        what = {k: v for k, v in row.items() if k not in ("seed", "seconds")}
        what = {k: v for k, v in what.items() if not isinstance(v, dict)}
        if row["seed"] != MEAN:
            groups[tuple(what.items())].append(points_of(row))
    out = []
    for what_items, of in groups.items():
        if len(of) == 1:
            continue
        mean, head = means(of), {"seed": MEAN, **dict(what_items), "seeds": len(of)}
        out.append({**head, **mean})
        if "start" in mean:
            costs = {str(fall): cost_of(mean.values(), fall) for fall in FALLS}
            fell = {fall: cost for fall, cost in costs.items() if not np.isnan(cost)}
            out.append({**head, "NLL_test where NLL_oracle fell by": fell})
    return rounded(out)


def rounded(value: Any) -> Any:
    """As it is written: five decimals."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 5) if isinstance(value, float) else value
