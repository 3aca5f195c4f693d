"""Tickets for content: wrong answers, answers that did not help, questions that nothing answers."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import Stale
from assistant.storage import moments
from assistant.storage.audit import Audit
from assistant.storage.database import Database
from assistant.storage.insight_tables import content_tickets, ticket_questions
from assistant.storage.tables import feedback, messages
from assistant.storage.ticket_records import DONE, AskedQuestion, Origin, Ticket, TicketChange

_FIELDS = tuple(name for name in Ticket.__dataclass_fields__ if name != "questions")
_MOST_TEXT = 2000
# Questions of one group that a ticket points to.
_MOST_QUESTIONS = 50


class Tickets:
    """Reads and writes tickets. What families asked is never copied: it is shown while their chat is kept.

    Args:
        database: Where they are kept.
        audit: Where each change is noted.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, audit: Audit, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._audit, self._now = database, audit, now

    def raise_(
        self,
        connection: Connection | None,
        *,
        message_id: str | None,
        article_ids: Sequence[str],
        question_text: str | None,
        comment: str | None,
        by: str,
    ) -> int:
        """Raise a ticket because a person says that an answer was wrong.

        Args:
            connection: The running write transaction; None for one of its own.
            message_id: The answer, or the question itself.
            article_ids: What the answer was taken from.
            question_text: The question in the words of whoever raises the ticket. The family's own words are left
                out here: they are read from the message.
            comment: What is wrong with the answer.
            by: Account id.

        Returns:
            The ticket's number.
        """
        context = self._database.write() if connection is None else nullcontext(connection)
        with context as running:
            asked = _question_of(running, message_id)
            own_words = question_text if asked is not None and question_text != asked.text else None
            number = _insert(
                running,
                origin="wrong_answer",
                article_ids=article_ids,
                summary="\n\n".join(filter(None, (own_words, comment))),
                by=by,
                at=self._ms(),
                questions=[asked.id] if asked is not None else [],
            )
            self._audit.record(running, actor=by, action="ticket.raised", subject=str(number))
        return number

    def raise_for_questions(self, origin: Origin, message_ids: Sequence[str], *, summary: str, by: str) -> int:
        """Raise a ticket for questions of families, or with none for something that staff noticed.

        Args:
            origin: Why.
            message_ids: The questions; those that are not (any more) questions of families are left out.
            summary: What is missing, in the words of whoever raises it.
            by: Account id.

        Returns:
            The ticket's number.
        """
        with self._database.write() as connection:
            wanted = sa.and_(messages.c.id.in_(list(message_ids)[:_MOST_QUESTIONS]), messages.c.sender == "user")
            known = connection.execute(sa.select(messages.c.id).where(wanted)).scalars().all()
            number = _insert(
                connection, origin=origin, article_ids=(), summary=summary, by=by, at=self._ms(), questions=known
            )
            self._audit.record(
                connection, actor=by, action="ticket.raised", subject=str(number), detail={"questions": len(known)}
            )
        return number

    def page(
        self, *, done: bool, owner: str | None = None, offset: int = 0, limit: int = 25
    ) -> tuple[tuple[Ticket, ...], int]:
        """Return tickets that are open (or done), longest waiting (or newest) first; and how many there are.

        Args:
            done: Mended and rejected ones instead of the others.
            owner: Only those of this account.
            offset: How many to pass over.
            limit: How many at most.
        """
        state = content_tickets.c.state
        where = sa.and_(
            state.in_(DONE) if done else state.not_in(DONE),
            content_tickets.c.owner == owner if owner is not None else sa.true(),
        )
        order = content_tickets.c.closed_at.desc() if done else content_tickets.c.created_at
        count = sa.select(sa.func.count()).where(ticket_questions.c.ticket == content_tickets.c.number)
        query = sa.select(content_tickets, count.scalar_subquery().label("questions")).where(where)
        query = query.order_by(order, content_tickets.c.number).offset(offset).limit(limit)
        with self._database.read() as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(content_tickets).where(where))
            rows = connection.execute(query).all()
            return tuple(_ticket(row, questions=row.questions) for row in rows), int(total.scalar_one())

    def find(self, number: int) -> tuple[Ticket, tuple[AskedQuestion, ...]] | None:
        """Return a ticket with the questions that are still kept, or None."""
        with self._database.read() as connection:
            row = connection.execute(_one(number)).first()
            if row is None:
                return None
            asked = tuple(_asked(connection, question) for question in connection.execute(_questions(number)))
        return _ticket(row, questions=len(asked)), asked

    def change(self, number: int, change: TicketChange, *, version: int, by: str) -> None:
        """Set state, owner, note and articles of a ticket.

        Raises:
            LookupError: There is no such ticket.
            Stale: Someone else has changed it meanwhile.
        """
        at = self._ms()
        with self._database.write() as connection:
            row = connection.execute(_one(number).with_for_update()).first()
            if row is None:
                raise LookupError(number)
            if row.version != version:
                raise Stale(str(number))
            closed = (row.closed_at or at) if change.state in DONE else None
            values = vars(change) | {"article_ids": list(change.article_ids), "closed_at": closed}
            values |= {"version": version + 1, "updated_at": at}
            connection.execute(content_tickets.update().where(content_tickets.c.number == number).values(**values))
            told = {"from": row.state, "to": change.state, "owner": change.owner}
            self._audit.record(connection, actor=by, action="ticket.changed", subject=str(number), detail=told)

    def mark_told(self, number: int, message_ids: Sequence[str], *, by: str) -> tuple[str, ...]:
        """Note that askers are being told, before they are: nobody is told twice.

        Returns:
            The questions whose askers had not been told before.
        """
        fresh = sa.and_(
            ticket_questions.c.ticket == number,
            ticket_questions.c.message_id.in_(list(message_ids)),
            ticket_questions.c.told_at.is_(None),
        )
        marked = ticket_questions.update().where(fresh).values(told_at=self._ms())
        with self._database.write() as connection:
            found = connection.execute(marked.returning(ticket_questions.c.message_id)).scalars().all()
            detail = {"asked": len(found)}
            self._audit.record(connection, actor=by, action="ticket.told", subject=str(number), detail=detail)
        return tuple(found)

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def raise_for_comment(connection: Connection, message_id: str, *, at: int) -> None:
    """Raise a ticket for an answer that a family found unhelpful and said why; once a question."""
    asked = _question_of(connection, message_id)
    if asked is None:
        return
    known = sa.select(ticket_questions.c.ticket).where(ticket_questions.c.message_id == asked.id)
    if connection.execute(known).first() is None:
        cited = connection.execute(sa.select(messages.c.body).where(messages.c.id == message_id)).scalar_one()
        ids = [citation["article_id"] for citation in cited.get("citations") or ()]
        _insert(connection, origin="not_helpful", article_ids=ids, summary="", by="family", at=at, questions=[asked.id])


