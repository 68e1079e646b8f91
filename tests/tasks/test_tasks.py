"""The oracle task, its file format, and the checker of the Task protocol."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.tasks.oracle_file import ARRAYS, OracleFileError, load_oracle
from seqgan_core.tasks.synthetic import SyntheticTask
from seqgan_core.training.build import make_oracle, make_task
from seqgan_core.training.config import ConfigError, make_config
from tests.support.paths import ROOT
from tests.tasks.check_task import check_task

CONFIG = make_config(
    vocab_size=30, sequence_length=5, n_train=400, n_test=100, d_widths=(1, 2), d_filters=(4, 4),
    device="cpu",
)  # fmt: skip
V, E, H = 30, 32, 32


def arrays() -> dict[str, np.ndarray]:
    """The drawn oracle in the authors' layout."""
    oracle = make_oracle(CONFIG)
    out = {"embeddings": oracle.embedding, "Wo": oracle.w_output, "bo": oracle.b_output}
    for index, gate in enumerate(("i", "f", "og", "c")):
        part = slice(index * H, (index + 1) * H)
        out[f"W{gate}"] = oracle.w_input[:, part]
        out[f"U{gate}"] = oracle.w_hidden[:, part]
        out[f"b{gate}"] = oracle.b_gates[part]
    return {name: tensor.detach().numpy() for name, tensor in out.items()}


def test_the_task_keeps_its_protocol() -> None:
    task = make_task(CONFIG)
    check_task(task)
    assert task.train_data().shape == (400, 5)
    assert task.test_data().shape == (100, 5)


def test_the_checker_finds_what_is_wrong() -> None:
    task = make_task(CONFIG)
    assert isinstance(task, SyntheticTask)
    task._train = task._train.clone()
    task._train[3, 2] = 30
    with pytest.raises(ValueError, match="holds tokens 0 to 30; they must be 0 to 29"):
        check_task(task)
    task._train = task._train[:, :4]
    with pytest.raises(ValueError, match=r"must be int64 of shape \(n, 5\)"):
        check_task(task)


def test_the_oracles_own_samples_score_its_entropy() -> None:
    """NLL_oracle of the oracle's samples is an estimate of its conditional entropy along them."""
    task = make_task(CONFIG)
    assert isinstance(task, SyntheticTask)
    samples = task.oracle.sample(4000, 5, torch.Generator().manual_seed(3))
    log_p = task.oracle.logits(samples).log_softmax(-1)
    entropy = -(log_p.exp() * log_p).sum(-1).mean()
    metrics = task.metrics(task.oracle, samples, torch.Generator())
    assert metrics["nll_oracle"] == pytest.approx(float(entropy), abs=0.05)
    assert metrics["nll_oracle_se"] == pytest.approx(0.012, abs=0.01)


def test_a_file_gives_the_oracle_it_was_written_from(tmp_path: Path) -> None:
    np.savez(tmp_path / "oracle.npz", **arrays())
    loaded = load_oracle(tmp_path / "oracle.npz")
    tokens = make_task(CONFIG).test_data()
    assert torch.equal(sequence_nll(loaded, tokens), sequence_nll(make_oracle(CONFIG), tokens))


def test_a_file_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "oracle.npz", **arrays())
    config = make_config(CONFIG, oracle_path=str(tmp_path / "oracle.npz"), vocab_size=31)
    with pytest.raises(OracleFileError, match="set vocab_size=30"):
        make_task(config)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_or_odd_array_is_named(tmp_path: Path, name: str) -> None:
    lacking = {key: value for key, value in arrays().items() if key != name}
    np.savez(tmp_path / "lacking.npz", **lacking)
    with pytest.raises(OracleFileError, match=f"lacks {name}"):
        load_oracle(tmp_path / "lacking.npz")
    np.savez(tmp_path / "odd.npz", **lacking, **{name: np.zeros((2, 2, 2))})
    with pytest.raises(OracleFileError, match=rf"{name} in .* shape \(2, 2, 2\)"):
        load_oracle(tmp_path / "odd.npz")


def test_files_that_are_no_oracle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OracleFileError, match="does not exist"):
        load_oracle(tmp_path / "nowhere.npz")
    (tmp_path / "text.npz").write_text("not an archive")
    with pytest.raises(OracleFileError, match="cannot be read as an"):
        load_oracle(tmp_path / "text.npz")
    np.save(tmp_path / "bare.npy", np.zeros(3))
    with pytest.raises(OracleFileError, match="is a single array"):
        load_oracle(tmp_path / "bare.npy")
    np.savez(tmp_path / "nan.npz", **(arrays() | {"bo": np.full(V, np.nan)}))
    with pytest.raises(OracleFileError, match="finite numbers"):
        load_oracle(tmp_path / "nan.npz")


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (tmp_path / "sprung",))  # type: ignore[return-value]

    objects = np.array([Trap()], dtype=object)
    np.savez(tmp_path / "trap.npz", **(arrays() | {"bo": objects}))
    with pytest.raises(OracleFileError, match="without pickled objects"):
        load_oracle(tmp_path / "trap.npz")
    assert not (tmp_path / "sprung").exists()


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(ConfigError, match="task is 'stocks'; it must be one of synthetic"):
        make_task(CONFIG.model_copy(update={"task": "stocks"}))


def python_2_pickle(arrays: list[np.ndarray]) -> bytes:
    """A list of float32 arrays as Python 2 pickled it: their bytes are a str."""
    parts = [b"(l"]
    for array in arrays:
        shape = b"".join(b"I%d\n" % size for size in array.shape)
        data = array.astype("<f4").tobytes()
        parts += [
            b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(", shape,
            b"tcnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\n",
            b"T", len(data).to_bytes(4, "little"), data, b"tba",
        ]  # fmt: skip
    return b"".join([*parts, b"."])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_readme_turns_the_authors_pickle_into_an_oracle_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(import pickle.*?)```", text, re.DOTALL)
    drawn = arrays()
    data = python_2_pickle([drawn[name] for name in ARRAYS])
    (tmp_path / "target_params.pkl").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    exec(snippet, {})  # noqa: S102
    oracle = load_oracle(tmp_path / "target_params.npz")
    for name, tensor in make_oracle(CONFIG).state_dict().items():
        assert torch.equal(oracle.state_dict()[name], tensor), name
