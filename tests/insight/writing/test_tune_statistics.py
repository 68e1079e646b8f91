"""New tunes measured: the numbers are those of the measures, best and worst are really that."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import sample_tokens, shipped_sampler
from seqgan_core.insight.writing.tune_statistics import TuneStatistics, extremes, tune_statistics
from seqgan_core.insight.writing.tunes import tune_task
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.music.metrics import in_key, nearest_error, repetition, token_statistics
from seqgan_core.tasks.music.tokens import windows
from seqgan_core.training.config import ConfigError
from seqgan_core.training.setup import model_files
from tests.support.tiny.text_models import keep_verse, ship
from tests.support.tiny.tune_models import keep_tunes


@pytest.fixture
def models(tune_models: Models) -> Models:
    return tune_models


def statistics(models: Models, n: int = 40, key: str = "music-seqgan") -> TuneStatistics:
    return finish(tune_statistics(models, key, n, 1, 1.0))


@pytest.mark.parametrize("key", ["music-seqgan", "music-keys"])
def test_the_tunes_are_the_model_s_and_the_numbers_those_of_the_metrics(
    models: Models, key: str
) -> None:
    seen = statistics(models, key=key)
    sampler = shipped_sampler(key)
    task = tune_task(sampler)
    assert torch.equal(seen.tokens, sample_tokens(sampler, 40, 1))
    assert torch.equal(seen.real, task.test_data())
    np.testing.assert_allclose(seen.mse, nearest_error(seen.tokens, seen.real).numpy())
    assert seen.means["in_key"][0] == pytest.approx(in_key(seen.tokens).mean())
    assert seen.means["repeated"][2] == pytest.approx(repetition(seen.real).mean())
    np.testing.assert_array_equal(
        seen.new.intervals, token_statistics(seen.tokens, task.form).intervals
    )  # fmt: skip


def test_other_real_tunes_are_as_many_as_the_new_ones(models: Models) -> None:
    some = statistics(models)
    assert some.training is not None
    assert len(some.training.keys) == 40
    task = tune_task(some.sampler)
    assert statistics(models, n=len(task.train_data()) + 1).training is None


def test_best_and_worst(models: Models) -> None:
    seen = statistics(models)
    best, worst = extremes(seen, "mse")
    assert (best.value, worst.value) == (seen.mse.min(), seen.mse.max())
    assert best.error == pytest.approx(best.value)  # the nearest one is the one that counts
    assert worst.error == pytest.approx(worst.value)
    assert best.tokens == tuple(seen.tokens[best.number].tolist())
    good, bad = extremes(seen, "bleu_4")
    assert (good.value, bad.value) == (seen.bleu.max(), seen.bleu.min())
    assert good.ties == int((seen.bleu == seen.bleu.max()).sum())


def test_the_nearest_real_tune_has_its_own_title(models: Models) -> None:
    seen = statistics(models)
    task = tune_task(seen.sampler)
    best, _worst = extremes(seen, "mse")
    row = next(at for at, real in enumerate(seen.real.tolist()) if tuple(real) == best.nearest)
    per_tune = [len(cut) for cut in _windows_by_tune(seen)]
    tune = int(np.searchsorted(np.cumsum(per_tune), row, side="right"))
    assert best.title == task.corpus.test[tune].title


def _windows_by_tune(seen: TuneStatistics) -> list[list[list[int]]]:
    task = tune_task(seen.sampler)
    T = task.sequence_length
    return [windows(tune, task.form, T, task.transpose, task.hop) for tune in task.corpus.test]


def test_how_many_runs_of_four_are_known(models: Models) -> None:
    seen = statistics(models)
    known = {tuple(row[at : at + 4]) for row in seen.real.tolist() for at in range(len(row) - 3)}
    for example in extremes(seen, "bleu_4"):
        runs = [example.tokens[at : at + 4] for at in range(len(example.tokens) - 3)]
        assert example.runs == len(runs) == seen.tokens.shape[1] - 3
        assert example.known == sum(run in known for run in runs)


def test_without_the_tunes_there_is_nothing_to_measure_against(models: Models) -> None:
    source_of(keep_tunes().name).remove()
    with pytest.raises(CorpusMissing):
        statistics(models)


def test_a_model_of_verse_composes_nothing(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path, keep_verse(), "poems-mle", "Small poems", strategy="mle")
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    model_files.load_shipped.cache_clear()
    with pytest.raises(ConfigError, match="writes no music"):
        statistics(models, key="poems-mle")
