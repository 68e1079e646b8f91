from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seqgan_core.figures import style
from seqgan_core.figures.methods import curves as methods_curves
from seqgan_core.figures.methods import (
    findings,
    frontier_gaps,
    means,
    paper,
    plane,
    report,
    significance,
)
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.methods import METHODS
from seqgan_core.judge.report_file import plain
from seqgan_core.judge.significance import summarise
from seqgan_core.training.strategies import STRATEGIES
from tests.support.made_up.comparison import PAIRS, REAL, SPREAD, made_up

REPORT = made_up()
GAPS: list[dict[str, Any]] = plain(distances(REPORT))
ONE = made_up(1)
SIZE = "V = 50, T = 10"


def test_names_are_those_of_the_strategies_and_no_two_look_alike() -> None:
    assert {s: report.method_name(s) for s in METHODS} == {s: STRATEGIES[s].title for s in METHODS}
    looks = [report.method_style(strategy) for strategy in METHODS]
    assert len({look.symbol for look in looks}) == len({look.dash for look in looks}) == 6
    assert report.method_style("seqgan").colour == style.GENERATOR
    assert report.method_name("something new") == "something new"


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (drawn,) = [t for t in figure["data"] if t["name"] == name and t.get("showlegend", True)]
    return drawn  # type: ignore[no-any-return]


def notes(figure: dict[str, Any]) -> str:
    return " | ".join(note["text"] for note in figure["layout"]["annotations"])


# -- means -----------------------------------------------------------------------------------------


def test_every_seed_is_a_dot_and_the_mean_has_its_interval() -> None:
    figure = means.means(REPORT, "nll_oracle")
    dots, middle = trace(figure, "SeqGAN, each seed"), trace(figure, "SeqGAN")
    assert dots["x"] == pytest.approx([2.11, 2.13, 2.15, 2.17, 2.19])
    assert dots["customdata"] == [1, 2, 3, 4, 5]
    row = METHODS.index("seqgan")
    assert dots["y"] == [row - 0.25, row - 0.125, row, row + 0.125, row + 0.25]
    summary = summarise(dots["x"])
    assert summary.high is not None
    assert middle["x"] == pytest.approx([summary.mean])
    assert middle["y"] == [row]
    assert middle["error_x"]["array"] == pytest.approx([summary.high - summary.mean])
    assert figure["layout"]["yaxis"]["ticktext"][row] == "SeqGAN"
    assert means.means(REPORT, "nll_oracle") == figure  # nothing random in the jitter


def test_one_seed_has_no_interval() -> None:
    assert "error_x" not in trace(means.means(ONE, "nll_oracle"), "SeqGAN")


def test_real_data_is_a_green_line_with_its_value() -> None:
    figure = means.means(REPORT, "self_bleu")
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == (REAL["self_bleu"], REAL["self_bleu"])
    assert line["line"]["color"] == style.REAL
    assert "real data 0.450" in notes(figure)
    bare = means.means(REPORT | {"real": {}}, "self_bleu")
    assert bare["layout"]["shapes"] == []


def test_the_untrained_generator_does_not_decide_the_scale() -> None:
    figure = means.means(REPORT, "nll_oracle")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < PAIRS["pg_bleu"][0] < PAIRS["constant_reward"][0] < high < PAIRS["random"][0]
    assert "6.900 →" in notes(figure)
    assert all(t["name"] != "Random" for t in figure["data"])
    near = made_up(random=(2.6, 2.3))
    figure = means.means(near, "nll_oracle")
    assert trace(figure, "Random")["x"] == pytest.approx([2.6])
    assert "→" not in notes(figure)
    for metric in report.METRICS:  # and every dot of the others is on the scale
        figure = means.means(REPORT, metric)
        low, high = figure["layout"]["xaxis"]["range"]
        drawn = [x for t in figure["data"] for x in t["x"]]
        assert all(low <= x <= high for x in drawn)


def test_an_interval_of_two_seeds_does_not_squeeze_the_dots() -> None:
    two = made_up(2)
    two["rows"][4]["summary"]["nll_oracle"] |= {"low": -10.0, "high": 14.0}
    low, high = means.means(two, "nll_oracle")["layout"]["xaxis"]["range"]
    assert 1.0 < low < 1.5
    assert 2.5 < high < 3.5
    assert "goes on" in means.means(two, "nll_oracle")["layout"]["meta"]["seeing"]


