"""Rows to compare a BLEU with: each number is the one measured by hand on the text it names."""

from dataclasses import replace

import pytest

from seqgan_core.insight.jobs import finish
from seqgan_core.judge import ceilings as room
from seqgan_core.judge.ceilings import TextMeasure
from seqgan_core.judge.report import Ceiling
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.copying import CopyIndex
from seqgan_core.tasks.corpus import TextCorpus
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.text.task import TextTask
from tests.support.tiny.texts import tiny_speech, tiny_verse

NAMES = ["real", "held out", "unigram", "bigram", "trigram"]


def ceilings(task: CorpusTask, orders: tuple[int, ...], n: int, seed: int) -> list[Ceiling]:
    return finish(room.ceilings(task, orders, n, seed))


def test_real_text_and_n_gram_models() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    rows = ceilings(task, (2, 3), 50, seed=4)
    assert [row.name for row in rows] == NAMES
    assert [row.n for row in rows] == [50, 20, 50, 50, 50]
    assert [row.references for row in rows] == [20, 19, 20, 20, 20]
    assert [row.varied for row in rows] == [50, 20, 50, 50, 50]
    assert rows[0].copied is None
    for row in rows:
        for order in (2, 3):
            summary = row.bleu[order]
            assert summary.n == row.n
            assert 0 <= summary.low <= summary.mean <= summary.high <= 1  # type: ignore[operator]
            assert 0 <= row.self_bleu[order] <= 1
        assert set(row.distinct) == {2, 3}
    for row in rows[1:]:
        assert set(row.copied or ()) == {5}  # no sequence has 10 tokens
    of = {row.name: row for row in rows}
    assert of["unigram"].bleu[2].mean < of["bigram"].bleu[2].mean - 0.1
    assert of["unigram"].copied[5] < of["trigram"].copied[5]  # type: ignore[index]


def test_the_rows_are_measured_as_a_models_samples_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "COPIED", (3,))
    task = TextTask("speech", tiny_speech(), 8)
    train, references, V = task.train_data(), task.references(), task.vocabulary.size
    (real, held_out, *_models) = ceilings(task, (3,), 1000, seed=1)
    assert real.n == len(train) == 80  # all there are, so the numbers do not hang on the seed
    expected = Bleu(references, 3, V, end=0)(train).mean().item()
    assert real.bleu[3].mean == pytest.approx(expected)
    assert real.self_bleu[3] == pytest.approx(self_bleu(train, 3, V, end=0).mean().item())
    assert real.distinct[3] == distinct(train, 3, V, end=0)
    assert (held_out.n, held_out.references) == (20, 19)
    assert held_out.bleu[3].mean == pytest.approx(held_out.self_bleu[3])
    assert held_out.bleu[3].mean == pytest.approx(self_bleu(references, 3, V, end=0).mean().item())
    expected = float((CopyIndex(train, 0).longest(references).length >= 3).double().mean())
    assert 0 < expected < 1
    assert held_out.copied == {3: expected}


def test_some_of_the_held_out_text_is_compared_with_all_of_it() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    whole = ceilings(task, (2,), 1000, seed=1)[1].bleu[2]
    some = [ceilings(task, (2,), 15, seed)[1] for seed in range(20)]
    assert {(row.n, row.references) for row in some} == {(15, 19)}
    assert len({row.bleu[2].mean for row in some}) > 1
    assert sum(row.bleu[2].mean for row in some) / 20 == pytest.approx(whole.mean, abs=0.02)


def test_a_models_samples_have_a_row_of_the_same_kind() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    measure = TextMeasure(task, (2,))
    training = measure.row("parrot", task.train_data())
    runs = CopyIndex(task.train_data(), 0).longest(task.train_data())
    assert training.copied == {5: float((runs.length >= 5).double().mean())}
    real = ceilings(task, (2,), 1000, seed=1)[0]
    assert training.bleu[2].mean == pytest.approx(real.bleu[2].mean)


def test_the_same_seed_gives_the_same_rows() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    assert ceilings(task, (2,), 30, seed=4) == ceilings(task, (2,), 30, seed=4)
    assert ceilings(task, (2,), 30, seed=4) != ceilings(task, (2,), 30, seed=5)


def test_a_background_thread_can_leave_it() -> None:
    work = room.ceilings(TextTask("poems", tiny_verse()), (2,), 20, seed=0)
    shares: list[float] = []
    rows: list[Ceiling] = []
    while not rows:
        try:
            shares.append(next(work))
        except StopIteration as end:
            rows = end.value
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    assert len(shares) >= len(NAMES)


def test_only_the_first_sequences_are_compared_with_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "VARIED", 7)
    rows = ceilings(TextTask("poems", tiny_verse()), (2,), 30, seed=0)
    assert {row.varied for row in rows} == {7}


def few(n: int) -> TextCorpus:
    whole = tiny_verse()
    return replace(whole, train=whole.train[:n], test=whole.train[:n])


def test_the_smallest_texts() -> None:
    rows = ceilings(TextTask("poems", few(1)), (2,), 10, seed=0)
    assert [row.name for row in rows] == ["real", "unigram", "bigram", "trigram"]
    assert rows[0].self_bleu == {}
    assert rows[0].bleu[2].low is None  # one sequence has no interval
    assert rows[3].bleu[2].mean == 1
    assert [row.name for row in ceilings(TextTask("poems", few(2)), (2,), 10, seed=0)] == NAMES


def test_what_cannot_be_is_refused() -> None:
    task = TextTask("poems", tiny_verse())
    with pytest.raises(ValueError, match="n is 1"):
        ceilings(task, (2,), 1, seed=0)
    with pytest.raises(ValueError, match="order is 7"):
        ceilings(task, (2, 7), 10, seed=0)
    with pytest.raises(ValueError, match="orders is empty"):
        ceilings(task, (), 10, seed=0)
