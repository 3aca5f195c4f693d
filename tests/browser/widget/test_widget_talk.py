"""What a conversation survives: reloads, other tabs, dead servers, lost replies, ended conversations."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.walker import Walker, sent

pytestmark = pytest.mark.browser
STORED = "() => JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"


def test_reload_and_next_page_keep_the_conversation(walker: Walker) -> None:
    walker.walk("answer")
    walker.page.reload()
    expect(walker.log).to_contain_text("sets out the help")
    assert walker.focused() != "Your question", "a reload must not pull the focus into the chat"
    walker.page.goto(walker.running.url + "/pages/rtl")
    expect(walker.log).to_contain_text("sets out the help")
    assert len(walker.running.canned.talks) == 1


def test_no_word_of_a_message_is_stored(walker: Walker) -> None:
    walker.walk("answer")
    stored = walker.page.evaluate(STORED)
    assert "token" in stored
    assert "plan" not in stored
    assert "help" not in stored


def test_server_killed_and_back_sends_once(walker: Walker) -> None:
    walker.walk("server-down")
    assert walker.box.input_value() == "What is a plan?"
    walker.running.start()
    walker.take({"go": "Try again"})
    walker.take({"press": "Enter"})
    expect(walker.log).to_contain_text("sets out the help")
    assert walker.box.input_value() == ""
    assert len(sent(walker, "/messages")) == 1
    assert walker.focused().startswith("Your question")


@pytest.mark.parametrize("again", ["Try again", "Your question"])
def test_lost_reply_is_not_asked_twice(walker: Walker, again: str) -> None:
    walker.walk("welcome")
    walker.running.canned.lose_next_reply = True
    walker.take({"say": "What is a plan?"})
    walker.take({"see": "cannot be reached"})
    walker.take({"go": again})
    walker.take({"press": "Enter"})
    expect(walker.log).to_contain_text("sets out the help")
    ids = [body["client_message_id"] for body in sent(walker, "/messages")]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert walker.log.locator(".message.user").count() == 1


def test_another_question_after_a_failure_has_its_own_id(walker: Walker) -> None:
    walker.walk("busy")
    walker.running.canned.failing.clear()
    walker.box.fill("Show a table")
    walker.page.keyboard.press("Enter")
    expect(walker.log).to_contain_text("Pupils by kind of need")
    first, second = (body["client_message_id"] for body in sent(walker, "/messages"))
    assert first != second


def test_words_typed_while_waiting_are_kept_and_not_sent(walker: Walker) -> None:
    walker.walk("looking")
    walker.take({"go": "Your question"})
    walker.page.keyboard.type("Show a table")
    walker.page.keyboard.press("Enter")
    assert walker.box.input_value() == "Show a table"
    walker.running.canned.held.clear()
    expect(walker.log).to_contain_text("sets out the help")
    assert walker.box.input_value() == "Show a table"
    assert len(sent(walker, "/messages")) == 1


def test_shift_enter_breaks_the_line_and_the_box_grows(walker: Walker) -> None:
    walker.walk("welcome")
    before = walker.box.bounding_box()
    walker.page.keyboard.type("one")
    walker.page.keyboard.press("Shift+Enter")
    walker.page.keyboard.type("two")
    assert walker.box.input_value() == "one\ntwo"
    after = walker.box.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"]
    assert sent(walker, "/messages") == []


def test_reconnecting_sends_what_waited(walker: Walker) -> None:
    walker.walk("offline")
    walker.page.context.set_offline(False)
    expect(walker.log).to_contain_text("sets out the help")


def test_ended_conversation_says_so_and_answers_in_a_new_one(walker: Walker) -> None:
    walker.walk("ended")
    expect(walker.log.get_by_text("Your earlier conversation has ended")).to_be_visible()
    expect(walker.log).to_contain_text("Pupils by kind of need")
    assert len(walker.running.canned.talks) == 1


def test_tabs_share_the_conversation_and_its_end(walker: Walker) -> None:
    walker.walk("answer")
    other = Walker(walker.page.context.new_page(), walker.running)
    other.load()
    other.take("open")
    expect(other.log).to_contain_text("sets out the help")
    other.take({"go": "Options"})
    for step in ({"press": "Enter"}, {"go": "Delete now"}, {"press": "Enter"}, {"go": "Yes, delete it"}):
        other.take(step)
    other.page.keyboard.press("Enter")
    expect(other.log.get_by_text("Your conversation has been deleted.")).to_be_visible()
    expect(walker.log).not_to_contain_text("sets out the help")
    expect(walker.log.get_by_text("Your earlier conversation has ended.")).to_be_visible()
    assert walker.running.canned.talks == {}
    walker.take({"ask": "Show a table"})
    other.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.log).to_contain_text("Pupils by kind of need")
    assert len(walker.running.canned.talks) == 1


def test_deleting_leaves_nothing_in_this_browser_until_something_new_is_asked(walker: Walker) -> None:
    walker.walk("answer")
    walker.take({"look": {"theme": "dark"}})
    for step in ({"go": "Options"}, {"press": "Enter"}, {"go": "Delete now"}, {"press": "Enter"}):
        walker.take(step)
    walker.take({"go": "Yes, delete it"})
    walker.take({"press": "Enter"})
    walker.take({"see": "Your conversation has been deleted."})
    assert walker.page.evaluate("() => localStorage.length") == 0
    assert walker.running.canned.talks == {}
    expect(walker.page.locator("send-chat .root")).to_have_attribute("data-theme", "dark")
    walker.take({"ask": "Show a table"})
    expect(walker.log).to_contain_text("Pupils by kind of need")
    assert "token" in walker.page.evaluate(STORED)


def test_a_conversation_deleted_elsewhere_ends_here(walker: Walker) -> None:
    walker.walk("answer")
    walker.running.canned.talks.clear()
    walker.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(walker.log.get_by_text("Your earlier conversation has ended.")).to_be_visible()
    expect(walker.log).not_to_contain_text("sets out the help")
    assert "token" not in walker.page.evaluate(STORED)


def test_a_new_conversation_begins_empty(walker: Walker) -> None:
    walker.walk("answer")
    for step in ({"go": "Options"}, {"press": "Enter"}, {"go": "Start again"}, {"press": "Enter"}):
        walker.take(step)
    expect(walker.log).to_contain_text("Hello. I am an assistant")
    expect(walker.log).not_to_contain_text("sets out the help")
    assert walker.focused().startswith("Your question")
    assert len(walker.running.canned.talks) == 2


def test_storage_that_is_forbidden_loses_nothing_else(walker: Walker) -> None:
    walker.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) "
        "Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    walker.walk("easy")
    expect(walker.panel.get_by_role("switch")).to_be_checked()
    walker.take({"ask": "What is a plan?"})
    assert walker.log.get_by_text("It says what help").count() == 2


def test_delete_that_fails_says_so_and_keeps_the_conversation(walker: Walker) -> None:
    walker.walk("delete")
    walker.running.stop()
    walker.take({"press": "Enter"})
    walker.take({"see": "cannot be reached"})
    assert "token" in walker.page.evaluate(STORED)


def test_easy_words_stick_and_word_the_last_answer_again(walker: Walker) -> None:
    walker.walk("easy")
    expect(walker.log).not_to_contain_text("sets out the help")
    expect(walker.panel.get_by_role("switch")).to_be_checked()
    walker.page.reload()
    expect(walker.log).to_contain_text("It says what help")
    expect(walker.panel.get_by_role("switch")).to_be_checked()


def test_easy_words_that_the_server_did_not_hear_of_are_switched_back(walker: Walker) -> None:
    walker.walk("answer")
    walker.running.stop()
    walker.take({"go": "Easy words"})
    walker.take({"press": "Space"})
    walker.take({"see": "cannot be reached"})
    expect(walker.panel.get_by_role("switch")).not_to_be_checked()
    walker.running.start()
    walker.take({"go": "Easy words"})
    walker.take({"press": "Space"})
    expect(walker.log).to_contain_text("It says what help")
    expect(walker.log).not_to_contain_text("cannot be reached")
    expect(walker.panel.get_by_role("switch")).to_be_checked()
