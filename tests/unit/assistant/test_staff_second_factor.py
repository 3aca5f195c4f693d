"""The second factor: set up at the first sign-in, asked for after that, never the same code twice."""

import re

import pyotp
import pytest

from assistant.review import second_factor
from assistant.settings import Settings
from assistant.storage.staff_tables import staff_accounts, staff_sessions
from assistant.storage.storage import Storage
from tests.unit.assistant.staff_samples import PASSWORD, Browser, Clock, actions, add, browser, code, parts

SECRET = pyotp.random_base32()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(open_gateway, settings: Settings, clock):
    async with open_gateway(storage=Storage(settings, now=clock)) as opened:
        yield opened.app


@pytest.fixture
def mo(app) -> Browser:
    add(app, secret=SECRET)
    return browser(app)


async def set_up(person: Browser, clock: Clock) -> tuple[str, list[str]]:
    """Set up a second factor as the page says; return its secret and the recovery codes."""
    await person.sign_in()
    page = await person.text("/sign-in/second-factor")
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    response = await person.send("/sign-in/second-factor", code=code(secret, clock))
    assert response.status_code == 200, response.text
    return secret, re.findall(r"<li>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</li>", response.text)


async def test_it_is_set_up_at_the_first_sign_in(app, clock):
    account = add(app)
    mo = browser(app)
    response = await mo.sign_in()
    assert response.headers["location"] == "/staff/sign-in/second-factor"
    assert (await mo.get("/requests")).headers["location"] == "/staff/sign-in/second-factor"
    before = mo.cookie
    secret, codes = await set_up(mo, clock)
    assert await mo.is_in()
    assert mo.cookie != before
    assert len(set(codes)) == 10
    assert parts(app).storage.staff.totp_secret(account.id) == secret
    assert actions(app)[-2:] == ["account.second_factor_set", "staff.signed_in"]


async def test_the_page_offers_key_and_link_for_the_same_secret(app):
    add(app)
    mo = browser(app)
    await mo.sign_in()
    page = await mo.text("/sign-in/second-factor")
    [link] = re.findall(r'href="(otpauth://[^"]+)"', page)
    [key] = re.findall(r'id="key">([A-Z2-7 ]+)<', page)
    assert pyotp.parse_uri(link).secret == key.replace(" ", "")
    assert page.count(key) == (await mo.text("/sign-in/second-factor")).count(key) == 1, "reloading keeps the key"


async def test_a_code_that_does_not_fit_sets_nothing_up(app, clock):
    account = add(app)
    mo = browser(app)
    await mo.sign_in()
    response = await mo.send("/sign-in/second-factor", code="000000")
    assert response.status_code == 422
    assert "This code does not fit" in response.text
    assert parts(app).storage.staff.totp_secret(account.id) is None


async def test_the_password_alone_opens_nothing(mo):
    response = await mo.sign_in(next="/staff/audit")
    assert response.headers["location"] == "/staff/sign-in/code?next=%2Fstaff%2Faudit"
    for path in ("/", "/requests", "/account", "/audit", "/events"):
        assert (await mo.get(path)).headers["location"] == "/staff/sign-in/code"
    assert (await mo.get("/sign-in/second-factor")).headers["location"] == "/staff/"
    token = await mo.token("/sign-in/code")
    changed = await mo.client.post("/staff/account/sessions/end-others", data={"csrf": token})
    assert changed.status_code == 401


async def test_the_code_completes_the_sign_in_under_a_new_cookie(mo, clock):
    await mo.sign_in()
    before = mo.cookie
    response = await mo.send(
        "/sign-in/code", code=f" {code(SECRET, clock)[:3]} {code(SECRET, clock)[3:]}", next="/staff/audit"
    )
    assert response.headers["location"] == "/staff/audit"
    assert mo.cookie != before
    assert await mo.is_in()


async def test_a_code_counts_once(app, mo, clock):
    await mo.sign_in()
    used = code(SECRET, clock)
    assert (await mo.send("/sign-in/code", code=used)).status_code == 303
    other = browser(app)
    await other.sign_in()
    assert (await other.send("/sign-in/code", code=used)).status_code == 401
    clock.move(seconds=30)
    assert (await other.send("/sign-in/code", code=used)).status_code == 401, "nor within the next step"
    assert (await other.send("/sign-in/code", code=code(SECRET, clock))).status_code == 303


async def test_the_code_of_the_set_up_counts_once_too(app, clock):
    add(app)
    mo = browser(app)
    secret, _ = await set_up(mo, clock)
    other = browser(app)
    await other.sign_in()
    assert (await other.send("/sign-in/code", code=code(secret, clock))).status_code == 401


