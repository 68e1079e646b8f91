"""The server: the app in app.py, with its style and its chart script in the page from the start.

Run it with `make run`, or `streamlit run serve.py`.
"""

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.common.first_page import FirstPage

app = st.App("app.py", middleware=[Middleware(FirstPage)])
