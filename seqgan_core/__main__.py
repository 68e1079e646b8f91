"""`python -m seqgan_core`: the command line over the core."""

import sys

INTERRUPTED = 130


def main() -> int:
    """Runs the command line; returns its exit status (Ctrl-C while loading counts as well)."""
    try:
        from seqgan_core.cli.app import run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