def test_titles_are_the_findings() -> None:
    title = means.means(REPORT, "nll_oracle")["layout"]["title"]["text"]
    assert title == "NLL_oracle: PG-BLEU is lowest with 1.560, then SeqGAN with 2.150 (n = 5 seeds)"
    title = means.means(REPORT, "nll_test")["layout"]["title"]["text"]
    assert title == "NLL_test: MLE is lowest with 2.120, PG-BLEU highest with 2.960 (n = 5 seeds)"
    title = means.means(REPORT, "distinct_2")["layout"]["title"]["text"]
    assert title == "distinct-2: PG-BLEU varies least, 0.020"
    better = made_up(seqgan=(1.5, 2.0), pg_bleu=(2.5, 2.5))
    title = means.means(better, "nll_test")["layout"]["title"]["text"]
    assert "SeqGAN is lowest with 2.000, PG-BLEU highest" in title


def test_the_notice_names_who_passed_real_data_and_who_wins_by_what() -> None:
    message = means.notice(REPORT)
    assert "NLL_oracle: PG-BLEU. Who stands there" in message
    assert "PG-BLEU is first by NLL_oracle and MLE by NLL_test" in message
    message = means.notice(made_up(pg_bleu=(2.6, 2.96), seqgan=(2.1, 2.05)))
    assert message == "SeqGAN is first by both numbers."


def test_unequal_numbers_of_seeds_are_stated() -> None:
    assert report.seeds_text(REPORT) == "n = 5 seeds"
    assert report.seeds_text(ONE) == "n = 1 seed"
    uneven = REPORT | {"rows": [REPORT["rows"][0], ONE["rows"][1]]}
    assert report.seeds_text(uneven) == "n = 1 to 5 seeds"


# -- the paper -------------------------------------------------------------------------------------


def test_the_paper_s_order_is_compared_with_ours() -> None:
    ours, theirs = paper.both_orders(REPORT)
    assert ours == ["pg_bleu", "seqgan", "mle", "scheduled_sampling", "random"]
    assert theirs == ["seqgan", "pg_bleu", "scheduled_sampling", "mle", "random"]
    figure = paper.orders(REPORT, SIZE)
    assert "2 of 10 pairs" in figure["layout"]["title"]["text"]
    assert trace(figure, "SeqGAN")["y"] == [1, 0]
    assert "8.736 SeqGAN" in notes(figure)
    assert "SeqGAN 2.150" in notes(figure)
    seeing = figure["layout"]["meta"]["seeing"]
    for words in (SIZE, "V = 5000, T = 20", "commonly cited", "another size"):
        assert words in seeing


def test_the_same_order_and_one_swapped_pair_are_stated() -> None:
    same = made_up(pg_bleu=(2.3, 2.2), scheduled_sampling=(2.35, 2.1))
    assert paper.orders(same, SIZE)["layout"]["title"]["text"] == (
        "The paper's order by NLL_oracle is ours too"
    )
    swapped = made_up(pg_bleu=(2.3, 2.2))
    assert (
        "MLE and Scheduled sampling stand the other way round"
        in (paper.orders(swapped, SIZE)["layout"]["title"]["text"])
    )
    alone = paper.orders(made_up(2, ("mle", "constant_reward"), "mle"), SIZE)
    assert alone["data"] == []


def test_the_paper_s_numbers_are_those_that_are_cited() -> None:
    assert paper.NLL_ORACLE == {
        "random": 10.310, "mle": 9.038, "scheduled_sampling": 8.985, "pg_bleu": 8.946,
        "seqgan": 8.736,
    }  # fmt: skip


# -- tests -----------------------------------------------------------------------------------------


