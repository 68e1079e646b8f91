"""The figures and the sentences of a comparison: what they draw is what was measured."""

import json
from typing import Any

import numpy as np
import pytest

from seqgan_core.figures import style
from seqgan_core.figures.methods import (
    curves,
    findings,
    gaps,
    means,
    names,
    paper,
    plane,
    significance,
    tables,
)
from seqgan_core.figures.metrics import METRICS
from seqgan_core.judge.frontier_distance import distances, rivals
from seqgan_core.judge.mean_curves import mean_curves
from seqgan_core.judge.methods import AHEAD, METHODS, VARIANTS
from seqgan_core.judge.report import Distance, Observation, Report
from seqgan_core.judge.significance import summarise
from seqgan_core.training.strategies import STRATEGIES
from tests.support.made_up.comparison import (
    PAIRS,
    REAL,
    SPREAD,
    changed,
    made_up,
    made_up_values,
    report_of,
)
from tests.support.made_up.full_size import full_size
from tests.support.made_up.text_report import CEILINGS, NATURAL, text_report, tunes_values
from tests.support.made_up.text_report import METHODS as TEXT_METHODS

NLL = ("nll_oracle", "nll_test")
REPORT = made_up()
GAPS = distances(REPORT, *NLL)
ONE = made_up(1)
SIZE = "V = 50, T = 10"


def test_names_are_those_of_the_strategies_and_no_two_look_alike() -> None:
    assert {s: names.method_name(s) for s in METHODS} == {s: STRATEGIES[s].title for s in METHODS}
    looks = [names.look_of(strategy) for strategy in METHODS]
    assert len({look.symbol for look in looks}) == len({look.dash for look in looks}) == 7
    ahead = [names.look_of(strategy) for strategy in AHEAD]
    assert len({look.symbol for look in ahead}) == len({look.title for look in ahead}) == 8
    assert {s: names.method_name(s) for s in AHEAD if s not in VARIANTS} == {
        s: STRATEGIES[s].title for s in AHEAD if s not in VARIANTS
    }
    assert names.look_of("seqgan").colour == style.GENERATOR
    assert names.method_name("something new") == "something new"


