"""The library of runs: what goes in comes out, and trouble costs a sentence and no data."""

import errno
import math
import os
import pickle
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
import torch

from seqgan_core.runs.branching import branch_config, fork, mark_orphans
from seqgan_core.runs.bundle import export_bundle
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.home import default_home
from seqgan_core.training.config import ConfigError, make_config
from seqgan_core.training.events import (
    CheckpointDue,
    DiscriminatorUpdated,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
    TemperaturePoint,
    TemperaturesMeasured,
)
from seqgan_core.training.setup.presets import PRESETS
from tests.support.fake_trainer import TINY
from tests.support.files.small_disk import fill, small_disk
from tests.support.paths import ROOT

ONE_OF_EACH: list[Event] = [
    PhaseStarted(0, 0.0, 2, "pretrain_generator", 4),
    GeneratorUpdated(1, 0.5, 2, "pretrain_generator", 20, 3.25, math.inf),
    DiscriminatorUpdated(2, 1.0, 16, "adversarial", 0, None, None, True),
    GeneratorUpdated(3, 1.5, 12, "adversarial", 1, math.nan, 0.5, 0.25, 0.125, 3.0),
    Evaluated(4, 2.0, 18, "adversarial", {"nll_oracle": 9.5, "nll_test": 8.0}, [[1, 2], [3, 0]]),
    CheckpointDue(4, 2.0, 18),
    Evaluated(5, 3.0, 18, "adversarial", {"nll_oracle": math.nan, "bleu": 0.5}, [[0, 0]]),
    TemperaturesMeasured(
        5, 3.0, 2, 64, [TemperaturePoint(0.9, 8.5, math.inf), TemperaturePoint(1.0, 8.0)]
    ),
    Finished(5, 3.0, 19, "diverged", "NLL_oracle became NaN"),
]
STATE = {
    "weights": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7,
    "moments": torch.tensor([1e-30, -0.0, math.inf], dtype=torch.float64),
    "empty": torch.zeros(0, 4),
    "count": torch.tensor(3),
    "half": torch.tensor([1.5], dtype=torch.bfloat16),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def saved_run(store: Store, *steps: int) -> str:
    """A run with an evaluation and a checkpoint at each step, a second apart."""
    run_id = store.create_run(TINY, preset="glance")
    for step in steps:
        metrics = {"nll_oracle": 10.0 - step, "nll_test": 5.0}
        store.append(
            run_id, [Evaluated(step, float(step), 2, "adversarial", metrics, [])], float(step)
        )
        store.save_checkpoint(run_id, step, {"w": torch.full((4,), float(step))}, {"step": step})
    return run_id


def damage(store: Store, run_id: str, step: int) -> None:
    path = store.checkpoint_folder(run_id) / f"{step:09d}.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1  # one bit of a weight
    path.write_bytes(data)


# -- runs ------------------------------------------------------------------------------------------


def test_a_new_run_is_as_it_was_given(store: Store) -> None:
    run_id = store.create_run(TINY, preset="glance", name="  my\nrun ")
    record = store.run(run_id)
    assert run_id.startswith("seqgan-")
    assert record == store.runs()[0]
    assert (record.config, record.preset, record.name) == (TINY, "glance", "my run")
    assert (record.status, record.seconds, record.step, record.metrics) == ("queued", 0, 0, {})
    assert record.created.utcoffset() is not None


def test_runs_are_listed_newest_first(store: Store) -> None:
    ids = [store.create_run(TINY) for _ in range(3)]
    assert [record.id for record in store.runs()] == ids[::-1]


def test_an_id_may_be_shortened_while_it_is_clear(store: Store) -> None:
    ids = {store.create_run(TINY) for _ in range(40)}
    run_id = next(iter(ids))
    shortest = next(n for n in range(1, 99) if sum(i.startswith(run_id[:n]) for i in ids) == 1)
    assert store.run(run_id[:shortest]).id == run_id
    with pytest.raises(StoreError, match="more than one id"):
        store.run("seqgan")
    for missing in ("", "nothing", run_id + "x", "seqgan%"):
        with pytest.raises(StoreError, match=r"there is no run '.*'"):
            store.run(missing)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.append("x-000000", ONE_OF_EACH, 0.0),
        lambda s: s.events("x-000000"),
        lambda s: s.frame("x-000000", "Evaluated"),
        lambda s: s.set_status("x-000000", "failed"),
        lambda s: s.checkpoints("x-000000"),
        lambda s: s.checkpoint("x-000000"),
        lambda s: s.save_checkpoint("x-000000", 1, STATE, {}),
        lambda s: s.delete("x-000000"),
        lambda s: s.purge("x-000000"),
        lambda s: export_bundle(s, "x-000000", "x.zip"),
    ],
)
def test_a_missing_run_is_one_sentence(store: Store, act) -> None:
    with pytest.raises(StoreError, match="there is no run 'x-000000'"):
        act(store)
    assert not list((store.home / "checkpoints").iterdir())


