"""Recorded files are what their raw values say; where one number is altered, it is named."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from safetensors import safe_open
from safetensors.torch import save_file

from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.report import Report
from seqgan_core.judge.study import Study, outcome
from seqgan_core.judge.verdict import LAST
from seqgan_core.judge.verify.check import Check
from seqgan_core.judge.verify.models import check_bundle, check_model, check_trace
from seqgan_core.judge.verify.reports import check_comparison, check_study
from seqgan_core.runs.bundle import export_bundle
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training import build
from seqgan_core.training.setup.model_files import ModelCard, write_model
from seqgan_core.training.setup.presets import preset
from seqgan_core.training.trainer import Trainer
from tests.support.commands import in_this_process
from tests.support.paths import ROOT
from tests.support.tiny.texts import tiny_verse
from tests.support.tiny.trained_run import trained
from tests.training.test_model_files import CONFIG

ASSETS = ROOT / "assets"
RECORDED = [
    path
    for folder in ("comparison", "recorded", "traces", "models")
    for path in sorted((ASSETS / folder).iterdir())
    if path.suffix != ".md"
]
Path_ = tuple[str | int, ...]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_what_ships_is_what_its_values_say(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise record the file again: what differs is listed."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))  # without corpora: models are not measured
    result = in_this_process("verify", path, "--json")
    assert result.status == 0, "\n".join(result.json["differences"])
    assert result.json["compared"] > 0


def altered(values: Any, path: Path_, change: Callable[[Any], Any]) -> Any:
    """A copy of JSON with one value changed."""
    values = json.loads(json.dumps(values))
    part = values
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = change(part[path[-1]])
    return values


def more(value: float) -> float:
    return value * 1.01 + 0.001


def places(check: Check) -> set[str]:
    return {str(difference.fields["place"]) for difference in check.differences}


# -- comparisons and studies -----------------------------------------------------------------------


def recorded(name: str) -> Any:
    return json.loads((ASSETS / "comparison" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("rows", 1, "summary", "nll_test", "mean"), "rows.mle.nll_test.mean"),
        (("rows", 1, "summary", "nll_test", "low"), "rows.mle.nll_test.low"),
        (("rows", 1, "summary", "nll_test", "high"), "rows.mle.nll_test.high"),
        (("rows", 1, "results", 2, "values", "nll_oracle"), "rows.mle.nll_oracle.mean"),
        (("over_runs", "nll_test", 1, "difference"), "over_runs.nll_test.mle.difference"),
        (("over_runs", "nll_test", 1, "low"), "over_runs.nll_test.mle.low"),
        (("over_runs", "nll_test", 1, "p"), "over_runs.nll_test.mle.p"),
        (("over_runs", "nll_test", 1, "p_holm"), "over_runs.nll_test.mle.p_holm"),
        (("over_runs", "nll_test", 1, "effect"), "over_runs.nll_test.mle.effect"),
        (("over_sentences", "nll_oracle", 1, "difference"), "over_sentences.nll_oracle.mle.low"),
        (("over_sentences", "nll_oracle", 1, "high"), "over_sentences.nll_oracle.mle.low"),
        (("over_sentences", "nll_oracle", 1, "effect"), "over_sentences.nll_oracle.mle.effect"),
        (("frontier", "mle", 0, "points", 6, "nll_test"), "rows.mle.RUN.nll_test"),
    ],
)
def test_a_number_altered_in_a_comparison_is_named(path: Path_, place: str) -> None:
    values = recorded("lesson-updates.json")
    run = values["rows"][1]["results"][0]["run"]
    change = (lambda x: x * 1.05) if "effect" in path else more
    check = check_comparison(Report.model_validate(altered(values, path, change)))
    assert place.replace("RUN", run) in places(check)


def test_a_p_value_of_sentences_must_fit_its_interval() -> None:
    values = recorded("poems.json")
    path = ("over_sentences", "bleu_2", 0, "p")
    check = check_comparison(Report.model_validate(altered(values, path, lambda p: p * 2)))
    assert {"over_sentences.bleu_2.mle.p", "over_sentences.bleu_2.mle.p_holm"} <= places(check)


def test_a_ceiling_and_a_curve_altered_are_named() -> None:
    values = recorded("poems.json")
    ceiling = altered(values, ("ceilings", 0, "bleu", "2", "mean"), more)
    assert places(check_comparison(Report.model_validate(ceiling))) == {"ceilings.real.2.mean"}
    curve = altered(values, ("curves", 0, "nll_test", -1), more)
    run = values["curves"][0]["run"]
    assert places(check_comparison(Report.model_validate(curve))) == {f"rows.mle.{run}.nll_test"}


@pytest.mark.parametrize(
    ("path", "change", "place"),
    [
        (("runs", 3, "switch"), lambda x: x - 1, "switch"),
        (("runs", 3, "epoch", 4), lambda x: x + 10, "epoch.4"),
        (("runs", 3, "seconds", 4), lambda x: x + 1000, "seconds.4"),
        (("runs", 3, "nll_oracle", 4), more, "nll_oracle.4"),
        (("runs", 3, "nll_test", 9), more, "nll_test.9"),
    ],
)
def test_a_number_altered_in_a_study_is_named(
    path: Path_, change: Callable[[Any], Any], place: str
) -> None:
    values = recorded("strategies.json")
    run = values["runs"][3]["run"]
    found = places(check_study(Study.model_validate(altered(values, path, change))))
    assert f"{run}.{place}" in found
    assert all(name.startswith(run) for name in found)


# -- runs, models, traces --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    store, run_id = trained(folder / "home")
    export_bundle(store, run_id, folder / "run.zip")
    return folder / "run.zip"


def rewritten(bundle: Path, target: Path, name: str, change: Callable[[str], str]) -> Path:
    """The bundle with one of its texts changed."""
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            data = source.read(part)
            archive.writestr(part, change(data.decode()).encode() if part == name else data)
    return target


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("metrics", "nll_oracle"), "run.metrics.nll_oracle"),
        (("best", "nll_oracle"), "run.best.nll_oracle"),
        (("step",), "run.step"),
        (("seconds",), "run.seconds"),
        (("epoch",), "run.epoch"),
    ],
)
def test_a_record_that_is_not_its_events_is_named(
    bundle: Path, tmp_path: Path, path: Path_, place: str
) -> None:
    assert not check_bundle(bundle).differences

    def change(text: str) -> str:
        return json.dumps(altered(json.loads(text), path, lambda x: x + 1))

    changed = rewritten(bundle, tmp_path / "run.zip", "run.json", change)
    assert places(check_bundle(changed)) == {place}


def with_event(kind: str, path: Path_, change: Callable[[Any], Any]) -> Callable[[str], str]:
    """Changes the last event of a kind."""

    def of_lines(text: str) -> str:
        lines = [json.loads(line) for line in text.splitlines()]
        at = max(at for at, line in enumerate(lines) if line["event"] == kind)
        lines[at] = altered(lines[at], path, change)
        return "".join(json.dumps(line) + "\n" for line in lines)

    return of_lines


@pytest.mark.parametrize(
    ("kind", "path", "place"),
    [
        ("Evaluated", ("metrics", "nll_test"), ".metrics.nll_test"),
        ("Evaluated", ("metrics", "d_accuracy"), ".metrics.d_accuracy"),
        ("TemperaturesMeasured", ("points", 2, "nll_test"), ".points.2.nll_test"),
        ("GeneratorUpdated", ("updates",), ".policy_updates"),
        ("DiscriminatorUpdated", ("updates",), ".d_updates"),
    ],
)
def test_an_event_that_its_model_does_not_repeat_is_named(
    bundle: Path, tmp_path: Path, kind: str, path: Path_, place: str
) -> None:
    change = with_event(kind, path, lambda x: x + 1 if path == ("updates",) else x * 0.9)
    found = places(check_bundle(rewritten(bundle, tmp_path / "run.zip", "events.jsonl", change)))
    assert any(name.endswith(place) for name in found), found


def test_a_model_whose_weights_or_metrics_changed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "load", lambda name, punctuation, task: tiny_verse())
    config = build.resolve_config(CONFIG)
    trainer, task = Trainer(config), TextTask("poems", tiny_verse())
    card = ModelCard(
        "tiny", "Tiny verse", "poems", "tiny-verse", "none", task.words, 6, (3, 3), "characters",
        config.model_dump(mode="json"), "a command", 1.0, "here", 2.0, {"bleu_2": 7.0},
    )  # fmt: skip
    path = tmp_path / "tiny.safetensors"
    write_model(path, card, trainer.models.generator, trainer.models.discriminator)
    found = places(check_model(path))
    assert "metrics.bleu_2" in found
    assert "digest" not in found
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    next(iter(tensors.values())).view(-1)[0] += 1
    save_file(tensors, path, metadata)
    assert "digest" in places(check_model(path))


def test_a_variable_altered_in_a_trace_is_named(tmp_path: Path) -> None:
    values = json.loads((ASSETS / "traces/no_d_steps.json").read_text(encoding="utf-8"))
    path = tmp_path / "trace.json"
    at = next(at for at, s in enumerate(values["steps"]) if "theta_moved" in s["variables"])
    path.write_text(
        json.dumps(altered(values, ("steps", at, "variables", "theta_moved"), lambda x: x + 0.01))
    )
    assert places(check_trace(path)) == {f"trace.{at}.variables.theta_moved"}


# -- the command -----------------------------------------------------------------------------------


def test_the_command_names_what_differs_and_ends_with_1(tmp_path: Path) -> None:
    values = altered(recorded("essen.json"), ("rows", 0, "summary", "mse", "mean"), more)
    wrong, good = tmp_path / "wrong.json", ASSETS / "comparison/essen.json"
    wrong.write_text(json.dumps(values))
    result = in_this_process("verify", good, wrong)
    assert result.status == 1
    assert f"{good} (comparison): " in result.out
    assert "values compared, 0 differ. Commit: " in result.out
    assert "rows.mle.mse.mean is " in result.out
    lines = in_this_process("verify", good, wrong, "--json").lines
    assert [len(line["differences"]) for line in lines] == [0, 1]
    assert lines[0]["kind"] == "comparison"


def test_a_damaged_file_is_named_and_another_one_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK")
    result = in_this_process("verify", tmp_path / "bad.zip")
    assert (result.status, "cannot be used" in result.out) == (1, True)
    (tmp_path / "plan.json").write_text("[1]")
    for name in ("plan.json", "none.zip", "none.json"):
        result = in_this_process("verify", tmp_path / name)
        assert (result.status, result.out) == (2, ""), name


# -- what screens compute of a file ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["strategies", "one_at_a_time"])
def test_changes_since_mle_are_those_of_the_evaluations(name: str) -> None:
    study = Study.model_validate(recorded(f"{name}.json"))
    settings = [s for s in study.settings(preset(study.preset)) if s.runs]
    assert len(settings) >= 15
    for setting in settings:
        result = outcome(setting)
        assert result is not None
        for shown, metric in ((result.oracle, "nll_oracle"), (result.test, "nll_test")):
            ends = []
            for run in setting.runs:
                column = np.array(getattr(run, metric))
                start = np.flatnonzero(np.array(run.epoch) == run.switch)[-1]
                after = column[start + 1 :]
                ends.append(after[np.isfinite(after)][-LAST:].mean() - column[start])
            assert shown.mean == pytest.approx(np.mean(ends), abs=1e-12), setting.key


def test_distances_from_the_curve_are_those_of_its_points() -> None:
    values = recorded("lesson-updates.json")
    report = Report.model_validate(values)
    gaps = {gap.strategy: gap for gap in distances(report, "nll_oracle", "nll_test")}
    curves = {
        sweep["seed"]: np.array([[p["nll_oracle"], p["nll_test"]] for p in sweep["points"]])
        for sweep in values["frontier"]["mle"]
    }
    row = next(row for row in values["rows"] if row["strategy"] == "seqgan")
    by_hand = {}
    for result in row["results"]:
        x, y = result["values"]["nll_oracle"], result["values"]["nll_test"]
        curve = curves[result["seed"]][np.argsort(curves[result["seed"]][:, 0])]
        lowest = min([np.interp(x, *curve.T), *curve[curve[:, 0] <= x, 1]])
        by_hand[result["seed"]] = y - lowest
    assert gaps["seqgan"].seeds == pytest.approx(by_hand, abs=1e-12)
    summary, numbers = gaps["seqgan"].summary, list(by_hand.values())
    low, high = scipy.stats.ttest_1samp(numbers, 0).confidence_interval()
    assert summary is not None
    assert (summary.mean, summary.low, summary.high) == pytest.approx((np.mean(numbers), low, high))
