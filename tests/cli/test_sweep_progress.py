"""The progress of many runs: how many are done, and about how long the others take."""

import pytest

from seqgan_core.cli.common import many_runs
from seqgan_core.judge.sweeps.plan import Plan
from seqgan_core.judge.sweeps.sweep import Progress


def test_a_line_for_each_run_that_ends_says_how_long_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was done before this sweep began does not count as its pace."""
    clock = iter([0.0, 1.0, 100.0, 300.0])
    monkeypatch.setattr(many_runs.time, "monotonic", lambda: next(clock))
    with many_runs.sweep_bar(Plan("tried", "glance", ())) as show:
        for done, share in ((1, 0.5), (2, 0.6), (2, 0.7), (3, 0.75)):
            show(Progress(done, 4, share, (), ()))
    assert capsys.readouterr().err.splitlines() == [
        "tried: 1 of 4 runs done (50%, … left)",
        "tried: 2 of 4 runs done (60%, 6 min 40 s left)",  # 0.1 in 100 s
        "tried: 3 of 4 runs done (75%, 5 min 0 s left)",  # 0.25 in 300 s
    ]
