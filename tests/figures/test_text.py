"""The figures and the words of text: what they draw is what was measured, and they say its n."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seqgan_core.figures.make import text_notices as text_words
from seqgan_core.figures.methods import (
    paper,
    text_findings,
    text_means,
    text_plane,
    text_report,
)
from tests.support.made_up.text_report import CEILINGS, METHODS, NATURAL
from tests.support.made_up.text_report import text_report as made_up


def traces(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in figure["data"]}


# -- the comparison --------------------------------------------------------------------------------


def test_metrics_stand_in_the_houses_order() -> None:
    comparison = made_up((3, 4))
    assert text_report.metrics(comparison) == [
        "bleu_3", "bleu_4", "self_bleu", "distinct_2", "copied", "nll_test",
    ]  # fmt: skip
    assert text_report.metrics({"rows": []}) == []


def test_a_level_has_every_seed_its_mean_and_its_ceilings() -> None:
    comparison = made_up()
    figure = text_means.levels(comparison, "bleu_2")
    drawn = traces(figure)
    assert drawn["SeqGAN"]["x"] == pytest.approx([0.58])
    assert drawn["SeqGAN, each seed"]["x"] == pytest.approx([0.57, 0.58, 0.59])
    assert drawn["bigram model"]["x"] == pytest.approx([CEILINGS["bigram"]])
    assert drawn["real, held back"]["x"] == pytest.approx([CEILINGS["held out"]])
    title = figure["layout"]["title"]["text"]
    assert title == "BLEU-2: SeqGAN 0.580, MLE 0.500; real text 0.610, a bigram model 0.590"
    assert "n = 3 seeds" in figure["layout"]["meta"]["seeing"]
    (held,) = figure["layout"]["shapes"]
    assert held["x0"] == pytest.approx(CEILINGS["held out"])
    assert len(figure["layout"]["yaxis"]["ticktext"]) == 7


def test_what_was_counted_in_fewer_texts_is_no_ceiling_of_variety() -> None:
    comparison = made_up()
    assert "held out" not in text_report.baselines(comparison, "self_bleu")
    assert "held out" in text_report.baselines(comparison, "copied")
    assert text_report.baselines(comparison, "self_bleu")["bigram"] == 0.55
    assert text_report.baselines(comparison, "nll_test") == {}


def test_without_ceilings_the_training_text_is_one() -> None:
    comparison = made_up(ceilings=False)
    assert text_report.baselines(comparison, "bleu_2") == {"real": 0.6}
    assert text_report.baselines(comparison, "copied") == {}
    assert text_means.levels(comparison, "copied")["layout"]["shapes"] == []


def test_the_plane_draws_runs_mles_curve_and_the_ceilings() -> None:
    figure = text_plane.plane(made_up(), "bleu_2")
    drawn = traces(figure)
    assert drawn["MLE, temperature turned"]["customdata"] == [0.7, 0.8, 0.9, 1.0, 1.1]
    assert drawn["MLE, temperature turned"]["x"] == pytest.approx([1.2, 1.0, 0.8, 0.6, 0.4])
    assert drawn["SeqGAN"]["x"] == pytest.approx([0.69, 0.70, 0.71])
    assert drawn["SeqGAN"]["y"] == pytest.approx([0.57, 0.58, 0.59])
    assert "bigram model" in drawn
    assert "real, held back" not in drawn  # its self-BLEU was counted in fewer
    # at self-BLEU 0.70 the curve has BLEU 0.55, and SeqGAN 0.58
    assert figure["layout"]["title"]["text"] == (
        "SeqGAN lies 0.030 above MLE's curve in BLEU-2, at the same self-BLEU (n = 3 seeds)"
    )


def test_a_method_below_the_curve_or_beyond_its_ends() -> None:
    worse = made_up(methods=METHODS | {"seqgan": (0.53, 0.70)})
    words = text_plane.plane(worse, "bleu_2")["layout"]["title"]["text"]
    assert words.startswith("SeqGAN lies 0.020 below MLE's curve in BLEU-2")
    near = made_up(methods=METHODS | {"seqgan": (0.548, 0.70)})  # one run is above it
    words = text_plane.plane(near, "bleu_2")["layout"]["title"]["text"]
    assert words == (
        "SeqGAN cannot be told apart from MLE's curve in BLEU-2: -0.002 [-0.014, +0.010] "
        "(n = 3 seeds)"
    )
    assert "cannot be told apart from that, -0.002" in text_findings.findings(near, "bleu_2")[3]
    single = text_plane.gap_to_curve(made_up(seeds=1), "bleu_2", "seqgan")
    assert single is not None
    assert (single.side, single.interval, single.n) == (0, "+0.030", 1)
    beyond = made_up(methods=METHODS | {"seqgan": (0.9, 1.4)})
    assert text_plane.gap_to_curve(beyond, "bleu_2", "seqgan") is None
    assert "never one alone" in text_plane.plane(beyond, "bleu_2")["layout"]["title"]["text"]


def test_what_the_comparison_shows() -> None:
    better, counting, varied, curve, copies = text_findings.findings(made_up(), "bleu_2")
    assert better.startswith("SeqGAN differs from MLE in BLEU-2 by +0.080 [+0.0")
    assert "n = 3 and 3 runs" in better
    assert counting == (
        "A bigram model, which knows two tokens at a time, reaches BLEU-2 0.590: as much or more, "
        "so this BLEU says nothing of longer thoughts."
    )
    assert varied.startswith("SeqGAN is less varied than MLE: self-BLEU 0.700 against 0.600, p = ")
    assert varied.endswith("(Welch, Holm; n = 3 and 3 runs).")
    # runs 0.025, 0.030 and 0.035 above the curve: t = 4.303 standard errors of 0.00289
    assert "has BLEU-2 0.550; SeqGAN, with 0.580, is above it: +0.030 [+0.018, +0.042]" in curve
    assert f"3.00 tokens on average, longer than the {NATURAL:.2f} of real" in copies


def test_methods_without_a_clear_difference_are_named() -> None:
    alike = made_up(methods={"mle": (0.50, 0.60), "seqgan": (0.502, 0.60)})
    better, _counting, varied, *_rest = text_findings.findings(alike, "bleu_2")
    assert better.startswith("In BLEU-2, SeqGAN and MLE cannot be told apart: +0.002 [-0.0")
    assert varied.startswith("In variety, SeqGAN and MLE cannot be told apart: self-BLEU 0.600")
    single_seed = made_up(seeds=1)
    message = text_findings.findings(single_seed, "bleu_2")[0]
    assert message.startswith("SeqGAN has BLEU-2 0.580 and MLE 0.500 (n = 1 seed).")
    assert "n = 1" in message.split(").", 1)[1]  # and why there is no test
    assert text_findings.findings(made_up(methods={"mle": (0.5, 0.6)}), "bleu_2") == []


def test_a_difference_can_be_read_from_either_side() -> None:
    comparison = made_up()
    forwards = text_report.difference(comparison, "bleu_2", "seqgan", "mle")
    backwards = text_report.difference(comparison, "bleu_2", "mle", "seqgan")
    assert forwards is not None
    assert backwards is not None
    assert forwards["difference"] == pytest.approx(0.08)
    assert backwards["difference"] == pytest.approx(-0.08)
    assert (forwards["low"], forwards["high"]) == pytest.approx(
        (-backwards["high"], -backwards["low"])
    )


def test_the_papers_numbers_come_with_why_they_cannot_be_compared() -> None:
    assert ("BLEU-2", "0.6670", "0.7389", "0.746") in paper.text_rows("poems")
    assert len(paper.text_rows("speech")) == 2
    assert "only the order" in paper.text_caveat("speech")
    assert "human score" in paper.text_caveat("poems")


# -- one page of new text --------------------------------------------------------------------------

VALUES = np.array([[1.0, 3.0, 9.0], [2.0, 5.0, 4.0]])  # the 9 pads, and counts nowhere
TEXTS = [("a", "b"), ("c", "d", "e")]


def test_where_values_stand_out() -> None:
    message = text_words.extreme(VALUES / 10, TEXTS, "q", "poem")
    assert message == "Q runs from 0.100 (“a” in poem 1) to 0.500 (“d” in poem 2)."
    flat = text_words.extreme(np.full((2, 3), 0.4), TEXTS, "q", "poem")
    assert flat == "Every Q is 0.400: here D does not tell one token from another."
    rare = text_words.extreme(VALUES, TEXTS, "surprise", "poem")
    assert rare == (
        "The least likely choice is “d” in poem 2: 5.0 nats, a probability of 1 in 148. The mean "
        "is 3.00 nats (n = 5)."
    )
    assert text_words.extreme(VALUES[:0], [], "q", "poem") == ""


def test_copies_are_compared_with_the_natural_length() -> None:
    message = text_words.copying([2, 3, 5], 2.5, 400, "poems", "characters", line=5)
    assert message == (
        "The longest copied run has 3.3 characters on average over these 3, 5 at most; in held-out "
        "poems it has 2.5 on average (n = 400). 1 of 3 copy a run as long as a line."
    )
    single = text_words.copying([2], 2.5, 400, "tunes", "steps")
    assert single == (
        "The longest copied run has 2 steps; in held-out tunes it has 2.5 on average (n = 400)."
    )
    much = text_words.copying([6, 6], 2.5, 400, "sentences", "words")
    assert much.endswith("They copy more than real ones do.")
    natural = text_words.copying([2, 3], 2.5, 400, "sentences", "words")
    assert natural.endswith("(n = 400).")


def test_the_unigram_model_does_not_decide_the_scale() -> None:
    figure = text_means.levels(made_up(), "bleu_2")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low > CEILINGS["unigram"]
    assert high > CEILINGS["trigram"]
    assert "unigram model" not in traces(figure)
    (left_out,) = figure["layout"]["annotations"]
    assert left_out["text"] == f"← {CEILINGS['unigram']:.3f}"
    plane = text_plane.plane(made_up(), "bleu_2")
    assert "unigram model" not in traces(plane)
    assert any("0.55 / 0.34" in note["text"] for note in plane["layout"]["annotations"])
