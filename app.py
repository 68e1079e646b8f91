"""The app: the pages, and on every one of them the line that says what is training now.

serve.py serves it.
"""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.errors import show_errors
from pages.ui.common.frame import tour
from pages.ui.common.frame.training_status import training_status
from pages.ui.common.i18n import choose_language
from seqgan_core.messages import _

choose_language()
st.set_page_config(page_title=_("SeqGAN lab"), page_icon=navigation.ICON, layout="wide")
navigation.app_has_run()
page = st.navigation(navigation.pages(), position="top")
st.set_page_config(page_title=f"{page.title} · {_('SeqGAN lab')}")
st.logo(navigation.ICON, size="large")
html.style()
with show_errors():
    training_status()
    tour.bar()
page.run()
