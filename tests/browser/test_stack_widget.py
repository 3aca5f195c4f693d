"""The demo page and the page without JavaScript in a real browser, against the whole running service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from tests.browser.widget.running import CHROMIUM, CHROMIUM_ARGS
from tests.browser.widget.walker import FOCUSED, MOST_TABS
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(420)]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds; a condition, not a pause
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, closed with this module so that other modules can start Playwright themselves."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def asked() -> list[str]:
    """Every address that the browser asks for."""
    return []


@pytest.fixture
def context(chromium: Browser, stack: Stack, asked: list[str]) -> Iterator[BrowserContext]:
    """A browser that remembers nothing; the test fails if it asked any other server for anything."""
    made = chromium.new_context(viewport=DESKTOP, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    made.on("request", lambda request: asked.append(request.url))
    yield made
    made.close()
    assert asked
    assert [url for url in asked if not url.startswith((f"{stack.url}/", "data:", "blob:"))] == []


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails if a script of ours broke or the content policy had to refuse something."""
    made, troubles = context.new_page(), []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
    yield made
    assert troubles == []


class Widget:
    """The chat on the demo page, used as a person with a keyboard does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.locator("send-chat [role=log]")
        self.box = page.locator("send-chat textarea#question")

    @property
    def answers(self) -> Locator:
        return self.log.locator(".message.assistant")

    def go(self, name: str) -> None:
        """Press Tab until the focus is on something whose name begins so; `*` is the launcher."""
        for _ in range(MOST_TABS):
            if str(self.page.evaluate(FOCUSED)).startswith(name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached by Tab")

    def open(self, url: str) -> None:
        """Load the demo page and open the chat by keyboard."""
        self.page.goto(f"{url}/")
        self.page.locator("send-chat .launcher:not([hidden])").wait_for(state="attached")
        self.go("*")
        self.page.keyboard.press("Enter")
        self.answers.first.wait_for()

    def ask(self, text: str) -> Locator:
        """Type a question, send it with Enter, and return the answer once it is there."""
        before = self.answers.count()
        self.go("Your question")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(self.answers).to_have_count(before + 1, timeout=PATIENCE)
        return self.answers.last

    def press(self, name: str) -> Locator:
        """Go to a choice by Tab, press it, and return the answer."""
        before = self.answers.count()
        self.answers.last.get_by_role("button", name=name).wait_for()
        self.go(name)
        self.page.keyboard.press("Enter")
        expect(self.answers).to_have_count(before + 1, timeout=PATIENCE)
        return self.answers.last


@pytest.fixture
def widget(page: Page, stack: Stack) -> Widget:
    """The chat, opened by keyboard."""
    opened = Widget(page)
    opened.open(stack.url)
    return opened


def faults(page: Page) -> list[str]:
    """Return what axe finds on the whole page, one line each."""
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def test_opened_by_keyboard_it_says_that_it_is_not_a_person(widget: Widget) -> None:
    expect(widget.answers.first).to_contain_text("not a person")
    expect(widget.page.locator("send-chat .launcher")).to_have_attribute("aria-expanded", "true")
    widget.page.keyboard.press("Escape")
    expect(widget.page.locator("send-chat .launcher")).to_have_attribute("aria-expanded", "false")


def test_question_gets_an_answer_with_its_source(widget: Widget) -> None:
    answer = widget.ask("What is mediation?")
    expect(answer).to_contain_text("mediation", ignore_case=True)
    links = answer.locator(".sources a")
    assert links.count() >= 1
    answer.locator(".sources summary").click()
    expect(links.first).to_be_visible()
    assert all(str(link.get_attribute("href")).startswith("https://") for link in links.all())


def test_choice_is_pressed_by_keyboard(widget: Widget) -> None:
    first = widget.ask("What is mediation?").inner_text()
    more = widget.press("Tell me more")
    expect(more.locator(".sources a").first).to_be_attached()
    assert more.inner_text() != first


def test_welcome_choice_is_answered(widget: Widget) -> None:
    answer = widget.press("About EHC plans")
    expect(answer).to_contain_text("legal plan")
    expect(answer.locator(".sources a").first).to_be_attached()


def test_reload_keeps_the_conversation(widget: Widget, stack: Stack) -> None:
    widget.ask("What is mediation?")
    texts = widget.log.locator(".message .body").all_inner_texts()
    widget.page.reload()
    expect(widget.answers).to_have_count(2, timeout=PATIENCE)
    assert widget.log.locator(".message .body").all_inner_texts() == texts
    more = widget.ask("tell me more")
    expect(more).not_to_contain_text("Which")
    expect(more.locator(".sources a").first).to_be_attached()


def test_easy_switch_words_the_answer_again_and_sticks(widget: Widget) -> None:
    widget.ask("What is mediation?")
    easy = widget.page.locator("send-chat .easy")
    expect(easy).to_have_attribute("aria-checked", "false")
    again = widget.press("Easy words")
    expect(easy).to_have_attribute("aria-checked", "true")
    expect(again).to_contain_text("mediation", ignore_case=True)
    answer = widget.ask("What is the Local Offer?")
    expect(answer.get_by_role("button", name="Show the full text")).to_be_visible()


def test_wish_for_a_person_shows_the_contacts(widget: Widget) -> None:
    answer = widget.ask("I would like to talk to a person")
    expect(answer).to_contain_text("SENDIAS")
    expect(answer.locator(".card")).not_to_have_count(0)


def test_someone_in_danger_sees_the_numbers(widget: Widget) -> None:
    answer = widget.ask("I want to kill myself")
    expect(answer.locator("a[href='tel:999']").first).to_be_visible()


def test_typed_markup_stays_text(widget: Widget) -> None:
    widget.ask("<img src=x onerror=alert(1)> What is mediation?")
    expect(widget.log.locator(".message.user").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(widget.log.locator("img")).to_have_count(0)


def test_widget_has_no_fault_that_axe_can_find(chromium: Browser, stack: Stack) -> None:
    # A page of its own: axe tries an inline style, which the content policy rightly refuses.
    context = chromium.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    widget = Widget(context.new_page())
    widget.open(stack.url)
    widget.ask("What is mediation?")
    widget.ask("How can I contact Medway SENDIAS?")
    found = faults(widget.page)
    context.close()
    assert found == []


@pytest.fixture
def plain(chromium: Browser, stack: Stack, asked: list[str]) -> Iterator[Page]:
    """A page in a browser whose scripts are switched off."""
    made = chromium.new_context(viewport=DESKTOP, java_script_enabled=False)
    made.set_default_timeout(PATIENCE)
    made.on("request", lambda request: asked.append(request.url))
    yield made.new_page()
    made.close()
    assert [url for url in asked if not url.startswith(f"{stack.url}/")] == []


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
