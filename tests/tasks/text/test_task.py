"""A corpus as a task: its vocabulary, its sequences, what is measured, what is refused."""

import dataclasses

import pytest
import torch
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, sequence_nll, until_end
from seqgan_core.paper.objectives import mle_loss, scheduled_sampling_loss
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.text.task import UNKNOWN, TextTask, vocabulary_of
from seqgan_core.training import build
from seqgan_core.training.config import ConfigError, make_config
from seqgan_core.training.learners.updates import MleLearner
from tests.support.tiny.texts import tiny_speech, tiny_verse
from tests.tasks.check_task import check_task


def generator_for(task: TextTask) -> Generator:
    rng = torch.Generator().manual_seed(3)
    return Generator(task.vocabulary.size, 4, 5).initialise(rng, std=0.7)


def test_the_vocabulary_counts_and_orders() -> None:
    sequences = [("b", "a", "a"), ("c", "a", "b")]
    assert vocabulary_of(sequences, 1) == ("", "a", "b", "c")
    assert vocabulary_of(sequences, 2) == ("", UNKNOWN, "a", "b")


def decoded(task: TextTask, row: list[int]) -> tuple[str, ...]:
    """The words of a sequence up to its end."""
    words = row[: row.index(task.end)] if task.end in row else row
    return tuple(task.words[token] for token in words)


def test_verse_is_a_task() -> None:
    task = TextTask("poems", tiny_verse())
    check_task(task)
    assert (task.sequence_length, task.end, task.lines) == (6, None, (3, 3))
    assert len(task.train_data()) == 40
    assert task.vocabulary.size == 9  # eight characters and the start
    first = task.corpus.train[0]
    assert decoded(task, task.train_data()[0].tolist()) == first


def test_running_text_is_padded_and_its_test_keeps_unknown_words_as_references() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    check_task(task)
    V = task.vocabulary.size
    assert task.end == 0
    for row, sequence in zip(task.train_data().tolist(), task.corpus.train, strict=True):
        assert row[len(sequence) :] == [0] * (8 - len(sequence))
        assert decoded(task, row) == sequence
    assert len(task.references()) == 20
    assert (task.references() == V).sum() == 1  # "rest" is in no training sentence
    assert len(task.test_data()) == 19


def test_rare_words_become_the_unknown_one() -> None:
    corpus = tiny_speech()
    odd = dataclasses.replace(corpus, train=(*corpus.train, ("we", "sing", ".")))
    task = TextTask("speech", odd, 8, min_count=2)
    assert task.has_unknown
    assert task.words[1] == UNKNOWN
    assert task.train_data()[-1].tolist()[:3] == [task.words.index("we"), 1, task.words.index(".")]
    assert len(task.test_data()) == 20  # with an unknown word in the vocabulary none is left out
    assert (task.references() == task.vocabulary.size).sum() == 1  # yet it matches nothing


def test_a_given_vocabulary_leaves_out_what_it_lacks() -> None:
    words = ("", "春", "江", "花", "月", "山", "风", "雨")  # no 水
    task = TextTask("poems", tiny_verse(), words=words)
    assert task.words == words
    assert 0 < len(task.train_data()) < 40
    assert all("水" not in decoded(task, row) for row in task.train_data().tolist())


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(CorpusError, match="use it with task=poems"):
        TextTask("speech", tiny_verse(), 8)
    with pytest.raises(CorpusError, match="use it with task=speech"):
        TextTask("poems", tiny_speech())
    with pytest.raises(CorpusError, match="has no training sequence of 2 tokens"):
        TextTask("speech", tiny_speech(), 2)


def test_the_end_counts_and_the_padding_does_not() -> None:
    tokens = torch.tensor([[3, 1, 0, 0], [2, 2, 2, 2], [0, 0, 0, 0]])
    assert until_end(tokens, 0).tolist() == [
        [True, True, True, False], [True] * 4, [True, False, False, False],
    ]  # fmt: skip
    assert until_end(tokens, None).all()


