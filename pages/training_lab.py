"""The training lab's old address; it redirects to `lab`."""

from pages.ui.common import navigation

navigation.show(navigation.redirect("pages/training_lab.py"))
