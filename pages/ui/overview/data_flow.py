"""The animated figure of the data flow in ten steps: five for D, five for G."""

from pages.ui.common.component import component

_mount = component("data_flow")


def flow() -> bool:
    """Draw the figure; returns whether the viewer asked their system for less motion."""
    return bool(_mount("flow", {}, {"still": None}).get("still"))
