"""Requests for a person."""

import dataclasses
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import moments, outbox
from assistant.storage.conversations import insert_message
from assistant.storage.database import Database
from assistant.storage.records import SILENT, HandoverRequest, NewMessage, StoredHandover
from assistant.storage.sealing import Seal
from assistant.storage.tables import conversations, handovers, messages
from assistant.storage.topics import last_article
from assistant.storage.waiting import family_wrote

# Without letters and digits that are mistaken for one another on paper or on the phone.
_ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
_DETAILS = ("name", "email", "phone", "summary")
_KEPT_FIELDS = ("sender", "created_at", "status", "text")


class Handovers:
    """Reads and writes requests.

    Args:
        database: Where they are kept.
        seal: Encrypts contact details and note.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, seal: Seal, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._seal, self._now = database, seal, now

    def submit(
        self,
        conversation_id: str,
        request: HandoverRequest,
        *,
        expected_by: datetime,
        confirm: Callable[[str], NewMessage],
    ) -> StoredHandover | None:
        """Store a request and hand the conversation over; the same request twice is stored once.

        Args:
            conversation_id: Whose request.
            request: What the family sends.
            expected_by: When a reply can be expected.
            confirm: Makes the confirming message from the reference.

        Returns:
            The request, or None if the conversation is gone. While one is open, another submission
            changes its details and keeps its reference.
        """
        at = moments.to_ms(self._now())
        with self._database.write() as connection:
            if not _exists(connection, conversation_id):
                return None
            digest = _digest(conversation_id, request, _closed_before(connection, conversation_id))
            due = moments.to_ms(expected_by)
            known = self._known(connection, conversation_id, digest, request, at=at, due=due)
            if known is not None:
                return known
            stored = self._insert(connection, conversation_id, digest, request, at, expected_by)
            insert_message(connection, conversation_id, confirm(stored.reference), at=at)
            _hand_over(connection, conversation_id)
            outbox.queue(connection, "handover", {"reference": stored.reference}, at=at)
            return stored

    def details(self, handover_id: str) -> dict[str, Any] | None:
        """Return contact details and note in the clear; the caller must write down who looked."""
        query = sa.select(handovers.c.details).where(handovers.c.id == handover_id)
        with self._database.read() as connection:
            sealed = connection.execute(query).scalar()
        return self._seal.open(sealed) if sealed is not None else None

    def rate(self, conversation_id: str, *, helpful: bool) -> bool:
        """Keep whether the person helped, with the request closed last; False if none is closed."""
        closed = sa.and_(handovers.c.conversation_id == conversation_id, handovers.c.closed_at.is_not(None))
        last = sa.select(handovers.c.id).where(closed).order_by(handovers.c.closed_at.desc()).limit(1)
        with self._database.write() as connection:
            request_id = connection.execute(last).scalar()
            rated = (
                handovers.update()
                .where(handovers.c.id == request_id)
                .values(helped=helpful, updated_at=moments.to_ms(self._now()))
            )
            return connection.execute(rated).rowcount == 1

    def _known(
        self,
        connection: Connection,
        conversation_id: str,
        digest: str,
        request: HandoverRequest,
        *,
        at: int,
        due: int,
    ) -> StoredHandover | None:
        """Return the open request of the conversation, brought up to date; None if there is none."""
        still_open = sa.select(handovers).where(
            handovers.c.conversation_id == conversation_id, handovers.c.closed_at.is_(None)
        )
        row = connection.execute(still_open).first()
        if row is None:
            return None
        if row.digest != digest:
            changed = self._values(request, digest) | {"updated_at": at, "version": row.version + 1}
            connection.execute(handovers.update().where(handovers.c.id == row.id).values(**changed))
        # The family may have handed back to the assistant in between.
        if _hand_over(connection, conversation_id):
            family_wrote(connection, conversation_id, at=at, due=due)
        return _stored(row)

    def _insert(
        self,
        connection: Connection,
        conversation_id: str,
        digest: str,
        request: HandoverRequest,
        at: int,
        expected_by: datetime,
    ) -> StoredHandover:
        stored = StoredHandover(
            id=uuid.uuid4().hex,
            reference=new_reference(),
            state="new",
            expected_by=moments.to_ms(expected_by),
            created_at=at,
        )
        values = {key: value for key, value in vars(stored).items() if key != "is_new"}
        values |= self._values(request, digest) | {"conversation_id": conversation_id, "updated_at": at}
        values |= {"due_at": stored.expected_by, "about": last_article(connection, conversation_id)}
        connection.execute(handovers.insert().values(**values))
        return dataclasses.replace(stored, is_new=True)

    def _values(self, request: HandoverRequest, digest: str) -> dict[str, Any]:
        return {
            "digest": digest,
            "preferred_contact": request.preferred_contact,
            "share_transcript": request.share_transcript,
            "details": self._seal.close({name: getattr(request, name) for name in _DETAILS}),
        }


def keep_what_consent_covers(connection: Connection, seal: Seal, conversation_id: str) -> None:
    """Before a conversation goes, keep in its open requests the words that were shared, encrypted.

    With the transcript shared, that is all of it; otherwise only what was written after the request,
    to the person.
    """
    open_ones = sa.select(handovers).where(
        handovers.c.conversation_id == conversation_id, handovers.c.closed_at.is_(None)
    )
    for row in connection.execute(open_ones).all():
        since = 0 if row.share_transcript else row.created_at + 1
        said = sa.select(messages).where(messages.c.conversation_id == conversation_id, messages.c.created_at >= since)
        kept = [
            {name: message._mapping[name] for name in _KEPT_FIELDS}
            for message in connection.execute(said.order_by(messages.c.seq))
        ]
        sealed = seal.close({"messages": kept})
        connection.execute(handovers.update().where(handovers.c.id == row.id).values(kept_transcript=sealed))


def _digest(conversation_id: str, request: HandoverRequest, earlier: int) -> str:
    """Name a submission; bound to the conversation's secret id, so a phone number cannot be guessed from it.

    `earlier` counts the closed requests: the same words are a new request after the last one was closed.
    """
    content = json.dumps(vars(request), sort_keys=True)
    return hashlib.sha256(f"{conversation_id}:{earlier}:{content}".encode()).hexdigest()


def _closed_before(connection: Connection, conversation_id: str) -> int:
    query = sa.select(sa.func.count()).where(
        handovers.c.conversation_id == conversation_id, handovers.c.closed_at.is_not(None)
    )
    return int(connection.execute(query).scalar_one())


def new_reference() -> str:
    """Return a fresh reference such as ABCD-3467."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _exists(connection: Connection, conversation_id: str) -> bool:
    query = sa.select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update()
    return connection.execute(query).first() is not None


def _hand_over(connection: Connection, conversation_id: str) -> bool:
    """Silence the assistant; False if a person was asked or here already."""
    not_yet = sa.and_(conversations.c.id == conversation_id, conversations.c.handover.not_in(SILENT))
    values = {"handover": "waiting", "silence_noted": False}
    return connection.execute(conversations.update().where(not_yet).values(**values)).rowcount == 1


def _stored(row: Row[tuple[Any, ...]]) -> StoredHandover:
    fields = row._mapping
    names = ("id", "reference", "state", "expected_by", "created_at")
    return StoredHandover(**{name: fields[name] for name in names})
