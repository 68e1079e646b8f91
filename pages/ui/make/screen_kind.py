"""What the screens Poems, Speeches and Music differ in: data, words, numbers of samples."""

from __future__ import annotations

from dataclasses import dataclass, replace

from seqgan_core.messages import N_, _
from seqgan_core.tasks.corpora.registry import screen_of
from seqgan_core.training.config import TrainConfig


@dataclass(frozen=True)
class Kind:
    """One of the three screens. Words are marked by `N_`."""

    # of its runs; also begins the keys of its widgets, and names its preset, its recorded
    # comparison and its texts
    task: str
    title: str  # the heading
    # one, many: what is generated
    one: str
    many: str
    # token, tokens: what it is made of
    token: str
    tokens: str
    length: int  # default sequence length of a user text, in tokens
    # samples, most: samples at first, and at most
    samples: int = 4
    most: int = 12
    # first, acrostic: examples of a fixed opening
    first: str = ""
    acrostic: str = ""

    @property
    def music(self) -> bool:
        return self.task == "music"

    @property
    def data(self) -> str:
        """What it is about, in the keys of remarks."""
        return "tunes" if self.music else "text"

    @property
    def words(self) -> dict[str, str]:
        """Its nouns in the reader's language, for the fields of a sentence."""
        return {
            "one": _(self.one), "many": _(self.many),
            "token": _(self.token), "tokens": _(self.tokens),
        }  # fmt: skip

    def of(self, *, verse: bool) -> Kind:
        """The same in the words for verse, or for the lines of English verse, made of words."""
        if verse or self.task != "poems":
            return self
        return replace(
            self, one=N_("line"), many=N_("lines"), token=N_("word"), tokens=N_("words"),
            first="the",
        )  # fmt: skip

    def counted(self, n: int) -> str:
        """What n of its tokens are called."""
        return self.words["token" if n == 1 else "tokens"]

    def has(self, config: TrainConfig) -> bool:
        """Whether a run with these settings belongs to this screen."""
        return screen_of(config.task, config.corpus) == self.task


POEMS = Kind(
    task="poems", title=N_("New poems"), one=N_("poem"), many=N_("poems"),
    token=N_("character"), tokens=N_("characters"), length=20, first="山", acrostic="春江花月",
)  # fmt: skip
SPEECHES = Kind(
    task="speech", title=N_("New speeches"), one=N_("sentence"), many=N_("sentences"),
    token=N_("word"), tokens=N_("words"), length=20, first="we",
)  # fmt: skip
MUSIC = Kind(
    task="music", title=N_("New tunes"), one=N_("tune"), many=N_("tunes"),
    token=N_("step"), tokens=N_("steps"), length=32,
    samples=2, most=8,  # each is half a megabyte of sound
)  # fmt: skip
