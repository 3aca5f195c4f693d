"""The storage contract, held on every database."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.errors import StorageError
from assistant.settings import Secret, Settings
from assistant.storage.records import Change, Flag, HandoverRequest, NewMessage
from assistant.storage.retention import Deleted
from assistant.storage.storage import Storage
from assistant.storage.tables import daily_counts, handovers, metadata, outbox, receipts, safeguarding_flags

REQUEST = HandoverRequest(preferred_contact="email", summary="Help", share_transcript=True, email="a@example.org")
DUE = datetime(2026, 11, 24, 12, tzinfo=UTC)
FLAG = Flag(kind="crisis", category=None, score=0.9, reasons=("word",), text="redacted")


def begin(storage: Storage) -> str:
    welcome = [NewMessage(sender="assistant", text="Welcome", status="smalltalk")]
    conversation, _ = storage.conversations.create("hash", reading_mode="standard", audience=None, welcome=welcome)
    return conversation.id


def say(storage: Storage, conversation_id: str, text: str = "hello", key: str | None = None, flag: Flag | None = None):
    message = NewMessage(sender="user", text=text)
    turn = storage.conversations.begin_turn(conversation_id, message, client_message_id=key, flag=flag)
    assert turn is not None
    if turn.replies is None:
        reply = NewMessage(sender="assistant", text=f"re {text}", status="answered", body={"choices": []})
        storage.conversations.finish_turn(turn, [reply], Change(dialogue_state={"n": 1}))
    return turn


def submit(storage: Storage, conversation_id: str, request: HandoverRequest = REQUEST):
    def confirm(reference: str) -> NewMessage:
        return NewMessage(sender="system", text=reference, status="handover_done")

    return storage.handovers.submit(conversation_id, request, expected_by=DUE, confirm=confirm)


def rows(storage: Storage, table: sa.Table):
    with storage.database.read() as connection:
        return connection.execute(sa.select(table)).all()


def close(storage: Storage, table: sa.Table, at: datetime) -> None:
    with storage.database.write() as connection:
        connection.execute(table.update().values(closed_at=int(at.timestamp() * 1000)))


def test_migrations_make_exactly_the_tables(storage):
    with storage.database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_migrating_again_or_from_several_threads_at_once_changes_nothing(settings):
    stores = [Storage(settings) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda store: store.open(), stores))
    assert begin(stores[0])
    stores[0].open()
    for store in stores:
        store.close()


def test_messages_keep_their_order_and_content(storage):
    conversation_id = begin(storage)
    for number in range(3):
        say(storage, conversation_id, f"m{number} é 🙂")
    found = storage.conversations.messages(conversation_id)
    assert [message.text for message in found][:3] == ["Welcome", "m0 é 🙂", "re m0 é 🙂"]
    assert storage.conversations.messages(conversation_id, after=found[-2].id) == found[-1:]
    with pytest.raises(LookupError):
        storage.conversations.messages(begin(storage), after=found[0].id)


def test_a_client_id_is_one_message_also_at_the_same_time(storage):
    conversation_id = begin(storage)
    together = threading.Barrier(4)

    def send(_number: int):
        together.wait(10)
        message = NewMessage(sender="user", text="hello")
        return storage.conversations.begin_turn(conversation_id, message, client_message_id="key", flag=FLAG)

    with ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(send, range(4)))
    assert len({turn.user.id for turn in turns}) == 1
    assert len(rows(storage, safeguarding_flags)) == 1


def test_the_first_result_comes_back_and_other_conversations_are_apart(storage):
    one, other = begin(storage), begin(storage)
    say(storage, one, key="key")
    assert [reply.text for reply in say(storage, one, key="key").replies] == ["re hello"]
    assert say(storage, other, key="key").replies is None


def test_state_and_wishes_are_kept(storage):
    conversation_id = begin(storage)
    say(storage, conversation_id)
    assert storage.conversations.change(conversation_id, Change(reading_mode="easy"))
    found = storage.conversations.find(conversation_id)
    assert (found.reading_mode, found.dialogue_state, found.audience) == ("easy", {"n": 1}, None)
    assert not storage.conversations.change("unknown", Change(reading_mode="easy"))


def test_a_conversation_expires_after_the_last_message(storage, clock):
    conversation_id = begin(storage)
    clock.move(days=29)
    say(storage, conversation_id)
    clock.move(days=29)
    assert storage.conversations.find(conversation_id) is not None
    clock.move(days=2)
    assert storage.conversations.find(conversation_id) is None


def test_deletion_leaves_a_receipt_and_counts_but_no_text(storage):
    conversation_id = begin(storage)
    say(storage, conversation_id, flag=FLAG)
    message = storage.conversations.messages(conversation_id)[-1]
    assert storage.conversations.rate(conversation_id, message.id, helpful=True, comment="thanks")
    assert storage.deletion.delete(conversation_id)
    assert not storage.deletion.delete(conversation_id)
    [receipt] = rows(storage, receipts)
    assert (receipt.subject, receipt.reason, receipt.rows) == ("conversation", "asked", 4)
    assert conversation_id not in str(receipt)
    counts = {row.name: row.value for row in rows(storage, daily_counts)}
    # The welcome answers nobody, so it is not counted as a reply.
    assert counts == {"conversation": 1, "reply.answered": 1, "helpful": 1}
    [flag] = rows(storage, safeguarding_flags)
    assert (flag.text, flag.conversation_id, flag.kind) == (None, None, "crisis")
    for name in ("conversations", "messages", "feedback"):
        assert rows(storage, metadata.tables[name]) == []


def test_counts_of_one_day_add_up(storage):
    for _ in range(2):
        storage.deletion.delete(begin(storage))
    assert {row.name: row.value for row in rows(storage, daily_counts)}["conversation"] == 2


def test_a_request_is_stored_once_and_hands_over(storage):
    conversation_id = begin(storage)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: submit(storage, conversation_id), range(4)))
    assert len({result.reference for result in results}) == 1
    assert sorted(result.is_new for result in results) == [False, False, False, True]
    assert storage.conversations.find(conversation_id).handover == "waiting"
    [row] = rows(storage, handovers)
    assert b"a@example.org" not in bytes(row.details)
    assert storage.handovers.details(row.id)["email"] == "a@example.org"
    [note] = rows(storage, outbox)
    assert note.payload == {"reference": row.reference}
    assert submit(storage, "unknown") is None


def test_after_closing_the_same_words_are_a_new_request(storage, clock):
    conversation_id = begin(storage)
    first = submit(storage, conversation_id)
    close(storage, handovers, clock.now)
    second = submit(storage, conversation_id)
    assert second.is_new
    assert second.reference != first.reference


def test_a_person_who_is_here_stays(storage):
    conversation_id = begin(storage)
    submit(storage, conversation_id)
    storage.conversations.change(conversation_id, Change(handover="with_person"))
    submit(storage, conversation_id, dataclasses.replace(REQUEST, phone="01634 333 333"))
    assert storage.conversations.find(conversation_id).handover == "with_person"


def test_retention_deletes_each_kind_at_its_time(storage, clock):
    plain, handed, flagged = begin(storage), begin(storage), begin(storage)
    for conversation_id in (plain, handed):
        say(storage, conversation_id)
    say(storage, flagged, flag=FLAG)
    submit(storage, handed)
    assert storage.retention.run() == Deleted()
    clock.move(days=31)
    assert storage.retention.run() == Deleted(conversations=2)
    [flag] = rows(storage, safeguarding_flags)
    assert flag.text == "redacted"
    close(storage, handovers, clock.now)
    close(storage, safeguarding_flags, clock.now)
    clock.move(days=89)
    assert storage.retention.run() == Deleted()
    clock.move(days=2)
    assert storage.retention.run() == Deleted(handovers=1)
    assert storage.conversations.find(handed) is None
    clock.move(days=300)
    assert storage.retention.run() == Deleted(safeguarding=1)
    assert storage.retention.run() == Deleted()
    subjects = [(receipt.subject, receipt.reason) for receipt in rows(storage, receipts)]
    assert sorted(set(subjects)) == [
        ("conversation", "retention"),
        ("handover", "retention"),
        ("safeguarding", "retention"),
    ]


def test_retention_works_through_many(storage, clock):
    for _ in range(205):
        begin(storage)
    clock.move(days=31)
    assert storage.retention.run() == Deleted(conversations=205)


def test_a_database_that_is_not_there_is_a_clear_error(tmp_path):
    gone = Settings(data_dir=tmp_path, database_url=Secret("postgresql://nobody:hush@127.0.0.1:1/none"))
    storage = Storage(gone)
    with pytest.raises(StorageError) as caught:
        storage.open()
    assert "hush" not in str(caught.value)


def test_a_turn_does_not_get_dearer_with_the_length_of_the_conversation(storage):
    statements: list[str] = []
    conversation_id = begin(storage)

    def count(_connection, _cursor, statement, *_more):
        statements.append(statement)

    sa.event.listen(storage.database._engine, "before_cursor_execute", count)
    say(storage, conversation_id)
    first, statements[:] = len(statements), []
    for number in range(30):
        say(storage, conversation_id, f"m{number}")
    assert len(statements) == 30 * first
    assert len(storage.conversations.previous_texts(conversation_id)) == 4


def test_records_are_frozen(storage):
    found = storage.conversations.find(begin(storage))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.handover = "closed"
