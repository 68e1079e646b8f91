"""The tensors of a run, by name: what a checkpoint holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from seqgan_core.training.learners.optimisers import adam_tensors

if TYPE_CHECKING:
    from seqgan_core.training.trainer import Trainer


def whole_state(trainer: Trainer) -> dict[str, Tensor]:
    """Live tensors: weights of G, D and the averaged policy, and every optimiser's moments."""
    models = {"generator": trainer.generator, "discriminator": trainer.discriminator}
    if trainer.rollout_policy is not trainer.generator:
        models["rollout_policy"] = trainer.rollout_policy
    adams = {"mle": trainer.mle.adam, "policy": trainer.policy.adam}
    if trainer.critic is not None:
        adams["critic"] = trainer.critic.adam
    weights = {
        f"{model}.{name}": parameter
        for model, module in models.items()
        if module is not None
        for name, parameter in module.named_parameters()
    }
    moments = {
        f"adam.{which}.{name}": tensor
        for which, adam in adams.items()
        for name, tensor in adam_tensors(adam).items()
    }
    return weights | moments


@torch.no_grad()
def load_state(live: dict[str, Tensor], saved: dict[str, Tensor]) -> None:
    """Copies `saved` into `live`, in place.

    Raises:
        ValueError: a tensor is missing, unknown or of another shape; nothing was changed then.
    """
    if set(live) != set(saved):
        odd = ", ".join(sorted(set(live) ^ set(saved))[:5])
        raise ValueError(f"the checkpoint holds other tensors than these settings need: {odd}")
    for name, tensor in live.items():
        if tensor.shape != saved[name].shape:
            raise ValueError(
                f"{name} in the checkpoint has shape {tuple(saved[name].shape)}; "
                f"these settings need {tuple(tensor.shape)}"
            )
    for name, tensor in live.items():
        tensor.copy_(saved[name])
