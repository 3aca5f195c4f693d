"""The own account: changing the password, and the browsers that are signed in."""

import re

import pytest

from assistant.review.sessions import device, session_id
from assistant.settings import Settings
from assistant.storage.storage import Storage
from tests.unit.assistant.staff_samples import PASSWORD, Browser, Clock, add, browser


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


async def test_the_password_can_be_changed_and_others_are_signed_out(app, mo):
    other = browser(app)
    await mo.sign_in()
    await other.sign_in()
    fields = {"current": PASSWORD, "new": "green window river", "again": "green window river"}
    response = await mo.send("/account/password", page="/account", **fields)
    assert response.headers["location"] == "/staff/account?said=password_changed"
    assert (await mo.is_in(), await other.is_in()) == (True, False)
    assert (await browser(app).sign_in()).status_code == 401
    assert (await browser(app).sign_in(password="green window river")).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "not the present one"}, "The present password is not right"),
        ({"new": "short"}, "at least 12 characters"),
        ({"new": "Password2024!!"}, "among those that attackers try first"),
        ({"again": "another one entirely"}, "are not the same"),
    ],
)
async def test_a_password_that_cannot_be_taken_is_explained_beside_its_field(mo, fields, sentence):
    await mo.sign_in()
    given = {"current": PASSWORD, "new": "green window river", "again": "green window river"} | fields
    response = await mo.send("/account/password", page="/account", **given)
    assert response.status_code == 422
    assert sentence in response.text
    assert 'aria-invalid="true"' in response.text
    assert not any(value in response.text for value in given.values())


async def test_own_sessions_are_listed_and_can_be_ended_one_by_one(app, mo, clock):
    phone = browser(app)
    phone.client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Safari/537.36"
    await phone.sign_in()
    clock.move(minutes=1)
    await mo.sign_in()
    page = await mo.text("/account")
    assert "Chrome, Android" in page
    assert "120.0" not in page
    [link] = re.findall(r"/staff(/account/sessions/\w{64}/end)", page)
    response = await mo.send(link, page="/account")
    assert response.headers["location"] == "/staff/account?said=session_ended"
    assert (await mo.is_in(), await phone.is_in()) == (True, False)


async def test_nobody_ends_the_session_of_another(app, mo):
    add(app, "other@example.org")
    other = browser(app)
    await other.sign_in("other@example.org")
    await mo.sign_in()
    response = await mo.send(f"/account/sessions/{session_id(other.cookie)}/end", page="/account")
    assert response.status_code == 404
    assert await other.is_in()


async def test_all_other_browsers_can_be_signed_out(app, mo):
    others = [browser(app) for _ in range(2)]
    for each in [mo, *others]:
        await each.sign_in()
    await mo.send("/account/sessions/end-others", page="/account")
    assert [await each.is_in() for each in [mo, *others]] == [True, False, False]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone) AppleWebKit Version/17 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux) Firefox/121", "Firefox, Linux"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_without_what_singles_a_person_out(agent, name):
    assert device(agent) == name
