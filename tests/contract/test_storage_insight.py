"""What managers set, tickets, the outbox and the figures, held on every database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from assistant.errors import Stale
from assistant.storage import database as databases
from assistant.storage import outbox
from assistant.storage.audit import AuditFilter
from assistant.storage.insight import Period
from assistant.storage.outbox import Attempt
from assistant.storage.records import HandoverRequest, NewMessage
from assistant.storage.storage import Storage
from assistant.storage.tables import handovers
from tests.contract.chats import chat, say

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
HOURS = {"days": [0, 1], "opens": "10:00", "closes": "15:30", "confirmed": True}
REQUEST = HandoverRequest(preferred_contact="chat", summary="Help", share_transcript=False)


def submit(storage: Storage, chat_id: str) -> str:
    def confirm(reference: str) -> NewMessage:
        return NewMessage(sender="system", text=reference, status="handover_done")

    due = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return storage.handovers.submit(chat_id, REQUEST, expected_by=due, confirm=confirm).id


def totals(storage: Storage) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_day, name), value in storage.insight.figures(NOVEMBER).counts.items():
        found[name] = found.get(name, 0) + value
    return found


def test_what_is_set_holds_over_the_environment_and_is_audited(storage):
    assert storage.operator.current.settings.hours_confirmed is False
    storage.operator.set("hours", HOURS, version=0, by="anna")
    storage.operator.set("retention", {"conversations": 7, "handovers": 8, "safeguarding": 9}, version=0, by="anna")
    storage.operator.set("closures", ["2026-12-24"], version=0, by="anna")
    now = storage.operator.refresh().settings
    assert now.hours_confirmed is True
    assert now.hours.days == (0, 1)
    assert (now.retention_days, now.retention_handover_days, now.retention_safeguarding_days) == (7, 8, 9)
    assert now.closures == (date(2026, 12, 24),)
    storage.operator.set("hours", HOURS | {"days": [4]}, version=1, by="ben")
    entry = storage.operator.entry("hours")
    assert (entry.version, entry.updated_by) == (2, "ben")
    [last] = storage.audit.page(AuditFilter(actor="ben"))[0]
    assert (last.action, last.subject) == ("settings.hours", "hours")
    assert "[0, 1]" in last.detail["old"]
    assert "[4]" in last.detail["new"]


def test_of_two_managers_at_once_one_is_told(storage):
    def change(by: str) -> bool:
        try:
            storage.operator.set("reply_target", 4, version=0, by=by)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, "abcd")) == [False, False, False, True]
    assert storage.operator.entry("reply_target").version == 1
    with pytest.raises(Stale):
        storage.operator.set("reply_target", 5, version=0, by="e")


def test_the_assistant_can_be_switched_off_and_on(storage):
    storage.operator.set("pause", {"reason": "We check it", "since": 5}, version=0, by="anna")
    assert storage.operator.current.pause.reason == "We check it"
    storage.operator.set("pause", None, version=1, by="anna")
    assert storage.operator.current.pause is None


def test_another_process_sees_a_change_when_it_looks(storage, settings):
    other = Storage(settings)
    storage.operator.set("contact.sendias", {"phone": "01634 000000"}, version=0, by="anna")
    assert other.operator.current.contacts == {}
    assert other.operator.refresh().contacts == {"sendias": {"phone": "01634 000000"}}
    other.close()


def test_retention_follows_what_is_set(storage, clock):
    chat_id = chat(storage)
    clock.move(days=10)
    assert storage.retention.run().conversations == 0
    days = {"conversations": 5, "handovers": 5, "safeguarding": 5}
    storage.operator.set("retention", days, version=0, by="anna")
    assert storage.retention.run().conversations == 1
    assert storage.conversations.find(chat_id) is None
    fresh = storage.conversations.create("hash", reading_mode="easy", audience=None, welcome=())[0]
    assert fresh.expires_at - fresh.created_at == 5 * 24 * 3600 * 1000


def test_ready_replies(storage):
    second = storage.operator.save_canned_reply("thanks", "Thank you", by="anna")
    storage.operator.save_canned_reply("Later", "We will be back", by="anna")
    assert [reply.title for reply in storage.operator.canned_replies()] == ["Later", "thanks"]
    storage.operator.save_canned_reply("Thanks", "Thank you!", by="anna", id=second, version=1)
    with pytest.raises(Stale):
        storage.operator.save_canned_reply("Thanks", "Lost", by="ben", id=second, version=1)
    with pytest.raises(Stale):
        storage.operator.remove_canned_reply(second, version=1, by="ben")
    storage.operator.remove_canned_reply(second, version=2, by="anna")
    assert [reply.text for reply in storage.operator.canned_replies()] == ["We will be back"]


def test_each_notification_goes_to_one_process_at_a_time_and_safeguarding_first(storage, clock):
    at = int(clock.now.timestamp() * 1000)
    with storage.database.write() as connection:
        for number in range(6):
            outbox.queue(connection, "handover", {"reference": str(number)}, at=at - 1)
            outbox.queue(connection, "safeguarding", {"flag": str(number)}, at=at)
    first = storage.outbox.claim()
    assert first.kind == "safeguarding"

    def take(_: int) -> list[int]:
        mine = []
        while (notice := storage.outbox.claim()) is not None:
            mine.append(notice.number)
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [number for mine in pool.map(take, range(4)) for number in mine]
    assert len(taken) == len(set(taken)) == 11
    assert first.number not in taken


def test_what_nobody_reports_on_is_taken_again(storage, clock):
    storage.outbox.add_test()
    first = storage.outbox.claim()
    assert storage.outbox.claim() is None
    clock.move(minutes=3)
    again = storage.outbox.claim()
    assert again.number == first.number
    storage.outbox.report(again, Attempt((), "mail: refused" * 50))
    assert storage.outbox.claim() is None
    clock.move(minutes=1)
    third = storage.outbox.claim()
    assert third.attempts == 1
    storage.outbox.report(third, Attempt(("mail",)))
    clock.move(hours=1)
    assert storage.outbox.claim() is None
    assert storage.outbox.waiting() == 0


def test_counts_are_the_same_before_and_after_everything_is_deleted(storage, clock):
    chat_id = chat(storage)
    answer = say(storage, chat_id, "what is an ehcp")
    say(storage, chat_id, "taxi?", status="declined_not_known", article=None)
    storage.conversations.rate(chat_id, answer, helpful=True, comment=None)
    handover_id = submit(storage, chat_id)
    with storage.database.write() as connection:
        values = {"closed_at": NOVEMBER.end, "first_reply_at": NOVEMBER.end}
        connection.execute(handovers.update().where(handovers.c.id == handover_id).values(**values))
    before = totals(storage)
    assert before == {
        "conversation": 1,
        "reply.answered": 1,
        "reply.declined_not_known": 1,
        "helpful": 1,
        "handover": 1,
        "handover.about.ehcp": 1,
        "handover.hour.12": 1,
        "handover.late": 1,
    }
    clock.move(days=120)
    storage.retention.run()
    assert storage.conversations.find(chat_id) is None
    assert totals(storage) == before
    assert storage.insight.unanswered(NOVEMBER) == ()


def test_counts_of_two_deletions_at_once_add_up(storage):
    ids = [chat(storage) for _ in range(12)]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(storage.deletion.delete, ids))
    assert totals(storage) == {"conversation": 12}


def test_days_outside_the_period_do_not_count(storage, clock):
    clock.now = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
    chat(storage)
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    storage.deletion.delete(chat(storage))
    assert totals(storage) == {}
    clock.now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    chat(storage)
    assert storage.insight.figures(NOVEMBER).counts == {("2026-11-30", "conversation"): 1}


def test_a_request_is_about_what_was_shown_last(storage):
    for article, expected in (("senco", "senco"), (None, None)):
        chat_id = chat(storage)
        if article:
            say(storage, chat_id, "who", article="ehcp")
            say(storage, chat_id, "and who", article=article)
        submit(storage, chat_id)
        with storage.database.read() as connection:
            query = sa.select(handovers.c.about).where(handovers.c.conversation_id == chat_id)
            assert connection.execute(query).scalar() == expected


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_database_of_an_earlier_state_is_brought_forward_with_its_rows(settings, revision):
    old = Storage(settings)
    with old.database.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(databases.Path(databases.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(
            sa.text(
                "insert into outbox (kind, payload, created_at, due_at, attempts) values ('handover', '{}', 1, 1, 0)"
            )
        )
        connection.execute(
            sa.text(
                "insert into conversations (id, token_hash, created_at, last_active, expires_at, reading_mode, "
                "handover, silence_noted) values ('c', 'h', 1, 1, 1, 'easy', 'none', false)"
            )
        )
    old.open()
    [notice] = old.outbox.recent()
    assert (notice.done, notice.attempts) == ({}, 0)
    assert old.operator.refresh().pause is None
    assert old.deletion.delete("c")
    old.close()
