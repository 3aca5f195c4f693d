"""Signing in with a password: sessions, their limits, pauses after wrong tries."""

import dataclasses
import re

import pytest

from assistant.review import passwords
from assistant.review.sessions import session_id
from assistant.settings import Settings
from assistant.storage.staff_tables import staff_sessions
from assistant.storage.storage import Storage
from tests.unit.assistant.staff_samples import EMAIL, HASH, PASSWORD, Browser, Clock, actions, add, browser, parts

WRONG = "These details are not right, or signing in is paused"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, rate_limit=False, staff_second_factor=False)


@pytest.fixture
async def app(open_gateway, settings, clock):
    async with open_gateway(storage=Storage(settings, now=clock)) as opened:
        yield opened.app


@pytest.fixture
def mo(app) -> Browser:
    add(app)
    return browser(app)


async def test_the_right_password_opens_the_pages(app, mo):
    response = await mo.sign_in()
    assert (response.status_code, response.headers["location"]) == (303, "/staff/")
    page = await mo.text("/account")
    assert "Mo, manager" in page
    assert actions(app)[-1] == "staff.signed_in"


async def test_capitals_and_blanks_around_the_address_do_not_matter(mo):
    assert (await mo.sign_in(email=" MO@Example.org ")).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@example.org", PASSWORD), ("", ""), (EMAIL, "\udc80"), ("x" * 400, "y")],
)
async def test_every_way_to_fail_looks_the_same(app, mo, email, password):
    plain = await mo.sign_in(EMAIL, "quite wrong")
    response = await mo.sign_in(email.encode("utf-8", "replace").decode(), password.encode("utf-8", "replace").decode())
    assert (response.status_code, WRONG in response.text) == (401, True)
    same = re.compile(r'value="[^"]*"|content="\w{64}"')
    assert same.sub("", response.text) == same.sub("", plain.text)
    assert not await mo.is_in()


async def test_a_hash_is_computed_also_for_an_unknown_address(mo, monkeypatch):
    asked = []
    plain = passwords._HASHER.__class__.verify

    def verify(self, password_hash, password):
        asked.append(password_hash)
        return plain(self, password_hash, password)

    monkeypatch.setattr(passwords._HASHER.__class__, "verify", verify)
    await mo.sign_in("nobody@example.org")
    await mo.sign_in(password="wrong password")
    assert len(asked) == 2
    assert asked[0].startswith("$argon2id$")
    assert asked[1] == HASH


async def test_the_log_holds_neither_password_nor_what_was_typed(app, mo, caplog):
    caplog.set_level("DEBUG")
    await mo.sign_in("typo-of-a-password", "hush-hush-hush")
    await mo.sign_in()
    with parts(app).storage.database.read() as connection:
        rows = str(connection.exec_driver_sql("select * from audit_log").all())
    for secret in (PASSWORD, "hush-hush-hush", "typo-of-a-password", mo.cookie):
        assert secret not in caplog.text
        assert secret not in rows


async def test_a_session_planted_before_is_never_the_one_that_is_signed_in(app, mo):
    mo.client.cookies.set("send_staff", "planted", domain="gateway.local", path="/staff")
    planted = mo.cookie
    await mo.sign_in()
    cookies = {cookie.value for cookie in mo.client.cookies.jar}
    assert planted == "planted"
    assert cookies - {"planted"}
    intruder = browser(app)
    response = await intruder.client.get("/staff/account", headers={"cookie": "send_staff=planted"})
    assert response.status_code == 303


async def test_the_cookie_changes_at_sign_in_and_the_old_one_is_dead(app, mo):
    await mo.get("/sign-in")
    before = mo.cookie
    await mo.sign_in()
    first = mo.cookie
    assert first != before
    add(app, "other@example.org")
    token = await mo.token("/account")
    await mo.client.post("/staff/sign-in", data={"csrf": token, "email": "other@example.org", "password": PASSWORD})
    assert mo.cookie != first
    stale = await browser(app).client.get("/staff/account", headers={"cookie": f"send_staff={first}"})
    assert stale.status_code == 303


@pytest.mark.parametrize("secure", [False, True])
async def test_the_cookie_is_for_these_pages_and_for_the_browser_alone(open_gateway, settings, secure):
    async with open_gateway(dataclasses.replace(settings, cookie_secure=secure)) as opened:
        add(opened.app)
        response = await browser(opened.app, "https://gateway" if secure else "http://gateway").sign_in()
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/staff" in cookie
    assert ("Secure" in cookie) is secure


