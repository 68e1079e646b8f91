"""`reproduce`: the paper's table and figures end to end, at a size of seconds."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import torch

from seqgan_core.cli.common import many_runs
from seqgan_core.figures.methods.paper import NLL_ORACLE
from seqgan_core.insight.models import Models
from seqgan_core.judge.frontier import COLD, SHARES, TILTS
from seqgan_core.judge.frontier_distance import rivals
from seqgan_core.judge.methods import METHODS
from seqgan_core.judge.report import Report
from seqgan_core.judge.study import PAPER_FOUR, Study
from seqgan_core.judge.sweeps import sweep
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.runs.store import Store
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.presets import preset
from tests.bench.controls import with_controls
from tests.support.commands import (
    Command,
    CommandResult,
    assignments,
    in_this_process,
    refused,
    write_oracle,
)
from tests.support.inline_engine import InlineEngine

SIZES = {"d_samples": 32, "pretrain_epochs": 8, "checkpoint_every": 2, "d_batch_size": 16}
FEW = ("--samples", "200", "--workers", "1", "--seeds", "11-12")


@pytest.fixture(scope="module", autouse=True)
def inline() -> Iterator[None]:
    """Runs are trained here: what the processes of a sweep do is tested in tests/judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_runs, "LocalEngine", InlineEngine)
        patch.setattr(sweep, "POLL_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reproduced") / "home"


def reproduced(home: Path, *arguments: str) -> CommandResult:
    changes = assignments(**SIZES)
    if "figure3" in arguments:  # it has g-steps, d-steps and k of its own
        own = ("g_steps=", "d_steps=", "d_epochs=")
        pairs = zip(changes[::2], changes[1::2], strict=True)
        changes = [part for pair in pairs if not pair[1].startswith(own) for part in pair]
    return in_this_process("reproduce", *arguments, *FEW, *changes, "--home", home)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_oracle(tmp_path_factory.mktemp("oracle") / "made_up.npz", logit=1.0)


@pytest.fixture(scope="module")
def table1(home: Path, oracle: Path) -> CommandResult:
    result = reproduced(home, "table1", "--oracle", str(oracle), "--json")
    assert result.status == 0, result.err
    return result


