"""The page without JavaScript in a real browser, against the whole running service."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpensContext
from tests.browser.stack_widget import DESKTOP, PATIENCE, SIDEWAYS, faults
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(420)]


def test_chat_without_scripts(plain: Page, stack: Stack) -> None:
    plain.goto(f"{stack.url}/")
    plain.get_by_role("link", name="Ask on a page that works without scripts").click()
    plain.get_by_role("button", name="Start a chat").click()
    expect(plain.locator(".message.assistant")).to_have_count(1)
    plain.get_by_label("Your question").fill("What is mediation?")
    plain.get_by_role("button", name="Send").click()
    answer = plain.locator(".message.assistant").last
    expect(answer).to_contain_text("mediation", ignore_case=True)
    answer.locator(".sources summary").click()
    expect(answer.locator(".sources a").first).to_be_visible()
    answer.get_by_role("button", name="Tell me more").click()
    expect(plain.locator(".message.assistant")).to_have_count(3)
    expect(plain.locator(".message.assistant").last.locator(".sources")).to_be_attached()
    plain.reload()
    expect(plain.locator(".message.assistant")).to_have_count(3)
    assert [cookie["name"] for cookie in plain.context.cookies()] == ["send_chat"]


def test_chat_without_scripts_switches_to_easy_words(plain: Page, stack: Stack) -> None:
    plain.goto(f"{stack.url}/chat")
    plain.get_by_role("button", name="Start a chat").click()
    plain.get_by_label("Your question").fill("What is mediation?")
    plain.get_by_role("button", name="Send").click()
    plain.get_by_role("button", name="Easy to read answers").click()
    expect(plain.get_by_role("button", name="Standard answers")).to_be_visible()
    expect(plain.locator(".message.assistant")).to_have_count(3)
    expect(plain.locator(".message.assistant").last.get_by_role("button", name="Show the full text")).to_be_visible()


def test_chat_without_scripts_keeps_what_could_not_be_sent(plain: Page, stack: Stack) -> None:
    plain.goto(f"{stack.url}/chat")
    plain.get_by_role("button", name="Start a chat").click()
    plain.get_by_label("Your question").evaluate("at => at.removeAttribute('maxlength')")
    plain.get_by_label("Your question").fill("word " * 101)
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("alert")).to_contain_text("500")
    expect(plain.get_by_label("Your question")).to_have_value("word " * 101)


def test_page_without_scripts_has_no_fault_that_axe_can_find(chromium: Browser, stack: Stack) -> None:
    context = chromium.new_context(viewport=DESKTOP)  # axe itself needs scripts; the page has none
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{stack.url}/chat")
    found = faults(page)
    page.get_by_role("button", name="Start a chat").click()
    page.get_by_label("Your question").fill("How can I contact Medway SENDIAS?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message.assistant")).to_have_count(2)
    found += faults(page)
    context.close()
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256)])
def test_pages_without_scripts_fit_a_narrow_window(
    contexts: OpensContext, stack: Stack, width: int, height: int
) -> None:
    page = contexts(viewport={"width": width, "height": height}).new_page()  # the pages themselves have no script
    page.goto(f"{stack.url}/chat")
    assert page.evaluate(SIDEWAYS) == [False]
    page.get_by_role("button", name="Start a chat").click()
    for question in ("What is an EHCP?", "How can I contact Medway SENDIAS?"):
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Send").click()
        page.locator(".message.user", has_text=question).wait_for()
    page.locator("details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    assert page.evaluate(SIDEWAYS) == [False]
    page.get_by_role("link", name="Talk to a person").click()
    page.get_by_label("What would you like help with?").wait_for()
    assert page.evaluate(SIDEWAYS) == [False]


def test_chat_without_scripts_asks_for_a_person(plain: Page, stack: Stack) -> None:
    plain.goto(f"{stack.url}/chat")
    plain.get_by_role("button", name="Start a chat").click()
    plain.get_by_role("link", name="Talk to a person").click()
    plain.get_by_label("What would you like help with?").fill("A question about school.")
    plain.get_by_label("I agree").check()
    plain.get_by_role("button", name="Send").click()
    expect(plain.locator(".message.system").last).to_contain_text("Your reference is")
    expect(plain.get_by_role("status")).to_contain_text("A person will reply.")


def test_chat_without_scripts_is_left_quickly(plain: Page, stack: Stack) -> None:
    plain.goto(f"{stack.url}/chat")
    plain.get_by_role("button", name="Start a chat").click()
    expect(plain.locator(".message.assistant")).to_have_count(1)
    address = plain.get_by_role("link", name="Leave quickly").get_attribute("href")
    # The neutral page itself is another server's and is not asked for here.
    gone = plain.context.request.get(f"{stack.url}{address}", max_redirects=0)
    assert gone.headers["location"].startswith("https://")
    assert plain.context.cookies() == []
    plain.goto(f"{stack.url}/chat")
    expect(plain.get_by_role("button", name="Start a chat")).to_be_visible()
