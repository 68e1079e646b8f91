"""The release that the paper names: its windows, its split, and its BLEU ceilings."""

from collections import Counter
from pathlib import Path

import pytest
import torch

from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.ngram_model import NGramModel
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpora.catalogue.nottingham import items, side_of
from seqgan_core.tasks.corpora.registry import load, source_of
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import windows
from seqgan_core.tasks.music.tune import TuneCorpus
from tests.support.files.corpora import MIRROR, needs_mirror


@pytest.fixture(scope="module")
def nottingham(tmp_path_factory: pytest.TempPathFactory) -> TuneCorpus:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_CORPUS_MIRROR", str(MIRROR))
        progress: list[tuple[int, int]] = []
        source_of("nottingham", home).fetch(lambda done, total: progress.append((done, total)))
    assert (692_463, 692_463) in progress
    assert progress[-1] == (1037, 1037)
    assert source_of("nottingham", home).have()
    return load("nottingham", home=home)


@needs_mirror
def test_the_papers_release_gives_the_papers_windows(nottingham: TuneCorpus) -> None:
    sides = (nottingham.train, nottingham.valid, nottingham.test)
    assert [len(side) for side in sides] == [694, 173, 170]
    cut = [[w for t in side for w in windows(t, "keys", 32)] for side in sides]
    assert [len(side) for side in cut] == [3_159, 816, 796]
    assert sum(map(len, cut)) == 4_771
    seen = {token for side in cut for window in side for token in window}
    assert (min(seen), max(seen)) == (35, 68)


@needs_mirror
def test_the_release_says_what_it_is(nottingham: TuneCorpus) -> None:
    assert nottingham.licence.startswith("none stated")
    first = nottingham.train[0]
    assert (first.title, first.about) == ("A and A's Waltz", "ashover 1")
    assert [side_of(n) for n in (1, 4, 5, 6, 10, 11)] == [
        "train", "valid", "test", "train", "valid", "test",
    ]  # fmt: skip


def test_a_damaged_release_is_fetched_anew(tmp_path: Path) -> None:
    path = tmp_path / "Nottingham.zip"
    for data in (b"", b"PK\x05\x06" + bytes(18), b"no zip"):
        path.write_bytes(data)
        with pytest.raises(CorpusError, match="is not the Nottingham release, or is damaged"):
            items(path)


# Ceilings


def pooled_bleu(tokens: Tokens, references: Tokens, order: int = 4) -> float:
    """BLEU with the matches of all sequences in one sum, as a whole text is scored.

    Elsewhere in this program it is the mean over sequences, which gives each its own number.
    """
    logs = 0.0
    for n in range(1, order + 1):
        most: Counter[tuple[int, ...]] = Counter()
        for row in references.tolist():
            most |= Counter(tuple(row[at : at + n]) for at in range(len(row) - n + 1))
        matched = total = 0
        for row in tokens.tolist():
            grams = Counter(tuple(row[at : at + n]) for at in range(len(row) - n + 1))
            matched += (grams & most).total()
            total += grams.total()
        logs += torch.tensor(matched / total, dtype=torch.float64).log().item() / order
    return float(torch.tensor(logs, dtype=torch.float64).exp())


@needs_mirror
def test_baselines_of_a_bleu_of_music(nottingham: TuneCorpus) -> None:
    """Trivial models reach the BLEU of real tunes, so BLEU-4 alone says nothing of a model."""
    task = MusicTask(nottingham, 32, "keys")
    train, test, V = task.train_data(), task.test_data(), task.vocabulary.size
    bleu = Bleu(test, 4, V)
    rows = {"real": train}
    for order, name in enumerate(("unigram", "bigram", "trigram"), start=1):
        model = NGramModel(train, order, V)
        rows[name] = model.sample(3000, 32, torch.Generator().manual_seed(order))
    pooled = {name: pooled_bleu(tokens, test) for name, tokens in rows.items()}
    mean = {name: float(bleu(tokens).mean()) for name, tokens in rows.items()}
    error = {
        name: float(task.sequence_metrics(tokens)["mse"].mean()) for name, tokens in rows.items()
    }
    assert pooled == pytest.approx(
        {"real": 0.881, "unigram": 0.595, "bigram": 0.882, "trigram": 0.901}, abs=0.012
    )
    assert mean == pytest.approx(
        {"real": 0.875, "unigram": 0.582, "bigram": 0.875, "trigram": 0.896}, abs=0.012
    )
    # MSE to the nearest held-out tune tells real tunes from all three.
    assert error == pytest.approx(
        {"real": 10.2, "unigram": 19.6, "bigram": 11.7, "trigram": 11.5}, abs=0.4
    )
