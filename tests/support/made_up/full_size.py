"""A comparison at the paper's size, with numbers chosen for tests."""

from typing import Any

from seqgan_core.judge.report import Report
from seqgan_core.judge.significance import compare, summarise
from seqgan_core.training.setup.presets import PAPER
from tests.support.made_up.comparison import json_of, report_of

SWITCH = (9.07, 8.13)  # NLL_oracle and NLL_test when MLE ends, after 16 epochs
STOPPED = {6: (9.37, 7.63), 16: SWITCH}
TEMPERATURES = (0.7, 0.8, 0.9, 1.0)
ENDS = {
    "random": (10.4, 8.52),
    "mle": (9.05, 8.45),
    "scheduled_sampling": (9.02, 8.30),
    "pg_bleu": (3.07, 9.33),
    "seqgan": (8.67, 8.20),
    "constant_reward": (8.65, 8.21),
}
PATHS = ("pg_bleu", "seqgan", "constant_reward")
ROUNDS, G_STEPS = 8, 20
SPREAD = 0.01  # nats of NLL_oracle between two neighbouring seeds, of every number of theirs


def full_size(
    *, paper_oracle: bool = True, seeds: int = 5, first_seed: int = 1,
    without: tuple[str, ...] = (), **ends: Any,
) -> Report:  # fmt: skip
    """A report; `ends` change where a method ends. See `full_size_values`."""
    kept = {name: pair for name, pair in (ENDS | ends).items() if name not in without}
    every = range(first_seed, first_seed + seeds)
    return report_of(full_size_values(kept, every, paper_oracle=paper_oracle))


def full_size_values(
    ends: dict[str, tuple[float, float]], every: range, *, paper_oracle: bool
) -> dict[str, Any]:
    """In the types of JSON.

    Of a path, the rounds lead in a straight line from `SWITCH` to the method's end. Of MLE, a
    temperature lower by 0.1 lowers NLL_oracle by 0.3 and raises NLL_test by 0.1. A seed moves all
    NLL_oracle alike.
    """
    middle = (every[0] + every[-1]) / 2
    shift = {seed: SPREAD * (seed - middle) for seed in every}
    rows = [
        {
            "strategy": name,
            "results": [
                {"seed": seed, "run": f"{name}-{seed}", "step": 9, "seconds": 250.0,
                 "values": {"nll_oracle": x + shift[seed], "nll_test": y}}
                for seed in every
            ],
            "summary": {"nll_oracle": summarise([x + shift[seed] for seed in every]),
                        "nll_test": summarise([y for _seed in every])},
        }
        for name, (x, y) in ends.items()
    ]  # fmt: skip
    oracles = {name: [x + shift[seed] for seed in every] for name, (x, _y) in ends.items()}
    swept = {
        epochs: [
            {"seed": seed, "points": [_point(t, x + shift[seed], y) for t in TEMPERATURES]}
            for seed in every
        ]
        for epochs, (x, y) in STOPPED.items()
    }
    oracle = {"oracle_path": "oracle.npz" if paper_oracle else None}
    return json_of(
        {
            "format": "seqgan-comparison-1",
            "about": {"preset": "paper", "changes": {}, "budget": "updates", "seeds": len(every)},
            "config": PAPER.model_dump(mode="json")
            | {"pretrain_epochs": 16, "g_steps": G_STEPS, "rounds": ROUNDS}
            | oracle,
            "reference": "seqgan",
            "samples": 100_000,
            "rows": rows,
            "real": {"nll_oracle": 5.755 if paper_oracle else 5.93, "nll_test": 5.76},
            "over_runs": {"nll_oracle": compare(oracles, "seqgan")} if len(every) > 1 else {},
            "over_sentences": {},
            "frontier": {"mle": swept[16]},
            "stopping": swept,
            "curves": [
                _curve(name, seed, ends[name], shift[seed])
                for name in ends if name in PATHS for seed in every
            ],
        }
    )  # fmt: skip


def _point(t: float, x: float, y: float) -> dict[str, float]:
    return {"temperature": t, "n": 10_000, "nll_oracle": x + 3 * (t - 1), "nll_test": y - (t - 1)}


def _curve(name: str, seed: int, end: tuple[float, float], shift: float) -> dict[str, Any]:
    shares = [done / ROUNDS for done in range(ROUNDS + 1)]
    ways = [[a + share * (b - a) for share in shares] for a, b in zip(SWITCH, end, strict=True)]
    return {
        "strategy": name, "seed": seed, "run": f"{name}-{seed}", "switch": 16,
        "epoch": [15, *range(16, 17 + ROUNDS)], "seconds": [],
        "nll_oracle": [9.2 + shift, *(x + shift for x in ways[0])], "nll_test": [8.0, *ways[1]],
    }  # fmt: skip


def made_up_controls(
    tilt: tuple[float, float] = (8.6, 8.18), mixture: tuple[float, float] = (8.5, 8.16),
    seeds: int = 5,
) -> dict[str, Any]:  # fmt: skip
    """For a report's `controls`: straight lines from `SWITCH` to these ends, three settings long.

    The median of NLL_oracle falls by a tenth of what a mixture's mean does; SeqGAN's by all.
    """

    def points(end: tuple[float, float], settings: tuple[float, ...], t: float) -> list[Any]:
        found = []
        for setting in settings:
            x, y = (a + setting / settings[-1] * (b - a) for a, b in zip(SWITCH, end, strict=True))
            fall = (SWITCH[0] - x) * (0.1 if t != 1 else 1)
            others = {"nll_oracle_median": 9.0 - fall, "distinct_4": 0.99 - setting / 10}
            found.append({"temperature": t, "setting": setting, "n": 2000, "nll_oracle": x,
                          "nll_test": y, "others": others})  # fmt: skip
        return found

    x, y = ENDS["seqgan"]
    own = {"temperature": 1, "setting": 0.0, "n": 2000, "nll_oracle": x, "nll_test": y,
           "others": {"nll_oracle_median": 8.7, "distinct_4": 0.98}}  # fmt: skip
    by_name = {"tilt": points(tilt, (0.0, 0.1, 0.2), 1),
               "mixture": points(mixture, (0.0, 0.15, 0.3), 0.5), "seqgan": [own]}  # fmt: skip
    return {
        name: [{"seed": seed, "points": each} for seed in range(1, 1 + seeds)]
        for name, each in by_name.items()
    }
