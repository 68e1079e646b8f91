"""SeqGAN in small rooms: what the paper says, on what data, how it learns, what happened.

A notebook needs few names, and they are loaded when they are first used, so that importing the
package costs nothing and changes nothing:

    from seqgan_core import Trainer, preset
    for event in Trainer(preset("glance")).events():
        print(event)
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from seqgan_core.runs.store import Store
    from seqgan_core.training.config import TrainConfig, make_config
    from seqgan_core.training.setup.presets import preset
    from seqgan_core.training.trainer import Trainer

__all__ = ["Store", "TrainConfig", "Trainer", "make_config", "preset"]

_HOMES = {
    "Store": "seqgan_core.runs.store",
    "TrainConfig": "seqgan_core.training.config",
    "Trainer": "seqgan_core.training.trainer",
    "make_config": "seqgan_core.training.config",
    "preset": "seqgan_core.training.setup.presets",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
