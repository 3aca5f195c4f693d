"""Sign-in with a directory, against a real provider on this machine."""

import base64
import dataclasses
import json
import logging
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from assistant import log
from assistant.settings import Secret
from assistant.storage.storage import Storage
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Knobs, Provider
from tests.unit.assistant.staff_samples import Browser, Clock, actions, add, browser, parts

START, BACK = "/sign-in/directory", "/staff/sign-in/directory/back"
FAILED = "Sign-in with your organisation did not work"


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.knobs = Knobs()
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(settings, provider):
    secret = Secret(CLIENT_SECRET)
    return dataclasses.replace(settings, oidc_issuer=provider.url, oidc_client_id=CLIENT_ID, oidc_client_secret=secret)


@pytest.fixture
async def app(open_gateway, settings, clock):
    async with open_gateway(settings, storage=Storage(settings, now=clock)) as opened:
        yield opened.app


@pytest.fixture
def mo(app) -> Browser:
    return browser(app)


async def at_provider(person: Browser, query: str = "") -> str:
    """Begin, follow to the provider, and return the address that it sends the browser back to."""
    begun = await person.get(START + query)
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient(trust_env=False) as client:
        answered = await client.get(begun.headers["location"])
    assert answered.status_code == 302, answered.text
    return answered.headers["location"]


async def signed_in(person: Browser, query: str = "") -> httpx.Response:
    return await person.client.get(await at_provider(person, query))


async def test_someone_with_an_account_signs_in(app, mo):
    add(app)
    response = await signed_in(mo, "?next=%2Fstaff%2Faudit")
    assert response.status_code == 200
    assert 'content="0; url=/staff/audit"' in response.text
    assert await mo.is_in()
    assert actions(app)[-2:] == ["account.linked", "staff.signed_in"]
    [cookie] = [value for value in response.headers.get_list("set-cookie") if value.startswith("send_staff=")]
    assert "SameSite=strict" in cookie


async def test_the_request_carries_state_nonce_and_a_challenge(app, mo):
    begun = await mo.get(START)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    assert asked["redirect_uri"] == f"http://gateway{BACK}"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce")) >= 20
    assert len(asked["code_challenge"]) == 43
    [cookie] = begun.headers.get_list("set-cookie")
    assert "SameSite=lax" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/staff/sign-in/directory" in cookie
    assert asked["nonce"] not in cookie


async def test_the_sign_in_page_offers_it(mo):
    assert "Sign in with your organisation" in await mo.text("/sign-in")


async def test_someone_without_an_account_does_not(app, mo, provider):
    add(app)
    provider.knobs.user["email"] = "stranger@example.org"
    response = await signed_in(mo)
    assert response.status_code == 403
    assert "nobody has opened an account for you" in response.text
    assert "stranger" not in response.text
    assert actions(app)[-1] == "staff.directory_refused"
    assert not await mo.is_in()


@pytest.mark.parametrize("verified", [False, None, "true", 1])
async def test_an_unconfirmed_address_opens_nobody_elses_account(app, mo, provider, verified):
    add(app)
    provider.knobs.user["email_verified"] = verified
    assert (await signed_in(mo)).status_code == 403


async def test_an_account_that_was_linked_needs_no_address(app, mo, provider):
    account = add(app)
    parts(app).storage.staff.link(account.id, f"{provider.url} person-9", actor="test")
    provider.knobs.user = {"sub": "person-9"}
    assert (await signed_in(mo)).status_code == 200
    assert await mo.is_in()


async def test_the_address_of_a_linked_account_opens_it_to_nobody_else(app, mo, provider):
    account = add(app)
    parts(app).storage.staff.link(account.id, f"{provider.url} person-9", actor="test")
    assert (await signed_in(mo)).status_code == 403


