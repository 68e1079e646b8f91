"""Music: new tunes to hear, continue and keep, and whether anybody can tell them from real ones."""

from pages.ui.common import navigation
from pages.ui.make.page import page
from pages.ui.make.screen_kind import MUSIC

navigation.show(page, MUSIC)
