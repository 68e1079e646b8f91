from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.exposure import models as exposure_models
from pages.ui.exposure.models import why_not
from pages.ui.exposure.settings import sizes_for
from seqgan_core.insight.exposure import divergence
from seqgan_core.insight.exposure.perturbation import perturb_and_continue
from seqgan_core.insight.exposure.summary import mean
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.training.config import TrainConfig, make_config, parse_changes
from seqgan_core.training.events import CheckpointDue
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import PRESETS
from seqgan_core.training.trainer import Trainer
from tests.pages.conftest import TINY
from tests.support.screen import address, figures, html, opened, settled, text

App = Callable[..., AppTest]
VIEWS = {"nll": "exposure-nll", "prefixes": "exposure-kl", "perturbation": "exposure-recovery"}
CHOICES = ("n", "seed", "k", "wound", "kl")
CONFIG = make_config(PRESETS["glance"], **parse_changes(TINY))


def trained(store: Store, config: TrainConfig, name: str) -> str:
    """A run that was really trained, with all its checkpoints."""
    run_id, trainer = store.create_run(config, name=name, status="finished"), Trainer(config)
    for event in trainer.events():
        if isinstance(event, CheckpointDue):
            store.append(run_id, [event], 1.0)  # where a checkpoint stands is read from events
            store.save_checkpoint(run_id, event.step, trainer.state(), dict(trainer.counters))
    return run_id


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Small runs, trained once, to be brought into each test's library."""
    prepare_cpu()  # as the app does
    store = Store(tmp_path_factory.mktemp("trained"))
    configs = {
        "adversarial": CONFIG,
        "other seed": make_config(CONFIG, seed=2, rounds=1),
        "only MLE": make_config(CONFIG, strategy="mle", rounds=0),
        "untrained": make_config(CONFIG, strategy="random"),
        "other truth": make_config(CONFIG, oracle_seed=5, rounds=0),
    }
    exported = {}
    for name, config in configs.items():
        file = BytesIO()
        export_bundle(store, trained(store, config, name), file)
        exported[name] = file.getvalue()
    return exported


@pytest.fixture
def bring(store: Store, bundles: dict[str, bytes]) -> Callable[[str], str]:
    """Brings one of the trained runs into the library; returns its id."""
    return lambda name: import_bundle(store, BytesIO(bundles[name]))


def lines(figure: dict[str, Any]) -> dict[str, list[float]]:
    return {t["name"]: t["y"] for t in figure["data"] if t.get("showlegend", True)}


def steps(store: Store, run_id: str) -> list[int]:
    return [record.step for record in store.checkpoints(run_id)]


def test_it_shows_what_the_core_finds(app: App, bring: Callable[[str], str], store: Store) -> None:
    run_id = bring("adversarial")
    link = {"run": run_id, "seed": "7", "k": "2", "kl": "reverse"}
    test = settled(app(navigation.EXPOSURE, **link))
    last = steps(store, run_id)[-1]
    models, design = Models(store), divergence.Design(run_id, 64, 7)

    def of(study: Any, place: tuple[str, int] | None = (run_id, last)) -> Any:
        return finish(divergence.study_model(models, design, place, study))

    apart = of(divergence.diverge)
    gap, both = (lines(figure) for figure in figures(test)["exposure-kl"])
    name = "SeqGAN (round 2)"
    assert both[f"{name} · real prefixes"] == pytest.approx(
        apart.forced["reverse"].mean(0), abs=1e-4
    )
    assert both[f"{name} · own prefixes"] == pytest.approx(apart.free["reverse"].mean(0), abs=1e-4)
    assert gap[name] == pytest.approx(apart.gap("reverse").mean, abs=1e-4)
    assert gap[name][0] == 0
    assert text(test).count("What to notice now.") == 1
    assert "disputed" in text(test)  # the caveat stands there unasked

    test = settled(app(navigation.EXPOSURE, **link, view="nll"))
    wrote, floor = of(divergence.nll_by_position), of(divergence.nll_by_position, None)
    writing, reading = (lines(figure) for figure in figures(test)["exposure-nll"])
    name = "SeqGAN (round 2)"
    assert list(writing) == ["real data", "MLE", name]
    assert writing[name] == pytest.approx(wrote.own.mean(0), abs=1e-4)
    assert writing["real data"] == pytest.approx(floor.real.mean(0), abs=1e-4)
    assert reading[name] == pytest.approx(wrote.real.mean(0), abs=1e-4)

    late = mean(divergence.difference_of_means(wrote.own[:, -1], floor.real[:, -1]))
    assert str(late) in text(test)  # in the table, not in the notice
    assert "n = 64 sequences" in text(test)
    shown = text(opened(test, "exposure-nll"))
    assert f"{wrote.own.mean(0)[3]:.3f} ±" in shown  # the text alternative has the number

    test = settled(app(navigation.EXPOSURE, **link, view="perturbation"))
    study = partial(perturb_and_continue, k=2, kind="random")
    perturbed, oracle = of(study), of(study, None)
    excess, beyond = (lines(figure) for figure in figures(test)["exposure-recovery"])
    assert excess[name] == pytest.approx(perturbed.excess.mean(0), abs=1e-4)
    assert excess["oracle"] == pytest.approx(oracle.excess.mean(0), abs=1e-4)
    assert beyond[name] == pytest.approx(perturbed.beyond(oracle).mean(0), abs=1e-4)
    assert np.abs(perturbed.excess.mean(0)).max() > 0  # else nothing was compared

    assert f"✕ {perturbed.examples[0].perturbed[1]}" in text(test)


