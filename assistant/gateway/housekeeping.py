"""The timer of the service: what is past its time is deleted without anybody having to remember."""

from __future__ import annotations

import asyncio
import logging

from anyio.to_thread import run_sync

from assistant.errors import StorageError
from assistant.log import event
from assistant.storage.retention import Retention

_logger = logging.getLogger(__name__)
EVERY_SECONDS = 6 * 3600.0


async def delete_in_time(retention: Retention, *, every: float = EVERY_SECONDS) -> None:
    """Delete what is past its time, at once and then again and again, until cancelled."""
    while True:
        try:
            done = await run_sync(retention.run)
            event(_logger, "retention", conversations=done.conversations, handovers=done.handovers)
        except StorageError as error:
            # The next round tries again; a database that is down shows in /readyz.
            event(_logger, "retention_failed", level=logging.ERROR, kind=type(error).__name__)
        await asyncio.sleep(every)
