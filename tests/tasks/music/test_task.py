"""Tunes as a task: windows, what is measured, every strategy, and its baselines."""

from dataclasses import replace

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.token_reader import reader_of
from seqgan_core.judge.ceilings import ceilings
from seqgan_core.judge.frontier import frontier
from seqgan_core.judge.measurements import measure
from seqgan_core.paper.generator import Generator
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import nearest_error
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import HOLD, REST, words
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS
from seqgan_core.tasks.synthetic import SyntheticTask
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training import build
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.events import Evaluated, Finished
from seqgan_core.training.strategies import STRATEGIES
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.texts import tiny_speech
from tests.support.tiny.tunes import C, D, E, generator_for, tiny_tunes, tune
from tests.tasks.check_task import check_task

# The task


@pytest.mark.parametrize(("form", "size"), [("eighths", 91), ("keys", 89)])
@pytest.mark.parametrize("transpose", [False, True])
def test_tunes_are_a_task(form: str, size: int, transpose: bool) -> None:
    task = MusicTask(tiny_tunes(), 16, form, transpose)  # type: ignore[arg-type]
    check_task(task)
    assert isinstance(task, CorpusTask)
    assert (task.name, task.end, task.orders, task.unit, task.lines) == (
        "music", None, (4,), "notes", (),
    )  # fmt: skip
    assert task.vocabulary.size == size == len(task.words)
    for data in (task.train_data(), task.test_data()):
        assert len(data) > 0
        assert ((data[:, 0] >= 1) & (data[:, 0] <= 88)).all()
        assert (data > 0).all()
    assert torch.equal(task.references(), task.test_data())
    shown = task.show([C, HOLD, REST] if form == "eighths" else [C, D])
    assert shown.tokens == (("C4", "–", "rest") if form == "eighths" else ("C4", "D4"))


def test_every_task_but_the_synthetic_one_has_a_corpus() -> None:
    assert isinstance(TextTask("speech", tiny_speech(), 8), CorpusTask)
    oracle = Generator(6, 4, 4).initialise(torch.Generator().manual_seed(1))
    synthetic = SyntheticTask(oracle, 5, 16, 16, torch.Generator().manual_seed(2))
    assert not isinstance(synthetic, CorpusTask)
    assert set(CORPUS_TASKS) == set(TASKS) - {"synthetic"}


def test_the_common_key_is_common() -> None:
    corpus = tiny_tunes()
    moved = [
        replace(t, notes=tuple((p + n % 5, s, size) for p, s, size in t.notes),
                key=Key((t.key.tonic + n % 5) % 12, t.key.minor))
        for n, t in enumerate(corpus.train)
    ]  # fmt: skip
    spread = replace(corpus, train=tuple(moved))
    apart, alike = (MusicTask(spread, 16, transpose=moves) for moves in (False, True))
    assert len(alike.train_data().unique()) < len(apart.train_data().unique())
    assert torch.equal(alike.train_data(), MusicTask(corpus, 16, transpose=True).train_data())


def test_too_few_windows_overlap() -> None:
    many = MusicTask(tiny_tunes(), 16)
    assert many.hop == 16
    few = MusicTask(tiny_tunes(15), 16)
    assert few.hop in (8, 4, 2, 1)
    assert len(few.train_data()) >= 100
    assert len(few.test_data()) >= 16


def test_too_short_tunes_are_refused() -> None:
    with pytest.raises(CorpusError, match="no training sequence of 200 tokens"):
        MusicTask(tiny_tunes(), 200)
    with pytest.raises(CorpusError, match="no held-out sequence of 16 tokens"):
        MusicTask(replace(tiny_tunes(), test=()), 16)


# From settings to a run


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    monkeypatch.setattr(build, "load", lambda name, task: corpora[name])
    corpora = {"tiny-tunes": tiny_tunes(), "other": tiny_tunes(40)}
    return make_config(
        task="music", corpus="tiny-tunes", sequence_length=16, device="cpu",
        batch_size=8, d_widths=(1, 3), d_filters=(4, 4), d_embedding_size=4,
        g_embedding_size=4, g_hidden_size=6, pretrain_epochs=1, rounds=2, d_pretrain_steps=1,
        d_steps=1, d_epochs=1, d_samples=16, n_rollouts=2, g_batch_size=8, n_eval=64,
        evaluate_every=1, bleu_order=4,
    )  # fmt: skip


