import math
from dataclasses import replace
from typing import Any

import pytest

from seqgan_core.figures import style
from seqgan_core.figures.exposure import figures, findings
from seqgan_core.insight.exposure.summary import Ends, PrefixDivergence, Role, Series
from seqgan_core.insight.statistics import Mean
from tests.figures.checks import sound
from tests.figures.made_up import (
    BETTER,
    BIASED,
    MLE,
    OTHER,
    PERTURBED,
    REAL,
    SEQGAN,
    perturbation_excess,
    prefix_divergence,
    series,
)


def line(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (drawn,) = [t for t in figure["data"] if t["name"] == name and t.get("showlegend", True)]
    return drawn  # type: ignore[no-any-return]


def ribbon(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (drawn,) = [t for t in figure["data"] if t["name"] == name and t.get("fill") == "toself"]
    return drawn  # type: ignore[no-any-return]


def test_lines_and_ribbons_are_the_means_and_their_intervals() -> None:
    figure = figures.writing(REAL, [MLE, SEQGAN])
    assert line(figure, "MLE")["x"] == [1, 2, 3]
    assert line(figure, "MLE")["y"] == pytest.approx([1.0, 2.1, 2.6])
    assert line(figure, "MLE")["customdata"] == pytest.approx([0.1, 0.1, 0.1])
    assert ribbon(figure, "MLE")["y"] == pytest.approx([1.1, 2.2, 2.7, 2.5, 2.0, 0.9])
    assert not ribbon(figure, "MLE")["showlegend"]


def test_mle_and_seqgan_differ_in_dash_and_marker_and_real_data_is_green() -> None:
    figure = figures.writing(REAL, [MLE, SEQGAN, OTHER])
    drawn = [line(figure, s.name) for s in (REAL, MLE, SEQGAN, OTHER)]
    assert len({trace["line"]["dash"] for trace in drawn}) == 4
    assert len({trace["marker"]["symbol"] for trace in drawn}) == 4
    assert drawn[0]["line"]["color"] == style.REAL
    assert drawn[2]["line"]["color"] == style.GENERATOR
    many = [series(str(i), "other", [1.0]) for i in range(4)]
    gaps = figures.gap([prefix_divergence(s.name, "other", Mean(0, 1)) for s in many])
    looks = [line(gaps, s.name) for s in many]
    assert len({(t["line"]["color"], t["marker"]["symbol"]) for t in looks}) == 4


def test_true_prefixes_are_open_marks_and_own_ones_filled() -> None:
    figure = figures.forced_and_free([BIASED])
    assert line(figure, "MLE · true")["marker"]["symbol"] == "square-open"
    assert line(figure, "MLE · own")["marker"]["symbol"] == "square"


def test_without_an_interval_there_is_no_ribbon() -> None:
    figure = figures.reading(None, [series("A", "model", [1.0, 2.0], half=math.nan)])
    assert [trace["name"] for trace in figure["data"]] == ["A"]
    sound(figure)


def test_a_single_position_shows_its_interval_as_a_bar() -> None:
    figure = figures.reading(None, [series("A", "model", [1.0], half=0.2)])
    (point,) = figure["data"]
    assert point["error_y"]["array"] == [0.2]
    assert point["mode"] == "lines+markers"


def test_with_many_lines_only_the_runs_own_have_ribbons() -> None:
    others = [series(str(i), "other", [1.0, 2.0]) for i in range(4)]
    figure = figures.writing(REAL, [MLE, SEQGAN, *others])
    assert {t["name"] for t in figure["data"] if t.get("fill")} == {
        "real data", "MLE", "SeqGAN (round 80)",
    }  # fmt: skip
    assert len([t for t in figure["data"] if not t.get("fill")]) == 7


def test_the_perturbation_precedes_its_lines_and_rings_mark_recovery() -> None:
    figure = figures.beyond(PERTURBED, 3)
    perturbation = next(s for s in figure["layout"]["shapes"] if s.get("x0") == 3)
    assert perturbation["x1"] == 3
    assert line(figure, "MLE")["x"] == [4, 5, 6]
    ring = line(figure, "recovered")
    assert (ring["x"], ring["y"]) == ([6], [0.05])  # MLE's only; SeqGAN has not recovered
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 3 < 6 < high
    without_mle = figures.beyond([PERTURBED[1]], 3)
    assert "recovered" not in {trace["name"] for trace in without_mle["data"]}


# -- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "title", "notice"),
    [
        (Mean(0.1, 0.02), "(worse)", "25% of its distance"),
        (Mean(-0.1, 0.02), "(better)", "closer to the oracle after its own prefixes"),
        (Mean(0.1, 0.12), "(not significant)", "the interval includes 0"),
        (Mean(0.1, math.nan), "(not significant)", "no exposure bias is measurable"),
    ],
)
def test_exposure_bias_is_called_so_only_where_the_interval_leaves_zero_out(
    gap: Mean, title: str, notice: str
) -> None:
    models = [prefix_divergence("MLE", "mle", gap)]
    assert title in findings.gap(models)
    (sentence,) = findings.prefixes(models)
    assert notice in sentence
    if gap.sign == 0:
        assert "500 sequences" in sentence


@pytest.mark.parametrize(
    ("versus", "expected"),
    [
        (Mean(-0.13, 0.02), "less exposure bias"),
        (Mean(0.13, 0.02), "more exposure bias"),
        (Mean(0.01, 0.02), "do not differ measurably in exposure bias"),
    ],
)
def test_seqgan_against_mle(versus: Mean, expected: str) -> None:
    model = prefix_divergence("SeqGAN", "model", Mean(0.0, 0.1), versus)
    assert expected in findings.prefixes([BIASED, model])[-1]


def test_the_cost_on_true_prefixes_is_stated() -> None:
    model = prefix_divergence("SeqGAN", "model", Mean(-0.03, 0.02), Mean(-0.13, 0.02))
    assert "on real prefixes it is" not in findings.prefixes([BIASED, model])[-1]
    forced = series("t", "model", [0.1], overall=Mean(0.4, 0.1), versus=Mean(0.05, 0.01))
    paying = PrefixDivergence(model.name, model.role, forced, model.free, model.gap)
    assert "on real prefixes it is +0.050 ± 0.010 nats" in findings.prefixes([BIASED, paying])[-1]


@pytest.mark.parametrize(
    ("wrote", "reads", "expected"),
    [
        (Mean(-0.3, 0.1), Mean(0.05, 0.01), "comes from leaving things out"),
        (Mean(-0.3, 0.1), Mean(0.005, 0.01), "in NLL_test no difference is found"),
        (Mean(-0.3, 0.1), Mean(-0.05, 0.01), "a better NLL_oracle and a better NLL_test than MLE"),
        (Mean(0.3, 0.1), Mean(0.0, 0.01), "has a worse NLL_oracle than MLE"),
        (Mean(0.05, 0.1), Mean(0.05, 0.01), "neither clearly better nor"),
    ],
)
def test_quality_is_never_reported_without_coverage(
    wrote: Mean, reads: Mean, expected: str
) -> None:
    model = series("SeqGAN", "model", [1.0, 2.0], versus=wrote)
    read = series("SeqGAN", "model", [1.0, 2.0], versus=reads)
    assert expected in findings.nll([model], [read])[0]


def test_without_an_oracle_writing_is_not_mentioned() -> None:
    assert findings.reading([series("A", "model", [1.0])]) == "NLL of real data by position"
    assert findings.nll([], [series("A", "model", [1.0])]) == []


def with_ends(name: str, role: Role, growth: float) -> Series:
    ends = Ends(Mean(0.1, 0.05), Mean(0.1 + growth, 0.05), Mean(growth, 0.07))
    return replace(series(name, role, [1.0, 2.0]), ends=ends)


@pytest.mark.parametrize(
    ("writes", "reads", "first", "second"),
    [
        (0.5, 0.2, "grows with the position", "NLL_test: the distance from the oracle grows too"),
        (
            0.5,
            0.05,
            "grows with the position",
            "NLL_test: the distance from the oracle does not clearly grow",
        ),
        (
            -0.2,
            0.0,
            "shrinks with the position",
            "NLL_test: the distance from the oracle does not clearly grow",
        ),
    ],
)
def test_a_growing_distance_is_not_yet_exposure_bias(
    writes: float, reads: float, first: str, second: str
) -> None:
    wrote, read = with_ends("MLE", "mle", writes), with_ends("MLE", "mle", reads)
    writing, reading = findings.nll([wrote], [read])
    assert writing == f"NLL_oracle: the distance from real data {first} (MLE)."
    assert reading.startswith(second)
    assert ("not exposure bias" in reading) == ("too" in second)


def test_the_conclusion_comes_first_and_models_with_the_same_trend_share_a_sentence() -> None:
    names: list[tuple[str, Role]] = [("MLE", "mle"), ("SeqGAN", "model")]
    wrote, read = ([with_ends(name, role, 0.5) for name, role in names] for _part in range(2))
    wrote[1] = replace(wrote[1], versus=Mean(-0.3, 0.1))
    read[1] = replace(read[1], versus=Mean(0.05, 0.01))
    assert findings.nll(wrote, read) == [
        "SeqGAN has a better NLL_oracle than MLE but a worse NLL_test: part of the gain comes "
        "from leaving things out (difference in nats per token: NLL_oracle −0.30 ± 0.10, "
        "NLL_test +0.050 ± 0.010; n = 500).",
        "NLL_oracle: the distance from real data grows with the position (MLE, SeqGAN).",
        "NLL_test: the distance from the oracle grows too, although the prefixes are real "
        "(MLE, SeqGAN), so growth alone is not exposure bias.",
    ]
    wrote[1] = replace(with_ends("SeqGAN", "model", 0.0), versus=wrote[1].versus)
    sentences = findings.nll(wrote, read)
    assert "grows with the position (MLE)." in sentences[1]
    assert "does not clearly grow (SeqGAN)." in sentences[2]
    assert "(MLE, SeqGAN)" in sentences[3]


def test_the_summary_of_the_perturbation() -> None:
    assert findings.beyond(PERTURBED) == (
        "Recovered, no longer clearly above the oracle (n = 500): MLE from position 6; SeqGAN "
        "(round 80) not by position 6"
    )
    message = " ".join(findings.perturbation(PERTURBED))
    assert "MLE: +1.99 ± 0.26 nats in total beyond the oracle (n = 500)" in message
    assert "do not differ measurably: +0.06 ± 0.28" in message
    cheaper = perturbation_excess("SeqGAN", "model", 5, Mean(0.1, 0.2), Mean(-1.0, 0.3))
    message = " ".join(findings.perturbation([PERTURBED[0], cheaper]))
    assert "SeqGAN: no measurable cost beyond the oracle" in message
    assert "SeqGAN loses less than MLE" in message


def test_titles_speak_of_mle_and_the_chosen_model_or_of_an_added_run() -> None:
    assert findings.main_models([OTHER, MLE, SEQGAN]) == [MLE, SEQGAN]
    assert findings.main_models([SEQGAN, OTHER, OTHER]) == [SEQGAN, OTHER]
    assert findings.main_models([MLE]) == [MLE]


def test_true_and_own_prefixes_come_with_intervals_and_n() -> None:
    assert findings.forced_and_free([BIASED, BETTER]) == (
        "Real / own prefixes, nats (n = 500): MLE 0.300 ± 0.020 / 0.400 ± 0.020; SeqGAN (round "
        "80) 0.300 ± 0.020 / 0.400 ± 0.020"
    )