async def test_the_database_holds_only_a_hash_of_the_cookie(app, mo):
    await mo.sign_in()
    with parts(app).storage.database.read() as connection:
        stored = connection.execute(staff_sessions.select()).all()
    assert [row.id for row in stored] == [session_id(mo.cookie)]
    assert mo.cookie not in str(stored)


async def test_a_session_ends_when_nobody_uses_it(mo, clock):
    await mo.sign_in()
    for _ in range(3):
        clock.move(minutes=29)
        assert await mo.is_in()
    clock.move(minutes=30)
    assert not await mo.is_in()


async def test_a_session_ends_in_any_case_after_its_longest_time(mo, clock):
    await mo.sign_in()
    for _ in range(29):
        clock.move(minutes=20)
        assert await mo.is_in()
    clock.move(minutes=20)
    assert not await mo.is_in()


async def test_signing_out_ends_the_session_in_the_store(app, mo):
    await mo.sign_in()
    value, token = mo.cookie, await mo.token("/account")
    response = await mo.client.post("/staff/sign-out", data={"csrf": token})
    assert response.headers["location"] == "/staff/sign-in?said=signed_out"
    assert "You have signed out" in await mo.text("/sign-in?said=signed_out")
    again = await browser(app).client.get("/staff/account", headers={"cookie": f"send_staff={value}"})
    assert again.status_code == 303
    assert actions(app)[-1] == "staff.signed_out"


async def test_wrong_tries_pause_the_account_for_longer_and_longer(app, mo, clock):
    for _ in range(5):
        await mo.sign_in(password="wrong password")
    assert (await mo.sign_in()).status_code == 401
    clock.move(seconds=61)
    assert (await mo.sign_in(password="wrong password")).status_code == 401
    clock.move(seconds=61)
    assert (await mo.sign_in()).status_code == 401, "the second pause is longer"
    clock.move(seconds=60)
    assert (await mo.sign_in()).status_code == 303
    [state] = parts(app).storage.staff.all()
    assert state.locked_until == 0


async def test_the_pause_never_grows_beyond_a_quarter_of_an_hour(mo, clock):
    for _ in range(5):
        await mo.sign_in(password="wrong password")
    for _ in range(12):
        clock.move(minutes=15, seconds=1)
        await mo.sign_in(password="wrong password")
    clock.move(minutes=15, seconds=1)
    assert (await mo.sign_in()).status_code == 303


async def test_a_closed_account_is_out_at_once_and_cannot_sign_in(app, mo):
    await mo.sign_in()
    [state] = parts(app).storage.staff.all()
    parts(app).storage.staff.set_disabled(state.account.id, True, actor="test")
    assert not await mo.is_in()
    assert (await mo.sign_in()).status_code == 401


async def test_one_address_cannot_try_without_end(open_gateway, settings):
    chosen = dataclasses.replace(settings, rate_limit=True, staff_sign_ins_per_minute=3)
    async with open_gateway(chosen) as opened:
        mo = browser(opened.app)
        codes = [(await mo.sign_in(f"{n}@example.org")).status_code for n in range(4)]
        last = await mo.sign_in()
    assert codes == [401, 401, 401, 429]
    assert int(last.headers["retry-after"]) >= 1
    assert "Too many tries" in last.text


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/staff/audit?page=2", "/staff/audit?page=2"),
        ("https://evil.example/staff/", "/staff/"),
        ("//evil.example/staff/", "/staff/"),
        ("/staff/../chat", "/staff/"),
        ("/staff\\evil", "/staff/"),
        ("/staff/\r\nset-cookie: a=b", "/staff/"),
        ("/staff/sign-out", "/staff/"),
        ("", "/staff/"),
    ],
)
async def test_after_signing_in_one_goes_on_within_these_pages_only(mo, wanted, leads):
    response = await mo.sign_in(next=wanted)
    assert response.headers["location"] == leads


async def test_a_page_asked_for_without_a_session_comes_after_signing_in(mo):
    response = await mo.get("/audit?page=2")
    assert response.headers["location"] == "/staff/sign-in?next=%2Fstaff%2Faudit%3Fpage%3D2"
    page = await mo.text("/sign-in?next=%2Fstaff%2Faudit%3Fpage%3D2")
    assert 'name="next" value="/staff/audit?page=2"' in page
