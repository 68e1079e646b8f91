"""A problem small enough to follow by hand, and variants of it that change one setting."""

import tomllib
from pathlib import Path
from typing import Any

from seqgan_core.training.config import TrainConfig, make_config

_FILE = Path(__file__).resolve().parents[3] / "assets" / "tiny.toml"
_SETTINGS = tomllib.loads(_FILE.read_text(encoding="utf-8"))
TINY = make_config(**_SETTINGS["base"])
WHAT_IFS: dict[str, dict[str, Any]] = _SETTINGS | {"base": {}}  # what each changes


def tiny(name: str = "base", **changes: Any) -> TrainConfig:
    """The tiny problem as the what-if `name` has it, with the given settings changed.

    Raises:
        ConfigError: a change is not allowed.
    """
    return make_config(TINY, **WHAT_IFS[name] | changes)