def test_rename_star_delete_undelete(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.rename(run_id, "better")
    store.star(run_id, True)
    store.delete(run_id)
    assert store.runs() == []
    record = store.runs(include_deleted=True)[0]
    assert (record.name, record.starred, record.deleted) == ("better", True, True)
    store.undelete(run_id)
    store.star(run_id, False)
    assert not store.runs()[0].starred
    with pytest.raises(StoreError, match="name is empty"):
        store.rename(run_id, "  ")
    with pytest.raises(StoreError, match="it must be one of queued, running"):
        store.set_status(run_id, "resting")  # type: ignore[arg-type]


def test_purge_takes_everything_and_only_that(store: Store) -> None:
    run_id, other_id = saved_run(store, 1, 2), saved_run(store, 1)
    store.append(run_id, ONE_OF_EACH * 500, 1.0)
    before = store.disk_used()
    store.purge(run_id)
    assert [record.id for record in store.runs(include_deleted=True)] == [other_id]
    assert not store.checkpoint_folder(run_id).exists()
    assert store.last_seq(run_id) == -1
    assert store.checkpoint(other_id).step == 1
    assert store.disk_used() < before


def test_home_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "here"))
    assert default_home() == tmp_path / "here"
    assert Store().home == tmp_path / "here"
    monkeypatch.delenv("SEQGAN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_home().name == "seqgan-lab"


# -- events ----------------------------------------------------------------------------------------


def test_events_come_back_as_they_went_in(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH[:3], 1.5)
    store.append(run_id, ONE_OF_EACH[3:], [2.0, 2.5, 3.0, 3.5, 3.75, 4.0])
    store.append(run_id, [], 9.0)
    stored = store.events(run_id)
    assert [seq for seq, _, _ in stored] == list(range(9))
    assert [seconds for _, seconds, _ in stored] == [1.5, 1.5, 1.5, 2.0, 2.5, 3.0, 3.5, 3.75, 4.0]
    assert repr([event for _, _, event in stored]) == repr(ONE_OF_EACH)  # repr: NaN is not itself
    assert [seq for seq, _, _ in store.events(run_id, after=5)] == [6, 7, 8]
    assert store.last_seq(run_id) == 8


def test_events_are_strict_json_on_disk(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH, 1.0)
    connection = sqlite3.connect(store.home / "runs.db")
    assert connection.execute("SELECT min(json_valid(body)) FROM events").fetchone() == (1,)


def test_the_row_has_the_last_and_the_best(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH, 6.0)
    record = store.run(run_id)
    assert (record.step, record.epoch, record.seconds) == (5, 3.0, 6.0)
    assert record.best == {"nll_oracle": 9.5, "epoch": 2.0, "step": 4}
    assert math.isnan(record.metrics["nll_oracle"])
    assert record.metrics["bleu"] == 0.5


def test_frames_have_a_column_for_each_field(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH, 1.0)
    first = ["seq", "seconds", "step", "epoch", "line"]
    evaluated = store.frame(run_id, "Evaluated")
    metrics = ["nll_oracle", "nll_test", "bleu"]
    assert list(evaluated) == [*first, "phase", "followed", *metrics]
    assert evaluated["seq"].tolist() == [4, 6]
    assert evaluated["nll_test"].fillna(-1).tolist() == [8.0, -1.0]
    assert evaluated["followed"].tolist() == [[[1, 2], [3, 0]], [[0, 0]]]
    updated = store.frame(run_id, "GeneratorUpdated")
    assert updated["mean_q"].fillna(-1).tolist() == [-1.0, 0.25]
    assert updated["grad_norm"].tolist() == [math.inf, 0.5]
    assert updated["updates"].dtype == "int64"
    assert store.frame(run_id, "DiscriminatorUpdated")["skipped"].tolist() == [True]
    assert store.frame(run_id, "PhaseStarted")["total"].tolist() == [4]
    measured = store.frame(run_id, "TemperaturesMeasured")
    assert (measured["n"].dtype, measured["n"].tolist()) == ("int64", [64])
    (points,) = measured["points"]
    assert [list(point.values()) for point in points] == [[0.9, 8.5, math.inf], [1.0, 8.0, None]]


def test_empty_frames_have_their_columns(store: Store) -> None:
    run_id = store.create_run(TINY)
    for kind in ("Evaluated", "GeneratorUpdated", "DiscriminatorUpdated", "PhaseStarted"):
        frame = store.frame(run_id, kind)
        assert len(frame) == 0
        assert {"seq", "seconds", "step", "epoch", "line", "phase"} <= set(frame)
    with pytest.raises(ValueError, match="kind is 'Loss'; it must be one of"):
        store.frame(run_id, "Loss")


def test_a_frame_grows_and_belongs_to_its_caller(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH[:5], 1.0)
    frame = store.frame(run_id, "Evaluated")
    frame["nll_oracle"] = 0.0
    store.append(run_id, ONE_OF_EACH[5:], 2.0)
    again = store.frame(run_id, "Evaluated")
    assert again["nll_oracle"].fillna(-1).tolist() == [9.5, -1.0]
    fresh = Store(store.home).frame(run_id, "Evaluated")
    assert again.equals(fresh)
    assert (again.dtypes == fresh.dtypes).all()


def test_a_frame_forgets_what_was_rewound(store: Store) -> None:
    run_id = saved_run(store, 1, 2, 3)
    assert store.frame(run_id, "Evaluated")["nll_oracle"].tolist() == [9.0, 8.0, 7.0]
    store.rewind(run_id, store.checkpoint(run_id, 1))
    event = Evaluated(2, 2.0, 2, "adversarial", {"nll_oracle": 8.5}, [])
    store.append(run_id, [event, event], 2.0)
    assert store.frame(run_id, "Evaluated")["nll_oracle"].tolist() == [9.0, 8.5, 8.5]
    record = store.run(run_id)
    assert record.best == {"nll_oracle": 8.5, "epoch": 2.0, "step": 2}
    assert [c.step for c in store.checkpoints(run_id)] == [1]
    assert len(list(store.checkpoint_folder(run_id).iterdir())) == 1


# -- checkpoints -----------------------------------------------------------------------------------


def test_a_checkpoint_comes_back_bit_for_bit(store: Store) -> None:
    run_id = store.create_run(TINY)
    store.append(run_id, ONE_OF_EACH[:2], 2.5)
    counters = {"step": 7, "best": math.inf, "rate": 0.1}
    store.save_checkpoint(run_id, 7, STATE, counters)
    loaded = store.checkpoint(run_id)
    assert (loaded.step, loaded.counters) == (7, counters)
    assert set(loaded.tensors) == set(STATE)
    for name, tensor in STATE.items():
        assert loaded.tensors[name].dtype == tensor.dtype
        assert loaded.tensors[name].shape == tensor.shape
        bits, kept_bits = (t.reshape(-1).view(torch.uint8) for t in (tensor, loaded.tensors[name]))
        assert torch.equal(bits, kept_bits)
    whole = store.checkpoint(run_id, 7)
    assert (whole.seq, whole.seconds, whole.epoch, whole.problem) == (1, 2.5, 0.5, "")
    (listed,) = store.checkpoints(run_id)
    path = store.checkpoint_folder(run_id) / "000000007.safetensors"
    assert (listed.step, listed.epoch, listed.bytes) == (7, 0.5, path.stat().st_size)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failed_write_leaves_no_piece(
    store: Store, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    run_id = saved_run(store, 1)

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        for step in (1, 2):
            with pytest.raises(StoreError, match="is full; free some space"):
                store.save_checkpoint(run_id, step, STATE, {})
    names = [path.name for path in store.checkpoint_folder(run_id).iterdir()]
    assert names == ["000000001.safetensors"]
    assert [c.step for c in store.checkpoints(run_id)] == [1]
    assert store.checkpoint(run_id).counters == {"step": 1}


def test_a_damaged_checkpoint_gives_way_to_the_one_before(store: Store) -> None:
    run_id = saved_run(store, 1, 2, 3)
    damage(store, run_id, 3)
    whole = store.checkpoint(run_id)
    assert whole.step == 2
    assert whole.problem.startswith("checkpoint 000000003.safetensors is damaged")
    assert store.checkpoint(run_id).step == 2
    with pytest.raises(
        StoreError, match=r"000000003.* is damaged .* has checkpoints at the steps 1, 2"
    ):
        store.checkpoint(run_id, 3)
    (store.checkpoint_folder(run_id) / "000000002.safetensors").unlink()
    assert store.checkpoint(run_id).step == 1
    damage(store, run_id, 1)
    with pytest.raises(StoreError, match="has no usable checkpoint"):
        store.checkpoint(run_id)


def test_a_step_without_checkpoint_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match=r"step is 5; run .* has checkpoints at the steps 1, 2"):
        store.checkpoint(saved_run(store, 1, 2), 5)
    with pytest.raises(StoreError, match="none was saved"):
        store.checkpoint(store.create_run(TINY))


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was opened",)


@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"\xff" * 9, pickle.dumps(Bomb()), b"{}" * 99])
def test_a_file_that_is_no_checkpoint_is_only_damaged(store: Store, data: bytes) -> None:
    run_id = saved_run(store, 1)
    (store.checkpoint_folder(run_id) / "000000001.safetensors").write_bytes(data)
    with pytest.raises(StoreError, match="is damaged"):
        store.checkpoint(run_id, 1)


