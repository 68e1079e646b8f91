"""Uploads and a book of tunes that version 0.1 stored still open; its rejections are shown."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan_core.tasks.corpora.registry import load, source_of
from seqgan_core.tasks.corpora.upload import uploads
from seqgan_core.tasks.corpus import Corpus, DamagedFile, Rejection
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.text.user_text import Options
from tests.support.paths import ROOT

FILES = ROOT / "tests/support/files/version_0_1"
TEXT, TUNES = "own-3475bc6fb462", "own-3558d6655e91"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The files as that version wrote them, where it wrote them."""
    own, book = tmp_path / "corpora" / "own", tmp_path / "corpora" / "airds-airs"
    own.mkdir(parents=True)
    book.mkdir()
    for name in (TEXT, TUNES):
        (file,) = FILES.glob(f"{name.removeprefix('own-')}.*")
        shutil.copy(file, own)
    shutil.copy(FILES / "airds-airs.npz", book / "tunes-1.npz")
    return tmp_path


def digest(corpus: Corpus[Any], *more: object) -> str:
    data = (corpus.train, corpus.valid, corpus.test, *more)
    text = repr(data).replace(", metre=None, parts=()", "")  # what newer versions know of a tune
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_an_uploaded_text(home: Path) -> None:
    corpus = load(TEXT, home=home)
    assert corpus.title == "Walks <b>&<U+202E>"
    assert digest(corpus, corpus.lines) == "d2404b9ada7c86c4"
    assert [(r.count, r.example, r.line) for r in corpus.report.rejections] == [
        (2, "Too", None), (1, "a <U+0007> bell", 62),
    ]  # fmt: skip
    upload = next(upload for upload in uploads(home) if upload.name == TEXT)
    assert upload.options == Options("words", 12, 2, punctuation=True)
    assert not upload.outdated


def test_uploaded_tunes(home: Path) -> None:
    corpus = load(TUNES, home=home)
    assert (corpus.title, corpus.report.read, corpus.report.kept) == ("Mine", 2, 1)
    assert digest(corpus) == "7f233811718cec50"
    assert corpus.report.rejections == (Rejection("it breaks off in its header", 1, "b.mid"),)
    assert str(corpus.report.rejections[0]) == "it breaks off in its header"
    (upload,) = (upload for upload in uploads(home) if upload.name == TUNES)
    assert (upload.tunes, upload.outdated) == (1, True)  # its files are not here to be read anew


def test_a_book_that_was_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of("airds-airs", home)
    assert source.have()
    monkeypatch.setattr("seqgan_core.tasks.corpora.book.build", None)
    source.fetch()  # it is not read again
    corpus = source.load()
    assert digest(corpus) == "2c891bc61e66393d"
    assert (corpus.report.read, corpus.report.kept) == (6, 4)
    assert [str(rejection) for rejection in corpus.report.by_reason()] == [
        "signs that are not notes: &&&", "there already, note for note",
    ]  # fmt: skip


def test_rejections_that_are_none_make_a_file_damaged(tmp_path: Path) -> None:
    with np.load(FILES / "airds-airs.npz") as file:
        arrays = dict(file)
    content = json.loads(arrays["told"].tobytes())
    content["left_out"][0]["fields"] = 3
    arrays["told"] = np.frombuffer(json.dumps(content).encode("ascii"), dtype=np.uint8)
    np.savez_compressed(tmp_path / "odd.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(DamagedFile) as damaged:
        Collection.read(tmp_path / "odd.npz")
    assert damaged.value.code == "file.damaged"