def trace(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (drawn,) = [t for t in figure["data"] if t["name"] == name and t.get("showlegend", True)]
    return drawn  # type: ignore[no-any-return]


def traces(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in figure["data"]}


def title(figure: dict[str, Any]) -> str:
    return str(figure["layout"]["title"]["text"])


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
    assert middle["error_x"]["array"] == pytest.approx([summary.high - summary.mean], abs=1e-5)
    assert figure["layout"]["yaxis"]["ticktext"][row] == "SeqGAN"
    assert means.means(REPORT, "nll_oracle") == figure  # nothing random in the jitter


def test_one_seed_has_no_interval() -> None:
    assert "error_x" not in trace(means.means(ONE, "nll_oracle"), "SeqGAN")


def test_real_data_is_a_green_line_with_its_value() -> None:
    figure = means.means(REPORT, "self_bleu")
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == (REAL["self_bleu"], REAL["self_bleu"])
    assert line["line"]["color"] == style.REAL
    assert trace(figure, "Real data (oracle)")["x"] == [0.45]
    bare = means.means(changed(REPORT, real={}), "self_bleu")
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
    for metric in names.metrics(REPORT):  # and every dot of the others is on the scale
        figure = means.means(REPORT, metric)
        low, high = figure["layout"]["xaxis"]["range"]
        drawn = [x for t in figure["data"] for x in t["x"]]
        assert all(low <= x <= high for x in drawn)


def test_an_interval_of_two_seeds_does_not_squeeze_the_dots() -> None:
    two = made_up_values(2)
    two["rows"][4]["summary"]["nll_oracle"] |= {"low": -10.0, "high": 14.0}
    low, high = means.means(report_of(two), "nll_oracle")["layout"]["xaxis"]["range"]
    assert 1.0 < low < 1.5
    assert 2.5 < high < 3.5


def test_titles_are_the_findings() -> None:
    assert title(means.means(REPORT, "nll_oracle")) == (
        "Best mean NLL_oracle: PG-BLEU 1.560, then SeqGAN 2.150 (real data 2.000)"
    )
    assert title(means.means(REPORT, "nll_test")) == (
        "Best mean NLL_test: MLE 2.120, then Scheduled sampling 2.125 (real data 2.010)"
    )
    assert title(means.means(REPORT, "distinct_2")) == (
        "Most diverse by mean distinct-2: MLE 0.300 (real data 0.350)"
    )
    better = made_up(seqgan=(1.5, 2.0))
    assert title(means.means(better, "nll_test")).startswith(
        "Best mean NLL_test: SeqGAN 2.000, then"
    )
    bare = changed(REPORT, real={})
    assert title(means.means(bare, "nll_oracle")) == (
        "Best mean NLL_oracle: PG-BLEU 1.560, then SeqGAN 2.150"
    )


def test_the_notice_names_who_passed_real_data_and_who_wins_by_what() -> None:
    assert "that of real data: PG-BLEU. These samples" in findings.beyond_real(REPORT)
    assert findings.first_by_each(REPORT) == (
        "PG-BLEU has the best mean by NLL_oracle, MLE by NLL_test: which method comes first "
        "depends on the metric."
    )
    fine = made_up(pg_bleu=(2.6, 2.96), seqgan=(2.1, 2.05))
    assert findings.first_by_each(fine) == "SeqGAN has the best mean by NLL_oracle and by NLL_test."
    assert findings.beyond_real(fine) == ""
    assert findings.first_by_each(text_report()) == (
        "SeqGAN has the best mean by BLEU-2, MLE by self-BLEU: which method comes first depends "
        "on the metric."
    )


def test_unequal_numbers_of_seeds_are_stated() -> None:
    assert names.seeds_text(REPORT) == "n = 5 seeds"
    assert names.seeds_text(ONE) == "n = 1 seed"
    rows = [made_up_values()["rows"][0], made_up_values(1)["rows"][1]]
    assert names.seeds_text(changed(REPORT, rows=rows)) == "n = 1 to 5 seeds"


def test_a_number_that_is_not_finite_is_a_gap_and_stretches_no_scale() -> None:
    values = made_up_values(2)
    (row,) = [row for row in values["rows"] if row["strategy"] == "mle"]
    row["results"][0]["values"]["nll_oracle"] = None
    row["summary"]["nll_oracle"] = {"n": 2, "mean": None, "low": None, "high": None}
    broken = report_of(values)
    figure = means.means(broken, "nll_oracle")
    json.dumps(figure, allow_nan=False)
    assert figure["layout"]["xaxis"]["range"][1] < 3
    json.dumps(plane.plane(broken, *NLL, distances(broken, *NLL)), allow_nan=False)
    assert findings.findings(broken, [], SIZE)
    assert tables.tables(broken)


# -- the paper -------------------------------------------------------------------------------------


def test_the_paper_s_order_is_compared_with_ours() -> None:
    ours, theirs = paper.both_orders(REPORT)
    assert ours == ["pg_bleu", "seqgan", "mle", "scheduled_sampling", "random"]
    assert theirs == ["seqgan", "pg_bleu", "scheduled_sampling", "mle", "random"]
    figure = paper.orders(REPORT, SIZE)
    assert "2 of 10 pairs" in title(figure)
    assert trace(figure, "SeqGAN")["y"] == [1, 0]
    assert "8.736 SeqGAN" in notes(figure)
    assert "SeqGAN 2.150" in notes(figure)
    seeing = figure["layout"]["meta"]["seeing"]
    for words in (SIZE, "V = 5000, T = 20", "commonly cited", "only the order"):
        assert words in seeing


def test_the_same_order_and_one_swapped_pair_are_stated() -> None:
    same = made_up(pg_bleu=(2.3, 2.2), scheduled_sampling=(2.35, 2.1))
    assert title(paper.orders(same, SIZE)) == (
        "The order by mean NLL_oracle is the same as in the paper"
    )
    swapped = paper.orders(made_up(pg_bleu=(2.3, 2.2)), SIZE)
    assert "MLE and Scheduled sampling are in the opposite order" in title(swapped)
    alone = made_up(2, ("mle", "constant_reward"), "mle")
    assert paper.orders(alone, SIZE)["data"] == []


def test_the_paper_s_numbers_are_those_that_are_cited() -> None:
    assert paper.NLL_ORACLE == {
        "random": 10.310, "mle": 9.038, "scheduled_sampling": 8.985, "pg_bleu": 8.946,
        "seqgan": 8.736,
    }  # fmt: skip


def test_the_paper_s_table_has_our_numbers_the_tests_and_the_controls() -> None:
    comparison = full_size(scheduled_sampling=(8.66, 8.30), pg_bleu=(8.60, 8.25))
    found = paper.table(comparison, rivals(comparison))
    rows = {row[0]: row[1:] for row in found.rows}
    run = comparison.difference("seqgan", "mle", "nll_oracle")
    assert run is not None
    assert rows["MLE"] == [
        "9.038", "9.050 [9.030, 9.070]", "8.450 [8.450, 8.450]", "−0.380",
        f"{names.p_digits(run.p_holm)} (n = 5)", "–", "holds",
    ]  # fmt: skip
    assert rows["SeqGAN"][3:] == ["–"] * 4
    claims = {name: row[-1] for name, row in rows.items()}
    assert (claims["Random"], claims["Scheduled sampling"]) == ("holds", "not shown")
    assert (claims["PG-BLEU"], claims["Constant reward"]) == ("the opposite", "–")
    assert rows["Constant reward"][0] == "–"
    assert rows["MLE after 6 epochs at temperature 0.7"][:4] == [
        "–", "8.470 [8.450, 8.490]", "7.930 [7.930, 7.930]", "+0.200",
    ]  # fmt: skip
    assert all(len(row) == len(found.head) for row in found.rows)
    assert "n = 5 seeds, 100,000 samples per run" in found.caption
    other = changed(comparison, reference="constant_reward")  # its rivals are not SeqGAN's
    assert rivals(other)[0].best is not None
    assert len(paper.table(other, rivals(other)).rows) == len(comparison.rows)
    assert paper.table(REPORT, []).rows[4][4].startswith("–")
    assert "(n = 2,000)" in paper.table(REPORT, []).rows[1][6]


def test_numbers_are_compared_only_where_the_oracle_is_the_paper_s() -> None:
    cases = {
        "The oracle is the authors' own, so the numbers": full_size(),
        "The size is the paper's, the oracle is not, so only the order": changed(
            full_size(), real={"nll_oracle": 5.93}
        ),  # a file of one's own
        "The paper's size and oracle are different, so only the order": REPORT,
    }
    for sentence, comparison in cases.items():
        assert sentence in paper.table(comparison, []).caption
        assert sentence in paper.orders(comparison, SIZE)["layout"]["meta"]["seeing"]


def test_table1_s_settings_were_chosen_on_the_authors_oracle() -> None:
    made = full_size(first_seed=11)
    about = {"preset": "table1", "changes": {}, "budget": "updates", "seeds": [11, 15]}
    config = made.config | {"oracle_seed": 7}
    chosen = "The preset's settings were chosen on the authors' oracle with seeds 0, 1, 2, 3 of "
    assert names.chosen_text(changed(made, about=about, config=config)) == (
        f"{chosen}training and data; this comparison has seeds 11, 12, 13, 14, 15 of training and "
        "data seed 7."
    )
    about = {"preset": "lesson", "changes": {"vocab_size": 5000, "sequence_length": 20}}
    assert "authors' oracle" not in names.chosen_text(changed(made, about=about))


# -- tests -----------------------------------------------------------------------------------------


def test_differences_have_their_intervals_and_both_observations_one_scale() -> None:
    run = significance.differences(REPORT, "nll_oracle", "run")
    sample = significance.differences(REPORT, "nll_oracle", "sentence")
    assert run["layout"]["xaxis"]["range"] == sample["layout"]["xaxis"]["range"]
    (test,) = [t for t in REPORT.over_runs["nll_oracle"] if t.first == "mle"]
    drawn = trace(run, "MLE")
    assert drawn["x"] == [test.difference] == pytest.approx([0.25])
    assert drawn["error_x"]["arrayminus"] == pytest.approx([test.difference - test.low], abs=1e-5)
    assert "4.750 →" in notes(run)  # Random
    assert "6 of 6 methods differ from SeqGAN" in title(run)


def test_a_difference_can_be_read_in_either_direction() -> None:
    forwards = REPORT.difference("mle", "seqgan", "nll_oracle")
    backwards = REPORT.difference("seqgan", "mle", "nll_oracle")
    assert forwards is not None
    assert backwards is not None
    assert backwards.difference == -forwards.difference
    assert (backwards.low, backwards.high) == (-forwards.high, -forwards.low)
    assert (backwards.effect, backwards.sign) == (-forwards.effect, -forwards.sign)
    assert (backwards.n_first, backwards.n_second) == (forwards.n_second, forwards.n_first)
    assert backwards.p == forwards.p
    assert REPORT.difference("mle", "pg_bleu", "nll_oracle") is None


def p_of(first: str, metric: str, by: Observation) -> str:
    test = REPORT.difference(first, "seqgan", metric, by)
    assert test is not None
    return names.p_text(test.p_holm)


def test_the_jump_of_the_p_value_has_both_p_and_both_n() -> None:
    message = significance.observation_matters(REPORT, "nll_test")
    by_run, by_sample = (p_of("mle", "nll_test", by) for by in ("run", "sentence"))  # type: ignore[arg-type]
    assert f"with runs as observations {by_run}, n = 5 and 5" in message
    assert f"with sequences {by_sample}, n = 2,000 pairs, the same held-out" in message
    assert "says that these two models differ, not that the methods do" in message


def test_one_method_differs_from_itself_by_its_sequences() -> None:
    message = significance.observation_matters(REPORT, "nll_oracle")
    assert f"Two seeds of MLE are {2 * SPREAD:.3f} apart (median of all pairs)" in message
    test = REPORT.difference("mle", "seqgan", "nll_oracle", "sentence")
    assert test is not None
    assert f"± {(test.high - test.low) / 2:.3f}" in message


def test_methods_that_differ_only_by_sequences_are_named() -> None:
    close = made_up(2, scheduled_sampling=(2.18, 2.125))
    run = close.difference("scheduled_sampling", "seqgan", "nll_oracle", "run")
    sample = close.difference("scheduled_sampling", "seqgan", "nll_oracle", "sentence")
    assert run is not None
    assert sample is not None
    assert sample.p_holm < 0.05 < run.p_holm  # else nothing is tested here
    message = significance.observation_matters(close, "nll_oracle")
    assert f"Holm's p): Scheduled sampling ({names.p_text(run.p_holm)})" in message
    assert "but not by runs" not in significance.observation_matters(REPORT, "nll_oracle")


def test_sequences_that_show_nothing_are_not_called_a_difference() -> None:
    message = significance.observation_matters(made_up(seqgan=(2.4005, 2.12)), "nll_oracle")
    assert "The test over sequences finds no difference between these two models" in message
    assert "not that the methods do" not in message


def test_paired_sequences_find_what_unpaired_ones_miss_and_old_files_say_what_they_are() -> None:
    close = made_up(seqgan=(2.15, 2.125))
    test = close.difference("mle", "seqgan", "nll_test", "sentence")
    assert test is not None
    assert (test.paired, test.sign) == (True, -1)
    caption = "NLL_test: paired t-test, one observation is a held-out sequence, the same for the"
    (table,) = [t for t in tables.tables(close) if t.caption.startswith(caption)]
    assert table.head[4] == "d_z"
    seeing = significance.differences(close, "nll_test", "sentence")["layout"]["meta"]["seeing"]
    assert "(paired t-test). One observation is a held-out sequence, the same for both" in seeing
    values = json.loads(close.to_json())
    for one in values["over_sentences"]["nll_test"]:
        del one["paired"]  # as files were recorded before, with Welch's p
        one |= {"p": 0.2, "p_holm": 0.2}
    old = report_of(values)
    message = significance.observation_matters(old, "nll_test")
    assert "is not paired, although both models were measured on the same held-out" in message
    assert "finds no difference between" not in message
    (table,) = [t for t in tables.tables(old) if "before the test was paired" in t.caption]
    assert table.head[4] == "Hedges' g"
    assert tables.tables(old)[-2].caption.startswith("NLL_oracle: Welch's test, one observation is")
    seeing = significance.differences(old, "nll_test", "sentence")["layout"]["meta"]["seeing"]
    assert "before the test was paired, so its intervals are too wide" in seeing
    by_run = significance.differences(close, "nll_test", "run")["layout"]["meta"]["seeing"]
    assert "not paired by seed" in by_run


def test_without_a_test_over_runs_the_notice_says_so() -> None:
    message = significance.observation_matters(ONE, "nll_oracle")
    assert "With runs as observations there is no test" in message
    assert "n = 2,000 and 2,000" in message
    assert significance.differences(ONE, "nll_oracle", "run")["data"] == []
    assert significance.observation_matters(ONE, "self_bleu") == ""
    message = significance.observation_matters(REPORT, "self_bleu")
    assert "self-BLEU describes a set of sequences" in message
    assert "n = 5 and 5 runs" in message


def test_why_there_is_no_test() -> None:
    assert names.untested(REPORT) == ""
    assert names.untested(ONE).startswith("Random has n = 1; a test needs at least 2 runs")
    other = made_up(2, ("mle", "pg_bleu"), "mle")
    alone = changed(other, reference="seqgan", over_runs={})
    assert names.untested(alone).startswith("SeqGAN is not among the methods")


# -- the plane -------------------------------------------------------------------------------------


def test_every_run_is_a_point_and_mle_a_curve_of_means() -> None:
    figure = plane.plane(REPORT, *NLL, GAPS)
    points = trace(figure, "PG-BLEU")
    assert points["x"] == pytest.approx([1.52, 1.54, 1.56, 1.58, 1.60])
    assert points["customdata"] == [1, 2, 3, 4, 5]
    curve = trace(figure, "MLE, temperature varied")
    assert curve["x"] == pytest.approx([2.1, 2.2, 2.3, 2.4, 2.5])
    assert curve["y"] == pytest.approx([2.165, 2.14, 2.125, 2.12, 2.125])
    assert list(curve["customdata"]) == [0.7, 0.8, 0.9, 1.0, 1.1]
    faint = [t for t in figure["data"] if t["name"] == "MLE" and not t.get("showlegend", True)]
    assert len(faint) == 5  # each seed
    oracle = trace(figure, "Real data (oracle), temperature varied")
    assert oracle["line"]["color"] == style.REAL
    assert all(t["name"] != "Random" for t in figure["data"])
    assert "Random is off the scale: 6.90 / 3.95" in notes(figure)


def test_the_mean_curve_is_the_mean_over_seeds() -> None:
    values = made_up_values(2)
    for point in values["frontier"]["mle"][1]["points"]:
        point["nll_test"] += 0.2
    curve = trace(plane.plane(report_of(values), *NLL, []), "MLE, temperature varied")
    assert curve["y"] == pytest.approx([2.265, 2.24, 2.225, 2.22, 2.225])


def test_a_method_s_own_curve_is_drawn_on_request() -> None:
    chosen = plane.plane(REPORT, *NLL, GAPS, ["seqgan", "random", "nothing"])
    drawn = {t["name"] for t in chosen["data"]}
    assert "SeqGAN, temperature varied" in drawn
    assert not {"Random, temperature varied", "nothing, temperature varied"} & drawn
    bare = {t["name"] for t in plane.plane(REPORT, *NLL, GAPS)["data"]}
    assert "SeqGAN, temperature varied" not in bare
    assert plane.selectable(REPORT) == [
        "scheduled_sampling", "pg_bleu", "seqgan", "constant_reward", "random_reward",
    ]  # fmt: skip


def test_near_the_curve_the_collapsed_method_is_off_the_scale() -> None:
    layout = plane.plane(REPORT, *NLL, GAPS, near=True)["layout"]
    (left, right), (low, high) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    assert left < 2.1 < 2.5 < right
    assert low < 2.12 < 2.18 < high < PAIRS["pg_bleu"][1]
    assert left > PAIRS["pg_bleu"][0]


def test_a_plane_needs_both_metrics() -> None:
    values = made_up_values(2)
    for row in values["rows"]:
        del row["summary"]["nll_oracle"]
    bare = report_of(values)
    assert plane.plane(bare, *NLL, [])["data"] == []
    assert "nll_oracle" not in names.metrics(bare)


# -- distances from MLE's curve --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "verdict", "words", "notice"),
    [
        ((2.25, 2.30), -1, "MLE at a suitable temperature is better than SeqGAN", "is better."),
        (
            (2.25, 2.05),
            1,
            "SeqGAN is better than MLE at any of the temperatures",
            "more than sharpen",
        ),
        ((2.25, 2.135), 0, "No difference found: SeqGAN and MLE", "No difference from MLE"),
    ],
)
def test_better_worse_and_not_to_be_told_apart(
    pair: tuple[float, float], verdict: int, words: str, notice: str
) -> None:
    comparison = made_up(seqgan=pair)
    found = distances(comparison, *NLL)
    gap = gaps.gap_of(found, "seqgan")
    assert gap is not None
    assert gaps.verdict(gap) == verdict
    assert words in title(plane.plane(comparison, *NLL, found))
    message = findings.distances_in_words(found, "seqgan")[0]
    assert notice in message
    assert gaps.interval(gap) in message
    assert "nats per token, n = 5 seeds" in message


