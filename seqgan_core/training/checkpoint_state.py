"""The tensors of a run, by name: what a checkpoint holds."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from seqgan_core.training.build import make_value_network
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.learners.optimisers import MOMENTS, adam_tensors
from seqgan_core.training.learners.updates import ValueLearner
from seqgan_core.training.models import RunModels, nothing_searched
from seqgan_core.training.strategies import has_value_network, keeps_searched

Shapes = dict[str, tuple[int, ...]]

# the module that each Adam trains
_TRAINED = {"mle": "generator", "policy": "generator", "critic": "discriminator", "value": "value"}


def whole_state(models: RunModels) -> dict[str, Tensor]:
    """Live tensors: weights of G, D, v and the averaged policy, and every optimiser's moments.

    Raises:
        ValueError: the models have no learners, hence no moments.
    """
    learners = models.learners
    if learners is None:
        raise ValueError("models without optimisers have no state to checkpoint")
    adams = {
        "mle": learners.mle.adam,
        "policy": learners.policy.adam,
        "critic": None if learners.discriminator is None else learners.discriminator.adam,
        "value": None if learners.value is None else learners.value.adam,
    }
    moments = {
        f"adam.{which}.{name}": tensor
        for which, adam in adams.items()
        if adam is not None
        for name, tensor in adam_tensors(adam).items()
    }
    return _weights(models) | moments


def new_tensors(config: TrainConfig) -> dict[str, Tensor]:
    """What a branch begins with that its parent may lack: the value network, what a search found.

    They are as at the start of a run of these settings.
    """
    cpu, tensors = torch.device("cpu"), dict[str, Tensor]()
    if has_value_network(config):
        v = make_value_network(config, cpu)
        adam = ValueLearner(v, config.v_learning_rate, config.v_steps).adam
        tensors = {f"value.{name}": p.detach() for name, p in v.named_parameters()}
        tensors |= {f"adam.value.{name}": t for name, t in adam_tensors(adam).items()}
    if keeps_searched(config):
        tensors["searched"] = nothing_searched(config, cpu)
    return tensors


def load_state(models: RunModels, saved: Mapping[str, Tensor]) -> None:
    """Copies a complete state into models that continue training.

    Raises:
        ValueError: a tensor is missing, unknown or of another shape; then nothing is changed.
    """
    _check(_shapes(models), saved)
    _copy(whole_state(models), saved)


def load_weights(models: RunModels, saved: Mapping[str, Tensor]) -> None:
    """Copies the weights, without any optimiser's moments.

    Raises:
        ValueError: as `load_state`; the moments are checked too.
    """
    _check(_shapes(models), saved)
    _copy(_weights(models), saved)


def moments_of(learner: str, saved: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """One optimiser's tensors in a checkpoint, by the names of `adam_tensors`."""
    start = f"adam.{learner}."
    return {name.removeprefix(start): t for name, t in saved.items() if name.startswith(start)}


def _modules(models: RunModels) -> dict[str, nn.Module]:
    average = models.rollout_policy if models.has_average else None
    modules: dict[str, nn.Module | None] = {
        "generator": models.generator, "discriminator": models.discriminator,
        "rollout_policy": average, "value": models.value,
    }  # fmt: skip
    return {name: module for name, module in modules.items() if module is not None}


def _weights(models: RunModels) -> dict[str, Tensor]:
    weights: dict[str, Tensor] = {
        f"{model}.{name}": parameter
        for model, module in _modules(models).items()
        for name, parameter in module.named_parameters()
    }
    return weights if models.searched is None else weights | {"searched": models.searched}


def _shapes(models: RunModels) -> Shapes:
    """The shape of every tensor in a checkpoint of these models, with or without optimisers."""
    shapes = {name: tuple(tensor.shape) for name, tensor in _weights(models).items()}
    modules = _modules(models)
    for which, trained in _TRAINED.items():
        parameters = modules[trained].parameters() if trained in modules else ()
        for index, parameter in enumerate(parameters):
            for name in MOMENTS:
                shape = () if name == "step" else tuple(parameter.shape)
                shapes[f"adam.{which}.{index}.{name}"] = shape
    return shapes


def _check(shapes: Shapes, saved: Mapping[str, Tensor]) -> None:
    if set(shapes) != set(saved):
        odd = ", ".join(sorted(set(shapes) ^ set(saved))[:5])
        raise ValueError(f"the checkpoint holds other tensors than these settings need: {odd}")
    for name, shape in shapes.items():
        if shape != tuple(saved[name].shape):
            raise ValueError(
                f"{name} in the checkpoint has shape {tuple(saved[name].shape)}; "
                f"these settings need {shape}"
            )


@torch.no_grad()
def _copy(live: Mapping[str, Tensor], saved: Mapping[str, Tensor]) -> None:
    for name, tensor in live.items():
        tensor.copy_(saved[name])
