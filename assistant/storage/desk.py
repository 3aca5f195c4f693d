"""Changes of a request by staff: each is one transaction with its line in the audit log."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import Stale
from assistant.storage import moments
from assistant.storage.audit import Audit, Detail
from assistant.storage.conversations import insert_message
from assistant.storage.database import Database
from assistant.storage.desk_records import CLOSE_REASONS, Line, NoSuchRecord, NotPossible, Request, Seen
from assistant.storage.desk_tables import request_notes, request_tags
from assistant.storage.queue import request_row
from assistant.storage.records import Message, NewMessage
from assistant.storage.requests import covered_message
from assistant.storage.sealing import Seal
from assistant.storage.tables import conversations, handovers, messages


@dataclass(frozen=True)
class Told:
    """What a change put into the conversation, for those who listen to it."""

    conversation_id: str | None
    messages: tuple[Message, ...] = ()
    handover: str | None = None


class Desk:
    """Changes requests.

    Every method takes what was on the screen (`seen`) and who acts (`by`, an account id), and raises `NoSuchRecord`
    if the request is gone, `Stale` if somebody changed it since, `NotPossible` if its state does not allow it.

    Args:
        database: Where they are kept.
        seal: Encrypts notes.
        audit: The log of every change.
        now: Clock, aware UTC.
    """

    def __init__(
        self, database: Database, seal: Seal, audit: Audit, *, now: Callable[[], datetime] = moments.now
    ) -> None:
        """Remember the parts."""
        self._database, self._seal, self._audit, self._now = database, seal, audit, now

    def assign(self, seen: Seen, *, to: str | None, by: str) -> None:
        """Give the request to an account, or back to nobody."""
        with self._held(seen, by, "request.assigned", {"to": to}) as (connection, request):
            _must_be_open(request)
            moved = {("new", True): "assigned", ("assigned", False): "new"}
            state = moved.get((request.state, to is not None), request.state)
            self._set(connection, request, assignee=to, state=state)

    def prioritise(self, seen: Seen, *, priority: int, by: str) -> None:
        """Set how urgent the request is: 0 ordinary, 1 high, 2 urgent."""
        with self._held(seen, by, "request.prioritised", {"priority": priority}) as (connection, request):
            self._set(connection, request, priority=priority)

    def tag(self, seen: Seen, *, tags: Collection[str], by: str) -> None:
        """Replace the request's tags."""
        with self._held(seen, by, "request.tagged", {"tags": ", ".join(sorted(tags))}) as (connection, request):
            connection.execute(request_tags.delete().where(request_tags.c.handover_id == request.id))
            for tag in sorted(set(tags)):
                connection.execute(request_tags.insert().values(handover_id=request.id, tag=tag))
            self._set(connection, request)

    def note(self, request_id: str, *, text: str, by: str) -> None:
        """Add a private note; notes only ever add up, so nobody's version matters."""
        at = self._ms()
        with self._database.write() as connection:
            if request_row(connection, request_id) is None:
                raise NoSuchRecord(request_id)
            sealed = self._seal.close({"text": text})
            connection.execute(request_notes.insert().values(handover_id=request_id, at=at, author=by, sealed=sealed))
            connection.execute(handovers.update().where(handovers.c.id == request_id).values(updated_at=at))
            self._audit.record(connection, actor=by, action="request.noted", subject=request_id)

    def reply(self, seen: Seen, *, message: NewMessage, once: str, by: str) -> Told:
        """Write to the family in the chat; the same form sent twice (`once`) is one message."""
        try:
            with self._held(seen, by, "request.replied") as (connection, request):
                _must_be_open(request)
                if request.conversation_id is None:
                    raise NotPossible("chat_gone")
                said = self._say(connection, request.conversation_id, (message,), handover="with_person", once=once)
                self._replied(connection, request, by)
        except Stale:
            if self._is_said(seen.id, once):
                return Told(None)
            raise
        return Told(request.conversation_id, said, "with_person")

    def replied_elsewhere(self, seen: Seen, *, by: str) -> None:
        """Note that the family was rung or written to outside the chat."""
        with self._held(seen, by, "request.replied_elsewhere") as (connection, request):
            _must_be_open(request)
            self._replied(connection, request, by)

    def close(self, seen: Seen, *, reason: str, words: Collection[NewMessage], newest: str | None, by: str) -> Told:
        """Close the request; the assistant answers the family again.

        Args:
            seen: What was on the screen.
            reason: One of `CLOSE_REASONS`.
            words: What the family is told, if the conversation is still there.
            newest: The last message that was on the screen; a later one of the family refuses the closing.
            by: Who closes.
        """
        if reason not in CLOSE_REASONS:
            raise NotPossible("close_reason")
        with self._held(seen, by, "request.closed", {"reason": reason}) as (connection, request):
            _must_be_open(request)
            if _family_wrote_since(connection, request, newest):
                raise Stale(request.id)
            said = self._say(connection, request.conversation_id, words, handover="closed")
            at = self._ms()
            self._set(connection, request, state="closed", closed_at=at, close_reason=reason, due_at=None)
        return Told(request.conversation_id, said, "closed")

    def reopen(self, seen: Seen, *, words: Collection[NewMessage], due: datetime, by: str) -> Told:
        """Open a closed request again; a reply is due by `due`."""
        with self._held(seen, by, "request.reopened") as (connection, request):
            if request.state != "closed":
                raise NotPossible("not_closed")
            if _another_is_open(connection, request):
                raise NotPossible("another_open")
            said = self._say(connection, request.conversation_id, words, handover="with_person")
            opened = {"closed_at": None, "close_reason": None, "due_at": moments.to_ms(due)}
            self._set(connection, request, state="waiting_us", **opened)
        return Told(request.conversation_id, said, "with_person")

    def shown_answer(self, request_id: str, message_id: str) -> tuple[Line, str] | None:
        """Return an answer of the assistant that consent covers, and the question before it ("" if not covered)."""
        with self._database.read() as connection:
            request = request_row(connection, request_id)
            answer = covered_message(connection, request, message_id) if request else None
            if request is None or answer is None or answer.sender != "assistant":
                return None
            asked = covered_message(connection, request, answer.reply_to) if answer.reply_to else None
        return answer, asked.text if asked else ""

    @contextmanager
    def _held(
        self, seen: Seen, by: str, action: str, detail: Detail | None = None
    ) -> Iterator[tuple[Connection, Request]]:
        """Hold the request in the version that was seen; write the audit line if all went well."""
        with self._database.write() as connection:
            request = _hold(connection, seen.id)
            if request.version != seen.version:
                raise Stale(seen.id)
            yield connection, request
            self._audit.record(connection, actor=by, action=action, subject=seen.id, detail=detail)

    def _is_said(self, request_id: str, once: str) -> bool:
        own = sa.select(handovers.c.conversation_id).where(handovers.c.id == request_id).scalar_subquery()
        query = sa.select(messages.c.id).where(
            messages.c.conversation_id == own, messages.c.client_message_id == once, messages.c.sender == "person"
        )
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def _set(self, connection: Connection, request: Request, **values: Any) -> None:
        values |= {"version": request.version + 1, "updated_at": self._ms()}
        connection.execute(handovers.update().where(handovers.c.id == request.id).values(**values))

    def _replied(self, connection: Connection, request: Request, by: str) -> None:
        first = request.first_reply_at or self._ms()
        owner = request.assignee or by
        self._set(connection, request, state="waiting_family", due_at=None, first_reply_at=first, assignee=owner)

    def _say(
        self,
        connection: Connection,
        conversation_id: str | None,
        words: Collection[NewMessage],
        *,
        handover: str,
        once: str | None = None,
    ) -> tuple[Message, ...]:
        """Write into the conversation and say who has it; nothing if it was deleted."""
        if conversation_id is None:
            return ()
        at = self._ms()
        changed = {"handover": handover, "last_active": at, "silence_noted": False}
        connection.execute(conversations.update().where(conversations.c.id == conversation_id).values(**changed))
        return tuple(
            insert_message(connection, conversation_id, message, at=at, client_message_id=once) for message in words
        )

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def _hold(connection: Connection, request_id: str) -> Request:
    """Lock conversation and request, in the order in which a family's turn locks them."""
    own = sa.select(handovers.c.conversation_id).where(handovers.c.id == request_id).scalar_subquery()
    connection.execute(sa.select(conversations.c.id).where(conversations.c.id == own).with_for_update())
    connection.execute(sa.select(handovers.c.id).where(handovers.c.id == request_id).with_for_update())
    request = request_row(connection, request_id)
    if request is None:
        raise NoSuchRecord(request_id)
    return request


def _must_be_open(request: Request) -> None:
    if request.state == "closed":
        raise NotPossible("closed")


def _family_wrote_since(connection: Connection, request: Request, newest: str | None) -> bool:
    said = sa.select(messages.c.id).where(
        messages.c.conversation_id == request.conversation_id,
        messages.c.sender == "user",
        messages.c.created_at > request.created_at,
    )
    if newest:
        shown = sa.select(messages.c.seq).where(messages.c.id == newest).scalar_subquery()
        said = said.where(messages.c.seq > shown)
    return connection.execute(said.limit(1)).first() is not None


def _another_is_open(connection: Connection, request: Request) -> bool:
    query = sa.select(handovers.c.id).where(
        handovers.c.conversation_id == request.conversation_id,
        handovers.c.closed_at.is_(None),
        handovers.c.id != request.id,
    )
    return connection.execute(query).first() is not None
