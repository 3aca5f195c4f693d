"""Conversations and their messages."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.storage import flags, moments, tickets
from assistant.storage.database import Database
from assistant.storage.records import Change, Conversation, Flag, Message, NewMessage, Turn
from assistant.storage.tables import conversations, feedback, messages
from assistant.storage.waiting import family_wrote

# Earlier words of the user that a safeguarding check may look back at.
_LOOK_BACK = 4
# The statements of every turn are built once: building costs more than running them in SQLite.
_ID: sa.BindParameter[str] = sa.bindparam("of_id")
_FIND = sa.select(conversations).where(conversations.c.id == _ID)
# PostgreSQL holds the row until the turn is written, so that replicas do not store one message twice.
_FIND_AND_HOLD = _FIND.with_for_update()
_TOUCH = conversations.update().where(conversations.c.id == _ID)
_SAID = sa.and_(messages.c.conversation_id == _ID, messages.c.sender == "user")
_PREVIOUS = sa.select(messages.c.text).where(_SAID).order_by(messages.c.seq.desc()).limit(_LOOK_BACK)
_DONE = messages.update().where(messages.c.id == _ID)
_INSERT = messages.insert()


class Conversations:
    """Reads and writes conversations.

    Args:
        database: Where they are kept.
        keep_days: Days after the last message until an ordinary conversation is deleted; asked for at each use.
        now: Clock, aware UTC.
    """

    def __init__(
        self, database: Database, *, keep_days: Callable[[], int], now: Callable[[], datetime] = moments.now
    ) -> None:
        """Remember the parts; nothing is read yet."""
        self._database, self._keep_days, self._now = database, keep_days, now

    def create(
        self, token_hash: str, *, reading_mode: str, audience: str | None, welcome: Sequence[NewMessage]
    ) -> tuple[Conversation, tuple[Message, ...]]:
        """Store a new conversation with its first messages."""
        at = self._ms()
        row = Conversation(
            id=uuid.uuid4().hex,
            token_hash=token_hash,
            created_at=at,
            last_active=at,
            expires_at=at + self._keep,
            reading_mode=reading_mode,
            audience=audience,
            handover="none",
            silence_noted=False,
            dialogue_state=None,
        )
        with self._database.write() as connection:
            connection.execute(conversations.insert().values(**vars(row)))
            stored = tuple(insert_message(connection, row.id, message, at=at) for message in welcome)
        return row, stored

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation that has not expired, or None."""
        with self._database.read() as connection:
            return self._find(connection, conversation_id)

    def messages(self, conversation_id: str, *, after: str | None = None) -> tuple[Message, ...]:
        """Return the messages in order.

        Args:
            conversation_id: Whose messages.
            after: Only those behind this one.

        Raises:
            LookupError: `after` is not a message of this conversation.
        """
        with self._database.read() as connection:
            query = _of(conversation_id).order_by(messages.c.seq)
            if after is not None:
                query = query.where(messages.c.seq > _seq(connection, conversation_id, after))
            return tuple(_message(row) for row in connection.execute(query))

    def choice(self, conversation_id: str, choice_id: str) -> tuple[str, dict[str, object]] | None:
        """Return label and payload of a choice that was offered in this conversation, or None."""
        with self._database.read() as connection:
            for row in connection.execute(_of(conversation_id).order_by(messages.c.seq.desc())):
                payload = row.hidden.get("choices", {}).get(choice_id)
                if payload is not None:
                    labels = {item["id"]: item["label"] for item in row.body.get("choices", ())}
                    return labels[choice_id], payload
        return None

    def begin_turn(
        self,
        conversation_id: str,
        message: NewMessage,
        *,
        client_message_id: str | None,
        flag: Flag | None = None,
    ) -> Turn | None:
        """Store what the user said, or find it again when it was sent before.

        Returns:
            The turn; its `replies` are there if the message was dealt with before. None if the
            conversation is gone.
        """
        with self._database.write() as connection:
            conversation = self._find(connection, conversation_id, _FIND_AND_HOLD)
            if conversation is None:
                return None
            known = _known(connection, conversation_id, client_message_id)
            if known is not None:
                replies = _replies(connection, known.id) if known.outcome else None
                return Turn(conversation, known, replies=replies)
            stored = self._say(connection, conversation, message, client_message_id)
            if flag is not None:
                flags.insert(connection, conversation_id, stored.id, flag, at=stored.created_at)
            return Turn(conversation, stored)

    def finish_turn(
        self, turn: Turn, replies: Sequence[NewMessage], change: Change, *, reply_due: datetime | None = None
    ) -> tuple[Message, ...] | None:
        """Store the replies and what the turn changed.

        Args:
            turn: What was said.
            replies: What is answered.
            change: What the turn changes in the conversation.
            reply_due: Where a person has the conversation, when they should reply to this.

        Returns:
            The stored replies; None if the conversation was deleted meanwhile.
        """
        at = self._ms()
        with self._database.write() as connection:
            if not self._apply(connection, turn.conversation.id, change):
                return None
            stored = tuple(
                insert_message(connection, turn.conversation.id, reply, at=at, reply_to=turn.user.id)
                for reply in replies
            )
            outcome = change.handover or turn.conversation.handover
            connection.execute(_DONE, {"of_id": turn.user.id, "outcome": outcome})
            if reply_due is not None:
                family_wrote(connection, turn.conversation.id, at=at, due=moments.to_ms(reply_due))
        return stored

    def add(self, conversation_id: str, message: NewMessage, change: Change = Change()) -> Message | None:  # noqa: B008
        """Append a message that answers nothing, such as a person's reply; None if there is no conversation."""
        with self._database.write() as connection:
            if not self._apply(connection, conversation_id, change):
                return None
            return insert_message(connection, conversation_id, message, at=self._ms())

    def change(self, conversation_id: str, change: Change) -> bool:
        """Change how a conversation is led; False if it is gone."""
        with self._database.write() as connection:
            return self._apply(connection, conversation_id, change)

    def previous_texts(self, conversation_id: str) -> tuple[str, ...]:
        """Return the user's last few messages, oldest first."""
        with self._database.read() as connection:
            newest_first = connection.execute(_PREVIOUS, {"of_id": conversation_id}).scalars().all()
        return tuple(reversed(newest_first))

    def rate(self, conversation_id: str, message_id: str, *, helpful: bool, comment: str | None) -> bool:
        """Keep the last feedback on an assistant's or a person's message; False if there is no such message."""
        with self._database.write() as connection:
            query = _of(conversation_id).where(messages.c.id == message_id, messages.c.sender != "user")
            if connection.execute(query).first() is None:
                return False
            connection.execute(feedback.delete().where(feedback.c.message_id == message_id))
            connection.execute(
                feedback.insert().values(
                    message_id=message_id,
                    conversation_id=conversation_id,
                    helpful=helpful,
                    comment=comment,
                    created_at=self._ms(),
                )
            )
            if comment and not helpful:
                tickets.raise_for_comment(connection, message_id, at=self._ms())
            return True

    def _say(
        self, connection: Connection, conversation: Conversation, message: NewMessage, client_id: str | None
    ) -> Message:
        at = self._ms()
        moved = {"of_id": conversation.id, "last_active": at, "expires_at": at + self._keep}
        connection.execute(_TOUCH, moved)
        return insert_message(connection, conversation.id, message, at=at, client_message_id=client_id)

    def _find(self, connection: Connection, conversation_id: str, query: sa.Select[Any] = _FIND) -> Conversation | None:
        row = connection.execute(query, {"of_id": conversation_id}).first()
        # A conversation with a person ends by its own rule, not by silence.
        if row is None or (row.expires_at <= self._ms() and row.handover == "none"):
            return None
        return Conversation(**row._mapping)

    def _apply(self, connection: Connection, conversation_id: str, change: Change) -> bool:
        values = {key: value for key, value in vars(change).items() if value is not None}
        values |= {"of_id": conversation_id, "last_active": self._ms()}
        return connection.execute(_TOUCH, values).rowcount == 1

    @property
    def _keep(self) -> int:
        return self._keep_days() * moments.DAY

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def insert_message(
    connection: Connection,
    conversation_id: str,
    message: NewMessage,
    *,
    at: int,
    reply_to: str | None = None,
    client_message_id: str | None = None,
) -> Message:
    """Write one message inside a running transaction."""
    stored = Message(id=uuid.uuid4().hex, created_at=at, **vars(message))
    place = {
        "conversation_id": conversation_id,
        "reply_to": reply_to,
        "client_message_id": client_message_id,
    }
    connection.execute(_INSERT, place | vars(stored))
    return stored


def _of(conversation_id: str) -> sa.Select[tuple[object, ...]]:
    return sa.select(messages).where(messages.c.conversation_id == conversation_id)


def _seq(connection: Connection, conversation_id: str, message_id: str) -> int:
    query = sa.select(messages.c.seq).where(messages.c.conversation_id == conversation_id, messages.c.id == message_id)
    seq: int | None = connection.execute(query).scalar()
    if seq is None:
        raise LookupError(message_id)
    return seq


def _known(connection: Connection, conversation_id: str, client_message_id: str | None) -> Message | None:
    if client_message_id is None:
        return None
    query = _of(conversation_id).where(messages.c.client_message_id == client_message_id)
    row = connection.execute(query).first()
    return _message(row) if row else None


def _replies(connection: Connection, message_id: str) -> tuple[Message, ...]:
    query = sa.select(messages).where(messages.c.reply_to == message_id).order_by(messages.c.seq)
    return tuple(_message(row) for row in connection.execute(query))


def _message(row: Row[tuple[object, ...]]) -> Message:
    fields = row._mapping
    return Message(**{name: fields[name] for name in Message.__dataclass_fields__})
