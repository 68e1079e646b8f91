"""Why a constant reward lowers NLL_oracle: optimisers, batches and masked tokens, from one switch.

    python -m tests.bench.mechanism --oracle target_params.npz --seeds 11 12 13 --out FILE.jsonl
    python -m tests.bench.mechanism --out FILE.jsonl --table

With the constant reward the expected gradient is zero: what moves G is how its optimiser treats the
noise. Each arm changes one thing. Without `--oracle` the project's own oracle of that seed is used.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.learners.updates import PolicyLearner
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.trainer import Trainer
from tests.bench.full_size import (
    BINS,
    CACHE,
    FALLS,
    HELD_OUT,
    MEAN,
    RARE,
    Path_,
    Record,
    Switch,
    bins_of,
    config_of,
    cost_of,
    means,
    points_of,
)

TEMPERATURES = (0.95, 0.9, 0.85)
UNIGRAMS = (0.1, 0.2, 0.4)
DRAWN = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 15), (16, 9999))
OF_BINS = ((0, 1), (2, 4), (5, 9), (10, 14), (15, 19))
DRIFTS = ("fresh", "warm 2000", "sign", "drawn rows only", "undrawn rows only")


@dataclass(frozen=True)
class Arm:
    """One way to update with the constant reward.

    Attributes:
        name: of the arm.
        batch, rate: sequences an update, and the learning rate.
        betas: of Adam; (0, 0) makes every step lr · sign(gradient). None: plain gradient descent.
        warm: updates at rate 0 before the first, which only fill the moments.
        mle_moments: the second moments start as MLE's, scaled to the clipped gradient.
        moves: the parameters that may move: all, or the output rows (weights and bias) of tokens
            that are in the batch ("drawn") or not ("undrawn") with or without the rest.
        rows: only these output rows are stepped, whatever the gradients: of tokens that no batch
            has drawn so far ("never drawn") or that some has ("once drawn"), of the rarest tokens
            with a tenth of the data ("rare") or the others ("frequent"). Empty: everything.
        length: the length of each update, as a share of that of `fresh` at the same number.
        at: the updates after which it is measured.
    """

    name: str
    batch: int = 4
    rate: float = 0.002
    betas: tuple[float, float] | None = (0.9, 0.999)
    warm: int = 0
    mle_moments: bool = False
    moves: str = "all"
    rows: str = ""
    length: float | None = None
    at: tuple[int, ...] = (40, 80, 120, 240)


ARMS = (
    Arm("fresh"),
    Arm("warm 50", warm=50),
    Arm("warm 500", warm=500),
    Arm("warm 2000", warm=2000),
    Arm("MLE's moments", mle_moments=True),
    Arm("warm 2000, same length", warm=2000, length=1.0),
    Arm("SGD, same length", betas=None, rate=1.0, length=1.0),
    Arm("SGD, a third", betas=None, rate=1.0, length=1 / 3),
    Arm("SGD, a tenth", betas=None, rate=1.0, length=0.1),
    Arm("sign", betas=(0.0, 0.0)),
    Arm("batch 16", batch=16),
    Arm("batch 64", batch=64),
    Arm("batch 64, 0.01", batch=64, rate=0.01, at=(20, 40, 80)),
    Arm("batch 64, 0.01, warm 50", batch=64, rate=0.01, warm=50, at=(20, 40, 80)),
    Arm("drawn rows and the rest", moves="drawn, rest"),
    Arm("undrawn rows and the rest", moves="undrawn, rest"),
    Arm("undrawn rows only", moves="undrawn"),
    Arm("drawn rows only", moves="drawn"),
    Arm("all but the output rows", moves="rest"),
    Arm("batch 256", batch=256, at=(40, 120)),
    Arm("steps of never drawn tokens", rows="never drawn"),
    Arm("steps of once drawn tokens", rows="once drawn"),
    Arm("steps of rare tokens", rows="rare"),
    Arm("steps of frequent tokens", rows="frequent"),
)


class Masks:
    """Keeps the gradients of `moves` alone, for the batch that is set."""

    def __init__(self, generator: Generator, moves: str) -> None:
        self._moves, self._vocab_size = moves.split(", "), generator.vocab_size
        self.tokens: Tokens = torch.empty(0, dtype=torch.long)
        for name, parameter in generator.named_parameters():
            if name in ("w_output", "b_output"):  # (H, V) and (V,): tokens are the last dimension
                parameter.register_hook(lambda gradient: gradient * self.output())
            elif "rest" not in self._moves:
                parameter.register_hook(torch.zeros_like)

    def output(self) -> Tensor:
        """1 for tokens whose output row may move, else 0: (V,)."""
        drawn = torch.zeros(self._vocab_size)
        drawn[self.tokens.flatten()] = 1.0
        parts = {"drawn": drawn, "undrawn": 1.0 - drawn, "rest": torch.zeros_like(drawn)}
        return sum((parts[name] for name in self._moves), torch.zeros_like(drawn))


def give_mle_moments(learner: PolicyLearner, trainer: Trainer, norm: float) -> None:
    """The policy's second moments become MLE's, scaled to gradients of this norm."""
    assert trainer.models.learners is not None
    mle, own = trainer.models.learners.mle.adam, learner.adam
    total = sum(
        float(mle.state[p]["exp_avg_sq"].sum()) for p in trainer.models.generator.parameters()
    )
    for p in trainer.models.generator.parameters():
        own.state[p]["exp_avg_sq"].copy_(mle.state[p]["exp_avg_sq"] * (norm**2 / total))
        own.state[p]["step"].copy_(mle.state[p]["step"])


def optimiser_of(arm: Arm, trainer: Trainer) -> PolicyLearner:
    """The policy's learner with the arm's optimiser and moments."""
    G, c = trainer.models.generator, trainer.config
    learner = PolicyLearner(G, arm.rate, c.max_grad_norm)
    if arm.betas is None:
        learner.adam = torch.optim.SGD(G.parameters(), lr=arm.rate)  # type: ignore[assignment]
    else:
        learner.adam.param_groups[0]["betas"] = arm.betas
    if arm.mle_moments:
        give_mle_moments(learner, trainer, c.max_grad_norm)
    return learner


def rows_of(rows: str, generator: Generator, draws: Tensor, bins: Tensor) -> Tensor:
    """1 where a parameter is stepped, else 0, in the order of the vector of all parameters."""
    stepped = {
        "never drawn": draws == 0,
        "once drawn": draws > 0,
        "rare": bins < RARE,
        "frequent": bins >= RARE,
    }[rows].float()  # (V,)
    zeros = (torch.zeros_like(p) for p in generator.parameters())
    masks = dict(zip((name for name, _ in generator.named_parameters()), zeros, strict=True))
    masks["w_output"] += stepped
    masks["b_output"] += stepped
    return nn.utils.parameters_to_vector(masks.values())


def updates(
    arm: Arm, trainer: Trainer, lengths: list[float], draws: Tensor | None = None
) -> Iterator[int]:
    """Updates with the constant reward; yields their number after each.

    `lengths` are those of `fresh`, which fills them if they are empty. `draws` counts how
    often each token was drawn, (V,).
    """
    G, T = trainer.models.generator, trainer.models.task.sequence_length
    learner = optimiser_of(arm, trainer)
    masks = Masks(G, arm.moves) if arm.moves != "all" else None
    ones = torch.ones(arm.batch, T)
    draws = torch.zeros(G.vocab_size, dtype=torch.long) if draws is None else draws
    bins = bins_of(trainer.models.task.train_data(), G.vocab_size, BINS)
    (group,) = learner.adam.param_groups
    for number in range(-arm.warm, arm.at[-1]):
        stream = "policy" if number >= 0 else "warm"
        tokens = G.sample(arm.batch, T, rng_for(trainer.config.seed, stream, abs(number)))
        if masks is not None:
            masks.tokens = tokens
        group["lr"] = arm.rate if number >= 0 else 0.0
        before = nn.utils.parameters_to_vector(G.parameters()).detach()
        learner(tokens, ones, ones)
        if number < 0:
            continue
        draws += torch.bincount(tokens.flatten(), minlength=G.vocab_size)
        step = nn.utils.parameters_to_vector(G.parameters()).detach() - before
        if arm.length is not None:
            step *= arm.length * lengths[number] / step.norm()
            nn.utils.vector_to_parameters(before + step, G.parameters())
        elif arm.rows:
            step *= rows_of(arm.rows, G, draws, bins)
            nn.utils.vector_to_parameters(before + step, G.parameters())
        elif len(lengths) < arm.at[-1] and arm.name == "fresh":
            lengths.append(float(step.norm()))
        yield number + 1


def path_of(arm: Arm, switch: Switch, lengths: list[float]) -> Path_:
    """The points of an arm."""
    trainer = switch.trainer()
    points = {"start": switch.measure.start}
    for number in updates(arm, trainer, lengths):
        if number in arm.at:
            points[f"{number} updates"] = switch.measure(trainer.models.generator)
    return points


@torch.no_grad()
def drift(arm: Arm, switch: Switch, number: int = 120) -> Path_:
    """How far the logits of tokens have moved, by their draws so far and by their frequency.

    At the mean state along held-out data, less the mean over the tokens of that data.
    """
    trainer = switch.trainer()
    G, test = trainer.models.generator, switch.task.test_data()[:HELD_OUT]
    h = torch.stack([state.h for state in G.states(test)]).mean((0, 1))  # (H,)
    before, draws = G.output_logits(h), torch.zeros(G.vocab_size, dtype=torch.long)
    with torch.enable_grad():
        for done in updates(arm, trainer, [], draws):
            if done == number:
                break
    moved = G.output_logits(h) - before
    moved -= moved[test].mean()
    bins = bins_of(switch.task.train_data(), G.vocab_size, BINS)
    groups = {f"drawn {low} to {high}": (draws >= low) & (draws <= high) for low, high in DRAWN}
    groups |= {
        f"{low} to {high} of {BINS}": (bins >= low) & (bins <= high) for low, high in OF_BINS
    }
    return {
        name: {"tokens": float(group.sum()), "logit": float(moved[group].mean())}
        for name, group in groups.items()
    }


def temperature_path(switch: Switch) -> Path_:
    G = switch.trainer().models.generator
    points = {str(t): switch.measure(G.at_temperature(t)) for t in TEMPERATURES}
    return {"start": switch.measure.start} | points


def unigram_path(switch: Switch) -> Path_:
    """Rare tokens pushed out by hand: α · log(count in the data) added to the output's bias."""
    points = {"start": switch.measure.start}
    for alpha in UNIGRAMS:
        G = switch.trainer().models.generator
        data = switch.task.train_data().flatten()
        counts = torch.bincount(data, minlength=G.vocab_size)
        with torch.no_grad():
            G.b_output += alpha * (counts + 0.5).log()
        points[str(alpha)] = switch.measure(G)
    return points


