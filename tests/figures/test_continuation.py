"""Continuations as lines: each is drawn from the last given step, and the title counts."""

import numpy as np

from seqgan_core.figures.make.continuation import fan
from seqgan_core.figures.style import GENERATOR
from tests.figures.checks import sound
from tests.figures.made_up import NONE, PITCHES


def traces(figure: dict) -> dict:
    return {trace["name"]: trace for trace in figure["data"]}


def test_every_continuation_is_a_line_from_the_last_given_step() -> None:
    drawn = traces(fan(PITCHES, 2, 0.5, ranked=True))
    assert (drawn["yours"]["x"], drawn["yours"]["y"]) == ([1, 2, 3], [60, 62, 62])
    assert (drawn["ranked first"]["x"], drawn["ranked first"]["y"]) == (
        [2, 3, 4, 5],
        [62, 64, 60, 60],
    )
    assert drawn["continuation 2"]["y"] == [62, None, 72, 72]
    assert drawn["continuation 3"]["text"] == ["D4", "F4", "rest", "rest"]
    assert drawn["ranked first"]["line"]["color"] == GENERATOR
    assert {drawn[name]["line"]["color"] for name in ("continuation 2", "continuation 3")} != {
        GENERATOR
    }


def test_the_title_says_where_they_part_and_end() -> None:
    title = fan(PITCHES, 2, 0.5, ranked=True)["layout"]["title"]["text"]
    assert title == "They diverge after 0.5 steps; 2 of 3 end on C"  # C4 and C5; the third on F
    apart = fan(PITCHES[1:], 2, 0.0, ranked=True)["layout"]["title"]["text"]
    assert apart == "They diverge at once; all end on different notes"
    alone = fan(PITCHES[2:], 2, NONE, ranked=True)["layout"]["title"]["text"]
    assert alone == "One continuation, which ends on F"


def test_without_a_ranking_no_line_is_the_first() -> None:
    figure = fan(PITCHES, 2, 0.5, ranked=False)
    assert "ranked first" not in traces(figure)
    assert {"continuation 1", "continuation 2", "continuation 3"} <= set(traces(figure))
    assert "ranks" not in figure["layout"]["meta"]["seeing"]


def test_the_axis_names_octaves_and_the_beginning_is_shaded() -> None:
    layout = fan(PITCHES, 2, 0.5, ranked=True)["layout"]
    names = dict(zip(layout["yaxis"]["tickvals"], layout["yaxis"]["ticktext"], strict=True))
    assert names[60] == "C4"
    assert (layout["shapes"][0]["x0"], layout["shapes"][0]["x1"]) == (1, 3)


def test_a_beginning_that_ends_in_a_rest_is_drawn() -> None:
    figure = fan(np.array([[60, NONE, NONE, NONE]]), 2, NONE, ranked=True)
    sound(figure)
    assert traces(figure)["yours"]["y"] == [60, None, None]
    assert figure["layout"]["title"]["text"] == "One continuation, which ends on C"
