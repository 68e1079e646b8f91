"""Jobs worked out at once, in the thread that asks: a page in a test never waits for one."""

from seqgan_core.insight.jobs import Jobs


class InlineJobs(Jobs):
    """As the app's jobs, but each ends before its state is first read."""

    def _wake(self) -> None:
        while (job := self._next()) is not None:
            self._advance(job)
