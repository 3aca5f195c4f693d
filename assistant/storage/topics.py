"""What a request for a person was about and how it went, without a word of the family."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage.tables import handovers, messages

# The last answer lies at most so many messages of the assistant back; older ones were about something else.
_LOOK_BACK = 6
HOUR = 60 * 60 * 1000
# How soon a person replied to a request for the first time.
REPLY = sa.case(
    (handovers.c.first_reply_at <= handovers.c.expected_by, "in_time"),
    (handovers.c.first_reply_at.is_not(None), "late"),
    (handovers.c.closed_at.is_not(None), "no_reply"),
    else_="waiting",
)


def last_article(connection: Connection, conversation_id: str) -> str | None:
    """Return the id of the article that the assistant showed last in a conversation."""
    spoken = sa.and_(messages.c.conversation_id == conversation_id, messages.c.sender == "assistant")
    query = sa.select(messages.c.body).where(spoken).order_by(messages.c.seq.desc()).limit(_LOOK_BACK)
    for body in connection.execute(query).scalars():
        for citation in body.get("citations") or ():
            return str(citation["article_id"])[:80]
    return None


def names(at: int, about: str | None, reply: str) -> tuple[str, ...]:
    """Return under which names a request is counted: about what, at which hour, how soon answered.

    Args:
        at: When it came, in ms since 1970. The hour is in UTC: the page moves it to local time with the day.
        about: Id of the article shown before.
        reply: What `REPLY` gives.
    """
    hour = at // HOUR % 24
    return ("handover", f"handover.about.{about or 'unknown'}"[:64], f"handover.{reply}", f"handover.hour.{hour:02}")
