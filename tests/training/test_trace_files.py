"""Traces in files: as they ship, as they are checked, and where two of them part."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from seqgan_core.insight.jobs import finish
from seqgan_core.training.trace.record import FOLDER, main, record, recording
from seqgan_core.training.trace.tiny_problem import WHAT_IFS, tiny
from seqgan_core.training.trace.trace_diff import first_difference, first_other_theta
from seqgan_core.training.trace.trace_file import Trace, TraceError, load, save


@cache
def shipped(name: str) -> Trace:
    return load(FOLDER / f"{name}.json")


def alike(first: Any, second: Any) -> bool:
    """Equal in structure and whole numbers; fractions to 1e-4."""
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(
            alike(first[name], second[name]) for name in first
        )
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(alike, first, second))
    if isinstance(first, float) and isinstance(second, float):
        return abs(first - second) <= 1e-4
    return type(first) is type(second) and bool(first == second)


@pytest.mark.parametrize("name", WHAT_IFS)
def test_shipped_traces_match_the_code(name: str) -> None:
    """Otherwise: python -m seqgan_core.training.trace.record, and say why in the commit."""
    current, stored = record(name, tiny(name)), shipped(name)
    assert stored.config == current.config
    assert [step.place for step in stored.steps] == [step.place for step in current.steps]
    for step, current_step in zip(stored.steps, current.steps, strict=True):
        assert alike(step.variables, current_step.variables), step


def test_a_difference_is_noticed() -> None:
    assert alike({"a": [1, 0.5, None]}, {"a": [1, 0.50009, None]})
    for changed in ({"a": [1, 0.5002, None]}, {"a": [2, 0.5, None]}, {"a": [1, 0.5]}, {"b": 1}):
        assert not alike({"a": [1, 0.5, None]}, changed)


def test_the_recorder_writes_the_shipped_traces_and_is_deterministic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqgan_core.training.trace.record.FOLDER", tmp_path / "once")
    main()
    first = {file.name: file.read_bytes() for file in (tmp_path / "once").iterdir()}
    main()
    assert {file.name: file.read_bytes() for file in (tmp_path / "once").iterdir()} == first
    assert sorted(first) == sorted(file.name for file in FOLDER.iterdir())
    assert sum(map(len, first.values())) < 600_000


def test_a_trace_survives_its_file(tmp_path: Path) -> None:
    trace = shipped("base")
    save(trace, tmp_path / "again.json")
    assert load(tmp_path / "again.json") == trace


def test_recording_in_steps_reports_its_progress() -> None:
    config = tiny(rounds=1, pretrain_epochs=2)
    shares = list(recording("mine", config))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert finish(recording("mine", config)) == record("mine", config)


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    values = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))
    change(values)
    return json.dumps(values)


def put(step: int, name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda values: values["steps"][step]["variables"].update({name: value})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{half", "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON"),
        ("[1, 2]", "Input should be an object"),
        (broken(lambda v: v.update(format="other")), "(format: Input should be 'seqgan-trace')"),
        (broken(lambda v: v.pop("format")), "names no format or version"),
        (broken(lambda v: v.update(version=2)), "(version: Input should be 1)"),
        (broken(lambda v: v.pop("config")), "(config: Field required)"),
        (broken(lambda v: v["config"].update(vocab_size=1)), "vocab_size is 1"),
        (broken(lambda v: v["config"].update(colour=1)), "colour is not a setting"),
        (broken(lambda v: v.update(steps=[])), "(steps: Tuple should have at least 1 item"),
        (broken(lambda v: v["steps"].insert(3, "what")), "(steps.3: Input should be an object)"),
        (broken(lambda v: v["steps"][5].update(line=20)), "(steps.5.line: "),
        (broken(lambda v: v["steps"][5].update(line=True)), "(steps.5.line: "),
        (
            broken(lambda v: v["steps"][5].update(round="one")),
            "(steps.5.round: ",
        ),
        (broken(put(0, "shoes", 2)), "(steps.0.variables.shoes: "),
        (broken(put(9, "y", [[1, 2, 3, 4, 5]])), "(steps.9.variables.y"),
        (broken(put(9, "y", [[1, 2, 3, 4, 6]] * 2)), "(steps.9.variables.y"),
        (broken(put(9, "y", "12345")), "(steps.9.variables.y"),
        (broken(put(9, "p", [[0.1, 0.2, 1.5, 0.1, 0.1]] * 2)), "(steps.9.variables.p.0.2: "),
        (
            broken(put(0, "theta_norm", float("nan"))),
            "(steps.0.variables.theta_norm: ",
        ),
        (broken(put(0, "first", [None] * 6)), "(steps.0.variables.first.0: "),
        (broken(put(2, "beta_is_theta", 1)), "(steps.2.variables.beta_is_theta: "),
    ],
)
def test_the_error_of_a_bad_file_names_it_the_fault_and_the_remedy(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TraceError) as error:
        load(file)
    message = str(error.value)
    assert message.startswith("the trace mine.json ")
    assert words in message
    assert message.endswith("record it again with python -m seqgan_core.training.trace.record")
    assert "\n" not in message


def test_a_missing_or_unreadable_file_is_a_trace_error_too(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="No such file"):
        load(tmp_path / "gone.json")
    with pytest.raises(TraceError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TraceError, match="Invalid JSON"):
        load(tmp_path / "bytes.json")


def test_the_states_gather_what_the_lines_made() -> None:
    trace = shipped("base")
    states = list(trace.states())
    assert len(states) == len(trace.steps)
    for step, before, after in zip(trace.steps[1:], states, states[1:], strict=False):
        assert after == before | step.variables


@pytest.mark.parametrize(
    ("name", "line", "other_line", "variable", "round_", "theta_round"),
    [
        ("one_rollout", 10, 10, "completions", 1, 1),
        ("no_d_steps", 17, 14, None, 1, 2),
        ("constant_reward", 1, 1, "phi_norm", None, 1),
    ],
)
def test_where_the_what_ifs_diverge_from_the_base(
    name: str, line: int, other_line: int, variable: str | None, round_: int | None,
    theta_round: int,
) -> None:  # fmt: skip
    trace, base = shipped(name), shipped("base")
    divergence = first_difference(trace, base)
    assert divergence is not None
    assert divergence.base_step is not None
    assert (divergence.step.line, divergence.base_step.line) == (line, other_line)
    assert (divergence.variable, divergence.step.round) == (variable, round_)
    assert trace.steps[: divergence.index] == base.steps[: divergence.index]
    theta = first_other_theta(trace, base)
    assert theta is not None
    assert (theta.step.line, theta.step.round) == (12, theta_round)
    assert trace.steps[theta.index] == theta.step


def test_a_trace_does_not_diverge_from_itself() -> None:
    base = shipped("base")
    assert first_difference(base, base) is None
    assert first_other_theta(base, base) is None


def test_a_trace_that_ends_early_or_late_diverges_there() -> None:
    base = shipped("base")
    short = base.model_copy(update={"steps": base.steps[:40]})
    end = first_difference(short, base)
    assert end is not None
    assert (end.index, end.base_step) == (39, base.steps[40])
    later = first_difference(base, short)
    assert later is not None
    assert (later.index, later.base_step) == (40, None)
    assert first_other_theta(short, base) is None
    more = first_other_theta(base, short)
    assert more is not None
    assert more.step.round == 2
