"""What a reader is shown: text, its colours, its copies, its rule, and the quiz; half a minute."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.quiz import question
from seqgan_core.insight.writing.sampler import (
    sample_tokens,
    shipped_sampler,
    surprisal,
    token_values,
)
from seqgan_core.insight.writing.samples import (
    SampleRequest,
    copy_report,
    draw_samples,
    rule_shares,
    training_task,
    varieties,
)
from seqgan_core.insight.writing.think_ahead import think_ahead
from seqgan_core.paper.bleu import self_bleu
from seqgan_core.paper.copying import CopyIndex
from seqgan_core.runs.driver import drive
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.text.task import UNKNOWN
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import ConfigError
from seqgan_core.training.setup import model_files, quick_run
from tests.support.tiny.text_models import PROSE, config_for, keep_prose, keep_verse


def test_samples_are_what_the_model_writes_with_this_seed(models: Models) -> None:
    drawn = finish(
        draw_samples(models, SampleRequest("poems-seqgan", 3, 7, 0.8, colour="surprise"))
    )
    sampler = shipped_sampler("poems-seqgan")
    tokens = sample_tokens(sampler, 3, 7, 0.8)
    assert torch.equal(drawn.tokens, tokens)
    assert drawn.texts == sampler.text(tokens)
    assert drawn.values is not None
    assert torch.equal(drawn.values, surprisal(sampler, tokens))
    assert finish(draw_samples(models, SampleRequest("poems-seqgan", 3, 7, 0.8))).values is None


def test_q_is_by_the_model_s_own_d_or_one_of_the_same_vocabulary(models: Models) -> None:
    by_seqgan = finish(
        draw_samples(models, SampleRequest("poems-seqgan", 2, 1, colour="q", rollouts=4))
    )
    sampler = shipped_sampler("poems-seqgan")
    assert by_seqgan.values is not None
    assert torch.equal(by_seqgan.values, finish(token_values(sampler, by_seqgan.tokens, 4, 1)))
    assert by_seqgan.judge == sampler.title
    by_mle = finish(draw_samples(models, SampleRequest("poems-mle", 2, 1, colour="q", rollouts=4)))
    assert by_mle.judge == sampler.title  # MLE has no D of its own
    assert by_mle.values is not None
    last = sampler.discriminator
    assert last is not None
    assert torch.allclose(by_mle.values[:, -1], last.probability_real(by_mle.tokens))


def test_searched_samples_have_their_price_beside_plain_ones(models: Models) -> None:
    request = SampleRequest("poems-seqgan", 12, 3, 0.9, search=8, colour="surprise")
    searched = finish(draw_samples(models, request))
    sampler = shipped_sampler("poems-seqgan")
    assert torch.equal(searched.tokens, finish(think_ahead(sampler, 12, 3, 8, 0.9)))
    assert searched.values is not None
    assert torch.equal(searched.values, surprisal(sampler, searched.tokens))
    plain = sample_tokens(sampler, 12, 3, 0.9)
    now, before = finish(varieties(models, searched, finish(copy_report(searched)), 3))
    index = CopyIndex(training_task(sampler).train_data())
    assert sampler.discriminator is not None
    for each, tokens in ((now, searched.tokens), (before, plain)):
        D = sampler.discriminator.probability_real(tokens)
        assert each.d_score == pytest.approx(float(D.mean()), abs=1e-6)
        alike = self_bleu(tokens, 3, len(sampler.words))
        assert each.self_bleu == pytest.approx(float(alike.mean()))
        assert each.copied == pytest.approx(float(index.longest(tokens).length.double().mean()))
    assert now.d_score > before.d_score
    one = finish(draw_samples(models, replace(request, n=1)))
    alone = finish(varieties(models, one, None, 3))
    assert [(each.self_bleu, each.copied) for each in alone] == [(None, None)] * 2


def test_without_any_d_there_is_no_q(models: Models, tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    source = model_files.FOLDER / "poems-mle.safetensors"
    (tmp_path / "few" / source.name).write_bytes(source.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_files, "FOLDER", tmp_path / "few")
        model_files.load_shipped.cache_clear()
        drawn = finish(draw_samples(models, SampleRequest("poems-mle", 2, 1, colour="q")))
    assert drawn.values is None
    assert drawn.judge == ""


def test_a_first_word_is_matched_in_either_case(models: Models) -> None:
    words = shipped_sampler("speech-mle").words
    known = next(word for word in words if word.islower() and word.isalpha())
    drawn = finish(draw_samples(models, SampleRequest("speech-mle", 4, 1, first=known.upper())))
    assert {text[0] for text in drawn.texts} == {known}
    with pytest.raises(ConfigError, match="'xyzzy' is not in the vocabulary"):
        finish(draw_samples(models, SampleRequest("speech-mle", 4, 1, first="xyzzy")))


def test_copies_are_those_of_the_training_text(models: Models) -> None:
    drawn = finish(draw_samples(models, SampleRequest("poems-seqgan", 6, 3)))
    copies = finish(copy_report(drawn))
    training = keep_verse().train
    assert copies.training == len(training)
    for text, copied in zip(drawn.texts, copies.copied, strict=True):
        run = copied.run
        assert text[copied.start : copied.start + len(run)] == run
        assert "".join(run) in "".join(copied.holder)
        longer = {
            text[at : at + len(run) + 1] for at in range(len(text) - len(run))
        }  # nothing longer stands in any training poem
        assert not any("".join(piece) in "".join(line) for piece in longer for line in training)
        assert copied.nearest in training
    held_out = keep_verse().test
    assert copies.n == len(held_out)
    assert copies.natural == pytest.approx(
        sum(_longest("".join(text), training) for text in held_out) / len(held_out)
    )


def _longest(text: str, training: tuple[tuple[str, ...], ...]) -> int:
    whole = ["".join(text) for text in training]
    pieces = {text[a:b] for a in range(len(text)) for b in range(a + 1, len(text) + 1)}
    return max((len(piece) for piece in pieces if any(piece in text for text in whole)), default=0)


def test_a_missing_text_is_reported(models: Models) -> None:
    drawn = finish(draw_samples(models, SampleRequest("poems-seqgan", 2, 1)))
    source_of(drawn.sampler.config.corpus).remove()
    with pytest.raises(CorpusMissing):
        finish(copy_report(drawn))


def test_the_rule_of_practice_poems(models: Models) -> None:
    shares = finish(rule_shares(models, "poems-seqgan", 20, 1, 1.0))
    assert shares.poems == 20
    assert shares.poems_that_parse == 0  # they have ten characters, not twenty


def test_a_question_has_one_real_text_of_the_test_split(models: Models) -> None:
    test = set(keep_verse().test)
    places = []
    for number in range(12):
        pair = finish(question(models, "poems-seqgan", "a session", number))
        assert pair.texts[pair.real] in test
        fake = pair.texts[1 - pair.real]
        assert fake == shipped_sampler("poems-seqgan").text(
            sample_tokens(shipped_sampler("poems-seqgan"), 1, pair.seed)
        )[0]  # fmt: skip
        places.append(pair.real)
        again = finish(question(models, "poems-seqgan", "a session", number))
        assert again == pair
    assert set(places) == {0, 1}
    elsewhere = finish(question(models, "poems-seqgan", "another", 0))
    assert elsewhere != finish(question(models, "poems-seqgan", "a session", 0))


def test_a_models_sentence_is_as_long_as_real_ones_at_least(models: Models) -> None:
    for number in range(10):
        pair = finish(question(models, "speech-mle", "s", number))
        assert min(map(len, pair.texts)) >= 3
        assert UNKNOWN not in pair.texts[1 - pair.real]


def test_a_run_of_the_library_writes_too(models: Models) -> None:
    corpus = keep_prose()
    run = models.store.create_run(resolve_config(config_for(corpus, min_count=1)), name="mine")
    drive(models.store, run)
    step = max(point.step for point in models.store.checkpoints(run))
    drawn = finish(
        draw_samples(models, SampleRequest(f"{run}@{step}", 2, 1, colour="q", rollouts=2))
    )
    assert drawn.sampler.title == "mine"
    assert drawn.judge == "mine"
    assert training_task(drawn.sampler).words == drawn.sampler.words


# -- half a minute ---------------------------------------------------------------------------------


def plan(monkeypatch: pytest.MonkeyPatch, second: float) -> None:
    """A machine on which every epoch and every round costs so many seconds."""

    def cost(config: object, device: object) -> float:
        return second * (config.pretrain_epochs + config.rounds)  # type: ignore[attr-defined]

    monkeypatch.setattr(quick_run, "estimate_seconds", cost)


def test_a_slow_machine_gets_as_many_epochs_as_fit(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(monkeypatch, 1.0)
    quick = quick_run.quick_text_run(keep_verse(), "poems", length=10)
    assert quick.config.pretrain_epochs + quick.config.rounds == 30
    assert quick.seconds == 30
    assert quick.config.pretrain_epochs == 18  # 60% of the time
    assert quick.config.sequence_length == 10
    assert quick.config.strategy == "seqgan"


def test_a_fast_machine_does_not_read_a_text_without_end(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(monkeypatch, 1e-6)
    quick = quick_run.quick_text_run(keep_prose(), "speech", length=PROSE.length)
    assert quick.config.pretrain_epochs == quick_run.MOST_EPOCHS
    assert quick.config.rounds == quick_run.MOST_ROUNDS
    assert max(quick.config.d_widths) <= PROSE.length


def test_training_can_continue_from_a_model_that_knows_the_text(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = quick_run.starting_models(keep_verse(), "poems")
    assert shares == {"poems-seqgan": 1.0, "poems-mle": 1.0}
    assert next(iter(shares)) == "poems-seqgan"
    assert quick_run.starting_models(keep_prose(), "poems") == {}
    plan(monkeypatch, 0.5)
    quick = quick_run.quick_text_run(keep_verse(), "poems", length=10, start_from="poems-seqgan")
    assert quick.config.start_from == "poems-seqgan"
    assert quick.config.g_hidden_size == 8  # the model's
    assert quick.config.vocab_size == len(model_files.load_shipped("poems-seqgan").words)


def test_what_half_a_minute_plans_can_be_trained(models: Models) -> None:
    quick = quick_run.quick_text_run(keep_verse(), "poems", length=10, seconds=0.01)
    assert (quick.config.pretrain_epochs, quick.config.rounds) == (1, 1)
    run = models.store.create_run(quick.config, name="brief")
    drive(models.store, run)
    assert models.store.run(run).status == "finished"
    assert models.store.checkpoints(run)


def test_in_small_texts_rare_words_become_unknown(models: Models) -> None:
    """Where the held-out part would be lost to unseen characters, they are made one token."""
    signs = [chr(0x4E00 + at) for at in range(1600)]
    text = "\n".join("".join(signs[at : at + 8]) + "山水" for at in range(0, 1000, 8))
    corpus = add_upload(UserText(text, "All rare", Options(length=10)))
    quick = quick_run.quick_text_run(corpus, "poems", length=10, seconds=0.01)
    assert quick.config.min_count == 2
    assert quick.config.n_test == len(corpus.test)
