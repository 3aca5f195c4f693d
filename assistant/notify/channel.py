"""What a way of telling somebody must do."""

from typing import Protocol

from assistant.errors import ServiceError
from assistant.notify.letter import Letter


class NotDelivered(ServiceError):
    """The other side did not take it; the text says why, without addresses or secrets."""


class Channel(Protocol):
    """One way to tell staff."""

    @property
    def name(self) -> str:
        """`mail` or `webhook`."""

    async def send(self, letter: Letter) -> None:
        """Send a letter; returns only when the other side has taken it.

        Raises:
            NotDelivered: It did not.
        """

    async def close(self) -> None:
        """Let go of connections."""
