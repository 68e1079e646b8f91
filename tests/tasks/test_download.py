"""Fetching from a real server that breaks off, lies and refuses; and from a folder."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from filelock import FileLock

from seqgan_core.tasks.corpora.nltk_package import Package, fetch_package
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.download import LARGEST, FetchError, File, Mirror, fetch_files, silent
from tests.support.files.corpora import Server, serving, write_gutenberg
from tests.support.files.small_disk import fill, small_disk

A = bytes(range(256)) * 1200  # 300 kB, in five chunks
B = b"another file\n"


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEQGAN_CORPUS_MIRROR", raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(a=A, b=B) as running:
        yield running


def file_at(server: Server, name: str, data: bytes, *, size: bool = True) -> File:
    digest = hashlib.sha256(data).hexdigest()
    return File(f"{name}.txt", server.url(f"/{name}"), len(data) if size else None, digest)


def both(server: Server) -> tuple[File, File]:
    return file_at(server, "a", A), file_at(server, "b", B)


def came_before(request: tuple[str, str | None]) -> int:
    return int((request[1] or "bytes=0-").removeprefix("bytes=").rstrip("-"))


def test_all_files_come_and_stay(server: Server, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    fetch_files(both(server), tmp_path / "new", lambda done, total: progress.append((done, total)))
    assert (tmp_path / "new" / "a.txt").read_bytes() == A
    assert (tmp_path / "new" / "b.txt").read_bytes() == B
    total = len(A) + len(B)
    assert {number for _, number in progress} == {total}
    done = [number for number, _ in progress]
    assert done == sorted(done)
    assert done[-1] == total
    assert any(0 < number < len(A) for number in done)  # progress is reported on the way
    requests = list(server.requests)
    fetch_files(both(server), tmp_path / "new")
    assert server.requests == requests  # complete files are not requested again


def test_a_broken_download_goes_on_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.breaks = [100_000]
    fetch_files(both(server), tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == A
    assert [path for path, _ in server.requests] == ["/a", "/a", "/b"]
    assert 0 < came_before(server.requests[1]) <= 100_000
    assert not list(tmp_path.glob("*.part"))


def test_the_next_fetch_goes_on_too(server: Server, tmp_path: Path) -> None:
    server.breaks = [100_000, 50_000]
    with pytest.raises(FetchError, match=r"a\.txt was not fetched.*the download continues"):
        fetch_files(both(server), tmp_path)
    assert not (tmp_path / "a.txt").exists()
    partial_size = (tmp_path / "a.txt.part").stat().st_size
    assert partial_size > 0
    fetch_files(both(server), tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == A
    assert came_before(server.requests[2]) == partial_size


def test_a_server_that_cannot_go_on_begins_anew(server: Server, tmp_path: Path) -> None:
    server.breaks, server.ranges = [100_000], False
    fetch_files(both(server), tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == A


def test_files_before_the_break_are_kept(server: Server, tmp_path: Path) -> None:
    del server.files["/b"]
    with pytest.raises(FetchError, match=rf"127\.0\.0\.1:{server.port} answers 404 for http"):
        fetch_files(both(server), tmp_path)
    server.files["/b"] = B
    server.requests.clear()
    fetch_files(both(server), tmp_path)
    assert server.requests == [("/b", None)]


def test_other_bytes_than_they_should_be(server: Server, tmp_path: Path) -> None:
    server.files["/b"] = B.upper()
    with pytest.raises(FetchError, match=r"b\.txt .* does not have the expected checksum"):
        fetch_files(both(server), tmp_path)
    assert not (tmp_path / "b.txt").exists()
    assert not list(tmp_path.glob("b*"))


def test_a_partial_download_of_another_file_is_replaced(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.txt.part").write_bytes(b"of an older version, " * 10)
    fetch_files(both(server), tmp_path)  # its end is taken, found wrong, and all comes anew
    assert (tmp_path / "a.txt").read_bytes() == A
    (tmp_path / "b.txt.part").write_bytes(b"longer than all of it could ever be")
    (tmp_path / "b.txt").unlink()
    fetch_files(both(server), tmp_path)
    assert (tmp_path / "b.txt").read_bytes() == B


def test_more_bytes_than_there_should_be(server: Server, tmp_path: Path) -> None:
    server.files["/a"] = A + B
    with pytest.raises(FetchError, match="sends more than the expected 307,200 bytes"):
        fetch_files(both(server), tmp_path)
    assert not list(tmp_path.glob("a*"))


def test_a_size_that_nobody_states(server: Server, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    file = file_at(server, "a", A, size=False)
    fetch_files([file], tmp_path, lambda done, total: progress.append((done, total)))
    assert (tmp_path / "a.txt").read_bytes() == A
    assert progress[-1] == (len(A), 0)
    # the whole of it lies there, but nobody could know: the server says that nothing is left
    os.replace(tmp_path / "a.txt", tmp_path / "a.txt.part")
    fetch_files([file], tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == A


def test_a_file_known_by_its_git_blob(server: Server, tmp_path: Path) -> None:
    blob = hashlib.sha1(b"blob %d\0" % len(B) + B, usedforsecurity=False).hexdigest()
    right = File("b.txt", server.url("/b"), git_blob=blob)
    fetch_files([right], tmp_path)
    assert right.matches(tmp_path / "b.txt")
    wrong = File("b.txt", server.url("/b"), git_blob="0" * 40)
    with pytest.raises(FetchError, match="checksum"):
        fetch_files([wrong], tmp_path / "other")


def test_nobody_answers(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    file = file_at(gone, "a", A)
    with pytest.raises(FetchError) as caught:
        fetch_files([file], tmp_path)
    message = str(caught.value)
    assert f"127.0.0.1:{gone.port} cannot be reached (ConnectionError)" in message
    assert "SEQGAN_CORPUS_MIRROR" in message
    assert "\n" not in message


def test_a_folder_with_the_same_bytes(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = tmp_path / "mirror"
    (mirror / "deep").mkdir(parents=True)
    (mirror / "deep" / "quite another name").write_bytes(A)
    (mirror / "b.txt").write_bytes(B.upper())  # the right name and size are not enough
    monkeypatch.setenv("SEQGAN_CORPUS_MIRROR", str(mirror))
    fetch_files(both(server), tmp_path / "home")
    assert (tmp_path / "home" / "a.txt").read_bytes() == A
    assert (tmp_path / "home" / "b.txt").read_bytes() == B
    assert server.requests == [("/b", None)]
    del server.files["/b"]
    server.files["/a"] = b""
    monkeypatch.setenv("SEQGAN_CORPUS_MIRROR", str(tmp_path / "none"))
    with pytest.raises(CorpusError, match=r"SEQGAN_CORPUS_MIRROR is .*none, which is not a folder"):
        fetch_files(both(server), tmp_path / "home")


def test_what_is_too_large_is_no_candidate(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert Mirror(tmp_path).by_name("huge") is None


def test_one_at_a_time(server: Server, tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(FetchError, match="is already being fetched"),
    ):
        fetch_files(both(server), tmp_path)


def test_an_impossible_folder(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FetchError, match=r"cannot be written .*SEQGAN_HOME"):
        fetch_files(both(server), tmp_path / "file" / "folder")


def test_a_folder_without_the_right_to_write(server: Server, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FetchError, match="Permission denied"):
            fetch_files(both(server), tmp_path / "home")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk(server: Server, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        filler = fill(disk)
        with pytest.raises(FetchError, match=r"is full; free some space"):
            fetch_files(both(server), disk / "home")
        filler.unlink()
        fetch_files(both(server), disk / "home")
        assert (disk / "home" / "a.txt").read_bytes() == A


PACKAGE = Package("gutenberg", "corpora/gutenberg.zip")


def _index(server: Server, data: bytes) -> bytes:
    return (
        '<?xml version="1.0"?><nltk_data><packages>'
        f'<package id="gutenberg" name="A test" subdir="corpora" size="{len(data)}" '
        f'unzipped_size="{len(data)}" unzip="0" url="{server.url("/gutenberg.zip")}" '
        f'checksum="{hashlib.md5(data, usedforsecurity=False).hexdigest()}" '
        f'sha256_checksum="{hashlib.sha256(data).hexdigest()}"/>'
        "</packages><collections/></nltk_data>"
    ).encode()


def test_nltks_own_downloader_without_a_network(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    with pytest.raises(FetchError, match=r"could not get gutenberg \(.*has gutenberg\.zip"):
        fetch_package(PACKAGE, tmp_path, silent, index=gone.url("/index.xml"))


def test_nltks_own_downloader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_gutenberg(tmp_path / "made.zip").read_bytes()
    progress: list[tuple[int, int]] = []
    # NLTK refuses addresses of this very machine, and no other is served in a test.
    monkeypatch.setattr("nltk.downloader.urlopen", urlopen)
    with serving(**{"gutenberg.zip": data}) as server:
        server.files["/index.xml"] = _index(server, data)
        fetch_package(
            PACKAGE,
            tmp_path / "home" / "nltk",
            lambda done, total: progress.append((done, total)),
            index=server.url("/index.xml"),
        )
    assert zipfile.is_zipfile(tmp_path / "home" / "nltk" / PACKAGE.path)
    assert progress[-1] == (len(data), len(data))
