"""Signing in, the own account, the list of staff and the audit log: keyboard, axe, without scripts, narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.review import passwords
from assistant.settings import Secret
from tests.browser.staff.conftest import Opens
from tests.browser.staff.desk_running import Running
from tests.browser.staff.test_desk_pages import SMALL_BUTTONS, faults, go
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
EMAIL, PASSWORD = "mo@example.org", "tiny purple kettle"
Visit = Callable[[Page, str], None]


@pytest.fixture
def mo(running: Running) -> None:
    running.storage.staff.add(EMAIL, name="Mo", role="manager", password_hash=passwords.hashed(PASSWORD), actor="test")


def code(running: Running, secret: str) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(running.clock())


def walk(page: Page, running: Running, visit: Visit) -> None:
    """Go through every page of signing in and of managers' administration; `visit` looks at each."""
    page.goto(f"{running.url}/staff/audit")
    visit(page, "sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("These details are not right")
    visit(page, "sign-in-wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up the second step")
    visit(page, "set-up")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This code does not fit")
    visit(page, "set-up-wrong")
    secret = page.locator("#key").inner_text()
    page.get_by_label("Code").fill(code(running, secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    visit(page, "recovery-codes")
    recovery = page.locator(".codes li").first.inner_text()
    for name in ("account", "accounts", "audit", "audit?actor=nobody", "nowhere"):
        page.goto(f"{running.url}/staff/{name}")
        visit(page, name.replace("?", "-"))
    page.goto(f"{running.url}/staff/account")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    visit(page, "account-wrong")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("You have signed out")
    visit(page, "signed-out")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    visit(page, "code")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    visit(page, "code-wrong")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{running.url}/staff/requests")


def test_no_page_has_a_fault_that_axe_can_find(chromium: Browser, running: Running, mo: None) -> None:
    # Not through `opens`: axe tries an inline style, which the content policy rightly refuses.
    context = chromium.new_context()
    found: list[str] = []
    walk(context.new_page(), running, lambda page, name: found.extend(f"{name} {each}" for each in faults(page)))
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_every_page_fits_and_works_without_scripts(opens: Opens, running: Running, mo: None, width: int) -> None:
    troubles: list[str] = []

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("load")  # a page is measured with its style sheet
        sizes = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if sizes[0] > sizes[1]:
            troubles.append(f"{name} is {sizes[0]} wide")
        troubles.extend(f"{name}: {each}" for each in page.evaluate(SMALL_BUTTONS))

    page = opens(viewport={"width": width, "height": 800}, java_script_enabled=False)
    walk(page, running, look)
    assert troubles == []


def test_signing_in_by_keyboard_alone(opens: Opens, running: Running, mo: None) -> None:
    page = opens()
    page.goto(f"{running.url}/staff/audit")
    go(page, "Skip to main content")
    go(page, "E-mail address")
    page.keyboard.type(EMAIL)
    go(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up the second step")
    secret = page.locator("#key").inner_text()
    go(page, "Code")
    page.keyboard.type(code(running, secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    go(page, "I have kept them")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{running.url}/staff/requests")
    go(page, "Audit log")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    go(page, "Who")
    page.keyboard.type("Mo")
    go(page, "Filter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_contain_text("Signed in")


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.stop()


def test_a_directory_on_another_site_signs_in_although_the_cookie_is_strict(
    chromium: Browser, provider: Provider, tmp_path
) -> None:
    more = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT_ID, "oidc_client_secret": Secret(CLIENT_SECRET)}
    server = Running(tmp_path / "with-directory", **more)
    try:
        server.storage.staff.add(EMAIL, name="Mo", role="manager", password_hash=None, actor="test")
        # To the browser, localhost and 127.0.0.1 (the provider) are two sites.
        address = server.url.replace("127.0.0.1", "localhost")
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}/staff/audit")
        page.get_by_role("link", name="Sign in with your organisation").click()
        expect(page).to_have_url(f"{address}/staff/audit")
        expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
        [cookie] = [each for each in context.cookies() if each["name"] == "send_staff"]
        assert (cookie["sameSite"], cookie["httpOnly"], cookie["path"]) == ("Strict", True, "/staff")
        context.close()
    finally:
        server.stop()
