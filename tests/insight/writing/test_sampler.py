"""Samplers: seed, temperature, fixed words, ends, and token values."""

from dataclasses import replace

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.writing.sampler import (
    Sampler,
    fixed_tokens,
    rhyme_tokens,
    sample_tokens,
    surprisal,
    token_values,
)
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.sampling import draw
from seqgan_core.tasks.text.task import UNKNOWN
from seqgan_core.training.config import ConfigError
from seqgan_core.training.randomness import rng_for
from tests.support.tiny.configs import small_config


def sampler(lines: tuple[int, ...], words: tuple[str, ...], critic: bool = False) -> Sampler:
    rng = torch.Generator().manual_seed(5)
    generator = Generator(len(words), 4, 6).initialise(rng, std=1.0)
    d = Discriminator(len(words), 4, (1, 2), (3, 3)).initialise(rng) if critic else None
    length = sum(lines) or 6
    config = small_config(task="poems", vocab_size=len(words), sequence_length=length)
    return Sampler("k", "Tiny", config, words, lines, "characters", generator, d)


VERSE = sampler((3, 3), ("", *"春江花月夜"), critic=True)
PROSE = sampler((), ("", UNKNOWN, *"abcde"))
QUATRAIN = sampler((2, 2, 2, 2), ("", *"东风红中山月看江"))


def test_equal_seeds_give_equal_text_and_rows_do_not_depend_on_how_many() -> None:
    assert torch.equal(sample_tokens(VERSE, 4, 1), sample_tokens(VERSE, 4, 1))
    assert not torch.equal(sample_tokens(VERSE, 4, 1), sample_tokens(VERSE, 4, 2))
    assert torch.equal(sample_tokens(VERSE, 2, 1), sample_tokens(VERSE, 4, 1)[:2])


def test_no_token_that_is_no_word() -> None:
    assert (sample_tokens(VERSE, 500, 3, 2.0) != 0).all()  # no end amid verse
    prose = sample_tokens(PROSE, 500, 3, 2.0)
    assert (prose != 1).all()
    ended = (prose == 0).cumsum(1) > 0
    assert (prose[ended] == 0).all()  # after an end there is nothing
    assert ended.any()


def test_the_distribution_is_the_models_own_without_those_tokens() -> None:
    n = 40_000
    first = sample_tokens(PROSE, n, 9)[:, 0]
    state = PROSE.generator.advance(
        torch.zeros(1, dtype=torch.long), PROSE.generator.initial_state(1)
    )
    p = PROSE.generator.output_logits(state.h)[0].softmax(-1)
    p[1] = 0
    p /= p.sum()
    frequencies = torch.bincount(first, minlength=7) / n
    assert torch.allclose(frequencies, p, atol=0.012)


def test_only_english_gets_english_capitals() -> None:
    words = ("", "kot", "i", "ryba", ".", "śpi", "I")
    text = ("ryba", "i", "kot", ".", "śpi")

    def shown(corpus: str) -> str:
        model = sampler((), words)
        config = model.config.model_copy(update={"corpus": corpus})
        return str(replace(model, config=config, unit="words").verse(text))

    assert shown("own-0123456789ab") == "ryba i kot. śpi"  # as its tokens are
    assert shown("obama-speeches") == shown("english-verse") == "Ryba I kot. Śpi"


def test_temperature_0_takes_the_likeliest() -> None:
    rows = sample_tokens(VERSE, 5, 1, 0.0)
    assert (rows == rows[0]).all()


def test_first_and_acrostic_stand_where_they_should() -> None:
    fixed = fixed_tokens(VERSE, acrostic="月夜")
    tokens = sample_tokens(VERSE, 20, 1, fixed=fixed)
    texts = VERSE.text(tokens)
    assert all(text[0] == "月" and text[3] == "夜" for text in texts)
    assert fixed_tokens(VERSE, first="江") == {0: 2}


