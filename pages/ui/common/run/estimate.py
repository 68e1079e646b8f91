"""How long a run takes on this machine."""

import atexit
import threading

import streamlit as st

from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.devices import resolve_device
from seqgan_core.training.setup.estimate import estimate_seconds

# A page's thread inside torch while Python ends would abort it: its end waits for the measurement.
_MEASURING = threading.Lock()
atexit.register(_MEASURING.acquire, timeout=10)


def estimate(config: TrainConfig) -> float:
    """The seconds that a run with these settings takes here."""
    return _estimate(config.model_dump_json())


@st.cache_data(max_entries=200, show_spinner=False)
def _estimate(config_json: str) -> float:
    config = TrainConfig.model_validate_json(config_json)
    with _MEASURING:
        return estimate_seconds(config, resolve_device(config.device))
