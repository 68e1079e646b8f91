"""The text of a run's tokens, or their numbers and the reason if its corpus is missing."""

from pages.ui.common import html, navigation
from pages.ui.common.errors import sentence
from seqgan_core.insight.token_reader import Reader, numbers, reader_of
from seqgan_core.messages import N_, _
from seqgan_core.tasks.protocol import DataError
from seqgan_core.training.config import ConfigError, TrainConfig

_PAGES = {
    "poems": (navigation.POEMS, N_("Open Poems")),
    "speech": (navigation.SPEECHES, N_("Open Speeches")),
    "music": (navigation.MUSIC, N_("Open Music")),
}


def reader(config: TrainConfig) -> Reader:
    """The reader of a run's tokens; if it shows numbers, the page says why."""
    try:
        return reader_of(config)
    except (ConfigError, DataError) as error:
        html.quiet(_("Tokens are shown as numbers: {why}").format(why=sentence(error)))
        return numbers(config)


def door(task: str) -> None:
    """A link to the page where the corpora of a task are downloaded, uploaded and read."""
    page, label = _PAGES[task]
    navigation.link(page, _(label), "menu_book")
