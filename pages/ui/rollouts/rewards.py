"""What the rewards are called, and what they mean, on this screen."""

from typing import NamedTuple

from seqgan_core.messages import N_


class RewardWords(NamedTuple):
    """The words for a reward; "" where there is nothing to say.

    Attributes:
        name: of the reward.
        scale: what 0 and 1 mean.
        trained_by: of a run that was trained by it, without a discriminator.
        rule: how it scores, where no model does.
        through: what moves its Q through training.
    """

    name: str
    scale: str
    trained_by: str
    rule: str
    through: str


_TRAINED = N_(
    "{name} was trained without a discriminator. Choose a SeqGAN run above to see a "
    "discriminator's scores."
)
NONE = N_(
    "{name} was trained without a discriminator and without a reward. Choose a SeqGAN run above "
    "to see a discriminator's scores."
)
REWARDS = {
    "discriminator": RewardWords(
        N_("discriminator"),
        N_("from 0, clearly fake, to 1, clearly real"),
        _TRAINED,
        "",
        N_("◀ marks the checkpoint chosen above. Noise and random numbers are the same at "
           "each. Two things change: G, which samples other tokens and completions, and D, "
           "which scores them differently. A higher Q can mean better sequences or a more "
           "lenient D; see the training lab for which."),
    ),
    "bleu": RewardWords(
        N_("BLEU"),
        N_("from 0, no known n-gram, to 1, all n-grams known"),
        N_("{name} was trained with BLEU instead of a discriminator. Choose a SeqGAN run above to "
           "see a discriminator's scores."),
        N_("BLEU-{order} scores a sequence by the share of its n-grams, up to {order} tokens long, "
           "that occur in the {n:,} training sequences. It ignores how frequent they are, so "
           "repeating one safe sequence scores as high as many different ones."),
        N_("◀ marks the checkpoint chosen above. Noise and random numbers are the same at "
           "each, and BLEU does not change: only G does. A higher Q can mean better sequences, "
           "or the same safe ones every time; see NLL_test in the training lab."),
    ),
    "constant": RewardWords(
        N_("constant 1"),
        N_("from 0 to 1"),
        N_("{name} was trained with the constant reward 1 instead of a discriminator. Choose a "
           "SeqGAN run above to see a discriminator's scores."),
        N_("The constant reward scores every sequence 1, so every Q is 1."),
        "",
    ),
}  # fmt: skip


def words_of(reward: str) -> RewardWords:
    """The words for a reward; one without words of its own has its name."""
    return REWARDS.get(reward) or RewardWords(reward, N_("from 0 to 1"), _TRAINED, "", "")
