"""The task that empties the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from anyio.to_thread import run_sync

from assistant.errors import StorageError
from assistant.log import event
from assistant.notify.channel import Channel, NotDelivered
from assistant.notify.letter import Letters
from assistant.notify.mail import Mail
from assistant.notify.webhook import Webhook
from assistant.settings import Settings
from assistant.storage.outbox import Attempt, Notice, Outbox

_logger = logging.getLogger(__name__)
EVERY_SECONDS = 2.0


class Sender:
    """Sends what the outbox hands out; several processes may each run one on the same outbox.

    Args:
        outbox: Where notifications wait.
        channels: Ways to send; without any, nothing is taken out.
        letters: Writes the words.
        count: Told of each attempt: `notified` or `notify_failed`.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Sequence[Channel],
        letters: Letters,
        *,
        count: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """Remember the parts."""
        self._outbox, self._channels, self._letters, self._count = outbox, tuple(channels), letters, count

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the ways that are set up."""
        return tuple(channel.name for channel in self._channels)

    async def run(self, *, every: float = EVERY_SECONDS) -> None:
        """Send what is due, again and again, until cancelled."""
        while self._channels:
            try:
                while await self.send_one():
                    pass
            except StorageError as error:
                # What was being sent is taken again when its claim runs out.
                event(_logger, "outbox_unreadable", level=logging.ERROR, kind=type(error).__name__)
            await asyncio.sleep(every)

    async def send_one(self) -> bool:
        """Try the next notification that is due; False if there is none.

        Raises:
            StorageError: The outbox cannot be reached.
        """
        notice = await run_sync(self._outbox.claim)
        if notice is None:
            return False
        attempt = await self._try(notice)
        await run_sync(lambda: self._outbox.report(notice, attempt, note=self._letters.history))
        failed = attempt.error is not None
        self._count("notify_failed" if failed else "notified")
        event(
            _logger,
            "notification",
            level=logging.WARNING if failed else logging.INFO,
            kind=notice.kind,
            attempt=notice.attempts + 1,
            error=attempt.error or "-",
        )
        return True

    async def close(self) -> None:
        """Let go of connections."""
        for channel in self._channels:
            await channel.close()

    async def _try(self, notice: Notice) -> Attempt:
        try:
            letter = self._letters.write(notice)
        except LookupError:
            # A newer version of the service may queue what this one has no words for.
            return Attempt((), "no words for this kind")
        left = [channel for channel in self._channels if channel.name not in notice.done]
        taken, errors = [], []
        for channel in left:
            try:
                await channel.send(letter)
                taken.append(channel.name)
            except NotDelivered as error:
                errors.append(str(error))
        return Attempt(tuple(taken), "; ".join(errors) or None)


def from_settings(settings: Settings, outbox: Outbox, count: Callable[[str], None]) -> Sender:
    """Build the sender with the channels that are set.

    Raises:
        SettingsError: A channel is set by halves.
    """
    ways: tuple[Channel | None, ...] = (Mail.from_settings(settings), Webhook.from_settings(settings))
    return Sender(outbox, [way for way in ways if way], Letters(settings.public_url), count=count)
