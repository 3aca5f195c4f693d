"""Safeguarding records: a lane of their own, with an append-only history."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import Stale
from assistant.storage import moments, outbox
from assistant.storage.audit import Audit
from assistant.storage.database import Database
from assistant.storage.desk_records import (
    FLAG_STATES,
    FlagStep,
    NoSuchRecord,
    NotPossible,
    SafeguardingFlag,
)
from assistant.storage.records import Flag
from assistant.storage.sealing import Seal
from assistant.storage.tables import flag_history, handovers, safeguarding_flags

_FIELDS = tuple(
    name
    for name in SafeguardingFlag.__dataclass_fields__
    if name not in ("history", "request_id", "request_reference", "reasons")
)
# What nobody has seen yet comes first, then what was just written; closed ones by when they were closed.
_UNSEEN_FIRST = sa.case((safeguarding_flags.c.state == "new", 0), else_=1)
_NEWEST = sa.func.coalesce(safeguarding_flags.c.closed_at, safeguarding_flags.c.created_at).desc()


class Flags:
    """Reads safeguarding records and moves them on.

    Args:
        database: Where they are kept.
        seal: Encrypts what staff write about them.
        audit: The log of every change.
        now: Clock, aware UTC.
    """

    def __init__(
        self, database: Database, seal: Seal, audit: Audit, *, now: Callable[[], datetime] = moments.now
    ) -> None:
        """Remember the parts."""
        self._database, self._seal, self._audit, self._now = database, seal, audit, now

    def page(self, *, closed: bool, offset: int = 0, limit: int = 25) -> tuple[tuple[SafeguardingFlag, ...], int]:
        """Return records that are open (or closed), newest first, without their history; and how many there are."""
        where = safeguarding_flags.c.state == "closed" if closed else safeguarding_flags.c.state != "closed"
        query = sa.select(safeguarding_flags).where(where).order_by(_UNSEEN_FIRST, _NEWEST, safeguarding_flags.c.id)
        total = sa.select(sa.func.count()).select_from(safeguarding_flags).where(where)
        with self._database.read() as connection:
            rows = connection.execute(query.offset(offset).limit(limit)).all()
            return tuple(_flag(row) for row in rows), int(connection.execute(total).scalar_one())

    def find(self, flag_id: str) -> SafeguardingFlag | None:
        """Return one record with its history and the request of the same conversation, or None."""
        steps = sa.select(flag_history).where(flag_history.c.flag_id == flag_id).order_by(flag_history.c.seq)
        with self._database.read() as connection:
            row = connection.execute(sa.select(safeguarding_flags).where(safeguarding_flags.c.id == flag_id)).first()
            if row is None:
                return None
            history = tuple(self._step(step) for step in connection.execute(steps))
            request = _request_of(connection, row.conversation_id)
        return _flag(
            row,
            history=history,
            request_id=request.id if request else None,
            request_reference=request.reference if request else None,
        )

    def move(self, flag_id: str, *, seen: str, to: str, note: str, by: str) -> None:
        """Move a record on, or add a note without moving it.

        Args:
            flag_id: Which one.
            seen: The state that was on the screen.
            to: The new state; only forward, or from closed back to `in_progress`.
            note: What was done; needed for closing and opening again.
            by: Account id.

        Raises:
            NoSuchRecord: It is gone.
            Stale: Somebody moved it since.
            NotPossible: The step is not allowed.
        """
        _check_step(seen, to, note)
        at = moments.to_ms(self._now())
        of_it = safeguarding_flags.c.id == flag_id
        with self._database.write() as connection:
            row = connection.execute(sa.select(safeguarding_flags).where(of_it).with_for_update()).first()
            if row is None:
                raise NoSuchRecord(flag_id)
            if row.state != seen:
                raise Stale(flag_id)
            closed_at = at if to == "closed" else None
            connection.execute(safeguarding_flags.update().where(of_it).values(state=to, closed_at=closed_at))
            sealed = self._seal.close({"text": note}) if note else None
            step = {"flag_id": flag_id, "at": at, "actor": by, "old_state": seen, "new_state": to, "sealed": sealed}
            connection.execute(flag_history.insert().values(**step))
            self._audit.record(
                connection, actor=by, action="safeguarding.moved", subject=flag_id, detail={"from": seen, "to": to}
            )

    def _step(self, row: Row[Any]) -> FlagStep:
        words = self._seal.open(row.sealed)["text"] if row.sealed else row.note
        return FlagStep(at=row.at, actor=row.actor, old_state=row.old_state, new_state=row.new_state, note=words)


def insert(connection: Connection, conversation_id: str, message_id: str, flag: Flag, *, at: int) -> str:
    """Raise a record, begin its history and queue its notification, in the running transaction.

    Returns:
        The id of the record.
    """
    flag_id = uuid.uuid4().hex
    connection.execute(
        safeguarding_flags.insert().values(
            id=flag_id,
            conversation_id=conversation_id,
            message_id=message_id,
            kind=flag.kind,
            category=flag.category,
            score=flag.score,
            reasons=list(flag.reasons),
            text=flag.text,
            state="new",
            created_at=at,
        )
    )
    connection.execute(flag_history.insert().values(flag_id=flag_id, at=at, actor="assistant", new_state="new"))
    outbox.queue(connection, "safeguarding", {"flag": flag_id, "kind": flag.kind}, at=at)
    return flag_id


def _check_step(seen: str, to: str, note: str) -> None:
    if seen not in FLAG_STATES or to not in FLAG_STATES:
        raise NotPossible("flag_step")
    back = seen == "closed" and to == "in_progress"
    if FLAG_STATES.index(to) < FLAG_STATES.index(seen) and not back:
        raise NotPossible("flag_step")
    if not note and (to in ("closed", seen) or back):
        raise NotPossible("flag_note")


def _request_of(connection: Connection, conversation_id: str | None) -> Row[Any, Any] | None:
    query = sa.select(handovers.c.id, handovers.c.reference).where(handovers.c.conversation_id == conversation_id)
    return connection.execute(query.order_by(handovers.c.created_at.desc()).limit(1)).first()


def _flag(row: Row[Any], **more: Any) -> SafeguardingFlag:
    fields = {name: row._mapping[name] for name in _FIELDS}
    return SafeguardingFlag(**fields, reasons=tuple(row.reasons), **more)
