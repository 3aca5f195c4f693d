"""Deleting conversations: texts go, daily counts and a receipt without content stay."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage import counts, moments
from assistant.storage.database import Database
from assistant.storage.handovers import keep_what_consent_covers
from assistant.storage.sealing import Seal
from assistant.storage.tables import (
    conversations,
    feedback,
    messages,
    receipts,
    safeguarding_flags,
)


class Deletion:
    """Deletes conversations.

    Args:
        database: Where they are kept.
        seal: Encrypts what a hand-over may keep.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, seal: Seal, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._seal, self._now = database, seal, now

    def delete(self, conversation_id: str, *, reason: str = "asked") -> bool:
        """Delete everything of one conversation; a hand-over keeps what consent covered.

        Args:
            conversation_id: Which one.
            reason: `asked` (by the family) or `retention`; goes on the receipt.

        Returns:
            False if there was no such conversation.
        """
        with self._database.write() as connection:
            deleted = self.delete_within(connection, conversation_id, reason=reason)
        self._database.scrub()
        return deleted

    def delete_within(self, connection: Connection, conversation_id: str, *, reason: str) -> bool:
        """Do the same inside a running transaction."""
        at = moments.to_ms(self._now())
        rows = _count(connection, conversation_id)
        if rows is None:
            return False
        _add_to_daily_counts(connection, conversation_id)
        keep_what_consent_covers(connection, self._seal, conversation_id)
        _blank_flags(connection, conversation_id, reason)
        # Messages and feedback follow by foreign key.
        connection.execute(conversations.delete().where(conversations.c.id == conversation_id))
        write_receipt(connection, at=at, subject="conversation", reason=reason, rows=rows)
        return True


def write_receipt(connection: Connection, *, at: int, subject: str, reason: str, rows: int) -> None:
    """Note that something was deleted, without saying what it held or whose it was."""
    connection.execute(receipts.insert().values(at=at, subject=subject, reason=reason, rows=rows))


def _count(connection: Connection, conversation_id: str) -> int | None:
    # Held from the start, so that a person's reply at the same moment comes before or finds nothing.
    known = sa.select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update()
    if connection.execute(known).first() is None:
        return None
    query = sa.select(sa.func.count()).where(messages.c.conversation_id == conversation_id)
    return 1 + int(connection.execute(query).scalar_one())


def _blank_flags(connection: Connection, conversation_id: str, reason: str) -> None:
    # When a family deletes, the words go at once; retention leaves them to the record's own time.
    if reason == "asked":
        of_it = safeguarding_flags.c.conversation_id == conversation_id
        connection.execute(safeguarding_flags.update().where(of_it).values(text=None, message_id=None))


def _add_to_daily_counts(connection: Connection, conversation_id: str) -> None:
    told = sa.select(messages.c.created_at, messages.c.status).where(
        messages.c.conversation_id == conversation_id, messages.c.status.is_not(None), messages.c.reply_to.is_not(None)
    )
    names = [(at, f"reply.{status}") for at, status in connection.execute(told)]
    rated = sa.select(feedback.c.created_at, feedback.c.helpful).where(feedback.c.conversation_id == conversation_id)
    names += [(at, "helpful" if good else "not_helpful") for at, good in connection.execute(rated)]
    begun = sa.select(conversations.c.created_at).where(conversations.c.id == conversation_id)
    names.append((connection.execute(begun).scalar_one(), "conversation"))
    counts.add(connection, names)
