"""What the screens Poems, Speeches and Music differ in: their task, their words, their numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from seqgan_core.messages import _
from seqgan_core.training.config import TrainConfig

ENGLISH_VERSE = "english-verse"  # its lines are running text to the program, verse to people


@dataclass(frozen=True)
class Kind:
    """One of the three screens.

    Attributes:
        task: of its own runs; also begins the keys of its widgets.
        report: the recorded comparison's file name, without its end.
        one, many: what is written; token, tokens: what it is made of.
        corpora: texts of the registry to choose from.
        order: the BLEU that the plane shows.
        length: default sequence length of a user text, in tokens.
    """

    task: str
    report: str
    one: str
    many: str
    token: str
    tokens: str
    corpora: tuple[str, ...]
    order: int
    length: int

    def of(self, *, verse: bool) -> Kind:
        """The same in the words for verse, or for the lines of English verse, made of words."""
        if verse or self.task != "poems":
            return self
        return replace(self, one=_("line"), many=_("lines"), token=_("word"), tokens=_("words"))

    def counted(self, n: int) -> str:
        """What n of its tokens are called."""
        return self.token if n == 1 else self.tokens

    def has(self, config: TrainConfig) -> bool:
        """Whether a run with these settings writes for this screen."""
        if config.task != "speech" or self.task == "music":
            return config.task == self.task
        return (config.corpus == ENGLISH_VERSE) == (self.task == "poems")


POEMS = Kind(
    "poems", "poems", _("poem"), _("poems"), _("character"), _("characters"),
    ("practice", "tang-quatrains", ENGLISH_VERSE), 2, 20,
)  # fmt: skip
SPEECHES = Kind(
    "speech", "speech", _("sentence"), _("sentences"), _("word"), _("words"),
    ("obama-speeches", "obama-paper"), 3, 20,
)  # fmt: skip
MUSIC = Kind(
    "music", "music", _("tune"), _("tunes"), _("step"), _("steps"),
    ("ryan-oneill", "ryans-mammoth", "oneills-1850", "airds-airs", "nottingham", "essen"), 4, 32,
)  # fmt: skip
