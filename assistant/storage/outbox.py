"""Notifications to send, written in the same transaction as what they tell of and sent at least once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.tables import flag_history, handovers, outbox, safeguarding_flags

# Longer than all attempts at one notification together may take.
_LEASE = 2 * 60 * 1000
# After this time nobody is helped by the news any more.
_GIVE_UP = 7 * moments.DAY
_WAITS = (30_000, 60_000, 2 * 60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000, 60 * 60_000)
_MOST_ERROR = 200


@dataclass(frozen=True)
class Notice:
    """One notification; times in ms since 1970, UTC.

    Args:
        number: Its place in the outbox.
        kind: `safeguarding`, `handover` or `test`.
        subject: Reference of a request, or the first letters of a safeguarding record's id.
        record: Id of the request or record; None if it is gone.
        created_at: When it was queued.
        attempts: How often it was tried before.
        done: Channel to the moment when it went out there.
        last_error: Why the last attempt failed.
        sent_at: When it had gone out everywhere.
        due_at: When it is tried next.
    """

    number: int
    kind: str
    subject: str
    record: str | None
    created_at: int
    attempts: int = 0
    done: Mapping[str, int] = field(default_factory=dict)
    last_error: str | None = None
    sent_at: int | None = None
    due_at: int = 0


@dataclass(frozen=True)
class Attempt:
    """What came of trying: channels that took it, and one error for those that did not."""

    taken: tuple[str, ...]
    error: str | None = None


def queue(connection: Connection, kind: str, payload: Mapping[str, str], *, at: int) -> None:
    """Add a notification.

    Args:
        connection: The running transaction.
        kind: What happened, such as `handover`.
        payload: Ids and kinds only, nothing that a person typed.
        at: Now, in ms since 1970.
    """
    connection.execute(outbox.insert().values(kind=kind, payload=dict(payload), created_at=at, due_at=at))


class Outbox:
    """Hands out what is to be sent, each notification to one process at a time.

    Args:
        database: Where it is kept.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._now = database, now

    def claim(self) -> Notice | None:
        """Take the next notification that is due, safeguarding first; None if there is none.

        Whoever takes it must report with `report` within two minutes, or another process takes it.
        """
        at = self._ms()
        # Looking costs nothing; taking needs the write lock.
        with self._database.read() as connection:
            if connection.execute(_due(at)).first() is None:
                return None
        with self._database.write() as connection:
            row = connection.execute(_due(at).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            taken = outbox.update().where(outbox.c.seq == row.seq).values(claimed_until=at + _LEASE)
            connection.execute(taken)
            return _notice(connection, row)

    def report(self, notice: Notice, attempt: Attempt, *, note: Callable[[str], str] | None = None) -> None:
        """Keep what came of an attempt; what failed is tried again later, with growing waits.

        Args:
            notice: What was tried.
            attempt: What came of it.
            note: Makes the line of a safeguarding record's history for a channel.
        """
        at = self._ms()
        done = dict(notice.done) | dict.fromkeys(attempt.taken, at)
        values: dict[str, Any] = {"attempts": notice.attempts + 1, "done": done, "claimed_until": None}
        if attempt.error is None:
            values |= {"sent_at": at, "last_error": None}
        else:
            wait = _WAITS[min(notice.attempts, len(_WAITS) - 1)]
            values |= {"due_at": at + wait, "last_error": attempt.error[:_MOST_ERROR]}
        with self._database.write() as connection:
            connection.execute(outbox.update().where(outbox.c.seq == notice.number).values(**values))
            if notice.kind == "safeguarding" and notice.record and note is not None:
                told = [note(channel) for channel in attempt.taken]
                # Every failure in the history would bury what people did; the first says enough.
                told += [note("failed")] if attempt.error and notice.attempts == 0 else []
                _write_history(connection, notice.record, told, at=at)

    def add_test(self) -> None:
        """Queue a notification that tells of nothing, so that somebody can see it arrive."""
        with self._database.write() as connection:
            queue(connection, "test", {}, at=self._ms())

    def recent(self, *, limit: int = 20) -> tuple[Notice, ...]:
        """Return notifications, newest first."""
        query = sa.select(outbox).order_by(outbox.c.seq.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(_notice(connection, row) for row in connection.execute(query).all())

    def waiting(self) -> int:
        """Return how many are still to be sent."""
        query = sa.select(sa.func.count()).select_from(outbox).where(*_unsent(self._ms()))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def _unsent(at: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (outbox.c.sent_at.is_(None), outbox.c.created_at > at - _GIVE_UP)


def _due(at: int) -> sa.Select[Any]:
    free = sa.or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= at)
    urgent_first = sa.case((outbox.c.kind == "safeguarding", 0), else_=1)
    query = sa.select(outbox).where(*_unsent(at), outbox.c.due_at <= at, free)
    return query.order_by(urgent_first, outbox.c.due_at, outbox.c.seq).limit(1)


def _notice(connection: Connection, row: Row[Any]) -> Notice:
    flag, reference = row.payload.get("flag"), row.payload.get("reference")
    query = sa.select(safeguarding_flags.c.id).where(safeguarding_flags.c.id == flag)
    if reference:
        query = sa.select(handovers.c.id).where(handovers.c.reference == reference)
    return Notice(
        number=row.seq,
        kind=row.kind,
        subject=reference or (flag or "")[:8],
        record=connection.execute(query).scalar(),
        created_at=row.created_at,
        attempts=row.attempts,
        done=row.done or {},
        last_error=row.last_error,
        sent_at=row.sent_at,
        due_at=row.due_at,
    )


def _write_history(connection: Connection, flag_id: str, notes: list[str], *, at: int) -> None:
    state = connection.execute(sa.select(safeguarding_flags.c.state).where(safeguarding_flags.c.id == flag_id)).scalar()
    for note in notes if state else ():
        row = {"flag_id": flag_id, "at": at, "actor": "assistant", "old_state": state, "new_state": state, "note": note}
        connection.execute(flag_history.insert().values(**row))
