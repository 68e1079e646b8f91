"""Models of text and tunes: the list of them, new sequences, and each token's value."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.media.verse.layout import Verse
from seqgan_core.media.verse.rhyme_book import find_rhyme
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import START_TOKEN, Generator
from seqgan_core.paper.rollout import q_values
from seqgan_core.paper.sampling import draw
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.value_network import ValueNetwork
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.corpora.registry import is_english
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.music.tokens import METRES
from seqgan_core.tasks.text.task import END, UNKNOWN
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.model_files import load_shipped, read_cards

LEAST_RHYMES = 4  # characters of a rhyme that a vocabulary needs


@dataclass(frozen=True, eq=False)
class Sampler:
    """A model of text or tunes, whether it ships or was trained here; read-only."""

    key: str  # the name of a shipped model, or "RUN@STEP" of a stored run
    title: str  # for people
    config: TrainConfig  # how it was trained
    words: tuple[str, ...]  # its vocabulary
    lines: tuple[int, ...]  # tokens in each line of verse, () for running text
    unit: str
    generator: Generator
    discriminator: Discriminator | None  # the D that it was trained against, if any
    value: ValueNetwork | None = None  # the value network that was trained with it, if any

    @property
    def length(self) -> int:
        """T."""
        return self.config.sequence_length

    @property
    def end(self) -> int | None:
        """The token that ends a sequence; None where all have T tokens."""
        if self.unit == "notes":
            return END if self.config.music_form == "tunes" else None
        return None if self.lines or self.unit == "numbers" else END

    @property
    def rhymes(self) -> bool:
        """Whether its poems can rhyme: characters in four lines or more."""
        return self.unit == "characters" and len(self.lines) >= 4

    def token(self, word: str) -> int | None:
        """The token of a word; None if it is not in the vocabulary, or no word."""
        number = self.words.index(word) if word in self.words else None
        return None if number in self.never else number

    def text(self, tokens: Tokens) -> list[Sequence]:
        """The words of each sequence (n, T), up to its end."""
        rows = []
        for row in tokens.tolist():
            content = row[: row.index(self.end)] if self.end in row else row
            rows.append(tuple(self.words[token] for token in content))
        return rows

    def verse(self, words: Sequence) -> Verse:
        """A text of the sampler as it is set."""
        return Verse.of(
            words, self.lines, "words" if self.unit == "words" else "characters",
            capital=is_english(self.config.corpus or ""),
        )  # fmt: skip

    def tokens(self, words: Sequence) -> list[int]:
        """The tokens of words that are all in the vocabulary."""
        return [self.words.index(word) for word in words]

    def example(self) -> str:
        """A word that a sequence may begin with: the first of the vocabulary that has letters."""
        return next((w for w in self.words if w.isalpha() and self.token(w) is not None), "")

    @property
    def never(self) -> set[int]:
        """Tokens that are never sampled: the unknown one, and the start amid verse or music."""
        unknown = {1} if len(self.words) > 1 and self.words[1] == UNKNOWN else set()
        return unknown | ({END} if self.end is None and self.unit != "numbers" else set())

    @torch.no_grad()
    def policy(self, temperature: float = 1.0) -> Generator:
        """A copy of G as it is sampled: at a temperature above 0, without tokens of `never`."""
        generator = self.generator.at_temperature(temperature)
        generator.b_output[sorted(self.never)] = -torch.inf
        return generator


def sampler_titles(store: Store, task: str) -> dict[str, str]:
    """The models of a task: their keys and titles, shipped ones first, then the newest runs.

    Damaged models are left out; `read_cards` lists them.
    """
    titles = {name: card.title for name, card in read_cards()[0].items() if card.task == task}
    for record in store.runs():
        if record.config.task == task and (steps := store.checkpoints(record.id)):
            titles[f"{record.id}@{max(point.step for point in steps)}"] = record.name
    return titles


def open_sampler(models: Models, key: str) -> Sampler:
    """The sampler of that key.

    Raises:
        ConfigError: there is no such model, its file is damaged, or the run has no words.
        StoreError, DataError: the run cannot be opened, or its corpus is not here.
    """
    if "@" not in key:
        return shipped_sampler(key)
    run_id, _, step = key.partition("@")
    if not step.isdigit():
        raise ConfigError(
            "model.unknown", "{key!r} names no model; give a model's name or RUN@STEP", key=key
        )
    record = models.store.run(run_id)
    return sampler_of_run(models, record, int(step))


def shipped_sampler(name: str) -> Sampler:
    """The sampler of a model that ships; errors are those of `open_sampler`."""
    model = load_shipped(name)
    card = model.card
    config = make_config(**card.config)
    return Sampler(
        name, card.title, config, card.words, card.lines, card.unit,
        model.generator, model.discriminator,
    )  # fmt: skip


def sampler_of_run(models: Models, record: RunRecord, step: int) -> Sampler:
    """The sampler that a run's checkpoint holds; errors are those of `open_sampler`."""
    checkpoint = models.at(record.id, step)
    task = checkpoint.task
    if not isinstance(task, CorpusTask):
        raise ConfigError("model.no-words", run=record.id, task=record.config.task)
    return Sampler(
        f"{record.id}@{step}", record.name, record.config, task.words, task.lines, task.unit,
        checkpoint.generator, checkpoint.discriminator, checkpoint.value,
    )  # fmt: skip


