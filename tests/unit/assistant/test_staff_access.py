"""Nothing of the staff pages answers without a session, a form token, or the right role."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from assistant.review import access, pages
from assistant.review.sessions import COOKIE
from tests.unit.assistant.desk_samples import asked, sign_in
from tests.unit.assistant.staff_samples import actions, browser

# What answers without a session, on purpose: the way in and out.
OPEN = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/sign-in/directory"),
    ("GET", "/sign-in/directory/back"),
    ("GET", "/sign-in/code"),
    ("POST", "/sign-in/code"),
    ("GET", "/sign-in/second-factor"),
    ("POST", "/sign-in/second-factor"),
}
# What a content editor may open: neither requests nor anything of families.
FOR_EDITORS = ("/", "/account", "/insight", "/insight.csv", "/content", "/tickets")
ALL = sorted((method, route.path) for route in pages.routes() for method in route.methods - {"HEAD"})
CLOSED = [each for each in ALL if each not in OPEN]
POSTS = [path for method, path in ALL if method != "GET"]


def filled(path: str, value: str = "0" * 32) -> str:
    return re.sub(r"\{[^}]+\}", value, path)


def test_there_are_routes_to_walk():
    assert len(CLOSED) > 20
    assert set(ALL) >= OPEN


def test_the_walk_sees_every_route(gateway):
    [mount] = [route for route in gateway.app.routes if isinstance(route, Mount) and route.path == "/staff"]
    for part in pages._OPEN + pages._PARTS:
        assert all(isinstance(route, APIRoute) for route in part.router.routes), part.__name__
    beside = [route.path for route in mount.app.routes if isinstance(route, Route | Mount)]
    assert beside == ["/static"]
    assert [route.path for route in gateway.app.routes if "staff" in getattr(route, "path", "")] == ["/staff", "/staff"]


async def test_no_route_answers_without_a_session(gateway):
    nobody = browser(gateway.app).client
    for method, path in CLOSED:
        for headers in ({}, {"cookie": f"{COOKIE}=made-up"}):
            response = await nobody.request(
                method, f"/staff{filled(path)}", data={"csrf": "x"}, headers=headers, follow_redirects=False
            )
            if method == "GET" and response.status_code == 303:
                assert response.headers["location"].startswith("/staff/sign-in?next=%2Fstaff"), path
                assert response.text == "", path
            else:
                assert response.status_code == 401, path
                assert "Your session has ended" in response.text, path


async def test_every_change_is_refused_without_the_form_token(gateway):
    desk, other = sign_in(gateway.app, "manager"), sign_in(gateway.app, "manager", name="Other")
    before = actions(gateway.app)
    for path in POSTS:
        for fields in ({}, {"csrf": "0" * 64}, {"csrf": other.csrf}, {"csrf": ""}):
            response = await desk.client.post(f"/staff{filled(path)}", data=fields)
            assert response.status_code == 403, (path, fields)
            assert "This form could not be checked" in response.text, path
    assert actions(gateway.app) == before


@pytest.mark.parametrize("path", ["/sign-out", "/account/sessions/end-others"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_from_another_site_is_refused_even_with_a_token(gateway, path, headers):
    desk = sign_in(gateway.app, "manager")
    response = await desk.client.post(f"/staff{path}", data={"csrf": desk.csrf}, headers=headers)
    assert response.status_code == 403
    own = {"origin": "http://gateway", "sec-fetch-site": "same-origin"}
    response = await desk.client.post(f"/staff{path}", data={"csrf": desk.csrf}, headers=own)
    assert response.status_code == 303


async def test_the_token_may_come_as_a_header(gateway):
    desk = sign_in(gateway.app)
    headers = {access.FORM_HEADER: desk.csrf}
    response = await desk.client.post("/staff/account/sessions/end-others", headers=headers)
    assert response.status_code == 303


async def test_an_editor_opens_nothing_but_content(gateway, chat):
    desk = sign_in(gateway.app, "editor")
    request_id = await asked(chat, gateway.app)
    open_to_editors = tuple(f"{path}/" for path in FOR_EDITORS)
    closed = [each for each in CLOSED if not f"{each[1]}/".startswith(open_to_editors)]
    assert len(closed) > 15
    for method, path in closed:
        for given in (request_id, "0" * 32):
            response = await desk.client.request(method, f"/staff{filled(path, given)}", data={"csrf": desk.csrf})
            assert response.status_code in (403, 404), (method, path)
            for secret in ("A Parent", "parent@example.org", "Please explain"):
                assert secret not in response.text, (method, path)


async def test_an_editor_finds_no_request_by_guessing_in_any_form(gateway, chat):
    desk = sign_in(gateway.app, "editor")
    request_id = await asked(chat, gateway.app)
    exports = ("/export/requests.csv", "/export/requests.json", "/api/v1/handovers")
    for path in (f"/requests/{request_id}", f"/requests/{request_id}/print", "/requests", "/events", *exports):
        for kind in ("text/html", "application/json", "text/csv", "text/event-stream"):
            response = await desk.get(path, accept=kind)
            assert response.status_code in (403, 404), (path, kind)
    refused = [action for action in actions(gateway.app) if action == "access.refused"]
    assert refused


async def test_the_list_of_accounts_and_the_log_are_for_managers(gateway):
    reviewer, manager = sign_in(gateway.app, "reviewer"), sign_in(gateway.app, "manager")
    for path, expected in (("/account", 200), ("/accounts", 403), ("/audit", 403)):
        assert (await reviewer.get(path)).status_code == expected
        assert (await manager.get(path)).status_code == 200


async def test_every_answer_is_private_and_cannot_be_framed(gateway):
    desk = sign_in(gateway.app, "manager")
    for path in ("/sign-in", "/", "/account", "/accounts", "/audit", "/nowhere"):
        headers = (await desk.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert (await desk.get("/static/staff.css")).headers["cache-control"] == "no-cache"


async def test_an_unknown_page_is_a_page_and_scripts_get_json(gateway):
    desk = sign_in(gateway.app, "manager")
    response = await desk.get("/nowhere")
    assert response.status_code == 404
    assert "Page not found" in response.text
    assert 'aria-label="Sections"' in response.text
    response = await desk.get("/nowhere", accept="application/json")
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_address_without_a_slash_leads_in(gateway):
    response = await browser(gateway.app).client.get("/staff")
    assert (response.status_code, response.headers["location"]) == (308, "/staff/")


async def test_the_figures_name_routes_of_the_staff_pages_by_template(gateway):
    desk = sign_in(gateway.app, "manager")
    await desk.get("/account")
    await desk.get("/requests/a-secret-id")
    figures = (await gateway.client.get("/metrics")).text
    assert 'route="/staff/account"' in figures
    assert 'route="/staff/requests/{request_id}"' in figures
    assert "a-secret-id" not in figures
