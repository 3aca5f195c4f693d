"""The widget on the demo page in a real browser, against the whole running service."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpensContext
from tests.browser.stack_widget import DESKTOP, PATIENCE, SIDEWAYS, Widget, faults
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(420)]


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


def test_everything_fits_at_400_percent(contexts: OpensContext, stack: Stack) -> None:
    page = contexts(viewport={"width": 320, "height": 256}).new_page()
    page.goto(f"{stack.url}/")
    assert page.evaluate(SIDEWAYS) == [False]
    widget = Widget(page)
    widget.open(stack.url)
    widget.ask("How can I contact Medway SENDIAS?")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("send-chat .panel").evaluate("(at) => at.scrollWidth <= at.clientWidth")


def test_the_widget_sets_no_cookie(widget: Widget) -> None:
    widget.ask("What is mediation?")
    assert widget.page.context.cookies() == []
    stored = widget.page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort()")
    assert set(stored) <= {"send-chat", "send-chat-look"}
    assert "mediation" not in str(widget.page.evaluate("() => JSON.stringify([localStorage, sessionStorage])"))
