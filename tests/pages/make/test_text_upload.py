"""Uploaded texts on the screens Poems and Speeches: read, described, saved, deleted, trained on."""

import io
import tarfile
import zipfile
from itertools import permutations, product
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation, session
from pages.ui.make import quick_train
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.registry import load
from seqgan_core.tasks.corpora.upload import uploads
from seqgan_core.tasks.text.cleaning import is_punctuation
from seqgan_core.training.build import resolve_config
from seqgan_core.training.setup.quick_run import QuickRun
from tests.support.text_screen import (
    App,
    cards,
    components,
    html_of,
    messages,
    opened,
    settled,
    wait_for_runs,
    words,
)
from tests.support.tiny.text_models import PROSE, VERSE, config_for, keep_verse, prose, verse

SCRIPT = "<script>alert(1)</script>"


def upload(test: AppTest, data: bytes, name: str = "mine.txt", length: int = 10) -> AppTest:
    kind = "poems" if "poems" in test.file_uploader[0].key else "speech"
    test.file_uploader[0].set_value((name, data, "text/plain")).run()
    choice = settled(test).number_input(key=f"upload.{kind}.length")
    return test if choice.value == length else settled(choice.set_value(length).run())


def keep(test: AppTest, kind: str = "poems") -> AppTest:
    test.button(key=f"upload.{kind}.save").click().run()
    assert "Saved. Choose it above" in words(settled(test))
    return test


def test_a_text_is_read_described_and_saved(app: App, empty_shelf: Path) -> None:
    odd = "\n".join([verse(), SCRIPT, "\u202e倒过来的字", "短"])
    test = upload(opened(app, navigation.POEMS, tab="train"), odd.encode())
    shown = words(test)
    assert "Lines read 163" in shown
    assert "Poems 160 128 for training, 32 held out" in shown
    assert f"longer than 10 characters 1 {SCRIPT} 161" in shown
    assert "shorter than 10 characters 1 短 163" in shown
    assert "a control character that changes the direction of writing 1" in shown
    assert "\u202e" not in html_of(test)
    assert "<script" not in html_of(test)
    assert "春山夜云天，明鸟飞不见。" in shown
    assert not uploads()
    keep(test)
    (saved,) = uploads()
    assert saved.title == "mine"
    assert test.query_params["text"] == saved.name
    assert test.selectbox(key="poems-corpus").value == saved.name
    assert f"mine · poems of 10 characters · {saved.name}" in words(test)


def test_verse_of_seven_characters_is_read_trained_and_set(
    app: App, store: Store, empty_shelf: Path
) -> None:
    heads, tails = map("".join, product("春秋日夜", "山江花月")), ["东风无人归", "明月不见飞"]
    lines = ["".join(line) for line in product(heads, tails, "来", "云")]
    lines = [line[:7] for line in lines]
    poems = ["，".join(pair) + "。" for pair in permutations(lines, 2)]
    quatrains = ["".join(both) for both in zip(poems[:160], poems[300:], strict=False)]
    test = opened(app, navigation.POEMS, tab="train")
    assert "For a model of seven-character lines, of which none ships, upload such" in words(test)
    test = upload(test, "\n".join(quatrains).encode(), length=28)
    assert "Poems 160 128 for training, 32 held out" in words(test)
    keep(test)
    (saved,) = uploads()
    corpus = load(saved.name)
    assert corpus.lines == (7, 7, 7, 7)
    run = store.create_run(resolve_config(config_for(corpus)))
    drive(store, run)
    step = max(point.step for point in store.checkpoints(run))
    test = opened(app, navigation.POEMS, who=f"{run}@{step}", n=2, acrostic="春夜")
    for card in cards(test, "poems-samples"):
        assert [len(line) for line in card["lines"]] == [7, 7, 7, 7]
        assert [line[-1]["mark"] for line in card["lines"]] == ["，", "。", "，", "。"]
        assert [line[0]["text"] for line in card["lines"][:2]] == ["春", "夜"]
        assert {sign["text"] for line in card["lines"] for sign in line} <= set("".join(lines))
    (component,) = components(test, "poems-samples")
    assert component["wide"] is False


def test_a_kept_text_can_be_deleted(app: App, empty_shelf: Path) -> None:
    corpus = keep_verse()
    test = opened(app, navigation.POEMS, tab="train")
    test.button(key=f"saved.delete.{corpus.name}").click().run()
    settled(test)
    assert not uploads()
    assert "Saved uploads" not in [heading.value for heading in test.subheader]


def test_gb18030_needs_confirmation_and_is_never_guessed(app: App, empty_shelf: Path) -> None:
    test = upload(opened(app, navigation.POEMS, tab="train"), verse().encode("gb18030"))
    shown = words(test)
    assert "Does this text look right?" in " ".join(box.value for box in test.markdown)
    assert (
        "The encoding is unclear: byte 0xB4 is not UTF-8 (line 1, byte 1 of it). As GB18030"
        in shown
    )
    assert "春山夜云天" in shown
    assert "upload.poems.save" not in [button.key for button in test.button]
    test.button(key="upload.confirm").click().run()
    settled(test)
    assert "Poems 160" in words(test)
    assert "Is this text" not in " ".join(box.value for box in test.markdown)
    keep(test)
    assert len(uploads()) == 1


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        about = tarfile.TarInfo("a.txt")
        about.size = 1
        archive.addfile(about, io.BytesIO(b"x"))
    return file.getvalue()


