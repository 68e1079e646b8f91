"""Thinking ahead: what the search may write, what D is shown, and that D's score rises."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.writing.sampler import Sampler, fixed_tokens, sample_tokens
from seqgan_core.insight.writing.think_ahead import MOST, d_score, think_ahead
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.text.task import END, UNKNOWN
from seqgan_core.training.config import ConfigError
from tests.support.tiny.configs import small_config
from tests.support.tiny.models import small_value_network

T = 6  # of small_config


class Critic(Discriminator):
    """A D that remembers what it was shown; it likes one token, or with `flat` nothing."""

    def __init__(self, liked: int, flat: bool = False) -> None:
        super().__init__(8, 2, (1,), (1,))
        self.liked, self.flat = liked, flat
        self.shown: list[Tokens] = []

    def probability_real(self, tokens: Tokens) -> Tensor:
        self.shown.append(tokens.clone())
        share = (tokens == self.liked).float().mean(1)
        return torch.full_like(share, 0.5) if self.flat else share


def sampler(lines: tuple[int, ...], words: tuple[str, ...], **critic: Any) -> Sampler:
    generator = Generator(len(words), 4, 6).initialise(torch.Generator().manual_seed(5), std=1.0)
    config = small_config(task="poems", vocab_size=len(words))
    d = Critic(**critic) if critic else None
    return Sampler("k", "Tiny", config, words, lines, "characters", generator, d)


def verse(**critic: Any) -> Sampler:
    return sampler((3, 3), ("", *"春江花月夜"), **({"liked": 2} | critic))


def prose(**critic: Any) -> Sampler:
    return sampler((), ("", UNKNOWN, *"abcde"), **({"liked": 3} | critic))


def written(model: Sampler, n: int = 4, seed: int = 1, S: int = 8, **more: Any) -> Tokens:
    return finish(think_ahead(model, n, seed, S, **more))


def test_a_row_depends_on_the_seed_and_not_on_the_other_rows() -> None:
    model = prose()  # where rows end at different places, so that fewer and fewer are searched
    assert torch.equal(written(model), written(model))
    assert not torch.equal(written(model), written(model, seed=2))
    assert torch.equal(written(model, n=7)[:3], written(model, n=3))


def test_the_search_raises_what_it_is_told_to_raise() -> None:
    model = verse()
    plain = d_score(model, sample_tokens(model, 200, 1))
    few, many = (d_score(model, written(model, 200, S=S)) for S in (4, 16))
    assert plain < few - 0.1
    assert few < many - 0.05


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_where_d_prefers_nothing_the_search_samples_from_g(temperature: float) -> None:
    model, n = verse(flat=True), 1500
    state = model.generator.advance(
        torch.zeros(1, dtype=torch.long), model.generator.initial_state(1)
    )
    logits = model.generator.output_logits(state.h)[0] / temperature
    logits[0] = -torch.inf  # no end amid verse
    first = written(model, n, S=5, temperature=temperature)[:, 0]
    frequencies = torch.bincount(first, minlength=6) / n
    assert torch.allclose(frequencies, logits.softmax(-1), atol=0.045)


def test_no_token_that_is_no_word_is_written_or_shown_to_d() -> None:
    for model, never in ((verse(), 0), (prose(), 1)):
        tokens = written(model, 30, S=16)
        critic = model.discriminator
        assert isinstance(critic, Critic)
        assert (tokens != never).all()
        assert all((shown != never).all() for shown in critic.shown)


def test_after_an_end_there_is_nothing() -> None:
    model = prose(liked=END)  # D wants sequences to end at once
    tokens = written(model, 30, S=16)
    critic = model.discriminator
    assert isinstance(critic, Critic)
    for each in (tokens, *critic.shown):
        assert (each[(each == END).cumsum(1) > 0] == END).all()
    assert (tokens == END).all(1).any()


def test_what_is_fixed_stands_there_and_in_all_that_d_is_shown() -> None:
    model = verse()
    tokens = written(model, 5, fixed=fixed_tokens(model, acrostic="月夜"))
    critic = model.discriminator
    assert isinstance(critic, Critic)
    for each in (tokens, *critic.shown):
        assert (each[:, 0] == 4).all()
        assert (each[:, 3] == 5).all()


def test_a_value_network_counts_for_as_much_as_the_run_says() -> None:
    network = small_value_network(6, T, seed=3)

    def with_share(share: float) -> Sampler:
        model = verse()
        config = model.config.model_copy(update={"search_rollout_share": share})
        return replace(model, config=config, value=network)

    assert torch.equal(written(with_share(1.0), 20), written(verse(), 20))  # roll-outs alone
    assert not torch.equal(written(with_share(0.0), 20), written(verse(), 20))


@pytest.mark.parametrize(
    ("model", "settings", "code"),
    [
        (verse(), {"S": 0}, "ahead.simulations"),
        (verse(), {"S": MOST + 1}, "ahead.simulations"),
        (verse(), {"temperature": 0.0}, "ahead.temperature"),
        (sampler((3, 3), ("", *"春江花月夜")), {}, "ahead.no-discriminator"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    model: Sampler, settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        written(model, **settings)
    assert refused.value.code == code
