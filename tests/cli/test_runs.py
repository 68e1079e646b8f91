"""`runs`, `show`, `metrics`, `export` and `import`."""

import csv
import io
from pathlib import Path

import torch

from tests.support.commands import Command, V, run_id_in


def test_runs_lists_objects_with_their_run(cli_with_run: Command) -> None:
    (row,) = cli_with_run("runs", "--json").json
    assert {"run", "status", "preset", "strategy", "seed", "metrics", "seconds"} <= set(row)
    assert row["run"] in cli_with_run("runs").out


def test_no_runs_is_an_empty_list_and_an_invitation(cli: Command) -> None:
    assert cli("runs", "--json").json == []
    result = cli("runs")
    assert (result.status, result.out) == (0, "")
    assert "train" in result.err


def test_show_tells_settings_and_checkpoints(cli_with_run: Command) -> None:
    document = cli_with_run("show", run_id_in(cli_with_run), "--json").json
    assert document["config"]["vocab_size"] == V
    assert [c["epoch"] for c in document["checkpoints"]][-1] == 5.0
    assert document["versions"]["torch"] == torch.__version__
    text = cli_with_run("show", run_id_in(cli_with_run)).out
    assert "vocab_size" in text
    assert "finished" in text


def test_a_run_is_found_by_the_beginning_of_its_id(cli_with_run: Command) -> None:
    run = run_id_in(cli_with_run)
    assert cli_with_run("show", run[:-2], "--json").json["run"] == run


def test_metrics_as_csv_and_json_agree(cli_with_run: Command) -> None:
    run = run_id_in(cli_with_run)
    table = list(csv.DictReader(io.StringIO(cli_with_run("metrics", run, "--format", "csv").out)))
    rows = cli_with_run("metrics", run, "--format", "json").json
    assert rows == cli_with_run("metrics", run, "--json").json
    assert len(table) == len(rows) == 7
    assert [float(row["nll_oracle"]) for row in table] == [row["nll_oracle"] for row in rows]
    assert rows[0]["d_accuracy"] is None  # before there is a trained D
    assert 0 <= rows[-1]["d_accuracy"] <= 1


def test_a_bundle_goes_out_and_comes_in_once(
    cli_with_run: Command, cli: Command, tmp_path: Path
) -> None:
    run = run_id_in(cli_with_run)
    file = tmp_path / "run.zip"
    assert cli_with_run("export", run, str(file)).status == 0
    assert cli("import", str(file), "--json").json == {"run": run}
    assert cli("import", str(file), "--json").json == {"run": run}
    assert [row["run"] for row in cli("runs", "--json").json] == [run]
    assert cli("sample", run, "-n", "3").out == cli_with_run("sample", run, "-n", "3").out