@pytest.mark.parametrize(("seconds", "taken"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
async def test_a_phone_may_be_one_step_off(mo, clock, seconds, taken):
    await mo.sign_in()
    clock.move(seconds=seconds)
    shown = code(SECRET, clock)
    clock.move(seconds=-seconds)
    assert (await mo.send("/sign-in/code", code=shown)).status_code == (303 if taken else 401)


async def test_codes_cannot_be_guessed_by_going_back_to_the_password(app, mo, clock):
    for _ in range(4):
        await mo.sign_in()
        assert (await mo.send("/sign-in/code", code="000000")).status_code == 401
    await mo.sign_in()
    await mo.send("/sign-in/code", code="000000")
    assert (await mo.send("/sign-in/code", code=code(SECRET, clock))).status_code == 401, "paused"
    assert (await browser(app).sign_in()).status_code == 401
    clock.move(seconds=61)
    await mo.sign_in()
    assert (await mo.send("/sign-in/code", code=code(SECRET, clock))).status_code == 303


async def test_the_way_from_password_to_code_has_to_be_walked_in_time(mo, clock):
    await mo.sign_in()
    clock.move(minutes=15)
    response = await mo.get("/sign-in/code")
    assert response.headers["location"] == "/staff/sign-in"


async def test_a_recovery_code_works_once_however_it_is_typed(app, clock):
    add(app)
    _, codes = await set_up(browser(app), clock)
    lost = browser(app)
    await lost.sign_in()
    assert (await lost.send("/sign-in/code", code=codes[3].upper().replace("-", " "))).status_code == 303
    assert "Recovery codes left: 9" in await lost.text("/account")
    again = browser(app)
    await again.sign_in()
    assert (await again.send("/sign-in/code", code=codes[3])).status_code == 401
    assert "account.recovery_code_used" in actions(app)


async def test_removing_it_needs_a_code_and_leads_to_a_new_one(app, mo, clock):
    await mo.sign_in()
    await mo.send("/sign-in/code", code=code(SECRET, clock))
    refused = await mo.send("/account/second-factor/remove", page="/account", code="000000")
    assert refused.status_code == 422
    assert await mo.is_in()
    clock.move(seconds=30)
    done = await mo.send("/account/second-factor/remove", page="/account", code=code(SECRET, clock))
    assert done.headers["location"] == "/staff/sign-in?said=second_factor_removed"
    assert not await mo.is_in()
    assert (await mo.sign_in()).headers["location"] == "/staff/sign-in/second-factor"


async def test_neither_secret_nor_codes_lie_in_the_clear(app, clock, caplog):
    caplog.set_level("DEBUG")
    add(app)
    mo = browser(app)
    await mo.sign_in()
    await mo.text("/sign-in/second-factor")
    with parts(app).storage.database.read() as connection:
        pending = str(connection.execute(staff_sessions.select()).all())
    secret, codes = await set_up(mo, clock)
    with parts(app).storage.database.read() as connection:
        rows = str(connection.execute(staff_accounts.select()).all()) + pending
        rows += str(connection.exec_driver_sql("select * from audit_log").all())
    for hidden in (secret, *codes, PASSWORD):
        assert hidden not in rows
        assert hidden not in caplog.text


async def test_a_manager_resets_the_lost_factor_of_a_colleague_but_not_the_own(app, mo, clock):
    chief = add(app, "chief@example.org", name="Chief", secret=pyotp.random_base32())
    secret = parts(app).storage.staff.totp_secret(chief.id) or ""
    desk = browser(app)
    await desk.sign_in("chief@example.org")
    await desk.send("/sign-in/code", code=code(secret, clock))
    mo_id = parts(app).storage.staff.find("mo@example.org").account.id
    response = await desk.send(f"/accounts/{mo_id}/reset-second-factor", page="/accounts")
    assert response.headers["location"] == "/staff/accounts?said=second_factor_removed"
    assert (await mo.sign_in()).headers["location"] == "/staff/sign-in/second-factor"
    own = await desk.send(f"/accounts/{chief.id}/disable", page="/accounts")
    assert own.status_code == 403
    assert (await desk.send(f"/accounts/{mo_id}/promote", page="/accounts")).status_code == 404


async def test_a_manager_closes_and_opens_accounts(app, mo, clock):
    add(app, "chief@example.org", name="Chief")
    desk = browser(app)
    await desk.sign_in("chief@example.org")
    secret = re.search(r'id="key">([A-Z2-7 ]+)<', await desk.text("/sign-in/second-factor"))
    assert secret
    await desk.send("/sign-in/second-factor", code=code(secret[1].replace(" ", ""), clock))
    mo_id = parts(app).storage.staff.find("mo@example.org").account.id
    await desk.send(f"/accounts/{mo_id}/disable", page="/accounts")
    assert "closed" in await desk.text("/accounts")
    assert (await mo.sign_in()).status_code == 401
    await desk.send(f"/accounts/{mo_id}/enable", page="/accounts")
    assert (await mo.sign_in()).status_code == 303
    for _ in range(5):
        await mo.sign_in(password="wrong password")
    assert "paused until" in await desk.text("/accounts")
    await desk.send(f"/accounts/{mo_id}/unlock", page="/accounts")
    assert (await mo.sign_in()).status_code == 303


def test_recovery_codes_differ_in_every_letter_that_counts():
    assert second_factor.recovery_hash("abcd-efgh") == second_factor.recovery_hash(" ABCD EFGH ")
    assert second_factor.recovery_hash("abcd-efgh") != second_factor.recovery_hash("abcd-efgj")
    assert len({each for _ in range(20) for each in second_factor.new_recovery_codes()}) == 200