# -- the library itself ----------------------------------------------------------------------------


def test_a_newer_database_is_refused_and_untouched(tmp_path: Path) -> None:
    saved_run(Store(tmp_path), 1)
    path = tmp_path / "runs.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="version 99, and this program reads"):
        Store(tmp_path)
    assert path.read_bytes() == before


def test_a_strange_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (name)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not a database of this program"):
        Store(tmp_path)
    assert path.read_bytes() == before
    path.write_bytes(b"not a database, though long enough to be one" * 50)
    with pytest.raises(StoreError, match="is damaged"):
        Store(tmp_path)


def test_an_impossible_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        StoreError, match=r"cannot be used .* set --home or SEQGAN_HOME to a folder"
    ):
        Store(tmp_path / "file" / "home")
    with pytest.raises(StoreError, match="cannot be used"):
        Store("/proc/nowhere")


AS_NOBODY = """
import os, sys
from seqgan_core.runs.store import Store, StoreError
os.setgid(65534), os.setuid(65534)
try:
    Store(sys.argv[1])
except StoreError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("part", [".", "runs.db"])
def test_a_home_without_permission_is_refused(part: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to others
        home = Path(folder) / "home"
        Store(home)
        (home / part).chmod(0o555 if part == "." else 0o444)
        if os.geteuid():
            with pytest.raises(StoreError, match="cannot be used"):
                Store(home)
        else:  # root may write anywhere, so ask as somebody else
            Path(folder).chmod(0o755)
            run = subprocess.run(
                [sys.executable, "-c", AS_NOBODY, str(home)],
                cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert run.returncode == 1
            assert "cannot be used (Permission denied); set --home" in run.stderr
            assert "Traceback" not in run.stderr
        (home / part).chmod(0o755)


def test_a_full_database_loses_nothing(store: Store) -> None:
    run_id = saved_run(store, 1)
    before = store.events(run_id)
    with store.database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    long = Evaluated(2, 2.0, 2, "adversarial", {}, [[1] * 1000] * 100)
    with pytest.raises(StoreError, match=r"the disk .* is full; free some space"):
        store.append(run_id, [long] * 5, 2.0)
    assert store.events(run_id) == before
    store.set_status(run_id, "failed", "the disk is full")
    assert store.run(run_id).reason == "the disk is full"


def test_the_reason_of_a_failure_fits_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as home:
        store = Store(home)
        run_id = saved_run(store, 1)
        fill(home)
        with pytest.raises(StoreError, match="is full"):
            store.save_checkpoint(run_id, 2, {"w": torch.zeros(10_000)}, {})
        with pytest.raises(StoreError, match="is full"):
            store.append(run_id, ONE_OF_EACH * 1000, 2.0)
        store.set_status(run_id, "failed", "the disk is full")
        again = Store(home)  # a library on a full disk can still be read
        assert again.run(run_id).status == "failed"
        assert again.checkpoint(run_id).step == 1


WRITE_FROM_ANOTHER_PROGRAM = """
import sys
from seqgan_core.runs.store import Store
from seqgan_core.training.events import CheckpointDue
store = Store(sys.argv[1])
own = store.create_run(store.run(sys.argv[2]).config)
for step in range(25):
    store.append(sys.argv[2], [CheckpointDue(step, 0.0, 2)] * 2, 0.0)
    store.append(own, [CheckpointDue(step, 0.0, 2)], 0.0)
