"""What is kept how long; run by a timer or `send-assistant retention run`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage import counts, moments
from assistant.storage.database import Database
from assistant.storage.deletion import Deletion, write_receipt
from assistant.storage.tables import conversations, handovers, outbox, safeguarding_flags
from assistant.storage.topics import REPLY, names

# Rows a transaction, so that families can write in between.
_BATCH = 200


@dataclass(frozen=True)
class Periods:
    """Days until deletion: conversations after the last message, the others after closing."""

    conversations: int = 30
    handovers: int = 90
    safeguarding: int = 365


@dataclass(frozen=True)
class Deleted:
    """How many were deleted in one run."""

    conversations: int = 0
    handovers: int = 0
    safeguarding: int = 0


class Retention:
    """Deletes what is past its time.

    Args:
        database: Where everything is kept.
        deletion: Deletes single conversations.
        periods: Days, asked for at each run: managers can change them.
        now: Clock, aware UTC.
    """

    def __init__(
        self,
        database: Database,
        deletion: Deletion,
        periods: Callable[[], Periods],
        *,
        now: Callable[[], datetime] = moments.now,
    ) -> None:
        """Remember the parts."""
        self._database, self._deletion, self._periods, self._now = database, deletion, periods, now

    def run(self) -> Deleted:
        """Delete everything past its time; running it twice deletes nothing more."""
        at, periods = moments.to_ms(self._now()), self._periods()
        requests = self._handovers(at, periods)
        chats = self._conversations(at, periods)
        flags = self._flags(at, periods)
        self._database.scrub()
        return Deleted(conversations=chats, handovers=requests, safeguarding=flags)

    def _conversations(self, at: int, periods: Periods) -> int:
        before = at - periods.conversations * moments.DAY
        has_request = sa.exists().where(handovers.c.conversation_id == conversations.c.id)
        past = sa.select(conversations.c.id).where(conversations.c.last_active < before, ~has_request)
        total = 0
        while True:
            with self._database.write() as connection:
                ids = connection.execute(past.limit(_BATCH)).scalars().all()
                for conversation_id in ids:
                    self._deletion.delete_within(connection, conversation_id, reason="retention")
            if not ids:
                return total
            total += len(ids)

    def _handovers(self, at: int, periods: Periods) -> int:
        before = at - periods.handovers * moments.DAY
        with self._database.write() as connection:
            past = sa.select(handovers, REPLY.label("reply")).where(handovers.c.closed_at < before)
            rows = connection.execute(past).all()
            for row in rows:
                counted = names(row.created_at, row.about, row.reply)
                counts.add(connection, ((row.created_at, name) for name in counted))
                connection.execute(handovers.delete().where(handovers.c.id == row.id))
                write_receipt(connection, at=at, subject="handover", reason="retention", rows=1)
                if row.conversation_id and not _has_request(connection, row.conversation_id):
                    self._deletion.delete_within(connection, row.conversation_id, reason="retention")
        return len(rows)

    def _flags(self, at: int, periods: Periods) -> int:
        before = at - periods.safeguarding * moments.DAY
        with self._database.write() as connection:
            past = safeguarding_flags.delete().where(safeguarding_flags.c.closed_at < before)
            count = connection.execute(past).rowcount
            if count:
                write_receipt(connection, at=at, subject="safeguarding", reason="retention", rows=count)
            # Sent, or nobody to send it to: either way of no use any more.
            connection.execute(outbox.delete().where(outbox.c.created_at < at - periods.conversations * moments.DAY))
        return count


def _has_request(connection: Connection, conversation_id: str) -> bool:
    query = sa.select(handovers.c.id).where(handovers.c.conversation_id == conversation_id)
    return connection.execute(query).first() is not None
