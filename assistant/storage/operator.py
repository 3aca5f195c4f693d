"""What managers set on the staff pages, and the ready replies."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import Stale
from assistant.operating import Operating, operating
from assistant.settings import Settings
from assistant.storage import moments
from assistant.storage.audit import Audit
from assistant.storage.database import Database
from assistant.storage.insight_tables import canned_replies, operator_settings
from assistant.storage.upsert import insert

# The audit log holds short facts; a long text is told apart by its beginning.
_MOST_TOLD = 300


@dataclass(frozen=True)
class Entry:
    """One thing that managers have set; version 0 means that it is as the environment says."""

    value: Any = None
    version: int = 0
    updated_at: int | None = None
    updated_by: str | None = None


@dataclass(frozen=True)
class CannedReply:
    """A ready reply that a person can put into the reply box."""

    id: str
    title: str
    text: str
    version: int


class Operator:
    """Reads and writes what managers set.

    Args:
        database: Where it is kept.
        audit: Where each change is noted.
        settings: What the environment says; it holds for all that managers have not set.
        now: Clock, aware UTC.
    """

    def __init__(
        self, database: Database, audit: Audit, settings: Settings, *, now: Callable[[], datetime] = moments.now
    ) -> None:
        """Begin with the environment alone; `refresh` reads what is stored."""
        self._database, self._audit, self._settings, self._now = database, audit, settings, now
        self._current = Operating(settings)

    @property
    def current(self) -> Operating:
        """What held at the last look; never waits."""
        return self._current

    def refresh(self) -> Operating:
        """Look again.

        Raises:
            StorageError: The database does not answer; what held before goes on holding.
        """
        with self._database.read() as connection:
            rows = connection.execute(sa.select(operator_settings.c.name, operator_settings.c.value)).all()
        self._current = operating(self._settings, {row.name: row.value for row in rows})
        return self._current

    def entry(self, name: str) -> Entry:
        """Return what is set under a name, with the version that a change must carry."""
        with self._database.read() as connection:
            return _entry(connection, name)

    def set(self, name: str, value: Any, *, version: int, by: str) -> None:
        """Set something; it holds in this process at once.

        Args:
            name: Such as `hours`, or `contact.sendias`.
            value: JSON.
            version: The version that was on the page.
            by: Account id.

        Raises:
            Stale: Someone else has changed it meanwhile.
        """
        with self._database.write() as connection:
            old = _entry(connection, name)
            if old.version != version:
                raise Stale(name)
            row = {"value": value, "version": version + 1, "updated_at": self._ms(), "updated_by": by}
            _put(connection, name, row, is_new=version == 0)
            told = {"old": _told(old.value if old.version else None), "new": _told(value)}
            self._audit.record(
                connection, actor=by, action=f"settings.{name.partition('.')[0]}", subject=name, detail=told
            )
        self.refresh()

    def canned_replies(self) -> tuple[CannedReply, ...]:
        """Return all ready replies by title."""
        query = sa.select(canned_replies).order_by(sa.func.lower(canned_replies.c.title))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(CannedReply(row.id, row.title, row.text, row.version) for row in rows)

    def save_canned_reply(self, title: str, text: str, *, by: str, id: str | None = None, version: int = 0) -> str:
        """Add a ready reply, or change the one with this id.

        Returns:
            Its id.

        Raises:
            Stale: Someone else has changed or removed it meanwhile.
        """
        key = id or uuid.uuid4().hex
        row = {"title": title, "text": text, "version": version + 1, "updated_at": self._ms()}
        with self._database.write() as connection:
            if id is None:
                connection.execute(canned_replies.insert().values(id=key, **row))
            elif connection.execute(_reply(key, version).values(**row)).rowcount == 0:
                raise Stale(key)
            self._audit.record(connection, actor=by, action="settings.canned_reply", subject=key, detail={"new": title})
        return key

    def remove_canned_reply(self, id: str, *, version: int, by: str) -> None:
        """Remove a ready reply.

        Raises:
            Stale: Someone else has changed or removed it meanwhile.
        """
        this = sa.and_(canned_replies.c.id == id, canned_replies.c.version == version)
        with self._database.write() as connection:
            if connection.execute(canned_replies.delete().where(this)).rowcount == 0:
                raise Stale(id)
            self._audit.record(connection, actor=by, action="settings.canned_reply", subject=id, detail={"new": None})

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def _entry(connection: Connection, name: str) -> Entry:
    row = connection.execute(sa.select(operator_settings).where(operator_settings.c.name == name)).first()
    return Entry(row.value, row.version, row.updated_at, row.updated_by) if row else Entry()


def _put(connection: Connection, name: str, row: dict[str, Any], *, is_new: bool) -> None:
    if is_new:
        fresh = insert(connection, operator_settings).values(name=name, **row).on_conflict_do_nothing()
        if connection.execute(fresh.returning(operator_settings.c.name)).first() is None:
            raise Stale(name)
        return
    seen = sa.and_(operator_settings.c.name == name, operator_settings.c.version == row["version"] - 1)
    if connection.execute(operator_settings.update().where(seen).values(**row)).rowcount == 0:
        raise Stale(name)


def _reply(id: str, version: int) -> sa.Update:
    return canned_replies.update().where(canned_replies.c.id == id, canned_replies.c.version == version)


def _told(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)[:_MOST_TOLD]
