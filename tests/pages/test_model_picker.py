"""What the screens that look inside share: the choice of a model, waiting, the address."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqgan_core.insight.jobs import Job
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.store import Store
from tests.pages.conftest import PATIENCE
from tests.support.screen import address_values


def picking() -> None:
    import streamlit as st

    from pages.ui.common.run.model_picker import pick_model

    picked = pick_model()
    st.text("none" if picked is None else f"{picked.record.id} {picked.step}")


@pytest.fixture
def script(store: Store) -> Callable[..., AppTest]:
    """Runs a function as a page, with an address."""

    def run(function: Callable[[], None], **address: str) -> AppTest:
        test = AppTest.from_function(function, default_timeout=PATIENCE)
        for name, value in address.items():
            test.query_params[name] = value
        return test.run()

    return run


def test_a_model_is_chosen_by_the_address(
    script: Callable[..., AppTest], store: Store, small_runs: dict[str, Path]
) -> None:
    """And of another run the newest is shown."""
    seqgan, mle = (import_bundle(store, small_runs[strategy]) for strategy in ("seqgan", "mle"))
    steps = [record.step for record in store.checkpoints(seqgan)]
    test = script(picking, run=seqgan, step=str(steps[2]))
    assert test.text[0].value == f"{seqgan} {steps[2]}"
    test.select_slider[0].set_value(steps[4]).run()
    assert test.text[0].value == f"{seqgan} {steps[4]}"
    assert address_values(test, "step") == [str(steps[4])]
    odd = script(picking, run=seqgan, step="7777")
    assert "7777" in odd.warning[0].value
    assert odd.text[0].value == f"{seqgan} {steps[-1]}"

    test.selectbox[0].set_value(mle).run()
    newest = max(record.step for record in store.checkpoints(mle))
    assert test.text[0].value == f"{mle} {newest}"


@pytest.mark.usefixtures("recorded_runs")
def test_without_a_choice_it_is_a_recorded_run_with_a_discriminator(
    script: Callable[..., AppTest], store: Store
) -> None:
    test = script(picking)
    shown = store.run(test.text[0].value.split()[0])
    assert (shown.status, shown.preset, shown.config.strategy) == ("recorded", "lesson", "seqgan")


def waiting_for_both() -> None:
    import streamlit as st

    from pages.ui.common.background_job import result
    from tests.pages.test_model_picker import fails, works

    st.text(f"first {result(('works',), works, 'working')}")
    st.text(f"second {result(('fails',), fails, 'failing')}")


def works() -> Job[int]:
    yield 0.5
    return 42


def fails() -> Job[int]:
    yield 0.5
    from seqgan_core.runs.store import StoreError

    raise StoreError("checkpoint.damaged", "checkpoint 3 is damaged; use another: 4")


@pytest.mark.usefixtures("background_jobs")
def test_one_failure_leaves_the_rest_of_the_page(script: Callable[..., AppTest]) -> None:
    test = script(waiting_for_both)
    for _ in range(50):
        if test.error:
            break
        test.run()
    assert [text.value for text in test.text] == ["first 42", "second None"]
    assert test.error[0].value == "Checkpoint 3 is damaged; use another: 4."
    test.button[0].click().run()
    assert not test.exception


OPEN = threading.Event()  # lets the job end


def waiting_for_one() -> None:
    import streamlit as st

    from pages.ui.common.background_job import result
    from tests.pages.test_model_picker import gated

    st.text(f"it is {result(('gated',), gated, 'counting')}")


def gated() -> Job[int]:
    yield 0.25
    assert OPEN.wait(600)
    return 42


@pytest.mark.usefixtures("background_jobs")
def test_a_long_job_shows_how_far_it_is_and_then_its_result(script: Callable[..., AppTest]) -> None:
    from pages.ui.common import session

    OPEN.clear()
    test = script(waiting_for_one)
    assert [bar.proto.text for bar in test.get("progress")] == ["counting"]
    OPEN.set()
    assert session.lab().jobs.wait(("gated",), gated, 600).result == 42
    test.run()
    assert test.text[0].value == "it is 42"
    assert not test.get("progress")


def reading_the_address() -> None:
    import streamlit as st

    from pages.ui.common import url_state as address

    n = address.number("n", 16, 1, 64)
    scale = address.one_of("scale", ["row", "batch"], "row")
    st.text(f"{n} {scale}")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({}, "16 row"),
        ({"n": "5", "scale": "batch"}, "5 batch"),
        ({"n": "999", "scale": "nonsense"}, "64 row"),
        ({"n": "-3"}, "16 row"),
        ({"n": "1e9"}, "16 row"),
        ({"n": "²"}, "16 row"),
    ],
)
def test_odd_values_in_the_address_do_no_harm(
    script: Callable[..., AppTest], given: dict[str, str], read: str
) -> None:
    assert script(reading_the_address, **given).text[0].value == read
