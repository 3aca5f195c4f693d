"""Tickets for content, held on every database."""

import dataclasses
from datetime import date

import pytest

from assistant.errors import Stale
from assistant.storage.insight import Period
from assistant.storage.storage import Storage
from assistant.storage.ticket_records import TicketChange
from tests.contract.chats import chat, say

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def raise_ticket(storage: Storage, message_id: str | None = None, **more) -> int:
    given = {"article_ids": ["ehcp"], "question_text": None, "comment": "Out of date", "by": "anna"} | more
    return storage.tickets.raise_(None, message_id=message_id, **given)


def test_a_ticket_shows_the_question_only_while_the_conversation_is_kept(storage):
    chat_id = chat(storage)
    answer = say(storage, chat_id, "what is an ehcp")
    number = raise_ticket(storage, answer, question_text="what is an ehcp")
    ticket, [asked] = storage.tickets.find(number)
    assert (ticket.origin, ticket.summary, ticket.state) == ("wrong_answer", "Out of date", "open")
    assert (asked.text, asked.answer_status, asked.article_id) == ("what is an ehcp", "answered", "ehcp")
    storage.deletion.delete(chat_id)
    ticket, left = storage.tickets.find(number)
    assert left == ()
    assert "what is an ehcp" not in str(ticket)
    assert storage.tickets.find(number + 1) is None


def test_own_words_of_staff_stay_on_a_ticket(storage):
    answer = say(storage, chat(storage), "wots that")
    ticket, _ = storage.tickets.find(raise_ticket(storage, answer, question_text="Meaning of EHCP"))
    assert ticket.summary == "Meaning of EHCP\n\nOut of date"
    orphan, asked = storage.tickets.find(raise_ticket(storage, "gone", question_text="words of a deleted chat"))
    assert (orphan.summary, asked) == ("Out of date", ())


def test_an_unhelpful_answer_with_a_comment_raises_one_ticket(storage):
    chat_id = chat(storage)
    answer = say(storage, chat_id, "how long does it take")
    storage.conversations.rate(chat_id, answer, helpful=False, comment=None)
    assert storage.tickets.page(done=False)[1] == 0
    for comment in ("not my question", "still not"):
        storage.conversations.rate(chat_id, answer, helpful=False, comment=comment)
    [ticket] = storage.tickets.page(done=False)[0]
    assert (ticket.origin, ticket.raised_by, ticket.article_ids) == ("not_helpful", "family", ("ehcp",))
    _, [asked] = storage.tickets.find(ticket.number)
    assert asked.comment == "still not"


def test_tickets_are_changed_under_a_version_and_listed_by_state_and_owner(storage):
    first, second = raise_ticket(storage), raise_ticket(storage)
    mended = TicketChange("mended", "ed", "Rewritten", ("ehcp", "senco"))
    storage.tickets.change(first, mended, version=1, by="ed")
    with pytest.raises(Stale):
        storage.tickets.change(first, mended, version=1, by="flo")
    with pytest.raises(LookupError):
        storage.tickets.change(999, mended, version=1, by="flo")
    assert [one.number for one in storage.tickets.page(done=False)[0]] == [second]
    [done] = storage.tickets.page(done=True, owner="ed")[0]
    assert (done.number, done.article_ids, done.version) == (first, ("ehcp", "senco"), 2)
    assert done.closed_at is not None
    assert storage.tickets.page(done=True, owner="flo") == ((), 0)
    reopened = dataclasses.replace(mended, state="in_progress")
    storage.tickets.change(first, reopened, version=2, by="ed")
    assert storage.tickets.find(first)[0].closed_at is None


def test_askers_are_marked_as_told_once(storage):
    chat_id = chat(storage)
    say(storage, chat_id, "what about taxis", status="declined_not_known", article=None)
    [asked] = storage.insight.unanswered(NOVEMBER)
    number = storage.tickets.raise_for_questions("unknown_question", [asked.message_id, "x"], summary="", by="anna")
    assert storage.tickets.mark_told(number, [asked.message_id], by="ed") == (asked.message_id,)
    assert storage.tickets.mark_told(number, [asked.message_id], by="ed") == ()


def test_a_ticket_takes_questions_of_families_only(storage):
    answer = say(storage, chat(storage), "a question")
    number = storage.tickets.raise_for_questions("unknown_question", [answer], summary="x", by="anna")
    assert storage.tickets.find(number)[1] == ()
