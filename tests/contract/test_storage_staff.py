"""The storage contract for accounts, sessions and the audit log, held on every database."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from assistant.errors import StaffError, StorageError
from assistant.storage.audit import AuditFilter, canonical
from assistant.storage.staff_tables import audit_log, staff_accounts
from assistant.storage.storage import Storage


@pytest.fixture
def mo(storage: Storage):
    return storage.staff.add("Mo@Example.org", name="Mo", role="manager", password_hash="hash", actor="test")


def fill(storage: Storage, count: int = 5) -> None:
    for number in range(count):
        storage.audit.record(None, actor="test", action="did.it", subject=str(number), detail={"n": number, "é": True})


def tamper(storage: Storage, statement: sa.Executable) -> None:
    """Change the log as somebody with the database's own rights could."""
    with storage.database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
        else:
            connection.execute(sa.text("DROP TRIGGER audit_log_no_update"))
            connection.execute(sa.text("DROP TRIGGER audit_log_no_delete"))
        connection.execute(statement)


def entry(number: int) -> sa.ColumnElement[bool]:
    return audit_log.c.seq == number


def test_an_untouched_log_verifies(storage):
    assert storage.audit.verify() == storage.audit.verify()
    assert storage.audit.verify().entries == 0
    fill(storage)
    verdict = storage.audit.verify()
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert storage.audit.verify(expected=(5, verdict.head)).broken_at is None


@pytest.mark.parametrize(
    ("change", "broken_at", "reason"),
    [
        (audit_log.update().where(entry(3)).values(actor="nobody"), 3, "was changed"),
        (audit_log.update().where(entry(3)).values(detail=canonical({"n": 7})), 3, "was changed"),
        (audit_log.update().where(entry(1)).values(at=1), 1, "was changed"),
        (audit_log.update().where(entry(4)).values(hash="0" * 64), 4, "was changed"),
        (audit_log.update().where(entry(4)).values(previous="0" * 64), 4, "does not follow"),
        (audit_log.update().where(entry(5)).values(seq=6), 5, "is missing"),
        (audit_log.delete().where(entry(2)), 2, "is missing"),
        (audit_log.delete().where(entry(1)), 1, "is missing"),
        (audit_log.update().where(entry(5)).values(seq=0), 1, "is missing"),
    ],
)
def test_the_first_broken_entry_is_named(storage, change, broken_at, reason):
    fill(storage)
    tamper(storage, change)
    verdict = storage.audit.verify()
    assert verdict.broken_at == broken_at
    assert reason in verdict.reason


def test_an_end_that_was_cut_off_shows_against_a_noted_entry(storage):
    fill(storage)
    noted = (5, storage.audit.verify().head)
    tamper(storage, audit_log.delete().where(audit_log.c.seq > 3))
    assert storage.audit.verify().broken_at is None
    assert storage.audit.verify(expected=noted).reason == "is missing: entries were cut off the end"
    fill(storage, 2)
    assert storage.audit.verify(expected=noted).broken_at == 5


@pytest.mark.parametrize("change", [audit_log.update().values(actor="x"), audit_log.delete()])
def test_the_database_itself_refuses_changes(storage, change):
    fill(storage, 2)
    with pytest.raises(StorageError), storage.database.write() as connection:
        connection.execute(change)
    assert storage.audit.verify().entries == 2


def test_many_writers_at_once_make_one_chain(settings, clock):
    stores = [Storage(settings, now=clock) for _ in range(4)]
    stores[0].open()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: fill(stores[number % 4], 5), range(16)))
    verdict = stores[0].audit.verify()
    assert (verdict.entries, verdict.broken_at) == (80, None)
    for store in stores:
        store.close()


def test_an_entry_stands_or_falls_with_its_change(storage, mo):
    before = storage.audit.verify().entries
    with contextlib.suppress(RuntimeError), storage.database.write() as connection:
        connection.execute(staff_accounts.update().values(name="Changed"))
        storage.audit.record(connection, actor="test", action="renamed", subject=mo.id)
        raise RuntimeError
    assert storage.audit.verify().entries == before
    assert storage.staff.find("mo@example.org").account.name == "Mo"


def test_entries_are_found_by_who_what_whom_and_when(storage, clock):
    storage.audit.record(None, actor="a", action="viewed", subject="x")
    clock.move(hours=1)
    storage.audit.record(None, actor="b", action="viewed", subject="y", detail={"state": "new"})
    storage.audit.record(None, actor="b", action="closed", subject="x")
    at = int(clock.now.timestamp() * 1000)

    def found(**wanted):
        entries, total = storage.audit.page(AuditFilter(**wanted))
        assert total == len(entries)
        return [each.seq for each in entries]

    assert found() == [3, 2, 1]
    assert found(actor="b") == [3, 2]
    assert found(action="viewed", subject="x") == [1]
    assert found(since=at) == [3, 2]
    assert found(until=at) == [1]
    assert found(actor="nobody") == []
    entries, total = storage.audit.page(AuditFilter(), offset=1, limit=1)
    assert ([each.detail for each in entries], total) == ([{"state": "new"}], 3)
    assert storage.audit.actions() == ("closed", "viewed")


def test_canonical_json_has_one_spelling():
    assert (
        canonical({"b": 1, "a": "é"}) == canonical(json.loads('{ "a": "\\u00e9",\n"b":1 }')) == '{"a":"\\u00e9","b":1}'
    )