def test_nll_and_entropy_leave_the_padding_out_and_the_loss_does_not_count_it() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    generator, tokens = generator_for(task), task.train_data()[:5]
    log_probs = generator.log_probs(tokens)
    lengths = [len(decoded(task, row)) + 1 for row in tokens.tolist()]  # with the end
    by_hand = [-float(row[:n].detach().mean()) for row, n in zip(log_probs, lengths, strict=True)]
    assert sequence_nll(generator, tokens, 0).tolist() == pytest.approx(by_hand, abs=1e-6)
    in_all = -float(log_probs.sum().detach()) / sum(lengths)  # padding is learned, not counted
    assert float(mle_loss(generator, tokens, 0).detach()) == pytest.approx(in_all, abs=1e-6)
    truth, noise = torch.ones(5, 8, dtype=torch.bool), torch.zeros(5, 8)
    scheduled = scheduled_sampling_loss(generator, tokens, truth, noise, 0).detach()
    assert float(scheduled) == pytest.approx(in_all, abs=1e-6)
    p = generator.logits(tokens).softmax(-1)
    entropy = -(p * p.log()).sum(-1)
    entropies = torch.cat([row[:n] for row, n in zip(entropy, lengths, strict=True)])
    mean_entropy = conditional_entropy(generator, tokens, 0)
    assert float(mean_entropy) == pytest.approx(float(entropies.mean()), abs=1e-6)


def test_after_its_end_a_sequence_stays_ended() -> None:
    """Else D would tell G's samples by what stands behind their end."""
    task = TextTask("speech", tiny_speech(), 8)
    generator = generator_for(task)
    learner = MleLearner(generator, 0.02, 5.0, end=task.end)
    for _ in range(300):
        learner(task.train_data())
    tokens = generator.sample(500, 8, torch.Generator().manual_seed(2))
    after = (tokens == 0).cumsum(1) - (tokens == 0).long() > 0
    assert after.sum() > 500
    assert (tokens[after] == 0).double().mean() > 0.95


def test_metrics_are_those_of_nltk() -> None:
    task = TextTask("speech", tiny_speech(), 8)
    generator = generator_for(task)
    samples = generator.sample(40, 8, torch.Generator().manual_seed(1))
    metrics = task.metrics(generator, samples, torch.Generator())
    references = [list(sequence) for sequence in task.corpus.test]
    scores = []
    for row in samples.tolist():
        words = list(decoded(task, row))
        smooth = SmoothingFunction().method1
        weights = (1 / 3,) * 3
        scores.append(
            sentence_bleu(references, words, weights, smoothing_function=smooth) if words else 0.0
        )
    assert metrics["bleu_3"] == pytest.approx(sum(scores) / 40, abs=1e-9)
    nll = sequence_nll(generator, task.test_data(), 0)
    assert metrics["nll_test"] == pytest.approx(float(nll.mean()))
    assert set(metrics) == {
        "nll_test",
        "nll_test_se",
        "bleu_3",
        "bleu_4",
        "self_bleu",
        "distinct_2",
    }


def test_the_corpus_decides_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    corpora = {"tiny-verse": tiny_verse(), "tiny-speech": tiny_speech()}
    monkeypatch.setattr(build, "load", lambda name, punctuation, task: corpora[name])
    config = make_config(
        task="poems", corpus="tiny-verse", batch_size=8, d_widths=(1, 2), d_filters=(4, 4)
    )
    settled = build.resolve_config(config)
    decided = (settled.vocab_size, settled.sequence_length, settled.n_train, settled.n_test)
    assert decided == (9, 6, 40, 20)
    assert build.make_task(settled).vocabulary.size == 9
    with pytest.raises(ConfigError, match="corpus is empty"):
        build.resolve_config(make_config(config, corpus=""))
    with pytest.raises(ConfigError, match="corpus has changed"):
        build.make_task(config)  # its vocabulary was never filled in
    speech_config = build.resolve_config(make_config(config, task="speech", corpus="tiny-speech"))
    assert speech_config.sequence_length == 20  # running text keeps the requested length
