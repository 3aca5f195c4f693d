"""Notifications to send, written in the same transaction as what they tell of."""

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from assistant.storage.tables import outbox


def queue(connection: Connection, kind: str, payload: Mapping[str, str], *, at: int) -> None:
    """Add a notification.

    Args:
        connection: The running transaction.
        kind: What happened, such as `handover`.
        payload: Ids and kinds only, nothing that a person typed.
        at: Now, in ms since 1970.
    """
    connection.execute(outbox.insert().values(kind=kind, payload=dict(payload), created_at=at, due_at=at))
