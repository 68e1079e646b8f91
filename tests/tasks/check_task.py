"""What every task must hold to, beyond the types of `seqgan_core.tasks.protocol.Task`."""

import torch

from seqgan_core.tasks.protocol import Task


def check_task(task: Task) -> None:
    """Check a task against its protocol.

    Raises:
        ValueError: what is wrong, with the value found and the rule.
    """
    V, T = task.vocabulary.size, task.sequence_length
    for name, data in (("train_data", task.train_data()), ("test_data", task.test_data())):
        if data.dtype != torch.long or data.dim() != 2 or data.shape[1] != T or len(data) == 0:
            raise ValueError(
                f"{name} of {task.name} is {data.dtype} of shape {tuple(data.shape)}; "
                f"it must be int64 of shape (n, {T}) with n of 1 or more"
            )
        low, high = int(data.min()), int(data.max())
        if low < 0 or high >= V:
            raise ValueError(
                f"{name} of {task.name} holds tokens {low} to {high}; they must be 0 to {V - 1}"
            )
    if len(task.show(task.train_data()[0].tolist()).tokens) != T:
        raise ValueError(f"show of {task.name} must give one piece of text for each of {T} tokens")
