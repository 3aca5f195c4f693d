"""Hand-over, a person's reply, deleting, leaving and a killed server, in the widget over the whole running service."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.review import sessions
from assistant.settings import Settings
from assistant.storage.storage import Storage
from tests.browser.conftest import OpensContext
from tests.browser.stack_widget import PATIENCE, Widget
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(420)]
RIGHT_TO_LEFT = Path(__file__).with_name("widget") / "pages/rtl.html"
NEUTRAL = "https://www.bbc.co.uk/weather"


def hand_over(widget: Widget) -> str:
    """Fill the form by keyboard and return the reference."""
    steps = [("Talk to a person", "Enter"), ("What do you need help with?", ""), ("I agree", "Space")]
    for name, key in steps:
        widget.go(name)
        if key:
            widget.page.keyboard.press(key)
        else:
            widget.page.keyboard.type("I would like advice about school.")
    widget.go("Ask for a person")
    widget.page.keyboard.press("Enter")
    shown = widget.page.locator("send-chat").get_by_text("Your reference is").last
    shown.wait_for()
    reference = shown.inner_text().split("reference is ")[1].split(".")[0]
    widget.go("Back to the chat")
    widget.page.keyboard.press("Enter")
    return reference


@pytest.fixture
def storage(stack: Stack) -> Iterator[Storage]:
    """The running service's own database."""
    opened = Storage(Settings(data_dir=stack.folder / "data"))
    yield opened
    opened.close()


@pytest.fixture
def staff(contexts: OpensContext, storage: Storage, stack: Stack) -> Page:
    """A member of staff, signed in."""
    account = storage.staff.add(
        f"{uuid.uuid4().hex}@example.org", name="Sam", role="reviewer", password_hash=None, actor="test"
    )
    value = uuid.uuid4().hex
    storage.staff_sessions.begin(sessions.session_id(value), account, stage="full", device="")
    context: BrowserContext = contexts()
    context.add_cookies([{"name": sessions.COOKIE, "value": value, "url": f"{stack.url}/staff"}])
    return context.new_page()


def test_form_to_reference_reply_of_a_person_and_reload(widget: Widget, staff: Page, stack: Stack) -> None:
    reference = hand_over(widget)
    expect(widget.page.locator("send-chat .status")).to_contain_text("A person will reply.")
    staff.goto(f"{stack.url}/staff/requests")
    staff.get_by_role("link", name=reference).click()
    staff.get_by_role("button", name="Take it").click()
    staff.get_by_label("Your reply").fill("Hello, this is Sam. <b>Which</b> school?")
    staff.get_by_role("button", name="Send reply").click()
    heard = widget.log.locator(".message.person")
    # No reload and no key press: the reply comes by the event stream.
    expect(heard).to_have_count(1, timeout=PATIENCE)
    expect(heard).to_contain_text("A person is writing to you")
    expect(heard).to_contain_text("<b>Which</b> school?")
    expect(widget.page.locator("send-chat .status")).to_contain_text("You are talking with a person.")
    widget.page.reload()
    expect(heard).to_have_count(1, timeout=PATIENCE)


def test_delete_now_leaves_nothing(widget: Widget, stack: Stack) -> None:
    widget.ask("What is mediation?")
    key = widget.page.evaluate("() => JSON.parse(localStorage['send-chat'])")
    address = f"{stack.url}/api/v1/conversations/{key['id']}/messages"
    headers = {"Authorization": f"Bearer {key['token']}"}
    assert widget.page.request.get(address, headers=headers).ok
    for name in ("Options", "Delete now", "Yes, delete it"):
        widget.go(name)
        widget.page.keyboard.press("Enter")
    expect(widget.log.get_by_text("Your conversation has been deleted.")).to_be_visible()
    assert widget.page.evaluate("() => localStorage.length") == 0
    assert widget.page.context.cookies() == []
    assert widget.page.request.get(address, headers=headers).status in (401, 404)
    answers = widget.answers.count()
    widget.go("Your question")
    widget.page.keyboard.type("What is mediation?")
    widget.page.keyboard.press("Enter")
    expect(widget.answers).to_have_count(answers + 2, timeout=PATIENCE)  # the welcome and the answer


@pytest.mark.parametrize("way", ["button", "escape"])
def test_leave_quickly_clears_the_view_and_goes(widget: Widget, stack: Stack, way: str) -> None:
    widget.page.route(NEUTRAL, lambda route: route.fulfill(body="weather"))
    widget.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    widget.ask("What is mediation?")
    with widget.page.context.expect_event("request", lambda request: request.url == NEUTRAL):
        if way == "button":
            widget.go("Leave quickly")
            widget.page.keyboard.press("Enter")
        else:
            for _ in range(3):
                widget.page.keyboard.press("Escape")
    widget.page.wait_for_url(NEUTRAL)
    widget.page.goto(f"{stack.url}/")
    assert widget.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    expect(widget.page.locator("send-chat #panel")).to_have_count(0)


def test_right_to_left_page(page: Page, stack: Stack) -> None:
    html = RIGHT_TO_LEFT.read_text(encoding="utf-8")
    page.route(f"{stack.url}/rtl", lambda route: route.fulfill(body=html, content_type="text/html"))
    widget = Widget(page)
    page.goto(f"{stack.url}/rtl")
    page.locator("send-chat .launcher:not([hidden])").click()
    widget.answers.first.wait_for()
    answer = widget.ask("What is mediation?")
    expect(answer).to_contain_text("mediation", ignore_case=True)
    box = page.locator("send-chat #panel").bounding_box()
    assert box
    assert box["x"] < 100
    expect(page.locator("send-chat .root")).to_have_attribute("lang", "en")


def test_server_killed_and_back_keeps_what_was_typed(widget: Widget, stack: Stack) -> None:
    widget.go("Your question")
    widget.page.keyboard.type("What is mediation?")
    stack.kill("gateway")
    widget.page.keyboard.press("Enter")
    expect(widget.log.locator(".failure")).to_contain_text("Your words are safe.")
    expect(widget.box).to_have_value("What is mediation?")
    stack.wait_ready()
    widget.go("Try again")
    widget.page.keyboard.press("Enter")
    expect(widget.answers.last).to_contain_text("mediation", ignore_case=True, timeout=PATIENCE)
    expect(widget.log.locator(".message.user")).to_have_count(1)
    expect(widget.box).to_have_value("")
