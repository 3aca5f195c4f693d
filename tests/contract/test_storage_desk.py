"""The desk's part of the storage contract, held on every database."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from assistant.commands.seed import samples
from assistant.errors import StaffError, Stale
from assistant.settings import Settings
from assistant.storage import database as database_module
from assistant.storage import moments
from assistant.storage.desk_records import NoSuchRecord, NotPossible, Seen, Wanted
from assistant.storage.records import Change, Flag, HandoverRequest, NewMessage
from assistant.storage.storage import Storage
from assistant.storage.tables import flag_history, handovers, metadata, receipts

ASKED = HandoverRequest(preferred_contact="chat", summary="Please help", share_transcript=True)
DUE = datetime(2026, 11, 24, 12, tzinfo=UTC)
FLAG = Flag(kind="crisis", category="self_harm", score=0.9, reasons=("word",), text="redacted")
BY = "a" * 32


def begin(storage: Storage) -> str:
    welcome = [NewMessage(sender="assistant", text="Welcome", status="smalltalk")]
    return storage.conversations.create("hash", reading_mode="standard", audience=None, welcome=welcome)[0].id


def ask(storage: Storage, conversation_id: str) -> str:
    def confirm(reference: str) -> NewMessage:
        return NewMessage(sender="system", text=reference, status="handover_done")

    stored = storage.handovers.submit(conversation_id, ASKED, expected_by=DUE, confirm=confirm)
    assert stored is not None
    return stored.id


def family_says(storage: Storage, conversation_id: str, text: str = "hello", due: datetime = DUE) -> None:
    turn = storage.conversations.begin_turn(
        conversation_id, NewMessage(sender="user", text=text), client_message_id=None
    )
    assert turn is not None
    storage.conversations.finish_turn(turn, [], Change(), reply_due=due)


def reply(storage: Storage, request_id: str, version: int = 1, once: str = "once", text: str = "Hello"):
    message = NewMessage(sender="person", text=text, hidden={"by": BY})
    return storage.desk.reply(Seen(request_id, version), message=message, once=once, by=BY)


def close(storage: Storage, request_id: str, version: int, newest: str | None = None):
    return storage.desk.close(Seen(request_id, version), reason="answered", words=[], newest=newest, by=BY)


@pytest.fixture
def chat(storage: Storage) -> str:
    return begin(storage)


@pytest.fixture
def request_id(storage: Storage, chat: str) -> str:
    return ask(storage, chat)


def test_a_request_goes_back_and_forth_until_it_is_closed(storage, clock, chat, request_id):
    def standing():
        found = storage.requests.find(request_id)
        return found.state, found.due_at

    assert standing() == ("new", moments.to_ms(DUE))
    storage.desk.assign(Seen(request_id, 1), to=BY, by=BY)
    assert standing() == ("assigned", moments.to_ms(DUE))
    family_says(storage, chat, due=DUE + timedelta(days=1))
    # What is due earlier stays due.
    assert standing() == ("waiting_us", moments.to_ms(DUE))
    clock.move(minutes=5)
    told = reply(storage, request_id, version=2)
    assert (told.conversation_id, told.handover, [one.text for one in told.messages]) == (
        chat,
        "with_person",
        ["Hello"],
    )
    assert standing() == ("waiting_family", None)
    assert storage.requests.find(request_id).first_reply_at == moments.to_ms(clock.now)
    family_says(storage, chat, due=DUE + timedelta(days=1))
    assert standing() == ("waiting_us", moments.to_ms(DUE + timedelta(days=1)))
    newest = storage.conversations.messages(chat)[-1].id
    close(storage, request_id, 3, newest)
    assert standing() == ("closed", None)
    assert storage.conversations.find(chat).handover == "closed"
    assert storage.handovers.rate(chat, helpful=True)
    assert storage.requests.find(request_id).helped is True
    assert storage.audit.verify().broken_at is None


def test_of_many_at_once_one_wins_and_the_others_are_told(storage, request_id):
    together = threading.Barrier(4)

    def take(number: int) -> bool:
        together.wait(10)
        try:
            storage.desk.assign(Seen(request_id, 1), to=f"{number}", by=f"{number}")
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(take, range(4)))
    assert sorted(won) == [False, False, False, True]
    found = storage.requests.find(request_id)
    assert (found.assignee, found.version) == (str(won.index(True)), 2)
    assert storage.audit.verify().broken_at is None


def test_one_form_sent_many_times_at_once_is_one_reply(storage, chat, request_id):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: reply(storage, request_id), range(4)))
    assert [one.text for one in storage.conversations.messages(chat)].count("Hello") == 1
    with pytest.raises(Stale):
        reply(storage, request_id, once="another")


def test_replies_and_family_at_the_same_time_do_not_block_each_other(storage, chat, request_id):
    """Both lock conversation and request; in another order PostgreSQL would end one of them."""

    def family(number: int) -> None:
        family_says(storage, chat, f"f{number}")

    def person(number: int) -> None:
        while True:
            version = storage.requests.find(request_id).version
            try:
                return reply(storage, request_id, version=version, once=f"o{number}", text=f"p{number}")
            except Stale:
                time.sleep(0)

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(work, number) for number in range(10) for work in (family, person)]
        for one in done:
            one.result(60)
    texts = [one.text for one in storage.conversations.messages(chat)]
    assert sorted(texts[2:]) == sorted([f"{kind}{number}" for kind in "fp" for number in range(10)])


def test_what_a_state_does_not_allow_is_refused(storage, chat, request_id):
    with pytest.raises(NotPossible):
        storage.desk.reopen(Seen(request_id, 1), words=[], due=DUE, by=BY)
    with pytest.raises(NotPossible):
        storage.desk.close(Seen(request_id, 1), reason="because", words=[], newest=None, by=BY)
    close(storage, request_id, 1)
    for step in (
        lambda: reply(storage, request_id, version=2),
        lambda: close(storage, request_id, 2),
        lambda: storage.desk.assign(Seen(request_id, 2), to=BY, by=BY),
        lambda: storage.desk.replied_elsewhere(Seen(request_id, 2), by=BY),
    ):
        with pytest.raises(NotPossible):
            step()
    ask(storage, chat)
    with pytest.raises(NotPossible):
        storage.desk.reopen(Seen(request_id, 2), words=[], due=DUE, by=BY)
    with pytest.raises(NoSuchRecord):
        reply(storage, "0" * 32)
    with pytest.raises(NoSuchRecord):
        storage.desk.note("0" * 32, text="x", by=BY)


def test_a_refused_step_leaves_no_trace(storage, chat, request_id):
    before = storage.audit.verify().entries, storage.conversations.messages(chat)
    with pytest.raises(Stale):
        reply(storage, request_id, version=7)
    assert (storage.audit.verify().entries, storage.conversations.messages(chat)) == before


def test_who_is_there_is_known_for_a_while(storage, clock, request_id):
    assert storage.requests.see(request_id, "anna") == (False, ())
    known, others = storage.requests.see(request_id, "ben")
    assert (known, [other.account for other in others]) == (False, ["anna"])
    assert storage.requests.see(request_id, "anna")[0] is True
    clock.move(minutes=11)
    assert storage.requests.see(request_id, "ben") == (False, ())


def test_two_browsers_of_one_account_open_a_request_at_once(storage, request_id):
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda _: storage.requests.see(request_id, "anna")[1], range(4)))
    assert seen == [()] * 4


def test_the_pulse_changes_with_every_change(storage, clock, chat, request_id):
    pulses = [storage.queue.pulse()]

    def step(change) -> None:
        clock.move(seconds=1)
        change()
        pulses.append(storage.queue.pulse())

    step(lambda: storage.desk.prioritise(Seen(request_id, 1), priority=2, by=BY))
    step(lambda: storage.desk.note(request_id, text="note", by=BY))
    step(lambda: family_says(storage, chat))
    message = NewMessage(sender="user", text="x")
    step(lambda: storage.conversations.begin_turn(chat, message, client_message_id=None, flag=FLAG))
    flag_id = storage.flags.page(closed=False)[0][0].id
    step(lambda: storage.flags.move(flag_id, seen="new", to="acknowledged", note="", by=BY))
    step(lambda: ask(storage, begin(storage)))
    assert len(set(pulses)) == len(pulses)


def test_a_record_is_moved_by_one_of_many(storage, chat):
    storage.conversations.begin_turn(chat, NewMessage(sender="user", text="x"), client_message_id=None, flag=FLAG)
    flag_id = storage.flags.page(closed=False)[0][0].id

    def move(_: int) -> bool:
        try:
            storage.flags.move(flag_id, seen="new", to="acknowledged", note="mine", by=BY)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(move, range(4))) == [False, False, False, True]
    found = storage.flags.find(flag_id)
    assert [step.note for step in found.history] == [None, "mine"]
    with storage.database.read() as connection:
        assert b"mine" not in b"".join(bytes(row.sealed or b"") for row in connection.execute(sa.select(flag_history)))


def test_retention_takes_everything_of_a_request_and_leaves_the_log(storage, clock, chat, request_id):
    storage.desk.note(request_id, text="private", by=BY)
    storage.desk.tag(Seen(request_id, 1), tags=["transport"], by=BY)
    storage.requests.see(request_id, BY)
    close(storage, request_id, 2)
    clock.move(days=91)
    assert storage.retention.run().handovers == 1
    with storage.database.read() as connection:
        for name in ("request_notes", "request_tags", "request_presence", "handovers", "messages", "conversations"):
            assert connection.execute(sa.select(metadata.tables[name])).all() == [], name
        assert {row.subject for row in connection.execute(sa.select(receipts))} >= {"handover", "conversation"}
    assert storage.audit.verify().broken_at is None
    assert storage.requests.dossier(request_id) is None


def test_lists_are_the_same_on_every_database(storage, clock):
    storage.seeding.fill(samples(), requests=40, flags=6, staff=[BY])
    every = storage.queue.all(Wanted())
    assert len(every) == 40
    listed, total = storage.queue.page(Wanted(state="open"), limit=100)
    assert total == len(listed) == sum(one.state != "closed" for one in every)
    keys = [(-one.priority, one.due_at is None, one.due_at or 0) for one in listed]
    assert keys == sorted(keys)
    some = every[0]
    assert some in storage.queue.page(Wanted(search=some.reference.lower()), limit=100)[0]
    assert storage.queue.page(Wanted(search="'; drop table handovers; --"))[1] == 0
    with pytest.raises(StaffError):
        storage.seeding.fill(samples(), requests=1, flags=0, staff=[])


def test_an_open_request_of_the_first_release_keeps_its_due_time(settings: Settings):
    """Forward from the first released state of the database, with a request in it."""
    storage = Storage(settings)
    script = str(database_module.Path(database_module.__file__).with_name("migrations"))

    def upgrade(to: str) -> None:
        with storage.database.write() as connection:
            config = Config()
            config.set_main_option("script_location", script)
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    upgrade("0001")
    old = {"id": "r", "reference": "ABCD-3467", "digest": "d", "state": "new", "version": 1, "details": b"x"}
    old |= {"preferred_contact": "chat", "share_transcript": True, "expected_by": 7, "created_at": 5, "updated_at": 5}
    names = sa.table("handovers", *(sa.column(name) for name in old))
    with storage.database.write() as connection:
        connection.execute(names.insert().values(**old))
    storage.open()
    found = storage.requests.find("r")
    assert (found.due_at, found.priority, found.assignee) == (7, 0, None)
    with storage.database.read() as connection:
        assert connection.execute(sa.select(handovers.c.id)).scalars().all() == ["r"]
    storage.close()
