"""Tests of a real GPU see it."""

from collections.abc import Iterator

import pytest

from tests.gpu.pretended_device import hide_gpu


@pytest.fixture(autouse=True)
def gpu(no_gpu: pytest.MonkeyPatch) -> Iterator[None]:
    no_gpu.undo()
    yield
    hide_gpu(no_gpu)
