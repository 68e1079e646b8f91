"""What the rewards are called, and what they mean, on this screen."""

from typing import NamedTuple

from seqgan_core.messages import N_


class RewardWords(NamedTuple):
    """The words for a reward: two of its own, and keys of remarks; "" where nothing is to say."""

    name: str  # of the reward
    scale: str = N_("from 0 to 1")  # what 0 and 1 mean
    trained_by: str = "rollouts.trained"  # of a run that was trained by it, without a discriminator
    rule: str = ""  # how it scores, where no model does
    through: str = ""  # what moves its Q through training


REWARDS = {
    "discriminator": RewardWords(
        N_("discriminator"), N_("from 0, clearly fake, to 1, clearly real"),
        through="rollouts.through-discriminator",
    ),
    "bleu": RewardWords(
        N_("BLEU"), N_("from 0, no known n-gram, to 1, all n-grams known"),
        "rollouts.trained-by-bleu", "rollouts.rule-bleu", "rollouts.through-bleu",
    ),
    "constant": RewardWords(
        N_("constant 1"), trained_by="rollouts.trained-by-constant", rule="rollouts.rule-constant"
    ),
}  # fmt: skip


def words_of(reward: str) -> RewardWords:
    """The words for a reward; one without words of its own has its name."""
    return REWARDS.get(reward) or RewardWords(reward)
