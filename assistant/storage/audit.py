"""The audit log: append-only, each entry bound to the one before by SHA-256."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.staff_records import AuditEntry
from assistant.storage.staff_tables import audit_log

Detail = Mapping[str, str | int | bool | None]
_GENESIS = "0" * 64
# Any fixed number: writers of the log wait for one another in PostgreSQL. SQLite has one writer anyhow.
_APPEND_LOCK = 0xA0D17
_HASHED = ("seq", "at", "actor", "action", "subject", "detail", "previous")
_LAST = sa.select(audit_log.c.seq, audit_log.c.hash).order_by(audit_log.c.seq.desc()).limit(1)
_BATCH = 1000


@dataclass(frozen=True)
class AuditFilter:
    """What to look for; None means anything."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What verifying found: entries read, hash of the last, and the first broken entry with the reason."""

    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""


class Audit:
    """Appends to the log, reads and verifies it.

    Args:
        database: Where it is kept.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._now = database, now

    def record(
        self, connection: Connection | None, *, actor: str, action: str, subject: str = "", detail: Detail | None = None
    ) -> None:
        """Append one entry.

        Args:
            connection: The running write transaction whose change this tells of, as its last statement (the log
                is locked until it commits); None for a transaction of its own.
            actor: Account id, `command` for the command line, `assistant` for the service itself.
            action: What was done, such as `request.viewed`.
            subject: Id of what it was done to.
            detail: Short facts: ids, states, counts. Never a secret, nor words of a family.
        """
        if connection is None:
            with self._database.write() as own:
                self.record(own, actor=actor, action=action, subject=subject, detail=detail)
            return
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_APPEND_LOCK)))
        last = connection.execute(_LAST).first()
        entry = {
            "seq": last.seq + 1 if last else 1,
            "at": moments.to_ms(self._now()),
            "actor": actor[:64],
            "action": action[:64],
            "subject": subject[:120],
            "detail": canonical(dict(detail or {})),
            "previous": last.hash if last else _GENESIS,
        }
        connection.execute(audit_log.insert().values(**entry, hash=_digest(entry)))

    def page(self, wanted: AuditFilter, *, offset: int = 0, limit: int = 50) -> tuple[tuple[AuditEntry, ...], int]:
        """Return entries, newest first, and how many there are in all."""
        where = _where(wanted)
        query = sa.select(audit_log).where(*where).order_by(audit_log.c.seq.desc()).offset(offset).limit(limit)
        with self._database.read() as connection:
            total = int(
                connection.execute(sa.select(sa.func.count()).select_from(audit_log).where(*where)).scalar_one()
            )
            return tuple(_entry(row) for row in connection.execute(query)), total

    def actions(self) -> tuple[str, ...]:
        """Return every action that occurs, sorted."""
        with self._database.read() as connection:
            return tuple(
                connection.execute(sa.select(audit_log.c.action).distinct().order_by(audit_log.c.action)).scalars()
            )

    def verify(self, *, expected: tuple[int, str] | None = None) -> Verdict:
        """Follow the chain from its first entry.

        Args:
            expected: Number and hash of an entry noted elsewhere earlier; finds an end cut off or a log rewritten.
        """
        at, previous = 0, _GENESIS
        noted = expected is None
        with self._database.read() as connection:
            for row in _all(connection):
                reason = _fault(row, at + 1, previous)
                if not reason and expected and row.seq == expected[0]:
                    noted = True
                    reason = "" if row.hash == expected[1] else "is not the entry that was noted"
                if reason:
                    return Verdict(at, previous, at + 1, reason)
                at, previous = row.seq, row.hash
        if not noted:
            return Verdict(at, previous, at + 1, "is missing: entries were cut off the end")
        return Verdict(at, previous)


def canonical(value: object) -> str:
    """Return JSON with one possible spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _digest(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical({name: entry[name] for name in _HASHED}).encode()).hexdigest()


def _fault(row: Row[Any], seq: int, previous: str) -> str:
    if row.seq != seq:
        return "is missing"
    if row.previous != previous:
        return "does not follow from the entry before"
    return "" if row.hash == _digest(dict(row._mapping)) else "was changed"


def _all(connection: Connection) -> Iterator[Row[Any]]:
    after = -(2**62)
    while True:
        query = sa.select(audit_log).where(audit_log.c.seq > after).order_by(audit_log.c.seq).limit(_BATCH)
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].seq


def _where(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    names = ("actor", "action", "subject")
    given = ((name, getattr(wanted, name)) for name in names)
    found: list[sa.ColumnElement[bool]] = [audit_log.c[name] == value for name, value in given if value]
    if wanted.since is not None:
        found.append(audit_log.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(audit_log.c.at < wanted.until)
    return found


def _entry(row: Row[Any]) -> AuditEntry:
    names = ("seq", "at", "actor", "action", "subject", "hash")
    return AuditEntry(**{name: row._mapping[name] for name in names}, detail=json.loads(row.detail))