def run(seed: int, oracle: str | None, record: Record, cache: Path, arms: list[Arm]) -> None:
    """The arms that the record lacks."""
    of = "authors" if oracle else "own"
    switch = Switch(config_of(seed, oracle), cache)
    lengths: list[float] = []
    for _ in updates(ARMS[0], switch.trainer(), lengths):
        pass
    for name, path in (("temperature", temperature_path), ("unigram", unigram_path)):
        record.run({"seed": seed, "oracle": of, "arm": name}, partial(path, switch))
    for arm in arms:
        what = {"seed": seed, "oracle": of, "arm": arm.name}
        record.run(what, partial(path_of, arm, switch, lengths))
    for arm in (arm for arm in arms if arm.name in DRIFTS):
        what = {"seed": seed, "oracle": of, "arm": f"logits of {arm.name}"}
        record.run(what, partial(drift, arm, switch))


def table(rows: list[dict[str, Any]]) -> str:
    """Changes since the switch as Markdown: the mean over seeds, then NLL_oracle of each seed."""
    groups = defaultdict(list)
    for row in (row for row in rows if "start" in row and row["seed"] != MEAN):
        groups[row["oracle"], row["arm"]].append(points_of(row))
    lines = ["| oracle | arm | at | NLL_oracle | NLL_test | rare | mix | distinct | seeds |"]
    lines.append("|---|" + "---|" * 8)
    for (oracle, arm), of in groups.items():
        mean = means(of)
        for at, point in mean.items():
            change = [point[key] - mean["start"][key] for key in ("nll_oracle", "nll_test")]
            cells = [oracle, arm, at, *(f"{x:+.3f}" for x in change), f"{point['rare']:.3f}"]
            cells += [f"{point['mix']:+.3f}", f"{point['distinct']:.0f}"]
            seeds = (each[at]["nll_oracle"] - each["start"]["nll_oracle"] for each in of)
            lines.append(f"| {' | '.join([*cells, ', '.join(f'{x:+.3f}' for x in seeds)])} |")
        costs = ", ".join(f"{cost_of(mean.values(), fall):+.3f}" for fall in FALLS)
        lines.append(f"| {oracle} | {arm} | NLL_test where NLL_oracle fell by {FALLS} | {costs} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--oracle", help="the authors' target_params.npz; else one of our own")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--arms", nargs="+", help="names of the arms; all without it")
    parser.add_argument("--out", type=Path, default=Path("mechanism.jsonl"))
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--table", action="store_true", help="only print means of the record")
    parser.add_argument("--means", action="store_true", help="only add the means to the record")
    given = parser.parse_args()
    record = Record(given.out)
    if given.table:
        sys.stdout.write(table(record.rows) + "\n")
        return
    if given.means:
        record.write_with_means()
        return
    prepare_cpu()
    arms = [arm for arm in ARMS if not given.arms or arm.name in given.arms]
    for seed in given.seeds:
        run(seed, given.oracle, record, given.cache, arms)


if __name__ == "__main__":
    main()
