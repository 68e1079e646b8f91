"""The library of runs: its table, and runs compared."""
