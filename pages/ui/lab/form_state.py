"""The changes to each preset, kept in the address."""

from typing import Any

import streamlit as st

from pages.ui.common.i18n import plain
from seqgan_core.figures.settings import Difference, assignments, differences
from seqgan_core.messages import _
from seqgan_core.training.config import ConfigError, TrainConfig, make_config, parse_changes
from seqgan_core.training.setup.config_rules import hidden_settings
from seqgan_core.training.setup.presets import PRESETS


def preset_in_address() -> str:
    """The preset in the address, or the first one."""
    preset = st.query_params.get("preset", "")
    return preset if preset in PRESETS else next(iter(PRESETS))


def changes(preset: str) -> dict[str, Any]:
    """The settings changed in this preset, as a dict to write to."""
    by_preset: dict[str, dict[str, Any]] = st.session_state.setdefault("form.changes", {})
    if preset not in by_preset:
        by_preset[preset] = _changes_in_address() if st.query_params.get("preset") == preset else {}
    return by_preset[preset]


def from_preset(preset: str, config: TrainConfig) -> list[Difference]:
    """The settings changed on purpose; those that the data decides are left out."""
    changed = differences(PRESETS[preset].model_dump(), config.model_dump())
    decided = hidden_settings(config)
    return [change for change in changed if change.name not in decided]


def write_address(preset: str, changed: list[Difference]) -> None:
    """Write the form into the address."""
    st.query_params["preset"] = preset
    if changed:
        st.query_params["set"] = assignments(changed)
    else:
        st.query_params.pop("set", None)


def reset(preset: str) -> None:
    """Reset to the preset's values."""
    st.session_state["form.changes"][preset] = {}
    st.session_state["form.generation"] = generation() + 1


def generation() -> int:
    """Part of the widgets' keys: a reset draws new ones."""
    return int(st.session_state.get("form.generation", 0))


def _changes_in_address() -> dict[str, Any]:
    try:
        changes = parse_changes(st.query_params.get_all("set"))
        config = make_config(PRESETS[st.query_params["preset"]], **changes)
    except ConfigError as error:
        st.warning(
            _("The settings in the address are not valid: {error}.").format(error=plain(str(error)))
        )
        return {}
    return {name: getattr(config, name) for name in changes}