def test_of_a_bleu_more_is_better() -> None:
    better, worse = (
        distances(text_report(methods=TEXT_METHODS | {"seqgan": at}), "self_bleu", "bleu_2")
        for at in ((0.58, 0.70), (0.53, 0.70))
    )
    assert [gaps.verdict(each[0]) for each in (better, worse)] == [1, -1]


def test_one_seed_is_never_better_or_worse() -> None:
    found = distances(made_up(1, seqgan=(2.25, 2.60)), *NLL)
    gap = gaps.gap_of(found, "seqgan")
    assert gap is not None
    assert gaps.verdict(gap) == 0
    assert "One seed cannot tell" in findings.distances_in_words(found, "seqgan")[0]


def test_runs_within_reach_alone_do_not_make_a_method_better() -> None:
    """What is worse out of reach has no distance: the others are too good a sample."""
    values = made_up_values(5, seqgan=(2.12, 2.10))  # MLE's leftmost point: 2.1 / 2.165
    whole = distances(report_of(values), *NLL)
    (row,) = [row for row in values["rows"] if row["strategy"] == "seqgan"]
    row["results"][0]["values"] |= {"nll_oracle": 1.9, "nll_test": 3.0}
    report = report_of(values)
    found = distances(report, *NLL)
    gap, before = gaps.gap_of(found, "seqgan"), gaps.gap_of(whole, "seqgan")
    assert gap is not None
    assert before is not None
    assert (before.outside, gaps.verdict(before)) == (0, 1)
    assert (gap.outside, gaps.verdict(gap)) == (1, 0)
    assert gap.summary is not None
    assert gap.summary.side() < 0  # the others alone would be called better
    assert "out of the curve's reach" in findings.distances_in_words(found, "seqgan")[0]