def test_a_link_holds_every_setting(app: App, bring: Callable[[str], str]) -> None:
    run_id = bring("adversarial")
    test = settled(
        app(
            navigation.EXPOSURE, run=run_id, n="64", seed="9", k="4", wound="unlikely",
            kl="reverse", view="perturbation",
        )
    )  # fmt: skip
    assert test.slider(key=f"exposure-k-{run_id}").value == 4
    assert "perturbed at position 4" in text(test)
    assert address(test, *CHOICES) == {
        "seed": "9", "k": "4", "wound": "unlikely", "kl": "reverse",
    }  # fmt: skip
    test.slider(key=f"exposure-k-{run_id}").set_value(2)
    settled(test.run())
    assert address(test)["k"] == "2"
    assert "perturbed at position 2" in text(test)


def test_bad_values_in_a_link_fall_back(app: App, bring: Callable[[str], str]) -> None:
    run_id = bring("adversarial")
    test = settled(
        app(
            navigation.EXPOSURE, run=run_id, n="7", seed="-1", k="99", wound="x",
            view="perturbation",
        )
    )  # fmt: skip
    assert address(test, *CHOICES) == {"k": "4"}
    assert test.segmented_control(key="exposure-kind").value == "random"
    test = settled(app(navigation.EXPOSURE, run=run_id, kl="sideways", view="x"))
    assert address(test, "kl", "view") == {}
    assert "exposure-kl" in figures(test)


def test_runs_are_added_and_distinguished(app: App, bring: Callable[[str], str]) -> None:
    run_id, other_seed, mle = bring("adversarial"), bring("other seed"), bring("only MLE")
    link = {"run": run_id, "with": [other_seed, mle]}
    test = settled(app(navigation.EXPOSURE, **link, view="nll"))
    names = list(lines(figures(test)["exposure-nll"][0]))
    expected = ["real data", "MLE", "SeqGAN (round 2)", "SeqGAN (round 1)", "MLE (2 epochs)"]
    assert names == expected
    assert not test.warning
    test = settled(app(navigation.EXPOSURE, **link))
    test.multiselect[0].set_value([other_seed])
    settled(test.run())
    assert list(lines(figures(test)["exposure-kl"][0])) == names[1:4]
    assert test.query_params["with"] in (other_seed, [other_seed])


def test_incomparable_runs_are_explained(app: App, bring: Callable[[str], str]) -> None:
    run_id, other_oracle = bring("adversarial"), bring("other truth")
    test = settled(
        app(navigation.EXPOSURE, run=run_id, **{"with": [other_oracle, "seqgan-nowher"]})
    )
    warnings = " ".join(warning.value for warning in test.warning)
    assert "other truth cannot be compared with this run: its oracle has seed 5" in warnings
    assert "no run seqgan-nowher" in warnings
    settled(test.run())
    assert "no run seqgan-nowher" in " ".join(w.value for w in test.warning)  # it stays to be read


def test_a_damaged_checkpoint_is_reported_and_the_rest_continues(
    app: App, bring: Callable[[str], str], store: Store
) -> None:
    run_id, damaged = bring("adversarial"), bring("other seed")
    last = steps(store, damaged)[-1]
    (file,) = store.checkpoint_folder(damaged).glob(f"*{last}.safetensors")
    file.write_bytes(b"nothing of use")
    for view, key in VIEWS.items():
        test = settled(app(navigation.EXPOSURE, run=run_id, view=view, **{"with": [damaged]}))
        assert len(test.error) == 1
        assert str(last) in test.error[0].value
        assert "damaged" in test.error[0].value
        assert "SeqGAN (round 2)" in str(lines(figures(test)[key][0]))
        assert "Traceback" not in html(test)


