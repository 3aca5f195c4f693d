"""The timer deletes again and again, and a failure does not end it."""

import asyncio
import contextlib

from assistant.errors import StorageError
from assistant.gateway.housekeeping import delete_in_time
from assistant.storage.retention import Deleted


class Counting:
    def __init__(self, enough: int) -> None:
        self.runs = 0
        self._enough, self.done = enough, asyncio.Event()

    def run(self) -> Deleted:
        self.runs += 1
        if self.runs == 1:
            raise StorageError("away")
        if self.runs >= self._enough:
            self.done.set()
        return Deleted(conversations=1)


async def test_the_timer_goes_on_after_a_failure():
    retention = Counting(enough=3)
    task = asyncio.create_task(delete_in_time(retention, every=0.01))
    await asyncio.wait_for(_reached(retention), 5)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert retention.runs >= 3


async def _reached(retention: Counting) -> None:
    while not retention.done.is_set():
        await asyncio.sleep(0.01)