def test_runs_out_of_reach_are_counted() -> None:
    message = " ".join(findings.distances_in_words(GAPS, "seqgan"))
    assert (
        "PG-BLEU: for 5 of 5 runs, none of MLE's temperatures gives the same NLL_oracle" in message
    )
    assert "Random:" not in message  # nobody expects it there
    figure = gaps.gaps_by_seed(GAPS)
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "Scheduled<br>sampling", "SeqGAN", "Constant<br>reward", "Random<br>reward",
    ]  # fmt: skip
    (gap,) = [g for g in GAPS if g.strategy == "seqgan"]
    drawn = trace(figure, "SeqGAN, each seed")["x"]
    assert drawn == pytest.approx(list(gap.seeds.values()), abs=1e-5)
    assert gaps.gaps_by_seed([])["data"] == []


# -- curves ----------------------------------------------------------------------------------------


def learning(comparison: Report, metric: str) -> dict[str, Any]:
    return curves.learning(comparison, mean_curves(comparison, metric, "epoch"), metric, "epoch")


def test_curves_are_means_with_the_lowest_and_the_highest_seed() -> None:
    by_method = {c.strategy: c for c in mean_curves(REPORT, "nll_oracle", "epoch")}
    assert set(by_method) == set(METHODS) - {"random"}  # evaluated once
    curve = by_method["seqgan"]
    each = np.array([c.column("nll_oracle") for c in REPORT.curves if c.strategy == "seqgan"])
    assert curve.x.tolist() == list(range(21))
    assert curve.mean == pytest.approx(each.mean(0))
    assert curve.low == pytest.approx(each.min(0))
    assert curve.high == pytest.approx(each.max(0))
    assert (curve.switch, curve.begun) == pytest.approx((10, 2.4))
    assert curve.end == pytest.approx(each[:, -5:].mean())  # not the last evaluation alone
    assert curve.change is not None
    assert curve.change.values == pytest.approx(tuple(each[:, -5:].mean(1) - each[:, 10]))
    assert by_method["mle"].change is None
    assert by_method["mle"].switch is None


