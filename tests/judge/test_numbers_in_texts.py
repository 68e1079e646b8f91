"""Each number of a result in README and the experiments is in a recorded file, or says why not."""

from pathlib import Path

import pytest

from seqgan_core.judge.report import Report
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Problem
from tests.support.numbers_in_texts import check_prose
from tests.support.paths import ROOT

ASSETS = ROOT / "assets"
TEXTS = [ROOT / "README.md", *sorted((ASSETS / "experiments").glob("*.md"))]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_numbers_in_texts_are_those_of_the_files(path: Path) -> None:
    """Otherwise mend the text, or its mark: what differs is listed."""
    check = check_prose(path)
    assert not check.differences, "\n".join(map(str, check.differences))
    assert check.n > 0 or "not recomputable" in path.read_text(encoding="utf-8")


MARK = "<!-- numbers: assets/comparison/lesson-updates.json -->"


def text(folder: Path, words: str) -> Check:
    (folder / "assets").symlink_to(ASSETS)
    (folder / "text.md").write_text(words, encoding="utf-8")
    return check_prose(folder / "text.md")


@pytest.mark.parametrize(
    "words",
    [
        "MLE has {mle:.3f}, SeqGAN {seqgan:.2f}.\n\n" + MARK,
        "MLE lies {gap:+.3f} above SeqGAN, SeqGAN {less:+.3f} below.<!-- numbers: "
        "assets/comparison/lesson-updates.json --> It took 3.2 s.<!-- not recomputable: once -->",
        "| | NLL_oracle ↓ |\n|---|---|\n| MLE | {mle:.3f} |\n| SeqGAN | {seqgan:.3f} |\n\n" + MARK,
        "With torch 2.13.0 and `rate=0.5`:\n\n```\n0.25\n```\n\n[here](a0.5.md), 17 runs.",
    ],
)
def test_numbers_that_a_file_holds_pass(tmp_path: Path, words: str) -> None:
    report = Report.load(ASSETS / "comparison/lesson-updates.json")
    mle, seqgan = (report.mean(name, "nll_oracle") for name in ("mle", "seqgan"))
    numbers = {"mle": mle, "seqgan": seqgan, "gap": mle - seqgan, "less": seqgan - mle}
    check = text(tmp_path, words.format(**numbers))
    assert not check.differences, check.differences[0]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("MLE has 2.4321.\n\n" + MARK, "2.4321"),
        ("MLE has 2.4.\n\n# Next\n\n" + MARK, "2.4"),  # a heading ends what a mark holds for
        ("| | NLL_test |\n|---|---|\n| MLE | {mle:.3f} |\n\n" + MARK, "{mle:.3f}"),
        ("| | NLL_oracle |\n|---|---|\n| SeqGAN | {mle:.3f} |\n\n" + MARK, "{mle:.3f}"),
        (MARK + "\n\nAnd then 0.5.", "0.5"),
        ("SeqGAN lies +{gap:.3f} above MLE, at {mle:.5f}1.\n\n" + MARK, "{mle:.5f}1"),
    ],
)
def test_a_number_that_no_file_holds_is_named(tmp_path: Path, words: str, number: str) -> None:
    report = Report.load(ASSETS / "comparison/lesson-updates.json")
    mle, seqgan = (report.mean(name, "nll_oracle") for name in ("mle", "seqgan"))
    numbers = {"mle": mle, "gap": mle - seqgan}
    check = text(tmp_path, words.format(**numbers))
    assert [d.fields["number"] for d in check.differences] == [number.format(**numbers)]


def test_a_mark_that_names_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"none\.json, which a mark names, is missing"):
        text(tmp_path, "0.5<!-- numbers: none.json -->")
