"""What the family's side tells the staff pages: that there is something to see, and by when a reply is due."""

from datetime import datetime

from assistant.gateway.broker import News
from assistant.gateway.hours import Calendar
from assistant.gateway.services import Services
from assistant.storage import moments

# Conversation ids are 32 hex digits, so this name is free.
STAFF = "staff"


async def tell_staff(parts: Services) -> None:
    """Let the open staff pages look again; the news itself carries nothing."""
    await parts.broker.publish(STAFF, News("changed", {}))


def reply_due(parts: Services) -> datetime:
    """Return when a reply to what a family writes now is due."""
    return Calendar(parts.operating).expected_by(moments.now())
