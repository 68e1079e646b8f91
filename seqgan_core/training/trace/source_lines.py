"""Maps lines of Python to lines of Algorithm 1, by the source's own comments.

The comments `# line N` in `algorithm.py` and what it calls name the line of the algorithm that a
line of Python implements. The functions after the first are shown because the marked line calls
them.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.objectives import (
    discriminator_loss,
    mle_loss,
    move_average,
    policy_gradient_loss,
)
from seqgan_core.paper.rollout import complete_with, q_values, q_values_with, score
from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.learners.batches import DiscriminatorData
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner, PolicyLearner
from seqgan_core.training.models import make_models

LINES = range(1, 20)

_NEGATIVES = (Algorithm1.discriminator_step, DiscriminatorData._draw)
_D_UPDATES = (
    Algorithm1.discriminator_step,
    Algorithm1.discriminator_updates,
    DiscriminatorLearner._update,
    discriminator_loss,
)

FUNCTIONS: dict[int, tuple[Callable[..., Any], ...]] = {
    1: (Algorithm1.__init__, make_models, Generator.initialise, Discriminator.initialise),
    2: (Algorithm1.pretrain_generator, Algorithm1.mle_updates, MleLearner._update, mle_loss),
    3: (Algorithm1.run, Algorithm1.move_rollout_policy, move_average),
    4: _NEGATIVES,
    5: _D_UPDATES,
    **dict.fromkeys((6, 7, 13, 14, 17, 19), (Algorithm1.adversarial_rounds,)),  # the loops
    8: (Algorithm1.generator_step, Generator.sample, Generator.continue_from),
    9: (Algorithm1.generator_step, complete_with),
    10: (Algorithm1.generator_step, Algorithm1.q_values, q_values, q_values_with, score),
    11: (Algorithm1.generator_step, q_values_with),
    12: (
        Algorithm1.generator_step,
        PolicyLearner.__call__,
        PolicyLearner._update,
        policy_gradient_loss,
    ),
    15: _NEGATIVES,
    16: _D_UPDATES,
    18: (Algorithm1.adversarial_rounds, Algorithm1.move_rollout_policy, move_average),
}

_MARK = re.compile(r"# lines? (\d+)(?: (and|to) (\d+))?$")


@dataclass(frozen=True)
class Source:
    """A function's source and its place in the file."""

    name: str  # with its class
    file: str  # from the project's root
    first: int  # number of its first line in the file
    lines: tuple[str, ...]  # its text, without the indentation that all lines share
    # its lines (counted from 0) that implement each line of the algorithm
    marked: dict[int, tuple[int, ...]]


@cache
def source_of(function: Callable[..., Any]) -> Source:
    """The function's source, read at the first call and cached.

    Raises:
        OSError: the source is not available.
    """
    plain = inspect.unwrap(function)
    source, first = inspect.getsourcelines(plain)
    text = textwrap.dedent("".join(source))
    lines = tuple(text.splitlines())
    marked: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        for number in _numbers(line):
            marked.setdefault(number, []).extend(_statement(text, at))
    root = Path(__file__).resolve().parents[3]
    file = Path(inspect.getfile(plain)).resolve().relative_to(root).as_posix()
    where = {number: tuple(sorted(set(rows))) for number, rows in marked.items()}
    return Source(plain.__qualname__, file, first, lines, where)


def _numbers(line: str) -> Iterator[int]:
    """The lines of the algorithm that a comment at the end of a line of Python names."""
    mark = _MARK.search(line)
    if mark is None:
        return
    first, word, last = int(mark[1]), mark[2], int(mark[3] or mark[1])
    yield from range(first, last + 1) if word == "to" else sorted({first, last})


def _statement(text: str, at: int) -> range:
    """The lines, counted from 0, of the innermost statement that line `at` belongs to.

    Of a loop or a condition only its head; its body has statements of its own.
    """
    best = range(at, at + 1)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.FunctionDef):
            continue
        body = getattr(node, "body", None)
        end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        rows = range(node.lineno - 1, end)
        if at in rows:
            best = rows
    return best