def test_the_table_has_every_method_its_tests_and_its_controls(table1: CommandResult) -> None:
    report = Report.model_validate_json(table1.out)
    assert report.strategies == list(METHODS)
    assert {len(row.results) for row in report.rows} == {2}
    assert all({"nll_oracle", "nll_test"} <= row.summary.keys() for row in report.rows)
    assert {test.n_first for test in report.over_runs["nll_oracle"]} == {2}
    assert {test.n_first for test in report.over_sentences["nll_oracle"]} == {200}
    assert list(report.frontier) == ["oracle", "mle", "seqgan"]
    assert list(report.stopping) == [2, 4, 6, 8]
    for sweeps in report.stopping.values():
        assert [swept.seed for swept in sweeps] == [11, 12]
        assert [p.temperature for p in sweeps[0].points] == [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
        assert {point.n for swept in sweeps for point in swept.points} == {200}
    assert len(report.curves) == len(METHODS) * 2
    assert (report.about.preset, report.about.seeds) == ("table1", (11, 12))


def test_a_stopped_model_is_that_of_its_epoch(table1: CommandResult, home: Path) -> None:
    report = Report.model_validate_json(table1.out)
    models = Models(Store(home))
    curve = next(c for c in report.curves if (c.strategy, c.seed) == ("mle", 12))
    by_epoch = dict(zip(curve.epoch, curve.column("nll_test"), strict=True))
    steps = {c.epoch: c.step for c in models.store.checkpoints(curve.run)}
    for epoch, sweeps in report.stopping.items():
        at_1 = sweeps[1].points[-1].nll_test
        model = models.at(curve.run, steps[epoch]).generator
        measured = float(sequence_nll(model, models.task(curve.run).test_data()).mean())
        assert at_1 == pytest.approx(measured, abs=1e-6)
        assert at_1 == pytest.approx(by_epoch[epoch], abs=1e-5)
    assert len({round(sweeps[1].points[-1].nll_test, 6) for sweeps in report.stopping.values()}) > 1


def test_the_controls_without_training_begin_where_the_rewards_do(
    table1: CommandResult, home: Path
) -> None:
    report = Report.model_validate_json(table1.out)
    assert list(report.controls) == ["tilt", "mixture", "seqgan"]
    settings = {name: [point.setting for point in sweeps[0].points]
                for name, sweeps in report.controls.items()}  # fmt: skip
    assert settings == {"tilt": [*TILTS], "mixture": [*SHARES], "seqgan": [*SHARES]}
    assert all([sweep.seed for sweep in sweeps] == [11, 12] for sweeps in report.controls.values())
    for index in (0, 1):
        switch = report.stopping[8][index].points[-1]
        for name in ("tilt", "mixture"):
            start = report.controls[name][index].points[0]
            for metric in ("nll_oracle", "nll_test"):
                assert start.value(metric) == pytest.approx(switch.value(metric), abs=1e-6)
            assert start.others == report.controls["tilt"][index].points[0].others
        end = report.controls["seqgan"][index].points[0].nll_test
        row = report.row("seqgan")
        assert row is not None
        assert end == pytest.approx(row.results[index].values["nll_test"], abs=1e-5)
    added = with_controls(report.model_copy(update={"controls": {}}), Models(Store(home)))
    assert added == report  # measured again, without the rest
    assert '"setting"' not in report.model_copy(update={"controls": {}}).to_json()


def test_a_tilt_and_a_mixture_are_measured_as_they_are_defined(
    table1: CommandResult, home: Path
) -> None:
    report = Report.model_validate_json(table1.out)
    models, row = Models(Store(home)), report.row("mle")
    assert row is not None
    run = row.results[1].run
    steps = {c.epoch: c.step for c in models.store.checkpoints(run)}
    model, task = models.at(run, steps[8]).generator, models.task(run)
    test, T = task.test_data(), task.sequence_length

    mixed = report.controls["mixture"][1].points[-1]
    cold = model.at_temperature(COLD)
    likelihoods = [(-T * sequence_nll(each, test).double()).exp() for each in (cold, model)]
    mixture = SHARES[-1] * likelihoods[0] + (1 - SHARES[-1]) * likelihoods[1]
    assert mixed.nll_test == pytest.approx(float(-mixture.log().mean() / T), abs=1e-5)
    n = round(SHARES[-1] * mixed.n)
    drawn = [each.sample(mixed.n, T, rng_for(12, "frontier")) for each in (cold, model)]
    tokens = torch.cat([drawn[0][:n], drawn[1][n:]])
    nll = sequence_nll(task.oracle, tokens)  # type: ignore[attr-defined]
    assert mixed.nll_oracle == pytest.approx(float(nll.mean()), abs=1e-6)
    assert mixed.value("nll_oracle_median") == pytest.approx(float(nll.median()), abs=1e-6)
    fours = {tuple(row[at : at + 4]) for row in tokens.tolist() for at in range(T - 3)}
    assert mixed.value("distinct_4") == pytest.approx(len(fours) / (mixed.n * (T - 3)))

    counts = torch.bincount(task.train_data().flatten(), minlength=model.vocab_size) + 0.5
    h = torch.stack([state.h for state in model.states(test)], 1)  # (m, T, H)
    tilted = (model.output_logits(h) + TILTS[-1] * counts.log()).log_softmax(-1)
    nll = -tilted.gather(2, test[..., None])[..., 0].mean(1)
    point = report.controls["tilt"][1].points[-1]
    assert point.nll_test == pytest.approx(float(nll.mean()), abs=1e-6)


def test_only_the_name_and_the_digest_of_the_oracle_are_written(
    table1: CommandResult, oracle: Path
) -> None:
    report = table1.json
    assert str(oracle.parent) not in table1.out
    assert report["config"]["oracle_path"] == report["about"]["changes"]["oracle_path"]
    assert report["config"]["oracle_path"] == "made_up.npz"
    digest = hashlib.sha256(oracle.read_bytes()).hexdigest()
    assert report["versions"]["oracle"] == f"made_up.npz, SHA-256 {digest}"


def test_the_table_stands_beside_the_papers_and_nothing_is_trained_again(
    table1: CommandResult, home: Path, oracle: Path, tmp_path: Path
) -> None:
    before, out = Store(home).runs(), tmp_path / "table1.json"
    result = reproduced(
        home, "table1", "--oracle", str(oracle), "--markdown", "--out", str(out)
    )  # fmt: skip
    assert result.status == 0
    assert len(Store(home).runs()) == len(before) == 14
    for value in NLL_ORACLE.values():
        assert f"| {value:.3f} |" in result.out
    assert "temperature 0.8" in result.out
    controls = [gap.best for gap in rivals(Report.model_validate_json(table1.out)) if gap.best]
    assert controls
    assert result.out.count(" at temperature ") == len(controls)
    assert all(f"| {oracle.mean:.3f} [" in result.out for oracle, _test, _t in controls)
    assert "one observation is a run" in result.out
    assert "one observation is a sequence" in result.out
    assert "200 samples of each seed" in result.out
    written = Report.load(out)
    assert written.model_dump(exclude={"versions"}) == Report.model_validate_json(
        table1.out
    ).model_dump(exclude={"versions"})
    checked = in_this_process("verify", str(out), "--json")
    assert (checked.status, checked.json["differences"]) == (0, [])


def test_verify_finds_a_stopped_model_that_is_another(
    table1: CommandResult, tmp_path: Path
) -> None:
    altered = json.loads(table1.out)
    altered["stopping"]["4"][0]["points"][-1]["nll_test"] += 0.001
    file = tmp_path / "altered.json"
    file.write_text(json.dumps(altered))
    checked = in_this_process("verify", str(file), "--json")
    assert checked.status == 1
    assert [line.split(" is ")[0] for line in checked.json["differences"]] == [
        "stopping.4.11.nll_test"
    ]


def test_figure_2_is_the_curves_of_the_tables_runs(
    table1: CommandResult, home: Path, oracle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "figure2.json"
    before = {record.id for record in Store(home).runs()}
    result = reproduced(home, "figure2", "--oracle", str(oracle), "--out", str(out), "--markdown")
    assert result.status == 0, result.err
    assert {record.id for record in Store(home).runs()} == before
    study = Study.load(out)
    assert {run.run for run in study.runs} <= before
    assert len(study.runs) == (len(METHODS) - 1) * 2
    first = next(run for run in study.runs if run.seed == 11)
    curve = next(c for c in Report.model_validate_json(table1.out).curves if c.run == first.run)
    assert first.nll_oracle == curve.column("nll_oracle")
    assert "| MLE | 1 | 1 | 1 | 0 |" in result.out
    assert "| Constant reward | 1 | 1 | 1 | 11 |" in result.out
    assert str(oracle.parent) not in out.read_text()
    assert in_this_process("verify", str(out)).status == 0


def test_figure_3_is_the_papers_four_schedules(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "figure3.json"
    result = reproduced(home, "figure3", "--out", str(out))
    assert result.status == 0, result.err
    study = Study.load(out)
    settings = study.settings(preset("table1"))
    assert tuple(setting.triple for setting in settings) == PAPER_FOUR
    assert [[run.seed for run in setting.runs] for setting in settings] == [[11, 12]] * 4
    assert in_this_process("verify", str(out)).status == 0


def test_an_interrupted_table_is_resumed(cli: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after two runs; the same command trains the others, and those two not again."""

    class Interrupted(InlineEngine):
        started: ClassVar[list[str]] = []

        def start(self, run_id: str) -> None:
            if len(self.started) == 2:
                raise KeyboardInterrupt
            self.started.append(run_id)
            super().start(run_id)

    given = ["reproduce", "figure2", *FEW, *assignments(**SIZES)]
    monkeypatch.setattr(many_runs, "LocalEngine", Interrupted)
    assert cli(*given).status == 130
    finished = {r["run"]: r for r in cli("runs", "--json").json if r["status"] == "finished"}
    assert sorted(finished) == sorted(Interrupted.started)
    monkeypatch.setattr(many_runs, "LocalEngine", InlineEngine)
    assert cli(*given).status == 0
    runs = cli("runs", "--json").json
    assert {run["status"] for run in runs} == {"finished"}
    assert len(runs) == (len(METHODS) - 1) * 2
    assert {run["run"]: run for run in runs if run["run"] in finished} == finished


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["table2"], ["table2", "table1", "figure3"]),
        ([], ["target"]),
        (["table1", "--seeds", "0"], ["seeds is '0'", "11-15"]),
        (["table1", "--samples", "10"], ["--samples is 10", "100 or more"]),
        (["table1", "--workers", "0"], ["--workers is 0", "1 or more"]),
        (["table1", "--oracle", "nowhere.npz"], ["nowhere.npz", "does not exist"]),
        (["table1", "--oracle", "SMALL"], ["vocab_size is 5000", "20 tokens"]),
        (["figure3", "--set", "d_max_gap=0.7"], ["d_max_gap is 0.7"]),
        (["table1", "--out", "nowhere/table.json"], ["--out is nowhere/table.json"]),
    ],
)  # fmt: skip
def test_reproduce_refuses_before_it_trains(
    cli: Command, oracle: Path, arguments: list[str], words: list[str]
) -> None:
    given = [str(oracle) if part == "SMALL" else part for part in arguments]
    refused(cli("reproduce", *given), *words)
    assert cli("runs", "--json").json == []
