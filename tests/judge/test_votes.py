"""Votes of the quiz: stored once, reported with their n, and libraries from before they existed."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from scipy.stats import beta, binom
from statsmodels.stats.multitest import multipletests

from seqgan_core.judge.significance import TooFewError
from seqgan_core.judge.vote_statistics import Tally, summarise_votes
from seqgan_core.runs.storage import schema
from seqgan_core.runs.store import Store, StoreError
from seqgan_core.runs.votes import (
    LONGEST,
    Vote,
    VoteRecord,
    add_vote,
    delete_votes,
    votes,
)
from seqgan_core.training.events import Evaluated
from tests.support.fake_trainer import TINY

ONE = Vote("poems", 7, "poems-seqgan", ("春眠不觉晓", "<b>\0\ud800 e\u0301"), 1, 0, "a")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def given(store: Store, **changes: Any) -> bool:
    return add_vote(store, replace(ONE, **changes))


# -- kept ------------------------------------------------------------------------------------------


def test_a_vote_comes_back_as_it_was_given(store: Store) -> None:
    assert votes(store) == []
    assert given(store)
    (record,) = votes(store)
    assert record.vote == ONE
    assert record.created.utcoffset() is not None
    assert votes(Store(store.home)) == [record]


def test_a_session_votes_once_in_a_round(store: Store) -> None:
    assert given(store)
    assert not given(store, chose=0, shown=("other", "texts"))
    assert [record.vote for record in votes(store)] == [ONE]  # the first answer stands
    assert given(store, session="b")
    assert given(store, round_seed=8)
    assert given(store, model="poems-mle")
    assert given(store, quiz="speech")
    assert len(votes(store)) == 5


def test_votes_are_found_counted_and_removed_by_what_they_are(store: Store) -> None:
    for seed in range(6):
        given(store, round_seed=seed, session="ab"[seed % 2], model="xyz"[seed // 2])
    given(store, quiz="speech")
    seeds = [record.vote.round_seed for record in votes(store, quiz="poems", session="a")]
    assert seeds == [0, 2, 4]
    assert votes(store, session="x' OR 1 --") == []
    assert delete_votes(store, quiz="poems", session="a") == 3
    assert (len(votes(store)), len(votes(store, session="a"))) == (4, 1)
    assert delete_votes(store, session="nobody") == 0
    assert delete_votes(store, quiz="poems") == 3
    assert delete_votes(store) == 1
    assert votes(store) == []
    before = given(store), votes(store)[0].id
    assert before == (True, 8)  # numbers are not given twice


def test_removed_votes_leave_the_runs(store: Store) -> None:
    run_id = store.create_run(TINY)
    given(store)
    delete_votes(store)
    assert [record.id for record in store.runs()] == [run_id]
    given(store)
    store.purge(run_id)
    assert len(votes(store)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quiz": ""}, "quiz is ''"),
        ({"model": "m" * 201}, "model is 'mmm"),
        ({"session": "a\nb"}, "session is"),
        ({"chose": 2}, "chose is 2"),
        ({"human": -1}, "human is -1"),
        ({"round_seed": 2**63}, "round_seed is"),
        ({"round_seed": -1}, "round_seed is -1"),
        ({"shown": ("one",)}, "2 texts"),
        ({"shown": ("x", "y" * (LONGEST + 1))}, "20,000 characters"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(
    store: Store, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        given(store, **changes)
    assert len(votes(store)) == 0


def at_once(n: int, act: Callable[[], object]) -> list[object]:
    results: list[object] = []

    def call() -> None:
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001  # shown by the caller
            results.append(error)

    threads = [threading.Thread(target=call) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_hasty_finger_votes_once(store: Store) -> None:
    assert sorted(map(str, at_once(8, lambda: given(store)))) == ["False"] * 7 + ["True"]
    assert len(votes(store)) == 1


# -- libraries from before -------------------------------------------------------------------------


def old_library(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, str]:
    """A library of version 1 with a run, as the program of then left it."""
    with monkeypatch.context() as then:
        then.setattr(schema, "_STEPS", schema._STEPS[:1])
        then.setattr(schema, "SCHEMA_VERSION", 1)
        store = Store(home)
    run_id = store.create_run(TINY, name="from before")
    metrics = {"nll_oracle": 3.5}
    store.append(run_id, [Evaluated(1, 0.5, 2, "adversarial", metrics, [[1, 2]])], 2.0)
    store.save_checkpoint(run_id, 1, {"w": torch.arange(4.0)}, {"step": 1})
    assert version_of(home) == 1
    assert "votes" not in tables_of(home)
    return store, run_id


def version_of(home: Path) -> int:
    return int(ask(home, "PRAGMA user_version")[0][0])


def tables_of(home: Path) -> dict[str, str]:
    """Every table and index with the SQL that made it."""
    return dict(ask(home, "SELECT name, sql FROM sqlite_master ORDER BY name"))


def ask(home: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(home / "runs.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_old_library_keeps_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, run_id = old_library(tmp_path / "old", monkeypatch)
    before = old.runs(), old.events(run_id), old.checkpoints(run_id)
    store = Store(tmp_path / "old")
    assert version_of(store.home) == 2
    assert (store.runs(), store.events(run_id), store.checkpoints(run_id)) == before
    assert torch.equal(store.checkpoint(run_id).tensors["w"], torch.arange(4.0))
    assert given(store)
    assert [record.vote for record in votes(store)] == [ONE]
    # A program of then that has it open goes on with its runs.
    old.set_status(run_id, "stopped")
    assert store.run(run_id).status == "stopped"


def test_old_and_new_libraries_are_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_library(tmp_path / "old", monkeypatch)
    Store(tmp_path / "old")
    Store(tmp_path / "new")
    assert version_of(tmp_path / "new") == schema.SCHEMA_VERSION == 2
    assert tables_of(tmp_path / "old") == tables_of(tmp_path / "new")
    for pragma in ("journal_mode", "auto_vacuum"):
        values = [ask(tmp_path / name, f"PRAGMA {pragma}") for name in ("old", "new")]
        assert values[0] == values[1]


def test_many_may_open_an_old_library_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _old, run_id = old_library(tmp_path, monkeypatch)
    names = at_once(12, lambda: Store(tmp_path).run(run_id).name)
    assert names == ["from before"] * 12


def test_a_step_that_fails_leaves_the_old_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, run_id = old_library(tmp_path, monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(schema, "_STEPS", (schema._STEPS[0], (*schema._STEPS[1], "CREATE nonsense")))
        with pytest.raises(StoreError, match="cannot be used"):
            Store(tmp_path)
    assert version_of(tmp_path) == 1
    assert "votes" not in tables_of(tmp_path)
    assert old.run(run_id).name == "from before"
    assert len(votes(Store(tmp_path))) == 0


def test_an_old_program_refuses_a_new_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(Store(tmp_path))
    monkeypatch.setattr(schema, "_STEPS", schema._STEPS[:1])
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 1)
    with pytest.raises(StoreError, match="version 2, and this program reads"):
        Store(tmp_path)


# -- what they say ---------------------------------------------------------------------------------


def made_up(model: str, right: int, wrong: int, people: int = 1) -> list[Vote]:
    return [
        replace(
            ONE, model=model, round_seed=i, human=i % 2, chose=(i + (i >= right)) % 2,
            session=f"s{i % people}",
        )
        for i in range(right + wrong)
    ]  # fmt: skip


def test_what_ten_votes_say() -> None:
    tally = summarise_votes(made_up("m", right=9, wrong=1, people=3)).all
    assert (tally.n, tally.recognised, tally.sessions) == (10, 9, 3)
    assert (tally.share, tally.score) == (0.9, 0.1)
    assert tally.p == pytest.approx(2 * (10 + 1) / 2**10)  # 9 or 10 right, or 9 or 10 wrong
    assert tally.low == pytest.approx(beta.ppf(0.025, 9, 2))
    assert tally.high == pytest.approx(beta.ppf(0.975, 10, 1))


def test_the_interval_and_the_test_agree() -> None:
    leaves_out = []
    for n in range(1, 26):
        for right in range(n + 1):
            tally = summarise_votes(made_up("m", right, n - right)).all
            tails = binom.cdf(min(right, n - right), n, 0.5) * 2
            assert tally.p == pytest.approx(min(1, tails))
            assert tally.low <= tally.share <= tally.high
            assert (tally.p < 0.05) == (not tally.low <= 0.5 <= tally.high)
            leaves_out.append(tally.p < 0.05)
    assert any(leaves_out)
    assert not all(leaves_out)


def test_each_model_has_its_own_tally() -> None:
    summary = summarise_votes(
        [*made_up("mle", 14, 2), *made_up("seqgan", 8, 8), *made_up("other", 12, 3)]
    )
    assert list(summary.by_model) == ["mle", "other", "seqgan"]
    assert (summary.all.n, summary.all.recognised) == (47, 34)
    assert [tally.n for tally in summary.by_model.values()] == [16, 15, 16]
    mle, second, seqgan = summary.by_model.values()
    assert seqgan.score == 0.5
    assert (seqgan.p, seqgan.p_holm) == (1, 1)
    expected = multipletests([mle.p, second.p, seqgan.p], method="holm")[1]
    assert [mle.p_holm, second.p_holm, seqgan.p_holm] == pytest.approx(list(expected))
    assert mle.p_holm == pytest.approx(3 * mle.p)  # the smallest of three
    assert summary.all.p_holm == summary.all.p


def test_one_vote_says_little() -> None:
    tally: Tally = summarise_votes(made_up("m", 1, 0)).all
    assert (tally.n, tally.share, tally.p) == (1, 1, 1)
    assert tally.low == pytest.approx(0.025)
    assert tally.high == 1


def test_no_vote_says_so() -> None:
    with pytest.raises(TooFewError, match="no votes yet"):
        summarise_votes([])


def test_from_the_library_to_the_result(store: Store) -> None:
    for vote in made_up("m", 3, 1):
        add_vote(store, vote)
    records: list[VoteRecord] = votes(store, quiz="poems")
    assert summarise_votes(record.vote for record in records).all.recognised == 3