def test_by_seconds_seeds_of_different_pace_are_read_at_the_same_moments() -> None:
    by_method = {c.strategy: c for c in mean_curves(REPORT, "nll_oracle", "seconds")}
    curve = by_method["seqgan"]
    runs = [c for c in REPORT.curves if c.strategy == "seqgan"]
    assert curve.x[-1] == min(run.seconds[-1] for run in runs)
    at = 7.5
    expected = np.mean([np.interp(at, run.seconds, run.column("nll_oracle")) for run in runs])
    assert curve.at(at) == pytest.approx(expected, abs=0.01)
    assert curve.switch == pytest.approx(np.mean([run.seconds[10] for run in runs]))
    assert (curve.begun, curve.end) == pytest.approx((2.4, 2.2))  # of epochs, not of moments


def test_the_switch_is_marked_and_the_title_says_what_followed_it() -> None:
    figure = learning(REPORT, "nll_oracle")
    assert title(figure) == (
        "NLL_oracle of SeqGAN falls in adversarial training, 2.400 to 2.200 (n = 5)"
    )
    assert "adversarial training begins" in notes(figure)
    upright = [s for s in figure["layout"]["shapes"] if s["x0"] == s["x1"]]
    assert [shape["x0"] for shape in upright] == [10]
    marks = [t for t in figure["data"] if t["name"] == "SeqGAN: MLE ends"]
    assert [(t["x"], t["y"]) for t in marks] == [([10.0], [2.4])]
    worse = made_up(seqgan=(2.6, 2.2))
    assert "SeqGAN rises in adversarial training" in title(learning(worse, "nll_oracle"))
    level = made_up(seqgan=(2.40, 2.12))
    assert "SeqGAN: no change is found" in title(learning(level, "nll_oracle"))
    one = title(learning(ONE, "nll_oracle"))
    assert one.endswith("2.400 before adversarial training, 2.200 after it (n = 1)")