async def test_a_closed_account_stays_closed(app, mo):
    account = add(app)
    parts(app).storage.staff.set_disabled(account.id, True, actor="test")
    assert (await signed_in(mo)).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "of another sign-in"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"iss": "https://evil.example"}, id="another issuer"),
        pytest.param({"aud": ["another-client"]}, id="another audience"),
        pytest.param({"aud": ["another-client"], "azp": CLIENT_ID}, id="another audience, ours presenting"),
        pytest.param({"exp": int(time.time()) - 3600}, id="run out"),
        pytest.param({"iat": int(time.time()) + 3600}, id="of the future"),
        pytest.param({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, id="another access token"),
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(app, mo, provider, claims):
    add(app)
    provider.knobs.claims = claims
    response = await signed_in(mo)
    assert response.status_code == 401
    assert FAILED in response.text
    assert not await mo.is_in()


async def test_a_token_signed_by_somebody_else_is_refused(app, mo, provider):
    add(app)
    provider.knobs.foreign_key = True
    assert (await signed_in(mo)).status_code == 401


async def test_an_answer_without_a_token_is_refused(app, mo, provider):
    add(app)
    provider.knobs.drop_id_token = True
    assert (await signed_in(mo)).status_code == 401


async def test_a_token_without_signature_is_refused_though_the_provider_lists_none(app, mo, provider, monkeypatch):
    add(app)

    def unsigned(_self, _token, request):
        now = int(time.time())
        claims = {"iss": provider.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60} | provider.knobs.user
        claims["nonce"] = request.authorization_code.get_nonce()
        parts_of_it = ({"alg": "none"}, claims)
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts_of_it)
            + "."
        )

    monkeypatch.setattr("authlib.oidc.core.grants.OpenIDCode.encode_id_token", unsigned)
    assert (await signed_in(mo)).status_code == 401


async def test_a_state_of_another_browser_is_refused(app, mo):
    add(app)
    address = await at_provider(mo)
    victim = browser(app)
    assert (await victim.client.get(address)).status_code == 401
    await victim.get(START)
    assert (await victim.client.get(address)).status_code == 401
    assert not await victim.is_in()


async def test_a_changed_state_or_code_is_refused(app, mo):
    add(app)
    for name in ("state", "code"):
        parsed = urlsplit(await at_provider(mo))
        query = {key: values[0] for key, values in parse_qs(parsed.query).items()} | {name: "made-up"}
        response = await mo.client.get(f"{parsed.path}?{urlencode(query)}")
        assert response.status_code == 401, name
    assert not await mo.is_in()


async def test_an_answer_counts_once(app, mo):
    add(app)
    address = await at_provider(mo)
    assert (await mo.client.get(address)).status_code == 200
    assert (await mo.client.get(address)).status_code == 401


async def test_a_sign_in_that_took_too_long_begins_again(app, mo, clock):
    add(app)
    address = await at_provider(mo)
    clock.move(minutes=11)
    assert (await mo.client.get(address)).status_code == 401


async def test_a_refusal_by_the_provider_is_told(app, mo):
    await mo.get(START)
    response = await mo.client.get(f"{BACK}?error=access_denied&error_description=<b>no</b>")
    assert response.status_code == 401
    assert "<b>no</b>" not in response.text


async def test_a_provider_under_another_name_is_not_believed(app, mo, provider):
    provider.knobs.issuer = "https://evil.example"
    response = await mo.get(START)
    assert response.status_code == 502
    provider.knobs.issuer = ""
    assert (await mo.get(START)).status_code == 303


async def test_a_provider_that_is_down_is_told(open_gateway, settings):
    chosen = dataclasses.replace(settings, oidc_issuer="http://127.0.0.1:9")
    async with open_gateway(chosen) as opened:
        response = await browser(opened.app).get(START)
    assert response.status_code == 502
    assert "does not answer" in response.text


async def test_without_a_directory_there_is_no_such_page(open_gateway, settings):
    async with open_gateway(dataclasses.replace(settings, oidc_issuer="")) as opened:
        person = browser(opened.app)
        assert (await person.get(START)).status_code == 404
        assert (await person.client.get(BACK)).status_code == 404
        assert "your organisation" not in await person.text("/sign-in")


async def test_behind_a_proxy_the_public_address_is_the_way_back(open_gateway, settings):
    chosen = dataclasses.replace(settings, public_url="https://chat.example.org", cookie_secure=True)
    async with open_gateway(chosen) as opened:
        begun = await browser(opened.app).get(START)
    assert parse_qs(urlsplit(begun.headers["location"]).query)["redirect_uri"] == [f"https://chat.example.org{BACK}"]
    assert "Secure" in begun.headers["set-cookie"]


@pytest.fixture
def lines(caplog):
    """Everything that the service would log at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure("DEBUG")
    root.addHandler(caplog.handler)
    caplog.handler.setLevel("DEBUG")
    yield caplog
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_no_secret_of_a_sign_in_is_logged(app, mo, lines):
    add(app)
    address = await at_provider(mo)
    await mo.client.get(address)
    assert await mo.is_in()
    await mo.client.get(address)
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert "directory_refused" in lines.text
    for secret in (CLIENT_SECRET, code, mo.cookie, "id_token", "code_verifier"):
        assert secret not in lines.text
