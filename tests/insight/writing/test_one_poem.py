"""Work on one poem: the others that could stand at a place, and lines that are drawn again."""

import math
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.one_poem import alternatives, draw_again, is_poem, with_poem
from seqgan_core.insight.writing.sampler import Sampler, sample_tokens, shipped_sampler
from seqgan_core.insight.writing.samples import SampleRequest, SampleSet, draw_samples
from seqgan_core.paper.generator import Generator
from tests.support.tiny.configs import small_config

WORDS = ("", *"春江花")
POEM = (1, 3, 2, 2, 3, 1)  # three lines of two


def tiny() -> Sampler:
    """G over three characters, sharp enough that what follows matters."""
    rng = torch.Generator().manual_seed(11)
    generator = Generator(len(WORDS), 4, 6).initialise(rng, std=1.6)
    config = small_config(task="poems", vocab_size=len(WORDS), sequence_length=6)
    return Sampler("k", "Tiny", config, WORDS, (2, 2, 2), "characters", generator, None)


TINY = tiny()


def exact(places: tuple[int, ...], temperature: float, *, follows: bool) -> dict[object, float]:
    """p(tokens at `places` | all others), or, without what follows, the chain of G's choices."""
    endings = list(product((1, 2, 3), repeat=len(places)))
    rows = torch.tensor([POEM]).repeat(len(endings), 1)
    rows[:, list(places)] = torch.tensor(endings)
    logits = TINY.generator.logits(rows).double() / temperature
    logits[:, :, 0] = -torch.inf  # no start token amid verse
    log_probs = logits.log_softmax(-1).gather(2, rows[..., None])[..., 0]  # (n, T)
    joint = (log_probs if follows else log_probs[:, list(places)]).sum(1)
    return dict(zip(endings, joint.softmax(0).tolist(), strict=True))


def distance(places: tuple[int, ...], drawn: int, to: dict[object, float], t: float = 1.0) -> float:
    """Total variation between 600 draws and a distribution."""
    n = 600
    found = Counter(
        tuple(draw_again(TINY, POEM, places, seed, t, drawn)[at] for at in places)
        for seed in range(n)
    )
    return sum(abs(found[key] / n - p) for key, p in to.items()) / 2


@pytest.mark.parametrize(("places", "temperature"), [((2, 3), 0.7), ((0, 1, 4), 1.0)])
def test_draws_converge_to_the_exact_conditional(
    places: tuple[int, ...], temperature: float
) -> None:
    conditional = exact(places, temperature, follows=True)
    assert sum(conditional.values()) == pytest.approx(1)
    errors = [distance(places, drawn, conditional, temperature) for drawn in (1, 4, 64)]
    assert errors[0] > 0.15  # G alone does not know what follows
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.1


def test_a_single_candidate_is_g_alone() -> None:
    assert distance((2, 3), 1, exact((2, 3), 1.0, follows=False)) < 0.08


def test_a_chosen_rhyme_is_kept_and_weighed() -> None:
    """Lines 2 and 3 end on 春 or 江; the kept end of line 3 may be another, and is taken so."""
    allowed = {3: [1, 2], 5: [1, 2]}
    exact_ones = {ending: p for ending, p in rhymed(allowed).items() if ending[1] != 3}
    n = 600
    found = Counter(draw_again(TINY, POEM, (2, 3), s, 1.0, 64, allowed)[2:4] for s in range(n))
    assert set(found) <= set(exact_ones)
    assert sum(abs(found[key] / n - p) for key, p in exact_ones.items()) / 2 < 0.1
    free = (*POEM[:5], 3)
    ends = {draw_again(TINY, free, (2, 3), s, 1.0, 4, allowed)[3:] for s in range(60)}
    assert {end[0] for end in ends} == {1, 2}
    assert {end[2] for end in ends} == {3}


def rhymed(allowed: dict[int, list[int]]) -> dict[tuple[int, ...], float]:
    """p(line 2 | the others), where places choose among the allowed tokens alone."""
    endings = [(a, b) for a in (1, 2, 3) for b in allowed[3]]
    rows = torch.tensor([POEM]).repeat(len(endings), 1)
    rows[:, 2:4] = torch.tensor(endings)
    logits = TINY.generator.logits(rows).double()
    logits[:, :, 0] = -torch.inf
    logits[:, [3, 5], 3] = -torch.inf
    joint = logits.log_softmax(-1).gather(2, rows[..., None])[..., 0].sum(1)
    return dict(zip(endings, joint.softmax(0).tolist(), strict=True))


@pytest.mark.parametrize("drawn", [1, 16])
def test_all_other_places_stay_as_they_are(drawn: int) -> None:
    for places in ((2, 3), (0, 1, 4, 5), range(6)):
        drawn_again = {draw_again(TINY, POEM, places, seed, 1.0, drawn) for seed in range(30)}
        for poem in drawn_again:
            assert is_poem(TINY, poem)
            assert [poem[t] for t in range(6) if t not in places] == [
                POEM[t] for t in range(6) if t not in places
            ]
        assert len(drawn_again) > 1
    assert draw_again(TINY, POEM, (2, 3), 1) == draw_again(TINY, POEM, (2, 3), 1)


