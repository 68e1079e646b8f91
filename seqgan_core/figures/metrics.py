"""The table of metrics: name, unit, which way is better, digits, and what computes each."""

from dataclasses import dataclass
from typing import Literal

from seqgan_core.messages import N_, _

Direction = Literal["lower", "higher", "neither"]


@dataclass(frozen=True)
class Metric:
    """A measured number; its words are translated when they are read."""

    name: str  # as events, reports and files call it
    _title: str
    _unit: str
    direction: Direction  # which way is better
    digits: int  # shown after the point
    _help: str
    # the function or class that computes it; empty for a metric that is not in the table
    source: str
    _range: str = ""

    @property
    def title(self) -> str:
        return _(self._title)

    @property
    def unit(self) -> str:
        """Empty for shares and scores from 0 to 1."""
        return _(self._unit)

    @property
    def help(self) -> str:
        """One line: what it measures."""
        return _(self._help)

    @property
    def better(self) -> str:
        """Which way is better, or what the end of its range means."""
        words = {"lower": _("lower is better"), "higher": _("higher is better"), "neither": ""}
        return _(self._range) or words[self.direction]

    @property
    def axis(self) -> str:
        """The title of its axis: title, unit, and which way is better."""
        return ", ".join(filter(None, [self.title, self.unit, self.better]))

    @property
    def arrow(self) -> str:
        return {"lower": "↓", "higher": "↑", "neither": ""}[self.direction]

    def text(self, value: float | None, *, signed: bool = False) -> str:
        """The number with its digits; "–" where there is none.

        >>> metric_of("nll_test").text(2.34567), metric_of("nll_test").text(-0.1, signed=True)
        ('2.346', '−0.100')
        """
        if value is None:
            return "–"
        return f"{value:{'+' if signed else ''}z.{self.digits}f}".replace("-", "−")


_NATS = N_("nats per token")
_PAPER, _TUNES = "seqgan_core.paper.metrics", "seqgan_core.tasks.music.metrics"
_HELD_OUT_HELP = N_("Share of a sample's n-grams, up to this length, that held-out data contains")
METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "nll_oracle", N_("NLL_oracle"), _NATS, "lower", 3,
            N_("Quality: how improbable the oracle finds the samples"), f"{_PAPER}.sequence_nll",
        ),
        Metric(
            "nll_test", N_("NLL_test"), _NATS, "lower", 3,
            N_("Coverage: how improbable the model finds held-out data"), f"{_PAPER}.sequence_nll",
        ),
        Metric(
            "nll_valid", N_("NLL of validation data"), _NATS, "lower", 3,
            N_("As NLL_test, of data to choose settings by"), f"{_PAPER}.sequence_nll",
        ),
        *(
            Metric(f"bleu_{n}", f"BLEU-{n}", "", "higher", 3, _HELD_OUT_HELP,
                   "seqgan_core.paper.bleu.Bleu")
            for n in range(1, 6)
        ),
        Metric(
            "mse", N_("MSE to the nearest real tune"), N_("semitones²"), "lower", 2,
            N_("Mean squared difference in pitch from the nearest held-out tune"),
            f"{_TUNES}.nearest_error",
        ),
        Metric(
            "in_key", N_("Share in key"), "", "neither", 3,
            N_("Share of time on the notes of the tune's key; best near that of real tunes"),
            f"{_TUNES}.in_key",
        ),
        Metric(
            "repeated", N_("Repeated patterns"), "", "neither", 3,
            N_("Share of patterns that occur more than once; best near that of real tunes"),
            f"{_TUNES}.repetition",
        ),
        Metric(
            "fills_bars", N_("Full parts"), "", "higher", 3,
            N_("Share of tunes that fill the eight bars of both parts and end there"),
            f"{_TUNES}.fills_bars",
        ),
        Metric(
            "ends_at_home", N_("Ends at home"), "", "neither", 3,
            N_("Share of tunes whose last note is one of the tonic chord; best near real tunes"),
            f"{_TUNES}.ends_at_home",
        ),
        Metric(
            "self_bleu", N_("self-BLEU"), "", "lower", 3,
            N_("How alike the samples are: BLEU of each against the others"),
            "seqgan_core.paper.bleu.self_bleu", N_("1 means all alike"),
        ),
        *(
            Metric(f"distinct_{n}", f"distinct-{n}", "", "higher", 3,
                   N_("Number of different n-grams as a share of all n-grams of the samples"),
                   "seqgan_core.paper.bleu.distinct", N_("0 means all alike"))
            for n in (2, 3)
        ),
        Metric(
            "copied", N_("Longest copy"), N_("tokens"), "neither", 2,
            N_("Longest run of tokens that a training sequence contains, mean over the samples"),
            "seqgan_core.paper.copying.CopyIndex",
        ),
        Metric(
            "entropy", N_("Entropy"), _NATS, "neither", 3,
            N_("How spread out the model's choice of the next token is"),
            f"{_PAPER}.conditional_entropy",
        ),
        Metric(
            "d_accuracy", N_("D's accuracy"), "", "neither", 3,
            N_("Share of held-out real and new generated sequences that D classifies correctly"),
            f"{_PAPER}.discriminator_scores", N_("0.5 is chance"),
        ),
    )
}  # fmt: skip


def metric_of(name: str) -> Metric:
    """A row of the table; a metric that is not in it keeps its own name.

    >>> metric_of("bleu_3").axis, metric_of("odd").title
    ('BLEU-3, higher is better', 'odd')
    """
    return METRICS.get(name) or Metric(name, name, "", "neither", 3, "", "")
