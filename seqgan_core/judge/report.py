"""What a comparison of methods measured: the types that `compare` writes and figures read.

Loads neither torch nor scipy.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from seqgan_core.judge.report_file import Number, Part, ReportFile
from seqgan_core.training.setup.presets import CHOSEN_WITH, PAPER, PRESETS
from seqgan_core.training.setup.provenance import NOT_RECORDED, Provenance

ALPHA = 0.05  # intervals are at 95%
SELF_BLEU_ORDER = 3  # of self-BLEU everywhere in a comparison
PAPER_REAL = 5.75  # nats per token: NLL_oracle of the samples of the authors' oracle
CURVE = "mle"  # the method whose temperatures the others are compared with
ORACLE = "oracle"  # its key among the frontiers

Observation = Literal["run", "sentence"]


class Summary(Part):
    """Mean of n observations with its 95% interval; `low` and `high` are None for fewer than 2."""

    n: int
    mean: Number
    low: float | None
    high: float | None

    def side(self, level: float = 0.0) -> int:
        """1 if the interval lies above `level`, -1 if below it, 0 if it contains it or is None."""
        if self.low is None or self.high is None:
            return 0
        return (self.low > level) - (self.high < level)


class Difference(Part):
    """`first` minus `second`: the difference of their means, with its test."""

    first: str
    second: str
    difference: Number  # of the means; negative when `first` is lower
    # low, high: its 95% interval, not corrected for the number of tests
    low: Number
    high: Number
    p: Number  # of Welch's test, two-sided; `p_holm` is corrected within its family
    p_holm: Number
    effect: Number  # Hedges' g, in standard deviations; not finite where nothing varies
    # n_first, n_second: observations
    n_first: int
    n_second: int
    # they are of the same things, such as held-out sequences: `p` is that of the paired t-test, and
    # `effect` is d_z, the mean difference in standard deviations of differences
    paired: bool = False

    @property
    def sign(self) -> int:
        """1 or -1 where the corrected test finds a difference, 0 where it does not."""
        return 0 if not self.p_holm < ALPHA else 1 if self.difference > 0 else -1

    def reversed(self) -> Difference:
        """`second` minus `first`."""
        return self.model_copy(
            update={
                "first": self.second, "second": self.first, "difference": -self.difference,
                "low": -self.high, "high": -self.low, "effect": -self.effect,
                "n_first": self.n_second, "n_second": self.n_first,
            }
        )  # fmt: skip


class Result(Part):
    """One run, measured at its newest checkpoint: `values` by metric."""

    seed: int
    run: str
    step: int
    seconds: float
    values: dict[str, Number]


class Row(Part):
    """One method: every seed's result, and by metric the means over seeds."""

    strategy: str
    results: tuple[Result, ...] = Field(min_length=1)
    summary: dict[str, Summary]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for result in self.results:
            if missing := self.summary.keys() - result.values.keys():
                raise ValueError(f"run {result.run} has no {min(missing)}")
        return self


class FrontierPoint(Part):
    """One model at one temperature, over n samples; what its task does not measure is None."""

    temperature: float
    n: int
    nll_test: Number  # nats per token, as `nll_oracle`
    nll_oracle: float | None = None
    m: int | None = None  # held-out sequences that `nll_test` was measured on
    bleu: dict[int, Number] = Field(default={})  # by order, against held-out data
    self_bleu: float | None = None
    distinct_2: float | None = None
    others: dict[str, Number] = Field(default={})  # what else is measured, such as `mse` of music
    # of a control: α of the tilt, or the share of sequences that have this temperature
    setting: float | None = None

    def value(self, metric: str) -> float:
        """The metric; NaN where it was not measured."""
        values = {f"bleu_{order}": value for order, value in self.bleu.items()} | self.others
        value = values.get(metric, getattr(self, metric, None))
        return math.nan if value is None else float(value)