def test_the_runs_own_damaged_checkpoint_leaves_mle(
    app: App, bring: Callable[[str], str], store: Store
) -> None:
    run_id = bring("adversarial")
    last = steps(store, run_id)[-1]
    (file,) = store.checkpoint_folder(run_id).glob(f"*{last}.safetensors")
    file.write_bytes(file.read_bytes()[:-50])
    test = settled(app(navigation.EXPOSURE, run=run_id, view="perturbation"))
    assert len(test.error) == 1
    assert set(lines(figures(test)["exposure-recovery"][1])) - {"recovered"} == {"MLE"}


def test_checkpoints_of_every_kind(app: App, bring: Callable[[str], str], store: Store) -> None:
    run_id = bring("adversarial")
    names = {}
    for record in store.checkpoints(run_id):
        link = {"run": run_id, "step": str(record.step), "view": "nll"}
        test = settled(app(navigation.EXPOSURE, **link))
        names[record.epoch] = list(lines(figures(test)["exposure-nll"][1]))[1:]
    assert names[1.0] == ["MLE", "MLE (epoch 1)"]
    assert names[2.0] == ["MLE"]  # and D's first training leaves G as it is
    assert names[3.0] == ["MLE", "SeqGAN (round 1)"]


def test_runs_without_mle_or_with_nothing_else(app: App, bring: Callable[[str], str]) -> None:
    test = settled(app(navigation.EXPOSURE, run=bring("untrained")))
    assert "This run has no MLE phase" in text(test)
    assert list(lines(figures(test)["exposure-kl"][0])) == ["Random"]
    test = settled(app(navigation.EXPOSURE, run=bring("only MLE")))
    assert list(lines(figures(test)["exposure-kl"][0])) == ["MLE"]
    assert "no MLE" not in text(test)


def test_where_mles_end_was_not_kept_it_says_so(
    app: App, bundles: dict[str, bytes], store: Store, tmp_path: Path
) -> None:
    away = Store(tmp_path / "away")
    run_id = import_bundle(away, BytesIO(bundles["adversarial"]))
    file = BytesIO()
    export_bundle(away, run_id, file, steps=steps(away, run_id)[-1:])
    import_bundle(store, BytesIO(file.getvalue()))
    test = settled(app(navigation.EXPOSURE, run=run_id))
    assert "has no checkpoint from the end of MLE" in text(test)
    assert list(lines(figures(test)["exposure-kl"][0])) == ["SeqGAN (round 2)"]


def test_without_an_oracle_it_says_what_cannot_be_measured(
    app: App, bring: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = bring("adversarial")
    monkeypatch.setattr(exposure_models, "has_oracle", lambda config: False)
    monkeypatch.setattr(divergence, "oracle_of", lambda task: None)
    test = settled(app(navigation.EXPOSURE, run=run_id))
    (reading,) = figures(test)["exposure-nll"]
    assert list(lines(reading)) == ["MLE", "SeqGAN (round 2)"]
    assert "No oracle" in text(test)
    assert not test.error
    assert "exposure-kl" not in figures(test)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"seed": 9, "rounds": 0}, ""),
        ({"vocab_size": 21}, "vocabulary has 21 tokens, not 20"),
        ({"sequence_length": 6}, "sequences have 6 tokens, not 5"),
        ({"oracle_path": "x.npz"}, "another oracle"),
        ({"oracle_seed": 4}, "seed 4, not 1"),
        ({"oracle_hidden_size": 16}, "another size"),
        ({"n_train": 128}, "its 128 training sequences include some"),
        ({"n_train": 32}, ""),
    ],
)
def test_why_two_runs_cannot_be_compared(
    store: Store, bring: Callable[[str], str], changes: dict[str, Any], reason: str
) -> None:
    shown = store.run(bring("adversarial"))
    record = store.run(bring("other seed"))
    values = vars(record) | {"config": make_config(record.config, **changes)}
    answer = why_not(shown, RunRecord(**values))
    assert reason in answer
    assert bool(answer) == bool(reason)


def test_sizes_never_go_beyond_what_is_held_out() -> None:
    assert sizes_for(5000) == [500, 1000, 2000, 5000]
    assert sizes_for(200_000) == [500, 1000, 2000, 5000]
    assert sizes_for(700) == [500, 700]
    assert sizes_for(64) == [64]
