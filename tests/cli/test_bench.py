"""`bench`: every step, both ways."""

import sys

import pytest

from tests.support.commands import Command, V, assignments, refused


def test_bench_measures_every_step_both_ways(cli: Command) -> None:
    result = cli("bench", "--repeats", "2", "--json", *assignments(batch_size=8))
    assert result.status == 0
    report = result.json
    assert report["threads"] == 1
    assert report["sizes"]["vocab_size"] == V
    names = ["mle_step", "sample", "reward", "bleu", "generator_step", "discriminator_step"]
    ahead = ["actor_critic", "tree_search_0", "tree_search_0.5"]
    assert list(report["steps"]) == names + ahead
    for name, step in report["steps"].items():
        assert step["repeats"] == 2
        assert 0 < step["fastest_seconds"] <= step["median_seconds"]
        if name in ahead:
            whole = report["steps"]["generator_step"]["median_seconds"]
            assert step["of_generator_step"] == pytest.approx(step["median_seconds"] / whole)
            assert step["textbook"] is None
            continue
        ratio = step["textbook"]["median_seconds"] / step["median_seconds"]
        assert step["speed_up"] == pytest.approx(ratio)
        assert step["of_floor"] == pytest.approx(step["floor_seconds"] / step["median_seconds"])
    assert report["processor"]
    assert report["float32_flops"] > 1e8
    if sys.platform == "linux":
        assert report["steps"]["reward"]["peak_bytes"] > 1e6


def test_bench_without_the_textbook_way(cli: Command) -> None:
    result = cli("bench", "--repeats", "1", "--no-textbook", *assignments(batch_size=8))
    assert result.status == 0
    assert "reward of 8 sequences, 2 roll-outs" in result.out
    assert " GFLOP/s" in result.out
    assert "× SeqGAN's full generator step" in result.out


def test_bench_refuses_no_repeats(cli: Command) -> None:
    refused(cli("bench", "--repeats", "0"), "--repeats", "greater than or equal to 1")
