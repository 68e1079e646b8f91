"""The reward with D's highway in bfloat16 against float32, at the paper's size on one thread.

    python -m tests.bench.bfloat16 --oracle target_params.npz [--pairs 20] [--steps 100 600]

Both take turns in one process; times are its CPU time. D has been trained for some steps, so that
its scores are not all alike. Without `--oracle` the project's own oracle is used.
"""

import argparse
import sys
import time
from statistics import median

import torch

from seqgan_core.paper.rollout import RolloutValues, q_values
from seqgan_core.training.build import make_discriminator, make_generator, make_task
from seqgan_core.training.config import make_config
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import PAPER

EPOCHS = 2  # of MLE


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--oracle", help="the authors' target_params.npz; else one of our own")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--steps", type=int, nargs="+", default=[100, 300, 600], help="of D")
    given = parser.parse_args()
    prepare_cpu()
    config, cpu = make_config(PAPER, oracle_path=given.oracle, device="cpu"), torch.device("cpu")
    task, T, B = make_task(config), config.sequence_length, config.batch_size
    G, D = make_generator(config, cpu), make_discriminator(config, cpu)
    real = task.train_data()
    mle = MleLearner(G, config.pretrain_learning_rate, config.max_grad_norm)
    for batch in real.split(B) * EPOCHS:
        mle(batch)
    tokens = G.sample(B, T, rng_for(1, "bench"))

    def reward(dtype: torch.dtype) -> tuple[float, RolloutValues]:
        D.rollout_dtype, began = dtype, time.process_time()
        values = q_values(G, D, tokens, config.n_rollouts, rng_for(2, "bench"))
        return time.process_time() - began, values

    learn, labels, done = DiscriminatorLearner(D, 1e-3, config.d_l2), torch.arange(B) % 2, 0
    for steps in given.steps:
        for number in range(done, steps):
            rng = rng_for(3, "bench", number)
            rows = torch.randint(len(real), (B // 2,), generator=rng)
            both = torch.stack([G.sample(B // 2, T, rng), real[rows]], 1).flatten(0, 1)
            learn(both, labels, D.dropout_mask(B, config.d_dropout_keep, rng))
        done = steps
        (_, plain), (_, fast) = reward(torch.float32), reward(torch.bfloat16)
        error, of_q = ((a - b).abs().max() for a, b in zip(
            (plain.scores, plain.q), (fast.scores, fast.q), strict=True))  # fmt: skip
        sys.stdout.write(
            f"D after {steps} steps: scores {plain.scores.min():.4f} to {plain.scores.max():.4f}, "
            f"largest error {error:.5f}, of Q {of_q:.5f} beside a standard error of "
            f"{plain.std_error[:, :-1].mean():.3f}\n"
        )
    pairs = [(reward(torch.float32)[0], reward(torch.bfloat16)[0]) for _ in range(given.pairs)]
    if pairs:
        a, b = (median(column) for column in zip(*pairs, strict=True))
        ratio = median(x / y for x, y in pairs)
        sys.stdout.write(f"{a * 1e3:.0f} -> {b * 1e3:.0f} ms, x{ratio:.2f}, n = {len(pairs)}\n")


if __name__ == "__main__":
    main()