@torch.no_grad()
def sample_tokens(
    sampler: Sampler, n: int, seed: int, temperature: float = 1.0,
    fixed: Mapping[int, int] | None = None,
    allowed: Mapping[int, list[int]] | None = None, stream: str = "written",
) -> Tokens:  # fmt: skip
    """New sequences: (n, T), without a token that is no word.

    Each depends only on the sampler, the seed, its row, the temperature and the fixed tokens; two
    samplers with the same seed get the same random numbers.

    `temperature` divides the logits: 1 is the model's own, 0 takes the likeliest token. `fixed`
    tokens by position (from 0) are put there whatever the model would choose; it conditions on
    those before, not on those to come. Of `allowed` tokens by position the model chooses with its
    own probabilities, renormalised. Another `stream` has other random numbers.
    """
    generator, never = sampler.generator, sorted(sampler.never)
    device = generator.embedding.device
    uniforms = torch.rand(n, sampler.length, generator=rng_for(seed, stream)).to(device)
    tokens = torch.empty(n, sampler.length, dtype=torch.long, device=device)
    inputs = torch.full((n,), START_TOKEN, device=device)
    state, ended = generator.initial_state(n), torch.zeros(n, dtype=torch.bool, device=device)
    for t in range(sampler.length):
        state = generator.advance(inputs, state)
        logits = generator.output_logits(state.h)  # (n, V)
        logits[:, never] = float("-inf")
        if allowed and t in allowed:
            chosen = logits[:, allowed[t]]
            logits = torch.full_like(logits, float("-inf"))
            logits[:, allowed[t]] = chosen
        inputs = draw(logits, uniforms[:, t], temperature)
        if fixed and t in fixed:
            inputs = torch.full_like(inputs, fixed[t])
        if sampler.end is not None:  # what follows an end is padding, not a choice
            inputs = inputs.masked_fill(ended, sampler.end)
            ended |= inputs == sampler.end
        tokens[:, t] = inputs
    return tokens


def fixed_tokens(
    sampler: Sampler, first: str = "", acrostic: str = "", metre: str = ""
) -> dict[int, int]:
    """Tokens by position, for `sample_tokens`: the first of a sequence, or of each line of verse.

    A whole tune begins with its metre.

    Raises:
        ConfigError: both are given, the sampler does not know a word, or has fewer lines.
    """
    if metre:
        token = sampler.token(metre)
        if token is None or token not in METRES.values():
            allowed = ", ".join(METRES)
            raise ConfigError("metre.unknown", metre=metre, title=sampler.title, allowed=allowed)
        return {0: token}
    if first and acrostic:
        raise ConfigError("opening.both", "give a first word or an acrostic, not both")
    words = {0: first} if first else {}
    if acrostic:
        if not sampler.lines:
            raise ConfigError("acrostic.no-verse", title=sampler.title)
        if len(acrostic) > len(sampler.lines):
            raise ConfigError(
                "acrostic.too-long", n=len(acrostic), title=sampler.title, lines=len(sampler.lines)
            )
        words = {sum(sampler.lines[:line]): word for line, word in enumerate(acrostic)}
    fixed = {}
    for position, word in words.items():
        token = sampler.token(word)
        if token is None:
            raise ConfigError(
                "opening.unknown",
                "{word!r} is not in the vocabulary of {title}; give one character that is, such as "
                "{example}"
                if sampler.unit == "characters"
                else "{word!r} is not in the vocabulary of {title}; give one word that is, such as "
                "{example}",
                word=word, title=sampler.title, example=sampler.example(),
            )  # fmt: skip
        fixed[position] = token
    return fixed


def rhyme_tokens(sampler: Sampler, name: str, search: int = 0) -> dict[int, list[int]]:
    """Tokens by position, for `sample_tokens`: even lines end on that rhyme; {} for the name "".

    Raises:
        ConfigError: there is no such rhyme, the sampler writes no Chinese verse or knows fewer than
            `LEAST_RHYMES` characters of it, or it is to think ahead with `search` simulations.
    """
    if not name:
        return {}
    if search:
        raise ConfigError("rhyme.search")
    rhyme = find_rhyme(name)
    if rhyme is None:
        raise ConfigError("rhyme.unknown", name=name)
    if not sampler.rhymes:
        raise ConfigError("rhyme.no-verse", title=sampler.title)
    tokens = [token for token, word in enumerate(sampler.words) if word in rhyme.characters]
    if len(tokens) < LEAST_RHYMES:
        raise ConfigError("rhyme.too-few", rhyme=rhyme.name, n=len(tokens), least=LEAST_RHYMES,
                          title=sampler.title)  # fmt: skip
    last = 1 + sampler.config.punctuation  # from a line's end: before its mark, if it has one
    return {end - last: tokens for end in [*accumulate(sampler.lines)][1::2]}


@torch.no_grad()
def surprisal(sampler: Sampler, tokens: Tokens) -> Tensor:
    """-log G(y_t | y_{1:t-1}) of every token, in nats: (n, T) -> (n, T)."""
    return -sampler.generator.log_probs(tokens)


def token_values(sampler: Sampler, tokens: Tokens, n: int, seed: int) -> Job[Tensor]:
    """Q of every token by the sampler's D over n roll-outs: (m, T) -> (m, T) in [0, 1].

    Raises:
        ConfigError: the sampler was trained without a D.
    """
    if sampler.discriminator is None:
        raise ConfigError("model.no-discriminator", title=sampler.title)
    rows = []
    for row in range(len(tokens)):
        rng = rng_for(seed, "worth", row, tokens.device)
        sequence = tokens[row : row + 1]
        rows.append(q_values(sampler.generator, sampler.discriminator, sequence, n, rng).q)
        yield (row + 1) / len(tokens)
    return torch.cat(rows)
