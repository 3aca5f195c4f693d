"""Lists of requests: pages of the queue, counts, export."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.desk_records import Counts, Request, Wanted
from assistant.storage.desk_tables import request_tags
from assistant.storage.tables import handovers, safeguarding_flags

# Everything that may be listed: no contact details, note or transcript.
COLUMNS = tuple(handovers.c[name] for name in Request.__dataclass_fields__ if name != "tags")
_NOT_IN_REFERENCE = re.compile(r"[^A-Z0-9]")
_LETTERS = 8


class Queue:
    """Reads lists of requests.

    Args:
        database: Where they are kept.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._now = database, now

    def page(self, wanted: Wanted, *, offset: int = 0, limit: int = 25) -> tuple[tuple[Request, ...], int]:
        """Return requests and how many there are in all: urgent ones first, then by when a reply is due."""
        where = _where(wanted)
        query = sa.select(*COLUMNS).where(*where).order_by(*_order(wanted)).offset(offset).limit(limit)
        total = sa.select(sa.func.count()).select_from(handovers).where(*where)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return _with_tags(connection, rows), int(connection.execute(total).scalar_one())

    def all(self, wanted: Wanted) -> tuple[Request, ...]:
        """Return every request that is wanted, oldest first."""
        query = sa.select(*COLUMNS).where(*_where(wanted)).order_by(handovers.c.created_at, handovers.c.id)
        with self._database.read() as connection:
            return _with_tags(connection, connection.execute(query).all(), all_tags=True)

    def counts(self) -> Counts:
        """Count by state; `late` are those whose reply was due before now."""
        at = moments.to_ms(self._now())
        late = sa.select(sa.func.count()).select_from(handovers).where(handovers.c.due_at < at)
        with self._database.read() as connection:
            return Counts(
                requests=_by_state(connection, handovers),
                flags=_by_state(connection, safeguarding_flags),
                late=int(connection.execute(late).scalar_one()),
            )

    def pulse(self) -> str:
        """Return a short text that changes when a request or a safeguarding record does."""
        newest = sa.select(sa.func.max(handovers.c.updated_at))
        with self._database.read() as connection:
            moved = connection.execute(newest).scalar()
            states = _by_state(connection, handovers), _by_state(connection, safeguarding_flags)
        return f"{moved}:{[sorted(found.items()) for found in states]}"

    def tags(self) -> tuple[str, ...]:
        """Return every tag in use, sorted."""
        query = sa.select(request_tags.c.tag).distinct().order_by(request_tags.c.tag)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())


def request_row(connection: Connection, request_id: str) -> Request | None:
    """Return one request inside a running transaction."""
    found = connection.execute(sa.select(*COLUMNS).where(handovers.c.id == request_id)).all()
    return _with_tags(connection, found)[0] if found else None


def _with_tags(
    connection: Connection, rows: Iterable[Row[tuple[object, ...]]], *, all_tags: bool = False
) -> tuple[Request, ...]:
    found = [dict(row._mapping) for row in rows]
    query = sa.select(request_tags).order_by(request_tags.c.tag)
    if not all_tags:
        query = query.where(request_tags.c.handover_id.in_([fields["id"] for fields in found]))
    tags: defaultdict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        tags[row.handover_id].append(row.tag)
    return tuple(Request(**fields, tags=tuple(tags[fields["id"]])) for fields in found)


def _by_state(connection: Connection, table: sa.Table) -> dict[str, int]:
    query = sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
    return {str(state): int(count) for state, count in connection.execute(query)}


def _order(wanted: Wanted) -> tuple[sa.ColumnElement[Any], ...]:
    if wanted.state == "closed":
        return handovers.c.closed_at.desc(), handovers.c.id
    # What has no due time waits for the family, so it comes after what waits for us.
    nothing_due = handovers.c.due_at.is_(None)
    return handovers.c.priority.desc(), nothing_due, handovers.c.due_at, handovers.c.created_at, handovers.c.id


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    column = handovers.c
    given: dict[str, Callable[[], sa.ColumnElement[bool]]] = {
        "state": lambda: column.state != "closed" if wanted.state == "open" else column.state == wanted.state,
        "assignee": lambda: column.assignee == wanted.assignee if wanted.assignee else column.assignee.is_(None),
        "priority": lambda: column.priority == wanted.priority,
        "tag": lambda: _tagged(wanted.tag or ""),
        "preferred_contact": lambda: column.preferred_contact == wanted.preferred_contact,
        "late_at": lambda: column.due_at < wanted.late_at,
        "search": lambda: _searched(wanted.search or ""),
        "since": lambda: column.created_at >= wanted.since,
        "until": lambda: column.created_at < wanted.until,
    }
    return [clause() for name, clause in given.items() if getattr(wanted, name) is not None]


def _tagged(tag: str) -> sa.ColumnElement[bool]:
    return handovers.c.id.in_(sa.select(request_tags.c.handover_id).where(request_tags.c.tag == tag))


def _searched(words: str) -> sa.ColumnElement[bool]:
    """Match part of a reference however it is typed (`abcd 3467`), or a whole tag."""
    letters = _NOT_IN_REFERENCE.sub("", words.upper())
    tagged = _tagged(" ".join(words.lower().split()))
    if not letters or len(letters) > _LETTERS:
        return tagged
    without_dash = sa.func.replace(handovers.c.reference, "-", "")
    return sa.or_(without_dash.contains(letters, autoescape=True), tagged)
