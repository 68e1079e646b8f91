"""Makes the task, generator and discriminator of a run from its settings."""

from copy import copy
from functools import lru_cache

import torch

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tree_search import SearchSettings
from seqgan_core.paper.value_network import ValueNetwork
from seqgan_core.tasks.corpora.registry import load
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.oracle_file import OracleFileError, load_oracle
from seqgan_core.tasks.protocol import Task
from seqgan_core.tasks.registry import CORPUS_TASKS, TASKS
from seqgan_core.tasks.synthetic import SyntheticTask
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import resolve_device
from seqgan_core.training.setup.model_files import load_shipped, sizes_of


def make_task(config: TrainConfig, device: torch.device | None = None) -> Task:
    """The task that `config` names, its data on `device` (by default the config's).

    Raises:
        ConfigError: the task is unknown, or the corpus does not match the settings.
        OracleFileError: the oracle file cannot be used, or is of another vocabulary.
        CorpusError: the corpus is unknown, not on this machine, or does not fit.
    """
    if config.task not in TASKS:
        raise ConfigError("config.choice", name="task", given=config.task, allowed=", ".join(TASKS))
    device = device or resolve_device(config.device)
    if config.task in CORPUS_TASKS:
        task = make_corpus_task(config)
        if task.vocabulary.size != config.vocab_size:
            raise ConfigError(
                "config.corpus-changed",
                given=config.vocab_size,
                corpus=task.corpus.title,
                size=task.vocabulary.size,
            )
        return copy(task).to(device)  # the cached one is shared
    # The data is drawn on the CPU for every device, so that all train on the same data.
    return SyntheticTask(
        make_oracle(config),
        config.sequence_length,
        config.n_train,
        config.n_test,
        rng_for(config.oracle_seed, "data"),
    ).to(device)


def resolve_config(config: TrainConfig) -> TrainConfig:
    """`config` with the settings that its data decides, checked for this machine.

    A corpus decides the vocabulary, the numbers of sequences and, for verse, the length; D sees at
    most as many negatives as there are training sequences.

    Raises:
        ConfigError, OracleFileError, CorpusError: the settings cannot be used here.
    """
    resolve_device(config.device)
    if config.task not in CORPUS_TASKS:
        make_task(config.model_copy(update={"n_train": 16, "n_test": 16}))
        return config
    task = make_corpus_task(config)
    start = {}
    if config.start_from is not None:
        start = sizes_of(load_shipped(config.start_from))
    n = len(task.train_data())
    return make_config(
        config,
        vocab_size=task.vocabulary.size,
        sequence_length=task.sequence_length,
        n_train=n,
        d_samples=None if config.d_samples is None else min(config.d_samples, n),
        n_test=len(task.test_data()),
        **start,
    )


def make_corpus_task(config: TrainConfig) -> TextTask | MusicTask:
    """The text or the tunes that `config` names, on the CPU, whatever the sizes in the settings.

    Raises:
        ConfigError: no corpus is given, or the model to start from has other tokens.
        CorpusError: it is unknown, not on this machine, or does not fit.
    """
    if not config.corpus:
        raise ConfigError("config.no-corpus", task=config.task)
    if config.task == "music":
        return make_music_task(config)
    return make_text_task(config)


def make_music_task(config: TrainConfig) -> MusicTask:
    """The tunes that `config` names, as `make_corpus_task`."""
    corpus = load(config.corpus, task=config.task)
    task = _music_task(corpus, config.sequence_length, config.music_form, config.transpose)
    if config.start_from is not None and load_shipped(config.start_from).words != task.words:
        raise ConfigError("config.other-tokens", model=config.start_from, form=config.music_form)
    return task


def make_text_task(config: TrainConfig, words: tuple[str, ...] | None = None) -> TextTask:
    """The text that `config` names, as `make_corpus_task`, or in the tokens of `words`."""
    if words is None and config.start_from is not None:
        words = load_shipped(config.start_from).words
    corpus = load(config.corpus, config.punctuation, task=config.task)
    return _text_task(config.task, corpus, config.sequence_length, config.min_count, words)


# Each takes a second, and the form, the run and every screen need it.
_text_task = lru_cache(maxsize=4)(TextTask)
_music_task = lru_cache(maxsize=4)(MusicTask)


def make_oracle(config: TrainConfig) -> Generator:
    """The oracle on the CPU: from `oracle_path`, or drawn from N(0, 1) by `oracle_seed`.

    Raises:
        OracleFileError: the file cannot be used, or is of another vocabulary.
    """
    if config.oracle_path is None:
        oracle = Generator(
            config.vocab_size, config.oracle_embedding_size, config.oracle_hidden_size
        )
        return oracle.initialise(rng_for(config.oracle_seed, "oracle"), std=1.0)
    oracle = load_oracle(config.oracle_path)
    if oracle.vocab_size != config.vocab_size:
        raise OracleFileError(
            "oracle.vocabulary",
            given=config.vocab_size,
            file=config.oracle_path,
            size=oracle.vocab_size,
        )
    return oracle


def make_generator(config: TrainConfig, device: torch.device) -> Generator:
    """The initial G (line 1 of Algorithm 1), or a copy of the model that it starts from."""
    generator = Generator(
        config.vocab_size, config.g_embedding_size, config.g_hidden_size, config.g_tied_embeddings
    )
    generator.initialise(rng_for(config.seed, "init-g"), config.g_init_std)
    if config.start_from is not None:
        generator.load_state_dict(load_shipped(config.start_from).generator.state_dict())
    return generator.to(device)


def make_value_network(config: TrainConfig, device: torch.device) -> ValueNetwork:
    """The initial value network."""
    network = ValueNetwork(config.vocab_size, config.sequence_length, config.v_size)
    return network.initialise(rng_for(config.seed, "init-v")).to(device)


def tree_search_settings(config: TrainConfig, allowed: int | None = None) -> SearchSettings:
    """How a run searches, among at most `allowed` actions (V by default)."""
    k = min(config.search_actions, config.vocab_size if allowed is None else allowed)
    return SearchSettings(
        config.search_simulations, k, min(config.search_candidates, k),
        config.search_exploration, config.search_rollout_share,
    )  # fmt: skip


def make_discriminator(config: TrainConfig, device: torch.device) -> Discriminator:
    """The initial D (line 1 of Algorithm 1), or a copy of the model that it starts from."""
    discriminator = Discriminator(
        config.vocab_size, config.d_embedding_size, config.d_widths, config.d_filters
    )
    discriminator.initialise(rng_for(config.seed, "init-d"))
    if config.rollouts_in_bfloat16:
        discriminator.rollout_dtype = torch.bfloat16
    if config.start_from is not None:
        learnt = load_shipped(config.start_from).discriminator
        if learnt is not None:
            discriminator.load_state_dict(learnt.state_dict())
    return discriminator.to(device)