def test_differences_have_their_intervals_and_both_observations_one_scale() -> None:
    run = significance.differences(REPORT, "nll_oracle", "run")
    sentence = significance.differences(REPORT, "nll_oracle", "sentence")
    assert run["layout"]["xaxis"]["range"] == sentence["layout"]["xaxis"]["range"]
    (test,) = [t for t in REPORT["over_runs"]["nll_oracle"] if t["first"] == "mle"]
    drawn = trace(run, "MLE")
    assert drawn["x"] == [test["difference"]] == pytest.approx([0.25])
    assert drawn["error_x"]["arrayminus"] == pytest.approx([test["difference"] - test["low"]])
    assert "4.750 →" in notes(run)  # Random
    assert "5 of 5 methods differ from SeqGAN" in run["layout"]["title"]["text"]


def test_a_difference_can_be_computed_in_either_direction() -> None:
    forwards = report.difference(REPORT, "mle", "seqgan", "nll_oracle", "run")
    backwards = report.difference(REPORT, "seqgan", "mle", "nll_oracle", "run")
    assert forwards is not None
    assert backwards is not None
    assert backwards["difference"] == -forwards["difference"]
    assert (backwards["low"], backwards["high"]) == (-forwards["high"], -forwards["low"])
    assert backwards["effect"] == -forwards["effect"]
    assert backwards["p"] == forwards["p"]
    assert report.difference(REPORT, "mle", "pg_bleu", "nll_oracle", "run") is None


def p_of(first: str, metric: str, by: report.Observation) -> str:
    test = report.difference(REPORT, first, "seqgan", metric, by)
    assert test is not None
    return report.p_text(test["p"])


def test_the_jump_of_the_p_value_has_both_p_and_both_n() -> None:
    message = significance.jump(REPORT, "nll_test")
    assert f"with a run as the observation {p_of('mle', 'nll_test', 'run')}, n = 5 and 5" in message
    by_sentence = p_of("mle", "nll_test", "sentence")
    assert f"with a sentence {by_sentence}, n = 2,000 and 2,000" in message
    assert "only says that these two models differ, not that the method does" in message


def test_one_method_differs_from_itself_by_its_sentences() -> None:
    message = significance.jump(REPORT, "nll_oracle")
    assert f"MLE's own seeds 1 and 5 lie {4 * SPREAD:.3f} apart" in message
    test = report.difference(REPORT, "mle", "seqgan", "nll_oracle", "sentence")
    assert test is not None
    assert f"± {(test['high'] - test['low']) / 2:.3f}" in message


def test_methods_that_differ_only_by_sentences_are_named() -> None:
    close = made_up(2, scheduled_sampling=(2.18, 2.125))
    run = report.difference(close, "scheduled_sampling", "seqgan", "nll_oracle", "run")
    sentence = report.difference(close, "scheduled_sampling", "seqgan", "nll_oracle", "sentence")
    assert run is not None
    assert sentence is not None
    assert sentence["p_holm"] < 0.05 < run["p_holm"]  # else nothing is tested here
    message = significance.jump(close, "nll_oracle")
    assert f"by runs they do not: Scheduled sampling ({report.p_text(run['p_holm'])})" in message
    assert "by runs they do not" not in significance.jump(REPORT, "nll_oracle")


def test_sentences_that_tell_nothing_are_not_called_a_difference() -> None:
    alike = made_up(seqgan=(2.4005, 2.12))
    message = significance.jump(alike, "nll_oracle")
    assert "even the sentences do not tell these two models apart" in message
    assert "not that the method does" not in message


def test_without_a_test_over_runs_the_jump_says_so() -> None:
    message = significance.jump(ONE, "nll_oracle")
    assert "With a run as the observation there is no test" in message
    assert "n = 2,000 and 2,000" in message
    assert significance.differences(ONE, "nll_oracle", "run")["data"] == []
    assert significance.jump(ONE, "self_bleu") == ""
    message = significance.jump(REPORT, "self_bleu")
    assert "A sentence has no self-BLEU-3 of its own" in message
    assert "n = 5 and 5 runs" in message


# -- the plane -------------------------------------------------------------------------------------


