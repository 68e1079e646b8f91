"""No name or text of any file steers a terminal: every command, in a library full of them."""

import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from rich.progress import BarColumn

from seqgan_core.cli.app import app
from seqgan_core.cli.common import many_runs
from seqgan_core.cli.common.output import write_json, write_table
from seqgan_core.cli.common.progress import stderr_progress
from seqgan_core.training.setup import model_files
from tests.support.commands import TINY, T, assignments, in_this_process, write_oracle
from tests.support.hostile import HOSTILE, MARKUP, SHOWN, Place, effects, flat
from tests.support.inline_engine import InlineEngine

# With these a command ends within a second.
TRAINED = assignments(rounds=1, pretrain_epochs=1)
SHORT = {
    "train": TRAINED,
    "compare": ["--seeds", "1", "--strategies", "mle", "--reference", "mle",
                "--preset", "glance", "--samples", "100", *TRAINED],
    "reproduce": ["--seeds", "1", *TRAINED, "--set", "d_batch_size=16"],
    "bench": ["--no-textbook", "--repeats", "1", *TRAINED],
    "models publish": ["--title", HOSTILE, "--command", HOSTILE, "--folder", "published"],
}  # fmt: skip
PLAN = {
    "name": json.dumps(HOSTILE.replace("\U000e0041", "")),
    "preset": '"glance"',
    "grid.strategy": '["mle"]',
    "grid.seed": "[1, 2]",
} | {f"set.{name}": json.dumps(value) for name, value in (TINY | {"d_samples": 64}).items()}
# What else a command can show: its own options with values that it accepts.
MORE = {
    "train": [["--name", HOSTILE]],
    "sample": [["--model", "poems-seqgan"], ["--model", "speech-mle", "--format", "json"]],
    "compare": [["--markdown"]],
    "reproduce": [["--markdown"]],
    "corpus add": [["--title", HOSTILE]],
}


def given(place: Place, command: str, parameter: str) -> list[str]:
    """What a command is given for something that it requires: each of these in turn."""
    names = place.names
    if command == "models publish":
        return {"run": [names["text run"]], "name": ["evil"]}.get(parameter, [HOSTILE])
    if command == "verify":
        return [str(place.folder / "comparisons" / "evil.json"), str(place.file("bundle.zip"))]
    return {
        "run": ["evil-aaaaaa", names["run"], names["text run"]],
        "name": ["poems-mle"] if command == "models show" else [names["text"], names["tunes"]],
        "files": [str(place.file(end)) for end in ("mid", "musicxml", "zip", "txt")],
        "file": [str(place.file("out.zip" if command == "export" else "bundle.zip"))],
        "spec": [str(place.file("toml"))],
        "target": ["figure2"],
        "oracle": [str(place.file("npz"))],
        "tokens": [str(place.file("npy"))],
    }[parameter]


@pytest.fixture
def place(hostile_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = hostile_place.copy(tmp_path / "made")
    plan = "\n".join(f"{name} = {value}" for name, value in PLAN.items())
    place.file("toml").write_text(plan)
    write_oracle(place.file("npz"))
    np.save(place.file("npy"), np.zeros((2, T), np.int64))
    monkeypatch.setenv("SEQGAN_HOME", str(place.home))
    monkeypatch.setattr(model_files, "FOLDER", place.folder / "models")
    monkeypatch.setattr(many_runs, "LocalEngine", InlineEngine)
    monkeypatch.chdir(tmp_path)  # an option may be a file to write
    model_files.load_shipped.cache_clear()
    yield place
    model_files.load_shipped.cache_clear()


def leaves(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(leaves(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_prints_what_a_text_hides(name: str, place: Place) -> None:
    required, optional, modes = [], [], [[]]
    for parameter in COMMANDS[name].params:
        if parameter.required:
            required.append(parameter)
        elif parameter.name == "as_json":
            modes.append(["--json"])
        elif not getattr(parameter, "is_flag", False):
            optional.append(parameter)
    values = [[word(p, value) for value in given(place, name, p.name)] for p in required]
    usual = [[*itertools.chain(*each), *SHORT.get(name, [])] for each in itertools.product(*values)]
    lines = [[*line, *more] for line in usual for more in [[], *MORE.get(name, [])]]
    wrong = [[*usual[0], *word(parameter, HOSTILE)] for parameter in optional]
    wrong += [[*itertools.chain(*(word(p, HOSTILE) for p in required)), *SHORT.get(name, [])]]
    ended = set()
    for line, mode in [*itertools.product(lines, modes), *((line, []) for line in wrong)]:
        result = in_this_process(*name.split(), *line, *mode)
        assert not effects(result.out + result.err), (line, result)
        assert "SEQGAN_DEBUG" not in result.err, (line, result)  # it failed
        ended.add(result.status)
        if mode and result.out:
            for text in [result.out] if name in INDENTED else result.out.splitlines():
                json.loads(text)
    assert ended & {0, 1}  # else this test sees nothing


INDENTED = ("show", "corpus show", "corpus add")  # one value of JSON over several lines


def word(parameter: Any, value: str) -> list[str]:
    """A value as it is given: alone, or after its option."""
    return [value] if parameter.param_type_name == "argument" else [parameter.opts[0], value]


def test_names_arrive_as_text_and_in_json_as_they_are(place: Place) -> None:
    shown = in_this_process("show", "evil-aaaaaa").out
    assert SHOWN in "".join(line.strip("│┃ \t") for line in shown.splitlines())
    values = set(flat(json.loads(in_this_process("show", "evil-aaaaaa", "--json").out)))
    assert HOSTILE in values
    added = in_this_process("corpus", "add", place.file("mid"), "--title", "[red]x[/red]").out
    assert MARKUP in added
    assert "[red]x[/red]" in added


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_tables_and_bars_on_a_terminal_show_names_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    out, err = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    write_table(HOSTILE, (HOSTILE, ":smile:"), [(HOSTILE, "[bold]{x}")])
    with stderr_progress(BarColumn()) as bar:
        bar.add_task(f"{HOSTILE}{{task.id}}:smile:", total=None)
    for text, names in ((out.getvalue(), 3), (err.getvalue(), 1)):
        assert text.count(SHOWN) >= names
        assert ":smile:" in text
        assert not {"\x9b", "\u202e", "\x07", "\u2028"} & set(text)
    assert "[bold]{x}" in out.getvalue()
    assert "{task.id}" in err.getvalue()


def test_json_keeps_what_text_hides(capsys: pytest.CaptureFixture[str]) -> None:
    value = {HOSTILE: ["主旋律", "\ud800", float("nan")]}
    write_json(value)
    out = capsys.readouterr().out
    assert not effects(out)
    assert "主旋律" in out
    assert json.loads(out) == {HOSTILE: ["主旋律", "\ud800", None]}
