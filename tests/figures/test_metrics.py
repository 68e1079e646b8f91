"""The table of metrics: what it says of each, and that what it names exists."""

from pkgutil import resolve_name

import pytest

from seqgan_core.figures.metrics import METRICS, metric_of


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_words_and_a_source_that_exists(name: str) -> None:
    metric = metric_of(name)
    assert metric.name == name
    assert len(metric.help) > 20
    assert callable(resolve_name(metric.source))


def test_axes_say_unit_and_direction() -> None:
    assert metric_of("nll_test").axis == "NLL_test, nats per token, lower is better"
    assert metric_of("self_bleu").axis == "self-BLEU, 1 means all alike"
    assert metric_of("in_key").axis == "Share in key"


def test_an_unknown_metric_keeps_its_name_and_has_no_direction() -> None:
    odd = metric_of("odd")
    assert (odd.title, odd.unit, odd.direction, odd.text(None)) == ("odd", "", "neither", "–")
