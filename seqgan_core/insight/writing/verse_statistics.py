"""How many of a model's poems rhyme and keep the tone pattern, compared with real poems."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Sampler, open_sampler, sample_tokens
from seqgan_core.media.verse.layout import is_chinese
from seqgan_core.media.verse.prosody import Prosody, prosody
from seqgan_core.paper.ngram_model import NGramModel
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.training.build import make_text_task
from seqgan_core.training.randomness import rng_for


@dataclass(frozen=True)
class VerseShares:
    """Shares of `n` poems, from 0 to 1, by the rhyme book."""

    source: str  # "model", "held out" or "bigram"
    n: int
    rhyming: float
    level: float  # that rhyme in the level tone
    regular: float  # whose tones keep the pattern
    violations: float  # of the pattern, a poem


def prosody_of(sampler: Sampler, words: Sequence) -> Prosody | None:
    """What the rhyme book says of a quatrain or a longer poem; None of other texts."""
    if not sampler.rhymes:
        return None
    bounds = pairwise([0, *accumulate(sampler.lines)])
    lines = [list(filter(is_chinese, words[start:end])) for start, end in bounds]
    return prosody(lines) if all(lines) else None


def verse_shares(
    models: Models, key: str, n: int, seed: int, temperature: float, compared: bool
) -> Job[list[VerseShares]]:
    """Of n new poems; if `compared`, also of at most n held-out ones and of n by a bigram model.

    Poems that are no Chinese quatrains are left out, and a row without any.

    Raises:
        ConfigError, StoreError, DataError: the model cannot be opened.
        CorpusMissing, CorpusError: of `compared`: its corpus is not here, or is damaged.
    """
    yield 0.0
    sampler = open_sampler(models, key)
    if not sampler.rhymes:
        return []
    yield 0.1
    poems = {"model": sampler.text(sample_tokens(sampler, n, seed, temperature))}
    if compared:
        yield 0.4
        task = make_text_task(sampler.config, sampler.words)
        bigram = NGramModel(task.train_data(), 2, len(sampler.words), sampler.end)
        tokens = bigram.sample(n, sampler.length, rng_for(seed, "verse shares"))
        poems |= {"held out": list(task.corpus.test[:n]), "bigram": sampler.text(tokens)}
    yield 0.6
    judged = {source: [each for each in (prosody_of(sampler, poem) for poem in texts) if each]
              for source, texts in poems.items()}  # fmt: skip
    return [
        VerseShares(
            source,
            len(every),
            rhyming=fmean(each.rhyme is not None for each in every),
            level=fmean(each.rhyme is not None and each.rhyme.level for each in every),
            regular=fmean(each.violations == 0 for each in every),
            violations=fmean(each.violations for each in every),
        )
        for source, every in judged.items()
        if every
    ]