def test_gaps_in_the_evaluations_are_left_out() -> None:
    values = made_up_values(1)
    for run in values["curves"]:
        run["nll_oracle"][-1:] = [None]
    found = mean_curves(report_of(values), "nll_oracle", "epoch")
    assert all(curve.x[-1] == 19 for curve in found)
    for run in values["curves"]:
        del run["nll_oracle"]
    assert learning(report_of(values), "nll_oracle")["data"] == []


# -- what it shows ---------------------------------------------------------------------------------


def shown(comparison: Report) -> dict[str, str]:
    found: list[Distance] = distances(comparison, *names.planes(comparison)[-1])
    return dict(findings.findings(comparison, found, SIZE))


def test_a_collapse_is_called_one_with_its_numbers() -> None:
    table = shown(REPORT)
    text = table["Collapse."]
    assert "PG-BLEU" in text
    assert "2.960, 0.84 nats per token above MLE" in text
    assert "self-BLEU 0.97, real data 0.45" in text
    assert "By mean NLL_oracle, PG-BLEU comes first with 1.560" in table["One metric alone."]
    assert "it ranks 6 of 6; MLE comes first" in table["One metric alone."]
    assert findings.collapsed(REPORT) == ["pg_bleu"]
    fine = made_up(pg_bleu=(2.3, 2.2))
    assert "Collapse." not in shown(fine)
    assert findings.collapsed(fine) == []


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ((2.15, 2.17), "better by NLL_oracle and worse by NLL_test: it trades one for the other"),
        ((2.15, 2.05), "is better by both"),
        ((2.15, 2.121), "is better by NLL_oracle; by NLL_test no difference is found"),
        ((2.405, 2.121), "No difference is found: SeqGAN does not win here"),
        ((2.405, 2.20), "By NLL_oracle no difference is found, and by NLL_test SeqGAN is worse"),
        ((2.60, 2.12), "is worse by NLL_oracle; by NLL_test no difference is found"),
        ((2.60, 2.05), "is worse by NLL_oracle and better by NLL_test"),
        ((2.60, 2.20), "is worse by both"),
        ((2.405, 2.05), "SeqGAN is better by NLL_test; by NLL_oracle no difference is found"),
    ],
)
def test_seqgan_against_mle_is_judged_by_both_numbers(
    pair: tuple[float, float], words: str
) -> None:
    text = shown(made_up(seqgan=pair))["SeqGAN against MLE."]
    assert words in text
    assert f"NLL_oracle {pair[0]:.3f} against 2.400" in text
    assert text.count("Holm's p") == 2
    assert text.count("n = 5 and 5 runs") == 2


BETTER, SAME, WORSE = -0.15, 0.0, 0.15  # nats, where 0.05 are significant and 0 are not
CONTROL = {
    (BETTER, BETTER): "is better by both: here D's score does harm",
    (BETTER, SAME): "is better by NLL_oracle, so D's score does harm there; by NLL_test no diff",
    (BETTER, WORSE): "is better by NLL_oracle and worse by NLL_test: D's score costs the one and",
    (SAME, BETTER): "is better by NLL_test, so D's score does harm there; by NLL_oracle no diff",
    (SAME, SAME): "no difference is found by either, within these intervals: that D's score helps",
    (SAME, WORSE): "is worse by NLL_test, so D's score helps there; by NLL_oracle no difference",
    (WORSE, BETTER): "is worse by NLL_oracle and better by NLL_test: D's score helps the one and",
    (WORSE, SAME): "is worse by NLL_oracle, so D's score helps there; by NLL_test no difference",
    (WORSE, WORSE): "is worse by both: D's score does teach something",
    None: "nothing can be said about the reward",
}


@pytest.mark.parametrize("control", names.CONTROLS)
@pytest.mark.parametrize("case", CONTROL)
def test_the_control_is_judged_by_both_numbers(
    case: tuple[float, float] | None, control: str
) -> None:
    """Each of the nine cases has its own words, and none of them takes "not found" for equal."""
    quality, coverage = PAIRS["seqgan"]
    pair = (quality + case[0], coverage + case[1]) if case else (quality, coverage)
    report = made_up(5 if case else 1, **{control: pair})
    text = shown(report)[f"{names.method_name(control)} against SeqGAN."]
    assert CONTROL[case] in text
    assert sum(words in text for words in CONTROL.values()) == 1
    for generous in ("as well", "no worse", "as good", "not worse", "equal"):
        assert generous not in text
    if case:
        tests = [report.difference(control, "seqgan", metric) for metric in NLL]
        assert [test.sign for test in tests if test] == [int(np.sign(shift)) for shift in case]
        assert text.count("[") == 2  # both intervals stand beside the words


def test_seqgan_is_compared_with_a_lower_temperature() -> None:
    worse = shown(made_up(seqgan=(2.25, 2.30)))["Temperature."]
    assert "MLE at a suitable temperature is better" in worse
    assert "does more than sharpen" in shown(made_up(seqgan=(2.25, 2.05)))["Temperature."]
    assert "Temperature." not in shown(made_up(seqgan=(1.2, 2.6)))  # out of reach


def test_one_seed_says_nothing_about_methods() -> None:
    table = shown(ONE)
    assert "only about these models" in table["SeqGAN against MLE."]
    assert "Holm" not in table["SeqGAN against MLE."]
    assert "nothing can be said about the reward" in table["Constant reward against SeqGAN."]
    assert "n = 1 seed" in table["Scope."]


def test_the_scope_names_size_seeds_and_seconds() -> None:
    text = shown(REPORT)["Scope."]
    assert SIZE in text
    assert "5 seeds" in text
    assert "the same number of generator updates" in text
    assert "SeqGAN 63" in text  # the mean of 61 to 65
    by_seconds = changed(REPORT, about={"preset": "lesson", "budget": "seconds"})
    assert "as many seconds as SeqGAN" in shown(by_seconds)["Scope."]


