"""The animated figure of the data flow in ten steps: five for D, five for G."""

from pages.ui.common.component import component
from seqgan_core.messages import _

_mount = component("data_flow")


def flow() -> bool:
    """Draw the figure; returns whether the viewer asked their system for less motion."""
    result = _mount(
        key="flow",
        data={
            "captions": _captions(),
            "words": _words(),
            "turns": [_("The discriminator's turn"), _("The generator's turn")],
        },
        on_still_change=lambda: None,
    )
    return bool(result.get("still"))


def _captions() -> list[str]:
    return [
        _("The training data are real sequences: poems, tunes, or samples of an oracle."),
        _("The generator G samples sequences, one token at a time."),
        _("Real sequences are labelled 1 and samples 0, and both are shuffled together."),
        _("The discriminator D reads each whole sequence and estimates P(real)."),
        _("D is trained on the labels: its score rises for real sequences and falls for samples. "
          "Then its weights are fixed."),
        _("G samples a sequence token by token. D cannot score part of a sequence, and no "
          "gradient passes through a sampled token."),
        _("So Monte Carlo roll-outs complete each prefix several times, with G itself as the "
          "roll-out policy."),
        _("D scores every completion with its P(real)."),
        _("The mean of these scores is Q, one number for each token: the reward for choosing it."),
        _("The policy gradient makes tokens with a high Q more likely and the others less likely. "
          "Then it is D's turn again."),
    ]  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "title": _("The data flow of SeqGAN: real sequences and samples go to the discriminator; "
                   "its scores of roll-outs come back as one reward for each token."),
        "real": _("real data"),
        "generator": _("generator"),
        "discriminator": _("discriminator"),
        "label_real": _("label 1"),
        "label_fake": _("label 0"),
        "corrected": _("trained"),
        "steps": _("Steps of the explanation"),
        "step": _("Step"),
        "back": _("Back"),
        "next": _("Next"),
        "play": _("Play"),
        "pause": _("Pause"),
    }  # fmt: skip
