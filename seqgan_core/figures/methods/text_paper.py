"""The paper's own numbers: of other references and another split, so not to be compared."""

from __future__ import annotations

from seqgan_core.figures.i18n import _

# As commonly cited from the paper's tables; BLEU's references are its own test sets.
PAPER: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "poems": (("BLEU-2", "0.6670", "0.7389", "0.746"),),
    "speech": (("BLEU-3", "0.519", "0.556", "–"), ("BLEU-4", "0.416", "0.427", "–")),
    "music": (("BLEU-4", "0.9210", "0.9406", "–"), ("MSE", "22.38", "20.62", "–")),
}
HUMAN = (_("human score"), "0.4165", "0.5356", "0.6011")


def rows(task: str) -> list[tuple[str, str, str, str]]:
    """What the paper tells of a task: the metric, MLE, SeqGAN, real text."""
    return [*PAPER[task], *([HUMAN] if task == "poems" else [])]


def why_not(task: str) -> str:
    """Why these numbers cannot be laid beside ours."""
    words = _(
        "As commonly cited from the paper's tables. BLEU grows with the number of references, and "
        "the paper does not state how many its test set holds, nor how it was split; so only the "
        "order of the methods can be compared, not the height."
    )
    if task == "music":
        words += " " + _(
            "It learned from the Nottingham tunes in another form, and does not say between what "
            "its MSE is; ours, said below, is of our own making."
        )
    if task == "poems":
        words += " " + _(
            "Its human score is how often people who saw one poem at a time took it for a "
            "person's; our quiz shows two and asks which one, so 0.5 is chance."
        )
    return words