@pytest.mark.parametrize(
    ("sampler", "first", "acrostic", "code"),
    [
        (VERSE, "x", "", "opening.unknown"),
        (VERSE, "", "春江花", "acrostic.too-long"),
        (VERSE, "春", "江", "opening.both"),
        (PROSE, "", "a", "acrostic.no-verse"),
        (PROSE, UNKNOWN, "", "opening.unknown"),
    ],
)
def test_impossible_constraints_are_refused(
    sampler: Sampler, first: str, acrostic: str, code: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        fixed_tokens(sampler, first, acrostic)
    assert refused.value.code == code


def test_even_lines_have_the_chosen_rhyme_and_every_other_place_is_free() -> None:
    allowed = rhyme_tokens(QUATRAIN, "東")
    assert allowed == {3: [1, 2, 3, 4], 7: [1, 2, 3, 4]}
    n = 400
    tokens = sample_tokens(QUATRAIN, n, 4, 1.3, allowed=allowed)
    assert set(tokens[:, [3, 7]].flatten().tolist()) == {1, 2, 3, 4}
    assert torch.equal(tokens[:, :3], sample_tokens(QUATRAIN, n, 4, 1.3)[:, :3])
    # What is free is what the model itself draws after these tokens with these numbers.
    generator, uniforms = QUATRAIN.generator, torch.rand(n, 8, generator=rng_for(4, "written"))
    state, before = generator.initial_state(n), torch.zeros(n, dtype=torch.long)
    for t in range(8):
        state = generator.advance(before, state)
        logits = generator.output_logits(state.h)
        logits[:, 0] = -torch.inf
        before = tokens[:, t]
        if t not in allowed:
            assert torch.equal(draw(logits, uniforms[:, t], 1.3), before)


def test_the_rhyme_has_the_models_probabilities_renormalised() -> None:
    model = sampler((1, 1, 1, 1), ("", *"东风红中山月看江"))
    n = 60_000
    tokens = sample_tokens(model, n, 2, allowed=rhyme_tokens(model, "东"))
    state = model.generator.advance(
        torch.zeros(1, dtype=torch.long), model.generator.initial_state(1)
    )
    for first in (1, 5, 8):
        after = model.generator.advance(torch.tensor([first]), state)
        p = model.generator.output_logits(after.h)[0].softmax(-1)
        p[5:], p[0] = 0, 0
        second = tokens[tokens[:, 0] == first, 1]
        assert len(second) > 1000
        frequencies = torch.bincount(second, minlength=9) / len(second)
        assert torch.allclose(frequencies, p / p.sum(), atol=0.035)


def test_with_punctuation_the_rhyme_stands_before_the_mark() -> None:
    config = QUATRAIN.config.model_copy(update={"punctuation": True, "sequence_length": 12})
    marked = replace(QUATRAIN, config=config, lines=(3, 3, 3, 3))
    assert list(rhyme_tokens(marked, "東")) == [4, 10]


@pytest.mark.parametrize(
    ("model", "name", "code"),
    [
        (QUATRAIN, "x", "rhyme.unknown"),
        (QUATRAIN, "看", "rhyme.unknown"),
        (QUATRAIN, "刪", "rhyme.too-few"),
        (VERSE, "東", "rhyme.no-verse"),
        (PROSE, "東", "rhyme.no-verse"),
    ],
)
def test_impossible_rhymes_are_refused(model: Sampler, name: str, code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        rhyme_tokens(model, name)
    assert refused.value.code == code
    assert str(refused.value)
    assert rhyme_tokens(model, "") == {}


def test_surprisal_and_token_values() -> None:
    tokens = sample_tokens(VERSE, 3, 1)
    assert torch.allclose(surprisal(VERSE, tokens), -VERSE.generator.log_probs(tokens))
    q = finish(token_values(VERSE, tokens, 8, 1))
    assert q.shape == (3, 6)
    assert VERSE.discriminator is not None
    assert torch.allclose(q[:, -1], VERSE.discriminator.probability_real(tokens))
    assert torch.equal(q, finish(token_values(VERSE, tokens, 8, 1)))
    with pytest.raises(ConfigError, match="without a discriminator"):
        finish(token_values(PROSE, sample_tokens(PROSE, 2, 1), 8, 1))