def test_an_address_has_one_account(storage, mo):
    assert mo.email == "mo@example.org"
    with pytest.raises(StaffError, match="already"):
        storage.staff.add(" MO@example.org", name="Other", role="editor", password_hash=None, actor="test")
    with pytest.raises(StaffError, match="staff list"):
        storage.staff.find("nobody@example.org")


def test_tries_at_the_same_moment_are_all_counted(storage, mo):
    with ThreadPoolExecutor(8) as pool:
        tries = list(pool.map(lambda _: storage.staff.attempt(mo.email), range(20)))
    assert sum(each.allowed for each in tries) == 5


def test_a_right_password_takes_back_its_own_try_only(storage, mo, clock):
    for _ in range(3):
        storage.staff.attempt(mo.email)
    storage.staff.attempt(mo.email)
    storage.staff.password_was_right(mo.id)
    assert storage.staff.attempt_code(mo.id).allowed
    assert storage.staff.attempt_code(mo.id).allowed
    assert not storage.staff.attempt_code(mo.id).allowed
    clock.move(minutes=2)
    storage.staff.succeeded(mo.id)
    assert all(storage.staff.attempt(mo.email).allowed for _ in range(5))


def test_a_time_step_and_a_recovery_code_are_taken_once_at_the_same_moment(storage, mo):
    storage.staff.set_totp(mo.id, "SECRET", step=10, recovery=["a", "b"], actor=mo.id)
    with ThreadPoolExecutor(6) as pool:
        steps = list(pool.map(lambda _: storage.staff.use_step(mo.id, 11), range(6)))
        codes = list(pool.map(lambda _: storage.staff.use_recovery_code(mo.id, "a"), range(6)))
    assert (sum(steps), sum(codes)) == (1, 1)
    assert not storage.staff.use_step(mo.id, 10)
    assert storage.staff.find(mo.email).recovery_codes_left == 1


def test_sessions_end_by_idleness_by_age_and_with_the_account(storage, mo, clock):
    def begin(name: str):
        storage.staff_sessions.begin(name, mo, stage="full", device="Firefox, Linux")

    begin("one")
    clock.move(minutes=20)
    session = storage.staff_sessions.find("one")
    assert session is not None
    storage.staff_sessions.seen(session)
    clock.move(minutes=20)
    assert storage.staff_sessions.find("one") is not None
    clock.move(minutes=10)
    assert storage.staff_sessions.find("one") is None
    begin("two")
    assert [each.id for each in storage.staff_sessions.of(mo.id)] == ["two"]
    storage.staff.set_disabled(mo.id, True, actor="test")
    assert storage.staff_sessions.find("two") is None


def test_a_session_takes_the_place_of_the_one_before(storage, mo):
    storage.staff_sessions.begin("half", mo, stage="code", device="")
    storage.staff_sessions.begin("whole", mo, stage="full", device="", instead_of="half")
    assert storage.staff_sessions.find("half") is None
    assert storage.staff_sessions.find("whole") is not None
    assert not storage.staff_sessions.end("whole", "somebody else")
    assert storage.staff_sessions.end("whole", mo.id)


def test_changing_the_password_ends_all_sessions_but_the_own(storage, mo):
    for name in ("own", "other"):
        storage.staff_sessions.begin(name, mo, stage="full", device="")
    storage.staff.set_password(mo.id, "new", actor=mo.id, keep_session="own")
    assert [each.id for each in storage.staff_sessions.of(mo.id)] == ["own"]
    assert storage.staff.attempt(mo.email).password_hash == "new"


def test_a_person_of_the_directory_has_one_account(storage, mo):
    other = storage.staff.add("other@example.org", name="O", role="editor", password_hash=None, actor="test")
    assert storage.staff.of_directory("issuer 1", "mo@example.org") == mo
    assert storage.staff.of_directory("issuer 1", None) == mo
    assert storage.staff.of_directory("issuer 2", "mo@example.org") is None
    assert storage.staff.of_directory("issuer 3", None) is None
    with pytest.raises(StaffError):
        storage.staff.link(other.id, "issuer 1", actor="test")


def test_every_change_of_an_account_is_in_the_log(storage, mo, clock):
    storage.staff.unlock(mo.id, actor="command")
    storage.staff.set_totp(mo.id, "SECRET", step=1, recovery=[], actor=mo.id)
    storage.staff.reset_totp(mo.id, actor="command")
    storage.staff.set_password(mo.id, "hash", actor="command")
    storage.staff.set_disabled(mo.id, True, actor="command")
    storage.staff.set_disabled(mo.id, False, actor="command")
    storage.staff_sessions.end_all(mo.id, actor="command")
    entries, _ = storage.audit.page(AuditFilter(subject=mo.id))
    assert [each.action for each in reversed(entries)] == [
        "account.added",
        "account.unlocked",
        "account.second_factor_set",
        "account.second_factor_removed",
        "account.password_changed",
        "account.disabled",
        "account.enabled",
        "staff.sessions_ended",
    ]
    assert "hash" not in str([each.detail for each in entries])
    assert "SECRET" not in str(entries)


def test_the_chain_does_not_depend_on_the_clock(storage, clock):
    fill(storage, 1)
    clock.now -= timedelta(days=2)
    fill(storage, 1)
    assert storage.audit.verify().broken_at is None
