"""The paper's equations and algorithm, on tensors only: no files, no clock, no printing."""
