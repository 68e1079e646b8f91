"""The command line: `python -m seqgan_core`. It asks the core and prints; it computes nothing.

A module of commands loads only what their options need; torch and its kin are imported inside the
command that needs them, so that `--help`, `runs` and `show` answer at once.
"""