class Sweep(Part):
    """One run's model at each temperature, the lowest first, or a control at each setting."""

    seed: int
    points: tuple[FrontierPoint, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        points = sorted(self.points, key=lambda point: point.temperature)
        object.__setattr__(self, "points", tuple(points))
        return self


class Ceiling(Part):
    """Real text, or the text of an n-gram model, measured as a model's samples are."""

    # "real" (training data), "held out" (test data, each sequence against the others), or the
    # n-gram model
    name: str
    n: int  # sequences measured
    references: int  # sequences that each one's BLEU was computed against
    bleu: dict[int, Summary]  # by order
    varied: int  # sequences that self-BLEU and distinct-n were computed in; both change with them
    self_bleu: dict[int, Number]  # by order; empty for a single sequence
    distinct: dict[int, Number]  # by n, the share of n-grams that are different ones
    # by n, the share of sequences with a run of n tokens that the training data contains; None for
    # the training data itself
    copied: dict[int, Number] | None
    # tokens in the longest such run, mean over the sequences; None as for `copied`
    run: float | None
    # what else the task measures of each sequence, such as `mse` of music
    others: dict[str, Summary] = Field(default={})

    def value(self, metric: str) -> float | None:
        """The metric of a report's rows that this row has, under the same name."""
        means: dict[str, float | None] = {
            f"bleu_{n}": summary.mean for n, summary in self.bleu.items()
        }
        means |= {f"distinct_{n}": share for n, share in self.distinct.items()}
        means |= {name: summary.mean for name, summary in self.others.items()}
        means |= {"self_bleu": self.self_bleu.get(SELF_BLEU_ORDER), "copied": self.run}
        return means.get(metric)


class Curve(Part):
    """A run's evaluations as columns of equal length: `epoch`, `seconds`, and one a metric.

    `switch` is the epoch at which MLE ended.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, tuple[Number, ...]]

    strategy: str
    seed: int
    run: str
    switch: float
    epoch: tuple[Number, ...] = ()
    seconds: tuple[Number, ...] = ()

    def column(self, name: str) -> tuple[float, ...]:
        """The values of a column; empty where the run has none."""
        fixed = {"epoch": self.epoch, "seconds": self.seconds}
        return fixed.get(name) or self.__pydantic_extra__.get(name, ())


class About(Part):
    """How the runs were made, for the command that makes them again."""

    preset: str | None = None
    changes: dict[str, Any] = Field(default={})
    budget: str | None = None
    seeds: int | tuple[int, ...] | None = None  # how many, from 1, or which
    strategies: tuple[str, ...] | None = None

    @property
    def choosing_seeds(self) -> tuple[int, ...]:
        """The seeds that the preset's settings were chosen with; empty if unknown."""
        return CHOSEN_WITH.get(self.preset or "", ())

    @property
    def shares_data(self) -> bool:
        """Whether the settings were chosen on this oracle, or on this corpus."""
        base = PRESETS.get(self.preset or "", PAPER)
        if base.corpus:
            return bool(self.changes.get("corpus", base.corpus) == base.corpus)
        return self.changes.get("oracle_seed", base.oracle_seed) in self.choosing_seeds

    @property
    def seeds_option(self) -> str | None:
        """The seeds as an option of the command.

        >>> About(seeds=(1, 2)).seeds_option, About(seeds=(11, 12)).seeds_option
        ('2', '11-12')
        """
        if not isinstance(self.seeds, tuple) or not self.seeds:
            return str(self.seeds) if self.seeds else None
        first, last = self.seeds[0], self.seeds[-1]
        if self.seeds != tuple(range(first, last + 1)):
            return ",".join(map(str, self.seeds))
        return str(last) if first == 1 else f"{first}-{last}"


class Report(ReportFile):
    """A comparison of methods."""

    FORMAT: ClassVar[str] = "seqgan-comparison-1"
    REMEDY: ClassVar[str] = "python -m seqgan_core compare --out"

    format: Literal["seqgan-comparison-1"]
    about: About
    # settings of the first run; the others differ in the method, the seed, and where budgets are
    # equal seconds in their length
    config: dict[str, Any] = Field(default={})
    versions: Provenance = NOT_RECORDED
    reference: str
    samples: int  # sequences drawn of every run
    rows: tuple[Row, ...]  # one a method, in the paper's order
    real: dict[str, Number]  # metrics of real data: of the oracle's samples, or of training data
    # each method against `reference`, one observation a run, by metric; empty, with the reason in
    # `untested`, where there are too few runs
    over_runs: dict[str, tuple[Difference, ...]]
    # as above, one observation a sequence of the first seed's runs, as in the paper
    over_sentences: dict[str, tuple[Difference, ...]]
    untested: str = ""
    # each run's model at several temperatures, by method, and of the oracle
    frontier: dict[str, tuple[Sweep, ...]]
    ceilings: tuple[Ceiling, ...] = ()  # what a BLEU is compared with; of a corpus only
    curves: tuple[Curve, ...]  # every run's evaluations: the paper's Figure 2
    # MLE's models stopped after so many epochs, each at several temperatures, one `Sweep` a seed;
    # empty where they were not measured
    stopping: dict[int, tuple[Sweep, ...]] = Field(default={})
    # MLE changed by hand, "tilt" and "mixture", and mixtures of the reference: see `judge.frontier`
    controls: dict[str, tuple[Sweep, ...]] = Field(default={})

    @model_validator(mode="after")
    def _same_temperatures(self) -> Self:
        swept = [*self.frontier.items(), *self.stopping.items(), *self.controls.items()]
        for name, sweeps in swept:
            if len({tuple((p.temperature, p.setting) for p in s.points) for s in sweeps}) > 1:
                raise ValueError(f"the seeds of {name} have different temperatures")
        return self

    @property
    def strategies(self) -> list[str]:
        """The methods, in order."""
        return [row.strategy for row in self.rows]

    @property
    def is_text(self) -> bool:
        """Whether it is of a corpus, which BLEU judges and no oracle."""
        return any(m.startswith("bleu_") for row in self.rows for m in row.summary)

    @property
    def at_paper_size(self) -> bool:
        """Whether it is of the paper's task at its V and T; unknown settings say no."""
        names = ("task", "vocab_size", "sequence_length")
        return all(self.config.get(name) == getattr(PAPER, name) for name in names)

    @property
    def has_paper_oracle(self) -> bool:
        """Whether the oracle is the authors': read from a file, with real data as in the paper."""
        real = self.real.get("nll_oracle", math.nan)
        given = self.at_paper_size and bool(self.config.get("oracle_path"))
        return given and abs(real - PAPER_REAL) < 0.03

    def row(self, strategy: str) -> Row | None:
        """A method's row, if it was compared."""
        return next((row for row in self.rows if row.strategy == strategy), None)

    def mean(self, strategy: str, metric: str) -> float:
        """A method's mean over seeds; NaN where it was not measured."""
        row = self.row(strategy)
        return row.summary[metric].mean if row and metric in row.summary else math.nan

    def tests(self, metric: str, by: Observation) -> tuple[Difference, ...]:
        """The tests of one metric."""
        return (self.over_runs if by == "run" else self.over_sentences).get(metric, ())

    def difference(
        self, first: str, second: str, metric: str, by: Observation = "run"
    ) -> Difference | None:
        """The test of `first` minus `second`, in whichever order it is kept."""
        for test in self.tests(metric, by):
            if (test.first, test.second) == (first, second):
                return test
            if (test.first, test.second) == (second, first):
                return test.reversed()
        return None


class Distance(Part):
    """How far one method lies from MLE's curve of temperatures, at an equal value of `x`."""

    strategy: str
    # x, y: the metrics of the plane: `y` is compared where the curve has the same `x`
    x: str
    y: str
    seeds: dict[int, float]  # y minus the curve's y, of each run that the curve reaches, by seed
    outside: int  # runs whose x none of the curve's temperatures reaches
    summary: Summary | None  # mean over the seeds; None where the curve reaches no run
    paired: bool = True  # each run with the curve of its own seed; else with the mean of the curves
    curves: int = 0  # how many there are
    # the method whose temperatures they vary, or whose path since MLE ended they are
    curve: str = CURVE
    epochs: int | None = None  # after which that method was stopped; None at its end, and of a path
    # NLL_oracle, NLL_test (means over seeds) and temperature of the curve's point that has the
    # lowest NLL_test with an NLL_oracle not above the method's; None if there is none
    best: tuple[Summary, Summary, float] | None = None
