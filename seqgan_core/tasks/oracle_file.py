"""Reading an oracle from an .npz in the layout of the authors' parameters.

Row vectors, x@W + h@U + b for each gate; gates i, f, o ("og") and the candidate c.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch

from seqgan_core.paper.generator import Generator
from seqgan_core.tasks.protocol import DataError

ARRAYS = ("embeddings", "Wi", "Ui", "bi", "Wf", "Uf", "bf", "Wog", "Uog", "bog",
          "Wc", "Uc", "bc", "Wo", "bo")  # fmt: skip


class OracleFileError(DataError):
    """The oracle file cannot be used; the message says why and what it must contain."""


def load_oracle(path: str | Path) -> Generator:
    """The oracle stored in `path` (an .npz, read without pickle), on the CPU.

    Raises:
        OracleFileError: missing, not an .npz, or its arrays have the wrong names, types or shapes.
    """
    arrays = _read(Path(path))
    V, E = _matrix(arrays, "embeddings", None, None, path)
    _, H = _matrix(arrays, "Wi", E, None, path)
    for gate in ("i", "f", "og", "c"):
        _matrix(arrays, f"W{gate}", E, H, path)
        _matrix(arrays, f"U{gate}", H, H, path)
        _vector(arrays, f"b{gate}", H, path)
    _matrix(arrays, "Wo", H, V, path)
    _vector(arrays, "bo", V, path)

    oracle = Generator(V, E, H)
    gates = ("i", "f", "og", "c")
    parts = {
        "embedding": arrays["embeddings"],
        "w_input": np.concatenate([arrays[f"W{g}"] for g in gates], axis=1),
        "w_hidden": np.concatenate([arrays[f"U{g}"] for g in gates], axis=1),
        "b_gates": np.concatenate([arrays[f"b{g}"] for g in gates]),
        "w_output": arrays["Wo"],
        "b_output": arrays["bo"],
    }
    oracle.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in parts.items()})
    return oracle.requires_grad_(False)


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise OracleFileError("oracle.missing", path=path)
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise OracleFileError("oracle.one-array", path=path, names=", ".join(ARRAYS))
        with archive:
            missing = [name for name in ARRAYS if name not in archive.files]
            if missing:
                raise OracleFileError(
                    "oracle.arrays", path=path, missing=", ".join(missing), names=", ".join(ARRAYS)
                )
            return {name: archive[name] for name in ARRAYS}
    except OracleFileError:
        raise
    except (
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise OracleFileError("oracle.unreadable", path=path, error=type(error).__name__) from None


def _check(name: str, array: np.ndarray, shape: str, ok: bool, path: str | Path) -> None:
    if not ok or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise OracleFileError(
            "oracle.shape", name=name, path=path, type=array.dtype, given=array.shape, allowed=shape
        )


def _matrix(
    arrays: dict[str, np.ndarray], name: str, rows: int | None, cols: int | None, path: str | Path
) -> tuple[int, int]:
    array = arrays[name]
    ok = array.ndim == 2 and rows in (None, array.shape[0]) and cols in (None, array.shape[1])
    ok = ok and min(array.shape) > 0
    _check(name, array, f"({rows or 'any'}, {cols or 'any'})", ok, path)
    return array.shape[0], array.shape[1]


def _vector(arrays: dict[str, np.ndarray], name: str, size: int, path: str | Path) -> None:
    _check(name, arrays[name], f"({size},)", arrays[name].shape == (size,), path)
