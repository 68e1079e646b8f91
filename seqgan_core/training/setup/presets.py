"""Named settings, from a run of half a minute to the paper's experiment."""

import tomllib
from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.training.config import ConfigError, TrainConfig, make_config

PAPER = TrainConfig()
FILE = Path(__file__).resolve().parents[3] / "assets" / "presets.toml"


def _read() -> dict[str, TrainConfig]:
    made = {"": PAPER}
    for name, settings in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        made[name] = make_config(made[settings.pop("base", "")], **settings)
    return {name: config for name, config in made.items() if name and not name.startswith("_")}


PRESETS: dict[str, TrainConfig] = _read()

# The seeds that a preset's settings were chosen with (assets/experiments): with an oracle each on
# the oracle of its own number, of a corpus on the held-out data that its numbers come from. Those
# of table1 are seeds of training and of data, all on the authors' oracle.
CHOSEN_WITH: dict[str, tuple[int, ...]] = {
    "glance": (1, 2, 4),  # the lesson's, made shorter
    "lesson": (1, 2, 4),
    "table1": (0, 1, 2, 3),
    "poems": (1,),
    "speech": (1,),
    "music": (1,),
}

PRESET_HELP: dict[str, str] = {
    "glance": N_("Half a minute on two CPU cores, to see the curves move."),
    "lesson": N_(
        "Two to three minutes: SeqGAN lowers NLL_oracle and raises NLL_test, as a lower "
        "temperature of MLE does."
    ),
    "table1": N_(
        "The paper's size of data, oracle and generator, with a smaller D and a shorter schedule "
        "that was chosen on the authors' oracle with other data: minutes on one CPU thread."
    ),
    "paper": N_("The authors' settings, but with shuffled batches; hours on a CPU."),
    "poems": N_("Five-character quatrains, the paper's corpus: a few minutes, after a download."),
    "speech": N_("Sentences from presidential speeches: a few minutes, after a download."),
    "music": N_(
        "Fiddle tunes in eighth notes, in one key: a few minutes, after the tune books are read."
    ),
    "practice": N_("Generated practice quatrains, no download: half a minute."),
}


def preset(name: str) -> TrainConfig:
    """The settings of a preset.

    Raises:
        ConfigError: there is no preset of that name.
    """
    if name not in PRESETS:
        raise ConfigError("config.preset", given=name, allowed=", ".join(PRESETS))
    return PRESETS[name]
