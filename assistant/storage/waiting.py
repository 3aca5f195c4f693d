"""Whose turn it is in a request: ours or the family's."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage.tables import handovers


def family_wrote(connection: Connection, conversation_id: str, *, at: int, due: int) -> None:
    """The family wrote to the person: what waited for the family now waits for us, due at `due` (ms UTC)."""
    open_ones = sa.and_(handovers.c.conversation_id == conversation_id, handovers.c.closed_at.is_(None))
    # Whoever has not looked yet (`new`) has everything still before them.
    awaited = sa.and_(open_ones, handovers.c.state.in_(("assigned", "waiting_family")))
    connection.execute(handovers.update().where(open_ones).values(updated_at=at))
    answer_due = sa.func.coalesce(handovers.c.due_at, due)
    connection.execute(handovers.update().where(awaited).values(state="waiting_us", due_at=answer_due))
