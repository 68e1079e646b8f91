"""Files of tokens and oracles that cannot be used: a sentence, and nothing in them is run."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.commands import Command, T, V, refused, run_id_in, write_oracle


class Explosive:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(Path.cwd() / "exploded"),)


def token_files(folder: Path) -> dict[str, Path]:
    arrays = {
        "one row": np.zeros(T, int),
        "three axes": np.zeros((2, T, 1), int),
        "floats": np.zeros((2, T)),
        "truths": np.zeros((2, T), bool),
        "no rows": np.zeros((0, T), int),
        "no columns": np.zeros((2, 0), int),
        "too large": np.full((2, T), V),
        "negative": np.full((2, T), -1),
        "beyond int64": np.full((2, T), 2**63, np.uint64),
    }
    files = {name: folder / f"{name}.npy" for name in arrays}
    for name, array in arrays.items():
        np.save(files[name], array)
    files["pickled"] = folder / "pickled.npy"
    np.save(files["pickled"], np.array([Explosive()], object), allow_pickle=True)
    files["an archive"] = folder / "archive.npy"
    with files["an archive"].open("wb") as file:
        np.savez(file, tokens=np.zeros((2, T), int))
    files["empty"] = folder / "empty.npy"
    files["empty"].write_bytes(b"")
    files["text"] = folder / "text.npy"
    files["text"].write_text("1 2 3 4 5\n", encoding="utf-8")
    files["cut"] = folder / "cut.npy"
    files["cut"].write_bytes(files["too large"].read_bytes()[:-8])
    files["a folder"] = folder / "folder.npy"
    files["a folder"].mkdir()
    files["missing"] = folder / "missing.npy"
    return files


TOKEN_FILES = {
    "one row": "shape (5,)",
    "three axes": "shape (2, 5, 1)",
    "floats": "float64",
    "truths": "bool",
    "no rows": "at least one sequence",
    "no columns": "at least one sequence",
    "too large": "0..19",
    "negative": "0..19",
    "beyond int64": "0..19",
    "pickled": "not a .npy file",
    "an archive": "not a .npy file",
    "empty": "not a .npy file",
    "text": "not a .npy file",
    "cut": "not a .npy file",
    "a folder": "cannot be read",
    "missing": "cannot be read",
}


@pytest.mark.parametrize("name", TOKEN_FILES)
def test_token_files_that_cannot_be_used(
    cli_with_run: Command, cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = token_files(tmp_path)[name]
    oracle = write_oracle(tmp_path / "oracle.npz")
    words = (str(file), TOKEN_FILES[name])
    refused(cli("score", "--oracle", str(oracle), "--tokens", str(file)), *words)
    refused(cli_with_run("q-values", run_id_in(cli_with_run), "--tokens", str(file)), *words)
    assert not (tmp_path / "exploded").exists()


def test_token_files_of_another_length(cli_with_run: Command, tmp_path: Path) -> None:
    np.save(tmp_path / "long.npy", np.zeros((2, T + 1), int))
    result = cli_with_run(
        "q-values", run_id_in(cli_with_run), "--tokens", str(tmp_path / "long.npy")
    )
    refused(result, "6 tokens", "have 5")


@pytest.mark.parametrize("name", ["pickled", "empty", "text", "floats", "missing", "a folder"])
def test_oracle_files_that_cannot_be_used(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = token_files(tmp_path)[name]
    np.save(tmp_path / "good.npy", np.zeros((2, T), int))
    result = cli("score", "--oracle", str(file), "--tokens", str(tmp_path / "good.npy"))
    refused(result, str(file), ".npz")
    assert not (tmp_path / "exploded").exists()
