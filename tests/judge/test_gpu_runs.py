"""Runs of a GPU are looked at on the CPU: nothing is mixed, and the GPU is left to training."""

from pathlib import Path

import pytest
import torch

from seqgan_core.cli.models import publish
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.continuation import ContinuationRequest, continue_prefix
from seqgan_core.insight.writing.samples import SampleRequest, draw_samples, real_scores
from seqgan_core.judge import comparison
from seqgan_core.judge.comparison import compare_runs
from seqgan_core.judge.sweeps.plan import Planned
from seqgan_core.judge.verify.models import check_model
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.model_files import read_model
from tests.gpu.pretended_device import PretendedDevice, pretended
from tests.support.tiny.configs import small_config
from tests.support.tiny.tune_models import keep_tunes, music_config

BRIEF = {"pretrain_epochs": 1, "rounds": 1, "evaluate_every": 10, "checkpoint_every": 10}


def trained(store: Store, config: TrainConfig) -> RunRecord:
    record = drive(store, store.create_run(resolve_config(config)))
    assert record.status == "finished", record.reason
    return record


def key_of(store: Store, record: RunRecord) -> str:
    return f"{record.id}@{max(point.step for point in store.checkpoints(record.id))}"


def compared(models: Models, *records: RunRecord, samples: int = 100) -> None:
    runs = {Planned(record.id, record.config): record for record in records}
    report = finish(compare_runs(models, runs, samples))
    assert sum(len(row.results) for row in report.rows) == len(records)
    assert report.versions.device.startswith("CPU")


@pytest.fixture
def short_frontier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "FRONTIER_SAMPLES", 100)


def no_work_since(at: PretendedDevice, calls: int) -> None:
    assert at.calls.total() == calls, "a job that looks at a model computed on the GPU"


def test_a_tune_model_of_a_gpu(tune_models: Models, tmp_path: Path, short_frontier: None) -> None:
    store = tune_models.store
    config = music_config(keep_tunes(), strategy="mle", device="auto", **BRIEF)
    with pretended() as at:
        record = trained(store, config)
        assert record.device == "Pretended, 140 GiB"
        key, calls = key_of(store, record), at.calls.total()

        # a D that ships judges what the run of a GPU samples
        request = SampleRequest(key, 2, 1, colour="q", rollouts=2)
        samples = finish(draw_samples(tune_models, request))
        assert samples.judge == "Small tunes, SeqGAN"
        assert samples.values is not None
        assert samples.values.isfinite().all()
        assert finish(real_scores(tune_models, samples)) is not None
        on = finish(continue_prefix(tune_models, ContinuationRequest(key, (41, 90, 43), 4, 1)))
        assert on.scores is not None

        publish(record.id, "of-a-gpu", "T", "c", None, tmp_path, store.home)
        path = tmp_path / "of-a-gpu.safetensors"
        assert read_model(path).card.machine.startswith("Pretended")
        check = check_model(path)
        assert check.n > 10
        assert not check.differences
        compared(tune_models, record)
        no_work_since(at, calls)


def test_a_run_of_a_cpu_beside_one_of_a_gpu(tmp_path: Path, short_frontier: None) -> None:
    store = Store(tmp_path / "home")
    small = small_config(n_train=32, n_test=16, n_rollouts=2, **BRIEF)
    with pretended() as at:
        gpu = trained(store, small.model_copy(update={"device": "auto", "strategy": "mle"}))
        calls = at.calls.total()
        cpu = trained(store, small)
        compared(Models(store), cpu, gpu)
        no_work_since(at, calls)
        checkpoint = Models(store).at(*_run_and_step(store, gpu))
        assert checkpoint.device == torch.device("cpu")


def _run_and_step(store: Store, record: RunRecord) -> tuple[str, int]:
    run_id, _, step = key_of(store, record).partition("@")
    return run_id, int(step)
