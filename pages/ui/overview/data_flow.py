"""The animated figure of the data flow, in ten captions: five for D's turn, five for G's."""

from __future__ import annotations

from pages.ui.common.component import component
from seqgan_core.messages import _

_mount = component("data_flow")


def flow() -> bool:
    """Draw the figure; returns whether the viewer asked their system for less motion."""
    result = _mount(
        key="flow",
        data={"captions": _captions(), "words": _words(), "turns": [_turn_d(), _turn_g()]},
        on_still_change=lambda: None,
    )
    return bool(result.get("still"))


def _captions() -> list[str]:
    return [
        _("Somewhere there are real sequences: poems, tunes, or samples of an oracle."),
        _("The generator G writes sequences of its own, choosing one token after another."),
        _("Real ones are labelled 1 and G's are labelled 0, and both are shuffled together."),
        _("The discriminator D reads each whole sequence and says how probably it is real."),
        _("D is corrected: up for real, down for G's. A few rounds of this, then it stands still."),
        _("Now G writes a sentence token by token. D cannot judge half a sentence, and no gradient "
          "can pass back through a chosen token."),
        _("So from each prefix the sentence is rolled on to its end several times: a Monte Carlo "
          "search with G itself as the roll-out policy."),
        _("D reads every completed sentence and gives each its P(real)."),
        _("The mean of these scores is Q: one amber number for each token, the reward of having "
          "chosen it there."),
        _("Tokens with a high Q become more likely, the others less: the policy gradient. "
          "Then D takes its next turn."),
    ]  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "title": _("How data flows in SeqGAN: real sequences and the generator's go to the "
                   "discriminator; its score comes back through roll-outs as one number a token."),
        "real": _("real data"),
        "generator": _("generator"),
        "discriminator": _("discriminator"),
        "label_real": _("label 1"),
        "label_fake": _("label 0"),
        "corrected": _("corrected"),
        "steps": _("Steps of the explanation"),
        "step": _("Step"),
        "back": _("Back"),
        "next": _("Next"),
        "play": _("Play"),
        "pause": _("Pause"),
    }  # fmt: skip


def _turn_d() -> str:
    return _("The discriminator's turn")


def _turn_g() -> str:
    return _("The generator's turn")
