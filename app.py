"""The app: the pages, and on every one of them the line that says what is training now.

Run it with `make run`, or `streamlit run app.py`.
"""

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.errors import in_words
from pages.ui.now import now_training
from pages.ui.text import _

st.set_page_config(page_title=_("SeqGAN lab"), page_icon=nav.ICON, layout="wide")
nav.app_has_run()
page = st.navigation(nav.pages(), position="top")
st.set_page_config(page_title=f"{page.title} · {_('SeqGAN lab')}")
st.logo(nav.ICON, size="large")
pieces.style()
with in_words():
    now_training()
page.run()
