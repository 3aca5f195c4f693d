"""What the widget offers beside answers: a person, leaving, papers to keep, reading aloud."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.widget.conftest import Opens
from tests.browser.widget.walker import Walker, sent

pytestmark = pytest.mark.browser


def test_an_offer_of_a_person_opens_the_form(walker: Walker) -> None:
    walker.walk("handover-offer")
    offer = walker.log.locator(".message").last
    expect(offer.get_by_role("button", name="Talk to a person")).to_have_count(1)
    offer.get_by_role("button", name="Talk to a person").click()
    walker.take({"see": "What do you need help with?"})


def test_feedback_with_a_line(walker: Walker) -> None:
    walker.walk("feedback")
    walker.page.keyboard.type("The dates.")
    walker.page.keyboard.press("Enter")
    expect(walker.log).to_contain_text("Thank you.")
    assert walker.focused() == "Thank you."
    assert sent(walker, "/feedback") == [{"helpful": False}, {"helpful": False, "comment": "The dates."}]


def test_handover_by_email_sends_only_what_was_given(walker: Walker) -> None:
    walker.walk("handover-form")
    walker.take({"go": "What do you need help with?"})
    walker.page.keyboard.type("School")
    walker.take({"go": "Here in this chat"})
    walker.page.keyboard.press("ArrowDown")
    walker.take({"go": "Email"})
    walker.page.keyboard.type("parent@example.org")
    for step in ({"go": "I agree"}, {"press": "Space"}, {"go": "Ask for a person"}, {"press": "Enter"}):
        walker.take(step)
    walker.take({"see": "ABC-123"})
    [form] = sent(walker, "/handover")
    assert form == {
        "name": None,
        "email": "parent@example.org",
        "preferred_contact": "email",
        "summary": "School",
        "consent": True,
        "share_transcript": True,
    }


@pytest.mark.parametrize("stream", [True, False])
def test_a_person_is_heard_by_stream_and_without(opens: Opens, stream: bool) -> None:
    walker = opens()
    walker.running.canned.can_stream = stream
    walker.walk("with-person")
    shown = walker.log.locator(".message.person")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("A person is writing to you")


def test_leave_quickly_clears_and_goes(walker: Walker) -> None:
    walker.page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    walker.walk("answer")
    walker.take({"go": "Leave quickly"})
    walker.take({"press": "Enter"})
    walker.page.wait_for_url("https://www.bbc.co.uk/weather")
    walker.page.goto(walker.running.url)
    assert walker.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    expect(walker.panel).to_have_count(0)


def test_three_escapes_leave_even_after_the_chat_has_closed(walker: Walker) -> None:
    walker.page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    walker.walk("answer")
    walker.page.keyboard.press("Escape")
    expect(walker.panel).to_be_hidden()
    assert walker.focused().startswith("*")
    walker.page.keyboard.press("Escape")
    walker.page.keyboard.press("Escape")
    walker.page.wait_for_url("https://www.bbc.co.uk/weather")


def test_transcript_can_be_saved(walker: Walker) -> None:
    walker.walk("answer")
    for step in ({"go": "Options"}, {"press": "Enter"}, {"go": "Save as a file"}):
        walker.take(step)
    with walker.page.expect_download() as download:
        walker.page.keyboard.press("Enter")
    text = download.value.path().read_text()
    assert re.search(r"user: What is a plan\?\nassistant: An EHCP sets out", text)


def test_transcript_can_be_printed_from_a_page_of_its_own(walker: Walker) -> None:
    walker.page.context.add_init_script("window.print = () => { document.title += ' printed'; }")
    walker.walk("answer")
    for step in ({"go": "Options"}, {"press": "Enter"}, {"go": "Print"}):
        walker.take(step)
    with walker.page.context.expect_page() as popup:
        walker.page.keyboard.press("Enter")
    expect(popup.value.locator("body")).to_contain_text("An EHCP sets out")
    expect(popup.value).to_have_title(re.compile("SEND assistant"))


def test_reading_aloud_marks_words_and_stops(walker: Walker) -> None:
    walker.page.add_init_script("""
      speechSynthesis.speak = (utterance) => {
        window.said = utterance.text;
        const at = utterance.text.indexOf('sets');
        utterance.onboundary({charIndex: at});
      };
      speechSynthesis.cancel = () => {};""")
    walker.walk("answer")
    walker.take({"go": "Listen"})
    walker.take({"press": "Enter"})
    walker.page.wait_for_function("() => /^An\\s+EHCP\\s+sets/.test(window.said)")
    marked = "() => [...CSS.highlights.get('send-speech') ?? []].map(String).join()"
    walker.page.wait_for_function(f"() => ({marked})() === 'sets'")
    walker.take({"go": "Stop"})
    walker.take({"press": "Enter"})
    walker.page.wait_for_function(f"() => ({marked})() === ''")
    assert walker.focused() == "Listen"


def test_copying_says_so_to_eyes_and_ears(opens: Opens) -> None:
    walker = opens(permissions=["clipboard-read", "clipboard-write"])
    walker.walk("answer")
    walker.take({"go": "Copy"})
    walker.take({"press": "Enter"})
    expect(walker.log.get_by_role("button", name="Copied.")).to_be_visible()
    expect(walker.log.locator("p.vh")).to_have_text("Copied.")
    assert walker.page.evaluate("() => navigator.clipboard.readText()").startswith("An EHCP sets out")


def test_opened_sources_come_into_view(opens: Opens) -> None:
    walker = opens(viewport={"width": 320, "height": 640})
    walker.walk("sources")
    expect(walker.log.locator(".sources a").first).to_be_in_viewport()