def test_too_few_methods_show_nothing() -> None:
    assert shown(made_up(2, ("mle", "random"), "mle")) == {}
    two = shown(made_up(2, ("mle", "pg_bleu"), "mle"))
    assert set(two) == {"One metric alone.", "Collapse.", "Scope."}


def test_the_command_asks_for_what_differs() -> None:
    default = {"strategies": ",".join(METHODS), "samples": 10_000, "budget": "updates",
               "reference": "seqgan"}  # fmt: skip
    assert findings.command(REPORT, default, "a b.json") == (
        "python -m seqgan_core compare --preset lesson --seeds 5 --out 'a b.json'"
    )
    about = {"preset": "lesson", "seeds": 2, "changes": {"d_widths": [1, 2], "rounds": 3},
             "budget": "seconds"}  # fmt: skip
    only_mle = changed(made_up(2, ("mle", "seqgan"), "mle"), samples=500, about=about)
    assert findings.command(only_mle, default) == (
        "python -m seqgan_core compare --strategies mle,seqgan --preset lesson --seeds 2 "
        "--samples 500 --budget seconds --reference mle --set 'd_widths=[1,2]' --set rounds=3"
    )


def test_the_command_names_seeds_that_do_not_begin_with_one() -> None:
    about = {"preset": "lesson", "seeds": [11, 12, 13], "changes": {"oracle_seed": 11}}
    words = findings.command(changed(ONE, about=about), {})
    assert "--preset lesson --seeds 11-13" in words
    assert words.endswith("--set oracle_seed=11")


@pytest.mark.parametrize(
    ("seeds", "changes", "words"),
    [
        (5, {}, "this comparison has seeds 1, 2, 4 and one of these oracles."),
        (1, {}, "this comparison has seed 1 and one of these oracles."),
        (2, {"oracle_seed": 11}, "this comparison has seeds 1, 2, but another oracle."),
    ],
)
def test_seeds_that_chose_the_settings_are_stated(
    seeds: int, changes: dict[str, Any], words: str
) -> None:
    report = changed(made_up(seeds), about={"preset": "lesson", "changes": changes})
    text = names.chosen_text(report)
    assert text.startswith("The preset's settings were chosen with seeds 1, 2, 4, each with an")
    assert text.endswith(words)
    assert tables.means(report).caption.endswith(words)


def test_a_comparison_that_chose_nothing_says_so() -> None:
    values = made_up_values(2)
    values["about"]["changes"] = {"oracle_seed": 11}
    for row in values["rows"]:
        for result, seed in zip(row["results"], (11, 12), strict=True):
            result["seed"] = seed
    text = names.chosen_text(report_of(values))
    assert text.endswith("this comparison has other seeds and another oracle.")
    assert names.chosen_text(changed(REPORT, about={"preset": "paper"})) == ""
    text = names.chosen_text(text_report())
    assert text == "The preset's settings were chosen with seed 1 on the same held-out data."
    other = {"preset": "music", "changes": {"corpus": "nottingham"}}
    assert "on another corpus" in names.chosen_text(changed(text_report(), about=other))


# -- of text and tunes -----------------------------------------------------------------------------


def test_metrics_are_in_the_order_of_the_table() -> None:
    order = list(METRICS)
    found = names.metrics(REPORT)
    assert found == sorted(found, key=order.index)
    *found, last = names.metrics(text_report((3, 4)))
    assert found == sorted(found, key=order.index)
    assert (found[0], last) == ("bleu_3", "nll_test")
    assert names.metrics(changed(REPORT, rows=[])) == []
    assert names.main_pair(text_report((3, 4))) == ("bleu_4", "self_bleu")
    assert names.planes(text_report((3, 4))) == [("self_bleu", "bleu_3"), ("self_bleu", "bleu_4")]


def test_a_figure_of_text_has_every_seed_its_mean_and_its_ceilings() -> None:
    figure = means.means(text_report(), "bleu_2")
    drawn = traces(figure)
    assert drawn["SeqGAN"]["x"] == pytest.approx([0.58])
    assert drawn["SeqGAN, each seed"]["x"] == pytest.approx([0.57, 0.58, 0.59])
    assert drawn["Bigram model"]["x"] == pytest.approx([CEILINGS["bigram"]])
    assert drawn["Real data, held-out"]["x"] == pytest.approx([CEILINGS["held out"]])
    assert title(figure) == "Best mean BLEU-2: SeqGAN 0.580, then MLE 0.500 (real data 0.610)"
    assert "n = 3 seeds" in figure["layout"]["meta"]["seeing"]
    (held_out,) = figure["layout"]["shapes"]
    assert held_out["x0"] == pytest.approx(CEILINGS["held out"])
    assert len(figure["layout"]["yaxis"]["ticktext"]) == 7


def test_a_ceiling_of_diversity_is_of_as_many_texts() -> None:
    comparison = text_report()
    assert "held out" not in names.levels(comparison, "self_bleu")
    assert "held out" in names.levels(comparison, "copied")
    assert names.levels(comparison, "self_bleu")["bigram"] == 0.55
    assert names.levels(comparison, "nll_test") == {}


def test_without_ceilings_the_training_data_is_one() -> None:
    comparison = text_report(ceilings=False)
    assert names.levels(comparison, "bleu_2") == {"real": 0.6}
    assert names.levels(comparison, "copied") == {}
    assert means.means(comparison, "copied")["layout"]["shapes"] == []


