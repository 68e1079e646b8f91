"""One thread for every computation: with more, they wait for each other on a busy machine."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
