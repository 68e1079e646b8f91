"""The command line: `python -m seqgan_core`. It asks the core and prints; it computes nothing."""
