"""Settings for sampling text: model, number, temperature, fixed tokens; kept in the address."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.i18n import plain
from pages.ui.make import model_choice
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.screen_kind import Kind
from seqgan_core.insight.writing.samples import Colour, SampleRequest
from seqgan_core.messages import _

FIRST_SEED, LAST_SEED = 1, 10**9
MOST = 12
COOLEST, HOTTEST = 0.3, 1.5
ROLLOUTS = 16  # the paper's


@dataclass(frozen=True)
class SampleSettings:
    """What was chosen for the texts.

    Attributes:
        requests: one, or two for two models with the same seed, in the order shown.
        hidden: whether the names of two are still hidden.
        vertical, pinyin: how verse is set.
        main: the model that was chosen first, whatever the order shown.
    """

    requests: tuple[SampleRequest, ...]
    models: tuple[ModelOption, ...]
    hidden: bool
    vertical: bool
    pinyin: bool
    main: ModelOption

    @property
    def colour(self) -> Colour:
        """What tokens are coloured by."""
        return self.requests[0].colour


def choose(kind: Kind, models: dict[str, ModelOption]) -> SampleSettings:
    """Draw the choices, and write them into the address."""
    with st.container(key="make-settings"):
        pair, n, temperature = common_controls(kind, models, _("Who writes"))
        first, acrostic, vertical, pinyin, colour = _look(kind, pair[0])
    seed = seed_controls(kind, _("Write again"))
    critic = shared_critic(pair) if colour == "q" else ""
    requests = [
        SampleRequest(model.key, n, seed, temperature, first, acrostic, colour, ROLLOUTS, critic)
        for model in pair
    ]
    shown, shown_models, hidden = in_random_order(requests, pair)
    return SampleSettings(shown, shown_models, hidden, vertical, pinyin, pair[0])


def common_controls(
    kind: Kind, models: dict[str, ModelOption], label: str, n: int = 4, most: int = MOST
) -> tuple[tuple[ModelOption, ...], int, float]:
    """Draw the choice of the model, its baseline, the number of samples and the temperature.

    Args:
        kind: of screen.
        models: who can write.
        label: over the first choice.
        n: how many at first; most: at most.
    """
    model_column, baseline_column, number_column, temperature_column = st.columns(
        [1.5, 1.5, 1, 1.2], vertical_alignment="bottom"
    )
    with model_column:
        main = model_choice.choose(kind, models, "who", label)
    with baseline_column:
        others = {key: model for key, model in models.items() if key != main}
        baseline = model_choice.choose(
            kind, others, "beside", _("Beside it"), none_label=_("nobody")
        )
    many = number_column.slider(
        _("How many"), 1, most, url_state.number("n", n, 1, most), key=f"make.{kind.task}.n"
    )
    temperature = temperature_column.slider(
        _("Temperature"), COOLEST, HOTTEST, decimal("t", 1.0, COOLEST, HOTTEST), 0.05,
        key=f"make.{kind.task}.t",
        help=_("1 is the model's own. Lower is safer and more alike, higher is bolder."),
    )  # fmt: skip
    url_state.put(n=many, t=f"{temperature:g}")
    return (
        (models[main], models[baseline]) if baseline else (models[main],),
        int(many),
        float(temperature),
    )


def shared_critic(pair: tuple[ModelOption, ...]) -> str:
    """Whose D scores two models, since one scale needs one D; "" for each model's own."""
    if len(pair) < 2:
        return ""
    return next((model.key for model in pair if model.has_discriminator), "")


def in_random_order(
    requests: list[SampleRequest], pair: tuple[ModelOption, ...]
) -> tuple[tuple[SampleRequest, ...], tuple[ModelOption, ...], bool]:
    """Both in the order that they are shown, and whether their names are still hidden."""
    if len(pair) < 2:
        return tuple(requests), pair, False
    seed = requests[0].seed
    if _swapped(seed, pair[0].key, pair[1].key):
        requests, pair = requests[::-1], pair[::-1]
    return tuple(requests), pair, not _revealed(seed)


def _look(kind: Kind, model: ModelOption) -> tuple[str, str, bool, bool, Colour]:
    """What is fixed, how verse is set, and what colours say."""
    verse = model.verse
    kind = kind.of(verse=verse)
    with st.container(horizontal=True, vertical_alignment="bottom", key="make-look"):
        first, acrostic = _opening(kind, verse)
        vertical = pinyin = False
        if verse:
            # one after the other, not `and`: both must be drawn
            chosen = one_of(
                kind, _("Set"), "set",
                {"horizontal": _("horizontal"), "vertical": _("vertical")},
            )  # fmt: skip
            vertical = chosen == "vertical"
        colour = colour_of(kind)
        if verse:
            pinyin = st.toggle(
                _("Pinyin"), value=url_state.text("pinyin") == "yes",
                key=f"make.{kind.task}.pinyin",
                help=_("How each character is read in modern Mandarin"),
            )  # fmt: skip
            url_state.put(pinyin="yes" if pinyin else None)
    colour_words(colour, kind.token)
    return first, acrostic, vertical, pinyin, colour


