"""The three updates, their batches, optimisers and CUDA graphs."""