def _insert(
    connection: Connection,
    *,
    origin: Origin,
    article_ids: Sequence[str],
    summary: str,
    by: str,
    at: int,
    questions: Sequence[str],
) -> int:
    values: dict[str, Any] = {"origin": origin, "article_ids": list(article_ids), "state": "open", "version": 1}
    values |= {"summary": summary[:_MOST_TEXT] or None, "raised_by": by, "created_at": at, "updated_at": at}
    number = int(connection.execute(content_tickets.insert().values(**values)).inserted_primary_key[0])  # type: ignore[index]
    for message_id in questions:
        connection.execute(ticket_questions.insert().values(ticket=number, message_id=message_id))
    return number


def _question_of(connection: Connection, message_id: str | None) -> Row[Any] | None:
    """Return the family's message that a message answers, or that it is."""
    found = connection.execute(sa.select(messages).where(messages.c.id == message_id)).first()
    if found is None or found.sender == "user":
        return found
    return connection.execute(sa.select(messages).where(messages.c.id == found.reply_to)).first()


def _one(number: int) -> sa.Select[Any]:
    return sa.select(content_tickets).where(content_tickets.c.number == number)


def _questions(number: int) -> sa.Select[Any]:
    joined = ticket_questions.join(messages, messages.c.id == ticket_questions.c.message_id)
    columns = (messages.c.id, messages.c.conversation_id, messages.c.text, messages.c.created_at)
    query = sa.select(*columns, ticket_questions.c.told_at).select_from(joined)
    return query.where(ticket_questions.c.ticket == number).order_by(messages.c.seq)


def _asked(connection: Connection, question: Row[Any]) -> AskedQuestion:
    replies = sa.select(messages.c.status, messages.c.body, feedback.c.comment).select_from(
        messages.outerjoin(feedback, feedback.c.message_id == messages.c.id)
    )
    spoken = sa.and_(messages.c.reply_to == question.id, messages.c.sender == "assistant")
    reply = connection.execute(replies.where(spoken).order_by(messages.c.seq.desc()).limit(1)).first()
    cited = (reply.body.get("citations") or [{}])[0] if reply else {}
    return AskedQuestion(
        message_id=question.id,
        conversation_id=question.conversation_id,
        text=question.text,
        asked_at=question.created_at,
        answer_status=reply.status if reply else None,
        article_id=cited.get("article_id"),
        comment=reply.comment if reply else None,
        told_at=question.told_at,
    )


def _ticket(row: Row[Any], *, questions: int) -> Ticket:
    fields = {name: row._mapping[name] for name in _FIELDS}
    return Ticket(**fields | {"article_ids": tuple(row.article_ids)}, questions=questions)
