"""Safeguarding records: a lane of their own, with an append-only history."""

import uuid

from sqlalchemy.engine import Connection

from assistant.storage import outbox
from assistant.storage.records import Flag
from assistant.storage.tables import flag_history, safeguarding_flags


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
