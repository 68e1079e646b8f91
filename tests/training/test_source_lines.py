"""The Python behind each line of Algorithm 1 is read from the source, with its lines lit."""

import inspect

import pytest

from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.models import make_models
from seqgan_core.training.trace import source_lines
from seqgan_core.training.trace.source_lines import FUNCTIONS, LINES, source_of
from tests.support.paths import ROOT


@pytest.mark.parametrize("line", LINES)
def test_every_line_lights_python_of_the_algorithm(line: int) -> None:
    source = source_of(FUNCTIONS[line][0])
    assert source.file == "seqgan_core/training/algorithm.py"
    assert source.marked[line]


@pytest.mark.parametrize("line", LINES)
def test_what_is_shown_stands_in_the_file_at_that_place(line: int) -> None:
    for function in FUNCTIONS[line]:
        source = source_of(function)
        text = (ROOT / source.file).read_text(encoding="utf-8").splitlines()
        in_file = text[source.first - 1 : source.first - 1 + len(source.lines)]
        assert [row.strip() for row in in_file] == [row.strip() for row in source.lines]
        assert source.name.split(".")[-1] in "".join(source.lines[:2])


def lit(line: int, place: int = 0) -> str:
    source = source_of(FUNCTIONS[line][place])
    return " ".join(source.lines[at].strip() for at in source.marked[line])


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        (1, 0, "make_models("),
        (1, 1, "= make_generator("),
        (1, 1, "discriminator = make_discriminator("),
        (2, 0, "self.mle_updates("),
        (2, 1, "mle.updates(*self.mle_data.batches(updates))"),
        (3, 0, "self.move_rollout_policy(rate=0.0)"),
        (4, 0, "self.d_data.draw("),
        (5, 0, "self.discriminator_updates("),
        (5, 1, "learner.updates(tokens, labels, torch.stack(masks))"),
        (6, 0, "while done.rounds < c.rounds:"),
        (7, 0, "while done.g_steps < c.g_steps:"),
        (8, 0, "G.sample("),
        (9, 0, "self.q_values(tokens, rng)"),
        (10, 1, "q_values("),
        (12, 0, "self.learners.policy(tokens, q, weights)"),
        (13, 0, "while done.g_steps < c.g_steps:"),
        (14, 0, "while done.d_steps < self.plan.d_steps:"),
        (18, 0, "self.move_rollout_policy(c.rollout_update_rate)"),
        (19, 0, "while done.rounds < c.rounds:"),
    ],
)
def test_the_lit_line_is_the_one_that_does_it(line: int, place: int, code: str) -> None:
    assert code in lit(line, place)


def test_a_loops_body_is_not_lit_with_its_head() -> None:
    assert "generator_step" not in lit(7)
    assert len(source_of(Algorithm1.adversarial_rounds).marked[6]) == 1


def test_a_statement_of_several_lines_is_lit_whole() -> None:
    text = "def f():\n    if a:\n        b(\n            c,\n        )  # line 12\n    d()\n"
    assert list(source_lines._statement(text, 4)) == [2, 3, 4]
    assert list(source_lines._statement(text, 1)) == [1]
    assert list(source_lines._statement(text, 5)) == [5]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("x()  # line 12", [12]),
        ("x()  # lines 4 and 15", [4, 15]),
        ("x()  # lines 9 to 11", [9, 10, 11]),
        ('"""Line 15: fresh negatives."""', []),
        ("x()  # line 12 is not here", []),
    ],
)
def test_marks_are_read_at_the_end_of_a_line_only(text: str, numbers: list[int]) -> None:
    assert list(source_lines._numbers(text)) == numbers


def test_every_mark_of_the_algorithm_is_shown_somewhere() -> None:
    shown = {function for functions in FUNCTIONS.values() for function in functions}
    methods = [function for _, function in inspect.getmembers(Algorithm1, inspect.isfunction)]
    marked = {function for function in [*methods, make_models] if source_of(function).marked}
    assert len(marked) >= 10
    assert marked - shown == set()
