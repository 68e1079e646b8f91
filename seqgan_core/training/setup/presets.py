"""Named settings, from a run of half a minute to the paper's experiment."""

import tomllib
from pathlib import Path

from seqgan_core.training.config import ConfigError, TrainConfig, make_config

PAPER = TrainConfig()
FILE = Path(__file__).resolve().parents[3] / "assets" / "presets.toml"


def _read() -> tuple[dict[str, TrainConfig], dict[str, tuple[int, ...]]]:
    made, seeds = {"": PAPER}, {}
    for name, settings in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        if "chosen_with" in settings:
            seeds[name] = tuple(settings.pop("chosen_with"))
        made[name] = make_config(made[settings.pop("base", "")], **settings)
    named = {name: config for name, config in made.items() if name and not name.startswith("_")}
    return named, seeds


PRESETS, CHOSEN_WITH = _read()


def preset(name: str) -> TrainConfig:
    """The settings of a preset.

    Raises:
        ConfigError: there is no preset of that name.
    """
    if name not in PRESETS:
        raise ConfigError("config.preset", given=name, allowed=", ".join(PRESETS))
    return PRESETS[name]