def test_the_first_candidate_is_not_the_sample_with_that_seed() -> None:
    """Other random numbers: else the line that stands there would come again."""
    agree = sum(
        draw_again(TINY, tuple(row), range(6), seed, drawn=1) == tuple(row)
        for seed in range(40)
        for row in sample_tokens(TINY, 1, seed).tolist()
    )
    assert agree < 20


def test_what_is_no_poem() -> None:
    assert is_poem(TINY, POEM)
    for wrong in ((), POEM[:5], (*POEM, 1), (0, *POEM[1:]), (4, *POEM[1:]), (-1, *POEM[1:])):
        assert not is_poem(TINY, wrong)


# -- with small models -----------------------------------------------------------------------------


def drawn(models: Models, key: str = "poems-seqgan", **more: object) -> SampleSet:
    return finish(draw_samples(models, SampleRequest(key, 3, 1, **more)))  # type: ignore[arg-type]


def test_others_have_g_s_probability_and_d_s_score(models: Models) -> None:
    samples, t = drawn(models), 4
    found, judge = finish(alternatives(models, samples, 1, t))
    sampler = samples.sampler
    assert sampler.discriminator is not None
    assert judge == sampler.title
    first, *others = found
    assert first.token == samples.tokens[1, t]
    assert len(others) == 10
    assert len({each.token for each in found}) == 11
    logits = sampler.generator.logits(samples.tokens[1:2])[0, t]
    logits[sorted(sampler.never)] = -torch.inf
    p = logits.softmax(0)
    assert [each.probability for each in found] == pytest.approx(
        [float(p[each.token]) for each in found]
    )
    shares = [each.probability for each in others]
    assert shares == sorted(shares, reverse=True)
    assert max(p[v] for v in range(len(p)) if v not in [c.token for c in found]) <= (shares[-1])
    for each in found:
        row = samples.tokens[1].clone()
        row[t] = each.token
        score = sampler.discriminator.probability_real(row[None])
        assert each.kept == pytest.approx(float(score), abs=1e-6)


def test_q_is_the_mean_over_poems_that_go_on_from_there(models: Models) -> None:
    """Many roll-outs by another sampler and seed: within four standard errors of both."""
    samples = drawn(models, rollouts=400)
    t, sampler = 2, samples.sampler
    found = finish(alternatives(models, samples, 0, t))[0]
    assert sampler.discriminator is not None
    for each in found[:3]:
        prefix = [*samples.tokens[0, :t].tolist(), each.token]
        rows = sample_tokens(sampler, 400, 77, 1.0, dict(enumerate(prefix)))
        scores = sampler.discriminator.probability_real(rows).double()
        error = (each.std_error**2 + float(scores.var()) / 400) ** 0.5
        assert abs(each.q - float(scores.mean())) < 4 * error
        assert each.std_error == pytest.approx(float(scores.std()) / 20, rel=0.3)


def test_the_last_character_ends_the_poem(models: Models) -> None:
    samples = drawn(models)
    for each in finish(alternatives(models, samples, 2, samples.sampler.length - 1))[0]:
        assert (each.q, each.std_error) == (each.kept, 0.0)


def test_without_a_d_there_are_probabilities_alone(models: Models) -> None:
    _found, judge = finish(alternatives(models, drawn(models, "poems-mle"), 0, 0))
    assert judge == shipped_sampler("poems-seqgan").title
    samples = drawn(models, "poems-mle")
    other = replace(samples, sampler=replace(samples.sampler, words=(*samples.sampler.words, "x")))
    alone, judge = finish(alternatives(models, other, 0, 0))
    assert judge == ""
    assert all(map(math.isnan, [each.q for each in alone]))


@pytest.mark.parametrize("colour", ["none", "surprise", "q"])
def test_a_changed_poem_takes_its_row(models: Models, colour: str) -> None:
    samples = drawn(models, colour=colour, rollouts=4)
    poem = tuple(samples.tokens[2].tolist())
    changed = finish(with_poem(models, samples, 1, poem))
    assert changed.texts == [samples.texts[0], samples.texts[2], samples.texts[2]]
    assert [changed.changed(row) for row in range(3)] == [False, True, False]
    assert changed.request != samples.request
    if samples.values is None:
        assert changed.values is None
        return
    assert changed.values is not None
    assert torch.equal(changed.values[[0, 2]], samples.values[[0, 2]])
    if colour == "surprise":
        assert torch.allclose(changed.values[1], samples.values[2])
    else:  # other random numbers, but D's score of the whole is one
        assert changed.values[1, -1] == pytest.approx(float(samples.values[2, -1]), abs=1e-6)
