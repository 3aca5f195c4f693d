"""`send-assistant staff …` and `audit verify`."""

import io
import re

import pytest

from assistant import cli
from assistant.commands import staff
from assistant.settings import Settings
from assistant.storage.staff_records import ROLES
from assistant.storage.storage import Storage
from tests.unit.assistant.staff_samples import PASSWORD

MO = "mo@example.org"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)

    def command(*arguments: str, given: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = cli.main(arguments)
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


@pytest.fixture
def mo(run):
    code, told = run("staff", "add", MO, "--role", "manager", "--name", "Mo", given=f"{PASSWORD}\n")
    assert code == 0, told


@pytest.fixture
def storage(tmp_path):
    opened = Storage(Settings(data_dir=tmp_path))
    opened.open()
    yield opened
    opened.close()


def test_the_roles_are_those_of_storage():
    assert staff.ROLES == ROLES


def test_an_account_is_opened_with_a_password_from_standard_input(run, mo, storage):
    state = storage.staff.find(MO)
    assert (state.account.name, state.account.role, state.has_password) == ("Mo", "manager", True)
    code, told = run("staff", "list")
    assert code == 0
    assert re.search(r"mo@example.org +Mo +manager +open +password", told)
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("email", "given", "sentence"),
    [
        (MO, "short\n", "at least 12 characters"),
        (MO, "Password2024!!\n", "attackers try first"),
        (MO, "", "at least 12 characters"),
        ("no-address", f"{PASSWORD}\n", "is no e-mail address"),
        ("a@b@c", f"{PASSWORD}\n", "is no e-mail address"),
    ],
)
def test_what_cannot_be_taken_is_told_in_one_line(run, storage, email, given, sentence):
    code, told = run("staff", "add", email, "--role", "reviewer", given=given)
    assert code == 1
    assert sentence in told
    assert len(told.splitlines()) == 1
    assert storage.staff.all() == ()


def test_an_account_for_the_directory_needs_no_password(run, storage):
    code, _ = run("staff", "add", MO, "--role", "editor", "--no-password")
    assert code == 0
    assert not storage.staff.find(MO).has_password
    assert "no way to sign in yet" in run("staff", "list")[1]


def test_the_second_account_of_an_address_is_refused(run, mo):
    code, told = run("staff", "add", MO, "--role", "editor", given=f"{PASSWORD}\n")
    assert (code, "already" in told) == (1, True)


def test_accounts_are_closed_opened_unlocked_and_reset(run, mo, storage):
    account = storage.staff.find(MO).account
    assert run("staff", "disable", MO)[0] == 0
    assert storage.staff.find(MO).disabled
    assert "closed" in run("staff", "list")[1]
    assert run("staff", "enable", MO)[0] == 0
    for _ in range(5):
        storage.staff.attempt(MO)
    assert "paused" in run("staff", "list")[1]
    assert run("staff", "unlock", MO)[0] == 0
    assert storage.staff.find(MO).locked_until == 0
    storage.staff.set_totp(account.id, "SECRET", step=1, recovery=[], actor="test")
    assert "second factor" in run("staff", "list")[1]
    assert run("staff", "reset-totp", MO)[0] == 0
    assert not storage.staff.find(MO).has_second_factor


def test_a_new_password_ends_all_sessions(run, mo, storage):
    account = storage.staff.find(MO).account
    before = storage.staff.password_hash(account.id)
    storage.staff_sessions.begin("one", account, stage="full", device="")
    assert run("staff", "set-password", MO, given="green window river\n")[0] == 0
    assert storage.staff.password_hash(account.id) != before
    assert storage.staff_sessions.of(account.id) == ()


def test_an_unknown_account_is_told_with_the_remedy(run):
    code, told = run("staff", "unlock", "nobody@example.org")
    assert (code, "staff list" in told) == (1, True)


def test_an_account_is_linked_with_the_directory_that_is_set(run, mo, storage, monkeypatch):
    code, told = run("staff", "link", MO, "person-1")
    assert (code, "ASSISTANT_OIDC_ISSUER" in told) == (1, True)
    monkeypatch.setenv("ASSISTANT_OIDC_ISSUER", "https://login.example.org/")
    assert run("staff", "link", MO, "person-1")[0] == 0
    account = storage.staff.of_directory("https://login.example.org person-1", None)
    assert account is not None
    assert account.email == MO


def test_the_log_is_verified_and_a_broken_entry_named(run, mo, storage):
    run("staff", "unlock", MO)
    code, told = run("audit", "verify")
    assert code == 0
    [noted] = re.findall(r"2 entries, unbroken; the last is (2:\w{64})", told)
    assert run("audit", "verify", "--against", noted)[0] == 0
    with storage.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_no_update")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'nobody' WHERE seq = 2")
    code, told = run("audit", "verify")
    assert (code, told) == (1, "broken: entry 2 was changed\n")


def test_a_note_that_is_none_is_refused(run, capsys):
    with pytest.raises(SystemExit):
        run("audit", "verify", "--against", "5")
    assert "NUMBER:HASH" in capsys.readouterr().err