def test_every_run_is_a_point_and_mle_a_curve_of_means() -> None:
    figure = plane.plane(REPORT, GAPS)
    points = trace(figure, "PG-BLEU")
    assert points["x"] == pytest.approx([1.52, 1.54, 1.56, 1.58, 1.60])
    assert points["customdata"] == [1, 2, 3, 4, 5]
    curve = trace(figure, "MLE, temperature turned")
    assert curve["x"] == pytest.approx([2.1, 2.2, 2.3, 2.4, 2.5])
    assert curve["y"] == pytest.approx([2.165, 2.14, 2.125, 2.12, 2.125])
    assert curve["customdata"] == [0.7, 0.8, 0.9, 1.0, 1.1]
    faint = [t for t in figure["data"] if t["name"] == "MLE" and not t.get("showlegend", True)]
    assert len(faint) == 5  # each seed
    oracle = trace(figure, "The oracle itself, temperature turned")
    assert oracle["line"]["color"] == style.REAL
    assert all(t["name"] != "Random" for t in figure["data"])
    assert "Random lies off the scale: 6.90 / 3.95" in notes(figure)


def test_the_mean_curve_is_the_mean_over_seeds() -> None:
    comparison = made_up(2)
    for point in comparison["frontier"]["mle"][1]["points"]:
        point["nll_test"] += 0.2
    curve = trace(plane.plane(comparison, []), "MLE, temperature turned")
    assert curve["y"] == pytest.approx([2.265, 2.24, 2.225, 2.22, 2.225])


def test_a_method_s_own_curve_is_drawn_on_request() -> None:
    chosen = plane.plane(REPORT, GAPS, ["seqgan", "random", "nothing"])
    names = {t["name"] for t in chosen["data"]}
    assert "SeqGAN, temperature turned" in names
    assert not {"Random, temperature turned", "nothing, temperature turned"} & names
    bare = {t["name"] for t in plane.plane(REPORT, GAPS)["data"]}
    assert "SeqGAN, temperature turned" not in bare
    assert plane.selectable(REPORT) == [
        "scheduled_sampling", "pg_bleu", "seqgan", "constant_reward",
    ]  # fmt: skip


def test_near_the_curve_the_collapsed_method_is_off_the_scale() -> None:
    layout = plane.plane(REPORT, GAPS, near=True)["layout"]
    (left, right), (low, high) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    assert left < 2.1 < 2.5 < right
    assert low < 2.12 < 2.18 < high < PAIRS["pg_bleu"][1]
    assert left > PAIRS["pg_bleu"][0]


def test_without_an_oracle_there_is_no_plane() -> None:
    bare = made_up(2)
    for row in bare["rows"]:
        del row["summary"]["nll_oracle"]
    assert plane.plane(bare, [])["data"] == []
    assert "nll_oracle" not in report.metrics(bare)


# -- distances in words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "side", "title", "words"),
    [
        ((2.25, 2.30), 1, "lies above MLE's curve", "Above the curve"),
        ((2.25, 2.05), -1, "lies below MLE's curve", "Below the curve"),
        ((2.25, 2.135), 0, "cannot be told from MLE", "Within the noise"),
    ],
)
def test_above_below_and_within_the_noise(
    pair: tuple[float, float], side: int, title: str, words: str
) -> None:
    comparison = made_up(seqgan=pair)
    gaps: list[dict[str, Any]] = plain(distances(comparison))
    gap = frontier_gaps.gap_of(gaps, "seqgan")
    assert gap is not None
    assert frontier_gaps.side(gap) == side
    assert title in frontier_gaps.plane_words(comparison, gaps)
    message = frontier_gaps.notice(gaps, "seqgan")
    assert words in message
    assert frontier_gaps.interval(gap) in message
    assert "n = 5 seeds" in message


def test_one_seed_is_never_above_or_below() -> None:
    gaps: list[dict[str, Any]] = plain(distances(made_up(1, seqgan=(2.25, 2.60))))
    gap = frontier_gaps.gap_of(gaps, "seqgan")
    assert gap is not None
    assert frontier_gaps.side(gap) == 0
    assert "One seed cannot tell" in frontier_gaps.notice(gaps, "seqgan")


