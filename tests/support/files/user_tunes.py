"""Uploaded tunes, read to the end at once."""

from collections.abc import Sequence

from seqgan_core.insight.jobs import finish
from seqgan_core.tasks.music import user_tunes
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.music.melody_part import HIGHEST_PART
from seqgan_core.tasks.music.user_tunes import UploadedFile


def read_user_tunes(
    uploads: Sequence[UploadedFile], title: str = "", melody: str | int = HIGHEST_PART
) -> Collection:
    """The tunes of some files, as `user_tunes.read_user_tunes` reads them."""
    return finish(user_tunes.read_user_tunes(uploads, title, melody)).collection
