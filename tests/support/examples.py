"""How many examples hypothesis draws: a third of what a test names, all with `thorough`."""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
THOROUGH = "thorough"


def examples(n: int) -> int:
    """What `max_examples` is, for a test that names `n`."""
    return n if PROFILE == THOROUGH else max(1, n // 3)


def load_profile() -> None:
    """Registers the two profiles, `default` and `thorough`, and loads the one of the environment.

    Neither has a deadline: a busy machine makes no test fail.
    """
    settings.register_profile("default", deadline=None, max_examples=100 // 3)
    settings.register_profile(THOROUGH, deadline=None, max_examples=100)
    settings.load_profile(PROFILE)
