"""One run as one file: it goes out and comes in whole, and a bad file changes nothing."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan_core.judge.sweeps.remote_worker import pack as pack_for_worker
from seqgan_core.runs import bundle_reader
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.driver import drive
from seqgan_core.runs.storage import checkpoints
from seqgan_core.runs.store import Store, StoreError
from tests.support.fake_trainer import TINY, FakeTrainer

Members = dict[str, bytes]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Store:
    return Store(tmp_path / "elsewhere")


@pytest.fixture
def run_id(store: Store) -> str:
    run_id = store.create_run(TINY.model_copy(update={"rounds": 0}), preset="glance", name="a run")
    drive(store, run_id, make_trainer=FakeTrainer)
    return run_id


@pytest.fixture
def bundle(store: Store, run_id: str, tmp_path: Path) -> Path:
    path = tmp_path / "run.zip"
    export_bundle(store, run_id, path)
    return path


def test_a_bundle_may_keep_some_checkpoints_only(
    store: Store, elsewhere: Store, run_id: str, tmp_path: Path
) -> None:
    steps = [record.step for record in store.checkpoints(run_id)]
    assert len(steps) >= 2
    for count in range(len(steps) + 1):
        path = tmp_path / f"{count}.zip"
        export_bundle(store, run_id, path, steps=steps[:count])
        names = sorted(name for name in members(path) if name.startswith("checkpoints/"))
        assert names == [f"checkpoints/{step:09d}.safetensors" for step in steps[:count]]
    assert import_bundle(elsewhere, tmp_path / "1.zip") == run_id
    assert [record.step for record in elsewhere.checkpoints(run_id)] == steps[:1]
    assert len(elsewhere.events(run_id)) == len(store.events(run_id))


def members(bundle: Path) -> Members:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(bundle: Path, contents: Members, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(bundle, "w", compression) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)


def test_a_run_comes_in_as_it_went_out(
    store: Store, elsewhere: Store, run_id: str, bundle: Path
) -> None:
    assert import_bundle(elsewhere, bundle) == run_id
    imported, exported = elsewhere.run(run_id), store.run(run_id)
    assert imported.config == exported.config
    for name in ("name", "status", "preset", "created", "seconds", "reason", "versions", "device"):
        assert getattr(imported, name) == getattr(exported, name), name
    for name in ("metrics", "best", "step", "epoch"):
        assert getattr(imported, name) == getattr(exported, name), name
    assert elsewhere.events(run_id) == store.events(run_id)
    assert [c.step for c in elsewhere.checkpoints(run_id)] == [4, 8]
    for step in (4, 8):
        first, second = (s.checkpoint(run_id, step) for s in (store, elsewhere))
        assert torch.equal(first.tensors["weight"], second.tensors["weight"])
        assert (first.counters, first.step) == (second.counters, second.step)


def test_importing_twice_changes_nothing(elsewhere: Store, run_id: str, bundle: Path) -> None:
    import_bundle(elsewhere, bundle, status="recorded")
    elsewhere.rename(run_id, "mine")
    before, size = elsewhere.run(run_id), elsewhere.last_seq(run_id)
    assert before.status == "recorded"
    assert import_bundle(elsewhere, bundle) == run_id
    assert elsewhere.run(run_id) == before
    assert elsewhere.last_seq(run_id) == size
    elsewhere.delete(run_id)
    import_bundle(elsewhere, bundle)
    assert [record.id for record in elsewhere.runs()] == [run_id]


def test_the_events_of_a_recorded_run_that_is_here_are_not_read(
    elsewhere: Store, run_id: str, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    from_dict = bundle_reader.from_dict
    monkeypatch.setattr(
        bundle_reader,
        "from_dict",
        lambda values: (read.append(values["event"]), from_dict(values))[1],
    )
    import_bundle(elsewhere, bundle, status="recorded")
    assert len(read) == 14
    import_bundle(elsewhere, bundle, status="recorded")
    assert len(read) == 14
    contents = members(bundle)
    contents["events.jsonl"] = contents["events.jsonl"].removesuffix(b"\n")
    pack(bundle, contents)
    assert import_bundle(elsewhere, bundle, status="recorded") == run_id
    contents["events.jsonl"] += b"\n" + contents["events.jsonl"].splitlines()[0]
    pack(bundle, contents)
    with pytest.raises(StoreError, match="is here with 14 events, and the bundle has 15"):
        import_bundle(elsewhere, bundle, status="recorded")
    assert len(read) == 14


def test_a_bundle_may_be_an_open_file(store: Store, elsewhere: Store, run_id: str) -> None:
    file = io.BytesIO()
    export_bundle(store, run_id, file)
    file.seek(0)
    assert import_bundle(elsewhere, file) == run_id


@pytest.mark.parametrize("status", ["running", "queued", "paused"])
def test_a_run_under_way_comes_in_as_interrupted(
    store: Store, elsewhere: Store, run_id: str, tmp_path: Path, status: str
) -> None:
    store.set_status(run_id, status)  # type: ignore[arg-type]
    with store.hold(run_id):
        export_bundle(store, run_id, tmp_path / "run.zip")
    import_bundle(elsewhere, tmp_path / "run.zip")
    assert elsewhere.run(run_id).status == "interrupted"


def test_an_imported_run_can_be_trained_on(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    config = TINY.model_copy(update={"rounds": 0})
    run_id = store.create_run(config)
    stops = iter([False] * 6 + [True])
    drive(store, run_id, should_stop=lambda: next(stops), make_trainer=FakeTrainer)
    export_bundle(store, run_id, tmp_path / "part.zip")
    drive(store, run_id, make_trainer=FakeTrainer)
    import_bundle(elsewhere, tmp_path / "part.zip")
    drive(elsewhere, run_id, make_trainer=FakeTrainer)
    events = [[event for _, _, event in s.events(run_id)] for s in (store, elsewhere)]
    assert events[0] == events[1]


def test_a_longer_or_another_run_of_that_id_is_refused(
    store: Store, elsewhere: Store, run_id: str, bundle: Path
) -> None:
    import_bundle(elsewhere, bundle)
    elsewhere.rewind(run_id, None)
    with pytest.raises(StoreError, match="is here with 0 events, and the bundle has 14; remove"):
        import_bundle(elsewhere, bundle)
    elsewhere.purge(run_id)
    import_bundle(elsewhere, bundle)
    contents = members(bundle)
    about = json.loads(contents["run.json"])
    contents["run.json"] = json.dumps(about | {"created": 5.0}).encode()
    pack(bundle, contents)
    with pytest.raises(StoreError, match="another run here has the id"):
        import_bundle(elsewhere, bundle)
    assert elsewhere.last_seq(run_id) == 13


def test_damaged_checkpoints_are_left_out(
    store: Store, elsewhere: Store, run_id: str, tmp_path: Path
) -> None:
    path = store.checkpoint_folder(run_id) / checkpoints.file_name(8)
    path.write_bytes(path.read_bytes()[:-1])
    export_bundle(store, run_id, tmp_path / "run.zip")
    import_bundle(elsewhere, tmp_path / "run.zip")
    assert [c.step for c in elsewhere.checkpoints(run_id)] == [4]


def test_a_bundle_that_cannot_be_written_leaves_nothing(store: Store, run_id: str) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        export_bundle(store, run_id, store.home / "no" / "such" / "folder" / "run.zip")
    (store.home / "a folder").mkdir()
    with pytest.raises(StoreError, match="cannot be used"):
        export_bundle(store, run_id, store.home / "a folder")
    assert not list(store.home.glob(".*.tmp"))


# -- bundles not to be trusted ---------------------------------------------------------------------


def about(**changes: Any) -> Callable[[Members], None]:
    def change(contents: Members) -> None:
        values = json.loads(contents["run.json"]) | changes
        contents["run.json"] = json.dumps(values).encode()

    return change


def setting(**changes: Any) -> Callable[[Members], None]:
    def change(contents: Members) -> None:
        values = json.loads(contents["run.json"])
        values["config"] |= changes
        contents["run.json"] = json.dumps(values).encode()

    return change


def event(line: str) -> Callable[[Members], None]:
    def change(contents: Members) -> None:
        contents["events.jsonl"] += line.encode() + b"\n"

    return change


def member(name: str, data: bytes = b"") -> Callable[[Members], None]:
    def change(contents: Members) -> None:
        contents[name] = data

    return change


def without(name: str) -> Callable[[Members], None]:
    def change(contents: Members) -> None:
        del contents[name]

    return change


def rename_checkpoint(contents: Members) -> None:
    contents["checkpoints/000000007.safetensors"] = contents.pop(
        "checkpoints/000000008.safetensors"
    )


def flip_a_weight(contents: Members) -> None:
    name = "checkpoints/000000004.safetensors"
    contents[name] = contents[name][:-1] + bytes([contents[name][-1] ^ 1])


def fewer_events(contents: Members) -> None:
    contents["events.jsonl"] = b"\n".join(contents["events.jsonl"].splitlines()[:3])


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was opened",)


DUE = '{"event":"CheckpointDue","line":2,"seconds":1,'
MISTAKES: list[tuple[Callable[[Members], None], str]] = [
    (without("run.json"), "run.json"),
    (without("events.jsonl"), "events.jsonl"),
    (member("run.json", b"{"), "not a valid run bundle"),
    (member("run.json", b"[]"), "a value in its run.json is '[]'"),
    (member("run.json", b"[" * 200_000), "not a valid run bundle"),
    (member("run.json", b" " * 2_000_000), "its run.json has 2000000 bytes"),
    (member("../../outside", b"x"), "'../../outside' is no file of a run bundle"),
    (member("/etc/outside", b"x"), "'/etc/outside' is no file of a run bundle"),
    (member("checkpoints/../../x.safetensors", b"x"), "is no file of a run bundle"),
    (member("checkpoints/000000009.safetensors", pickle.dumps(Bomb())), "is damaged"),
    (member("code.py", b"x"), "'code.py' is no file of a run bundle"),
    (rename_checkpoint, "belongs to another run"),
    (flip_a_weight, "is damaged"),
    (fewer_events, "belongs to another run"),
    (about(format="seqgan-run-9"), "format in its run.json is 'seqgan-run-9'"),
    (about(id="../../x-aaaaaa"), "id in its run.json is '../../x-aaaaaa'"),
    (about(id=7), "id in its run.json is '7'"),
    (about(name=["x"]), "name in its run.json is"),
    (about(name=None), "name in its run.json is 'None'"),
    (about(reason="x" * 3000), "reason in its run.json is 'xxx"),
    (about(status="root"), "status in its run.json is 'root'"),
    (about(created=-1), "created in its run.json is '-1'"),
    (about(created=1e300), "created in its run.json is '1e+300'"),
    (about(created="NaN"), "created in its run.json is 'NaN'"),
    (about(parent_step=1e400), "parent_step in its run.json is"),
    (about(versions={"python": ["3"]}), "versions.python in its run.json is"),
    (setting(vocab_size=10**9), "of its settings, vocab_size is"),
    (setting(shell="rm"), "of its settings, shell is not a setting"),
    (setting(strategy="gan"), "of its settings, strategy is"),
    (setting(task="stocks"), "of its settings, task is 'stocks'"),
    (event("not json"), "not a valid run bundle"),
    (event('{"event":"Explosion","seconds":1}'), "event is 'Explosion'"),
    (event(DUE + '"step":1}'), "epoch in its events.jsonl is None"),
    (event(DUE + '"step":1,"epoch":1,"colour":1}'), "colour in its events.jsonl is '1'"),
    (event(DUE + '"step":true,"epoch":1}'), "step in its events.jsonl is 'True'"),
    (event(DUE + '"step":"1","epoch":1}'), "step in its events.jsonl is '1'"),
    (event(DUE + '"step":1e3,"epoch":1}'), "step in its events.jsonl is"),
    (event(DUE + f'"step":{10**40},"epoch":1}}'), "step in its events.jsonl is"),
    (event(DUE + '"step":1,"epoch":{"float":"nan"}}'), "epoch in its events.jsonl is"),
    (event(DUE + '"step":1,"epoch":"<b>"}'), "epoch in its events.jsonl is"),
    (
        event(DUE.replace("1,", '{"float":"nan"},') + '"step":1,"epoch":1}'),
        "a value in its events.jsonl is 'nan'",
    ),
    (
        event(
            '{"event":"Evaluated","line":2,"seconds":1,"step":1,"epoch":1,'
            '"phase":"adversarial","metrics":{"nll_oracle":"<b>"},"followed":[]}'
        ),
        "metrics.nll_oracle in its events.jsonl is",
    ),
    (
        event(
            '{"event":"Evaluated","line":2,"seconds":1,"step":1,"epoch":1,'
            '"phase":"adversarial","metrics":{},"followed":[["x"]]}'
        ),
        "followed.0.0 in its events.jsonl is",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES, ids=[text for _, text in MISTAKES])
def test_a_bad_bundle_changes_nothing(
    elsewhere: Store, bundle: Path, change: Callable[[Members], None], message: str
) -> None:
    contents = members(bundle)
    change(contents)
    pack(bundle, contents)
    with pytest.raises(StoreError) as caught:
        import_bundle(elsewhere, bundle)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert elsewhere.runs(include_deleted=True) == []
    assert not list((elsewhere.home / "checkpoints").rglob("*"))
    assert not (elsewhere.home.parent / "outside").exists()


@pytest.mark.parametrize(("change", "message"), MISTAKES, ids=[text for _, text in MISTAKES])
def test_a_bad_bundle_of_a_run_that_is_here_does_no_harm(
    elsewhere: Store, run_id: str, bundle: Path, change: Callable[[Members], None], message: str
) -> None:
    import_bundle(elsewhere, bundle)
    before = elsewhere.run(run_id), elsewhere.events(run_id), elsewhere.checkpoints(run_id)
    contents = members(bundle)
    change(contents)
    pack(bundle, contents)
    for status in (None, "recorded"):
        with suppress(StoreError):
            assert import_bundle(elsewhere, bundle, status=status) == run_id
    assert elsewhere.runs(include_deleted=True) == [before[0]]
    assert (elsewhere.events(run_id), elsewhere.checkpoints(run_id)) == before[1:]
    assert [elsewhere.checkpoint(run_id, step).step for step in (4, 8)] == [4, 8]
    assert not (elsewhere.home.parent / "outside").exists()


def test_a_damaged_event_is_refused_though_the_run_is_here(elsewhere: Store, bundle: Path) -> None:
    run_id = import_bundle(elsewhere, bundle)
    elsewhere.delete(run_id)
    contents = members(bundle)
    first, _, rest = contents["events.jsonl"].partition(b"\n")
    pack(bundle, contents | {"events.jsonl": first[:-5] + b"\n" + rest})
    with pytest.raises(StoreError, match="is not a valid run bundle"):
        import_bundle(elsewhere, bundle)
    assert elsewhere.run(run_id).deleted


def test_what_is_packed_to_burst_is_refused(elsewhere: Store, bundle: Path) -> None:
    contents = members(bundle)
    contents["events.jsonl"] += b" " * 50_000_000
    pack(bundle, contents, zipfile.ZIP_DEFLATED)
    with pytest.raises(StoreError, match="would unpack to 5000"):
        import_bundle(elsewhere, bundle)
    pack(bundle, members(bundle) | {"events.jsonl": b""}, zipfile.ZIP_DEFLATED)
    with pytest.raises(StoreError, match="is compressed, and must not be"):
        import_bundle(elsewhere, bundle)
    assert elsewhere.runs() == []


@pytest.mark.parametrize("data", [b"", b"PK", b"text", pickle.dumps(Bomb())])
def test_what_is_no_zip_is_refused(elsewhere: Store, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "no.zip"
    with pytest.raises(StoreError, match=r"no\.zip cannot be read \(No such file"):
        import_bundle(elsewhere, path)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"no\.zip is not a valid run bundle"):
        import_bundle(elsewhere, path)
    with pytest.raises(StoreError, match="the file is not a valid run bundle"):
        import_bundle(elsewhere, io.BytesIO(data))


def test_a_truncated_bundle_is_refused_at_any_length(elsewhere: Store, bundle: Path) -> None:
    data = bundle.read_bytes()
    for length in range(0, len(data), 97):
        bundle.write_bytes(data[:length])
        with pytest.raises(StoreError, match="not a valid run bundle"):
            import_bundle(elsewhere, bundle)
    assert elsewhere.runs() == []


# -- where the oracle's file lies ------------------------------------------------------------------

ORACLE = "/home/someone/private/oracle.npz"


@pytest.fixture
def with_oracle(store: Store) -> str:
    config = TINY.model_copy(update={"rounds": 0, "oracle_path": ORACLE})
    run_id = store.create_run(config)
    drive(store, run_id, make_trainer=FakeTrainer)
    return run_id


def test_a_bundle_states_the_name_of_the_oracle_s_file_and_not_where_it_lies(
    store: Store, elsewhere: Store, with_oracle: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.zip"
    export_bundle(store, with_oracle, path)
    assert json.loads(members(path)["run.json"])["config"]["oracle_path"] == "oracle.npz"
    assert not [name for name, data in members(path).items() if b"private" in data]
    assert import_bundle(elsewhere, path) == with_oracle
    assert elsewhere.run(with_oracle).config.oracle_path == "oracle.npz"
    assert import_bundle(store, path) == with_oracle  # the same run, which is here
    assert store.run(with_oracle).config.oracle_path == ORACLE
    assert import_bundle(elsewhere, path) == with_oracle


def test_a_bundle_from_before_with_the_whole_path_is_read(
    store: Store, elsewhere: Store, with_oracle: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.zip"
    export_bundle(store, with_oracle, path, places=True)
    assert json.loads(members(path)["run.json"])["config"]["oracle_path"] == ORACLE
    assert import_bundle(elsewhere, path) == with_oracle
    assert elsewhere.run(with_oracle).config.oracle_path == ORACLE


def test_another_oracle_is_another_run(
    store: Store, elsewhere: Store, with_oracle: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.zip"
    export_bundle(store, with_oracle, path)
    about = json.loads(members(path)["run.json"])
    about["config"]["oracle_path"] = "other.npz"
    pack(path, members(path) | {"run.json": json.dumps(about).encode()})
    with pytest.raises(StoreError, match=with_oracle):
        import_bundle(store, path)


def test_a_worker_of_a_sweep_is_told_where_the_oracle_lies(
    store: Store, with_oracle: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.zip"
    path.write_bytes(pack_for_worker(store, with_oracle))
    assert json.loads(members(path)["run.json"])["config"]["oracle_path"] == ORACLE
