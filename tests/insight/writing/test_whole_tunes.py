"""Whole tunes of a model: a metre that is chosen, a tonic that they are moved to."""

from pathlib import Path

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Sampler, fixed_tokens, open_sampler, sample_tokens
from seqgan_core.insight.writing.samples import SampleRequest, draw_samples
from seqgan_core.insight.writing.tunes import key_of, melody_of, per_note, tonic_of
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tokens import METRES, MODES, in_bars, part_steps
from seqgan_core.training.config import ConfigError
from seqgan_core.training.setup import model_files
from seqgan_core.training.setup.model_files import load_shipped
from tests.support.tiny.tune_models import ship_whole_tunes

MODEL = "music-tunes"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", str(tmp_path_factory.mktemp("home")))
        ship_whole_tunes(folder)
    return folder


@pytest.fixture
def models(tune_models: Models, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    monkeypatch.setattr(model_files, "FOLDER", folder)
    load_shipped.cache_clear()
    return tune_models


@pytest.fixture
def sampler(models: Models) -> Sampler:
    return open_sampler(models, MODEL)


def jig(minor: bool = False) -> list[int]:
    steps = [40, 89, 44, 47, 44, 89] * (part_steps("6/8") // 3)
    return [METRES["6/8"], MODES[minor], *in_bars(steps, "6/8")]


def test_the_chosen_metre_is_that_of_every_tune(models: Models, sampler: Sampler) -> None:
    free = finish(draw_samples(models, SampleRequest(MODEL, 12, 1))).tokens
    chosen = finish(draw_samples(models, SampleRequest(MODEL, 12, 1, metre="3/4"))).tokens
    assert set(chosen[:, 0].tolist()) == {METRES["3/4"]}
    assert free.shape == chosen.shape
    one = sample_tokens(sampler, 12, 1, fixed=fixed_tokens(sampler, metre="3/4"))
    assert torch.equal(one, chosen)


def test_after_the_end_there_is_nothing(sampler: Sampler) -> None:
    assert sampler.end == 0
    for row in sample_tokens(sampler, 40, 2).tolist():
        assert 0 not in row or not any(row[row.index(0) :])


@pytest.mark.parametrize("metre", ["5/4", "C4", "major"])
def test_what_is_no_metre_is_refused(sampler: Sampler, metre: str) -> None:
    with pytest.raises(ConfigError, match=f"metre is '{metre}', and Whole tunes has no such"):
        fixed_tokens(sampler, metre=metre)


def test_a_tune_moves_to_its_tonic_the_shorter_way(sampler: Sampler) -> None:
    for minor, tonic, moved in ((False, 2, 2), (False, 7, -5), (True, 2, 5), (True, 9, 0)):
        tokens = jig(minor)
        plain, there = melody_of(sampler, tokens), melody_of(sampler, tokens, tonic=tonic)
        assert {b.pitch - a.pitch for a, b in zip(plain.notes, there.notes, strict=True)} == {moved}
        assert key_of(sampler, tokens, tonic) == Key(tonic, minor)
        assert (there.metre, there.parts) == ("6/8", (0.0, 24.0))
    assert key_of(sampler, jig()) == Key(0)
    assert key_of(sampler, jig(minor=True)) == Key(9, minor=True)
    assert key_of(sampler, []) is None


def test_every_note_has_the_value_of_its_first_token(sampler: Sampler) -> None:
    for tokens in (jig(), *sample_tokens(sampler, 20, 3).tolist()):
        places = per_note("tunes", tokens, [float(at) for at in range(len(tokens))])
        assert len(places) == len(melody_of(sampler, tokens).notes)
        assert all(1 <= tokens[int(place)] <= 88 for place in places)


def test_the_names_of_tonics() -> None:
    assert [tonic_of(name) for name in ("c", "Eb", "E♭", "F#", "B")] == [0, 3, 3, 6, 11]
    with pytest.raises(ConfigError, match="key is 'H'; it must be one of C, C♯"):
        tonic_of("H")