def test_runs_out_of_reach_are_counted() -> None:
    message = frontier_gaps.notice(GAPS, "seqgan")
    assert "5 of 5 runs of PG-BLEU" in message
    assert "of Random" not in message  # nobody expects it there
    figure = frontier_gaps.gaps_by_seed(GAPS)
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "Scheduled<br>sampling", "SeqGAN", "Constant<br>reward",
    ]  # fmt: skip
    (gap,) = [g for g in GAPS if g["strategy"] == "seqgan"]
    assert trace(figure, "SeqGAN, each seed")["x"] == pytest.approx(list(gap["seeds"].values()))
    assert frontier_gaps.gaps_by_seed([])["data"] == []


# -- curves ----------------------------------------------------------------------------------------


def test_curves_are_means_with_the_lowest_and_the_highest_seed() -> None:
    by_method = {c.strategy: c for c in methods_curves.mean_curves(REPORT, "nll_oracle", "epoch")}
    assert set(by_method) == set(METHODS) - {"random"}  # evaluated once
    curve = by_method["seqgan"]
    each = np.array([c["nll_oracle"] for c in REPORT["curves"] if c["strategy"] == "seqgan"])
    assert curve.x.tolist() == list(range(21))
    assert curve.middle == pytest.approx(each.mean(0))
    assert curve.low == pytest.approx(each.min(0))
    assert curve.high == pytest.approx(each.max(0))
    assert (curve.switch, curve.begun, curve.end) == pytest.approx((10, 2.4, 2.15))
    assert by_method["mle"].switch is None


def test_by_seconds_seeds_of_different_pace_are_read_at_the_same_moments() -> None:
    by_method = {c.strategy: c for c in methods_curves.mean_curves(REPORT, "nll_oracle", "seconds")}
    curve = by_method["seqgan"]
    runs = [c for c in REPORT["curves"] if c["strategy"] == "seqgan"]
    assert curve.x[-1] == min(run["seconds"][-1] for run in runs)
    at = 7.5
    expected = np.mean([np.interp(at, run["seconds"], run["nll_oracle"]) for run in runs])
    assert curve.at(at) == pytest.approx(expected, abs=0.01)
    assert curve.switch == pytest.approx(np.mean([run["seconds"][10] for run in runs]))
    assert (curve.begun, curve.end) == pytest.approx((2.4, 2.15))  # of epochs, not of moments


def test_the_switch_is_marked_and_the_title_says_what_followed_it() -> None:
    figure = methods_curves.learning(REPORT, "nll_oracle", "epoch")
    assert figure["layout"]["title"]["text"] == (
        "NLL_oracle: after the switch SeqGAN falls from 2.400 to 2.150, mean of n = 5"
    )
    assert "the rewards begin" in notes(figure)
    upright = [s for s in figure["layout"]["shapes"] if s["x0"] == s["x1"]]
    assert [shape["x0"] for shape in upright] == [10]
    marks = [t for t in figure["data"] if t["name"] == "SeqGAN: MLE ends"]
    assert [(t["x"], t["y"]) for t in marks] == [([10.0], [2.4])]
    worse = made_up(seqgan=(2.6, 2.2))
    assert (
        "rises from 2.400 to 2.600"
        in (methods_curves.learning(worse, "nll_oracle", "epoch")["layout"]["title"]["text"])
    )


def test_gaps_in_the_evaluations_are_left_out() -> None:
    comparison = made_up(1)
    for run in comparison["curves"]:
        run["nll_oracle"][-1:] = [None]
    curves = methods_curves.mean_curves(comparison, "nll_oracle", "epoch")
    assert all(curve.x[-1] == 19 for curve in curves)
    for run in comparison["curves"]:
        del run["nll_oracle"]
    assert methods_curves.learning(comparison, "nll_oracle", "epoch")["data"] == []


# -- what it shows ---------------------------------------------------------------------------------


def shown(comparison: dict[str, Any]) -> dict[str, str]:
    return dict(findings.findings(comparison, plain(distances(comparison)), SIZE))


