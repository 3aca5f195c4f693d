"""A family and a member of staff in two browsers at once, from the first question to the deletion of everything."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from assistant.storage.desk_records import Wanted
from assistant.storage.tables import metadata
from tests.browser.staff.conftest import Opens
from tests.browser.staff.desk_running import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
_SECRET = "parent@example.org"
# Counted from the press of the button.
_REPLY_SECONDS, _LANE_SECONDS = 2.0, 5.0


class Family:
    """The chat on the demo page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.log = page, page.locator("send-chat [role=log]")
        page.goto(f"{url}/")
        page.locator("send-chat .launcher:not([hidden])").click()
        self.log.locator(".message.assistant").first.wait_for()

    def say(self, text: str) -> None:
        self.page.locator("send-chat textarea#question").fill(text)
        self.page.keyboard.press("Enter")
        self.log.locator(".message.user", has_text=text).wait_for()

    def hears(self, text: str, *, sender: str = "") -> None:
        self.log.locator(f".message{sender}", has_text=text).last.wait_for()

    def asks_for_a_person(self) -> str:
        self.page.get_by_role("button", name="Talk to a person").first.click()
        form = self.page.locator("send-chat form", has=self.page.get_by_label("What do you need help with?"))
        form.get_by_label("What do you need help with?").fill("The school does not answer me.")
        form.get_by_label("I agree").check()
        form.get_by_role("button", name="Ask for a person").click()
        reference = self.page.get_by_text("Your reference").last
        reference.wait_for()
        words = reference.inner_text().replace(".", " ").split()
        self.page.locator("send-chat").get_by_role("button", name="Back to the chat").last.click()
        return next(word for word in words if len(word) == 9 and word[4] == "-")


def test_a_whole_request_between_two_browsers(opens: Opens, running: Running) -> None:
    anna = running.account("Anna")
    staff, family = opens(anna), Family(opens(), running.url)
    staff.goto(f"{running.url}/staff/requests")
    expect(staff.get_by_text("Nobody has asked for a person yet")).to_be_visible()
    expect(staff.locator("html[data-live]")).to_be_attached()

    family.say("what is a plan")
    family.hears("A plan is a legal document.")
    family.say("who mends my roof")
    family.hears("I do not know.")
    taken_from_the_queue(staff, family.asks_for_a_person())
    replied_within_seconds(staff, family)
    answered_while_the_assistant_is_silent(staff, family, running)
    closed_and_rated(staff, family)
    deleted_when_its_time_is_over(running)


def taken_from_the_queue(staff: Page, reference: str) -> None:
    """The queue shows the request by itself."""
    staff.get_by_role("link", name=reference).click()
    expect(staff.get_by_text("The school does not answer me.")).to_be_visible()
    expect(staff.get_by_text("who mends my roof")).to_be_visible()
    expect(staff.get_by_text("90 of 100").first).to_be_visible()
    staff.get_by_role("button", name="Take it").click()
    expect(staff.get_by_text("You look after this request now.")).to_be_visible()


def replied_within_seconds(staff: Page, family: Family) -> None:
    """A reply reaches the open chat."""
    expect(staff.locator("html[data-live]")).to_be_attached()
    staff.get_by_label("Your reply").fill("Hello, I can help you with the school.")
    pressed = time.monotonic()
    staff.get_by_role("button", name="Send reply").click()
    family.hears("Hello, I can help you with the school.", sender=".person")
    assert time.monotonic() - pressed < _REPLY_SECONDS + 1.5  # the browser's own steps under load
    expect(staff.get_by_text("Waiting for family").first).to_be_visible()


