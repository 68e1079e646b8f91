"""The one library that the browser tests look at, and the models that ship with it."""

import itertools
from pathlib import Path

import pytest

from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import make_config
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import PRESETS
from tests.pages.test_exposure import CONFIG
from tests.pages.test_exposure import trained as trained_with_all_checkpoints
from tests.support.made_up.run import made_up_events
from tests.support.paths import ROOT
from tests.support.tiny.configs import SMALL
from tests.support.tiny.text_models import ship_all
from tests.support.tiny.trained_run import trained
from tests.support.tiny.tune_models import ship_all_tunes

SMALL_RUN, FIRST, SECOND, DAMAGED, POEMS, SPEECH = (
    "a small run", "first", "second", "damaged", "poems", "speech",
)  # fmt: skip

_LINES = itertools.product("春江花月", "山水风雨", "日夜", "明光", "天地")
_POEMS = "\n".join(f"{a}{b}{c}，{d}{e}{a}。" for a, b, c, d, e in _LINES)
_WORDS = itertools.permutations(["we", "will", "work", "for", "responsibilities"])
_SPEECH = "\n".join(" ".join(words[: 3 + index % 3]) + "." for index, words in enumerate(_WORDS))


def make_library(folder: Path) -> None:
    """Fills `folder`/models with small models of texts and tunes, and `folder`/home.

    The library `home` has those texts and tunes, what is recorded, a made-up recorded run, a small
    run, two of one oracle for exposure bias, the second once more with a damaged last checkpoint,
    and a run each on verse and on sentences. All but one were really trained.
    """
    home, models = folder / "home", folder / "models"
    models.mkdir()
    prepare_cpu()
    ship_all(home, models)
    ship_all_tunes(home, models)
    store = Store(home)
    for bundle in sorted((ROOT / "assets" / "recorded").glob("*.zip")):
        import_bundle(store, bundle, status="recorded")  # else each server would do that at first
    recorded = store.create_run(
        PRESETS["glance"], preset="glance", name="recorded before", status="recorded"
    )
    store.append(recorded, made_up_events(), 12.0)
    trained(home, SMALL_RUN)
    trained_with_all_checkpoints(store, CONFIG, FIRST)
    for name in (SECOND, DAMAGED):
        trained_with_all_checkpoints(store, make_config(CONFIG, seed=2, rounds=1), name)
    file = last_checkpoint(store, run_named(home, DAMAGED))
    file.write_bytes(file.read_bytes()[:200])
    _train_on_texts(store)


def _train_on_texts(store: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", str(store.home))
        texts = {
            POEMS: add_upload(UserText(_POEMS, "Tiny verse", Options("characters", 6))),
            SPEECH: add_upload(UserText(_SPEECH, "Tiny talk", Options("words", 6))),
        }
        for task, corpus in texts.items():
            config = resolve_config(
                make_config(PRESETS["glance"], **SMALL | {"task": task, "corpus": corpus.name})
            )
            drive(store, store.create_run(config, preset="glance", name=task))


def run_named(home: Path, name: str) -> str:
    return next(record.id for record in Store(home).runs() if record.name == name)


def last_checkpoint(store: Store, run_id: str) -> Path:
    last = store.checkpoints(run_id)[-1].step
    (file,) = store.checkpoint_folder(run_id).glob(f"*{last}.safetensors")
    return file