def test_the_tunes_decide_settings(config: TrainConfig) -> None:
    settled = build.resolve_config(config)
    task = build.make_task(settled)
    assert isinstance(task, MusicTask)
    assert (settled.vocab_size, settled.sequence_length) == (91, 16)
    assert (settled.n_train, settled.n_test) == (len(task.train_data()), len(task.test_data()))
    assert build.resolve_config(make_config(config, music_form="keys")).vocab_size == 89
    with pytest.raises(ConfigError, match="corpus has changed"):
        build.make_task(config)
    with pytest.raises(ConfigError, match="corpus is empty"):
        build.resolve_config(make_config(config, corpus=""))
    assert build.make_corpus_task(settled) is build.make_corpus_task(settled)


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_every_strategy_runs_on_music(config: TrainConfig, strategy: str) -> None:
    settled = build.resolve_config(make_config(config, strategy=strategy))
    events = list(Trainer(settled, build.make_task(settled)).events())
    assert isinstance(events[-1], Finished)
    last = [event for event in events if isinstance(event, Evaluated)][-1]
    assert {"nll_test", "bleu_4", "mse"} <= set(last.metrics)
    assert len(last.followed[0]) == 16


def test_a_run_is_read_by_the_names_of_notes(config: TrainConfig) -> None:
    reader = reader_of(build.resolve_config(config))
    assert reader.text([C, HOLD, REST, E]) == "C4 – rest E4"
    assert (reader.unit, reader.end) == ("notes", None)


# Beside a BLEU


def test_baseline_rows() -> None:
    task = MusicTask(tiny_tunes(), 16)
    by_name = {row.name: row for row in finish(ceilings(task, (4,), 80, seed=1))}
    assert list(by_name) == ["real", "held out", "unigram", "bigram", "trigram"]
    assert by_name["held out"].references == len(task.test_data()) - 1
    for row in by_name.values():
        assert row.others["mse"].n == row.n
        assert row.others["mse"].mean >= 0
    whole = {row.name: row for row in finish(ceilings(task, (4,), 10_000, seed=1))}
    expected = nearest_error(task.test_data(), task.test_data(), leave_one_out=True).mean()
    assert whole["held out"].others["mse"].mean == pytest.approx(float(expected), rel=1e-5)
    assert whole["real"].others["mse"].mean == pytest.approx(
        float(nearest_error(task.train_data(), task.test_data()).mean()), rel=1e-5
    )
    assert whole["unigram"].others["mse"].mean > whole["real"].others["mse"].mean + 1


def test_a_model_of_music_is_measured() -> None:
    task = MusicTask(tiny_tunes(), 16)
    generator = generator_for(task)
    measurement = finish(measure(generator, task, 50, seed=2))
    assert measurement.others["mse"].shape == (50,)
    assert set(measurement.means()) == {
        "bleu_4", "mse", "in_key", "repeated", "nll_test", "self_bleu", "copied", "distinct_2",
        "distinct_3",
    }  # fmt: skip
    assert {"mse", "in_key", "repeated", "bleu_4", "nll_test"} == set(measurement.by_sentence())
    real = finish(ceilings(task, (4,), 1000, seed=2))[0]
    assert real.others["mse"].mean < measurement.means()["mse"]
    points = finish(frontier(generator, task, 20, 1, temperatures=(1.0,)))
    assert set(points[0].bleu) == {4}
    assert set(points[0].others) == {"mse", "in_key", "repeated"}


def test_the_vocabulary_is_that_of_a_model_to_start_from(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ShippedModel:
        words = words("eighths")

    monkeypatch.setattr(build, "load_shipped", lambda name: ShippedModel)
    assert build.make_music_task(make_config(config, start_from="m")).form == "eighths"
    with pytest.raises(ConfigError, match="other tokens than music_form=keys"):
        build.make_music_task(make_config(config, start_from="m", music_form="keys"))


def test_tempo_is_kept_for_listening() -> None:
    fast = tune([(60 + n % 3, n, 1) for n in range(8)], tempi=((0, 90.0),))
    assert fast.melody.bpm == pytest.approx(90)
    assert fast.melody.seconds == pytest.approx(4 * 60 / 90)
