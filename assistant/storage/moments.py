"""Time as the database keeps it: whole milliseconds since 1970 in UTC."""

from datetime import UTC, datetime

DAY = 24 * 60 * 60 * 1000


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970 of an aware datetime."""
    return int(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """Return the aware UTC datetime of milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)


def now() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)
