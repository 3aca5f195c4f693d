"""Four weeks of invented use, for looking at insight, tickets and settings with much on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assistant.commands.seed import samples
from assistant.storage.database import Database
from assistant.storage.outbox import Attempt, queue
from assistant.storage.records import Change, NewMessage
from assistant.storage.storage import Storage
from assistant.storage.ticket_records import TicketChange
from tests.browser.staff.desk_running import Clock, Running

_UNKNOWN = [
    "who pays for a taxi to school",
    "who pays for taxis to school",
    "Who pays for the school taxi?",
    "can my dog come to class with my daughter",
    "is there a swimming club that takes wheelchair users near Rainham and what does it cost for a family of five",
    "how do i get a blue badge for my son",
    "blue badge for my son",
]
_STATUSES = ["answered"] * 7 + ["declined_not_known", "clarify", "declined_out_of_scope", "smalltalk"]
_ARTICLES = ["ehcp", "senco", "process-ehc-request", "tribunal"]


def fill(running: Running, *, chats: int = 240, requests: int = 60) -> None:
    """Write conversations, feedback, requests, tickets, notifications and settings."""
    clock = Clock()
    past = Storage(running.settings, now=clock)
    people = [running.account("Anna").id, running.account("Ben", "manager").id]
    running.storage.seeding.fill(samples(), requests=requests, flags=3, staff=people)
    for number in range(chats):
        clock.ahead = timedelta(hours=-2 - (number * 7919) % 650)
        _chat(past, number)
    clock.ahead = timedelta(minutes=-5)
    _tickets(past, people)
    _settings(past, people[1])
    _notifications(past.database, past)
    past.close()
    running.storage.operator.refresh()


def _chat(storage: Storage, number: int) -> None:
    chat, _ = storage.conversations.create("hash", reading_mode="standard", audience=None, welcome=())
    status = _STATUSES[number % len(_STATUSES)]
    text = _UNKNOWN[number % len(_UNKNOWN)] if status.startswith("declined") else "what is an ehcp"
    question = NewMessage(sender="user", text=text)
    turn = storage.conversations.begin_turn(chat.id, question, client_message_id=None)
    assert turn is not None
    cited = [{"article_id": _ARTICLES[number % 4]}] if status == "answered" else []
    reply = NewMessage(sender="assistant", text="A reply", status=status, body={"citations": cited})
    stored = storage.conversations.finish_turn(turn, [reply], Change())
    if status == "answered" and stored and number % 3 == 0:
        words = "Too long for me" if number % 15 == 0 else None
        storage.conversations.rate(chat.id, stored[0].id, helpful=words is None, comment=words)


def _tickets(storage: Storage, people: list[str]) -> None:
    for number in range(30):
        ticket = storage.tickets.raise_(
            None,
            message_id=None,
            article_ids=_ARTICLES[: 1 + number % 2],
            question_text=None,
            comment="The fee that it names is out of date; the council's page says something else since September.",
            by=people[0],
        )
        if number % 3 == 0:
            done = TicketChange("mended", people[1], "Rewritten from the new page.", ("ehcp",))
            storage.tickets.change(ticket, done, version=1, by=people[1])


def _settings(storage: Storage, manager: str) -> None:
    storage.operator.save_canned_reply("Closed today", "We are closed today and reply tomorrow.", by=manager)
    storage.operator.set("closures", ["2026-12-24", "2026-12-31"], version=0, by=manager)
    reason = "We are checking our answers about transport. We will be back on Monday."
    storage.operator.set("pause", {"reason": reason, "since": _ms()}, version=0, by=manager)
    filled = {"phone": "01634 000 000", "checked": "2026-11-01"}
    storage.operator.set("contact.mpcf", filled, version=0, by=manager)


def _notifications(database: Database, storage: Storage) -> None:
    with database.write() as connection:
        queue(connection, "handover", {"reference": "ABCD-EFGH"}, at=_ms())
        queue(connection, "safeguarding", {"flag": "0123456789"}, at=_ms())
    for error in ("mail: ConnectionRefusedError", None):
        notice = storage.outbox.claim()
        if notice is not None:
            storage.outbox.report(notice, Attempt((), error))


def _ms() -> int:
    return int((datetime.now(UTC) - timedelta(minutes=6)).timestamp() * 1000)
