"""`sample`, `q-values` and `score`: the numbers they give."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.paper.bleu import Bleu
from seqgan_core.runs.open_checkpoint import open_checkpoint
from seqgan_core.runs.store import Store
from seqgan_core.training.build import make_task
from seqgan_core.training.config import make_config
from seqgan_core.training.setup.presets import preset
from tests.support.commands import (
    TINY,
    Command,
    T,
    V,
    assignments,
    refused,
    run_id_in,
    write_oracle,
)


def test_sample_gives_sequences_and_obeys_its_seed(cli_with_run: Command) -> None:
    run = run_id_in(cli_with_run)
    text = cli_with_run("sample", run, "-n", "4").out
    rows = [[int(token) for token in line.split()] for line in text.splitlines()]
    assert [len(row) for row in rows] == [T] * 4
    assert all(0 <= token < V for row in rows for token in row)
    document = cli_with_run("sample", run, "-n", "4", "--format", "json").json
    assert document["tokens"] == rows
    assert (document["run"], document["n"], document["temperature"]) == (run, 4, 1.0)
    assert cli_with_run("sample", run, "-n", "4", "--seed", "2", "--json").json["tokens"] != rows


def test_greedy_sampling_repeats_one_sequence(cli_with_run: Command) -> None:
    document = cli_with_run(
        "sample", run_id_in(cli_with_run), "-n", "5", "--temperature", "0", "--json"
    ).json
    assert len({tuple(row) for row in document["tokens"]}) == 1


def test_sample_reaches_back_to_an_earlier_checkpoint(cli_with_run: Command) -> None:
    run = run_id_in(cli_with_run)
    untrained = cli_with_run("sample", run, "--step", "0", "--json").json
    assert untrained["step"] == 0
    assert untrained["tokens"] != cli_with_run("sample", run, "--json").json["tokens"]


def test_sample_can_search_and_says_what_d_thinks_of_it(
    cli_with_run: Command, shared_home: Path
) -> None:
    run = run_id_in(cli_with_run)
    options = ("sample", run, "-n", "40", "--search", "8")
    document = cli_with_run(*options, "--json").json
    assert (document["search"], document["n"], document["seed"]) == (8, 40, 1)
    assert np.shape(document["tokens"]) == (40, T)
    checkpoint = open_checkpoint(Store(shared_home), run)

    def mean_score(tokens: list[list[int]]) -> float:
        assert checkpoint.discriminator is not None
        return float(checkpoint.discriminator.probability_real(torch.tensor(tokens)).mean())

    assert document["d_score"] == pytest.approx(mean_score(document["tokens"]), abs=1e-6)
    plain = cli_with_run("sample", run, "-n", "40", "--json").json
    assert not {"search", "d_score"} & set(plain)
    assert document["d_score"] > mean_score(plain["tokens"])
    lines = cli_with_run(*options).out.splitlines()
    assert [[int(token) for token in line.split()] for line in lines] == document["tokens"]


def test_a_run_without_d_cannot_search(cli: Command) -> None:
    run = cli("train", *assignments(), "--strategy", "mle", "--json").lines[-1]["run"]
    refused(cli("sample", run, "--search", "8"), "without a discriminator", "cannot think ahead")


@pytest.mark.parametrize("n", [1, 3, 16])
def test_q_is_exactly_the_mean_of_its_scores(cli_with_run: Command, n: int) -> None:
    run = run_id_in(cli_with_run)
    document = cli_with_run("q-values", run, "-n", str(n), "--json").json
    about = {"run", "step", "n", "seed", "reward"}
    assert set(document) == about | {"tokens", "q", "std_error", "scores"}
    assert (document["run"], document["n"], document["seed"]) == (run, n, 1)
    assert document["reward"] == "discriminator"
    q, scores = np.array(document["q"]), np.array(document["scores"])
    assert q.shape == (8, T)  # the followed sequences
    assert scores.shape == (8, T, n)
    assert np.array_equal(scores.mean(-1), q)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (scores[:, -1] == scores[:, -1, :1]).all()  # a finished sequence has one score
    if n == 1:
        assert document["std_error"][0] == [None] * (T - 1) + [0.0]
    else:
        expected = scores.std(-1, ddof=1) / n**0.5
        assert np.allclose(document["std_error"], expected, atol=1e-12)


def test_q_values_of_given_tokens(cli_with_run: Command, tmp_path: Path) -> None:
    run = run_id_in(cli_with_run)
    tokens = np.random.default_rng(0).integers(V, size=(3, T), dtype=np.int16)
    np.save(tmp_path / "tokens.npy", tokens)
    document = cli_with_run(
        "q-values", run, "--tokens", str(tmp_path / "tokens.npy"), "--json"
    ).json
    assert document["tokens"] == tokens.tolist()
    assert document["n"] == TINY["n_rollouts"]
    assert np.shape(document["q"]) == (3, T)
    assert len(cli_with_run("q-values", run).out.splitlines()) == 8


def test_q_of_a_sequence_does_not_depend_on_the_rest_of_the_batch(
    cli_with_run: Command, tmp_path: Path
) -> None:
    run = run_id_in(cli_with_run)
    all_eight = cli_with_run("q-values", run, "-n", "5", "--seed", "7", "--json").json
    np.save(tmp_path / "one.npy", np.array(all_eight["tokens"][3:4]))
    options = ("--tokens", str(tmp_path / "one.npy"), "--seed", "7", "--json")
    alone = cli_with_run("q-values", run, "-n", "5", *options).json
    assert alone["scores"] == all_eight["scores"][3:4]
    more = cli_with_run("q-values", run, "-n", "20", *options).json  # the first draws stay
    assert [t[:5] for t in more["scores"][0]] == alone["scores"][0]
    other_seed = cli_with_run("q-values", run, "-n", "5", "--seed", "8", "--json").json
    assert other_seed["scores"] != all_eight["scores"]


def test_q_of_a_constant_is_the_constant(cli_with_run: Command) -> None:
    document = cli_with_run(
        "q-values", run_id_in(cli_with_run), "--reward", "constant", "--json"
    ).json
    assert np.array_equal(document["q"], np.ones((8, T)))


def test_bleu_is_the_reward_of_a_run_that_was_trained_by_it(cli: Command) -> None:
    run = cli("train", *assignments(), "--strategy", "pg_bleu", "--json").lines[-1]["run"]
    document = cli("q-values", run, "--json").json
    assert document["reward"] == "bleu"
    config = make_config(preset("lesson"), **TINY)
    bleu = Bleu(make_task(config).train_data(), config.bleu_order, V)
    finished = bleu(torch.tensor(document["tokens"]))
    assert [row[-1] for row in document["q"]] == finished.tolist()
    constant = cli("q-values", run, "--reward", "constant", "--json").json
    assert np.array_equal(constant["q"], np.ones((8, T)))


def test_q_values_need_a_reward(cli: Command) -> None:
    run = cli("train", *assignments(), "--strategy", "mle", "--json").lines[-1]["run"]
    result = cli("q-values", run)
    assert result.status == 2
    assert "mle" in result.err
    by_d = cli("q-values", run, "--reward", "discriminator")
    assert by_d.status == 2
    assert "constant" in by_d.err
    assert cli("q-values", run, "--reward", "constant").status == 0
    assert cli("q-values", run, "--reward", "bleu").status == 0


def test_score_of_a_known_oracle(cli: Command, tmp_path: Path) -> None:
    oracle = write_oracle(tmp_path / "oracle.npz", logit=1.0)
    np.save(tmp_path / "tokens.npy", np.array([[0, 0, 0, 1]] * 3))
    total = np.log(np.e + V - 1)
    expected = (3 * (total - 1) + total) / 4
    files = ("--oracle", str(oracle), "--tokens", str(tmp_path / "tokens.npy"))
    result = cli("score", *files)
    assert result.status == 0
    assert float(result.out) == pytest.approx(expected, abs=1e-5)
    document = cli("score", *files, "--json").json
    assert document == {"nll": pytest.approx(expected, abs=1e-5), "n": 3, "length": 4}


def test_search_gives_the_roots_statistics(cli_with_run: Command) -> None:
    run = run_id_in(cli_with_run)
    options = ("search", run, "--prefix", "3 1", "--simulations", "12", "--json")
    document = cli_with_run(*options).json
    assert (document["run"], document["prefix"], document["simulations"]) == (run, [3, 1], 12)
    assert (document["exploration"], document["rollout_share"]) == (1.25, 1.0)
    actions = document["actions"]
    assert sum(action["visits"] for action in actions) == 12
    assert sum(action["prior"] for action in actions) == pytest.approx(1, abs=1e-4)
    assert sum(action["improved"] for action in actions) == pytest.approx(1, abs=1e-4)
    assert document["chosen"] in [action["action"] for action in actions]
    assert 0 <= document["left_out"] < 1
    assert document["by_search"]["tokens"][:3] == [3, 1, document["chosen"]]
    assert cli_with_run(*options).json == document
    assert cli_with_run(*options, "--seed", "2").json["value"] != document["value"]
    table = cli_with_run("search", run, "--prefix", "3 1", "--exploration", "8")
    assert "improved" in table.out
    assert "16 simulations scored by discriminator" in table.err
