"""Records the reference trajectory: .venv/bin/python -m tests.reference.record

A change of the numbers in trajectory.json must be explained in the commit that makes it.
"""

import json
from pathlib import Path

from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.events import DiscriminatorUpdated, Evaluated, GeneratorUpdated
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.trainer import Trainer

FILE = Path(__file__).with_name("trajectory.json")


def reference_config(strategy: str) -> TrainConfig:
    """A run of a second or two that passes through every line of Algorithm 1."""
    return make_config(
        strategy=strategy, vocab_size=40, sequence_length=7, n_train=512, n_test=128,
        g_embedding_size=12, g_hidden_size=12, d_embedding_size=12, d_widths=(1, 2, 4),
        d_filters=(12, 12, 12), batch_size=32, pretrain_epochs=3, d_pretrain_steps=2, rounds=3,
        g_steps=2, d_steps=2, d_epochs=1, g_batch_size=32, n_rollouts=4, n_eval=256,
        evaluate_every=1, checkpoint_every=10, report_every=16, device="cpu",
    )  # fmt: skip


def trajectory(strategy: str) -> dict[str, list[float]]:
    """The losses and metrics of the reference run, in order."""
    out: dict[str, list[float]] = {"generator": [], "discriminator": [], "oracle": [], "test": []}
    for event in Trainer(reference_config(strategy)).events():
        if isinstance(event, GeneratorUpdated):
            out["generator"].append(event.loss)
        elif isinstance(event, DiscriminatorUpdated) and event.loss is not None:
            out["discriminator"].append(event.loss)
        elif isinstance(event, Evaluated):
            out["oracle"].append(event.metrics["nll_oracle"])
            out["test"].append(event.metrics["nll_test"])
    return out


def main() -> None:
    """Write trajectory.json into the folder of this file."""
    prepare_cpu()
    recorded = {name: trajectory(name) for name in ("seqgan", "mle", "constant_reward")}
    FILE.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
