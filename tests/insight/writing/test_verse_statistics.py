"""The shares of poems that rhyme and keep the tone pattern: a model's, real ones, a bigram's."""

import itertools
from pathlib import Path

import pytest

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import sample_tokens, shipped_sampler
from seqgan_core.insight.writing.verse_statistics import prosody_of, verse_shares
from seqgan_core.media.verse.prosody import prosody
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.setup import model_files
from tests.support.tiny.text_models import keep_verse, ship


def quatrains() -> str:
    """192 poems of four lines of two characters; the even lines rhyme in two of three."""
    parts = itertools.product("春花云鸟", "月水", "风空", "江夜人山", "红中雪")
    return "\n".join(f"{a}{b}，天{c}。{d}水，清{e}。" for a, b, c, d, e in parts)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    monkeypatch.setattr(model_files, "FOLDER", tmp_path / "shelf")
    model_files.load_shipped.cache_clear()
    corpus = add_upload(UserText(quatrains(), "Small quatrains", Options(length=8)))
    ship(tmp_path / "shelf", corpus, "poems-four", "Quatrains", strategy="mle")
    ship(tmp_path / "shelf", keep_verse(), "poems-two", "Couplets", strategy="mle")
    return Models(Store())


def test_shares_are_counted_from_the_poems(models: Models) -> None:
    shares = finish(verse_shares(models, "poems-four", 60, 3, 1.0, True))
    assert [each.source for each in shares] == ["model", "held out", "bigram"]
    sampler = shipped_sampler("poems-four")
    poems = [
        prosody([text[at : at + 2] for at in range(0, 8, 2)])
        for text in sampler.text(sample_tokens(sampler, 60, 3))
    ]
    new = shares[0]
    assert new.n == shares[2].n == 60
    assert new.rhyming == sum(poem.rhyme is not None for poem in poems) / 60
    assert new.level == sum(poem.rhyme is not None and poem.rhyme.level for poem in poems) / 60
    assert new.regular == sum(poem.violations == 0 for poem in poems) / 60
    assert new.violations == pytest.approx(sum(poem.violations for poem in poems) / 60)
    real = shares[1]
    assert 0 < real.rhyming < 1
    assert real.rhyming == real.level
    alone = finish(verse_shares(models, "poems-four", 60, 3, 1.0, False))
    assert alone == [new]


def test_what_cannot_rhyme_is_not_judged(models: Models) -> None:
    assert finish(verse_shares(models, "poems-two", 20, 1, 1.0, True)) == []
    four = shipped_sampler("poems-four")
    assert prosody_of(four, tuple("春月天风江水云空")) is not None
    assert prosody_of(four, tuple("春月天风江水")) is None  # a line is missing
    assert prosody_of(four, tuple("春月天风江水ab")) is None