WRONG = [
    ("empty", b"", "The file is empty"),
    ("nul", b"abc\0def\n" * 50, "it has a NUL byte (line 1, byte 4 of it)"),
    ("not utf-8", b"good line\n" + b"\xff\xff\xff bad\n" * 10,
     "Byte 0xFF is not UTF-8 (line 2, byte 1"),
    ("zip", _zip(), "The file is a zip archive"),
    ("tar", _tar(), "The file is a tar archive"),
    ("tune", b"X:1\nT:A\nK:C\nabc|\n", "music in ABC notation, not a text; upload it under Music"),
    ("too large", b"x" * 5_100_000, "at most 5,000,000 are allowed"),
    ("one line", b"x" * 4_900_000, "a line of more than 10,000 characters: 1"),
    ("two lines", "两行诗\n两行诗".encode(), "at least 100 different"),
    ("repeated", ("春江花月夜山水风雨人\n" * 500).encode(), "an exact repeat"),
    ("one character", "\n".join("山" * 10 for _ in range(200)).encode(), "at least 100 different"),
    ("script", "\n".join([SCRIPT] * 300).encode(), "an exact repeat: 299"),
    ("emoji", "\n".join("👩\u200d👩\u200d👧" * 10 for _ in range(3)).encode(),
     "at least 100"),
    ("bidi", "\n".join("\u202e" + "山水风雨人" * 2 for _ in range(300)).encode(),
     "direction of"),
]  # fmt: skip


def test_files_without_text_are_one_readable_error(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.POEMS, tab="train")
    for name, data, message in WRONG:
        signs = sum(not is_punctuation(sign) for sign in SCRIPT)  # marks do not count
        upload(test, data, length=signs if name == "script" else 10)
        assert message in messages(test), name
        assert "upload.poems.save" not in [button.key for button in test.button], name
        assert "<script" not in html_of(test)
        assert not uploads(), name
        assert "Upload" in [heading.value for heading in test.subheader]  # the page goes on


def test_a_text_can_be_pasted(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.SPEECHES, tab="train")
    test.segmented_control(key="upload.speech.source").set_value("paste").run()
    test.text_area(key="upload.speech.text").set_value(prose()).run()
    settled(test)
    test.number_input(key="upload.speech.length").set_value(PROSE.length).run()
    settled(test)
    assert f"Sentences {len(prose().splitlines())}" in words(test)
    assert "Different words 24 in the training data" in words(test)  # the full stop is one
    keep(test, "speech")
    (saved,) = uploads()
    assert saved.options is not None
    assert saved.options.unit == "words"
    assert "Saved uploads" not in [
        h.value for h in opened(app, navigation.POEMS, tab="train").subheader
    ]


def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of a second."""
    config = resolve_config(config_for(keep_verse()))
    monkeypatch.setattr(
        quick_train.quick_run,
        "quick_text_run",
        lambda corpus, task, **more: QuickRun(config, 29.6),
    )


def test_half_a_minute_of_training_writes_here_and_above(
    app: App, store: Store, text_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(monkeypatch)
    test = opened(app, navigation.POEMS, tab="train")
    start = test.selectbox(key=f"poems-start-{keep_verse().name}")
    assert start.options == ["scratch", "Small poems, SeqGAN, which knows 100% of the text"]
    assert start.value == "poems-seqgan"
    button = test.button(key="poems-train")
    assert button.label == "Train for 30 seconds"
    button.click().run()
    run = test.query_params["run"]
    assert store.run(run).name == "Small verse, half a minute"
    wait_for_runs()
    assert store.run(run).status == "finished"
    test.run()
    settled(test)
    step = max(point.step for point in store.checkpoints(run))
    assert len(cards(test, "poems-follow-samples")) == 3
    assert "finished" in words(test)
    test.button(key="poems-follow-use").click().run()
    settled(test)
    assert test.query_params["who"] == f"{run}@{step}"
    assert test.selectbox(key="poems-who").value == f"{run}@{step}"
    first = cards(test, "poems-samples")[0]
    assert first["title"] == "Small verse, half a minute · 1"
    assert session.lab().manager.state().active is None


def test_a_run_of_another_kind_or_that_is_gone(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, tab="train", run="gone")
    assert "gone" in messages(test)
    run = store.create_run(resolve_config(config_for(keep_verse())), name="verse")
    assert not cards(opened(app, navigation.SPEECHES, tab="train", run=run), "follow")
    assert "Samples appear here with the first checkpoint" in words(
        opened(app, navigation.POEMS, tab="train", run=run)
    )
    assert VERSE.length == 10
