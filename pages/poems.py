"""Poems: new verse, how new it is, and whether anybody can tell it from real verse."""

from pages.ui.common import navigation
from pages.ui.make.page import page
from pages.ui.make.screen_kind import POEMS

navigation.show(page, POEMS)
