"""Methods compared: means, tests, curves, the paper's table."""
