"""`runs`, `show`, `metrics`, `export` and `import`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import torch

from tests.support.commands import Say, V, run_id_in


def test_runs_lists_objects_with_their_run(look: Say) -> None:
    (found,) = look("runs", "--json").json
    assert {"run", "status", "preset", "strategy", "seed", "metrics", "seconds"} <= set(found)
    assert found["run"] in look("runs").out


def test_no_runs_is_an_empty_list_and_an_invitation(say: Say) -> None:
    assert say("runs", "--json").json == []
    said = say("runs")
    assert (said.status, said.out) == (0, "")
    assert "train" in said.err


def test_show_tells_settings_and_checkpoints(look: Say) -> None:
    found = look("show", run_id_in(look), "--json").json
    assert found["config"]["vocab_size"] == V
    assert [c["epoch"] for c in found["checkpoints"]][-1] == 5.0
    assert found["versions"]["torch"] == torch.__version__
    text = look("show", run_id_in(look)).out
    assert "vocab_size" in text
    assert "finished" in text


def test_a_run_is_found_by_the_beginning_of_its_id(look: Say) -> None:
    run = run_id_in(look)
    assert look("show", run[:-2], "--json").json["run"] == run


def test_metrics_as_csv_and_json_agree(look: Say) -> None:
    run = run_id_in(look)
    table = list(csv.DictReader(io.StringIO(look("metrics", run, "--format", "csv").out)))
    rows = look("metrics", run, "--format", "json").json
    assert rows == look("metrics", run, "--json").json
    assert len(table) == len(rows) == 7
    assert [float(row["nll_oracle"]) for row in table] == [row["nll_oracle"] for row in rows]
    assert rows[0]["d_accuracy"] is None  # before there is a trained D
    assert 0 <= rows[-1]["d_accuracy"] <= 1


def test_a_bundle_goes_out_and_comes_in_once(look: Say, say: Say, tmp_path: Path) -> None:
    run = run_id_in(look)
    file = tmp_path / "run.zip"
    assert look("export", run, str(file)).status == 0
    assert say("import", str(file), "--json").json == {"run": run}
    assert say("import", str(file), "--json").json == {"run": run}
    assert [found["run"] for found in say("runs", "--json").json] == [run]
    assert say("sample", run, "-n", "3").out == look("sample", run, "-n", "3").out