"""


def test_threads_and_programs_write_together(store: Store) -> None:
    run_id = store.create_run(TINY)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_FROM_ANOTHER_PROGRAM, str(store.home), run_id],
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    errors: list[Exception] = []

    def write() -> None:
        try:
            for step in range(25):
                store.append(run_id, [CheckpointDue(step, 0.0, 2)], 0.0)
                store.frame(run_id, "Evaluated")
        except Exception as error:  # noqa: BLE001  # shown below
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [program.wait(120) for program in programs] == [0, 0]
    assert errors == []
    assert [seq for seq, _, _ in store.events(run_id)] == list(range(4 * 25 + 2 * 2 * 25))
    assert len(store.runs()) == 3


def test_many_may_open_a_new_home_at_once(tmp_path: Path) -> None:
    results: list[Store | Exception] = []

    def open_it() -> None:
        try:
            results.append(Store(tmp_path / "new"))
        except Exception as error:  # noqa: BLE001  # shown below
            results.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(store, Store) for store in results)


# -- locks -----------------------------------------------------------------------------------------


def test_a_held_run_is_not_deleted(store: Store) -> None:
    run_id = store.create_run(TINY)
    with store.hold(run_id):
        assert Store(store.home).is_held(run_id)
        for act in (store.delete, store.purge):
            with pytest.raises(StoreError, match="is running or queued; stop it first"):
                act(run_id)
    assert not store.is_held(run_id)
    store.delete(run_id)


def test_a_run_whose_program_died_is_interrupted(store: Store) -> None:
    running, paused, queued, held = (store.create_run(TINY) for _ in range(4))
    store.set_status(running, "running")
    store.set_status(paused, "paused")
    store.set_status(held, "running")

    def status(run_id: str) -> RunRecord:
        return store.run(run_id)

    with store.hold(held):
        assert status(running).status == status(paused).status == "interrupted"
        assert status(running).reason
        assert (status(held).status, status(queued).status) == ("running", "queued")
        assert set(mark_orphans(store)) == {running, paused, queued}
        assert (status(held).status, status(queued).status) == ("running", "interrupted")
        assert mark_orphans(store) == []


# -- branches --------------------------------------------------------------------------------------


def test_a_fork_has_the_past_up_to_its_step(store: Store) -> None:
    parent = saved_run(store, 1, 2, 3)
    child = fork(store, parent, 2, {"g_learning_rate": 0.5}, "slower")
    record = store.run(child)
    assert (record.parent, record.parent_step, record.name) == (parent, 2, "slower")
    assert (record.step, record.seconds, record.metrics["nll_oracle"]) == (2, 2.0, 8.0)
    assert record.config == TINY.model_copy(update={"g_learning_rate": 0.5})
    assert store.events(child) == store.events(parent)[:2]
    assert store.checkpoint(child).tensors["w"].tolist() == [2.0] * 4
    store.purge(parent)
    assert store.checkpoint(child).step == 2


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"vocab_size": 31},
            StoreError,
            "vocab_size is 31, but the checkpoint was trained with 30",
        ),
        ({"d_widths": (1, 2, 4)}, StoreError, "d_widths is"),
        ({"oracle_seed": 5}, StoreError, "oracle_seed is 5"),
        ({"g_hidden_size": 9}, StoreError, "g_hidden_size is 9"),
        ({"rollout_policy": "average"}, StoreError, "rollout_policy is 'average'"),
        ({"n_rollouts": 0}, ConfigError, "n_rollouts is 0"),
        ({"speed": 1}, ConfigError, "speed is not a setting"),
    ],
)
def test_a_fork_refuses_what_does_not_fit(
    store: Store, changes: dict[str, object], error: type[Exception], message: str
) -> None:
    parent = saved_run(store, 1)
    with pytest.raises(error, match=message):
        fork(store, parent, 1, changes)
    assert len(store.runs(include_deleted=True)) == 1


@pytest.mark.parametrize("change", [{"transpose": False}, {"music_form": "keys"}])
def test_a_branch_goes_on_with_the_tunes_it_has_learned(change: dict[str, object]) -> None:
    (name,) = change
    with pytest.raises(StoreError, match=f"{name} is .* which a branch must keep"):
        branch_config(PRESETS["music"], change)


def test_the_end_of_pretraining_is_fixed_once_it_is_past(store: Store) -> None:
    parent = saved_run(store, 2, 5)
    fork(store, parent, 2, {"pretrain_epochs": 3})
    for step, epochs in ((2, 1), (5, 6), (5, 3)):
        with pytest.raises(StoreError, match="pretrain_epochs is"):
            fork(store, parent, step, {"pretrain_epochs": epochs})


def test_a_fork_drops_what_its_method_has_no_place_for(store: Store) -> None:
    parent = store.create_run(TINY)
    names = ["generator.w", "discriminator.w", "adam.mle.w", "adam.critic.w"]
    store.save_checkpoint(parent, 1, {name: torch.ones(1) for name in names}, {})
    child = fork(store, parent, 1, {"strategy": "constant_reward"})
    assert set(store.checkpoint(child).tensors) == {"generator.w", "adam.mle.w"}
    with pytest.raises(StoreError, match="strategy is 'seqgan'"):
        fork(store, child, 1, {"strategy": "seqgan"})


def test_a_branch_has_a_value_network_where_its_method_has_one(store: Store) -> None:
    searched = make_config(TINY, strategy="tree_search", search_negatives=True)
    parent = store.create_run(searched)
    trained = {"value.output.bias": torch.full((1,), 7.0), "adam.value.0.step": torch.tensor(3.0)}
    found = {"searched": torch.ones(searched.g_batch_size * 6, 6, dtype=torch.long)}
    store.save_checkpoint(parent, 1, {"generator.w": torch.ones(1)} | trained | found, {})

    def branch(run_id: str = parent, **changes: object) -> tuple[str, dict[str, torch.Tensor]]:
        child = fork(store, run_id, 1, changes)
        return child, store.checkpoint(child).tensors

    _, same = branch(search_simulations=4)
    assert same["value.output.bias"] == 7
    assert (same["searched"] == 1).all()
    without, plain = branch(strategy="seqgan")
    assert set(plain) == {"generator.w"}
    assert "searched" not in branch(search_negatives=False)[1]
    assert branch(strategy="seqgan", q_normalisation="value")[1]["adam.value.0.step"] == 3
    # what the parent lacks, or has in another number, begins anew
    _, fresh = branch(without, strategy="tree_search", search_negatives=True)
    assert fresh["value.output.bias"].abs() < 1
    assert fresh["adam.value.0.step"] == 0
    assert (fresh["searched"] == -1).all()
    _, more = branch(g_batch_size=32)
    assert (more["searched"] == torch.full((32 * 6, 6), -1)).all()
    with pytest.raises(StoreError, match="v_size is 8"):
        branch(v_size=8)