def test_a_collapse_is_called_one_with_its_numbers() -> None:
    table = shown(REPORT)
    text = table["A collapse looks like a win."]
    assert "PG-BLEU" in text
    assert "2.960, 0.84 nats above MLE's" in text
    assert "self-BLEU-3 0.97, real data 0.45" in text
    assert "PG-BLEU comes first with 1.560" in table["One number alone."]
    assert "number 5 of 5, and MLE comes first" in table["One number alone."]
    assert findings.collapsed(REPORT) == ["pg_bleu"]
    fine = made_up(pg_bleu=(2.3, 2.2))
    assert "A collapse looks like a win." not in shown(fine)
    assert findings.collapsed(fine) == []


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ((2.15, 2.17), "writes better and covers less: the quality is paid for"),
        ((2.15, 2.05), "is better in both"),
        ((2.15, 2.121), "no loss of coverage can be told"),
        ((2.405, 2.121), "cannot be told apart: SeqGAN does not win here"),
        ((2.405, 2.20), "No gain in quality can be told from these seeds, and coverage is lost"),
        ((2.60, 2.12), "writes worse than MLE: it does not win here"),
        ((2.405, 2.05), "SeqGAN covers more; in quality the two cannot be told apart"),
    ],
)
def test_seqgan_against_mle_is_judged_by_both_numbers(
    pair: tuple[float, float], words: str
) -> None:
    text = shown(made_up(seqgan=pair))["SeqGAN against MLE."]
    assert words in text
    assert f"NLL_oracle {pair[0]:.3f} / 2.400" in text
    assert text.count("p (Holm)") == 2
    assert text.count("n = 5, 5") == 2


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ((2.53, 2.27), "worse in both: D's score does teach something"),
        ((2.15, 2.17), "need not come from D"),
        ((2.10, 2.10), "need not come from D"),
        ((2.53, 2.10), "It writes worse; in coverage it does as well"),
        ((2.15, 2.40), "It writes as well, and covers less"),
    ],
)
def test_the_control_is_judged_by_both_numbers(pair: tuple[float, float], words: str) -> None:
    assert words in shown(made_up(constant_reward=pair))["The control."]


def test_a_lower_temperature_is_held_against_seqgan() -> None:
    assert (
        "MLE at a lower temperature writes as well and covers more"
        in (shown(made_up(seqgan=(2.25, 2.30)))["A lower temperature."])
    )
    assert "does more than sharpen" in shown(made_up(seqgan=(2.25, 2.05)))["A lower temperature."]
    assert "A lower temperature." not in shown(made_up(seqgan=(1.2, 2.6)))  # out of reach


def test_one_seed_says_nothing_of_methods() -> None:
    table = shown(ONE)
    assert "only of these models" in table["SeqGAN against MLE."]
    assert "p (Holm)" not in table["SeqGAN against MLE."]
    assert "cannot be said" in table["The control."]
    assert "one seed" in table["How far it carries."]


def test_how_far_it_carries_names_size_seeds_and_seconds() -> None:
    text = shown(REPORT)["How far it carries."]
    assert SIZE in text
    assert "5 seeds" in text
    assert "as many generator updates" in text
    assert "SeqGAN 63" in text  # the mean of 61 to 65
    by_seconds = REPORT | {"about": REPORT["about"] | {"budget": "seconds"}}
    assert "the seconds of SeqGAN" in shown(by_seconds)["How far it carries."]


def test_too_few_methods_show_nothing() -> None:
    assert shown(made_up(2, ("mle", "random"), "mle")) == {}
    two = shown(made_up(2, ("mle", "pg_bleu"), "mle"))
    assert set(two) == {
        "One number alone.", "A collapse looks like a win.", "How far it carries.",
    }  # fmt: skip


def test_the_command_asks_for_what_differs() -> None:
    default = {"strategies": ",".join(METHODS), "samples": 10_000, "budget": "updates",
               "reference": "seqgan"}  # fmt: skip
    assert findings.command(REPORT, default, "a b.json") == (
        "python -m seqgan_core compare --preset lesson --seeds 5 --out 'a b.json'"
    )
    only_mle = made_up(2, ("mle", "seqgan"), "mle")
    only_mle["samples"] = 500
    only_mle["about"] |= {"changes": {"d_widths": [1, 2], "rounds": 3}, "budget": "seconds"}
    assert findings.command(only_mle, default) == (
        "python -m seqgan_core compare --strategies mle,seqgan --preset lesson --seeds 2 "
        "--samples 500 --budget seconds --reference mle --set 'd_widths=[1,2]' --set rounds=3"
    )