def of_text(comparison: Report) -> dict[str, Any]:
    found = distances(comparison, "self_bleu", "bleu_2")
    return plane.plane(comparison, "self_bleu", "bleu_2", found)


def test_the_plane_of_text_draws_runs_mles_curve_and_the_ceilings() -> None:
    figure = of_text(text_report())
    drawn = traces(figure)
    curve = drawn["MLE, temperature varied"]
    assert list(curve["customdata"]) == [0.7, 0.8, 0.9, 1.0, 1.1]
    assert curve["x"] == pytest.approx([1.2, 1.0, 0.8, 0.6, 0.4])
    assert drawn["SeqGAN"]["x"] == pytest.approx([0.69, 0.70, 0.71])
    assert drawn["SeqGAN"]["y"] == pytest.approx([0.57, 0.58, 0.59])
    assert "Bigram model" in drawn
    assert "Real data, held-out" not in drawn  # its self-BLEU was computed in fewer
    # at self-BLEU 0.70 the curve has BLEU 0.55, and SeqGAN 0.58; its runs lie 0.025, 0.030 and
    # 0.035 above: t = 4.303 standard errors of 0.00289
    assert title(figure) == (
        "SeqGAN is better than MLE at any of the temperatures: BLEU-2 +0.030 [+0.018, +0.042], "
        "n = 3 seeds"
    )
    beyond = text_report(methods=TEXT_METHODS | {"seqgan": (0.9, 1.4)})
    assert title(of_text(beyond)).startswith("BLEU-2 against self-BLEU: every run")


def test_the_unigram_model_does_not_decide_the_scale() -> None:
    figure = means.means(text_report(), "bleu_2")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low > CEILINGS["unigram"]
    assert high > CEILINGS["trigram"]
    assert "Unigram model" not in traces(figure)
    assert f"← {CEILINGS['unigram']:.3f}" in notes(figure)
    drawn = of_text(text_report())
    assert "Unigram model" not in traces(drawn)
    assert "Unigram model is off the scale: 0.55 / 0.34" in notes(drawn)
    assert "Random" not in notes(drawn)  # it is not among the methods


def test_what_a_comparison_of_text_shows() -> None:
    table = shown(text_report())
    against = table["SeqGAN against MLE."]
    assert "BLEU-2 0.580 against 0.500 (difference +0.080 [+0.0" in against
    assert "self-BLEU 0.700 against 0.600" in against
    assert "n = 3 and 3 runs" in against
    assert "better by BLEU-2 and worse by self-BLEU" in against
    assert table["n-gram models."] == (
        "A bigram model, which sees only the previous token, reaches BLEU-2 0.590; no difference "
        "from SeqGAN's 0.580 [0.555, 0.605] is found, so this BLEU need not come from longer "
        "structure."
    )
    for at, words in ((0.50, "more than SeqGAN's 0.500"), (0.65, "less than SeqGAN's 0.650")):
        other = shown(text_report(methods={"mle": (0.5, 0.6), "seqgan": (at, 0.7)}))
        assert words in other["n-gram models."]
        assert ("longer structure" in other["n-gram models."]) == (at == 0.50)
    one = shown(text_report(seeds=1))
    assert one["n-gram models."].endswith("0.590; SeqGAN has 0.580 (n = 1).")
    assert "held-out real data 2.50; one seed cannot tell" in one["Copies."]
    assert "+0.030 [+0.018, +0.042], n = 3 seeds" in table["Temperature."]
    assert (
        f"SeqGAN 3.00 [2.98, 3.02], above held-out real data at {NATURAL:.2f}" in table["Copies."]
    )
    assert not {"MSE.", "Repetition.", "Constant reward against SeqGAN."} & set(table)
    alike = text_report(methods={"mle": (0.50, 0.60), "seqgan": (0.502, 0.60)})
    assert "No difference is found" in shown(alike)["SeqGAN against MLE."]
    assert "(difference +0.080, n = 1 seed)" in shown(text_report(seeds=1))["SeqGAN against MLE."]
    assert shown(text_report(methods={"mle": (0.5, 0.6)})) == {}


def test_what_a_comparison_of_tunes_shows() -> None:
    values = tunes_values()
    comparison = report_of(values)
    table = shown(comparison)
    assert "9.00 against 10.00 (difference −1.00 [−1.20, −0.80], Holm's p = 0.001" in table["MSE."]
    assert "have 9.50 to their nearest neighbour" in table["MSE."]
    assert "SeqGAN 0.150 [0.050, 0.250], below held-out real data at 0.270" in table["Repetition."]
    assert title(means.means(comparison, "mse")).endswith(
        "SeqGAN 9.00, then MLE 10.00 (real data 9.50)"
    )
    values["rows"][1]["summary"]["repeated"]["high"] = 0.28
    again = shown(report_of(values))["Repetition."]
    assert "held-out real data 0.270; no difference is found (n = 3 seeds)" in again


def test_the_papers_numbers_come_with_why_they_cannot_be_compared() -> None:
    assert ("BLEU-2", "0.6670", "0.7389", "0.746") in paper.text_rows("poems")
    assert len(paper.text_rows("speech")) == 2
    assert paper.text_rows("music") == [
        ("BLEU-4", "0.9210", "0.9406", "–"), ("MSE", "22.38", "20.62", "–"),
    ]  # fmt: skip
    assert "only the order" in paper.text_caveat("speech")
    assert "human score" in paper.text_caveat("poems")
    assert "does not define its MSE" in paper.text_caveat("music")
