"""Reading an oracle from an .npz in the layout of the authors' parameters.

Row vectors, x@W + h@U + b for each gate; gates i, f, o ("og") and the candidate c.
"""

from pathlib import Path

import numpy as np
import torch

from seqgan_core.paper.generator import Generator
from seqgan_core.tasks.file_kinds import ARCHIVE_ERRORS
from seqgan_core.tasks.protocol import DataError

ARRAYS = {"embeddings": "VE", "Wi": "EH", "Ui": "HH", "bi": "H", "Wf": "EH", "Uf": "HH", "bf": "H",
          "Wog": "EH", "Uog": "HH", "bog": "H", "Wc": "EH", "Uc": "HH", "bc": "H",
          "Wo": "HV", "bo": "V"}  # fmt: skip
"""The arrays of a file and their shapes; V, E and H are any numbers."""


class OracleFileError(DataError):
    """The oracle file cannot be used; the message says why and what it must contain."""


def load_oracle(path: str | Path) -> Generator:
    """The oracle stored in `path` (an .npz, read without pickle), on the CPU.

    Raises:
        OracleFileError: missing, not an .npz, or its arrays have the wrong names, types or shapes.
    """
    arrays = _read(Path(path))
    sizes: dict[str, int] = {}  # of V, E and H, by the first array that has them
    for name, letters in ARRAYS.items():
        array = arrays[name]
        known = [sizes.get(letter) for letter in letters]
        fits = array.ndim == len(known) and array.size > 0
        fits = fits and all(a in (None, b) for a, b in zip(known, array.shape, strict=True))
        if not fits or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            allowed = str(tuple(size or "any" for size in known)).replace("'", "")
            raise OracleFileError(
                "oracle.shape",
                name=name, path=path, type=array.dtype, given=array.shape, allowed=allowed,
            )  # fmt: skip
        sizes |= zip(letters, array.shape, strict=True)
    oracle = Generator(sizes["V"], sizes["E"], sizes["H"])
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
    except ARCHIVE_ERRORS as error:
        raise OracleFileError("oracle.unreadable", path=path, error=type(error).__name__) from None
