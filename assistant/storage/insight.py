"""Figures for the insight page: what is still kept, together with the daily counts of what was deleted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.insight_tables import content_tickets
from assistant.storage.tables import conversations, daily_counts, feedback, handovers, messages
from assistant.storage.topics import HOUR, REPLY, names

_UNANSWERED = ("declined_not_known", "declined_out_of_scope")


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, in UTC."""

    first: date
    last: date

    @property
    def begin(self) -> int:
        """First moment, in ms since 1970."""
        return _midnight(self.first)

    @property
    def end(self) -> int:
        """First moment after it, in ms since 1970."""
        return _midnight(self.last + timedelta(days=1))


@dataclass(frozen=True)
class Unanswered:
    """A question, redacted as it is stored, that got no answer from the content."""

    message_id: str
    text: str
    status: str


@dataclass(frozen=True)
class Figures:
    """What happened in a period.

    Args:
        counts: (day as 2026-11-23, name) to how often. Names: `conversation`, `reply.<status>`, `helpful`,
            `not_helpful`, `handover`, `handover.about.<article id>`, `handover.hour.<UTC hour>`,
            `handover.in_time`, `handover.late`, `handover.no_reply` (closed without one), `handover.waiting`.
        tickets: Origin of tickets for content to how many were raised.
        wrong_articles: Article id to how many reports of a wrong answer name it.
    """

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    tickets: Mapping[str, int] = field(default_factory=dict)
    wrong_articles: Mapping[str, int] = field(default_factory=dict)


class Insight:
    """Reads figures; no text of a family but the questions that nothing answered.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        """Remember the database."""
        self._database = database

    def figures(self, period: Period) -> Figures:
        """Return what happened in a period."""
        with self._database.read() as connection:
            counts = _kept(connection, period) + _deleted(connection, period)
            tickets, articles = _tickets(connection, period)
        return Figures(counts, tickets, articles)

    def unanswered(self, period: Period, *, limit: int = 500) -> tuple[Unanswered, ...]:
        """Return the newest questions that nothing answered, while their conversations are kept."""
        reply, asked = messages.alias("reply"), messages.alias("asked")
        query = (
            sa.select(asked.c.id, asked.c.text, reply.c.status)
            .select_from(reply.join(asked, asked.c.id == reply.c.reply_to))
            .where(*_within(reply.c.created_at, period), reply.c.status.in_(_UNANSWERED))
            .order_by(reply.c.created_at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(Unanswered(row.id, row.text, row.status) for row in connection.execute(query))


def _kept(connection: Connection, period: Period) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for name, query in _queries(period).items():
        for row in connection.execute(query):
            found[_day(row.day), name.format(row.what)] += row.many
    for request in connection.execute(_requests(period)):
        for name in names(request.hour, request.about, request.reply):
            found[_day(request.hour), name] += request.many
    return found


def _requests(period: Period) -> sa.Select[Any]:
    """Count requests by hour, article and reply: no contact details, note or transcript."""
    at = handovers.c.created_at
    hour = (at - at % HOUR).label("hour")
    query = sa.select(hour, handovers.c.about, REPLY.label("reply"), sa.func.count().label("many"))
    return query.where(*_within(at, period)).group_by(sa.text("1"), sa.text("2"), sa.text("3"))


def _queries(period: Period) -> Mapping[str, sa.Select[int, str, int]]:
    replies = _grouped(messages.c.created_at, messages.c.status, period)
    answers = messages.c.status.is_not(None) & messages.c.reply_to.is_not(None)
    helped = sa.case((feedback.c.helpful, "helpful"), else_="not_helpful")
    return {
        "conversation": _grouped(conversations.c.created_at, sa.literal(""), period),
        "reply.{}": replies.where(answers),
        "{}": _grouped(feedback.c.created_at, helped, period),
    }


def _grouped(at: sa.Column[int], what: sa.ColumnElement[str], period: Period) -> sa.Select[int, str, int]:
    day = (at - at % moments.DAY).label("day")
    query = sa.select(day, what.label("what"), sa.func.count().label("many"))
    return query.where(*_within(at, period)).group_by(sa.text("1"), sa.text("2"))


def _deleted(connection: Connection, period: Period) -> Counter[tuple[str, str]]:
    days = daily_counts.c.day.between(period.first.isoformat(), period.last.isoformat())
    rows = connection.execute(sa.select(daily_counts).where(days))
    return Counter({(row.day, row.name): row.value for row in rows})


def _tickets(connection: Connection, period: Period) -> tuple[Counter[str], Counter[str]]:
    query = sa.select(content_tickets.c.origin, content_tickets.c.article_ids)
    rows = connection.execute(query.where(*_within(content_tickets.c.created_at, period))).all()
    named = (article for row in rows if row.origin == "wrong_answer" for article in row.article_ids)
    return Counter(row.origin for row in rows), Counter(named)


def _within(at: sa.ColumnElement[int], period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    return at >= period.begin, at < period.end


def _day(at: int) -> str:
    return moments.from_ms(at).date().isoformat()


def _midnight(day: date) -> int:
    return moments.to_ms(datetime.combine(day, time(), UTC))