def colour_of(kind: Kind, default: Colour = "none") -> Colour:
    """Draw the choice of what colours say."""
    colours = {"none": _("none"), "q": _("Q"), "surprise": _("surprise")}
    return cast(Colour, one_of(kind, _("Colour"), "colour", colours, default))


def colour_words(colour: Colour, token: str) -> None:
    """Say what colours say; `token` is what one of the coloured things is called."""
    if colour == "q":
        html.quiet(
            _(
                "Amber: Q, the mean of the discriminator's score over N = {n} endings rolled on "
                "from each {token}. Deeper is more real to D."
            ).format(n=ROLLOUTS, token=token)
        )
    elif colour == "surprise":
        html.quiet(
            _(
                "Surprise: −log of the probability that the model itself gave the {token}, in "
                "nats. Deeper is rarer; 2.3 nats is one in ten, 4.6 one in a hundred."
            ).format(token=token)
        )


def _opening(kind: Kind, verse: bool) -> tuple[str, str]:
    """What is fixed: nothing, how each begins, or how the lines of verse do."""
    words = {"free": _("free"), "first": _("first {token}").format(token=kind.token)}
    if verse:
        words["acrostic"] = _("acrostic")
    now = "acrostic" if url_state.text("acrostic") and verse else "free"
    now = "first" if url_state.text("first") else now
    values = {name: url_state.text(name)[:40] for name in ("first", "acrostic")}
    how = st.segmented_control(
        _("Opening"), list(words), default=now, required=True, format_func=words.__getitem__,
        key=f"make.{kind.task}.opening.{len(words)}",
    )  # fmt: skip
    if how == "free":
        url_state.put(first=None, acrostic=None)
        return "", ""
    label = words[how].capitalize()
    given = st.text_input(
        label, value=values[how], max_chars=40, width=150, key=f"make.{kind.task}.{how}",
        placeholder=_("山") if verse and how == "first" else _("春江花月") if verse else _("we"),
    ).strip()  # fmt: skip
    url_state.put(**{"first": None, "acrostic": None, how: given or None})
    return (given, "") if how == "first" else ("", given)


def seed_controls(kind: Kind, again: str) -> int:
    """The seed, kept in the address, and the buttons that change it; `again` is a label."""
    seed = url_state.number("seed", FIRST_SEED, 0, LAST_SEED)
    url_state.put(seed=seed)
    with st.container(horizontal=True, vertical_alignment="center", key="make-dice"):
        st.button(
            again, type="primary", icon=":material/casino:", on_click=url_state.put,
            kwargs={"seed": seed % LAST_SEED + 1}, key=f"make.{kind.task}.again",
        )  # fmt: skip
        st.button(
            _("Back to dice {seed}").format(seed=FIRST_SEED), icon=":material/replay:",
            on_click=url_state.put, kwargs={"seed": FIRST_SEED}, disabled=seed == FIRST_SEED,
            key=f"make.{kind.task}.back",
        )  # fmt: skip
        html.quiet(
            _("Dice {seed}. This address, opened anywhere, writes the same {many}.").format(
                seed=seed, many=kind.many
            )
        )
    missing = model_choice.missing(kind)
    if missing:
        st.warning(
            plain(_("{name} cannot write here: there is no such model.").format(name=missing[:80])),
            icon=":material/link_off:",
        )
    return seed


def reveal(seed: int) -> None:
    """Show the names until the seed changes: for a button's callback."""
    url_state.put(revealed=seed)


def _revealed(seed: int) -> bool:
    revealed = url_state.number("revealed", -1, 0, LAST_SEED) == seed
    if not revealed:
        url_state.put(revealed=None)
    return revealed


def _swapped(seed: int, first: str, second: str) -> bool:
    """Whether the second of two is shown first: a coin toss that is the same in every browser."""
    pair = sorted((first, second))
    text = "\n".join([str(seed), *pair])
    return pair[sha256(text.encode()).digest()[0] % 2] == second


def decimal(name: str, default: float, low: float, high: float) -> float:
    """A number from the address, kept within its bounds; the default where it is none."""
    try:
        value = float(url_state.text(name))
    except ValueError:
        return default
    return min(high, max(low, round(value, 2))) if math.isfinite(value) else default


def one_of(kind: Kind, label: str, name: str, words: dict[str, str], default: str = "") -> Any:
    """One of a few, side by side, the first by default; name and value stand in the address."""
    chosen = st.segmented_control(
        label, list(words),
        default=url_state.one_of(name, list(words), default or next(iter(words))), required=True,
        format_func=words.__getitem__, key=f"make.{kind.task}.{name}",
    )  # fmt: skip
    url_state.put(**{name: chosen})
    return chosen