def answered_while_the_assistant_is_silent(staff: Page, family: Family, running: Running) -> None:
    """What the family answers reaches the person alone, and spoils nothing half written."""
    asked_before = len(running.dialogue.asked)
    staff.get_by_label("New note").fill("half a thought")
    expect(staff.locator("html[data-live]")).to_be_attached()
    family.say("Thank you, she is in year 4")
    expect(staff.locator("#chat").get_by_text("Thank you, she is in year 4")).to_be_visible()
    expect(staff.locator("#standing").get_by_text("Waiting for us")).to_be_visible()
    expect(staff.get_by_label("New note")).to_have_value("half a thought")
    assert len(running.dialogue.asked) == asked_before


def closed_and_rated(staff: Page, family: Family) -> None:
    """The page followed by itself, so what it sends is what it shows."""
    staff.get_by_label("Reason").select_option("answered")
    staff.get_by_label("Last words to the family").fill("Good luck with the meeting.")
    staff.get_by_role("button", name="Close request").click()
    expect(staff.get_by_text("The request is closed.")).to_be_visible()
    family.hears("Good luck with the meeting.", sender=".person")
    family.log.get_by_role("button", name="Yes, they helped").click()
    family.hears("Thank you for telling us.")
    expect(staff.get_by_text("The family says that the person helped.")).to_be_visible()
    family.say("and what is a plan again")
    family.hears("A plan is a legal document.")


def deleted_when_its_time_is_over(running: Running) -> None:
    """Nothing is left but the log of who did what, and that is whole."""
    running.clock.ahead = timedelta(days=91)
    assert running.storage.retention.run().handovers == 1
    with running.storage.database.read() as connection:
        for name in ("handovers", "conversations", "messages", "request_notes", "request_presence"):
            assert connection.execute(sa.select(metadata.tables[name])).all() == [], name
    verdict = running.storage.audit.verify()
    assert verdict.broken_at is None
    assert verdict.entries > 5


def test_danger_shows_on_the_open_queue_within_five_seconds(opens: Opens, running: Running) -> None:
    staff, family = opens(running.account("Anna")), Family(opens(), running.url)
    staff.goto(f"{running.url}/staff/requests")
    expect(staff.locator("html[data-live]")).to_be_attached()
    sent = time.monotonic()
    family.say("I want to kill myself")
    entry = staff.locator("#lane").get_by_role("link", name="Self-harm or suicidal thoughts")
    entry.wait_for()
    assert time.monotonic() - sent < _LANE_SECONDS
    expect(staff.get_by_role("status").filter(has_text="new safeguarding message")).to_be_attached()
    entry.click()
    staff.get_by_role("button", name="I have seen it").click()
    expect(staff.get_by_text("The record has been changed.")).to_be_visible()


def test_two_people_on_one_request(opens: Opens, running: Running) -> None:
    anna, ben = running.account("Anna"), running.account("Ben", "manager")
    family, one, other = Family(opens(), running.url), opens(anna), opens(ben)
    family.asks_for_a_person()
    request_id = running.storage.queue.page(Wanted())[0][0].id
    for page in (one, other):
        page.goto(f"{running.url}/staff/requests/{request_id}")
    expect(one.get_by_text("Ben also has this request open")).to_be_visible()
    expect(other.get_by_text("Anna also has this request open")).to_be_visible()
    # Ben's page no longer hears of anything, as when his network is away for a moment.
    other.context.set_offline(True)
    one.get_by_label("Your reply").fill("Anna's words")
    one.get_by_role("button", name="Send reply").click()
    expect(one.get_by_text("Your reply is in the family's chat.")).to_be_visible()
    other.get_by_label("Your reply").fill("Ben's long and careful words")
    other.context.set_offline(False)
    other.locator("#reply-form").evaluate("form => { form.version.value = '1'; form.submit(); }")
    expect(other.get_by_role("alert")).to_contain_text("Somebody changed this request")
    expect(other.get_by_label("Your reply")).to_have_value("Ben's long and careful words")
    expect(other.locator("#chat").get_by_text("Anna's words")).to_be_visible()
    other.get_by_role("button", name="Send reply").click()
    family.hears("Ben's long and careful words")
