"""Votes of the quiz "Which one is real?", stored in the library with the runs.

A round shows a real text and a model's, in an order drawn by the round's seed. A session, one visit
of one browser, votes once in a round: after the answer a second vote would say nothing.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seqgan_core.runs.records import StoreError, from_json, to_json
from seqgan_core.runs.store import Store

LONGEST = 20_000  # characters in each text, at most
NAME = 200  # characters in the name of a quiz, a model, a session, at most


@dataclass(frozen=True)
class Vote:
    """One answer."""

    quiz: str  # its task, such as "poems"
    round_seed: int  # of the draws, 0..2^63 - 1
    model: str  # the key of the model
    shown: tuple[str, str]  # the two texts in the order shown
    chose: int  # which of them was taken for real, 0 or 1
    human: int  # which of them is real
    session: str  # a random name of one visit


@dataclass(frozen=True)
class VoteRecord:
    """A stored vote, with its number and time."""

    id: int
    created: datetime
    vote: Vote


def add_vote(store: Store, vote: Vote) -> bool:
    """Store the vote; returns False and changes nothing if its session already voted in this round.

    Raises:
        StoreError: a value is out of its range, or the library cannot be written.
    """
    _check(vote)
    with store.database.writing() as connection:
        added = connection.execute(
            "INSERT INTO votes (created, quiz, round_seed, model, shown, chose, human, session) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (time.time(), vote.quiz, vote.round_seed, vote.model, to_json(vote.shown),
             vote.chose, vote.human, vote.session),
        )  # fmt: skip
        return added.rowcount == 1


def votes(store: Store, *, quiz: str | None = None, session: str | None = None) -> list[VoteRecord]:
    """The votes, oldest first: all, or those of a quiz, a session."""
    where, values = _where(quiz=quiz, session=session)
    with store.database.reading() as connection:
        rows = connection.execute(f"SELECT * FROM votes{where} ORDER BY id", values).fetchall()
    return [_record(row) for row in rows]


def delete_votes(store: Store, *, quiz: str | None = None, session: str | None = None) -> int:
    """Delete for good the votes that `votes` lists; returns how many there were."""
    where, values = _where(quiz=quiz, session=session)
    with store.database.writing() as connection:
        removed = connection.execute(f"DELETE FROM votes{where}", values).rowcount
    if removed:
        store.database.shrink()
    return removed


def _where(**filters: str | None) -> tuple[str, tuple[str, ...]]:
    given = {name: value for name, value in filters.items() if value is not None}
    conditions = " AND ".join(f"{name} = ?" for name in given)  # names are this program's own
    return f" WHERE {conditions}" if given else "", tuple(given.values())


def _record(row: Any) -> VoteRecord:
    first, second = from_json(row["shown"])
    vote = Vote(
        row["quiz"], row["round_seed"], row["model"], (first, second),
        row["chose"], row["human"], row["session"],
    )  # fmt: skip
    return VoteRecord(row["id"], datetime.fromtimestamp(row["created"], UTC), vote)


def _check(vote: Vote) -> None:
    for name in ("quiz", "model", "session"):
        value = getattr(vote, name)
        if not 1 <= len(value) <= NAME or not value.isprintable():
            raise StoreError("vote.name", name=name, value=value[:60], most=NAME)
    for name, most in (("chose", 1), ("human", 1), ("round_seed", 2**63 - 1)):
        value = getattr(vote, name)
        if not 0 <= value <= most:
            raise StoreError("vote.number", name=name, value=value, most=most)
    if len(vote.shown) != 2 or max(map(len, vote.shown)) > LONGEST:
        raise StoreError("vote.texts", most=LONGEST)
