"""Reads one request: what the family sent, the conversation as far as consent covers it, notes, who has it open."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.desk_records import Dossier, Line, NoSuchRecord, Note, Presence, Request
from assistant.storage.desk_tables import request_notes, request_presence
from assistant.storage.insight_tables import ticket_questions
from assistant.storage.queue import request_row
from assistant.storage.sealing import Seal
from assistant.storage.tables import conversations, feedback, handovers, messages

# How long somebody is named after the last sign of life (the page tells every 20 seconds).
_PRESENT_MS = 10 * 60 * 1000
_SAID = sa.select(messages, feedback.c.helpful, feedback.c.comment).select_from(
    messages.outerjoin(feedback, feedback.c.message_id == messages.c.id)
)
_CONTACT = ("name", "email", "phone")


class Requests:
    """Reads requests one by one; whoever shows them writes down who looked.

    Args:
        database: Where they are kept.
        seal: Opens contact details, notes and kept transcripts.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, seal: Seal, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._seal, self._now = database, seal, now

    def find(self, request_id: str) -> Request | None:
        """Return a request without anything typed, or None."""
        with self._database.read() as connection:
            return request_row(connection, request_id)

    def dossier(self, request_id: str) -> Dossier | None:
        """Return a request with note and conversation; without contact details."""
        with self._database.read() as connection:
            request = request_row(connection, request_id)
            if request is None:
                return None
            sealed = _sealed(connection, request_id)
            chat = _conversation(connection, request.conversation_id)
            lines = self._lines(connection, request, sealed.kept_transcript)
        return Dossier(
            request=request,
            summary=self._seal.open(sealed.details)["summary"],
            handover=chat.handover if chat else None,
            lines=lines,
            reading_mode=chat.reading_mode if chat else "standard",
            audience=chat.audience if chat else None,
        )

    def contact(self, request_id: str) -> dict[str, str | None]:
        """Return name, e-mail and phone in the clear; empty if the request is gone."""
        with self._database.read() as connection:
            sealed = connection.execute(sa.select(handovers.c.details).where(handovers.c.id == request_id)).scalar()
        opened = self._seal.open(sealed) if sealed is not None else {}
        return {name: opened[name] for name in _CONTACT if name in opened}

    def notes(self, request_id: str) -> tuple[Note, ...]:
        """Return the private notes, oldest first."""
        query = sa.select(request_notes).where(request_notes.c.handover_id == request_id).order_by(request_notes.c.seq)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Note(at=row.at, author=row.author, text=self._seal.open(row.sealed)["text"]) for row in rows)

    def see(self, request_id: str, account: str) -> tuple[bool, tuple[Presence, ...]]:
        """Note that somebody has the request open.

        Returns:
            Whether this account had it open just before, and who else had it in the last ten minutes.

        Raises:
            NoSuchRecord: The request is gone.
        """
        at = moments.to_ms(self._now())
        of_it = request_presence.c.handover_id == request_id
        mine = sa.and_(of_it, request_presence.c.account == account)
        with self._database.write() as connection:
            # Held, so that two browsers of one account do not both write the first sign.
            held = sa.select(handovers.c.id).where(handovers.c.id == request_id).with_for_update()
            if connection.execute(held).first() is None:
                raise NoSuchRecord(request_id)
            connection.execute(request_presence.delete().where(of_it, request_presence.c.seen_at < at - _PRESENT_MS))
            known = connection.execute(request_presence.update().where(mine).values(seen_at=at)).rowcount == 1
            if not known:
                connection.execute(
                    request_presence.insert().values(handover_id=request_id, account=account, seen_at=at)
                )
            others = connection.execute(sa.select(request_presence).where(of_it, ~mine)).all()
        return known, tuple(Presence(account=row.account, seen_at=row.seen_at) for row in others)

    def _lines(self, connection: Connection, request: Request, kept: bytes | None) -> tuple[Line, ...]:
        if request.conversation_id is None:
            return tuple(_kept_line(fields) for fields in self._seal.open(kept)["messages"]) if kept else ()
        query = _SAID.where(messages.c.conversation_id == request.conversation_id, _covered(request))
        rows = connection.execute(query.order_by(messages.c.seq)).all()
        tickets = _tickets(connection, request.conversation_id)
        return tuple(_line(row, ticket=tickets.get(row.reply_to)) for row in rows)


def covered_message(connection: Connection, request: Request, message_id: str) -> Line | None:
    """Return a message of the conversation if consent covers it."""
    query = _SAID.where(
        messages.c.conversation_id == request.conversation_id, messages.c.id == message_id, _covered(request)
    )
    row = connection.execute(query).first()
    return _line(row) if row else None


def _covered(request: Request) -> sa.ColumnElement[bool]:
    """Without the transcript shared, only what came after the request is for the person's eyes."""
    return sa.true() if request.share_transcript else messages.c.created_at > request.created_at


def _sealed(connection: Connection, request_id: str) -> Row[Any, Any]:
    query = sa.select(handovers.c.details, handovers.c.kept_transcript).where(handovers.c.id == request_id)
    return connection.execute(query).one()


def _conversation(connection: Connection, conversation_id: str | None) -> Row[Any] | None:
    return connection.execute(sa.select(conversations).where(conversations.c.id == conversation_id)).first()


def _tickets(connection: Connection, conversation_id: str) -> dict[str, int]:
    """Return the ticket of each question of a conversation that has one."""
    own = sa.select(messages.c.id).where(messages.c.conversation_id == conversation_id)
    query = sa.select(ticket_questions).where(ticket_questions.c.message_id.in_(own))
    return {row.message_id: row.ticket for row in connection.execute(query)}


def _line(row: Row[Any], *, ticket: int | None = None) -> Line:
    debug: Mapping[str, Any] = row.hidden.get("debug") or {}
    citations: Iterable[dict[str, Any]] = row.body.get("citations") or ()
    return Line(
        id=row.id,
        sender=row.sender,
        created_at=row.created_at,
        status=row.status,
        text=row.text,
        citations=tuple(citations),
        probability=debug.get("probability"),
        article_ids=tuple(debug.get("article_ids") or ()),
        helpful=row.helpful,
        comment=row.comment,
        author=row.hidden.get("by"),
        reply_to=row.reply_to,
        ticket=ticket if row.sender == "assistant" else None,
    )


def _kept_line(fields: Mapping[str, Any]) -> Line:
    names = ("sender", "created_at", "status", "text")
    return Line(id=None, **{name: fields[name] for name in names})
